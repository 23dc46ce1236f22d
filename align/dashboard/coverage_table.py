"""The coverage matrix and its ladder as escaped strings.

A template loop over some hundred cells costs many times what joining strings does; every text
that people wrote passes ``format_html`` or ``escape`` here. A page holds 3,000 elements: a cell of
the matrix is one element in its ``td``, and rows with many columns say their figures in digits.
"""

from collections.abc import Iterable, Sequence
from urllib.parse import urlencode

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from align.dashboard import words
from align.dashboard.rows.coverage import CoverageRow
from align.dashboard.rows.coverage_page import CoveragePage, Group, Step, ThemeLine
from align.dashboard.rows.figures import Coverage, Share, Voice
from align.dashboard.rows.filters import BEHAVIORS, MODULES, Filters
from align.dashboard.rows.grid import Column, MatrixCell, ThemeCell
from align.dashboard.templatetags import parts
from strategy.models import Depth

FLAGS = 2  # named in a row; the others are one link away
NOTHING = SafeString("")
EMPTY = SafeString('<td class="c"></td>')
NO_FLAGS = SafeString('<span class="mute">none</span>')
NOT_YET = SafeString('<span class="mute">not yet</span>')
TOO_FEW = SafeString('<span class="mute">too few</span>')
CAPTION = (
    "Objectives by theme: how deep training goes by column, 1 Named to 4 Reinforced, how many "
    "people it reached, how many were seen doing it, how much of the last change is covered, and "
    "what the field says. Solid is shown, hatched is only claimed, dashed is out of date, grey is "
    "not enough yet, empty is no training."
)
THEMES_CAPTION = (
    "Themes: how the objectives of each stand by column, as far as it is shown; how many get no "
    "deeper than a slide, how many cells are covered, and open flags."
)


def table(page: CoveragePage, filters: Filters) -> SafeString:
    """Return the table of what is drawn on this page."""
    if page.lines:
        return _framed("Coverage by theme", THEMES_CAPTION, themes(page))
    return _framed(
        "Coverage matrix",
        CAPTION,
        _head(page) + _joined(_body(group, page, Cells(page, filters)) for group in page.groups),
        " wide" if page.wide else "",
    )


def _framed(name: str, caption: str, rows: SafeString, kind: str = "") -> SafeString:
    return format_html(
        '<div class="mxwrap card" role="region" aria-label="{}" tabindex="0">'
        '<table class="mx matrix{}"><caption class="vh">{}</caption>{}</table></div>',
        name,
        kind,
        caption,
        rows,
    )


def _joined(pieces: Iterable[str]) -> SafeString:
    return SafeString("".join(pieces))


def _column(column: Column) -> SafeString:
    if not column.link:
        return format_html('<th scope="col" class="c">{}</th>', column.name)
    return format_html(
        '<th scope="col" class="c"><a class="quiet" href="{}">{}</a></th>', column.link, column.name
    )


def _head(page: CoveragePage) -> SafeString:
    return format_html(
        '<thead><tr><th scope="col" class="obj">Objective</th>{}'
        '<th scope="col" class="dp">Training</th>{}<th scope="col" class="q">Reach</th>'
        '<th scope="col" class="q">Seen</th>'
        '<th scope="col" class="q" title="Coverage of the last change">Change</th>{}'
        "</tr></thead>",
        NOTHING if page.wide else SafeString('<th scope="col" class="ch">Chain</th>'),
        _joined(_column(column) for column in page.columns),
        NOTHING
        if page.hides_voice
        else SafeString(
            '<th scope="col" class="v">Field voice</th><th scope="col" class="fl">Flags</th>'
        ),
    )


def _body(group: Group, page: CoveragePage, cells: "Cells") -> SafeString:
    return format_html(
        '<tbody><tr class="grp"><th colspan="{}" scope="rowgroup"><span class="serif">{}</span> '
        '<span class="mute small">{}</span> {}</th></tr>{}</tbody>',
        (5 if page.wide else 6) + (0 if page.hides_voice else 2) + len(page.columns),
        group.theme.name,
        words.counted(group.objectives, "objective"),
        small_ladder(group.ladder),
        _joined(_row(row, page, cells) for row in group.rows),
    )


