"""The finding sentence says what the rows say, in words, with links that filter."""

from datetime import date

from align.dashboard.rows.coverage import CoverageRow
from align.dashboard.rows.filters import Filters
from align.dashboard.rows.finding import finding
from tests.dashboard import rows


def sentence(*found: CoverageRow) -> str:
    return "".join(phrase.text for phrase in finding(found))


def test_it_counts_in_words_and_names_what_is_broken() -> None:
    shallow = [rows.row(depth=1) for _ in range(6)]
    untrained = [rows.row(depth=0, covered=0, bare=True) for _ in range(3)]
    refused = [rows.row(depth=3, flags=(rows.flag(),)) for _ in range(3)]
    fine = [rows.row(depth=3) for _ in range(12)]
    assert sentence(*shallow, *untrained, *refused, *fine) == (
        "Nine of 24 objectives get no deeper than a slide. "
        "Three have no training at all, and the field says three will not work."
    )


def test_its_phrases_are_links_into_the_rows() -> None:
    found = [rows.row(depth=0, covered=0, bare=True, flags=(rows.flag(),)), rows.row(depth=3)]
    links = {phrase.text: phrase.query for phrase in finding(found) if phrase.query}
    assert links == {
        "no deeper than a slide": "depth=slide",
        "no training at all": "depth=untrained",
        "one will not work": "flag=negative",
    }


def test_one_weak_behavior_is_not_called_no_training_at_all() -> None:
    assert "One has a behavior without training." in sentence(rows.row(depth=0), rows.row(depth=3))


def test_it_tells_both_kinds_of_none_apart() -> None:
    said = sentence(rows.row(depth=0), rows.row(depth=0, bare=True), rows.row(depth=3))
    assert "Two have a behavior without training, one of them none at all." in said


def test_it_says_so_when_nothing_is_wrong() -> None:
    assert sentence(rows.row(depth=3), rows.row(depth=4)) == (
        "Both objectives go deeper than a slide. No behavior is without training, "
        "and the field refuses none."
    )


def test_one_objective_is_spoken_of_as_one() -> None:
    assert sentence(rows.row(depth=1)).startswith("The only objective gets no deeper than a slide.")


def test_it_says_when_it_speaks_of_the_weakest_behavior_only() -> None:
    said = sentence(rows.row(depth=0, deepest=3), rows.row(depth=1), rows.row(depth=3))
    assert said.startswith("By the weakest behavior, two of three objectives get no deeper than")


def test_it_says_of_how_many_more_is_claimed_than_shown() -> None:
    said = sentence(rows.row(depth=3, shown=0), rows.row(depth=1), rows.row(depth=3))
    assert "Two of three objectives get no deeper than a slide, one of them claims more." in said


def test_its_links_keep_the_day_and_the_team() -> None:
    asked = Filters(team=7, as_of=date(2026, 3, 31))
    found = finding([rows.row(depth=1)], asked)
    assert [phrase.query for phrase in found if phrase.query] == [
        "depth=slide&team=7&as_of=2026-03-31"
    ]


def test_all_of_them_are_called_all() -> None:
    said = sentence(rows.row(depth=1), rows.row(depth=1), rows.row(depth=0, bare=True))
    assert said.startswith("All three objectives get no deeper than a slide.")


def test_objectives_without_behaviors_are_undefined_and_not_shallow() -> None:
    undefined = rows.row(depth=None, cells=0, covered=0)
    assert sentence(undefined).startswith("No depth can be told yet")


def test_no_objectives_no_sentence() -> None:
    assert finding([]) == ()
