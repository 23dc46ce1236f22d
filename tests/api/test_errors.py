"""Everything that goes wrong has one shape, and tells nothing that is not the asker's."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, connection
from django.test import Client

from align.api import throttles, tokens
from strategy.models import Objective
from tests import make
from tests.api.caller import BASE, Caller


@pytest.fixture
def key(cast: make.Cast) -> str:
    return tokens.rotate(user=cast.rosa)


@pytest.fixture
def away() -> Iterator[None]:
    def refuse(*_: Any, **__: Any) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    with connection.execute_wrapper(refuse):
        yield


def test_a_database_that_is_away_is_503_with_a_time_to_come_back(key: str, away: None) -> None:
    answer = Client(headers={"authorization": f"Token {key}"}).get(f"{BASE}objectives/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer.json()["code"] == "unavailable"


def test_a_session_is_told_so_too(rosa: Caller, away: None) -> None:
    rosa.client.raise_request_exception = False
    answer = rosa.get("objectives/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"] == "application/json"


def test_a_page_says_so_in_its_own_way(rosa: Caller, away: None) -> None:
    rosa.client.raise_request_exception = False
    answer = rosa.client.get("/strategy/")
    assert answer.status_code == 503
    assert int(answer["Retry-After"]) > 0
    assert answer["Content-Type"].startswith("text/html")


def test_a_connection_that_broke_midway_is_503(
    rosa: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(Objective.objects, "visible_to", broken)
    assert rosa.get("objectives/").status_code == 503


def test_a_cache_that_is_away_refuses_nobody(rosa: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise ConnectionError("refused")

    monkeypatch.setattr(throttles.Rate, "rate", "1/min", raising=False)
    monkeypatch.setattr(throttles.Rate.cache, "get", broken)
    assert rosa.get("objectives/").status_code == 200


def test_asking_too_often_is_429_with_a_time(rosa: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    remembered: dict[str, Any] = {}
    monkeypatch.setattr(throttles.Rate, "rate", "1/min", raising=False)
    monkeypatch.setattr(throttles.Rate, "cache", Remembers(remembered))
    assert rosa.get("objectives/").status_code == 200
    answer = rosa.get("objectives/")
    assert (answer.status_code, answer.json()["code"]) == (429, "throttled")
    assert 0 < int(answer["Retry-After"]) <= 60


class Remembers:
    """The two words of a cache that a throttle says."""

    def __init__(self, held: dict[str, Any]) -> None:
        self.held = held

    def get(self, key: str, otherwise: Any) -> Any:
        return self.held.get(key, otherwise)

    def set(self, key: str, value: Any, seconds: int) -> None:
        self.held[key] = value


@pytest.mark.parametrize("address", ["objectives/999999/", "objectives/x/", "nothing/", "drafts/1"])
def test_what_is_not_there_is_404_in_json(rosa: Caller, address: str) -> None:
    answer = rosa.get(address)
    assert answer.status_code == 404
    assert answer.json() == {
        "code": "not_found",
        "detail": "There is nothing here that you can see.",
    }


def test_a_number_no_database_holds_is_404(rosa: Caller) -> None:
    assert rosa.get(f"objectives/{10**30}/").status_code == 404


def test_not_for_your_role_says_for_whose(rosa: Caller, objective: Objective) -> None:
    answer = rosa.post(f"objectives/{objective.pk}/retire/")
    assert answer.status_code == 403
    assert answer.json() == {
        "code": "permission_denied",
        "detail": "This is for strategy leads.",
    }


def test_a_method_that_is_not_there_is_405(rosa: Caller) -> None:
    answer = rosa.put("objectives/")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
    assert "PUT" not in answer["Allow"]


def test_only_json_is_spoken(rosa: Caller) -> None:
    answer = rosa.client.get(f"{BASE}objectives/", headers={"accept": "application/xml"})
    assert (answer.status_code, answer.json()["code"]) == (406, "not_acceptable")


@pytest.mark.parametrize(
    "ask",
    [
        lambda caller: caller.get("objectives/"),
        lambda caller: caller.get("objectives/999999/"),
        lambda caller: caller.get("nothing/"),
        lambda caller: caller.post("strategies/"),
        lambda caller: Caller().get("objectives/"),
    ],
)
def test_no_answer_is_kept_anywhere(rosa: Caller, ask: Callable[[Caller], Any]) -> None:
    kept = ask(rosa)["Cache-Control"]
    assert "private" in kept
    assert "no-store" in kept


def test_head_is_get_without_the_body(rosa: Caller, objective: Objective) -> None:
    answer = rosa.client.head(f"{BASE}objectives/")
    assert (answer.status_code, answer.content) == (200, b"")


def test_options_names_the_methods_and_nothing_else(rosa: Caller, objective: Objective) -> None:
    for pk in (objective.pk, objective.pk + 999):
        answer = rosa.client.options(f"{BASE}objectives/{pk}/")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer["Allow"] == "GET, HEAD, OPTIONS"
