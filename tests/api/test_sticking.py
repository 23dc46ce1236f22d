"""Drivers, waivers, barriers and what is asked of a trainer, by API."""

from typing import Any

import pytest

from align.people.models import Role
from strategy import engine
from strategy.models import Objective
from tests import make
from tests.api.caller import Caller
from tests.make import NOW
from training.models import BarrierCase, Driver

FAR = "2099-12-31"


@pytest.fixture
def driver(cast: make.Cast, objective: Objective) -> dict[str, Any]:
    return {
        "behavior": make.behavior(objective).pk,
        "kind": "monitor",
        "text": "Mia asks in each Monday call",
        "owner": cast.mia.pk,
    }


@pytest.fixture
def barrier(cast: make.Cast, objective: Objective) -> dict[str, Any]:
    return {
        "behavior": make.behavior(objective).pk,
        "barrier": "incentives",
        "text": "Their bonus is paid on hardware turnover.",
        "owner": cast.mia.pk,
        "due_on": FAR,
    }


def test_a_driver_is_named_replaced_and_ended(
    mia: Caller, rosa: Caller, driver: dict[str, Any]
) -> None:
    first, again = mia.post("drivers/", **driver), mia.post("drivers/", **driver)
    assert (first.status_code, again.status_code) == (201, 201), first.content
    assert first.json() == again.json()
    other = mia.post("drivers/", **(driver | {"text": "Tom listens"})).json()
    assert [row["id"] for row in rosa.rows("drivers/", standing="true")] == [other["id"]]
    assert mia.post(f"drivers/{other['id']}/end/").json()["ended_at"]
    assert mia.post(f"drivers/{other['id']}/end/").status_code == 409
    assert rosa.rows("drivers/", standing="true") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "punish"}, "kind"),
        ({"text": " "}, "text"),
        ({"owner": 999999}, "owner"),
        ({"behavior": 999999}, "behavior"),
        ({"waived_because": "x"}, "waived_because"),
    ],
    ids=str,
)
def test_a_wrong_field_of_a_driver_is_named(
    mia: Caller, driver: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = mia.post("drivers/", **(driver | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not Driver.objects.exists()


def test_nobody_learns_that_a_draft_has_a_behavior(
    cast: make.Cast, tom: Caller, driver: dict[str, Any], barrier: dict[str, Any]
) -> None:
    otto = make.user("Otto", Role.LEAD)
    plan = make.active_strategy(lead=otto, teams=[cast.team])
    secret = make.behavior(make.draft(strategy_=plan, by=otto)).pk
    for address, body in (("drivers/", driver), ("barriers/", barrier)):
        hidden = tom.post(address, **(body | {"behavior": secret}))
        missing = tom.post(address, **(body | {"behavior": 999999}))
        assert hidden.status_code == 400
        assert hidden.content == missing.content


def test_only_the_lead_of_the_objective_waives(
    lena: Caller, tom: Caller, driver: dict[str, Any]
) -> None:
    words = {"behavior": driver["behavior"], "kind": "reward", "because": "No bonus this year."}
    assert tom.post("drivers/waive/", **words).status_code == 403
    assert Caller(make.user("Otto", Role.LEAD)).post("drivers/waive/", **words).status_code == 403
    made = lena.post("drivers/waive/", **words)
    assert made.status_code == 201, made.content
    assert (made.json()["text"], made.json()["waived_because"]) == ("", "No bonus this year.")
    assert tom.post(f"drivers/{made.json()['id']}/end/").status_code == 403


def test_what_is_not_seen_is_not_waived(lena: Caller, objective: Objective) -> None:
    engine.judge_all(now=NOW)
    behavior = make.behavior(objective)
    audience = behavior.revisions.get().audiences.get()
    answer = lena.post(
        "waivers/", behavior=behavior.pk, audience=audience.pk, evidence="They are good."
    )
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"audience"}


def test_a_barrier_goes_its_way_to_the_end(
    cast: make.Cast, tom: Caller, mia: Caller, ada: Caller, barrier: dict[str, Any]
) -> None:
    made = tom.post("barriers/", **barrier)
    assert made.status_code == 201, made.content
    assert tom.post("barriers/", **barrier).json()["id"] == made.json()["id"]
    here = f"barriers/{made.json()['id']}/"
    assert ada.get(here).status_code == 404
    assert mia.post(f"{here}accept/").json()["state"] == "accepted"
    assert mia.post(f"{here}accept/").status_code == 409
    mia.post(f"{here}hand-on/", owner=cast.ada.pk, note="She pays bonuses.")
    case = BarrierCase.objects.get()
    assert (case.owner, case.state) == (cast.ada, "open")
    assert ada.post(f"{here}say/", note="I asked the board.").status_code == 200
    ended = ada.post(f"{here}remove/", outcome="The bonus counts hours now.").json()
    assert (ended["state"], ended["outcome"]) == ("removed", "The bonus counts hours now.")
    assert [event["kind"] for event in ended["events"]] == [
        "raised",
        "accepted",
        "handed on",
        "said",
        "removed",
    ]
    assert ada.post(f"{here}keep/", outcome="It stays.").status_code == 409
    assert tom.post(f"{here}again/", due_on=FAR, note="Again.").json()["state"] == "open"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"barrier": "skill"}, "barrier"),
        ({"due_on": "2001-01-01"}, "due_on"),
        ({"due_on": 3}, "due_on"),
        ({"owner": 999999}, "owner"),
        ({"state": "removed"}, "state"),
    ],
    ids=str,
)
def test_a_wrong_field_of_a_barrier_is_named(
    tom: Caller, barrier: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = tom.post("barriers/", **(barrier | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
    assert not BarrierCase.objects.exists()


def test_what_waits_for_a_trainer_is_listed(
    cast: make.Cast, tom: Caller, objective: Objective
) -> None:
    assert tom.get("asked/").json() == {
        "total": 0,
        "mappings": [],
        "flags": [],
        "barriers": [],
        "deliveries": [],
    }
    mapping = make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
    words = [make.behavior_words(sales_role=cast.role, statement="Opens with the stop")]
    make.revise(objective, by=cast.lena, behaviors=words)
    found = tom.get("asked/").json()
    assert [row["mapping"] for row in found["mappings"]] == [mapping.pk]
    assert found["total"] == 1
