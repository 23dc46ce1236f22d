"""Visits, corrections and assessments by API."""

import uuid
from typing import Any

import pytest

from align.people.models import Role
from strategy.models import Objective
from tests import make
from tests.api.caller import Caller
from training.models import Assessment, Observation

WHEN = "2026-11-17T14:00:00Z"


@pytest.fixture
def visit(cast: make.Cast, objective: Objective) -> dict[str, Any]:
    return {
        "client_key": str(uuid.uuid4()),
        "person": cast.rosa.pk,
        "observed_at": WHEN,
        "occasion": "price talk",
        "looks": [{"behavior": make.behavior(objective).pk, "level": 3, "evidence": "Named it."}],
    }


@pytest.fixture
def assessed(cast: make.Cast, objective: Objective) -> dict[str, Any]:
    return {
        "client_key": str(uuid.uuid4()),
        "behavior": make.behavior(objective).pk,
        "assessed_at": WHEN,
        "people": [{"person": cast.rosa.pk, "level": 2, "note": "Too soon."}],
    }


def test_a_visit_is_kept_once(mia: Caller, rosa: Caller, visit: dict[str, Any]) -> None:
    first, again = mia.post("visits/", **visit), mia.post("visits/", **visit)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    assert mia.post("visits/", **(visit | {"occasion": "first visit"})).status_code == 409
    [seen] = rosa.rows("observations/")
    assert (seen["level"], seen["evidence"], seen["corrects"]) == (3, "Named it.", None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"looks": []}, "looks"),
        ({"person": "1"}, "person"),
        ({"observed_at": "2999-01-01T00:00:00Z"}, "observed_at"),
        ({"observer": 1}, "observer"),
    ],
    ids=str,
)
def test_a_wrong_field_of_a_visit_is_named(
    mia: Caller, visit: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = mia.post("visits/", **(visit | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}


def test_people_of_other_teams_are_answered_like_missing_ones(
    mia: Caller, visit: dict[str, Any], assessed: dict[str, Any]
) -> None:
    remo = make.user("Remo", Role.REP, team=make.team("South"), sales_role=make.sales_role())
    answers = [mia.post("visits/", **(visit | {"person": pk})) for pk in (remo.pk, remo.pk + 999)]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    answers = [
        mia.post("assessments/", **(assessed | {"people": [{"person": pk, "level": 3}]}))
        for pk in (remo.pk, remo.pk + 999)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert not Observation.objects.exists()
    assert not Assessment.objects.exists()


def test_what_is_not_asked_of_somebody_is_refused_at_its_place(
    mia: Caller, cast: make.Cast, visit: dict[str, Any]
) -> None:
    hunter = make.user("Hugo", Role.REP, team=cast.team, sales_role=make.sales_role("Hunter"))
    answer = mia.post("visits/", **(visit | {"person": hunter.pk}))
    assert answer.status_code == 400
    assert "not asked of this person" in str(answer.json()["fields"])


def test_an_observation_is_corrected_once_by_who_saw_it(
    mia: Caller, rosa: Caller, tom: Caller, visit: dict[str, Any]
) -> None:
    seen = mia.post("visits/", **visit).json()["observations"][0]
    said = {"client_key": str(uuid.uuid4()), "level": 1, "evidence": "It was Anna."}
    address = f"observations/{seen['id']}/correct/"
    assert rosa.post(address, **said).status_code == 403
    assert tom.post(address, **said).status_code == 404
    first, again = mia.post(address, **said), mia.post(address, **said)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert (first.json()["corrects"], first.json()["level"]) == (seen["id"], 1)
    other = said | {"client_key": str(uuid.uuid4()), "level": 2}
    assert mia.post(address, **other).status_code == 409
    assert mia.post(address, **(said | {"observed_at": WHEN})).status_code == 400


def test_assessments_are_kept_once_and_corrected(
    mia: Caller, rosa: Caller, lena: Caller, assessed: dict[str, Any]
) -> None:
    first, again = mia.post("assessments/", **assessed), mia.post("assessments/", **assessed)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    [kept] = rosa.rows("assessments/", behavior=assessed["behavior"])
    assert (kept["level"], kept["note"]) == (2, "Too soon.")
    assert lena.rows("assessments/") == []
    address = f"assessments/{kept['id']}/correct/"
    said = {"client_key": str(uuid.uuid4()), "level": 3}
    assert rosa.post(address, **said).status_code == 403
    assert mia.post(address, **said).json()["corrects"] == kept["id"]


def test_a_trainer_assesses_whom_they_taught(
    tom: Caller, cast: make.Cast, objective: Objective, assessed: dict[str, Any]
) -> None:
    assert tom.post("assessments/", **assessed).status_code == 400
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=drill)
    assert tom.post("assessments/", **assessed).status_code == 201


def test_visits_are_for_managers_and_assessments_for_trainers_too(
    rosa: Caller, tom: Caller, visit: dict[str, Any], assessed: dict[str, Any]
) -> None:
    assert [who.post("visits/", **visit).status_code for who in (rosa, tom)] == [403, 403]
    assert rosa.post("assessments/", **assessed).status_code == 403
