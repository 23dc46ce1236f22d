"""What the field is promised: read within three working days, answered within fourteen days.

That it works asks for no answer beyond being read.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from feedback.models import Report, Stance

READ_WITHIN = 3  # working days
ANSWERED_WITHIN = 14  # days
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class Clock:
    """The days one report is promised, and how late it is; both sides see the same."""

    read_by: date
    answer_by: date
    days_late: int

    @property
    def late(self) -> str:
        if not self.days_late:
            return ""
        return f"{self.days_late} day{'' if self.days_late == 1 else 's'} late"


def clock(report: Report, *, today: date) -> Clock:
    """Return the promise of a report and the days since it was broken, 0 while it holds."""
    due = None
    if report.state == Report.State.RECEIVED:
        due = read_by(report.created_at)
    elif report.state == Report.State.ACKNOWLEDGED and report.stance != Stance.WORKS:
        due = answer_by(report.created_at)
    return Clock(
        read_by=read_by(report.created_at),
        answer_by=answer_by(report.created_at),
        days_late=max(0, (today - due).days) if due else 0,
    )


def read_by(sent: datetime) -> date:
    """Return the third working day after a report was sent, in the reader's zone."""
    day = timezone.localdate(sent)
    for _ in range(READ_WITHIN):
        day = next_working_day(day)
    return day


def next_working_day(day: date) -> date:
    day += timedelta(days=1)
    while day.weekday() >= SATURDAY:
        day += timedelta(days=1)
    return day


def answer_by(sent: datetime) -> date:
    return timezone.localdate(sent) + timedelta(days=ANSWERED_WITHIN)
