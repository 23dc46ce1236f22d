"""Reports and their answers by API."""

from typing import Any

import pytest

from align.people.models import Role
from feedback.models import Report
from strategy.models import Objective, Strategy
from tests import make
from tests.api.caller import Caller

KEY = "5f0c8f4e-41b0-4a83-8f0c-1d2f53a5a1c2"


@pytest.fixture
def said(objective: Objective) -> dict[str, Any]:
    return {
        "client_key": KEY,
        "objective": objective.pk,
        "stance": "wont",
        "barriers": ["incentives"],
        "text": "Purchasing has a hardware line only.",
    }


def test_a_report_is_kept_once(rosa: Caller, lena: Caller, said: dict[str, Any]) -> None:
    first, again = rosa.post("reports/", **said), rosa.post("reports/", **said)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    assert rosa.post("reports/", **(said | {"text": "Other"})).status_code == 409
    assert [row["text"] for row in lena.rows("reports/")] == [said["text"]]


def test_a_key_belongs_to_its_person(rosa: Caller, mia: Caller, said: dict[str, Any]) -> None:
    assert rosa.post("reports/", **said).status_code == 201
    assert mia.post("reports/", **said).status_code == 201
    assert Report.objects.count() == 2


def test_a_refused_report_does_not_use_up_its_key(rosa: Caller, said: dict[str, Any]) -> None:
    assert rosa.post("reports/", **(said | {"text": ""})).status_code == 400
    assert rosa.post("reports/", **said).status_code == 201


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stance": "maybe"}, "stance"),
        ({"stance": ["wont"]}, "stance"),
        ({"stance": None}, "stance"),
        ({"barriers": ["laziness"]}, "barriers.0"),
        ({"barriers": "skill"}, "barriers"),
        ({"barriers": ["skill"] * 10}, "barriers"),
        ({"text": "x" * 4001}, "text"),
        ({"text": ""}, "text"),
        ({"for_manager": "yes"}, "for_manager"),
        ({"client_key": "not-a-key"}, "client_key"),
        ({"state": "decided"}, "state"),
        ({"author": 1}, "author"),
        ({"ref": KEY}, "ref"),
        ({"created_at": "2020-01-01T00:00:00Z"}, "created_at"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_field_of_a_report_is_named(
    rosa: Caller, said: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = rosa.post("reports/", **(said | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not Report.objects.exists()


def test_an_objective_in_draft_is_answered_like_a_missing_one(
    rosa: Caller, said: dict[str, Any], cast: make.Cast, plan: Strategy
) -> None:
    hidden = make.draft(strategy_=plan, by=cast.lena, code="Z9")
    answers = [
        rosa.post("reports/", **(said | {"objective": pk})) for pk in (hidden.pk, hidden.pk + 999)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_nobody_reads_what_was_said_to_others(rosa: Caller, said: dict[str, Any]) -> None:
    ref = rosa.post("reports/", **said).json()["ref"]
    stranger = Caller(make.user("Remo", Role.REP))
    assert stranger.rows("reports/") == []
    missing = stranger.get(f"reports/{KEY}/")
    theirs = stranger.get(f"reports/{ref}/")
    assert (theirs.status_code, theirs.content) == (404, missing.content)


def test_a_report_is_acknowledged_and_answered(
    rosa: Caller, lena: Caller, said: dict[str, Any]
) -> None:
    ref = rosa.post("reports/", **said).json()["ref"]
    assert lena.post(f"reports/{ref}/acknowledge/").json()["state"] == "acknowledged"
    answer = lena.post("decisions/", reports=[ref], kind="keep", reason="It holds, because …")
    assert answer.status_code == 201, answer.content
    decision = rosa.get(f"decisions/{answer.json()['ref']}/").json()
    assert (decision["reason"], decision["reports"]) == ("It holds, because …", [ref])
    assert rosa.get(f"reports/{ref}/").json()["state"] == "decided"
    assert "answered" in rosa.rows("notices/", unread="true")[0]["text"]


def test_a_report_is_answered_once(rosa: Caller, lena: Caller, said: dict[str, Any]) -> None:
    ref = rosa.post("reports/", **said).json()["ref"]
    keep = {"reports": [ref], "kind": "keep", "reason": "It holds."}
    assert lena.post("decisions/", **keep).status_code == 201
    assert lena.post("decisions/", **keep).status_code == 409


def test_a_decision_names_its_wrong_fields(
    rosa: Caller, lena: Caller, said: dict[str, Any]
) -> None:
    ref = rosa.post("reports/", **said).json()["ref"]
    empty = lena.post("decisions/", reports=[], kind="keep", reason="x")
    assert set(empty.json()["fields"]) == {"reports"}
    unknown = lena.post("decisions/", reports=[ref, KEY], kind="keep", reason="x")
    assert set(unknown.json()["fields"]) == {"reports.1"}
    unsaid = lena.post("decisions/", reports=[ref], kind="support", reason="x")
    assert set(unsaid.json()["fields"]) == {"action"}


def test_the_draft_behind_a_decision_is_for_those_who_write_it(
    rosa: Caller, lena: Caller, said: dict[str, Any]
) -> None:
    ref = rosa.post("reports/", **said).json()["ref"]
    made = lena.post("decisions/", reports=[ref], kind="strategy", reason="You are right.").json()
    assert made["revision"] is not None
    assert lena.get(f"drafts/{made['revision']}/").json()["answers"] == [made["ref"]]
    assert rosa.get(f"decisions/{made['ref']}/").json()["revision"] is None