def _row(row: CoverageRow, page: CoveragePage, cells: "Cells") -> SafeString:
    figures = _digits(row) if page.wide else _figures(row)
    return format_html(
        '<tr><th scope="row" class="obj"><a class="ti quiet" href="{}"><span class="code">{}</span>'
        ' {}</a></th>{}<td class="dp">{}</td>{}{}{}</tr>',
        row.link,
        row.code,
        row.title,
        NOTHING
        if page.wide
        else format_html('<td class="ch">{}</td>', parts.chain_small(row.chain)),
        depth_digit(row) if page.wide else depth(row.coverage),
        _joined(cells.draw(row, column) for column in page.columns),
        figures,
        NOTHING if page.hides_voice else _said(row, wide=page.wide),
    )


def _figures(row: CoverageRow) -> SafeString:
    coverage = row.coverage
    return format_html(
        '<td class="q" data-l="Reach">{}</td><td class="q" data-l="Seen">{}</td>'
        '<td class="q" data-l="Change">{}</td>',
        share(coverage.reach, link=f"{row.link}#reach", planned=coverage.planned),
        seen(coverage, link=f"{row.link}#seen"),
        change(coverage, link=f"{row.link}#training"),
    )


def _digits(row: CoverageRow) -> SafeString:
    """Return the same figures without bars, each one element."""
    coverage = row.coverage
    return format_html(
        '<td class="q" data-l="Reach"><a class="quiet" href="{link}#reach">{}</a></td>'
        '<td class="q" data-l="Seen"><a class="quiet" href="{link}#seen">{}</a></td>'
        '<td class="q" data-l="Change">{}</td>',
        _with_base(coverage.reach),
        _with_base(coverage.seen),
        coverage.change_said,
        link=row.link,
    )


def _with_base(figure: Share) -> str:
    return figure.said if figure.few else f"{figure.said}, {figure}"


def _said(row: CoverageRow, *, wide: bool) -> SafeString:
    return format_html(
        '<td class="v">{}</td><td class="fl">{}</td>',
        _voice_digits(row.voice) if wide else voice(row),
        _flags(row, wide=wide),
    )


def _voice_digits(found: Voice) -> str:
    return f"{found.negative} of {found.people} no" if found.people else "not yet"


def voice(row: CoverageRow) -> SafeString:
    """Return the bar of what the field says; its link opens the reports behind it."""
    found = row.voice
    if not found.people:
        return SafeString('<span class="mute">nobody</span>')
    return format_html(
        '<a class="quiet" href="{}#voice">{}</a>',
        row.link,
        parts.voice_bar(found.negative, found.changes, found.works),
    )


def _flags(row: CoverageRow, *, wide: bool) -> SafeString:
    if not row.flags:
        return SafeString("none") if wide else NO_FLAGS
    if wide:
        return format_html(
            '<a class="tag flag quiet" href="{}#flags">{}</a>',
            row.link,
            words.counted(len(row.flags), "flag"),
        )
    by_title = {flag.title: flag for flag in reversed(row.flags)}
    shown = [(flag.link, title) for title, flag in reversed(by_title.items())][:FLAGS]
    more = len(row.flags) - len(shown)
    if more:
        shown.append((f"{row.link}#flags", f"and {more} more"))
    return format_html_join("", '<a class="tag flag quiet" href="{}">{}</a>', shown)


def depth(coverage: Coverage) -> SafeString:
    """Return the depth of the weakest cell, how many cells are covered, how many out of date."""
    if coverage.depth is None:
        return SafeString('<span class="mute">undefined</span>')
    return format_html(
        '{}<span class="small mute beneath">{} of {} covered</span>{}',
        _badge(coverage),
        coverage.covered,
        coverage.cells,
        _late(coverage),
    )


