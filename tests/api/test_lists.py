"""Pages by cursor, filters and orders: all from an allow-list."""

import pytest

from strategy.models import Strategy
from tests import make
from tests.api.caller import Caller


@pytest.fixture
def seven(cast: make.Cast, plan: Strategy) -> list[str]:
    codes = [f"C{n}" for n in range(7)]
    for code in codes:
        make.objective(strategy_=plan, by=cast.lena, code=code)
    return codes


def walk(caller: Caller, address: str, **query: object) -> list[list[str]]:
    """Follow ``next`` to the end and return the codes, page by page."""
    pages = []
    answer = caller.get(address, **query)
    while True:
        assert answer.status_code == 200, answer.content
        pages.append([row["code"] for row in answer.json()["results"]])
        following = answer.json()["next"]
        if following is None:
            return pages
        answer = caller.client.get(following)


def test_the_cursor_walks_every_row_once(rosa: Caller, seven: list[str]) -> None:
    pages = walk(rosa, "objectives/", page_size=3)
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [code for page in pages for code in page] == seven


@pytest.mark.parametrize("order", ["code", "theme", "-created_at"])
def test_the_cursor_keeps_its_place_in_every_order(
    rosa: Caller, seven: list[str], order: str
) -> None:
    pages = walk(rosa, "objectives/", page_size=2, ordering=order)
    assert sorted([code for page in pages for code in page]) == seven


def test_rows_that_come_meanwhile_do_not_shift_the_page(
    rosa: Caller, seven: list[str], cast: make.Cast, plan: Strategy
) -> None:
    first = rosa.get("objectives/", page_size=3).json()
    make.objective(strategy_=plan, by=cast.lena, code="A0")
    second = rosa.client.get(first["next"]).json()
    assert [row["code"] for row in second["results"]] == seven[3:6]


def test_a_full_last_page_has_no_next(rosa: Caller, seven: list[str]) -> None:
    assert rosa.get("objectives/", page_size=7).json()["next"] is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "\x00"}, "cursor"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "WzEsMl0:1abc:xyz"}, "cursor"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "201"}, "page_size"),
        ({"page_size": "٣"}, "page_size"),
        ({"page_size": "9" * 5000}, "page_size"),
        ({"ordering": "owner__password"}, "ordering"),
        ({"ordering": ""}, "ordering"),
        ({"state": "gone"}, "state"),
        ({"state": ""}, "state"),
        ({"strategy": "x"}, "strategy"),
        ({"strategy": "0"}, "strategy"),
        ({"strategy": "9" * 30}, "strategy"),
        ({"code": "\x00"}, "code"),
        ({"code": "x" * 21}, "code"),
        ({"owner__email": "a"}, "owner__email"),
        ({"format": "api"}, "format"),
        ({"limit": "1"}, "limit"),
    ],
    ids=str,
)
def test_a_parameter_that_means_nothing_is_named(
    rosa: Caller, query: dict[str, str], field: str
) -> None:
    answer = rosa.get("objectives/", **query)
    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_a_parameter_given_twice_is_refused(rosa: Caller) -> None:
    answer = rosa.get("objectives/", state=["draft", "retired"])
    assert answer.json()["fields"] == {"state": ["Give this once."]}


def test_one_object_takes_no_parameters(rosa: Caller, objective: object) -> None:
    address = f"objectives/{rosa.rows('objectives/')[0]['id']}/"
    assert rosa.get(address).status_code == 200
    assert rosa.get(address, state="retired").status_code == 400


def test_a_cursor_of_one_order_does_not_open_another(rosa: Caller, seven: list[str]) -> None:
    following = rosa.get("objectives/", page_size=3).json()["next"]
    assert rosa.client.get(f"{following}&ordering=theme").status_code == 400


def test_filters_narrow_the_list(rosa: Caller, seven: list[str], plan: Strategy) -> None:
    assert len(rosa.rows("objectives/", strategy=plan.pk, state="in force")) == 7
    assert rosa.rows("objectives/", strategy=plan.pk + 999) == []
    assert [row["code"] for row in rosa.rows("objectives/", code="C3")] == ["C3"]


def test_truths_are_true_or_false(rosa: Caller, objective: object) -> None:
    assert len(rosa.rows("behaviors/", critical="true")) == 1
    assert rosa.rows("behaviors/", critical="false") == []
    assert rosa.get("behaviors/", critical="maybe").status_code == 400


@pytest.mark.parametrize(
    "since",
    [
        "1200-10-18T12:42:56.43+22:21",
        "0001-01-01T00:00:00+23:59",
        "9999-12-31T23:59:59-23:59",
        "2026-11-18T09:00:00Z",
    ],
)
def test_since_may_be_any_moment_however_it_is_written(lena: Caller, since: str) -> None:
    for address in ("history/", "completions/", "reports/"):
        assert lena.get(address, since=since).status_code == 200
