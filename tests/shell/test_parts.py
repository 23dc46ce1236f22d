"""The parts say in words what they draw, and escape what people wrote."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
import time_machine
from django.template import Context, Template

from align.dashboard.templatetags import parts

EVIL = '"><script>alert(1)</script>'


@dataclass(frozen=True)
class Link:
    name: str
    state: str
    figure: str = "4"
    base: str = "9 of 13"
    target: str = "#why"


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def widths(html: str, name: str) -> list[float]:
    root = ElementTree.fromstring(f"<p>{html}</p>")
    return [float(rect.attrib["width"]) for rect in root.iter("rect") if rect.get("class") == name]


def test_an_icon_is_hidden_from_screen_readers_and_escaped() -> None:
    assert 'aria-hidden="true"' in parts.icon("sun")
    assert "icons.svg#sun" in parts.icon("sun")
    assert "<script>" not in parts.icon(EVIL)


def test_a_depth_is_a_digit_and_a_word() -> None:
    assert [words(parts.depth_badge(depth)) for depth in range(5)] == [
        "– None", "1 Named", "2 Explained", "3 Practiced", "4 Reinforced",
    ]  # fmt: skip


def test_a_depth_that_is_only_claimed_says_so_and_is_hatched() -> None:
    badge = parts.depth_badge(3, 1)

    assert words(badge) == "1 3 Practiced claimed , shown: Named"
    assert 'class="h3"' in badge
    assert parts.depth_badge(3, 3) == parts.depth_badge(3)


def test_a_depth_nobody_judged_yet_is_neither_none_nor_covered() -> None:
    assert words(parts.depth_badge(None)) == "? not yet"


def test_a_bar_shows_its_share_and_tells_its_base() -> None:
    html = parts.bar(191, 312)

    assert words(html) == "61% (191 of 312)"
    assert widths(html, "fill-acc") == [26.9]


def test_a_bar_gives_no_percentage_of_fewer_than_five() -> None:
    assert words(parts.bar(3, 4)) == "3 of 4"


def test_a_bar_of_nothing_is_not_yet() -> None:
    assert words(parts.bar(0, 0)) == "not yet"
    assert words(parts.bar(0, 8)) == "0% (0 of 8)"


def test_a_bar_never_grows_over_its_track() -> None:
    assert widths(parts.bar(9, 8), "fill-acc") == [44.0]


def test_the_voice_bar_tells_its_counts() -> None:
    assert words(parts.voice_bar(5, 2, 1)) == "5 will not work, 2 with changes, 1 it works"


@pytest.mark.parametrize("counts", [(0, 0, 0), (5, 2, 1), (900, 4, 3), (0, 50, 0)])
def test_the_voice_bar_stays_in_its_picture(counts: tuple[int, int, int]) -> None:
    root = ElementTree.fromstring(f"<p>{parts.voice_bar(*counts)}</p>")
    for rect in root.iter("rect"):
        assert float(rect.attrib["x"]) >= -0.1
        assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= 64.1


def test_voice_bars_of_one_column_share_their_scale() -> None:
    assert widths(parts.voice_bar(4, 0, 0, 16), "fill-sig") == [8.0]
    assert widths(parts.voice_bar(16, 0, 0, 16), "fill-sig") == [32.0]


def test_the_small_chain_names_its_six_links() -> None:
    chain = parts.chain_small(["ok", "ok", "partly", "not yet", "broken", "notyet"])

    assert (
        "Chain: Why ok; Behaviors ok; Training partly; Reach not yet; Adoption broken; "
        "Field voice not yet"
    ) in chain


def test_two_links_are_joined_only_if_both_hold_at_least_partly() -> None:
    joints = re.findall(r"M(\d+) 7h5", parts.chain_small(["ok", "partly", "broken"] + ["ok"] * 3))

    assert joints == ["10", "55", "70"]


def test_the_large_chain_links_each_column_and_escapes() -> None:
    links = [Link(name, "ok") for name in parts.LINKS[:5]] + [Link(EVIL, "broken", EVIL)]
    html = parts.chain_large(links)

    assert html.count('<a class="quiet" href="#why">') == 6
    assert "Why holds: 4." in html
    assert "<script>" not in html
    assert html.count('class="cb sig"') == 1


def test_the_ladder_counts_each_depth() -> None:
    html = parts.ladder_bar([3, 6, 5, 7, 3])

    assert "None 3, Named 6, Explained 5, Practiced 7, Reinforced 3" in html
    assert html.count("<rect") == 5
    assert parts.ladder_bar([0, 0, 0, 0, 0]).count("<rect") == 0


@pytest.mark.parametrize(
    "part",
    [
        parts.icon("sun"),
        parts.depth_badge(2),
        parts.bar(1, 9),
        parts.voice_bar(1, 1, 1),
        parts.chain_small(["ok"] * 6),
        parts.chain_large([Link(name, "partly") for name in parts.LINKS]),
        parts.ladder_bar([1, 1, 1, 1, 1]),
    ],
)
def test_geometry_is_never_in_a_style(part: str) -> None:
    assert "style" not in part


def test_markdown_becomes_safe_html_that_htmx_leaves_alone() -> None:
    html = parts.markdown("# Why\n\nA *short* [case](https://example.com).\n\n- one\n- two")

    assert html.startswith('<div class="md" hx-ignore>')
    assert "<h3>Why</h3>" in html
    assert "<em>short</em>" in html
    assert 'rel="noopener noreferrer nofollow"' in html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,hi)",
        "![x](https://example.com/seen.png)",
        '<p hx-get="/x" id="main" class="btn" style="color:red" data-find name="q">x</p>',
    ],
)
def test_markdown_lets_nothing_else_through(text: str) -> None:
    html = parts.markdown(text).removeprefix('<div class="md" hx-ignore>')

    assert re.findall(r"<(?!/?(?:p|a|div)\b)", html) == []
    assert re.findall(r"<[^>]*\s(?:on\w+|src|hx-\w+|id|class|style|data-\w+|name)=", html) == []
    assert "href" not in html


@time_machine.travel(datetime(2026, 11, 18, 9, tzinfo=UTC))
def test_a_day_names_its_year_only_when_it_is_not_this_one() -> None:
    assert parts.day(date(2026, 3, 2)) == '<time datetime="2026-03-02">2 Mar</time>'
    assert parts.day(date(2025, 3, 2)) == '<time datetime="2025-03-02">2 Mar 2025</time>'
    assert parts.day(None) == ""


@time_machine.travel(datetime(2026, 11, 18, 9, tzinfo=UTC))
def test_a_day_is_that_of_the_readers_zone() -> None:
    late = datetime(2026, 11, 17, 23, 30, tzinfo=UTC)
    tokyo = Template("{% load tz %}{% timezone 'Asia/Tokyo' %}{% day at %}{% endtimezone %}")

    assert "17 Nov" in parts.day(late)
    assert "18 Nov" in tokyo.render(Context({"at": late}))


def test_numbers_have_their_base_and_names_their_letters() -> None:
    assert parts.of(1200, 13000) == "1,200 of 13,000"
    assert [parts.initials(name) for name in ("Mara van Lindqvist", "Ada", "", "å b")] == [
        "ML", "A", "", "ÅB",
    ]  # fmt: skip


def test_a_template_escapes_what_the_parts_return_as_plain_text() -> None:
    page = Template("{% initials name %}|{% of 9 13 %}")

    assert page.render(Context({"name": "<b &amp;"})) == "&lt;&amp;|9 of 13"
