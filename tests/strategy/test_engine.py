from collections.abc import Sequence
from datetime import datetime
from threading import Event, Thread

import pytest
from django.db import connection, transaction

from strategy import engine, outbox
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Objective, Touch
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[int] | None]:
    """Put one state and one rule in the engine, and note what they are asked for."""
    asked: list[Sequence[int] | None] = []

    def state(ids: Sequence[int] | None, now: datetime, config: Config) -> None:
        asked.append(ids)

    def find(ids: Sequence[int] | None, now: datetime, config: Config) -> Sequence[Finding]:
        return []

    monkeypatch.setattr(engine, "_states", {"state": state})
    monkeypatch.setattr(engine, "_rules", {"rule": engine.Rule("rule", find)})
    return asked


def objective() -> Objective:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(strategy_=plan, by=cast.lena)


def test_only_what_was_touched_is_judged_and_only_once(
    judged: list[Sequence[int] | None],
) -> None:
    made = objective()
    outbox.touch([made.pk, made.pk], now=NOW)
    assert engine.fold(now=NOW) == 1
    assert engine.fold(now=NOW) == 0
    assert judged == [[made.pk]]
    assert engine.waiting() == 0


def test_touching_nothing_writes_nothing(judged: list[Sequence[int] | None]) -> None:
    outbox.touch([], now=NOW)
    assert engine.waiting() == 0


def test_judging_all_names_no_objective(judged: list[Sequence[int] | None]) -> None:
    engine.judge_all(now=NOW)
    assert judged == [None]


def test_a_judgement_that_fails_leaves_the_outbox_as_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = objective()
    engine.fold(now=NOW)
    outbox.touch([made.pk], now=NOW)

    def fails(ids: Sequence[int] | None, now: datetime, config: Config) -> None:
        raise RuntimeError("the rule has a bug")

    monkeypatch.setattr(engine, "_states", {"fails": fails})
    with pytest.raises(RuntimeError):
        engine.fold(now=NOW)
    assert engine.waiting() == 1


@pytest.mark.django_db(transaction=True)
def test_while_one_worker_judges_another_leaves_at_once(
    judged: list[Sequence[int] | None],
) -> None:
    made = objective()
    Touch.objects.create(objective=made, at=NOW)
    holding, done = Event(), Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [engine.LOCK])
            holding.set()
            done.wait(10)
        connection.close()

    other = Thread(target=hold)
    other.start()
    assert holding.wait(10)
    assert engine.fold(now=NOW) == 0
    done.set()
    other.join()
    assert engine.fold(now=NOW) == 1


# What no objective holds


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[int] | None]:
    """Put one rule in the engine that is about other things, and note what it is asked for."""
    asked: list[Sequence[int] | None] = []

    def find(ids: Sequence[int] | None, now: datetime, config: Config) -> Sequence[Finding]:
        asked.append(ids)
        return []

    monkeypatch.setattr(engine, "_states", {})
    monkeypatch.setattr(engine, "_rules", {"rule": engine.Rule("rule", find, whole=True)})
    return asked


def test_a_rule_about_other_things_is_judged_whole_in_every_fold(
    whole: list[Sequence[int] | None],
) -> None:
    outbox.touch([objective().pk], now=NOW)
    engine.fold(now=NOW)
    assert whole == [None]
    engine.fold(now=NOW)
    assert whole == [None], "nothing happened"
    engine.judge_all(now=NOW)
    assert whole == [None, None]


def test_judging_some_objectives_leaves_other_things_alone(
    whole: list[Sequence[int] | None],
) -> None:
    engine.judge([objective().pk], now=NOW)
    assert whole == []
    engine.judge_whole(now=NOW)
    assert whole == [None]
