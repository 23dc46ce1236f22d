"""One row an objective in force, with all its figures, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from align.dashboard.rows import figures
from align.dashboard.rows.figures import Coverage, Link, Voice
from align.dashboard.rows.filters import Filters, deep
from align.dashboard.rows.flags import FlagRow, by_objective, open_flags
from align.people.models import User
from feedback.models import ObjectiveVoice
from strategy.config import Config
from strategy.models import Objective, Revision, Strategy
from training.models import CellState, Mapping, ObjectiveCoverage


@dataclass(frozen=True, kw_only=True)
class ProgramRow:
    pk: int
    name: str


@dataclass(frozen=True, kw_only=True)
class ProgramCell:
    """The deepest training of one objective in one program: shown, claimed, out of date."""

    shown: int = 0
    claimed: int = 0
    outdated: int = 0


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
    programs: dict[int, ProgramCell]
    text: str  # what a search looks through
    deepest: int  # of all its cells; the depth of the row is that of its weakest
    bare: bool  # no cell has any training, not even one that is out of date

    def matches(self, filters: Filters) -> bool:
        return (
            (filters.theme is None or self.theme.pk == filters.theme)
            and deep(self.coverage.depth, filters.depth)
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
            -1 if row.depth is None else row.depth,
            row.covered / row.cells if row.cells else 0.0,
            row.reach.part / row.reach.whole if row.reach.whole else 0.0,
        )


@dataclass(frozen=True)
class JudgedRow:
    row: CoverageRow
    judged_at: datetime | None


def objective_rows(*, user: User, config: Config) -> dict[int, JudgedRow]:
    """Return one row for each objective in force that a person may see, in the strategy's order."""
    objectives = list(
        Objective.objects.visible_to(user)
        .in_force()
        .exclude(strategy__state=Strategy.State.CLOSED)
        .select_related("strategy", "theme", "owner", "current")
        .annotate(behavior_count=Count("current__behaviors"))
        .order_by("strategy__name", "strategy_id", "theme__position", "theme_id", "code")
    )
    ids = [objective.pk for objective in objectives]
    coverage = ObjectiveCoverage.objects.in_bulk(ids)
    voices = ObjectiveVoice.objects.in_bulk(ids)
    flags = by_objective(open_flags(user))
    cells = program_cells(ids)
    deepest = _deepest(ids)
    return {
        objective.pk: JudgedRow(
            _row(
                objective,
                coverage=Coverage.of(coverage.get(objective.pk)),
                voice=voice_of(voices.get(objective.pk)),
                flags=tuple(flags.get(objective.pk, ())),
                programs=cells.get(objective.pk, {}),
                deepest=deepest.get(objective.pk, (0, 0)),
                config=config,
            ),
            coverage[objective.pk].judged_at if objective.pk in coverage else None,
        )
        for objective in objectives
    }


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
    objective: Objective,
    *,
    coverage: Coverage,
    voice: Voice,
    flags: tuple[FlagRow, ...],
    programs: dict[int, ProgramCell],
    deepest: tuple[int, int],
    config: Config,
) -> CoverageRow:
    words_in_force: Revision | None = objective.current
    title = words_in_force.title if words_in_force else objective.code
    return CoverageRow(
        pk=objective.pk,
        code=objective.code,
        title=title,
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
            why=bool(words_in_force and words_in_force.why),
            behaviors=objective.behavior_count,  # type: ignore[attr-defined]
            coverage=coverage,
            voice=voice,
            rules=[flag.rule for flag in flags],
            config=config,
        ),
        flags=flags,
        programs=programs,
        text=f"{objective.code} {title} {objective.theme.name}".casefold(),
        deepest=deepest[0],
        bare=deepest == (0, 0),
    )


def _deepest(objective_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return the deepest training of each objective: what counts, and what is out of date."""
    rows = (
        CellState.objects.filter(objective__in=objective_ids)
        .order_by()
        .values_list("objective")
        .annotate(counts=Max("depth"), late=Max("suspect_depth"))
    )
    return {objective: (counts, late) for objective, counts, late in rows}


def program_cells(objective_ids: Sequence[int]) -> dict[int, dict[int, ProgramCell]]:
    """Return, for objective and program, the deepest training. One query for all of them."""
    same = Q(reviewed_fingerprint=F("behavior__revisions__fingerprint"))
    found = (
        counting_mappings()
        .filter(behavior__objective__in=objective_ids)
        .values("behavior__objective", "version__module__program")
        .order_by()
        .annotate(
            claimed=Max("depth", filter=same),
            shown=Max("depth", filter=same & Q(reached=True)),
            outdated=Max("depth", filter=~same),
        )
    )
    cells: dict[int, dict[int, ProgramCell]] = {}
    for row in found:
        cells.setdefault(row["behavior__objective"], {})[row["version__module__program"]] = (
            ProgramCell(
                shown=row["shown"] or 0,
                claimed=row["claimed"] or 0,
                outdated=row["outdated"] or 0,
            )
        )
    return cells


def counting_mappings() -> QuerySet[Mapping]:
    """Mappings of published versions to words in force, with whether their people are reached."""
    reached = CellState.objects.filter(
        behavior=OuterRef("behavior"), evidence__gte=CellState.Evidence.REACHED
    )
    return (
        Mapping.objects.counted()
        .filter(behavior__revisions__revision=F("behavior__objective__current"))
        .annotate(reached=Exists(reached))
    )
