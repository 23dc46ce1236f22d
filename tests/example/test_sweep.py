"""`manage.py sweep`: every job once, and whether the figures are what the rows say."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from align.jobs.models import Heartbeat
from feedback.models import ObjectiveVoice, Stance
from strategy import engine
from strategy.models import Objective, Touch
from tests import make
from training.models import CellState, ObjectiveCoverage

pytestmark = pytest.mark.django_db


def sweep(*options: str) -> str:
    out = StringIO()
    call_command("sweep", *options, stdout=out)
    return out.getvalue()


def an_objective() -> Objective:
    cast = make.cast()
    strategy = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=strategy, by=cast.lena)
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=module)
    make.report(author=cast.rosa, objective=objective, stance=Stance.WONT)
    return objective


def test_it_runs_every_job_of_the_timetable() -> None:
    objective = an_objective()

    said = sweep()

    assert "fold … done" in said
    assert "judge all … done" in said
    assert "mail … done" in said
    assert not Touch.objects.exists()
    assert ObjectiveCoverage.objects.get(objective=objective).people == 1


def test_it_does_not_pretend_that_a_worker_lives() -> None:
    sweep()

    assert not Heartbeat.objects.exists()


def test_running_it_twice_changes_nothing() -> None:
    an_objective()
    sweep()
    before = list(CellState.objects.order_by("pk").values())

    sweep()

    assert list(CellState.objects.order_by("pk").values()) == before


def test_figures_that_are_right_are_said_to_be_right() -> None:
    an_objective()
    engine.fold(now=timezone.now())

    assert "Every figure is what the rows say." in sweep("--verify")


def test_a_figure_that_drifted_is_named_with_both_numbers_and_kept() -> None:
    objective = an_objective()
    engine.fold(now=timezone.now())
    ObjectiveCoverage.objects.filter(objective=objective).update(reached=7)
    ObjectiveVoice.objects.filter(objective=objective).delete()
    out = StringIO()

    with pytest.raises(CommandError, match="2 figures differ"):
        call_command("sweep", "--verify", stdout=out)

    assert "reached is kept as 7 and should be 1" in out.getvalue()
    assert f"ObjectiveVoice {objective.pk}: is missing" in out.getvalue()
    assert ObjectiveCoverage.objects.get(objective=objective).reached == 7


def test_what_waits_to_be_judged_is_no_drift() -> None:
    an_objective()

    assert "wait to be judged" in sweep("--verify")