def _badge(coverage: Coverage) -> SafeString:
    """Return the badge of what is shown; what is claimed deeper stands hatched beside it."""
    if coverage.untold:
        return SafeString('<span class="dep dq"><i>?</i>too few to tell</span>')
    badge = parts.depth_badge(coverage.depth, coverage.shown)
    return format_html('<span class="twice">{}</span>', badge) if coverage.sustained else badge


def depth_digit(row: CoverageRow) -> SafeString:
    """Return the depth as one element, with words for who cannot see it."""
    coverage = row.coverage
    if coverage.depth is None:
        return SafeString("undefined")
    cell = MatrixCell(
        shown=coverage.shown or 0,
        claimed=coverage.depth,
        sustained=coverage.sustained,
        unknown=coverage.untold,
    )
    said = f"{row.code}: {told(cell)}; {coverage.covered} of {coverage.cells} covered"
    return link(cell, f"{row.link}#training", said)


def _late(coverage: Coverage) -> SafeString:
    if not coverage.suspect:
        return NOTHING
    return format_html('<span class="small sig beneath">{} out of date</span>', coverage.suspect)


BAR = 36


def share(figure: Share, *, link: str = "", planned: Share | None = None) -> SafeString:
    """Return a bar, its per cent and its base; “not yet” where nothing was looked at.

    What was planned by now is a mark on the bar, and said.
    """
    if figure.hidden:
        return TOO_FEW
    if not figure.whole:
        return NOT_YET
    return format_html(
        '<svg width="36" height="8" aria-hidden="true"><rect class="fill-track" width="36" '
        'height="8" rx="2"/><rect class="fill-acc" width="{}" height="8" rx="2"/>{}</svg>{}{}',
        f"{BAR * min(1, figure.part / figure.whole):.1f}",
        _mark(planned),
        format_html('<a class="num quiet" href="{}">{}</a>', link, figure.said)
        if link
        else format_html('<span class="num">{}</span>', figure.said),
        _base(figure, planned),
    )


def _mark(planned: Share | None) -> SafeString:
    if planned is None or not planned.part:
        return NOTHING
    at = BAR * min(1, planned.part / planned.whole)
    return format_html('<path class="st-ink" d="M{} 0v8"/>', f"{min(at, BAR - 1):.1f}")


def _base(figure: Share, planned: Share | None) -> SafeString:
    said = [] if figure.few else [str(figure)]
    if planned is not None and planned.part:
        said.append(f"{planned.part:,} planned")
    if not said:
        return NOTHING  # the figure is its own base
    return format_html('<span class="small mute beneath">{}</span>', ", ".join(said))


def seen(coverage: Coverage, *, link: str) -> SafeString:
    """Return what was seen of the least seen cell, or how many cells anybody looked at."""
    if coverage.seen.whole or coverage.seen.hidden or not coverage.cells:
        return share(coverage.seen, link=link)
    return format_html(
        '<a class="mute quiet" href="{}">not yet</a><span class="small mute beneath">{}</span>',
        link,
        coverage.looked_said if coverage.looked else "nobody looked",
    )


def change(coverage: Coverage, *, link: str) -> SafeString:
    """Return how many of the cells that the last revision touched are covered."""
    if not coverage.change.whole:
        return SafeString('<span class="mute">–</span><span class="vh">nothing changed</span>')
    return format_html('<a class="num quiet" href="{}">{}</a>', link, str(coverage.change))


class Cells:
    """Draws the cells of one page: what is shown, claimed or out of date, and where each leads."""

    def __init__(self, page: CoveragePage, filters: Filters) -> None:
        self.page = page
        self.narrowed = {
            name: value
            for name, value in (
                ("as_of", filters.as_of.isoformat() if filters.as_of else ""),
                ("team", filters.team),
            )
            if value
        }

    def draw(self, row: CoverageRow, column: Column) -> SafeString:
        """Return one cell; its link opens the proofs behind it."""
        found = self.page.cells.get((row.pk, column.pk))
        if found is None:
            return EMPTY
        said = f"{row.code}, {column.name}: {told(found)}"
        drawn = link(found, self.address(row, column, found), said)
        return SafeString(f'<td class="c">{drawn}</td>')

    def address(self, row: CoverageRow, column: Column, found: MatrixCell) -> str:
        if self.page.by == BEHAVIORS and found.behavior:
            return f"/behaviors/{found.behavior}/#cells"
        name = "module" if self.page.by == MODULES else "program"
        asked = {"objective": row.pk, name: column.pk, **self.narrowed}
        return f"/coverage/cell/?{urlencode(asked)}"


