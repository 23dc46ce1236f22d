from datetime import datetime

from django.db import models


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def beat(self, *, name: str, now: datetime) -> None:
        """Write that ``name`` is alive. Two at once leave one row."""
        self.bulk_create(
            [Heartbeat(name=name, at=now)],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )

    def latest_by_name(self) -> dict[str, datetime]:
        """Return the time of the last sign of life, by name."""
        return dict(self.values_list("name", "at"))


class Heartbeat(models.Model):
    """The last sign of life of a background process: ``worker`` or ``beat``."""

    name = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    objects = HeartbeatQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name} {self.at:%Y-%m-%d %H:%M:%S}"
