"""The coverage page as one value: what the page, the export and the print show."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from align.dashboard.rows import coverage, grid, snapshot
from align.dashboard.rows.coverage import CoverageRow, JudgedRow, ThemeRow
from align.dashboard.rows.figures import Coverage, Share
from align.dashboard.rows.filters import (
    BEHAVIORS,
    CODE,
    MODULES,
    OBJECTIVES,
    PROGRAMS,
    SLIDE,
    THEMES,
    UNDEFINED,
    UNTOLD,
    Filters,
    deep,
)
from align.dashboard.rows.finding import Phrase, finding
from align.dashboard.rows.grid import COLUMNS, Column, Key, MatrixCell, ThemeCell
from align.dashboard.rows.hours import Hours
from align.dashboard.rows.snapshot import Snapshot
from align.people.models import User
from strategy.config import Config
from strategy.models import Depth, Touch
from training import coverage as training

ROWS = 40  # rows drawn at once
PIECES = 2200  # elements the ladders of the themes may take together
WIDE = 12  # columns from which on a row says its figures in digits only


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of the ladder: how many objectives stand on it, and the filter it is."""

    depth: int | None
    word: str
    count: int
    claimed: int  # of these, how many claim to be deeper than what is shown
    query: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    theme: ThemeRow
    rows: tuple[CoverageRow, ...]
    objectives: int
    ladder: tuple[int, ...]  # objectives of the whole theme shown at None … Reinforced


