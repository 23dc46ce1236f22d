"""Telling people: rows first, mail afterwards by the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from align import jobs
from align.notices import tasks
from align.notices.models import Notice


@dataclass(frozen=True, kw_only=True)
class Message:
    """What to tell whom. The key names the event; one person hears of an event once."""

    person_id: int
    key: str
    text: str
    link: str
    at_once: bool = False


def send(messages: Sequence[Message], *, now: datetime) -> None:
    """Write the notices, and hand mail that is due at once to the worker.

    Sending the same messages again changes nothing: one row per person and event.
    """
    if not messages:
        return
    Notice.objects.bulk_create(
        [
            Notice(
                person_id=message.person_id,
                key=message.key,
                text=message.text[:300],
                link=message.link,
                at_once=message.at_once,
                created_at=now,
            )
            for message in messages
        ],
        ignore_conflicts=True,
    )
    if any(message.at_once for message in messages):
        jobs.after_commit(tasks.mail)
