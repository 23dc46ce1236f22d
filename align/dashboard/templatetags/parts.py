"""The parts every page is made of. Each returns escaped text; geometry is in SVG attributes.

They are builtins of the template engine, and plain functions for tables built in Python.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import nh3
from django import template
from django.templatetags.static import static
from django.utils import formats, timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt
from markdown_it.token import Token

register = template.Library()

NOTHING = SafeString("")
DEPTHS = ("None", "Named", "Explained", "Practiced", "Reinforced")
LINKS = ("Why", "Behaviors", "Training", "Reach", "Adoption", "Field voice")
OK, PARTLY, BROKEN, NOT_YET = "ok", "partly", "broken", "not yet"
STATE_WORDS = {OK: "holds", PARTLY: "holds partly", BROKEN: "broken", NOT_YET: "not yet"}
FEW = 5  # below this many people a percentage says more than is known


class Link(Protocol):
    """One link of the chain, as the large chain shows it."""

    @property
    def name(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def figure(self) -> str: ...
    @property
    def base(self) -> str: ...
    @property
    def target(self) -> str: ...


@register.simple_block_tag(takes_context=True)
def titled(context: template.Context, content: str) -> str:
    """Show a page's title and keep it as ``page_title``, so that the heading can say the same."""
    context["page_title"] = content.strip()
    return content.strip()


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return an icon of the sprite. It says nothing to a screen reader: a word stands beside it."""
    return format_html(
        '<svg class="ico" aria-hidden="true"><use href="{}#{}"/></svg>',
        static("img/icons.svg"),
        name,
    )


@register.simple_tag
def depth_badge(depth: int | None, shown: int | None = None) -> SafeString:
    """Return the digit on its step and the word; what is deeper than shown is hatched."""
    if depth is None:
        return SafeString('<span class="dep dq"><i>?</i>not yet</span>')
    if shown is None or shown >= depth:
        return format_html(
            '<span class="dep d{}"><i>{}</i>{}</span>', depth, depth or "–", DEPTHS[depth]
        )
    return format_html(
        '<span class="dep d{}"><i>{}</i><i class="h{}">{}</i>{}'
        '<span class="vh">, shown: {}</span></span>',
        shown,
        shown or "–",
        depth,
        depth,
        format_html("{} <span>claimed</span>", DEPTHS[depth]),
        DEPTHS[shown],
    )


def percent(part: int, whole: int) -> str:
    """Return “61%”, half up; for fewer than five people “3 of 4”."""
    if not whole:
        return "not yet"
    return f"{(200 * part + whole) // (2 * whole)}%" if whole >= FEW else of(part, whole)


@register.simple_tag
def bar(part: int, whole: int, width: int = 44) -> SafeString:
    """Return the bar of a share, its figure, and its base for who cannot see the bar."""
    if not whole:
        return SafeString('<span class="mute">not yet</span>')
    base = format_html('<span class="vh"> ({})</span>', of(part, whole)) if whole >= FEW else ""
    return format_html(
        '<span class="share" title="{}"><svg width="{}" height="8" aria-hidden="true">'
        '<rect class="fill-track" width="{}" height="8" rx="2"/>'
        '<rect class="fill-acc" width="{}" height="8" rx="2"/></svg>'
        '<span class="num">{}</span>{}</span>',
        of(part, whole),
        width,
        width,
        f"{min(1, part / whole) * width:.1f}",
        percent(part, whole),
        base,
    )


VOICE_WIDTH = 64
VOICE_CENTRE = VOICE_WIDTH / 2
VOICE_STEP = VOICE_CENTRE / 6  # of one person, while six fit on a side


@register.simple_tag
def voice_bar(negative: int, changes: int, works: int, most: float = 0) -> SafeString:
    """Return the diverging bar of what the field says; ``most`` is the longest side of its column.

    “Will not work” goes to the left, “works” to the right, “with changes” across the centre.
    """
    most = max(most, negative + changes / 2, works + changes / 2)
    step = min(VOICE_STEP, VOICE_CENTRE / most) if most else 0.0
    grey, left, right = changes * step, negative * step, works * step
    return format_html(
        '<span class="vh">{} will not work, {} with changes, {} it works</span>'
        '<svg class="voice" width="64" height="12" aria-hidden="true">'
        '<path class="st-line" d="M32 0v12"/>'
        '<rect class="fill-ink" x="{}" y="3.5" width="{}" height="5" opacity=".45"/>'
        '<rect class="fill-sig" x="{}" y="2" width="{}" height="8" rx="1.5"/>'
        '<rect class="fill-acc" x="{}" y="2" width="{}" height="8" rx="1.5"/></svg>',
        negative,
        changes,
        works,
        f"{VOICE_CENTRE - grey / 2:.1f}",
        f"{grey:.1f}",
        f"{VOICE_CENTRE - grey / 2 - left:.1f}",
        f"{left:.1f}",
        f"{VOICE_CENTRE + grey / 2:.1f}",
        f"{right:.1f}",
    )


def _state(link: str | Link) -> str:
    state = link if isinstance(link, str) else link.state
    return NOT_YET if state == "notyet" else state


# The pieces of a small link, each at its place: what is filled, and what is drawn as a line.
FILLED = {OK: "M{x} 2h10v10h-10z", PARTLY: "M{x} 7h10v5h-10z"}
LINED = {
    PARTLY: ("st-acc", "M{x} 2.6h10v8.8h-10z"),
    BROKEN: ("st-sig", "M{x} 2.75h9v8.5h-9zm2.5 6.25l4 -4"),
    NOT_YET: ("st-edge", "M{x} 2.75h9v8.5h-9z"),
}
JOINT = "M{x} 7h5"


def _paths(states: Sequence[str], holds: Sequence[bool]) -> dict[str, str]:
    """Return one path a class: a table has hundreds of chains, and a page 3,000 elements."""
    paths: dict[str, str] = {}

    def draw(look: str, piece: str, x: int) -> None:
        paths[look] = paths.get(look, "") + piece.format(x=x)

    for place, state in enumerate(states):
        if state in FILLED:
            draw("fill-acc", FILLED[state], 15 * place)
        if state in LINED:
            draw(*LINED[state], 15 * place)
        if all(holds[place : place + 2]) and place + 1 < len(states):
            draw("st-acc", JOINT, 15 * place + 10)
    return paths


@register.simple_tag
def chain_small(links: Sequence[str | Link]) -> SafeString:
    """Return the chain of a row. Two neighbors are joined only if both hold at least partly."""
    states = [_state(link) for link in links]
    holds = [state in (OK, PARTLY) for state in states]
    said = "; ".join(f"{name} {state}" for name, state in zip(LINKS, states, strict=True))
    return format_html(
        '<svg class="chain" width="85" height="14" viewBox="0 0 85 14" role="img"'
        ' aria-label="Chain: {}">{}</svg>',
        said,
        format_html_join("", '<path class="{}" d="{}"/>', _paths(states, holds).items()),
    )


STEP = 100 / len(LINKS)  # per cent of the width between two links

LARGE_LINKS = {
    OK: '<circle class="fill-acc" cx="14" cy="16" r="13"/><path d="M9 16l4 4 7-8" class="st-on"'
    ' stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/>',
    PARTLY: '<circle class="st-acc" cx="14" cy="16" r="12" stroke-width="2"/>'
    '<path class="fill-acc" d="M2 16a12 12 0 0 0 24 0z"/>',
    BROKEN: '<circle class="st-sig" cx="14" cy="16" r="12" stroke-width="2"/>'
    '<path class="st-sig" d="M9.5 20.5l9 -9" stroke-width="2.2" stroke-linecap="round"/>',
    NOT_YET: '<circle class="st-edge" cx="14" cy="16" r="12" stroke-width="1.6"'
    ' stroke-dasharray="3 3"/>',
}
SOLID = '<line class="st-acc" x1="30" x2="100%" y1="16" y2="16" stroke-width="2"/>'
DASHED = SOLID.replace("/>", ' stroke-dasharray="6 5"/>')
CUT = (
    '<line class="st-sig" x1="30" x2="43%" y1="16" y2="16" stroke-width="2"/>'
    '<line class="st-sig" x1="64%" x2="100%" y1="16" y2="16" stroke-width="2"/>'
    '<svg x="50%" overflow="visible"><path class="st-sig" d="M-4 24l6 -16M6 24l6 -16"'
    ' stroke-width="2" stroke-linecap="round"/></svg>'
)
RETURN = SafeString(
    '<svg x="14" width="100%" height="50" overflow="visible">'
    '<line class="st-edge" x1="0" x2="83.333%" y1="44" y2="44" stroke-width="1.4"'
    ' stroke-dasharray="3 4"/>'
    '<path class="st-edge" d="M0 44V33M-4.5 38l4.5 -6 4.5 6" stroke-width="1.4"/>'
    '<svg x="83.333%" overflow="visible"><path class="st-edge" d="M0 32v12" stroke-width="1.4"'
    ' stroke-dasharray="3 4"/></svg></svg>'
)


def _joint(left: str, right: str) -> str:
    if NOT_YET in (left, right):
        return ""
    if BROKEN in (left, right):
        return CUT
    return SOLID if left == right == OK else DASHED


def _large_link(place: int, states: Sequence[str]) -> SafeString:
    joint = _joint(*states[place : place + 2]) if place + 1 < len(states) else ""
    return format_html(
        '<svg x="{}%" width="{}%" height="50" overflow="visible">{}{}</svg>',
        f"{place * STEP:.3f}",
        f"{STEP:.3f}",
        SafeString(joint),  # constants of this module
        SafeString(LARGE_LINKS[states[place]]),
    )


@register.simple_tag
def chain_large(links: Sequence[Link]) -> SafeString:
    """Return the chain of an objective's page: the picture, and six columns that link to it."""
    states = [_state(link) for link in links]
    said = ". ".join(
        f"{link.name} {STATE_WORDS[state]}: {link.figure}"
        for link, state in zip(links, states, strict=True)
    )
    columns = (
        (
            link.target,
            link.name,
            " sig" if state == BROKEN else "",
            link.figure,
            link.base,
        )
        for link, state in zip(links, states, strict=True)
    )
    return format_html(
        '<figure class="chainpic" aria-label="Alignment chain"><svg width="100%" height="50"'
        ' role="img" aria-label="{}. Field voice feeds back into why.">{}{}</svg><ol>{}</ol>'
        "</figure>",
        said,
        format_html_join("", "{}", ((_large_link(place, states),) for place in range(len(states)))),
        RETURN,
        format_html_join(
            "",
            '<li><a class="quiet" href="{}"><span class="eyebrow">{}</span>'
            '<span class="cb{}">{}</span><span class="small sub">{}</span></a></li>',
            columns,
        ),
    )


