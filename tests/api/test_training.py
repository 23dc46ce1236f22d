"""Modules, mappings and evidence by API."""

from typing import Any

import pytest

from align.people.models import Role
from strategy.models import Objective
from tests import make
from tests.api.caller import Caller
from training.models import Completion, Kind, Mapping, Module, Observation

WHEN = "2026-11-20T14:00:00Z"


@pytest.fixture
def module(cast: make.Cast) -> Module:
    return make.module(owner=cast.tom)


def test_a_module_is_made_published_and_mapped(
    tom: Caller, rosa: Caller, objective: Objective
) -> None:
    made = tom.post(
        "modules/",
        code="M9",
        program="Negotiation",
        title="The drill",
        kind="practice",
        hours="1.50",
        content="Say it out loud.",
    )
    assert made.status_code == 201, made.content
    module = made.json()
    assert rosa.get(f"modules/{module['id']}/").status_code == 404
    published = tom.post(f"modules/{module['id']}/publish/").json()
    assert (published["state"], published["draft"]) == ("published", None)
    assert rosa.get(f"modules/{module['id']}/").json()["current"]["title"] == "The drill"

    mapped = tom.post(
        "mappings/",
        version=published["current"]["id"],
        behavior=make.behavior(objective).pk,
        depth="practiced",
        rationale="The second half.",
    )
    assert mapped.status_code == 201, mapped.content
    [mapping] = mapped.json()
    assert (mapping["depth"], mapping["suspect"]) == ("practiced", False)
    assert rosa.rows("mappings/", objective=objective.pk) == [mapping]


def test_a_next_version_is_written_and_a_stale_one_refused(tom: Caller, module: Module) -> None:
    draft = tom.post(f"modules/{module.pk}/draft/").json()
    words = {name: draft[name] for name in ("kind", "hours", "content", "link")}
    address = f"versions/{draft['id']}/"
    assert tom.put(address, **words, title="First", edits=draft["edits"]).status_code == 200
    late = tom.put(address, **words, title="Second", edits=draft["edits"])
    assert late.status_code == 409
    answer = late.json()
    assert (answer["yours"]["title"], answer["theirs"]["title"]) == ("Second", "First")


def test_a_published_version_is_no_draft(tom: Caller, module: Module) -> None:
    assert module.current is not None
    answer = tom.put(
        f"versions/{module.current.pk}/",
        title="x",
        kind="practice",
        hours="1.00",
        content="x",
        edits=0,
    )
    assert answer.status_code == 409


