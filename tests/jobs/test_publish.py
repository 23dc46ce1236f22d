"""Handing work over: the broker may be there, hang or be away; the request goes on."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.core.cache import caches
from django.db import transaction
from kombu.exceptions import OperationalError
from pytest_django import Settings

from align import jobs
from align.jobs import publish

pytestmark = pytest.mark.django_db(transaction=True)


class Recorder:
    """A task that notes how it was handed over, or fails as a broker does."""

    name = "tests.recorder"

    def __init__(self, failure: Exception | None = None) -> None:
        self.calls: list[tuple[tuple[Any, ...], float]] = []
        self.failure = failure

    def apply_async(self, args: tuple[Any, ...] = (), *, countdown: float = 0) -> None:
        self.calls.append((args, countdown))
        if self.failure:
            raise self.failure


@pytest.fixture(autouse=True)
def real_broker(settings: Settings) -> Iterator[None]:
    settings.CELERY_TASK_ALWAYS_EAGER = False
    caches["default"].delete("align.jobs:tests.recorder:")
    publish.breaker.reset()
    yield
    publish.breaker.reset()


def test_work_is_handed_over_after_the_commit_and_not_before() -> None:
    task = Recorder()
    with transaction.atomic():
        jobs.after_commit(task, 7)
        assert task.calls == []
    assert task.calls == [((7,), 0)]


def test_work_of_a_transaction_that_failed_is_never_handed_over() -> None:
    task = Recorder()
    with transaction.atomic():
        jobs.after_commit(task, 7)
        transaction.set_rollback(True)
    assert task.calls == []


def test_ticks_within_a_second_share_one_run_that_begins_when_it_is_over() -> None:
    task = Recorder()
    for _ in range(5):
        jobs.after_commit(task)
    assert task.calls == [((), publish.TICK)]


def test_work_with_arguments_is_never_left_out() -> None:
    task = Recorder()
    jobs.after_commit(task, 1)
    jobs.after_commit(task, 1)
    assert task.calls == [((1,), 0), ((1,), 0)]


def test_a_broker_that_fails_refuses_nothing_and_is_left_alone_for_a_while() -> None:
    task = Recorder(failure=OperationalError("away"))
    jobs.after_commit(task, 1)
    jobs.after_commit(task, 2)
    assert len(task.calls) == 1
    publish.breaker.reset()
    jobs.after_commit(task, 3)
    assert len(task.calls) == 2


def test_a_broker_that_hangs_costs_about_a_second_once(
    settings: Settings, short_folder: Path
) -> None:
    address = short_folder / "deaf.sock"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(str(address))
        deaf.listen()
        settings.CACHES = _cache_at(f"unix://{address}", settings)
        task = Recorder()
        assert _seconds(lambda: jobs.after_commit(task)) < 1.5
        assert _seconds(lambda: jobs.after_commit(task)) < 0.1
    assert task.calls == []


def test_a_broker_that_is_away_costs_next_to_nothing(
    settings: Settings, short_folder: Path
) -> None:
    settings.CACHES = _cache_at(f"unix://{short_folder}/nothing.sock", settings)
    task = Recorder()
    assert _seconds(lambda: jobs.after_commit(task)) < 0.3
    assert task.calls == []


def test_a_celery_task_arrives_in_the_broker(settings: Settings, short_folder: Path) -> None:
    app = Celery("tests", broker="memory://", set_as_current=False)
    seen: list[int] = []

    @app.task(name="tests.note")
    def note(number: int) -> None:
        seen.append(number)

    jobs.after_commit(note, 4)
    with app.connection_for_read() as connection:
        message = connection.SimpleQueue("celery").get(timeout=1)
        assert message.headers["task"] == "tests.note"
        message.ack()


def _seconds(call: Callable[[], None]) -> float:
    start = time.monotonic()
    call()
    return time.monotonic() - start


def _cache_at(address: str, settings: Settings) -> dict[str, Any]:
    return {"default": {**settings.CACHES["default"], "LOCATION": f"{address}?db=1"}}
