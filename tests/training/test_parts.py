"""Content in parts."""

from hypothesis import given
from hypothesis import strategies as st

from training.parts import parts


def titles(content: str) -> list[str]:
    return [part.title for part in parts(content)]


def test_each_level_2_heading_begins_a_part() -> None:
    found = parts("Before.\n\n## One\n\nText *one*.\n\n### Small\n\n## Two `x`\nText two.\n")
    assert [(part.number, part.title) for part in found] == [(1, "One"), (2, "Two x")]
    assert "Before." in found[0].text
    assert "### Small" in found[0].text
    assert found[1].text.strip() == "Text two."


def test_without_two_headings_it_is_one_part() -> None:
    assert titles("Just text.") == [""]
    assert titles("# Title\n\n## Only one\n\nText.") == [""]
    assert parts(" \n ") == ()


def test_what_only_looks_like_a_heading_is_none() -> None:
    content = "## One\n\n```\n## not this\n```\n\n> ## nor this\n\n- ## nor that\n\n## Two\n\nx"
    assert titles(content) == ["One", "Two"]


def test_underlined_headings_count_too() -> None:
    assert titles("One\n---\n\nText\n\nTwo\n---\n\nText") == ["One", "Two"]


LINES = st.sampled_from(
    ["## Head", "text", "", "```", "# Top", "- point", "a\u2028b", "\x0b", "c\r"]
)


@given(st.lists(LINES, max_size=30).map("\n".join))
def test_no_text_is_lost_and_none_said_twice(content: str) -> None:
    found = parts(content)
    whole = "".join(part.title + part.text for part in found)
    for piece in ("text", "point", "a\u2028b"):
        assert whole.count(piece) == content.count(piece)
    assert [part.number for part in found] == list(range(1, len(found) + 1))