def test_a_taken_code_is_named(tom: Caller, module: Module) -> None:
    answer = tom.post(
        "modules/", code=module.code, program="P", title="t", kind="practice", hours="1"
    )
    assert set(answer.json()["fields"]) == {"code"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "course"}, "kind"),
        ({"hours": "0"}, "hours"),
        ({"hours": "NaN"}, "hours"),
        ({"hours": True}, "hours"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"content": "x" * 50_001}, "content"),
        ({"owner": 1}, "owner"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_wrong_field_of_a_module_is_named(
    tom: Caller, changes: dict[str, Any], field: str
) -> None:
    sent = {"code": "M9", "program": "P", "title": "t", "kind": "practice", "hours": "1"}
    answer = tom.post("modules/", **(sent | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}


def test_too_deep_a_claim_is_refused_at_its_field(
    tom: Caller, cast: make.Cast, objective: Objective
) -> None:
    slide = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    assert slide.current is not None
    answer = tom.post(
        "mappings/",
        version=slide.current.pk,
        behavior=make.behavior(objective).pk,
        depth="practiced",
    )
    assert answer.status_code == 400
    assert "Named at most" in answer.json()["fields"]["depth"][0]


def test_the_same_claim_twice_is_a_conflict(
    tom: Caller, module: Module, objective: Objective
) -> None:
    make.mapping(module=module, behavior=make.behavior(objective))
    assert module.current is not None
    answer = tom.post(
        "mappings/",
        version=module.current.pk,
        behavior=make.behavior(objective).pk,
        depth="named",
    )
    assert answer.status_code == 409
    assert Mapping.objects.count() == 1


def test_a_mapping_is_cleared_with_a_reason_and_retired(
    tom: Caller, module: Module, objective: Objective
) -> None:
    mapping = make.mapping(module=module, behavior=make.behavior(objective))
    assert tom.post(f"mappings/{mapping.pk}/clear/").status_code == 400
    cleared = tom.post(f"mappings/{mapping.pk}/clear/", reason="Only a comma moved.")
    assert cleared.json()["cleared_reason"] == "Only a comma moved."
    assert tom.post(f"mappings/{mapping.pk}/retire/").json()["state"] == "retired"


def completion(person: str, module: Module, **changes: Any) -> dict[str, Any]:
    assert module.current is not None
    return {
        "person": person,
        "version": module.current.pk,
        "completed_at": WHEN,
        "source": "lms",
        "external_id": "1",
    } | changes


def test_a_completion_is_kept_once(tom: Caller, rosa: Caller, module: Module) -> None:
    sent = completion("Rosa@Example.com", module, score="87.50")
    first, again = tom.post("completions/", **sent), tom.post("completions/", **sent)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    other = tom.post("completions/", **(sent | {"score": "10"}))
    assert other.status_code == 409
    assert [row["score"] for row in rosa.rows("completions/")] == ["87.50"]


def test_everybody_records_their_own_and_only_that(
    rosa: Caller, cast: make.Cast, module: Module
) -> None:
    assert rosa.post("completions/", **completion("rosa@example.com", module)).status_code == 201
    answers = [
        rosa.post("completions/", **completion(mail, module, external_id="2"))
        for mail in ("mia@example.com", "nobody@example.com")
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content


def test_a_completion_of_tomorrow_is_refused(tom: Caller, module: Module) -> None:
    sent = completion("rosa@example.com", module, completed_at="2999-01-01T00:00:00Z")
    assert set(tom.post("completions/", **sent).json()["fields"]) == {"completed_at"}


def test_a_batch_is_kept_whole_and_once(tom: Caller, cast: make.Cast, module: Module) -> None:
    people = make.reps(20, team=cast.team, sales_role=cast.role)
    rows = [
        completion(person.email, module, external_id=str(at)) for at, person in enumerate(people)
    ]
    assert tom.post("completions/batch/", completions=rows).json() == {"made": 20, "known": 0}
    assert tom.post("completions/batch/", completions=rows).json() == {"made": 0, "known": 20}


def test_one_wrong_row_keeps_the_whole_batch_out(tom: Caller, module: Module) -> None:
    rows = [
        completion("rosa@example.com", module),
        completion("nobody@example.com", module, external_id="2"),
        completion("rosa@example.com", module, external_id="3", version=999_999),
    ]
    answer = tom.post("completions/batch/", completions=rows)
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {"completions.1.person", "completions.2.version"}
    assert not Completion.objects.exists()


def test_the_wrong_days_of_a_batch_are_named_by_place(tom: Caller, module: Module) -> None:
    rows = [
        completion("rosa@example.com", module),
        completion("rosa@example.com", module, external_id="2", completed_at="2999-01-01T00:00Z"),
    ]
    answer = tom.post("completions/batch/", completions=rows)
    assert set(answer.json()["fields"]) == {"completions.1.completed_at"}


def test_one_key_with_two_contents_is_a_conflict(tom: Caller, module: Module) -> None:
    rows = [completion("rosa@example.com", module, score=score) for score in ("10", "20")]
    assert tom.post("completions/batch/", completions=rows).status_code == 409
    assert not Completion.objects.exists()
    assert tom.post("completions/batch/", completions=[rows[0]] * 2).json() == {
        "made": 1,
        "known": 1,
    }


def test_a_batch_belongs_to_the_team_of_its_day_like_one(
    tom: Caller, cast: make.Cast, module: Module
) -> None:
    before = completion("rosa@example.com", module, completed_at="2001-01-01T00:00:00Z")
    after = completion("rosa@example.com", module, external_id="2")
    tom.post("completions/batch/", completions=[before, after])
    one = tom.post("completions/", **completion("rosa@example.com", module, external_id="3"))
    teams = Completion.objects.order_by("external_id").values_list("team", flat=True)
    assert list(teams) == [None, cast.team.pk, cast.team.pk]
    assert one.json()["team"] == cast.team.pk


def test_a_batch_costs_the_same_whatever_its_length(
    tom: Caller, cast: make.Cast, module: Module, django_assert_max_num_queries: Any
) -> None:
    people = make.reps(60, team=cast.team, sales_role=cast.role)
    rows = [completion(who.email, module, external_id=str(at)) for at, who in enumerate(people)]
    with django_assert_max_num_queries(14):
        assert tom.post("completions/batch/", completions=rows).json()["made"] == 60


def test_a_batch_has_at_most_500_rows(tom: Caller, module: Module) -> None:
    rows = [completion("rosa@example.com", module, external_id=str(n)) for n in range(501)]
    answer = tom.post("completions/batch/", completions=rows)
    assert answer.status_code == 400
    assert "completions" in answer.json()["fields"]


KEY = "5f0c8f4e-41b0-4a83-8f0c-1d2f53a5a1c2"


@pytest.fixture
def seen(cast: make.Cast, objective: Objective) -> dict[str, Any]:
    return {
        "client_key": KEY,
        "person": cast.rosa.pk,
        "behavior": make.behavior(objective).pk,
        "observed_at": "2026-11-20T14:00:00Z",
        "level": 3,
        "evidence": "Asked for the cost of an hour first.",
    }


def test_an_observation_is_kept_once(mia: Caller, rosa: Caller, seen: dict[str, Any]) -> None:
    first, again = mia.post("observations/", **seen), mia.post("observations/", **seen)
    assert (first.status_code, again.status_code) == (201, 200), first.content
    assert first.json() == again.json()
    assert mia.post("observations/", **(seen | {"level": 1})).status_code == 409
    assert [row["level"] for row in rosa.rows("observations/")] == [3]


def test_no_chance_to_see_it_is_said_with_null(mia: Caller, seen: dict[str, Any]) -> None:
    assert mia.post("observations/", **(seen | {"level": None})).json()["level"] is None


def test_a_manager_observes_their_own_teams(mia: Caller, seen: dict[str, Any]) -> None:
    south = make.team("South")
    remo = make.user("Remo", Role.REP, team=south, sales_role=make.sales_role())
    answers = [
        mia.post("observations/", **(seen | {"person": pk})) for pk in (remo.pk, remo.pk + 999)
    ]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert answers[0].content == answers[1].content
    assert not Observation.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": 5}, "level"),
        ({"level": "3"}, "level"),
        ({"client_key": 3}, "client_key"),
        ({"client_key": "3"}, "client_key"),
        ({"observed_at": 3}, "observed_at"),
        ({"observed_at": "0001-01-01T00:00:00+14:00"}, "observed_at"),
        ({"observed_at": "2999-01-01T00:00:00Z"}, "observed_at"),
        ({"observer": 1}, "observer"),
        ({"team": 1}, "team"),
    ],
    ids=str,
)
def test_a_wrong_field_of_an_observation_is_named(
    mia: Caller, seen: dict[str, Any], changes: dict[str, Any], field: str
) -> None:
    answer = mia.post("observations/", **(seen | changes))
    assert answer.status_code == 400
    assert set(answer.json()["fields"]) == {field}