@register.simple_tag
def ladder_bar(counts: Sequence[int]) -> SafeString:
    """Return the bar of five counts, from None to Reinforced, as wide as its place."""
    total, x, parts = sum(counts), 0.0, []
    for depth, count in enumerate(counts):
        if not count:
            continue
        width = 1000 * count / total
        parts.append(_rung(depth, x, width))
        x += width
    said = ", ".join(f"{word} {count}" for word, count in zip(DEPTHS, counts, strict=True))
    return format_html(
        '<svg class="ladbar" viewBox="0 0 1000 14" preserveAspectRatio="none" width="100%"'
        ' height="14" role="img" aria-label="{}">{}</svg>',
        said,
        format_html_join("", "{}", ((part,) for part in parts)),
    )


def _rung(depth: int, x: float, width: float) -> SafeString:
    if not depth:
        return format_html(
            '<rect class="st-edge" x="{}" y="1" width="{}" height="12" rx="3"'
            ' stroke-dasharray="3 3"/>',
            f"{x + 1:.1f}",
            f"{max(width - 4, 1):.1f}",
        )
    return format_html(
        '<rect class="f{}" x="{}" y="0" width="{}" height="14" rx="3"/>',
        depth,
        f"{x:.1f}",
        f"{max(width - 3, 1):.1f}",
    )


MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False})
MARKDOWN_TAGS = {
    "p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "ol", "li", "a", "img",
    "h3", "h4", "h5", "h6",
}  # fmt: skip
# Pictures of modules, kept here. Any other would tell another server who reads.
PICTURE = re.compile(r"/training/images/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/")


def _keep_pictures(token: Token) -> None:
    """Show our own pictures; of others only the words that stand for them."""
    for child in token.children or ():
        if child.type == "image" and not PICTURE.fullmatch(str(child.attrGet("src"))):
            child.type, child.tag, child.attrs, child.children = "text", "", {}, None


def _attribute(tag: str, name: str, value: str) -> str | None:
    return None if (tag, name) == ("img", "src") and not PICTURE.fullmatch(value) else value


@register.simple_tag
def markdown(text: str) -> SafeString:
    """Return people's Markdown as safe HTML, out of reach for htmx.

    Headings start two steps down: the page has its own title. Pictures are those of modules.
    """
    tokens = MARKDOWN.parse(text)
    for token in tokens:
        _keep_pictures(token)
    headings = [token for token in tokens if token.type.startswith("heading_")]
    steps = sorted({token.tag for token in headings})  # whichever a writer begins with
    for token in headings:
        token.tag = f"h{min(steps.index(token.tag) + 3, 6)}"
    clean = nh3.clean(
        MARKDOWN.renderer.render(tokens, MARKDOWN.options, {}),
        tags=MARKDOWN_TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        attribute_filter=_attribute,
        set_tag_attribute_values={"img": {"loading": "lazy"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
    )
    return format_html('<div class="md" hx-ignore>{}</div>', SafeString(clean))


@register.simple_tag
def day(when: date | datetime | None, zone: str = "") -> SafeString:
    """Return “18 Nov”, with the year only when it is not this one.

    In the reader's zone; what takes force does so on a day of its strategy's ``zone``.
    """
    if when is None:
        return NOTHING
    full = when.isoformat()
    if isinstance(when, datetime):
        here = ZoneInfo(zone) if zone else None
        when = timezone.localtime(when, here) if timezone.is_aware(when) else when
    pattern = "j M" if when.year == timezone.localdate().year else "j M Y"
    return format_html('<time datetime="{}">{}</time>', full, formats.date_format(when, pattern))


@register.simple_tag
def of(part: int, whole: int) -> str:
    """Return “9 of 13”: no number goes without its base."""
    return f"{part:,} of {whole:,}"


@register.simple_tag
def initials(name: Any) -> str:
    """Return the first letters of the first and the last name."""
    words = str(name).split()
    ends = words if len(words) < 2 else [words[0], words[-1]]
    return "".join(word[0] for word in ends).upper()
