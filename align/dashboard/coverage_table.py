"""The coverage matrix and its ladder as escaped strings.

A template loop over some hundred cells costs many times what joining strings does; every text
that people wrote passes ``format_html`` here.
"""

from collections.abc import Iterable, Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from align.dashboard import words
from align.dashboard.rows.coverage import CoverageRow, ProgramCell, ProgramRow
from align.dashboard.rows.coverage_page import CoveragePage, Group, Step
from align.dashboard.rows.figures import Coverage, Share
from align.dashboard.templatetags import parts
from strategy.models import Depth

EMPTY = SafeString('<td class="c"><span class="vh">none</span></td>')
NO_FLAGS = SafeString('<span class="mute" aria-hidden="true">·</span><span class="vh">none</span>')
CAPTION = (
    "Objectives by theme: how deep training goes by program, 1 Named to 4 Reinforced, how many "
    "people it reached, how many were seen doing it, and what the field says. Solid is shown, "
    "hatched is only claimed, dashed is out of date."
)


def table(page: CoveragePage) -> SafeString:
    """Return the table of the rows drawn on this page."""
    return format_html(
        '<div class="mxwrap card" role="region" aria-label="Coverage matrix" tabindex="0">'
        '<table class="mx matrix"><caption class="vh">{}</caption>{}{}</table></div>',
        CAPTION,
        _head(page.programs),
        _joined(_body(group, page.programs) for group in page.groups),
    )


def _joined(pieces: Iterable[SafeString]) -> SafeString:
    return SafeString("".join(pieces))


def _head(programs: Sequence[ProgramRow]) -> SafeString:
    return format_html(
        '<thead><tr><th scope="col" class="obj">Objective</th><th scope="col" class="ch">Chain</th>'
        '<th scope="col" class="dp">Training</th>{}<th scope="col" class="q">Reach</th>'
        '<th scope="col" class="q">Seen</th><th scope="col" class="v">Field voice</th>'
        '<th scope="col" class="fl">Flags</th></tr></thead>',
        format_html_join(
            "",
            '<th scope="col" class="c"><span>{}</span></th>',
            ((program.name,) for program in programs),
        ),
    )


def _body(group: Group, programs: Sequence[ProgramRow]) -> SafeString:
    return format_html(
        '<tbody><tr class="grp"><th colspan="{}" scope="rowgroup"><span class="serif">{}</span> '
        '<span class="mute small">{}</span> {}</th></tr>{}</tbody>',
        7 + len(programs),
        group.theme.name,
        words.counted(group.objectives, "objective"),
        small_ladder(group.ladder),
        _joined(_row(row, programs) for row in group.rows),
    )


def _row(row: CoverageRow, programs: Sequence[ProgramRow]) -> SafeString:
    return format_html(
        '<tr><th scope="row" class="obj"><a class="quiet" href="{}"><span class="code">{}</span>'
        '<span class="ti">{}</span></a></th><td class="ch">{}</td><td class="dp">{}</td>{}'
        '<td class="q" data-l="Reach">{}</td><td class="q" data-l="Seen">{}</td>'
        '<td class="v">{}</td><td class="fl">{}</td></tr>',
        row.link,
        row.code,
        row.title,
        parts.chain_small(row.chain),
        depth(row.coverage),
        _joined(cell(row, program) for program in programs),
        share(row.coverage.reach),
        share(row.coverage.seen),
        parts.voice_bar(row.voice.negative, row.voice.changes, row.voice.works),
        _flags(row),
    )


def depth(coverage: Coverage) -> SafeString:
    """Return the depth of the weakest cell, how many cells are covered, how many out of date."""
    if coverage.depth is None:
        return SafeString('<span class="mute">undefined</span>')
    return format_html(
        '{}<span class="small mute beneath">{} of {} covered</span>{}',
        _badge(coverage.depth, coverage.shown or 0),
        coverage.covered,
        coverage.cells,
        _late(coverage),
    )


