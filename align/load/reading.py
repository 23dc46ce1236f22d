"""The files of a folder, cell by cell: their encoding, their columns, their lines."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MOST_BYTES = 100_000_000
csv.field_size_limit(1_000_000)


@dataclass(frozen=True)
class Layout:
    """What a file is called, which columns it must have and which it may have."""

    name: str
    must: tuple[str, ...]
    may: tuple[str, ...] = ()
    needed: bool = True

    @property
    def file(self) -> str:
        return f"{self.name}.csv"


LAYOUTS = (
    Layout(
        name="people",
        must=("email", "name", "role", "sales_role", "team"),
        may=("parent_team", "begins", "zone"),
    ),
    Layout(
        name="objectives",
        must=(
            "code",
            "theme",
            "title",
            "we_will",
            "we_stop",
            "segment",
            "because",
            "why",
            "owner",
            "effective_from",
        ),
        may=("measure", "baseline", "target", "unit", "measure_by", "reason"),
    ),
    Layout(
        name="behaviors",
        must=("code", "objective", "sales_role", "statement", "critical"),
        may=(
            "competency",
            "occasion",
            "standard",
            "level_1",
            "level_2",
            "level_3",
            "level_4",
            "required_depth",
            "teams",
            "needs",
            "stops",
        ),
    ),
    Layout(
        name="modules",
        must=("code", "program", "title", "kind", "hours", "content", "owner"),
        may=("link",),
    ),
    Layout(name="mappings", must=("module", "behavior", "depth"), may=("rationale",)),
    Layout(
        name="completions",
        must=("module", "email", "completed_at"),
        may=("score", "source", "external_id"),
        needed=False,
    ),
    Layout(
        name="observations",
        must=("email", "behavior", "observer", "observed_at", "level"),
        may=("occasion", "evidence", "key"),
        needed=False,
    ),
    Layout(
        name="reports",
        must=("email", "objective", "stance", "created_at", "text"),
        may=("behavior", "module", "barriers", "occasion", "for_manager", "key"),
        needed=False,
    ),
)


class Unreadable(Exception):
    """The folder cannot be read as it is; ``reasons`` says what to mend, file by file."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("\n".join(reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Row:
    """One line of a file, cells by column. A column the file has not got is empty."""

    file: str
    number: int
    cells: dict[str, str]
    trouble: str = ""  # the line itself is broken

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    def has(self, column: str) -> bool:
        """Whether the file has this column at all."""
        return column in self.cells


@dataclass(frozen=True)
class Folder:
    """A readable folder: its rows by file, without the lines that are empty."""

    name: str
    rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()  # what is read over, said so that nobody wonders

    def of(self, name: str) -> tuple[Row, ...]:
        return self.rows.get(name, ())


def read(path: Path) -> Folder:
    """Read the files of a folder. Raises Unreadable with everything that stands against it."""
    if not path.is_dir():
        raise Unreadable([f"{path} is not a folder."])
    reasons: list[str] = []
    notes: list[str] = []
    rows: dict[str, tuple[Row, ...]] = {}
    for layout in LAYOUTS:
        file = path / layout.file
        if file.is_file():
            rows[layout.name] = tuple(_rows(file, layout, reasons.append, notes.append))
        elif layout.needed:
            reasons.append(f"{layout.file} is missing in {path}.")
    if reasons:
        raise Unreadable(reasons)
    return Folder(name=path.resolve().name, rows=rows, notes=tuple(notes))


def _rows(
    path: Path, layout: Layout, complain: Callable[[str], None], note: Callable[[str], None]
) -> Iterator[Row]:
    text = _text(path, layout, complain)
    if text is None:
        return
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(lines, [])]
    except csv.Error as error:
        complain(f"{layout.file}, row 1: {error}.")
        return
    wrong = _wrong_header(header, layout)
    for reason in wrong:
        complain(reason)
    if wrong:
        return
    unknown = [name for name in header if name and name not in (*layout.must, *layout.may)]
    if unknown:
        note(f"{layout.file}: not read: {', '.join(unknown)}.")
    while True:
        number = lines.line_num + 1
        try:
            cells = next(lines, None)
        except csv.Error as error:
            complain(f"{layout.file}, row {number}: {error}.")
            return
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield _row(cells, header, layout, number)


def _row(cells: Sequence[str], header: Sequence[str], layout: Layout, number: int) -> Row:
    trouble = ""
    if len(cells) != len(header):
        trouble = (
            f"This line has {len(cells)} cells, the first line has {len(header)}. "
            "A text with a comma needs quotes around it."
        )
    named = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
    return Row(file=layout.file, number=number, cells=named, trouble=trouble)


def _text(path: Path, layout: Layout, complain: Callable[[str], None]) -> str | None:
    if path.stat().st_size > MOST_BYTES:
        complain(f"{layout.file} is larger than {MOST_BYTES // 1_000_000} MB.")
        return None
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        complain(
            f"{layout.file}, row {line}: this is not UTF-8. Save the file again "
            "with the encoding “UTF-8” (in Excel: “CSV UTF-8”)."
        )
        return None
    if "\0" in text:
        complain(
            f"{layout.file}, row {text[: text.index(chr(0))].count(chr(10)) + 1}: there is a "
            "character of number zero. Save the file again with the encoding “UTF-8”."
        )
        return None
    return text


def _wrong_header(header: Sequence[str], layout: Layout) -> list[str]:
    reasons = []
    missing = [name for name in layout.must if name not in header]
    if missing:
        hint = ""
        if len(header) == 1 and ";" in header[0]:
            hint = " The cells are divided by “;”; they have to be divided by commas."
        reasons.append(f"{layout.file}: columns missing: {', '.join(missing)}.{hint}")
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        reasons.append(f"{layout.file}: columns that are there twice: {', '.join(twice)}.")
    return reasons
