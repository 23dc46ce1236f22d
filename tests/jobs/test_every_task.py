"""Each job leaves the same rows when it runs once, twice, twice at the same time, and late."""

from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from align.celery import app
from align.jobs.models import Heartbeat
from align.notices.models import Notice
from align.people.models import User
from feedback.models import ObjectiveVoice, Stance
from strategy import actions as strategy
from strategy import consultation
from strategy.models import Acknowledgment, Flag, FlagEvent, Objective, Revision, Strategy, Touch
from tests import make
from tests.docs.test_complete import tasks
from training import actions as training
from training import importing
from training.models import BarrierCase, CellState, Completion, CompletionImport, ObjectiveCoverage

pytestmark = pytest.mark.django_db(transaction=True)

# A moment of its own for every run, so that times can be compared: the clock stands still.
MOMENT = make.NOW + timedelta(days=1)


def world() -> None:
    """Something for every job: voices to judge, a revision to come, mail and an invitation due."""
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena, code="A1")
    for rep in [*make.reps(5, team=cast.team, sales_role=cast.role), cast.rosa]:
        make.report(author=rep, objective=objective, stance=Stance.WONT)
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=make.NOW)
    Revision.objects.filter(pk=draft.pk).update(reason="It starts tomorrow.")
    strategy.publish(revision=draft, edits=0, by=cast.lena, now=make.NOW, effective_from=MOMENT)
    Notice.objects.create(
        person=cast.tom, key="due", text="Due", link="/", at_once=True, created_at=make.NOW
    )
    User.objects.filter(pk=cast.mia.pk).update(invited_at=make.NOW)
    Touch.objects.create(objective=objective, at=make.NOW)
    assert objective.current is not None
    Acknowledgment.objects.create(
        revision=objective.current, person=cast.rosa, at=make.NOW - timedelta(days=2)
    )
    consulted(cast, plan)
    taught(cast, objective)
    late(cast, objective)
    mail.outbox.clear()


def consulted(cast: make.Cast, plan: Strategy) -> None:
    """A verdict due in two days, and a prediction whose day has come."""
    waits = make.draft(strategy_=plan, by=cast.lena, code="A2")
    until = (MOMENT + timedelta(days=1)).date()
    make.round_(waits, by=cast.lena, people=[cast.tom], closes_on=until)
    doubted = make.draft(strategy_=plan, by=cast.lena, code="A3")
    round_ = make.round_(doubted, by=cast.lena, people=[cast.tom])
    concern = make.concern(round_, by=cast.tom, check_on=MOMENT.date())
    consultation.answer_concern(
        concern=concern, by=cast.lena, answer="kept", words="We see it otherwise.", now=make.NOW
    )
    make.publish(doubted, by=cast.lena, now=make.NOW)


def taught(cast: make.Cast, objective: Objective) -> None:
    """Something to try, two days after Rosa took it; and a module that nothing asks for."""
    module, other = (make.module(owner=cast.tom, code=code) for code in ("M1", "M2"))
    make.mapping(module=module, behavior=make.behavior(objective))
    for taken in (module, other):
        make.completion(user=cast.rosa, module=taken, completed_at=MOMENT - timedelta(days=2))
    for state in ("checking", "running"):
        file(cast, state)


def file(cast: make.Cast, state: str) -> None:
    """A file of completions that waits for its check or its run."""
    text = "Email,Module,Date\nrosa@example.com,M1,2026-11-02\nno@x.com,M1,2026-11-02\n"
    made = training.start_import(name=state, source=state, text=text, by=cast.tom, now=make.NOW)
    columns = importing.Columns(person=0, module=1, completed=2)
    CompletionImport.objects.filter(pk=made.pk).update(state=state, columns=columns.kept())


def late(cast: make.Cast, objective: Objective) -> None:
    """A barrier whose day is over."""
    training.raise_barrier(
        behavior=make.behavior(objective),
        barrier="tools",
        text="The quotation tool has no hours.",
        owner=cast.mia,
        due_on=(make.NOW + timedelta(days=1)).date(),
        by=cast.tom,
        now=make.NOW,
    )
    BarrierCase.objects.update(due_on=make.NOW.date())


def rows() -> dict[str, Any]:
    """Everything a job may write, without the numbers that a sequence gave."""
    return {
        "voices": list(ObjectiveVoice.objects.values_list("people", "wont", "lower", "judged_at")),
        "coverage": list(ObjectiveCoverage.objects.values_list("cells", "depth", "judged_at")),
        "cells": list(CellState.objects.values_list("depth", "people", "evidence")),
        "flags": sorted(Flag.objects.values_list("rule", "state", "opened_at", "sentence")),
        "events": sorted(FlagEvent.objects.values_list("flag__rule", "kind", "at")),
        "current": list(Objective.objects.values_list("state", "current__number")),
        "completions": sorted(
            Completion.objects.exclude(brought_by=None).values_list("user__email", "created_at")
        ),
        "imports": sorted(
            CompletionImport.objects.values_list("name", "state", "new", "known", "bad", "done")
        ),
        "waiting": Touch.objects.count(),
        "notices": sorted(Notice.objects.values_list("person__email", "text", "mailed_at")),
        "invited": list(
            User.objects.exclude(invited_at=None).values_list("email", "invitation_mailed_at")
        ),
        "alive": sorted(Heartbeat.objects.values_list("name", "at")),
        "mails": sorted(message.to[0] + message.subject for message in mail.outbox),
    }


def run(name: str) -> None:
    app.tasks[name]()


def run_in_two_threads(name: str) -> None:
    def one() -> None:
        try:
            run(name)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    run(name)  # whoever found the other at work left at once; the timetable comes again


@pytest.mark.parametrize("name", tasks())
def test_it_leaves_the_same_rows_once_twice_and_twice_at_the_same_time(name: str) -> None:
    with time_machine.travel(MOMENT, tick=False):
        world()
        run(name)
        once = rows()
        run(name)
        assert rows() == once
        call_command("flush", interactive=False, verbosity=0)
        world()
        run_in_two_threads(name)
        assert rows() == once


@pytest.mark.parametrize("name", tasks())
def test_it_makes_good_when_it_runs_late(name: str) -> None:
    """An hour late it leaves what it would have left in time, but for the moment it did so."""
    with time_machine.travel(MOMENT + timedelta(hours=1), tick=False):
        assert timezone.now() == MOMENT + timedelta(hours=1)
        world()
        run(name)
        late = rows()
        run(name)
        assert rows() == late
