"""Pages stay light: the budgets of the design, in bytes on the wire."""

import re
from pathlib import Path

import pytest

from tests.shell import files

KB = 1000
CSS = files.STATIC / "css"
SANS = files.VENDOR / "source-sans-3/source-sans-3-latin-wght-normal.woff2"
SERIF = files.VENDOR / "source-serif-4/source-serif-4-latin-wght-normal.woff2"


@pytest.mark.parametrize(
    ("what", "paths", "budget"),
    [
        *(
            (f"the style sheets of {own}", [CSS / "align.css", CSS / f"{own}.css"], 14 * KB)
            for own in ("dashboard", "feedback", "training")  # a page loads one of these at most
        ),
        (
            "all script",
            [*(files.STATIC / "js").glob("*.js"), files.VENDOR / "htmx/htmx.min.js"],
            25 * KB,
        ),
        (
            "the script of Tell",
            [files.STATIC / f"js/{name}.js" for name in ("theme", "align", "queue", "tell")],
            6 * KB,
        ),
        ("the sprite", [files.STATIC / "img/icons.svg"], 4 * KB),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_within_the_budget(what: str, paths: list[Path], budget: int) -> None:
    assert 0 < files.weight(paths) <= budget, what


def test_the_fonts_of_a_latin_page_are_within_the_budget() -> None:
    assert SANS.stat().st_size + SERIF.stat().st_size <= 80 * KB
    assert SANS.stat().st_size <= 29 * KB  # all that Tell needs


def test_no_page_loads_two_sheets_beside_the_common_one() -> None:
    for template in files.templates():
        assert len(re.findall(r"css/\w+\.css", template.read_text())) <= 1, template.name
        if template.parent.name == "dashboard" and template.name != "base.html":
            assert "css/" not in template.read_text(), template.name
