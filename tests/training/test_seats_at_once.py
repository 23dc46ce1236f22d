"""Two people want the last seat at the same moment: real transactions, real threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from align.people.models import Audience
from tests import make
from tests.make import NOW
from training import actions
from training.models import Completion, Delivery, Seat

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Call all of them at the same moment, each on a connection of its own."""
    start = Barrier(len(calls))

    def one(call: Callable[[], Any]) -> Any:
        start.wait()
        try:
            return call()
        except (actions.SessionFull, actions.NotPlanned, actions.StaleSession) as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def session(cast: make.Cast) -> Delivery:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    make.objective(strategy_=plan, by=cast.lena, code="A4")
    drill = make.module(owner=cast.tom)
    assert drill.current is not None
    begins = NOW + timedelta(days=1)
    return actions.plan_session(
        version=drill.current,
        plan=actions.Plan(
            audience=Audience.objects.get(),
            trainer=cast.tom,
            starts_at=begins,
            ends_at=begins + timedelta(hours=1),
            capacity=2,
        ),
        by=cast.tom,
        now=NOW,
    )


def test_of_many_who_want_the_last_seats_exactly_as_many_get_one(
    cast: make.Cast, session: Delivery
) -> None:
    reps = make.reps(6, team=cast.team, sales_role=cast.role)

    def take(rep: Any) -> Callable[[], Any]:
        return lambda: actions.take_seat(delivery=session, user=rep, now=NOW)

    answers = at_once(*(take(rep) for rep in reps))
    assert answers.count(actions.SessionFull) == 4
    assert Seat.objects.taken().count() == 2


def test_whoever_asks_twice_at_once_has_one_seat(cast: make.Cast, session: Delivery) -> None:
    def take() -> Any:
        return actions.take_seat(delivery=session, user=cast.rosa, now=NOW)

    at_once(take, take, take)
    assert Seat.objects.taken().count() == 1


def test_a_session_is_held_once(cast: make.Cast, session: Delivery) -> None:
    later = NOW + timedelta(days=2)

    def hold() -> Any:
        return actions.hold_session(
            delivery=session, attended=[cast.rosa], by=cast.tom, now=later
        ).state

    assert sorted(map(str, at_once(hold, hold))) == [str(actions.NotPlanned), "held"]
    assert Completion.objects.count() == 1


def test_of_two_changes_at_once_one_is_told_of_the_other(
    cast: make.Cast, session: Delivery
) -> None:
    def move(place: str) -> Callable[[], Any]:
        plan = actions.Plan(
            audience=session.audience,
            trainer=cast.tom,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            place=place,
        )
        return lambda: (
            actions.change_session(delivery=session, plan=plan, edits=0, by=cast.tom, now=NOW).edits
        )

    assert set(at_once(move("Hall 1"), move("Hall 2"))) == {1, actions.StaleSession}