@dataclass(frozen=True, kw_only=True)
class ThemeLine:
    """One theme with everything under it, where the page shows no single objectives."""

    theme: ThemeRow
    link: str
    objectives: int
    ladder: tuple[int, ...]
    slide: int  # objectives shown no deeper than a slide
    slide_link: str
    covered: Share
    flags: int


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One way to look at the matrix, a chip away."""

    word: str
    link: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class CoveragePage:
    """Everything the page, the export and the print show."""

    snapshot: Snapshot
    rows: tuple[CoverageRow, ...]  # all that match, in order
    groups: tuple[Group, ...]  # those drawn on this page; none where themes are drawn
    lines: tuple[ThemeLine, ...]  # themes drawn on this page; none where objectives are drawn
    theme_lines: int
    columns: tuple[Column, ...]  # drawn on this page
    columns_total: int
    cells: Mapping[Key, MatrixCell]
    theme_cells: Mapping[Key, ThemeCell]
    by: str  # programs, modules or behaviors
    program: str
    themes: tuple[ThemeRow, ...]
    strategies: tuple[tuple[str, str], ...]
    ladder: tuple[Step, ...]
    finding: tuple[Phrase, ...]
    choices: tuple[Choice, ...]
    covered: Share  # cells of all that match
    hours: Hours
    total: int
    waiting: int
    page: int
    pages: int
    across: int
    across_pages: int

    @property
    def drawn(self) -> int:
        return sum(len(group.rows) for group in self.groups)

    @property
    def judged_at(self) -> datetime | None:
        return self.snapshot.judged_at if self.snapshot.live else None

    @property
    def wide(self) -> bool:
        return len(self.columns) > WIDE

    @property
    def hides_voice(self) -> bool:
        """Whether it shows no voices: those of a past day or a team are not told."""
        return not self.snapshot.live


def page(*, user: User, filters: Filters, config: Config, now: datetime) -> CoveragePage:
    """Read the page in a dozen queries, however many objectives and modules there are."""
    found = snapshot.take(user=user, now=now, config=config, filters=filters)
    everything = coverage.rows_of(found, user=user, config=config)
    rows = arranged(everything, filters)
    all_rows = [judged.row for judged in everything.values()]
    claimed = training.claimed(now=found.moment, config=config)
    marks = grid.marks(found, claimed.claims)
    modules = grid.taught(marks)
    by, name, columns, cells = _columns(found, filters, marks, modules)
    zoomed = zoomed_out(filters, rows=len(rows), programs=len(grid.programs(modules)), by=by)
    across = _part(len(columns), COLUMNS, filters.across)
    drawn = columns[(across[0] - 1) * COLUMNS : across[0] * COLUMNS]
    theme_of = {row.pk: row.theme.pk for row in rows}
    theme_cells = grid.by_theme(cells, theme_of=theme_of) if zoomed else {}
    lines = theme_lines(rows, filters) if zoomed else ()
    most = max(1, min(ROWS, PIECES // (20 + 7 * len(drawn)))) if zoomed else ROWS
    at, pages = _part(len(lines) if zoomed else len(rows), most, filters.page)
    here = slice((at - 1) * most, at * most)
    return CoveragePage(
        snapshot=found,
        rows=tuple(rows),
        groups=() if zoomed else _groups(rows[here], all_rows),
        lines=lines[here],
        theme_lines=len(lines),
        columns=tuple(drawn),
        columns_total=len(columns),
        cells=cells,
        theme_cells=theme_cells,
        by=by,
        program=name,
        themes=tuple({row.theme.pk: row.theme for row in all_rows}.values()),
        strategies=tuple({row.theme.link: row.theme.strategy for row in all_rows}.items()),
        ladder=ladder(all_rows, filters),
        finding=finding(all_rows, filters),
        choices=choices(filters, by=by, zoomed=zoomed),
        covered=covered(rows),
        hours=Hours(claimed.hours.aligned, claimed.hours.all),
        total=len(all_rows),
        waiting=Touch.objects.count() if found.live else 0,
        page=at,
        pages=pages,
        across=across[0],
        across_pages=across[1],
    )


@dataclass(frozen=True, kw_only=True)
class Rows:
    """The rows that match, and the snapshot they are of."""

    snapshot: Snapshot
    rows: tuple[CoverageRow, ...]


def rows_only(*, user: User, filters: Filters, config: Config, now: datetime) -> Rows:
    """Return the rows that match, as the page lists them; the export needs nothing else."""
    found = snapshot.take(user=user, now=now, config=config, filters=filters)
    rows = arranged(coverage.rows_of(found, user=user, config=config), filters)
    return Rows(snapshot=found, rows=tuple(rows))


def _part(things: int, most: int, asked: int) -> tuple[int, int]:
    """Return which page is shown and how many there are."""
    pages = max(1, -(-things // most))
    return min(asked, pages), pages


def _columns(
    found: Snapshot,
    filters: Filters,
    marks: Sequence[grid.Mark],
    modules: Mapping[int, grid.Taught],
) -> tuple[str, str, list[Column], dict[Key, MatrixCell]]:
    """Return what the columns are, the program they are of, themselves, and their cells."""
    if filters.cols == BEHAVIORS:
        cells = grid.by_behavior(found, found.known)
        return BEHAVIORS, "", grid.places(cells), cells
    programs = grid.programs(modules)
    name = next((column.name for column in programs if column.pk == filters.program), "")
    if name or filters.cols == MODULES:
        columns = grid.of_program(modules, filters.program if name else None)
        return MODULES, name, columns, grid.by_module(marks)
    address = {column.pk: filters.to(program=column.pk, cols="", across=1) for column in programs}
    return PROGRAMS, "", grid.opening(programs, address), grid.by_program(marks, modules)


def zoomed_out(filters: Filters, *, rows: int, programs: int, by: str) -> bool:
    """Whether themes are drawn: when asked for, or where there would be too much to read."""
    if by == BEHAVIORS or filters.rows == OBJECTIVES:
        return False
    if filters.rows == THEMES:
        return True
    return not filters.theme and (rows > ROWS or (programs > COLUMNS and by == PROGRAMS))


def choices(filters: Filters, *, by: str, zoomed: bool) -> tuple[Choice, ...]:
    """Return the other ways to look at the same."""
    rows = THEMES if zoomed else OBJECTIVES
    other = OBJECTIVES if zoomed else THEMES
    ways = [
        Choice(
            word=f"Rows: {rows}" if not chosen else f"Rows: {other}",
            link=filters.to(rows=rows if not chosen else other, across=1, cols=_cols(by)),
            chosen=not chosen,
        )
        for chosen in (False, True)
    ]
    return (
        *ways,
        *(
            Choice(
                word=f"Columns: {cols}",
                link=filters.to(
                    cols=cols if cols != PROGRAMS else "",
                    program=None,
                    across=1,
                    rows=OBJECTIVES if cols == BEHAVIORS else filters.rows,
                ),
                chosen=cols == by,
            )
            for cols in (PROGRAMS, MODULES, BEHAVIORS)
        ),
    )


def _cols(by: str) -> str:
    return MODULES if by == MODULES else ""


@dataclass(frozen=True, kw_only=True)
class Summary:
    """What the page says of everything together."""

    covered: Share
    hours: Hours


def summary(found: Snapshot, config: Config) -> Summary:
    """Return the figures over all objectives of a snapshot. One statement."""
    delivered = training.aligned_hours(now=found.moment, config=config)
    shown = [coverage.coverage_of(found, pk) for pk in found.ids]
    return Summary(
        covered=Share(sum(row.covered for row in shown), sum(row.cells for row in shown)),
        hours=Hours(delivered.aligned, delivered.all),
    )


def covered(rows: Iterable[CoverageRow]) -> Share:
    """Return the covered cells of all these objectives, and all their cells."""
    found = [row.coverage for row in rows]
    return Share(sum(row.covered for row in found), sum(row.cells for row in found))


def arranged(everything: Mapping[int, JudgedRow], filters: Filters) -> list[CoverageRow]:
    """Return the rows that match, theme by theme in the strategy's order."""
    rows = [judged.row for judged in everything.values() if judged.row.matches(filters)]
    if filters.order == CODE:
        return rows
    themes = {theme: place for place, theme in enumerate(dict.fromkeys(r.theme.pk for r in rows))}
    return sorted(rows, key=lambda row: (themes[row.theme.pk], row.badness))


