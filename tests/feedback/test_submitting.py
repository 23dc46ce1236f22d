"""A report is kept exactly once, whole, or not at all."""

import uuid
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from align.people.models import Role
from feedback import actions as feedback
from feedback.models import Report, Stance
from strategy import actions as strategy
from strategy.models import Objective, Touch
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    Touch.objects.all().delete()
    return made


KEY = uuid.UUID(int=7)


def send(cast: make.Cast, objective: Objective | None, **changes: Any) -> tuple[Report, bool]:
    said: dict[str, Any] = {
        "author": cast.rosa,
        "client_key": KEY,
        "stance": Stance.WONT,
        "barriers": ["market"],
        "text": "Purchasing has a hardware line and nothing else.",
        "occasion": "First visit",
        "objective": objective,
        "behavior": None,
        "module": None,
        "for_manager": False,
        "now": NOW,
    }
    return feedback.submit(**(said | changes))


def test_it_keeps_the_words_the_revision_and_the_team_of_the_day(
    cast: make.Cast, objective: Objective
) -> None:
    report, created = send(cast, objective, behavior=make.behavior(objective))
    assert created
    assert report.revision == objective.current
    assert (report.team, report.state) == (cast.team, Report.State.RECEIVED)
    assert report.behavior == make.behavior(objective)
    assert list(Touch.objects.values_list("objective", flat=True)) == [objective.pk]


def test_the_same_key_and_words_again_are_the_same_report(
    cast: make.Cast, objective: Objective
) -> None:
    first, _ = send(cast, objective)
    again, created = send(
        cast, objective, text="  Purchasing has a hardware line and nothing else."
    )
    assert (again.pk, created) == (first.pk, False)
    assert Touch.objects.count() == 1


def test_the_first_answer_holds_when_the_objective_has_ended_since(
    cast: make.Cast, objective: Objective
) -> None:
    first, _ = send(cast, objective)
    strategy.retire(objective=objective, by=None, now=NOW)
    assert send(cast, objective) == (first, False)


def test_the_same_key_with_other_words_is_refused(cast: make.Cast, objective: Objective) -> None:
    send(cast, objective)
    with pytest.raises(feedback.KeyReused):
        send(cast, objective, stance=Stance.WORKS, barriers=[])
    assert Report.objects.get().stance == Stance.WONT


def test_keys_are_each_persons_own(cast: make.Cast, objective: Objective) -> None:
    send(cast, objective)
    assert send(cast, objective, author=cast.mia)[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"stance": "meh"}, "stance"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 4001}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "a\ud800b"}, "text"),
        ({"occasion": "x" * 201}, "occasion"),
        ({"occasion": "\udfff"}, "occasion"),
        ({"barriers": ["weather"]}, "barriers"),
        ({"stance": Stance.WORKS}, "barriers"),
    ],
)
def test_what_is_wrong_is_named_at_its_field_and_nothing_is_kept(
    cast: make.Cast, objective: Objective, changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(feedback.Invalid) as refused:
        send(cast, objective, **changes)
    assert list(refused.value.errors) == [field]
    assert not Report.objects.exists()
    assert not Touch.objects.exists()
    assert send(cast, objective)[1]  # the key is still free


def test_what_works_needs_no_words(cast: make.Cast, objective: Objective) -> None:
    assert send(cast, objective, stance=Stance.WORKS, barriers=[], text="")[1]


def test_it_may_be_about_nothing_the_strategy_covers(cast: make.Cast) -> None:
    report, created = send(cast, None)
    assert created
    assert (report.objective, report.revision) == (None, None)
    assert not Touch.objects.exists()


def test_a_draft_and_a_retired_objective_are_answered_alike(
    cast: make.Cast, objective: Objective
) -> None:
    hidden = make.draft(strategy_=objective.strategy, by=cast.lena, code="A5")
    strategy.retire(objective=objective, by=None, now=NOW)
    said = []
    for one in (hidden, objective):
        with pytest.raises(feedback.Invalid) as refused:
            send(cast, one)
        said.append(refused.value.errors)
    assert said[0] == said[1] == {"objective": "This objective is not in force."}


def test_a_behavior_must_be_of_the_revision_in_force(cast: make.Cast, objective: Objective) -> None:
    old = make.behavior(objective)
    other = make.objective(strategy_=objective.strategy, by=cast.lena, code="A6")
    changed = make.behavior_words("B2", sales_role=cast.role)
    make.revise(objective, by=cast.lena, behaviors=[changed])
    for behavior in (old, make.behavior(other)):
        with pytest.raises(feedback.Invalid, match="not part of the objective"):
            send(cast, objective, behavior=behavior)
    with pytest.raises(feedback.Invalid, match="not part of the objective"):
        send(cast, None, behavior=make.behavior(other))


def test_a_module_must_be_visible(cast: make.Cast, objective: Objective) -> None:
    module = make.module(owner=cast.tom)
    assert send(cast, objective, module=module)[0].module == module
    type(module).objects.filter(pk=module.pk).update(current=None, state="draft")
    with pytest.raises(feedback.Invalid, match="not there"):
        send(cast, objective, module=module, client_key=uuid.uuid4())


def test_an_older_objective_in_hand_still_reaches_the_revision_of_now(
    cast: make.Cast, objective: Objective
) -> None:
    now_in_force = make.revise(Objective.objects.get(pk=objective.pk), by=cast.lena)
    report, _ = send(cast, objective)
    assert report.revision == now_in_force.current


def test_a_person_without_a_team_is_heard_too(objective: Objective, cast: make.Cast) -> None:
    report, created = send(cast, objective, author=make.user("Nils", Role.REP))
    assert created
    assert report.team is None


def test_it_takes_ten_statements_at_most(cast: make.Cast, objective: Objective) -> None:
    module = make.module(owner=cast.tom)
    behavior = make.behavior(objective)
    with CaptureQueriesContext(connection) as asked:
        send(cast, objective, behavior=behavior, module=module)
    assert len(asked) <= 10


def test_acknowledging_twice_keeps_the_first_time(cast: make.Cast, objective: Objective) -> None:
    report, _ = send(cast, objective)
    assert feedback.acknowledge(report=report, by=cast.lena, now=NOW).acknowledged_at == NOW
    later = NOW.replace(hour=11)
    assert feedback.acknowledge(report=report, by=cast.tom, now=later).acknowledged_at == NOW
