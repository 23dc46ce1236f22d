"""Coverage rows made by hand, for what needs no database."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count

from align.dashboard.rows import figures
from align.dashboard.rows.coverage import CoverageRow, ThemeRow
from align.dashboard.rows.coverage_page import CoveragePage, Group
from align.dashboard.rows.figures import Coverage, Share, Voice
from align.dashboard.rows.flags import FlagRow
from align.dashboard.rows.grid import Column, Key, MatrixCell
from align.dashboard.rows.hours import Hours
from align.dashboard.rows.snapshot import Snapshot
from strategy.config import Config

_number = count(1)
RAISED = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
MOST, NOBODY, SILENCE = Share(191, 312), Share(0, 0), Voice()
THEME = ThemeRow(pk=1, name="Sell uptime", strategy="From pumps to uptime", link="/strategy/up/")


def flag(rule: str = "negative", title: str = "Field says no") -> FlagRow:
    return FlagRow(
        pk=next(_number),
        rule=rule,
        title=title,
        objective_id=1,
        label="A4 Price on guaranteed uptime",
        sentence="9 of 13 say it will not work.",
        clears_when="Clears below 30 %.",
        link="/flags/1/",
        opened_at=RAISED,
        owner="Lena",
        acknowledged=False,
        stale=False,
        regressed=False,
        act="Answer the field",
        act_link="/voice/?objective=1",
    )


def row(
    code: str = "",
    *,
    title: str = "Price on guaranteed uptime",
    depth: int | None = 2,
    shown: int | None = None,
    cells: int = 4,
    covered: int = 2,
    reach: Share = MOST,
    seen: Share = NOBODY,
    voice: Voice = SILENCE,
    flags: tuple[FlagRow, ...] = (),
    theme: ThemeRow = THEME,
    deepest: int | None = None,
    bare: bool = False,
) -> CoverageRow:
    coverage = Coverage(
        cells=cells,
        covered=covered,
        suspect=0,
        depth=depth,
        shown=depth if shown is None else shown,
        reach=reach,
        seen=seen,
    )
    pk = next(_number)
    code = code or f"A{pk}"
    return CoverageRow(
        pk=pk,
        code=code,
        title=title,
        link=f"/objectives/{pk}-price/",
        owner="Lena",
        theme=theme,
        coverage=coverage,
        voice=voice,
        chain=figures.chain(
            why=True,
            behaviors=2,
            coverage=coverage,
            voice=voice,
            rules=[flag.rule for flag in flags],
            config=Config(),
        ),
        flags=flags,
        text=f"{code} {title}".casefold(),
        deepest=(coverage.shown or 0) if deepest is None else deepest,
        bare=bare,
    )


def column(pk: int) -> Column:
    return Column(pk=pk, name=f"Program {pk}", link=f"?program={pk}")


def page(
    found: Sequence[CoverageRow], *, columns: Sequence[Column], cells: Mapping[Key, MatrixCell]
) -> CoveragePage:
    """Return a page that draws all these rows under one theme."""
    snapshot = Snapshot(
        moment=RAISED,
        past=False,
        team=None,
        known=(),
        sums={},
        cells=(),
        hidden=frozenset(),
        teams=(),
        judged={},
    )
    group = Group(theme=THEME, rows=tuple(found), objectives=len(found), ladder=(1, 1, 1, 1, 1))
    return CoveragePage(
        snapshot=snapshot,
        rows=tuple(found),
        groups=(group,),
        lines=(),
        theme_lines=0,
        columns=tuple(columns),
        columns_total=len(columns),
        cells=cells,
        theme_cells={},
        by="programs",
        program="",
        themes=(THEME,),
        strategies=(),
        ladder=(),
        finding=(),
        choices=(),
        covered=Share(0, 0),
        hours=Hours(Decimal(0), Decimal(0)),
        total=len(found),
        waiting=0,
        page=1,
        pages=1,
        across=1,
        across_pages=1,
    )
