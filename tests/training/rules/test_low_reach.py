from datetime import timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from align.notices.models import Notice
from strategy import engine
from strategy.config import Config
from strategy.models import Flag
from tests import make
from tests.make import NOW
from tests.training.rules.conftest import Field, find
from training import rules
from training.models import Assignment, ObjectiveCoverage
from training.rules import reaching

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def due(field: Field, *, days: int = 1) -> Assignment:
    """Make the module due for everybody, so many days ago."""
    return Assignment.objects.create(
        module=field.module,
        audience=field.claim.audience,
        due_on=(NOW - days * DAY).date(),
        created_at=NOW - 30 * DAY,
    )


@pytest.mark.parametrize(("took", "opens"), [(6, True), (7, False), (8, False)])
def test_it_opens_where_reach_is_far_below_what_was_planned(
    field: Field, took: int, opens: bool
) -> None:
    due(field)
    field.took(took, days=2)
    assert find(rules.low_reach, field.objective).opens == opens


@pytest.mark.parametrize(("took", "clears"), [(9, False), (10, True)])
def test_it_clears_close_to_what_was_planned(field: Field, took: int, clears: bool) -> None:
    due(field)
    field.took(took, days=2)
    assert find(rules.low_reach, field.objective).clears == clears


def test_while_nothing_is_due_nobody_is_late(field: Field) -> None:
    due(field, days=-3)
    found = find(rules.low_reach, field.objective)
    assert (found.opens, found.clears) == (False, True)


def test_time_alone_opens_it_the_trainers_hear_once_and_reach_clears_it(
    field: Field, cast: make.Cast
) -> None:
    due(field, days=0)
    engine.judge_all(now=NOW)
    assert not Flag.objects.filter(rule="low-reach").exists()
    engine.judge_all(now=NOW + DAY)
    engine.judge_all(now=NOW + DAY)
    flag = Flag.objects.get(rule="low-reach")
    assert (flag.state, flag.sentence) == (
        "open",
        "0 of 10 people were reached; 10 were to be by now.",
    )
    told = Notice.objects.filter(link=flag.get_absolute_url(), at_once=True)
    assert [notice.person for notice in told] == [cast.tom]

    field.took(8, days=0)
    engine.judge_all(now=NOW + DAY)
    flag.refresh_from_db()
    assert flag.state == Flag.State.OPEN, "between its two ends it stays"
    field.took(10, days=0)
    engine.judge_all(now=NOW + DAY)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED


@given(people=st.integers(0, 400), planned=st.integers(0, 400), reached=st.integers(0, 400))
def test_it_opens_and_clears_exactly_where_the_domain_says(
    people: int, planned: int, reached: int
) -> None:
    row = ObjectiveCoverage(
        people=people, planned=min(planned, people), reached=min(reached, people)
    )
    points = [Fraction(100 * count, people or 1) for count in (row.reached, row.planned)]
    reach, plan = points
    assert reaching.opens(row, Config()) == (bool(people) and reach < plan * 4 / 5 - 10)
    assert reaching.clears(row, Config()) == (not people or reach >= plan - 5)
    assert not (reaching.opens(row, Config()) and reaching.clears(row, Config()))
