"""The CSV holds the digits of the page and is safe in a spreadsheet."""

import csv
import io

import pytest

from align.dashboard import export
from align.dashboard.rows.figures import Share, Voice
from tests.dashboard import rows


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def test_it_has_the_digits_of_the_page() -> None:
    row = rows.row(
        "A4",
        depth=3,
        shown=1,
        reach=Share(191, 312),
        seen=Share(3, 8),
        voice=Voice(people=13, works=3, changes=1, wont=7, cannot=2),
        flags=(rows.flag(), rows.flag("uncovered", "No training")),
    )
    line = read(export.csv_text([row]))[0]
    assert line["code"] == "A4"
    assert (line["depth"], line["shown"]) == ("Practiced", "Named")
    assert (line["people reached"], line["people"], line["reach %"]) == ("191", "312", "61")
    assert (line["seen at standard"], line["people observed"], line["seen %"]) == ("3", "8", "38")
    assert (line["works"], line["will not work"], line["voices"]) == ("3", "7", "13")
    assert line["flags"] == "Field says no; No training"


def test_not_yet_is_not_zero() -> None:
    row = rows.row(depth=None, cells=0, covered=0, reach=Share(0, 0))
    line = read(export.csv_text([row]))[0]
    assert (line["depth"], line["reach %"], line["seen %"]) == ("undefined", "not yet", "not yet")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_can_be_taken_for_a_formula(start: str) -> None:
    title = f"{start}HYPERLINK(1)"
    assert read(export.csv_text([rows.row(title=title)]))[0]["objective"] == f"'{title}"


def test_nothing_matches_gives_the_head_alone() -> None:
    assert export.csv_text([]).count("\r\n") == 1
