"""Celery beat with a sign of life, and nothing on disk that a power cut could break."""

import time
from datetime import UTC, datetime
from typing import Any

import structlog
from celery.beat import Scheduler as InMemoryScheduler
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from align.jobs.models import Heartbeat

log = structlog.get_logger(__name__)

EVERY = 5.0  # seconds between two signs of life
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


class Scheduler(InMemoryScheduler):
    _next_beat = 0.0

    def setup_schedule(self) -> None:
        """Take the timetable from the code; every job is due once at the start."""
        super().setup_schedule()
        self.merge_inplace(self.app.conf.beat_schedule)
        for entry in self.schedule.values():
            entry.last_run_at = LONG_AGO

    def tick(self, *args: Any, **kwargs: Any) -> float:
        self._beat()
        wait: float = super().tick(*args, **kwargs)
        return min(wait, EVERY)

    def _beat(self) -> None:
        if time.monotonic() < self._next_beat:
            return
        self._next_beat = time.monotonic() + EVERY
        try:
            Heartbeat.objects.beat(name="beat", now=timezone.now())
        except (DatabaseError, InterfaceError) as failure:
            # Beat outlives the database: the next sign of life needs a new connection.
            connection.close()
            log.warning("beat_not_written", reason=str(failure).strip())
