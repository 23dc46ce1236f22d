"""The moment that the figures of a past day are of."""

from datetime import UTC, date, datetime, time


def end_of(day: date) -> datetime:
    """Return the last microsecond of a day in UTC: its figures are those known then."""
    return datetime.combine(day, time.max, tzinfo=UTC)


def day_of(moment: datetime) -> date:
    """Return the day in UTC on which teams, memberships and due dates are read."""
    return moment.astimezone(UTC).date()
