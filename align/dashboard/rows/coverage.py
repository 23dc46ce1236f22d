"""The coverage page: one row an objective in force, in a fixed number of queries."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet
from django.http import QueryDict

from align.dashboard import words
from align.dashboard.rows import figures
from align.dashboard.rows.figures import Coverage, Link, Voice
from align.dashboard.rows.flags import FlagRow, by_objective, open_flags
from align.people.models import User
from feedback.models import ObjectiveVoice
from strategy.config import Config
from strategy.models import Depth, Objective, Revision, Strategy, Touch
from training.models import CellState, Mapping, ObjectiveCoverage, Program

PROGRAMS = 24  # columns drawn at once
ROWS = 40  # rows drawn at once

DEPTHS = {label.lower(): value for value, label in Depth.choices}
SLIDE = "slide"  # no deeper than a slide: None or Named
UNDEFINED = "undefined"
WORST, CODE = "worst", "code"


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for. Whatever it says that we do not know is left out."""

    theme: int | None = None
    depth: str = ""
    flag: str = ""
    gaps: bool = False
    order: str = WORST
    q: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> "Filters":
        depth, order = query.get("depth", ""), query.get("order", "")
        return cls(
            theme=whole(query.get("theme", "")),
            depth=depth if depth in {*DEPTHS, SLIDE, UNDEFINED} else "",
            flag=plain(query.get("flag", ""))[:40],
            gaps=query.get("gaps") == "1",
            order=order if order in {WORST, CODE} else WORST,
            q=plain(query.get("q", "")),
            page=whole(query.get("page", "")) or 1,
        )

    @property
    def query(self) -> str:
        """Return the address these filters stand for, without what is the default."""
        said = {
            "theme": self.theme,
            "depth": self.depth,
            "flag": self.flag,
            "gaps": "1" if self.gaps else "",
            "order": "" if self.order == WORST else self.order,
            "q": self.q,
        }
        return urlencode({name: value for name, value in said.items() if value})

    @property
    def narrowed(self) -> bool:
        return bool(self.theme or self.depth or self.flag or self.gaps or self.q)


def whole(text: str) -> int | None:
    """Return the number a person typed into an address, or None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def plain(text: str) -> str:
    """Return a search text the database can take: no NUL, not endless."""
    return text.replace("\x00", "").strip()[:100]


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
            and _deep(self.coverage.depth, filters.depth)
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


def _deep(depth: int | None, asked: str) -> bool:
    if not asked:
        return True
    if asked == UNDEFINED or depth is None:
        return asked == UNDEFINED and depth is None
    return depth <= Depth.NAMED if asked == SLIDE else depth == DEPTHS[asked]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the ladder: how many objectives stand on it, and the filter it is."""

    depth: int | None
    word: str
    count: int
    claimed: int  # of these, how many are deeper than what is shown
    query: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Phrase:
    """A piece of the finding sentence; with a query it is a link into the rows behind it."""

    text: str
    query: str = ""
    signal: bool = False


@dataclass(frozen=True, kw_only=True)
class Group:
    theme: ThemeRow
    rows: tuple[CoverageRow, ...]
    objectives: int
    ladder: tuple[int, ...]  # objectives of the whole theme at None … Reinforced


@dataclass(frozen=True, kw_only=True)
class CoveragePage:
    """Everything the page, the export and the print show."""

    rows: tuple[CoverageRow, ...]  # all that match, in order
    groups: tuple[Group, ...]  # those drawn on this page
    programs: tuple[ProgramRow, ...]
    more_programs: int
    themes: tuple[ThemeRow, ...]
    strategies: tuple[tuple[str, str], ...]
    ladder: tuple[Step, ...]
    finding: tuple[Phrase, ...]
    total: int
    judged_at: datetime | None
    waiting: int
    page: int
    pages: int

    @property
    def drawn(self) -> int:
        return sum(len(group.rows) for group in self.groups)


