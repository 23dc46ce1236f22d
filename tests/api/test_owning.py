"""Carrying a choice to the field by API."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from align.people.models import Role
from strategy import owning
from strategy.models import Acknowledgment, Brief, Objective, RecallCheck, Strategy, TeachBack
from tests import make
from tests.api.caller import Caller

WHY = "A stopped line costs our customer more than any pump, and discounts bought no loyalty."


@pytest.fixture
def revision(objective: Objective) -> int:
    assert objective.current_id is not None
    return objective.current_id


@pytest.fixture
def other(cast: make.Cast, plan: Strategy) -> Objective:
    """Another objective in force, so that there is a reason to mistake this one for."""
    made = make.draft(strategy_=plan, by=cast.lena, code="B7")
    made.revisions.update(hypothesis="because spare parts are where our margin is")
    return make.publish(made, by=cast.lena)


def fields(answer: Any) -> set[str]:
    assert answer.status_code == 400, answer.content
    return set(answer.json()["fields"])


def rewritten(objective: Objective, cast: make.Cast) -> None:
    """Publish another why, and so another substance."""
    words = make.words()
    changed = type(words)(**{**words.__dict__, "why": "Guaranteed hours pay for themselves."})
    make.revise(objective, by=cast.lena, words=changed)


# Briefs


def test_lead_and_manager_sign_their_slots(
    lena: Caller, mia: Caller, rosa: Caller, cast: make.Cast, objective: Objective, revision: int
) -> None:
    reason = lena.post("briefs/", revision=revision, text="Hours, not steel.")
    assert (reason.status_code, reason.json()["team"]) == (201, None)
    behavior = make.behavior(objective)
    ours = mia.post(
        "briefs/",
        revision=revision,
        team=cast.team.pk,
        text="Start with the dairies.",
        behavior=behavior.pk,
        question="With whom this week?",
    )
    assert ours.status_code == 201, ours.content
    assert ours.json()["behavior"] == behavior.pk
    assert {row["text"] for row in rosa.rows("briefs/", objective=objective.pk)} == {
        "Hours, not steel.",
        "Start with the dairies.",
    }


def test_signing_again_replaces_the_text(lena: Caller, revision: int) -> None:
    first = lena.post("briefs/", revision=revision, text="One.").json()
    second = lena.post("briefs/", revision=revision, text="Two.").json()
    assert (first["id"], second["text"]) == (second["id"], "Two.")
    row = lena.rows("history/", what="brief signed")[0]
    assert (row["before"]["text"], row["after"]["text"]) == ("One.", "Two.")


def test_a_slot_is_signed_by_whose_it_is(
    lena: Caller, mia: Caller, tom: Caller, rosa: Caller, cast: make.Cast, revision: int
) -> None:
    south = make.team("South")
    body = {"revision": revision, "text": "x"}
    assert mia.post("briefs/", **body).status_code == 403
    assert mia.post("briefs/", **body, team=south.pk).status_code in {400, 403}
    assert lena.post("briefs/", **body, team=cast.team.pk).status_code == 403
    assert tom.post("briefs/", **body).status_code == 403
    assert rosa.post("briefs/", **body).status_code == 403
    assert not Brief.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"revision": 10**9}, "revision"),
        ({"behavior": 10**9}, "behavior"),
        ({"question": "x" * 301}, "question"),
        ({"signed_by": 1}, "signed_by"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_wrong_field_of_a_brief_is_named(
    lena: Caller, revision: int, changes: dict[str, Any], field: str
) -> None:
    assert fields(lena.post("briefs/", **{"revision": revision, "text": "x"} | changes)) == {field}


def test_a_behavior_of_another_objective_is_refused(
    lena: Caller, revision: int, other: Objective
) -> None:
    answer = lena.post("briefs/", revision=revision, text="x", behavior=make.behavior(other).pk)
    assert fields(answer) == {"behavior"}


def test_what_changed_since_it_was_read_is_a_conflict(
    lena: Caller,
    tom: Caller,
    rosa: Caller,
    cast: make.Cast,
    objective: Objective,
    revision: int,
) -> None:
    rewritten(objective, cast)
    body = {"revision": revision}
    for answer in (
        lena.post("briefs/", **body, text="Old."),
        rosa.post("acknowledgments/", **body),
        tom.post("teach-backs/", **body, text=WHY),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")


def test_a_draft_is_answered_like_nothing(rosa: Caller, cast: make.Cast, plan: Strategy) -> None:
    draft = make.draft(strategy_=plan, by=cast.lena, code="Z1").revisions.get()
    answers = [rosa.post("acknowledgments/", revision=pk) for pk in (draft.pk, 10**9)]
    assert fields(answers[0]) == {"revision"}
    assert answers[0].content == answers[1].content


# Reading and remembering


def test_reading_is_noted_once(rosa: Caller, mia: Caller, lena: Caller, revision: int) -> None:
    first, again = (rosa.post("acknowledgments/", revision=revision) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert Acknowledgment.objects.count() == 1
    for other in (mia, lena):
        assert other.rows("acknowledgments/") == []
        assert other.rows("history/", what="read") == []
    assert len(rosa.rows("history/", what="read")) == 1


def test_what_is_left_of_a_why_is_asked_then_chosen(
    rosa: Caller,
    lena: Caller,
    mia: Caller,
    cast: make.Cast,
    objective: Objective,
    other: Objective,
    revision: int,
) -> None:
    assert objective.current is not None
    read = timezone.now() - timedelta(days=3)
    owning.acknowledge(revision=objective.current, by=cast.rosa, now=read)
    [due] = rosa.get("recall/due/").json()["due"]
    assert due == {"objective": objective.pk, "revision": revision, "day": 2}
    body = {"revision": revision, "day": 2, "recalled": "Discounts cost margin and loyalty."}
    first = rosa.post("recall/", **body)
    assert first.status_code == 201, first.content
    check = first.json()
    assert (check["remembered"], check["right"]) == (True, None)
    assert check["words_found"] <= check["words_asked"]
    again = rosa.post("recall/", **body | {"recalled": "Something else."})
    assert (again.status_code, again.json()["recalled"]) == (200, body["recalled"])
    assert rosa.get("recall/due/").json()["due"] == []

    address = f"recall/{check['id']}/"
    reasons = rosa.get(f"{address}reasons/").json()["reasons"]
    assert {row["revision"] for row in reasons} == {revision, other.current_id}
    unknown = [rosa.post(f"{address}choose/", chosen=pk) for pk in (10**9, 10**9 + 1)]
    assert fields(unknown[0]) == {"chosen"}
    assert rosa.post(f"{address}choose/", chosen=other.current_id).json()["right"] is False
    assert rosa.post(f"{address}choose/", chosen=revision).json()["right"] is False
    for stranger in (lena, mia):
        assert stranger.rows("recall/") == []
        assert stranger.get(address).content == stranger.get("recall/999999/").content
        assert stranger.post(f"{address}choose/", chosen=revision).status_code == 404


@pytest.mark.parametrize("changes", [{"day": 21}, {"day": 3}], ids=str)
def test_what_does_not_wait_is_not_taken(
    rosa: Caller, revision: int, changes: dict[str, Any]
) -> None:
    body = {"revision": revision, "day": 2, "recalled": "x"} | changes
    assert fields(rosa.post("recall/", **body)) == {"day"}
    assert not RecallCheck.objects.exists()


def test_read_and_remembered_stand_side_by_side_for_groups_only(
    lena: Caller, tom: Caller, rosa: Caller, cast: make.Cast, objective: Objective
) -> None:
    address = f"objectives/{objective.pk}/remembered/"
    assert lena.get(address).json() == {"units": []}
    people = make.reps(5, team=cast.team, sales_role=cast.role)
    assert objective.current is not None
    for person in people:
        owning.acknowledge(revision=objective.current, by=person, now=make.NOW)
    company = tom.get(address).json()["units"][0]
    assert (company["people"], company["read"], company["asked"]) == (6, 5, 5)
    assert (company["answered"], company["remembered"], company["recognized"]) == (0, 0, 0)
    assert rosa.get(address).status_code == 403


# Teach-backs


def test_a_teach_back_is_given_and_signed(
    tom: Caller, lena: Caller, rosa: Caller, cast: make.Cast, objective: Objective, revision: int
) -> None:
    given = tom.post("teach-backs/", revision=revision, text=WHY)
    assert (given.status_code, given.json()["state"]) == (201, "given")
    address = f"teach-backs/{given.json()['id']}/"
    assert tom.post(f"{address}sign/").status_code == 403
    assert [row["text"] for row in lena.rows("teach-backs/", state="given")] == [WHY]
    assert lena.post(f"{address}sign/").json()["state"] == "signed"
    late = lena.post(f"{address}return/", answer="Too late.")
    assert (late.status_code, late.json()["code"]) == (409, "conflict")
    assert fields(tom.post("teach-backs/", revision=revision, text="Again.")) == {"text"}
    rewritten(objective, cast)
    assert tom.get(address).json()["void"] is True


def test_a_teach_back_comes_back_with_what_is_missing(
    tom: Caller, lena: Caller, revision: int
) -> None:
    given = tom.post("teach-backs/", revision=revision, text="Because.").json()
    address = f"teach-backs/{given['id']}/return/"
    assert fields(lena.post(address)) == {"answer"}
    assert lena.post(address, answer="For whom?").json()["state"] == "returned"
    assert tom.get(f"teach-backs/{given['id']}/").json()["answer"] == "For whom?"
    assert tom.post("teach-backs/", revision=revision, text=WHY).status_code == 201
    assert TeachBack.objects.count() == 2


def test_teach_backs_are_for_the_trainer_and_who_signs(
    tom: Caller, rosa: Caller, mia: Caller, revision: int
) -> None:
    given = tom.post("teach-backs/", revision=revision, text=WHY).json()
    otto, tess = (
        Caller(make.user(name, role))
        for name, role in (("Otto", Role.LEAD), ("Tess", Role.TRAINER))
    )
    for stranger in (rosa, mia, otto, tess):
        assert stranger.rows("teach-backs/") == []
        hidden = stranger.get(f"teach-backs/{given['id']}/")
        assert hidden.content == stranger.get("teach-backs/999999/").content
        assert stranger.post(f"teach-backs/{given['id']}/sign/").status_code == 404
    assert rosa.post("teach-backs/", revision=revision, text=WHY).status_code == 403


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("briefs/", 3),
        ("acknowledgments/", 3),
        ("recall/", 3),
        ("recall/due/", 3),
        ("teach-backs/", 3),
        ("revisions/", 5),
        ("history/", 3),
    ],
)
def test_a_longer_list_costs_no_more_queries(
    address: str,
    most: int,
    cast: make.Cast,
    plan: Strategy,
    tom: Caller,
    lena: Caller,
    django_assert_max_num_queries: Any,
) -> None:
    for code in ("K1", "K2", "K3"):
        words = make.objective(strategy_=plan, by=cast.lena, code=code).current
        assert words is not None
        lena.post("briefs/", revision=words.pk, text="Hours.")
        tom.post("teach-backs/", revision=words.pk, text=WHY)
        read = timezone.now() - timedelta(days=3)
        owning.acknowledge(revision=words, by=cast.tom, now=read)
        tom.post("recall/", revision=words.pk, day=2, recalled="margin")
    with django_assert_max_num_queries(most):
        assert tom.get(address).status_code == 200
