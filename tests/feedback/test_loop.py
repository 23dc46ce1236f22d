"""The thin chain, end to end without HTTP: report, flag, notice, decision, answer."""

from datetime import timedelta

import pytest

from align.notices.models import Notice
from feedback import actions as feedback
from feedback.models import ObjectiveVoice, Report, Stance
from strategy import engine
from strategy.models import Depth, Flag
from tests import make
from tests.make import NOW
from training.models import ObjectiveCoverage

pytestmark = pytest.mark.django_db


def test_five_voices_open_a_flag_its_owner_hears_and_a_decision_answers_them() -> None:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena, code="A4")
    people = make.reps(4, team=cast.team, sales_role=cast.role)
    for rep in [*people, cast.rosa]:
        make.report(author=rep, objective=objective, stance=Stance.WONT)
    engine.fold(now=NOW)
    heard = ObjectiveVoice.objects.get()
    assert (heard.people, heard.wont, heard.share) == (5, 5, 1.0)
    flag = Flag.objects.get(rule="negative")
    assert flag.sentence.startswith("5 of 5 people")
    assert Notice.objects.filter(person=cast.lena, text__contains="Field says no").count() == 1
    assert Flag.objects.filter(rule="uncovered").count() == 1

    decision = feedback.decide(
        reports=list(Report.objects.all()),
        kind="strategy",
        reason="We heard you.",
        by=cast.lena,
        now=NOW,
    )
    assert decision.revision is not None
    assert decision.revision.answers == [decision.ref]
    assert Notice.objects.filter(key=f"decision:{decision.ref}").count() == 5
    assert not Report.objects.waiting().exists()


def test_a_mapped_and_completed_practice_clears_the_gap_and_shows_its_reach() -> None:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena, code="A4")
    engine.fold(now=NOW)
    assert Flag.objects.get(rule="uncovered").state == "open"
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=module)
    engine.fold(now=NOW)
    covered = ObjectiveCoverage.objects.get()
    assert (covered.depth, covered.shown, covered.reached, covered.people) == (
        Depth.PRACTICED,
        Depth.EXPLAINED,  # attendance shows no more
        1,
        1,
    )
    assert Flag.objects.get(rule="uncovered").state == "resolved"


def test_judging_everything_again_changes_nothing() -> None:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena, code="A4")
    make.report(author=cast.rosa, objective=objective)
    engine.fold(now=NOW)
    before = (
        list(ObjectiveVoice.objects.values()),
        list(ObjectiveCoverage.objects.values()),
        list(Flag.objects.values()),
        Notice.objects.count(),
    )
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW + timedelta(0))
    assert before == (
        list(ObjectiveVoice.objects.values()),
        list(ObjectiveCoverage.objects.values()),
        list(Flag.objects.values()),
        Notice.objects.count(),
    )
