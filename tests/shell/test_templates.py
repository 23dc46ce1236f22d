"""What the content security policy forbids does not stand in a template to begin with."""

import re
from pathlib import Path

import pytest

from tests.shell import files

TEMPLATES = files.templates()
ICON = re.compile(r"""(?:{% icon |\bicon\()["']([a-z0-9-]+)["']""")
SCRIPT = re.compile(r"<script\b([^>]*)>", re.IGNORECASE)
FORBIDDEN = {
    "a style attribute": r"""\sstyle\s*=""",
    "a style element": r"<style\b",
    "an event attribute": r"""<[a-z][^>]*\son[a-z]+\s*=""",
    "htmx evaluation": r"hx-on|\bjs:|javascript:",
    "an htmx trigger filter": r"""hx-trigger=["'][^"']*\[""",
    "an old htmx boost": r"hx-boost",
    "another site": r"""(?:src|href|action)=["'](?:https?:)?//""",
}


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_holds(what: str) -> None:
    pattern = re.compile(FORBIDDEN[what], re.IGNORECASE)

    assert [files.named(path) for path in TEMPLATES if pattern.search(path.read_text())] == []


def test_a_script_is_a_file_or_a_block_of_data() -> None:
    inline = [
        files.named(path)
        for path in TEMPLATES
        for attributes in SCRIPT.findall(path.read_text())
        if " src=" not in attributes and 'type="application/json"' not in attributes
    ]

    assert inline == []


def test_no_file_of_ours_points_to_another_site() -> None:
    pointing = re.compile(r"https?://(?!www\.w3\.org/2000/svg)|url\(['\"]?//")

    assert [
        files.named(path) for path in files.own_static() if pointing.search(path.read_text())
    ] == []


def test_every_icon_that_is_used_stands_in_the_sprite() -> None:
    sprite = (files.STATIC / "img/icons.svg").read_text()
    there = set(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))
    used = {name for path in [*TEMPLATES, *files.code()] for name in ICON.findall(path.read_text())}
    navigation = (files.ROOT / "align/dashboard/context.py").read_text()
    used |= set(re.findall(r'icon="([a-z0-9-]+)"', navigation))

    assert used - there == set()


@pytest.mark.parametrize("sheet", sorted((files.STATIC / "css").glob("*.css")), ids=files.named)
def test_the_style_sheets_know_only_logical_directions(sheet: Path) -> None:
    """Right-to-left pages need no second sheet."""
    physical = (
        r"[^-](?:margin|padding|border)-(?:left|right|top|bottom)\s*:|[;{]\s*(?:left|right)\s*:"
    )
    assert re.findall(physical, sheet.read_text()) == []
