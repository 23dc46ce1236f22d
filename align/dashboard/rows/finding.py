"""The finding of the coverage page: a sentence or two in plain words, with links that filter."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from align.dashboard import words
from align.dashboard.rows.coverage import CoverageRow
from align.dashboard.rows.filters import CLAIMED, SLIDE, UNTRAINED, Filters, deep
from strategy.models import Depth


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A piece of the finding sentence; with a query it is a link into the rows behind it."""

    text: str
    query: str = ""
    signal: bool = False


def finding(rows: Sequence[CoverageRow], filters: Filters | None = None) -> tuple[Phrase, ...]:
    """Say the finding of the page in one sentence or two, in plain words.

    What is shown counts, not what is claimed. Its links keep the day and the team of the page.
    """
    if not rows:
        return ()
    said = [*_shallow(rows), Phrase(text=". ")]
    untrained, sour = _untrained(rows), _sour(rows)
    both = bool(untrained and sour)
    found = [*untrained, *([Phrase(text=", and ")] if both else []), *sour]
    if not found:
        fine = "No behavior is without training, and the field refuses none."
        return _kept([*said, Phrase(text=fine)], filters)
    first, *others = found
    start = replace(first, text=words.start(first.text))
    return _kept([*said, start, *others, Phrase(text=".")], filters)


def _kept(phrases: Sequence[Phrase], filters: Filters | None) -> tuple[Phrase, ...]:
    """Let the links lead to the same day and team."""
    here = Filters(team=filters.team, as_of=filters.as_of).query if filters else ""
    return tuple(
        replace(phrase, query=f"{phrase.query}&{here}") if phrase.query and here else phrase
        for phrase in phrases
    )


def _shallow(rows: Sequence[CoverageRow]) -> list[Phrase]:
    total = len(rows)
    told = [row for row in rows if row.coverage.shown is not None]
    shallow = [row for row in told if deep(row.coverage.shown, row.coverage.depth, SLIDE)]
    if all(row.coverage.depth is None for row in rows):
        return [Phrase(text="No depth can be told yet: nobody has named a behavior")]
    if not told:
        return [Phrase(text="Too few people are in this team to tell how deep training goes")]
    if not shallow:
        return [Phrase(text=f"{_all(total)} deeper than a slide")]
    weakest = any(row.deepest > Depth.NAMED for row in shallow)
    count = len(shallow)
    said = _some(count, total) + (" gets " if count == 1 or total == 1 else " get ")
    return [
        Phrase(text=f"By the weakest behavior, {said}" if weakest else words.start(said)),
        Phrase(text="no deeper than a slide", query=f"depth={SLIDE}"),
        *_claims_more(shallow),
    ]


def _claims_more(shallow: Sequence[CoverageRow]) -> list[Phrase]:
    """Say of how many more is claimed than anybody has shown."""
    more = sum(deep(row.coverage.shown, row.coverage.depth, CLAIMED) for row in shallow)
    if not more:
        return []
    if more == len(shallow):
        claims = "all of them claiming more" if more > 1 else "though it claims more"
    else:
        claims = f"{words.number(more)} of them {'claims' if more == 1 else 'claim'} more"
    return [Phrase(text=", "), Phrase(text=claims, query=f"depth={CLAIMED}")]


def _some(count: int, total: int) -> str:
    if total == 1:
        return "the only objective"
    if count == total:
        return "both objectives" if total == 2 else f"all {words.number(total)} objectives"
    return f"{words.number(count)} of {words.number(total)} objectives"


def _all(total: int) -> str:
    few = {1: "The only objective goes", 2: "Both objectives go"}
    return few.get(total, f"All {words.number(total)} objectives go")


def _untrained(rows: Sequence[CoverageRow]) -> list[Phrase]:
    """Say what has no training; one weak behavior is not the same as nothing at all."""
    none = [row for row in rows if row.coverage.depth == Depth.NONE]
    bare = sum(1 for row in none if row.bare)
    if not none:
        return []
    have = "has" if len(none) == 1 else "have"
    start = Phrase(text=f"{words.number(len(none))} {have} ")
    if bare == len(none):
        return [start, Phrase(text="no training at all", query=f"depth={UNTRAINED}")]
    partly = [start, Phrase(text="a behavior without training", query=f"depth={UNTRAINED}")]
    if not bare:
        return partly
    return [*partly, Phrase(text=f", {words.number(bare)} of them none at all")]


def _sour(rows: Sequence[CoverageRow]) -> list[Phrase]:
    sour = sum(1 for row in rows if any(flag.rule == "negative" for flag in row.flags))
    if not sour:
        return []
    says = f"{words.number(sour)} will not work"
    return [
        Phrase(text="the field says "),
        Phrase(text=says, query="flag=negative", signal=True),
    ]