def link(cell: MatrixCell, address: str, said: str) -> SafeString:
    """Return a cell as one element; the claimed digit beside a shown one is in ``data-c``."""
    look, digit, claimed = drawn(cell)
    more = f' data-c="{claimed}"' if claimed else ""
    return SafeString(
        f'<a class="cell {look}" href="{escape(address)}"{more} aria-label="{escape(said)}">'
        f"{digit}</a>"
    )


def drawn(cell: MatrixCell) -> tuple[str, str, int]:
    """Return the class of a cell, its digit, and the deeper digit that is only claimed."""
    if not cell.claimed:
        return ("sus", str(cell.outdated), 0) if cell.outdated else ("none", "–", 0)
    if cell.unknown:
        return "unk", "?", 0
    if not cell.shown:
        return f"cl h{cell.claimed}", str(cell.claimed), 0
    if cell.shown < cell.claimed:
        return f"sp d{cell.shown} h{cell.claimed}", str(cell.shown), cell.claimed
    return f"d{cell.shown}" + (" twice" if cell.sustained else ""), str(cell.shown), 0


def told(cell: MatrixCell) -> str:
    """Say in words what a cell shows."""
    if not cell.claimed:
        if cell.outdated:
            return f"{word(cell.outdated)}, out of date since the behavior changed"
        return "no training"
    if cell.unknown:
        return f"{word(cell.claimed)} claimed, not enough yet to tell"
    if not cell.shown:
        return f"{word(cell.claimed)}, only claimed"
    if cell.shown < cell.claimed:
        return f"{word(cell.shown)} is shown, {word(cell.claimed)} only claimed"
    return f"{word(cell.shown)}, " + ("seen in two periods" if cell.sustained else "shown")


def word(depth: int) -> str:
    return str(Depth(depth).label)


# Themes


def themes(page: CoveragePage) -> SafeString:
    """Return a row a theme, each cell a small ladder of its objectives."""
    head = format_html(
        '<thead><tr><th scope="col" class="obj">Theme</th><th scope="col" class="dp">All training'
        '</th>{}<th scope="col" class="q">Slide or less</th><th scope="col" class="q">Cells '
        "covered</th>{}</tr></thead>",
        _joined(_column(column) for column in page.columns),
        NOTHING if page.hides_voice else SafeString('<th scope="col" class="fl">Flags</th>'),
    )
    return format_html(
        "{}<tbody>{}</tbody>", head, _joined(_theme(line, page) for line in page.lines)
    )


def _theme(line: ThemeLine, page: CoveragePage) -> SafeString:
    return format_html(
        '<tr><th scope="row" class="obj"><a class="quiet" href="{}"><span class="ti serif">{}'
        '</span><span class="code">{}</span></a></th><td class="dp">{}</td>{}'
        '<td class="q" data-l="Slide or less"><a class="num quiet" href="{}">{}</a></td>'
        '<td class="q" data-l="Cells covered">{}</td>{}</tr>',
        line.link,
        line.theme.name,
        line.objectives,
        small_ladder(line.ladder),
        _joined(theme_cell(line, column, page) for column in page.columns),
        line.slide_link,
        f"{line.slide} of {line.objectives}",
        str(line.covered) if line.covered.whole else "undefined",
        NOTHING if page.hides_voice else _theme_flags(line),
    )


def _theme_flags(line: ThemeLine) -> SafeString:
    if not line.flags:
        return SafeString('<td class="fl">none</td>')
    return format_html('<td class="fl"><b class="sig">{}</b></td>', line.flags)