def _groups(drawn: Sequence[CoverageRow], rows: Sequence[CoverageRow]) -> tuple[Group, ...]:
    ladders = _ladders(rows)
    return tuple(
        Group(
            theme=theme,
            rows=tuple(group),
            objectives=sum(1 for row in rows if row.theme.pk == theme.pk),
            ladder=ladders[theme.pk],
        )
        for theme, group in groupby(drawn, key=lambda row: row.theme)
    )


def _ladders(rows: Sequence[CoverageRow]) -> dict[int, tuple[int, ...]]:
    """Return how many objectives of each theme are shown how deep."""
    steps = Counter((row.theme.pk, row.coverage.shown) for row in rows)
    return {
        theme: tuple(steps[theme, depth] for depth in Depth.values)
        for theme in {row.theme.pk for row in rows}
    }


def theme_lines(rows: Sequence[CoverageRow], filters: Filters) -> tuple[ThemeLine, ...]:
    """Return the themes of these objectives; worst first by the share of what is not shown."""
    ladders = _ladders(rows)
    of_theme: dict[ThemeRow, list[CoverageRow]] = {}
    for row in rows:
        of_theme.setdefault(row.theme, []).append(row)
    lines = [
        ThemeLine(
            theme=theme,
            link=filters.to(theme=theme.pk, rows="", across=1),
            objectives=len(group),
            ladder=ladders[theme.pk],
            slide=sum(deep(row.coverage.shown, row.coverage.depth, SLIDE) for row in group),
            slide_link=filters.to(theme=theme.pk, rows="", across=1, depth=SLIDE),
            covered=covered(group),
            flags=sum(len(row.flags) for row in group),
        )
        for theme, group in of_theme.items()
    ]
    if filters.order == CODE:
        return tuple(lines)
    return tuple(sorted(lines, key=lambda line: -line.slide / line.objectives))


def ladder(rows: Iterable[CoverageRow], filters: Filters) -> tuple[Step, ...]:
    """Count the objectives on each depth shown; each count is the filter that lists them."""
    found = [row.coverage for row in rows]
    counts = Counter(_step(row) for row in found)
    claimed = Counter(_step(row) for row in found if row.only_claimed)
    steps: list[tuple[int | None, str]] = [(value, label) for value, label in Depth.choices]
    steps += [(None, word.capitalize()) for word in (UNDEFINED, UNTOLD) if counts[word]]
    return tuple(
        Step(
            depth=depth,
            word=word,
            count=counts[word.lower()],
            claimed=claimed[word.lower()],
            query=replace(filters, depth=word.lower(), page=1).query,
            chosen=filters.depth == word.lower(),
        )
        for depth, word in steps
    )


def _step(row: Coverage) -> str:
    """Return the word of the step an objective stands on."""
    if row.depth is None:
        return UNDEFINED
    return UNTOLD if row.shown is None else row.shown_word.lower()