def _badge(depth: int, shown: int) -> SafeString:
    """Return the badge of a depth; what is only claimed is one hatched digit, for want of room."""
    if shown >= depth:
        return parts.depth_badge(depth)
    return format_html(
        '<span class="dep"><i class="h{}">{}</i>{}<span class="vh">, only claimed</span></span>',
        depth,
        depth,
        word(depth),
    )


def _late(coverage: Coverage) -> SafeString:
    if not coverage.suspect:
        return SafeString("")
    return format_html('<span class="small sig beneath">{} out of date</span>', coverage.suspect)


def share(figure: Share) -> SafeString:
    """Return a bar, its per cent and its base; “not yet” where nothing was looked at."""
    if not figure.whole:
        return SafeString('<span class="mute">not yet</span>')
    return format_html(
        '<svg width="36" height="8" aria-hidden="true"><rect class="fill-track" width="36" '
        'height="8" rx="2"/><rect class="fill-acc" width="{}" height="8" rx="2"/></svg>'
        '<span class="num">{}</span>{}',
        f"{36 * min(1, figure.part / figure.whole):.1f}",
        figure.said,
        _base(figure),
    )


def _base(figure: Share) -> SafeString:
    if figure.few:
        return SafeString("")  # the figure is its own base
    return format_html('<span class="small mute beneath">{}</span>', str(figure))


def cell(row: CoverageRow, program: ProgramRow) -> SafeString:
    """Return one cell of the matrix; its link opens the behaviors behind it."""
    found = row.programs.get(program.pk)
    if found is None:
        return EMPTY
    return format_html('<td class="c">{}</td>', _filled(found, row, f"{row.code}, {program.name}"))


def _filled(found: ProgramCell, row: CoverageRow, name: str) -> SafeString:
    link = f"{row.link}#behaviors"
    if not found.claimed:
        return format_html(
            '<a class="cell sus" href="{}"><span class="vh">{}: </span><b>{}</b>{}'
            '<span class="vh"> {}, out of date since the behavior changed</span></a>',
            link, name, found.outdated, parts.icon("rotate-ccw"), word(found.outdated),
        )  # fmt: skip
    if not found.shown:
        return format_html(
            '<a class="cell cl h{}" href="{}"><span class="vh">{}: </span><i>{}</i>'
            '<span class="vh"> {}, only claimed</span></a>',
            found.claimed, link, name, found.claimed, word(found.claimed),
        )  # fmt: skip
    if found.shown < found.claimed:
        return format_html(
            '<a class="cell sp" href="{}"><span class="vh">{}: </span><b class="d{}">{}</b>'
            '<span class="vh"> {} is shown, </span><i class="h{}">{}</i>'
            '<span class="vh"> {} only claimed</span></a>',
            link, name, found.shown, found.shown, word(found.shown),
            found.claimed, found.claimed, word(found.claimed),
        )  # fmt: skip
    return format_html(
        '<a class="cell d{}" href="{}"><span class="vh">{}: </span><b>{}</b>'
        '<span class="vh"> {}, shown</span></a>',
        found.shown, link, name, found.shown, word(found.shown),
    )  # fmt: skip


def word(depth: int) -> str:
    return str(Depth(depth).label)


def _flags(row: CoverageRow) -> SafeString:
    if not row.flags:
        return NO_FLAGS
    return format_html_join(
        "",
        '<a class="tag flag quiet" href="{}">{}</a>',
        ((flag.link, flag.title) for flag in row.flags),
    )


SMALL, TALL = 110, 8


def small_ladder(counts: Sequence[int]) -> SafeString:
    """Return how the objectives of a theme stand on the depths; none is dashed."""
    total = sum(counts)
    if not total:
        return SafeString("")
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
    claimed = format_html(
        '<span class="xs mute">{} only claimed</span>', step.claimed
    )  # fmt: skip
    return format_html(
        '<li><a class="quiet" href="?{}"{}><span class="num big">{}</span>{}{}</a></li>',
        step.query,
        SafeString(' aria-current="true"') if step.chosen else "",
        step.count,
        word if step.depth is None else parts.depth_badge(step.depth),
        claimed if step.claimed else "",
    )
