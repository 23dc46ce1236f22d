"""The matrix: a claim never looks like proof, and words are escaped."""

import pytest

from align.dashboard import coverage_table
from align.dashboard.rows.coverage import ProgramCell, ProgramRow
from align.dashboard.rows.figures import Coverage, Share
from tests.dashboard import rows

ONBOARDING = ProgramRow(pk=7, name="Onboarding <i>")


def cell(found: ProgramCell) -> str:
    return coverage_table.cell(rows.row("A4", programs={7: found}), ONBOARDING)


@pytest.mark.parametrize(
    ("found", "look", "said"),
    [
        (ProgramCell(shown=2, claimed=2), 'class="cell d2"', "Explained, shown"),
        (ProgramCell(shown=2, claimed=3), 'class="cell sp"', "Practiced only claimed"),
        (ProgramCell(claimed=1), 'class="cell cl h1"', "Named, only claimed"),
        (ProgramCell(outdated=3), 'class="cell sus"', "out of date since the behavior changed"),
    ],
)
def test_a_cell_shows_what_is_known(found: ProgramCell, look: str, said: str) -> None:
    html = cell(found)
    assert look in html
    assert said in html


def test_a_cell_names_its_objective_and_program_escaped() -> None:
    assert "A4, Onboarding &lt;i&gt;: " in cell(ProgramCell(claimed=1))


def test_nothing_mapped_is_empty_and_said() -> None:
    assert coverage_table.cell(rows.row(), ONBOARDING) == coverage_table.EMPTY


def test_a_share_has_its_base_and_not_yet_is_not_zero() -> None:
    assert "61%" in coverage_table.share(Share(191, 312))
    assert "191 of 312" in coverage_table.share(Share(191, 312))
    assert "0%" in coverage_table.share(Share(0, 312))
    assert coverage_table.share(Share(0, 0)) == '<span class="mute">not yet</span>'


def test_depth_says_covered_cells_and_what_is_out_of_date() -> None:
    html = coverage_table.depth(Coverage(cells=5, covered=3, suspect=1, depth=2, shown=2))
    assert "3 of 5 covered" in html
    assert "1 out of date" in html
    assert "undefined" in coverage_table.depth(Coverage())


def test_a_depth_that_is_only_claimed_is_hatched() -> None:
    html = coverage_table.depth(Coverage(cells=1, covered=1, depth=3, shown=0))
    assert '<i class="h3">3</i>Practiced' in html
    assert "only claimed" in html


def test_the_small_ladder_says_its_counts_and_fits() -> None:
    html = coverage_table.small_ladder([1, 0, 2, 0, 1])
    assert "None 1, Named 0, Explained 2, Practiced 0, Reinforced 1" in html
    assert coverage_table.small_ladder([0, 0, 0, 0, 0]) == ""
