"""A person's dates as an iCalendar file (RFC 5545), for the calendar program of their choice.

It says what, when and where, nothing else: the file lies on machines that are not ours.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Event

from training.dates import CANCELED, Date
from training.due import Due


def calendar(
    *, dates: Iterable[Date], dues: Iterable[Due], base: str, host: str, now: datetime
) -> bytes:
    """Return the file; ``base`` is the address of this installation, ``host`` names its events."""
    made = Calendar()
    made.add("prodid", "-//Align//Training//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", "Training")
    for row in dates:
        made.add_component(_session(row, base=base, host=host))
    for one in dues:
        made.add_component(_due(one, base=base, host=host, now=now))
    body: bytes = made.to_ical()
    return body


def _session(row: Date, *, base: str, host: str) -> Event:
    session, event = row.delivery, Event()
    event.add("uid", f"{session.ref}@{host}")
    event.add("sequence", session.edits)
    event.add("dtstamp", session.updated_at.astimezone(UTC))
    event.add("last-modified", session.updated_at.astimezone(UTC))
    event.add("dtstart", session.starts_at.astimezone(UTC))
    event.add("dtend", session.ends_at.astimezone(UTC))
    event.add("summary", str(session.version))
    event.add("status", "CANCELLED" if session.state == CANCELED else "CONFIRMED")
    if session.place:
        event.add("location", session.place)
    event.add("url", f"{base}{session.get_absolute_url()}")
    return event


def _due(row: Due, *, base: str, host: str, now: datetime) -> Event:
    """A day, not an hour: it belongs to the day wherever its reader is."""
    event = Event()
    event.add("uid", f"due-{row.module.pk}-{row.on.isoformat()}@{host}")
    event.add("sequence", 0)
    # The same day, the same file: a reader sees a change only where there is one.
    event.add("dtstamp", datetime.combine(now.date(), time.min, tzinfo=UTC))
    event.add("dtstart", row.on)
    event.add("dtend", row.on + timedelta(days=1))
    event.add("summary", f"Due: {row.title}")
    event.add("transp", "TRANSPARENT")
    event.add("url", f"{base}/training/learn/{row.module.pk}/")
    return event
