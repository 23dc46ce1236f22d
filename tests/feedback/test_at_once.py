"""Two at the same moment: one report, one answer, each told once."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier as Together
from typing import Any

import pytest
from django.db import connection

from align.notices.models import Notice
from feedback import actions as feedback
from feedback.models import Decision, Report, Stance
from strategy import engine
from strategy.models import Objective
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run each call on a connection of its own, all let go together."""
    together = Together(len(calls))

    def run(call: Callable[[], Any]) -> Any:
        try:
            together.wait(timeout=10)
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        made = [pool.submit(run, call) for call in calls]
    return [one.exception() or one.result() for one in made]


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


def test_a_report_sent_four_times_at_once_is_kept_once(
    cast: make.Cast, objective: Objective
) -> None:
    key = uuid.uuid4()

    def send() -> tuple[Report, bool]:
        return feedback.submit(
            author=cast.rosa,
            client_key=key,
            stance=Stance.WONT,
            barriers=[],
            text="Once.",
            occasion="",
            objective=objective,
            behavior=None,
            module=None,
            for_manager=False,
            now=NOW,
        )

    answers = at_once(send, send, send, send)
    kept = Report.objects.get()
    assert sorted(str(answer) for answer in answers) == sorted(
        str((kept, created)) for created in (True, False, False, False)
    )
    engine.fold(now=NOW)


def test_of_two_leads_who_answer_at_once_one_does(cast: make.Cast, objective: Objective) -> None:
    reports = [make.report(author=cast.rosa, objective=objective) for _ in range(2)]

    def decide() -> Decision:
        return feedback.decide(
            reports=reports, kind="strategy", reason="Heard.", by=cast.lena, now=NOW
        )

    answers = at_once(decide, decide)
    assert sum(isinstance(one, feedback.AlreadyAnswered) for one in answers) == 1
    decision = Decision.objects.get()
    assert decision.reports.count() == 2
    assert Notice.objects.filter(person=cast.rosa, key=f"decision:{decision.ref}").count() == 1
    assert decision.revision is not None
    assert decision.revision.answers == [decision.ref]
