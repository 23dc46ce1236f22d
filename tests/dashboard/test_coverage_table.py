"""The matrix: a claim never looks like proof, and words are escaped."""

import re

import pytest

from align.dashboard import coverage_table
from align.dashboard.rows.figures import Coverage, Share
from align.dashboard.rows.filters import Filters
from align.dashboard.rows.grid import MatrixCell, ThemeCell
from tests.dashboard import rows

ROWS, COLUMNS = 40, 24
SHELL = 380  # elements a page has around its table


def drawn(cell: MatrixCell) -> str:
    return coverage_table.link(
        cell, "/coverage/cell/?a=1&b=2", "A4, <i>: " + coverage_table.told(cell)
    )


@pytest.mark.parametrize(
    ("cell", "look", "said"),
    [
        (MatrixCell(shown=2, claimed=2), 'class="cell d2"', "Explained, shown"),
        (
            MatrixCell(shown=2, claimed=3),
            'class="cell sp d2 h3"',
            "Explained is shown, Practiced only claimed",
        ),
        (MatrixCell(claimed=1), 'class="cell cl h1"', "Named, only claimed"),
        (MatrixCell(outdated=3), 'class="cell sus"', "out of date since the behavior changed"),
        (MatrixCell(claimed=3, unknown=True), 'class="cell unk"', "not enough yet"),
        (
            MatrixCell(shown=4, claimed=4, sustained=True),
            'class="cell d4 twice"',
            "seen in two periods",
        ),
    ],
)
def test_a_cell_shows_what_is_known(cell: MatrixCell, look: str, said: str) -> None:
    html = drawn(cell)
    assert look in html
    assert said in html


def test_a_claim_beside_a_proof_has_its_own_digit() -> None:
    assert 'data-c="3"' in drawn(MatrixCell(shown=2, claimed=3))
    assert "data-c" not in drawn(MatrixCell(shown=3, claimed=3))


def test_a_cell_is_one_element_and_escapes() -> None:
    html = drawn(MatrixCell(claimed=1))
    assert len(re.findall(r"<[a-z]", html)) == 1
    assert "A4, &lt;i&gt;: " in html
    assert "?a=1&amp;b=2" in html


def test_the_deepest_of_two_is_taken_and_nothing_is_averaged() -> None:
    both = MatrixCell(shown=1, claimed=2) | MatrixCell(shown=0, claimed=4)
    assert (both.shown, both.claimed) == (1, 4)


def test_nothing_can_be_told_only_where_nothing_can_be_told_of_any_claim() -> None:
    unknown, known = MatrixCell(claimed=2, unknown=True), MatrixCell(claimed=1)
    assert (unknown | unknown).unknown
    assert not (unknown | known).unknown
    assert (unknown | MatrixCell(outdated=2)).unknown


def test_a_share_has_its_base_and_not_yet_is_not_zero() -> None:
    assert "61%" in coverage_table.share(Share(191, 312))
    assert "191 of 312" in coverage_table.share(Share(191, 312))
    assert "0%" in coverage_table.share(Share(0, 312))
    assert "not yet" in coverage_table.share(Share(0, 0))
    assert "too few" in coverage_table.share(Share(0, 0, hidden=True))


def test_what_was_planned_is_a_mark_and_is_said() -> None:
    html = coverage_table.share(Share(191, 312), planned=Share(240, 312))
    assert "191 of 312, 240 planned" in html
    assert '<path class="st-ink"' in html


def test_not_yet_says_how_many_cells_anybody_looked_at() -> None:
    found = Coverage(cells=5, depth=2, shown=2, looked=2)
    assert "2 of 5 looked at" in coverage_table.seen(found, link="/objectives/1/#seen")
    assert "nobody looked" in coverage_table.seen(Coverage(cells=5, depth=2, shown=2), link="")


def test_depth_says_covered_cells_and_what_is_out_of_date() -> None:
    html = coverage_table.depth(Coverage(cells=5, covered=3, suspect=1, depth=2, shown=2))
    assert "3 of 5 covered" in html
    assert "1 out of date" in html
    assert "undefined" in coverage_table.depth(Coverage())


def test_a_depth_that_is_only_claimed_is_hatched_beside_what_is_shown() -> None:
    html = coverage_table.depth(Coverage(cells=1, covered=1, depth=3, shown=2))
    assert '<i>2</i><i class="h3">3</i>Practiced' in html
    assert "claimed" in html


def test_sustained_is_underlined() -> None:
    found = Coverage(cells=1, covered=1, depth=4, shown=4, evidence=5)
    assert 'class="twice"' in coverage_table.depth(found)


def test_too_few_people_show_no_depth() -> None:
    assert "too few to tell" in coverage_table.depth(Coverage(cells=1, depth=3, hidden=True))


def test_the_small_ladder_says_its_counts_and_fits() -> None:
    html = coverage_table.small_ladder([1, 0, 2, 0, 1])
    assert "None 1, Named 0, Explained 2, Practiced 0, Reinforced 1" in html
    assert coverage_table.small_ladder([0, 0, 0, 0, 0]) == ""


def test_a_theme_says_how_its_objectives_stand_in_a_column() -> None:
    found = ThemeCell(ladder=(1, 0, 2, 0), claimed=1, outdated=0, objectives=9)
    assert coverage_table.told_of(found) == "Practiced 2, Named 1, only claimed 1, of 9"


def test_forty_rows_of_twenty_four_filled_cells_are_within_the_budget() -> None:
    flagged = [rows.row(flags=(rows.flag(), rows.flag("shallow"))) for _ in range(ROWS)]
    cell = MatrixCell(shown=2, claimed=3)
    columns = range(1, COLUMNS + 1)
    page = rows.page(
        flagged,
        columns=[rows.column(pk) for pk in columns],
        cells={(row.pk, pk): cell for row in flagged for pk in columns},
    )
    html = coverage_table.table(page, Filters())
    assert html.count('class="cell sp') == ROWS * COLUMNS
    assert len(re.findall(r"<[a-z]", html)) <= 3000 - SHELL
