"""The coverage page as one value: what the page, the export and the print show."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from align.dashboard.rows.coverage import (
    CoverageRow,
    JudgedRow,
    ProgramRow,
    ThemeRow,
    objective_rows,
)
from align.dashboard.rows.filters import CODE, Filters
from align.dashboard.rows.finding import Phrase, finding
from align.people.models import User
from strategy.config import Config
from strategy.models import Depth, Touch
from training.models import Program

PROGRAMS = 24  # columns drawn at once
ROWS = 40  # rows drawn at once


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
