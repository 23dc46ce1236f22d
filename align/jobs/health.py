"""What the installation needs to serve people, each part asked on its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from redis.backoff import NoBackoff
from redis.retry import Retry

from align.jobs.models import Heartbeat

OLDEST_HEARTBEAT = timedelta(seconds=60)


@dataclass(frozen=True)
class Part:
    """One part of the installation; ``reason`` says why it is not ready."""

    name: str
    reason: str = ""

    @property
    def ok(self) -> bool:
        return not self.reason


def parts(*, now: datetime) -> list[Part]:
    """Return every part an installation consists of, ready or not. Never raises."""
    return [
        _ask("database", _database),
        _ask("broker", _broker),
        _ask("migrations", _migrations),
        _ask("worker", lambda: _heartbeat("worker", now)),
        _ask("beat", lambda: _heartbeat("beat", now)),
    ]


def _ask(name: str, question: Callable[[], str]) -> Part:
    try:
        return Part(name=name, reason=question())
    except Exception as failure:  # the answer to a health check is never an error page
        # Only the kind of the failure: the text may hold addresses, and this page is public.
        return Part(name=name, reason=f"does not answer ({type(failure).__name__})")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return ""


@cache
def _client() -> redis.Redis:
    return redis.Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=1,
        socket_connect_timeout=1,
        retry=Retry(NoBackoff(), 0),
    )


def _broker() -> str:
    _client().ping()
    return ""


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return f"{len(plan)} not applied" if plan else ""


def _heartbeat(name: str, now: datetime) -> str:
    at = Heartbeat.objects.latest_by_name().get(name)
    if at is None:
        return "no sign of life yet"
    if now - at > OLDEST_HEARTBEAT:
        return f"no sign of life since {at:%Y-%m-%d %H:%M:%S} UTC"
    return ""