CELL_WIDE = 36


def theme_cell(line: ThemeLine, column: Column, page: CoveragePage) -> SafeString:
    """Return the small ladder of one theme in one column; what is deepest comes first."""
    found = page.theme_cells.get((line.theme.pk, column.pk))
    if found is None:
        return EMPTY
    return format_html(
        '<td class="c"><svg class="mini" width="36" height="12" role="img" aria-label="{}">{}</svg>'
        "</td>",
        f"{line.theme.name}, {column.name}: {told_of(found)}",
        _joined(_rungs(found)),
    )


def _rungs(found: ThemeCell) -> Iterable[str]:
    at = 0.0
    for depth in reversed(range(1, len(Depth))):
        wide = CELL_WIDE * found.ladder[depth - 1] / found.objectives
        if wide:
            yield f'<rect class="f{depth}" x="{at:.1f}" width="{wide:.1f}" height="12"/>'
        at += wide
    wide = CELL_WIDE * (found.claimed + found.outdated) / found.objectives
    if wide:
        yield (
            f'<rect class="st-edge" x="{at + 0.5:.1f}" y=".5" width="{max(wide - 1, 1):.1f}" '
            'height="11" stroke-dasharray="2 2"/>'
        )


def told_of(found: ThemeCell) -> str:
    """Say in words how the objectives of a theme stand in one column."""
    said = [
        f"{word(depth)} {found.ladder[depth - 1]}"
        for depth in reversed(range(1, len(Depth)))
        if found.ladder[depth - 1]
    ]
    if found.claimed:
        said.append(f"only claimed {found.claimed}")
    if found.outdated:
        said.append(f"out of date {found.outdated}")
    return f"{', '.join(said) or 'nothing'}, of {found.objectives}"


SMALL, TALL = 110, 8


def small_ladder(counts: Sequence[int]) -> SafeString:
    """Return how the objectives of a theme stand on the depths; none is dashed."""
    total = sum(counts)
    if not total:
        return NOTHING
    said = ", ".join(f"{word(depth)} {count}" for depth, count in enumerate(counts))
    pieces, at = [], 0.0
    for step, count in enumerate(counts):
        wide = SMALL * count / total
        if count:
            pieces.append(_piece(step, at=at, wide=wide - 1))
        at += wide
    return format_html(
        '<svg width="{}" height="{}" role="img" aria-label="{}">{}</svg>',
        SMALL, TALL, said, _joined(pieces),
    )  # fmt: skip


def _piece(step: int, *, at: float, wide: float) -> SafeString:
    if step == Depth.NONE:
        return format_html(
            '<rect class="st-edge" x="{}" y="0.5" width="{}" height="7" rx="2" '
            'stroke-dasharray="2 2"/>',
            f"{at + 0.5:.1f}", f"{max(wide - 1, 0.5):.1f}",
        )  # fmt: skip
    return format_html(
        '<rect class="f{}" x="{}" width="{}" height="8" rx="2"/>', step, f"{at:.1f}", f"{wide:.1f}"
    )


def ladder(steps: Sequence[Step]) -> SafeString:
    """Return the ladder bar of all objectives with its counts, each a link that filters."""
    counts = [step.count for step in steps if step.depth is not None]
    return format_html(
        '{}<ol class="ladl even">{}</ol>',
        parts.ladder_bar(counts) if sum(counts) else "",
        _joined(_count(step) for step in steps),
    )


def _count(step: Step) -> SafeString:
    word = format_html('<span class="small">{}</span>', step.word)
    claimed = format_html('<span class="xs mute">{} claim more</span>', step.claimed)
    return format_html(
        '<li><a class="quiet" href="?{}"{}><span class="num big">{}</span>{}{}</a></li>',
        step.query,
        SafeString(' aria-current="true"') if step.chosen else "",
        step.count,
        word if step.depth is None else parts.depth_badge(step.depth),
        claimed if step.claimed else "",
    )
