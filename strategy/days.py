"""Days, as they begin and end where a strategy is in force."""

from datetime import date, datetime, time

from strategy.models import Strategy


def first_moment(day: date, *, strategy: Strategy) -> datetime:
    """Return when a day begins there.

    Where clocks jump over midnight that is the moment of the jump: a time that does not exist is
    read with the offset before it (PEP 495, fold 0). Where midnight comes twice, it is the first.
    """
    return datetime.combine(day, time.min, tzinfo=strategy.zone)


def day_of(moment: datetime, *, strategy: Strategy) -> date:
    """Return the day a moment falls on there."""
    return moment.astimezone(strategy.zone).date()
