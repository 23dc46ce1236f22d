"""Beat: everything is due once at the start, and an absent database does not end it."""

from collections.abc import Iterator
from unittest import mock

import pytest
from django.db import OperationalError

from align.celery import app
from align.jobs.models import Heartbeat
from align.jobs.scheduler import Scheduler


@pytest.fixture
def scheduler() -> Iterator[Scheduler]:
    with mock.patch.object(Scheduler, "apply_async") as sent:
        beat = Scheduler(app=app)
        beat.sent = sent
        yield beat


@pytest.mark.django_db
def test_every_job_of_the_timetable_is_due_when_beat_starts(scheduler: Scheduler) -> None:
    while scheduler.tick() == 0:
        pass
    sent = {call.args[0].name for call in scheduler.sent.call_args_list}
    assert sent == set(app.conf.beat_schedule)


@pytest.mark.django_db
def test_a_tick_leaves_a_sign_of_life(scheduler: Scheduler) -> None:
    assert scheduler.tick() <= 5
    assert "beat" in Heartbeat.objects.latest_by_name()


def test_beat_outlives_the_database(scheduler: Scheduler) -> None:
    away = OperationalError("the database system is shutting down")
    with mock.patch.object(Heartbeat.objects, "beat", side_effect=away):
        scheduler.tick()


def test_every_job_of_the_timetable_exists() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
