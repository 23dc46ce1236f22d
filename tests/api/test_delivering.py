"""Sessions, seats, due dates and imports by API; statements of learning platforms."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from align.api import tokens
from align.people.models import Audience
from strategy.models import Objective
from tests import make
from tests.api.caller import Caller
from training import actions
from training.models import Attempt, Completion, Delivery, Module

XAPI = "xapi/statements/"
VERSION = {"X-Experience-API-Version": "1.0.3"}


@pytest.fixture
def drill(cast: make.Cast, objective: Objective) -> Module:
    module = make.module(owner=cast.tom, title="The drill", code="NEG-3")
    make.mapping(module=module, behavior=make.behavior(objective))
    return module


@pytest.fixture
def sellers(objective: Objective) -> Audience:
    return Audience.objects.get()


def body(cast: make.Cast, drill: Module, sellers: Audience, **other: Any) -> dict[str, Any]:
    begins = timezone.now() + timedelta(days=3)
    return {
        "version": drill.current_id,
        "audience": sellers.pk,
        "trainer": cast.tom.pk,
        "starts_at": begins.isoformat(),
        "ends_at": (begins + timedelta(hours=1)).isoformat(),
        "capacity": 1,
        **other,
    }


def test_a_session_is_planned_changed_filled_and_called_off(
    cast: make.Cast, drill: Module, sellers: Audience, tom: Caller, rosa: Caller, mia: Caller
) -> None:
    wanted = body(cast, drill, sellers)
    made = tom.post("deliveries/", **wanted)
    assert made.status_code == 201, made.content
    there = f"deliveries/{made.json()['id']}/"
    assert (made.json()["state"], made.json()["taken"]) == ("planned", 0)
    assert rosa.post("deliveries/", **wanted).status_code == 403
    assert rosa.post(f"{there}seat/").json()["taken"] == 1
    assert mia.post(f"{there}seat/").status_code == 403
    assert len(rosa.rows("seats/")) == 1
    edit = {name: value for name, value in wanted.items() if name != "version"}
    assert tom.put(there, **edit, place="Hall", edits=0).json()["place"] == "Hall"
    late = tom.put(there, **edit, edits=0)
    assert late.status_code == 409
    assert late.json()["theirs"]["place"] == "Hall"
    assert rosa.post(f"{there}leave/").json()["taken"] == 0
    assert tom.post(f"{there}call-off/", reason="Snow").json()["state"] == "canceled"
    assert rosa.post(f"{there}seat/").status_code == 409


def test_who_came_completes_the_module(
    cast: make.Cast, drill: Module, sellers: Audience, tom: Caller
) -> None:
    begins = timezone.now() - timedelta(days=1)
    ends = begins + timedelta(hours=1)
    wanted = body(
        cast, drill, sellers, starts_at=begins.isoformat(), ends_at=ends.isoformat(), capacity=None
    )
    there = f"deliveries/{tom.post('deliveries/', **wanted).json()['id']}/attendance/"
    assert tom.post(there, attended=[cast.lena.pk]).status_code == 400
    assert tom.post(there, attended=[cast.rosa.pk]).json()["state"] == "held"
    assert Completion.objects.get().user == cast.rosa
    assert tom.post(there, attended=[]).status_code == 200
    assert not Completion.objects.exists()


def test_the_version_of_a_draft_is_not_given(
    cast: make.Cast, drill: Module, sellers: Audience, tom: Caller
) -> None:
    draft = actions.new_version(module=drill, by=cast.tom, now=make.NOW)
    answer = tom.post("deliveries/", **body(cast, drill, sellers, version=draft.pk))
    assert answer.status_code == 400
    assert "module" in answer.json()["fields"]


def test_a_due_date_is_set_and_taken_back(
    drill: Module, sellers: Audience, tom: Caller, rosa: Caller
) -> None:
    due = (timezone.now() + timedelta(days=10)).date().isoformat()
    made = tom.post("assignments/", module=drill.pk, audience=sellers.pk, due_on=due)
    assert made.status_code == 201, made.content
    again = tom.post("assignments/", module=drill.pk, audience=sellers.pk, due_on=due)
    assert again.status_code == 400
    assert rosa.rows("assignments/", standing="true") == [made.json()]
    assert rosa.post(f"assignments/{made.json()['id']}/end/").status_code == 403
    assert tom.post(f"assignments/{made.json()['id']}/end/").json()["ended_at"]


def test_an_import_is_read_by_who_made_it(cast: make.Cast, tom: Caller, lena: Caller) -> None:
    made = actions.start_import(
        name="lms.csv", source="LMS", text="a,b\n1,2\n", by=cast.tom, now=make.NOW
    )
    [row] = tom.rows("imports/")
    assert (row["name"], row["state"], row["rows"]) == ("lms.csv", "matching", 1)
    assert tom.get(f"imports/{made.ref}/").json() == row
    assert lena.get(f"imports/{made.ref}/").status_code == 404


# Statements


def said(verb: str = "completed", **other: Any) -> dict[str, Any]:
    return {
        "id": str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "mbox": "mailto:Rosa@example.com"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}", "display": {"en": verb}},
        "object": {"objectType": "Activity", "id": "urn:align:module:NEG-3"},
        "timestamp": "2026-11-01T10:00:00Z",
        **other,
    }


def tell(
    caller: Caller, *rows: dict[str, Any], single: bool = False, version: str = "1.0.3"
) -> Any:
    return caller.client.post(
        f"/api/v1/{XAPI}",
        rows[0] if single else list(rows),
        content_type="application/json",
        headers={"X-Experience-API-Version": version},
    )


def test_completed_passed_and_failed_are_recorded(
    cast: make.Cast, drill: Module, tom: Caller
) -> None:
    passed = said("passed", result={"score": {"scaled": 0.855}, "success": True})
    failed = said("failed", result={"score": {"raw": 12, "max": 40}})
    rows = [said(), passed, failed]
    answer = tell(tom, *rows)
    assert answer.status_code == 200, answer.content
    assert answer.json() == [row["id"] for row in rows]
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    kept = {(row.external_id, row.score) for row in Completion.objects.all()}
    assert {(pk, str(score)) for pk, score in kept} == {
        (rows[0]["id"], "None"),
        (passed["id"], "85.50"),
    }
    tries = {(row.external_id, row.passed, str(row.score)) for row in Attempt.objects.all()}
    assert tries == {(passed["id"], True, "85.50"), (failed["id"], False, "30.00")}
    assert all(row.user == cast.rosa for row in Completion.objects.all())


def test_the_same_statements_again_are_the_same_rows(drill: Module, tom: Caller) -> None:
    row = said("passed", result={"score": {"scaled": 1}})
    untimed = {name: value for name, value in said().items() if name != "timestamp"}
    for _ in range(2):
        assert tell(tom, row, row, untimed).status_code == 200
        assert tell(tom, row, single=True).json() == [row["id"]]
    assert (Completion.objects.count(), Attempt.objects.count()) == (2, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"actor": {"mbox": "mailto:mia@example.com"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/failed"}},
        {"verb": {"id": "http://adlnet.gov/expapi/verbs/completed"}},
        {"timestamp": "2026-11-02T10:00:00Z"},
        {"result": {"score": {"scaled": 0.5}}},
    ],
)
def test_the_same_id_with_another_content_is_a_conflict(
    drill: Module, tom: Caller, other: dict[str, Any]
) -> None:
    row = said("passed")
    assert tell(tom, row).status_code == 200
    assert tell(tom, row | other).status_code == 409
    assert tell(tom, said(), row | other).status_code == 409
    assert (Completion.objects.count(), Attempt.objects.count()) == (1, 1)


def test_what_is_unknown_is_named_by_its_place_and_nothing_is_imported(
    drill: Module, tom: Caller
) -> None:
    answer = tell(
        tom,
        said(),
        said(actor={"account": {"homePage": "https://lms.example.com", "name": "no@x.com"}}),
        said(object={"id": "https://lms.example.com/course/9"}),
        said(timestamp="2100-01-01T00:00:00Z"),
    )
    assert answer.status_code == 400
    fields = answer.json()["fields"]
    assert set(fields) == {"1.actor", "2.object", "3.timestamp"}
    assert fields["1.actor"] == ["Nobody here has the address “no@x.com”."]
    assert not Completion.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"verb": {"id": "http://adlnet.gov/expapi/verbs/attempted"}}, "0.verb.id"),
        ({"actor": {"mbox": "mailto:rosa"}}, "0.actor"),
        ({"actor": {"name": "Rosa"}}, "0.actor"),
        ({"id": "12"}, "0.id"),
        ({"result": {"score": {"scaled": 1.5}}}, "0.result.score.scaled"),
        ({"result": {"score": {"raw": 50, "max": 40}}}, "0.result.score"),
        ({"timestamp": "yesterday"}, "0.timestamp"),
        ({"colour": "red"}, "0.colour"),
    ],
)
def test_a_statement_that_cannot_be_is_refused(
    drill: Module, tom: Caller, wrong: dict[str, Any], field: str
) -> None:
    answer = tell(tom, said() | wrong)
    assert answer.status_code == 400, answer.content
    assert set(answer.json()["fields"]) == {field}


@pytest.mark.parametrize("rows", [[], [{}] * 501, ["text"], [[]]])
def test_a_list_that_is_none_is_refused(drill: Module, tom: Caller, rows: list[Any]) -> None:
    assert tell(tom, *rows).status_code == 400


@pytest.mark.parametrize("version", ["", "0.9", "2.0.0"])
def test_the_version_of_the_standard_is_asked_for(drill: Module, tom: Caller, version: str) -> None:
    answer = tell(tom, said(), version=version)
    assert answer.status_code == 400
    assert not Completion.objects.exists()


def test_a_token_of_a_trainer_or_admin_is_needed(
    cast: make.Cast, drill: Module, rosa: Caller, lena: Caller, ada: Caller
) -> None:
    assert tell(rosa, said()).status_code == 403
    assert tell(lena, said()).status_code == 403
    assert tell(Caller(), said()).status_code == 401
    assert tell(ada, said()).status_code == 200
    program = Caller()
    answer = program.client.post(
        "/api/xapi/statements",
        said(),
        content_type="application/json",
        headers=VERSION | {"Authorization": f"Token {tokens.rotate(user=cast.tom)}"},
    )
    assert answer.status_code == 200, answer.content


@pytest.mark.parametrize("name", ["{base}/training/modules/{pk}/", "https://lms.example.com/drill"])
def test_a_module_is_known_by_its_address_and_by_its_link(
    cast: make.Cast, drill: Module, tom: Caller, name: str, settings: Any
) -> None:
    draft = actions.new_version(module=drill, by=cast.tom, now=make.NOW)
    type(draft).objects.filter(pk=draft.pk).update(link="https://lms.example.com/drill")
    actions.publish_module(module=drill, by=cast.tom, now=make.NOW)
    address = name.format(base=settings.BASE_URL, pk=drill.pk)
    assert tell(tom, said(object={"id": address})).status_code == 200
    # It is the version that was in use on that day.
    assert Completion.objects.get().version.number == 1


def test_a_list_costs_the_same_whatever_its_length(
    drill: Module, tom: Caller, django_assert_max_num_queries: Any
) -> None:
    rows = [said("passed", timestamp=f"2026-10-{day:02}T10:00:00Z") for day in range(1, 29)]
    with django_assert_max_num_queries(18):
        assert tell(tom, *rows).status_code == 200
    assert Delivery.objects.count() == 0
    assert Completion.objects.count() == 28
