"""Pages stay light: the budgets of the design, in bytes on the wire."""

from pathlib import Path

import pytest

from tests.shell import files

KB = 1000
SANS = files.VENDOR / "source-sans-3/source-sans-3-latin-wght-normal.woff2"
SERIF = files.VENDOR / "source-serif-4/source-serif-4-latin-wght-normal.woff2"


@pytest.mark.parametrize(
    ("what", "paths", "budget"),
    [
        ("the style sheets", sorted((files.STATIC / "css").glob("*.css")), 14 * KB),
        (
            "all script",
            [*(files.STATIC / "js").glob("*.js"), files.VENDOR / "htmx/htmx.min.js"],
            25 * KB,
        ),
        ("script without htmx", sorted((files.STATIC / "js").glob("*.js")), 6 * KB),
        ("the sprite", [files.STATIC / "img/icons.svg"], 4 * KB),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_within_the_budget(what: str, paths: list[Path], budget: int) -> None:
    assert 0 < files.weight(paths) <= budget, what


def test_the_fonts_of_a_latin_page_are_within_the_budget() -> None:
    assert SANS.stat().st_size + SERIF.stat().st_size <= 80 * KB
    assert SANS.stat().st_size <= 29 * KB  # all that Tell needs
