from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, InternalError, connection, transaction

from strategy import actions as strategy
from strategy import effect
from strategy.models import BehaviorRevision, Objective, Revision, Touch
from tests import make
from tests.make import LONG_AGO, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(
        strategy_=plan,
        by=cast.lena,
        code="A4",
        behaviors=[
            make.behavior_words("B1", sales_role=cast.role),
            make.behavior_words("B2", sales_role=cast.role, critical=False),
        ],
    )


def words_of(objective: Objective) -> strategy.Words:
    assert objective.current is not None
    return strategy.Words(**{name: getattr(objective.current, name) for name in strategy.WORDS})


def test_a_published_objective_is_in_force_and_to_be_judged(objective: Objective) -> None:
    assert objective.state == "in force"
    assert objective.current is not None
    assert (objective.current.significance, objective.current.epoch) == ("substantive", 1)
    assert Touch.objects.filter(objective=objective).exists()


def test_everyone_of_the_sales_role_in_the_teams_is_asked_by_default(
    objective: Objective, cast: make.Cast
) -> None:
    row = BehaviorRevision.objects.in_force().filter(behavior__code="B1").get()
    audience = row.audiences.get()
    assert audience.name == "Account executive in North"
    assert list(audience.members_on(NOW.date())) == [cast.rosa]


def test_each_missing_field_is_named(cast: make.Cast) -> None:
    plan = strategy.create_strategy(name="Plan", lead=cast.lena, teams=[cast.team], now=NOW)
    objective = strategy.add_objective(
        strategy=plan,
        theme=make.theme(plan),
        code="A1",
        owner=None,
        words=strategy.Words(title="Only a title"),
        by=cast.lena,
        now=NOW,
    )
    with pytest.raises(strategy.Invalid) as invalid:
        make.publish(objective, by=cast.lena)
    assert set(invalid.value.errors) == {
        "we_will",
        "we_stop",
        "segment",
        "hypothesis",
        "why",
        "owner",
        "behaviors",
        "strategy",
    }
    objective.refresh_from_db()
    assert (objective.state, objective.current) == ("draft", None)


def test_a_change_needs_a_reason(objective: Objective, cast: make.Cast) -> None:
    with pytest.raises(strategy.Invalid, match="reason"):
        make.revise(objective, by=cast.lena, reason=" ")


def test_an_editorial_revision_keeps_the_epoch_and_every_fingerprint(
    objective: Objective, cast: make.Cast
) -> None:
    before = {row.behavior_id: row.fingerprint for row in BehaviorRevision.objects.in_force()}
    spaced = words_of(objective).we_will.replace(" ", "  ")
    revised = make.revise(
        objective, by=cast.lena, words=replace(words_of(objective), title="Typo", we_will=spaced)
    )
    assert revised.current is not None
    assert (revised.current.significance, revised.current.epoch) == ("editorial", 1)
    rows = BehaviorRevision.objects.in_force()
    assert {row.behavior_id: row.fingerprint for row in rows} == before
    assert {row.fingerprint_since for row in rows} == {LONG_AGO}


def test_a_changed_behavior_touches_itself_and_nothing_else(
    objective: Objective, cast: make.Cast
) -> None:
    before = {row.behavior_id: row.fingerprint for row in BehaviorRevision.objects.in_force()}
    assert objective.current is not None
    first, second = strategy.behavior_words(objective.current)
    revised = make.revise(
        objective, by=cast.lena, behaviors=[replace(first, occasion="First meeting"), second]
    )
    assert revised.current is not None
    assert (revised.current.significance, revised.current.epoch) == ("substantive", 2)
    after = {row.behavior.code: row for row in BehaviorRevision.objects.in_force()}
    assert after["B1"].fingerprint != before[after["B1"].behavior_id]
    assert after["B1"].fingerprint_since == NOW
    assert after["B2"].fingerprint == before[after["B2"].behavior_id]
    assert after["B2"].fingerprint_since == LONG_AGO


@pytest.mark.parametrize("field", ["we_will", "we_stop", "segment"])
def test_a_changed_choice_touches_every_behavior(
    objective: Objective, cast: make.Cast, field: str
) -> None:
    changed = {name: getattr(words_of(objective), name) for name in strategy.WORDS}
    changed[field] = "Something else"
    make.revise(objective, by=cast.lena, words=strategy.Words(**changed))
    assert {row.fingerprint_since for row in BehaviorRevision.objects.in_force()} == {NOW}


def test_a_changed_why_is_substantive_but_touches_no_behavior(
    objective: Objective, cast: make.Cast
) -> None:
    revised = make.revise(
        objective, by=cast.lena, words=replace(words_of(objective), why="Another case")
    )
    assert revised.current is not None
    assert revised.current.significance == "substantive"
    assert {row.fingerprint_since for row in BehaviorRevision.objects.in_force()} == {LONG_AGO}


def test_a_revision_for_a_later_day_takes_effect_on_that_day(
    objective: Objective, cast: make.Cast
) -> None:
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    Revision.objects.filter(pk=draft.pk).update(reason="New year", title="Next")
    tomorrow = NOW + timedelta(days=1)
    strategy.publish(revision=draft, edits=0, by=cast.lena, now=NOW, effective_from=tomorrow)
    objective.refresh_from_db()
    assert objective.current is not None
    assert objective.current.number == 1
    assert effect.take_effect(now=NOW) == []
    assert effect.take_effect(now=tomorrow) == [objective.pk]
    assert effect.take_effect(now=tomorrow) == []
    assert Objective.objects.get(current__number=2) == objective


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE strategy_revision SET title = 'x'",
        "DELETE FROM strategy_revision",
        "UPDATE strategy_behaviorrevision SET statement = 'x'",
        "DELETE FROM strategy_behaviorrevision_audiences",
    ],
)
def test_the_database_keeps_what_is_published(objective: Objective, statement: str) -> None:
    with (
        pytest.raises((IntegrityError, InternalError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_retired_objective_stays_retired(objective: Objective, cast: make.Cast) -> None:
    strategy.retire(objective=objective, by=None, now=NOW)
    strategy.retire(objective=objective, by=None, now=NOW)
    effect.take_effect(now=NOW)
    objective.refresh_from_db()
    assert objective.state == "retired"


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_exactly_one_wins() -> None:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.draft(strategy_=plan, by=cast.lena)
    draft = objective.revisions.get()
    outcomes: list[str] = []
    start = Barrier(2)

    def publish() -> None:
        start.wait()
        try:
            strategy.publish(revision=draft, edits=0, by=cast.lena, now=NOW)
            outcomes.append("won")
        except strategy.NotADraft:
            outcomes.append("too late")
        finally:
            connection.close()

    threads = [Thread(target=publish) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["too late", "won"]
    assert [row.state for row in objective.revisions.all()] == ["published"]
