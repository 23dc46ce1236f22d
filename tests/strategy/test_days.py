from datetime import date, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from align.settings import holiday
from strategy.days import working_days

DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))
FRIDAY = date(2026, 11, 20)


def slowly(after: date, until: date, holidays: set[date]) -> int:
    days = [after + timedelta(days=n + 1) for n in range((until - after).days)]
    return sum(day.isoweekday() <= 5 and day not in holidays for day in days)


def test_a_weekend_does_not_count() -> None:
    assert working_days(FRIDAY, FRIDAY) == 0
    assert working_days(FRIDAY, FRIDAY + timedelta(days=2)) == 0
    assert working_days(FRIDAY, FRIDAY + timedelta(days=3)) == 1
    assert working_days(FRIDAY, FRIDAY + timedelta(days=14)) == 10


def test_a_holiday_does_not_count_and_on_a_sunday_takes_nothing() -> None:
    christmas = {date(2026, 12, 25), date(2026, 12, 27)}
    assert working_days(date(2026, 12, 18), date(2026, 12, 28), holidays=christmas) == 5


@given(after=DAYS, until=DAYS, holidays=st.sets(DAYS))
def test_they_are_counted_as_one_would_by_hand(
    after: date, until: date, holidays: set[date]
) -> None:
    assert working_days(after, until, holidays=holidays) == slowly(after, until, holidays)


def test_a_day_that_cannot_be_read_is_named() -> None:
    assert holiday(" 2026-12-25") == date(2026, 12, 25)
    with pytest.raises(ImproperlyConfigured, match="Christmas"):
        holiday("Christmas")
