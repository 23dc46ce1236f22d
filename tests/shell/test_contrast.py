"""The color tokens keep the ratios of the design in both themes (WCAG 2)."""

import re

import pytest

from tests.shell import files

CSS = (files.STATIC / "css/align.css").read_text()
TOKENS = {
    name: (light, dark)
    for name, light, dark in re.findall(
        r"--([a-z0-9-]+): light-dark\((#[0-9A-F]{6}), (#[0-9A-F]{6})\)", CSS
    )
}
TEXT, CONTROL = 4.5, 3.0
GROUNDS = ("surface", "canvas", "sunken")
PAIRS = [
    *[(ink, ground, TEXT) for ink in ("ink", "ink-2", "ink-3") for ground in GROUNDS],
    *[(ink, ground, TEXT) for ink in ("accent", "signal") for ground in GROUNDS],
    ("on-accent", "accent", TEXT),
    ("accent", "accent-soft", TEXT),
    ("ink", "accent-soft", TEXT),
    ("ink-2", "accent-soft", TEXT),
    ("ink-3", "accent-soft", TEXT),
    ("signal", "signal-soft", TEXT),
    ("ink", "signal-soft", TEXT),
    *[(f"on-d{step}", f"d{step}", TEXT) for step in (1, 2, 3, 4)],
    ("edge", "surface", CONTROL),
    ("edge", "canvas", CONTROL),
]


def luminance(color: str) -> float:
    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(color[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(("ink", "ground", "least"), PAIRS)
def test_can_be_read(ink: str, ground: str, least: float, theme: int) -> None:
    assert contrast(TOKENS[ink][theme], TOKENS[ground][theme]) >= least


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_the_depths_go_in_one_direction(theme: int) -> None:
    steps = [luminance(TOKENS[f"d{step}"][theme]) for step in (1, 2, 3, 4)]

    assert steps == sorted(steps, reverse=theme == 0)