def page(*, user: User, filters: Filters, config: Config) -> CoveragePage:
    """Read the page in nine queries, however many objectives there are."""
    everything = objective_rows(user=user, config=config)
    rows = arranged(everything, filters)
    pages = max(1, -(-len(rows) // ROWS))
    at = min(filters.page, pages)
    programs, more = _programs(everything)
    judged = [row.judged_at for row in everything.values() if row.judged_at]
    all_rows = [judged_row.row for judged_row in everything.values()]
    return CoveragePage(
        rows=tuple(rows),
        groups=_groups(rows[(at - 1) * ROWS : at * ROWS], all_rows),
        programs=programs,
        more_programs=more,
        themes=tuple({row.theme.pk: row.theme for row in all_rows}.values()),
        strategies=tuple({row.theme.link: row.theme.strategy for row in all_rows}.items()),
        ladder=ladder(all_rows, filters),
        finding=finding(all_rows),
        total=len(all_rows),
        judged_at=max(judged) if judged else None,
        waiting=Touch.objects.count(),
        page=at,
        pages=pages,
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


def _programs(everything: dict[int, JudgedRow]) -> tuple[tuple[ProgramRow, ...], int]:
    """Return the programs that teach something here, at most as many as can be read."""
    used = Counter(pk for judged in everything.values() for pk in judged.row.programs)
    known = [
        ProgramRow(pk=program.pk, name=program.name)
        for program in Program.objects.filter(pk__in=used)
    ]
    if len(known) <= PROGRAMS:
        return tuple(known), 0
    most = {pk for pk, _ in used.most_common(PROGRAMS)}
    return tuple(program for program in known if program.pk in most), len(known) - PROGRAMS


def arranged(everything: dict[int, JudgedRow], filters: Filters) -> list[CoverageRow]:
    """Return the rows that match, theme by theme in the strategy's order."""
    rows = [judged.row for judged in everything.values() if judged.row.matches(filters)]
    if filters.order == CODE:
        return rows
    themes = {theme: place for place, theme in enumerate(dict.fromkeys(r.theme.pk for r in rows))}
    return sorted(rows, key=lambda row: (themes[row.theme.pk], row.badness))


def _groups(drawn: Sequence[CoverageRow], rows: Sequence[CoverageRow]) -> tuple[Group, ...]:
    steps = {
        theme: Counter(row.coverage.depth for row in rows if row.theme.pk == theme)
        for theme in {row.theme.pk for row in rows}
    }
    return tuple(
        Group(
            theme=theme,
            rows=tuple(group),
            objectives=sum(steps[theme.pk].values()),
            ladder=tuple(steps[theme.pk][depth] for depth in Depth.values),
        )
        for theme, group in groupby(drawn, key=lambda row: row.theme)
    )


def ladder(rows: Iterable[CoverageRow], filters: Filters) -> tuple[Step, ...]:
    """Count the objectives on each depth; each count is the filter that lists them."""
    found = [row.coverage for row in rows]
    counts = Counter(row.depth for row in found)
    claimed = Counter(row.depth for row in found if row.only_claimed)
    steps: list[tuple[int | None, str]] = [(value, label) for value, label in Depth.choices]
    if counts[None]:
        steps.append((None, "Undefined"))
    return tuple(
        Step(
            depth=depth,
            word=word,
            count=counts[depth],
            claimed=claimed[depth],
            query=replace(filters, depth=word.lower(), page=1).query,
            chosen=filters.depth == word.lower(),
        )
        for depth, word in steps
    )


def finding(rows: Sequence[CoverageRow]) -> tuple[Phrase, ...]:
    """Say the finding of the page in one sentence or two, in plain words."""
    if not rows:
        return ()
    said = [*_shallow(rows), Phrase(text=". ")]
    untrained, sour = _untrained(rows), _sour(rows)
    both = bool(untrained and sour)
    found = [*untrained, *([Phrase(text=", and ")] if both else []), *sour]
    if not found:
        return (*said, Phrase(text="No behavior is without training, and the field refuses none."))
    first, *others = found
    return (*said, replace(first, text=words.start(first.text)), *others, Phrase(text="."))


def _shallow(rows: Sequence[CoverageRow]) -> list[Phrase]:
    total = len(rows)
    shallow = sum(_deep(row.coverage.depth, SLIDE) for row in rows)
    if all(row.coverage.depth is None for row in rows):
        return [Phrase(text="No depth can be told yet: nobody has named a behavior")]
    if not shallow:
        return [Phrase(text=f"{_all(total)} deeper than a slide")]
    weakest = any(_deep(row.coverage.depth, SLIDE) and row.deepest > Depth.NAMED for row in rows)
    said = _some(shallow, total) + (" gets " if shallow == 1 or total == 1 else " get ")
    return [
        Phrase(text=f"By the weakest behavior, {said}" if weakest else words.start(said)),
        Phrase(text="no deeper than a slide", query=f"depth={SLIDE}"),
    ]


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
        return [start, Phrase(text="no training at all", query="depth=none")]
    partly = [start, Phrase(text="a behavior without training", query="depth=none")]
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
