"""One row an objective in force, with all its figures, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from align.dashboard.rows import figures, snapshot
from align.dashboard.rows.figures import Coverage, Link, Share, Voice
from align.dashboard.rows.filters import Filters, deep
from align.dashboard.rows.flags import FlagRow, by_objective, open_flags
from align.dashboard.rows.snapshot import Known, Snapshot
from align.people.models import User
from feedback.models import ObjectiveVoice
from strategy.config import Config
from training.coverage import Cell


@dataclass(frozen=True, kw_only=True)
class ThemeRow:
    pk: int
    name: str
    strategy: str
    link: str


@dataclass(frozen=True, kw_only=True)
class CoverageRow:
    pk: int
    code: str
    title: str
    link: str
    owner: str
    theme: ThemeRow
    coverage: Coverage
    voice: Voice
    chain: tuple[Link, ...]
    flags: tuple[FlagRow, ...]
    text: str  # what a search looks through
    deepest: int  # that any of its cells shows; the row shows its weakest
    bare: bool  # no cell has any training, not even one that is out of date

    def matches(self, filters: Filters) -> bool:
        return (
            (filters.theme is None or self.theme.pk == filters.theme)
            and deep(self.coverage.shown, self.coverage.depth, filters.depth)
            and (not filters.flag or any(flag.rule == filters.flag for flag in self.flags))
            and (not filters.gaps or self.coverage.gap)
            and filters.q.casefold() in self.text
        )

    @property
    def badness(self) -> tuple[float, ...]:
        """Order worst first: flags, then depth, then uncovered cells, then reach."""
        row = self.coverage
        return (
            -len(self.flags),
            -1 if row.shown is None else row.shown,
            -1 if row.depth is None else row.depth,
            row.covered / row.cells if row.cells else 0.0,
            row.reach.part / row.reach.whole if row.reach.whole else 0.0,
        )


@dataclass(frozen=True)
class JudgedRow:
    row: CoverageRow
    judged_at: datetime | None


def objective_rows(
    *, user: User, config: Config, now: datetime, filters: Filters | None = None
) -> dict[int, JudgedRow]:
    """Return one row for each objective in force that a person may see, in the strategy's order."""
    found = snapshot.take(user=user, now=now, config=config, filters=filters or Filters())
    return rows_of(found, user=user, config=config)


def rows_of(found: Snapshot, *, user: User, config: Config) -> dict[int, JudgedRow]:
    """Return the rows of a snapshot. Flags and the field's voice are those of today, or none."""
    voices = voices_of(found, config=config)
    flags = by_objective(open_flags(user)) if found.live else {}
    rows = {}
    for known in found.known:
        pk = known.objective.pk
        row = _row(
            known,
            coverage=coverage_of(found, pk),
            voice=voices.get(pk, Voice()),
            flags=tuple(flags.get(pk, ())),
            cells=found.cells_of(pk),
            config=config,
        )
        rows[pk] = JudgedRow(row, found.judged.get(pk))
    return rows


def coverage_of(found: Snapshot, objective: int) -> Coverage:
    """Return the figures of one objective; of a team, none that tells of a few people."""
    row = Coverage.of(found.sums.get(objective), hidden=objective in found.hidden)
    if found.team is None or row.hidden:
        return row
    if any(found.few(cell) for cell in found.cells_of(objective)):
        row = replace(row, shown=None, evidence=None)
    if row.seen.whole and row.seen.few:
        row = replace(row, seen=Share(0, 0, hidden=True))
    return row


def voices_of(found: Snapshot, *, config: Config) -> dict[int, Voice]:
    """Return what the field says now, of everybody; of a past day or of a team it is not told."""
    if not found.live:
        return {}
    rows = ObjectiveVoice.objects.in_bulk(found.ids)
    return {pk: voice_of(row) for pk, row in rows.items()}


def voice_of(row: ObjectiveVoice | None) -> Voice:
    if row is None:
        return Voice()
    return Voice(
        people=row.people,
        works=row.works,
        changes=row.changes,
        wont=row.wont,
        cannot=row.cannot,
        share=row.share,
        souring=row.souring,
    )


def _row(
    known: Known,
    *,
    coverage: Coverage,
    voice: Voice,
    flags: tuple[FlagRow, ...],
    cells: Sequence[Cell],
    config: Config,
) -> CoverageRow:
    objective, words = known.objective, known.words
    return CoverageRow(
        pk=objective.pk,
        code=objective.code,
        title=words.title,
        link=objective.get_absolute_url(),
        owner=objective.owner.name if objective.owner else "",
        theme=ThemeRow(
            pk=objective.theme_id,
            name=objective.theme.name,
            strategy=objective.strategy.name,
            link=objective.strategy.get_absolute_url(),
        ),
        coverage=coverage,
        voice=voice,
        chain=figures.chain(
            why=bool(words.why),
            behaviors=known.behaviors,
            coverage=coverage,
            voice=voice,
            rules=[flag.rule for flag in flags],
            config=config,
        ),
        flags=flags,
        text=f"{objective.code} {words.title} {objective.theme.name}".casefold(),
        deepest=0 if coverage.untold else max((cell.shown for cell in cells), default=0),
        bare=not any(cell.depth or cell.suspect_depth for cell in cells),
    )
