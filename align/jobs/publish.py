"""Hand work to the background. The broker is a hint: its absence refuses nobody anything."""

import time
from typing import Any, Protocol

import structlog
from django.conf import settings
from django.core.cache import caches
from django.db import transaction
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)

PAUSE = 5.0  # seconds without an attempt, once the broker has failed
TICK = 1  # seconds in which calls for the same task share one run


class Task(Protocol):
    name: str

    def apply_async(self, args: tuple[Any, ...] = ..., *, countdown: float = ...) -> Any: ...


class Breaker:
    """Remembers, for this process, that the broker failed a moment ago."""

    def __init__(self) -> None:
        self._closed_again_at = 0.0

    @property
    def open(self) -> bool:
        return time.monotonic() < self._closed_again_at

    def trip(self) -> None:
        self._closed_again_at = time.monotonic() + PAUSE

    def reset(self) -> None:
        self._closed_again_at = 0.0


breaker = Breaker()


def after_commit(task: Task, *args: Any) -> None:
    """Run the task in the background once the current transaction is committed.

    A task without arguments is a tick: calls within the same second share one run, which
    begins when that second is over. A broker that is down costs the request about a second
    at most and refuses nothing: what is to be done stands in the database, and the
    timetable makes good.
    """

    # An inner function, not a partial: Django logs a failed robust callback by its
    # __qualname__, which a partial has not got.
    def hand_over() -> None:
        _publish(task, args)

    transaction.on_commit(hand_over, robust=True)


def _publish(task: Task, args: tuple[Any, ...]) -> None:
    if settings.CELERY_TASK_ALWAYS_EAGER:
        task.apply_async(args)
        return
    if breaker.open:
        return
    try:
        # The cache is the broker's own server with a shorter patience (1 s): it is asked
        # first, so that a server which hangs is noticed before Celery waits for it.
        key = f"align.jobs:{task.name}:{time.time_ns() if args else ''}"
        first = caches["broker"].add(key, 1, TICK)
        if args:
            task.apply_async(args)
        elif first:
            task.apply_async((), countdown=TICK)
    except (KombuError, RedisError, OSError) as failure:
        breaker.trip()
        log.warning("job_not_published", task=task.name, reason=repr(failure))
