"""From bytes to a table: which letters, which separators, which lines."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
SEPARATORS = (",", ";", "\t")


class Unreadable(Exception):
    """This is no table; the text says why and what to do."""


@dataclass(frozen=True)
class Row:
    """One line, by the number a spreadsheet gives it."""

    number: int
    cells: tuple[str, ...]

    def __getitem__(self, column: int | None) -> str:
        there = column is not None and column < len(self.cells)
        return self.cells[column].strip() if there and column is not None else ""


@dataclass(frozen=True)
class Table:
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def sample(self, column: int, *, most: int = 3) -> list[str]:
        return [row[column] for row in self.rows[:most]]


def decode(raw: bytes) -> str:
    """Return the text of a file: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252.

    Raises Unreadable for what is no text.
    """
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"This file is larger than {MOST_BYTES // 1024 // 1024} MB. Divide it.")
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable("This is a workbook. Save it as CSV first.")
    text = _decoded(raw)
    if "\0" in text:
        raise Unreadable("This is no text. Save the table as CSV.")
    return text


def _decoded(raw: bytes) -> str:
    encodings = ["utf-16"] if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The letters of this file cannot be read. Save it with the encoding “UTF-8”.")


def table(text: str) -> Table:
    """Read the first line as names of columns and each further one as a row.

    Empty lines are left out. Raises Unreadable.
    """
    lines = _lines(text.removeprefix("\ufeff"))
    header = next(lines, None)
    if header is None:
        raise Unreadable("There is nothing in it.")
    names = tuple(cell.strip() for cell in header.cells)
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"It has {len(names)} columns; at most {MOST_COLUMNS} can be read.")
    if len(names) < 2:
        raise Unreadable(
            "The first line has one column only. Columns are divided by “,”, “;” or a tab."
        )
    rows: list[Row] = []
    for row in lines:
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise Unreadable(f"It has more than {MOST_ROWS:,} rows. Divide it.")
    if not rows:
        raise Unreadable("There are names of columns, and nothing below them.")
    return Table(header=names, rows=tuple(rows))


def _lines(text: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text))
    number = 1
    while True:
        try:
            cells = next(lines, None)
        except csv.Error as error:
            raise Unreadable(f"Row {number}: {error}.") from error
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield Row(number=number, cells=tuple(cells))
        number = lines.line_num + 1


def _separator(text: str) -> str:
    """The one that divides the first line with anything in it into most cells."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    counts: Sequence[tuple[int, str]] = [(_cells(first, mark), mark) for mark in SEPARATORS]
    return max(counts, key=lambda pair: pair[0])[1]


def _cells(line: str, mark: str) -> int:
    try:
        return len(next(csv.reader([line], delimiter=mark), []))
    except csv.Error:
        return 0
