"""The gaps one below the other: cells not covered, worst first, with why and what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from align.dashboard import words as plain_words
from align.dashboard.rows import snapshot
from align.dashboard.rows.figures import HIDDEN, Share, evidence_word
from align.dashboard.rows.filters import Filters
from align.dashboard.rows.snapshot import Known, Snapshot
from align.people.models import Audience, User
from strategy.config import Config
from strategy.models import BehaviorRevision, Depth
from training.coverage import Cell

GAPS = 40  # drawn at once


@dataclass(frozen=True, kw_only=True)
class GapRow:
    """One cell below what it needs."""

    objective: int
    code: str
    title: str
    link: str
    behavior: int
    behavior_code: str
    statement: str
    audience: int
    audience_name: str
    critical: bool
    depth: int
    required: int
    shown: int
    evidence: str
    why: str
    reach: Share
    seen: Share
    people: int
    hidden: bool
    text: str

    @property
    def depth_word(self) -> str:
        return str(Depth(self.depth).label)

    @property
    def shown_word(self) -> str:
        return HIDDEN if self.hidden else str(Depth(self.shown).label)

    @property
    def required_word(self) -> str:
        return str(Depth(self.required).label)

    @property
    def people_said(self) -> str:
        return plain_words.counted(self.people, "person", "people")

    @property
    def cell(self) -> str:
        """The query of the page with its proofs, and of the page that maps it."""
        return f"behavior={self.behavior}&audience={self.audience}"


@dataclass(frozen=True, kw_only=True)
class GapsPage:
    snapshot: Snapshot
    rows: tuple[GapRow, ...]  # all that match
    drawn: tuple[GapRow, ...]
    cells: int
    themes: tuple[tuple[int, str], ...]
    page: int
    pages: int


def page(*, user: User, filters: Filters, config: Config, now: datetime) -> GapsPage:
    """Read the gaps a person may see, in ten queries."""
    found = snapshot.take(user=user, now=now, config=config, filters=filters)
    rows = gap_rows(found, filters)
    pages = max(1, -(-len(rows) // GAPS))
    at = min(filters.page, pages)
    themes = {row.objective.theme_id: row.objective.theme.name for row in found.known}
    return GapsPage(
        snapshot=found,
        rows=tuple(rows),
        drawn=tuple(rows[(at - 1) * GAPS : at * GAPS]),
        cells=len(found.cells),
        themes=tuple(themes.items()),
        page=at,
        pages=pages,
    )


def gap_rows(found: Snapshot, filters: Filters) -> list[GapRow]:
    """Return the cells below what they need: critical first, then shallowest, then most people."""
    cells = [cell for cell in found.cells if not cell.covered]
    said = _words(found)
    names = dict(
        Audience.objects.filter(pk__in={cell.audience_id for cell in cells}).values_list(
            "pk", "name"
        )
    )
    known = {row.objective.pk: row for row in found.known}
    rows = [
        _row(cell, found, known[cell.objective_id], said[cell.behavior_id], names[cell.audience_id])
        for cell in sorted(cells, key=_worst)
        if filters.theme in (None, known[cell.objective_id].objective.theme_id)
    ]
    return [row for row in rows if filters.q.casefold() in row.text]


def _worst(cell: Cell) -> tuple[bool, int, int, int, int]:
    return (not cell.critical, cell.depth, -cell.people, cell.behavior_id, cell.audience_id)


def _words(found: Snapshot) -> Mapping[int, BehaviorRevision]:
    """Return the words of each behavior that were in force then."""
    rows = BehaviorRevision.objects.filter(revision__in=[row.words.pk for row in found.known])
    return {row.behavior_id: row for row in rows.select_related("behavior")}


def _row(
    cell: Cell, found: Snapshot, known: Known, words: BehaviorRevision, audience: str
) -> GapRow:
    hidden = found.few(cell)
    veil = Share(0, 0, hidden=True)
    return GapRow(
        objective=cell.objective_id,
        code=known.objective.code,
        title=known.words.title,
        link=known.objective.get_absolute_url(),
        behavior=cell.behavior_id,
        behavior_code=words.behavior.code,
        statement=words.statement,
        audience=cell.audience_id,
        audience_name=audience,
        critical=cell.critical,
        depth=cell.depth,
        required=cell.required,
        shown=0 if hidden else cell.shown,
        evidence=HIDDEN if hidden else evidence_word(cell.evidence),
        why=why(cell),
        reach=veil if hidden else Share(cell.reached, cell.people),
        seen=veil if hidden else Share(cell.at_standard, cell.observed),
        people=0 if hidden else cell.people,
        hidden=hidden,
        text=f"{known.objective.code} {words.behavior.code} {words.statement}".casefold(),
    )


def why(cell: Cell) -> str:
    """Say why a cell is not covered: “Explained, Practiced is needed”."""
    if cell.suspect_depth > cell.depth:
        before = Depth(cell.suspect_depth).label
        return f"{before} before it changed, not checked since"
    if cell.depth == Depth.NONE:
        return "No training that counts"
    return f"{Depth(cell.depth).label} only, {Depth(cell.required).label} is needed"


def told(rows: Sequence[GapRow]) -> str:
    """Return the finding of the list."""
    if not rows:
        return "Every behavior is as deep as it has to be."
    critical = sum(row.critical for row in rows)
    count = plain_words.start(plain_words.number(len(rows)))
    cells = "cell is" if len(rows) == 1 else "cells are"
    return f"{count} {cells} not covered, {plain_words.number(critical)} of them critical."
