"""Days, as they begin and end where a strategy is in force."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from strategy.models import Strategy

SATURDAY = 5


def first_moment(day: date, *, strategy: Strategy) -> datetime:
    """Return when a day begins there.

    Where clocks jump over midnight that is the moment of the jump: a time that does not exist is
    read with the offset before it (PEP 495, fold 0). Where midnight comes twice, it is the first.
    """
    return datetime.combine(day, time.min, tzinfo=strategy.zone)


def day_of(moment: datetime, *, strategy: Strategy) -> date:
    """Return the day a moment falls on there."""
    return moment.astimezone(strategy.zone).date()


def working_days(after: date, until: date, *, holidays: Collection[date] = ()) -> int:
    """Count the working days after one day, up to and with another; none where it lies before.

    Saturdays, Sundays and the holidays named are no working days.
    """
    if until <= after:
        return 0
    weeks, rest = divmod((until - after).days, 7)
    left = (until - timedelta(days=gone) for gone in range(rest))
    free = sum(after < day <= until and _is_weekday(day) for day in set(holidays))
    return 5 * weeks + sum(_is_weekday(day) for day in left) - free


def _is_weekday(day: date) -> bool:
    return day.weekday() < SATURDAY
