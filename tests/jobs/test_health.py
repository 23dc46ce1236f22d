"""The two probes: they answer whatever is missing, and name it."""

from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from align.jobs import health, tasks
from align.jobs.models import Heartbeat

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def reasons() -> dict[str, str]:
    return {part.name: part.reason for part in health.parts(now=NOW)}


@pytest.mark.django_db
def test_ready_when_every_part_is_there(client: Client) -> None:
    for name in ("worker", "beat"):
        Heartbeat.objects.beat(name=name, now=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["ok"] is True
    assert set(answer.json()["parts"]) == {"database", "broker", "migrations", "worker", "beat"}


@pytest.mark.django_db
def test_a_silent_worker_is_named(client: Client) -> None:
    Heartbeat.objects.beat(name="beat", now=timezone.now())
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["worker"] == {"ok": False, "reason": "no sign of life yet"}
    assert answer.json()["parts"]["beat"] == {"ok": True, "reason": ""}


@pytest.mark.django_db
def test_a_sign_of_life_counts_for_a_minute() -> None:
    Heartbeat.objects.beat(name="worker", now=NOW - timedelta(seconds=60))
    Heartbeat.objects.beat(name="beat", now=NOW - timedelta(seconds=61))
    assert reasons()["worker"] == ""
    assert reasons()["beat"] == "no sign of life since 2026-03-02 08:58:59 UTC"


@pytest.mark.django_db
def test_missing_migrations_are_counted() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    assert reasons()["migrations"] == "1 not applied"


def test_without_a_database_the_answer_still_comes_and_tells_no_address(client: Client) -> None:
    away = OperationalError("connection to server at 10.0.0.1 failed")
    with mock.patch.object(connection, "ensure_connection", side_effect=away):
        answer = client.get("/readyz")
        alive = client.get("/healthz")
    assert answer.status_code == 503
    assert answer.json()["parts"]["broker"] == {"ok": True, "reason": ""}
    assert answer.json()["parts"]["database"]["reason"] == "does not answer (OperationalError)"
    assert "10.0.0.1" not in answer.content.decode()
    assert alive.status_code == 200


def test_a_probe_needs_no_known_host_name(client: Client) -> None:
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200


@pytest.mark.django_db
def test_a_pulse_twice_leaves_one_row() -> None:
    tasks.pulse()
    first = Heartbeat.objects.latest_by_name()["worker"]
    tasks.pulse()
    assert Heartbeat.objects.count() == 1
    assert Heartbeat.objects.latest_by_name()["worker"] >= first
