"""The text of a round as it was shared: its sections, what changed in it, and its margins."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from strategy import compare, text
from strategy.models import Round
from strategy.pages.consultation.asked import Asked


@dataclass(frozen=True, kw_only=True)
class Beside:
    """One thing that stands beside a behavior."""

    name: str
    pieces: Sequence[compare.Piece]


@dataclass(frozen=True, kw_only=True)
class Marks:
    """How much was said about a paragraph."""

    concerns: int = 0
    open: int = 0  # not settled
    unanswered: int = 0
    comments: int = 0


@dataclass(frozen=True, kw_only=True)
class Row:
    """A paragraph with its margin."""

    number: int
    code: str
    what: str
    moved: bool
    pieces: Sequence[compare.Piece]
    beside: Sequence[Beside]
    marks: Marks
    link: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Section:
    anchor: str
    head: str
    rows: Sequence[Row]
    unanswered: int
    chosen: bool


def title_of(round_: Round) -> str:
    """The title as it was shared; the working draft may have another by now."""
    return next((row["text"] for row in round_.text if row["part"] == "title"), "")


def sections(
    now: Sequence[text.Paragraph],
    before: Sequence[text.Paragraph] | None,
    marks: Mapping[int, Marks],
    asked: Asked,
) -> list[Section]:
    """Put the text into its sections; with what changed since ``before``, where that is given."""
    rows = compare.paragraphs(before, now) if before is not None else [plain(row) for row in now]
    facts = {row.number: row.facts for row in now}
    heads: dict[str, list[Row]] = {}
    for row in rows:
        heads.setdefault(row.head, []).append(
            Row(
                number=row.number,
                code=row.code,
                what=row.what,
                moved=row.moved,
                pieces=row.pieces,
                beside=beside(facts.get(row.number, ()), row.facts),
                marks=marks.get(row.number, Marks()),
                link=asked.link(row.number),
                chosen=row.number == asked.paragraph,
            )
        )
    return [
        Section(
            anchor=f"s-{slugify(head)}",
            head=head,
            rows=found,
            unanswered=sum(row.marks.unanswered for row in found),
            chosen=any(row.chosen for row in found),
        )
        for head, found in heads.items()
    ]


def same(words: str) -> list[compare.Piece]:
    return [compare.Piece(kind="same", text=words)]


def plain(row: text.Paragraph) -> compare.Changed:
    return compare.Changed(
        number=row.number,
        head=row.head,
        part=row.part,
        code=row.code,
        what="same",
        pieces=same(row.text),
    )


def beside(facts: Iterable[tuple[str, str]], changed: Iterable[compare.Fact]) -> list[Beside]:
    found: dict[str, Sequence[compare.Piece]] = {name: same(value) for name, value in facts}
    found |= {fact.name: fact.pieces for fact in changed}
    return [Beside(name=name, pieces=pieces) for name, pieces in found.items()]
