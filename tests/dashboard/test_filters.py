"""Filters live in the address; what it says that we do not know is left out."""

from datetime import UTC, date, datetime

import pytest
from django.http import QueryDict

from align.dashboard.rows.coverage import JudgedRow
from align.dashboard.rows.coverage_page import arranged, ladder
from align.dashboard.rows.filters import Filters
from tests.dashboard import rows


def filters(query: str) -> Filters:
    return Filters.of(QueryDict(query))


@pytest.mark.parametrize(
    "query",
    [
        "theme=x",
        "theme=99999999999999999999",
        "theme=-1",
        "theme=٣",
        "depth=deep",
        "order=name",
        "gaps=yes",
        "page=0",
        "page=x",
    ],
)
def test_nonsense_in_the_address_is_left_out(query: str) -> None:
    assert filters(query) == Filters()


def test_a_nul_and_an_endless_word_are_cut() -> None:
    assert filters("q=%00up%00").q == "up"
    assert len(filters("q=" + "x" * 5000).q) == 100


def test_filters_give_their_own_address_back() -> None:
    query = "theme=3&depth=slide&flag=negative&gaps=1&order=code&q=price"
    query += "&team=4&as_of=2026-03-31&rows=themes&cols=modules&program=5&across=2&page=3"
    assert filters(query).query == query


def test_another_filter_begins_at_its_first_page() -> None:
    assert filters("page=3&q=price").to(theme=2) == "?theme=2&q=price"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2026-02-30", "“2026-02-30” is not a day; write it like 2026-03-31."),
        ("yesterday", "“yesterday” is not a day; write it like 2026-03-31."),
        ("2026-11-19", "19 Nov 2026 has not come yet."),
        ("1999-12-31", "1999-12-31 is before anything was recorded here."),
    ],
)
def test_a_day_that_cannot_be_asked_for_says_what_is_wrong(day: str, said: str) -> None:
    asked = Filters.of(QueryDict(f"as_of={day}"), today=date(2026, 11, 18))
    assert (asked.as_of, asked.wrong) == (None, said)


def test_a_past_day_is_its_last_moment_and_today_is_now() -> None:
    today = date(2026, 11, 18)
    past = Filters.of(QueryDict("as_of=2026-11-17"), today=today)
    assert past.moment == datetime(2026, 11, 17, 23, 59, 59, 999999, tzinfo=UTC)
    assert Filters.of(QueryDict("as_of=2026-11-18"), today=today).moment is None


def test_each_filter_keeps_the_rows_it_names() -> None:
    none = rows.row(depth=0, covered=0)
    named = rows.row(depth=1, flags=(rows.flag(),))
    done = rows.row("Z9", depth=3, covered=4)
    undefined = rows.row(depth=None, cells=0, covered=0)
    everything = [none, named, done, undefined]

    def kept(query: str) -> list[str]:
        return [row.code for row in everything if row.matches(filters(query))]

    assert kept("depth=none") == [none.code]
    assert kept("depth=slide") == [none.code, named.code]
    assert kept("depth=undefined") == [undefined.code]
    assert kept("depth=untrained") == [none.code]
    assert kept("depth=claimed") == []
    assert kept("flag=negative") == [named.code]
    assert kept("gaps=1") == [none.code, named.code, undefined.code]
    assert kept("q=z9") == [done.code]
    assert kept("theme=2") == []


def test_the_worst_row_of_a_theme_comes_first() -> None:
    fine = rows.row("A1", depth=3, covered=4)
    flagged = rows.row("A2", depth=3, covered=4, flags=(rows.flag(),))
    shallow = rows.row("A3", depth=1)
    everything = {row.pk: JudgedRow(row, None) for row in (fine, flagged, shallow)}
    assert [row.code for row in arranged(everything, filters(""))] == ["A2", "A3", "A1"]
    assert [row.code for row in arranged(everything, filters("order=code"))] == ["A1", "A2", "A3"]


def test_the_ladder_counts_every_objective_once_and_filters() -> None:
    found = [rows.row(depth=0), rows.row(depth=3), rows.row(depth=3), rows.row(depth=None)]
    steps = ladder(found, filters("gaps=1"))
    assert [(step.word, step.count) for step in steps] == [
        ("None", 1),
        ("Named", 0),
        ("Explained", 0),
        ("Practiced", 2),
        ("Reinforced", 0),
        ("Undefined", 1),
    ]
    assert steps[3].query == "depth=practiced&gaps=1"
