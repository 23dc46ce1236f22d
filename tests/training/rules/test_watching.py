from datetime import datetime, timedelta

import pytest

from align.notices.models import Notice
from align.people.models import Role, User
from strategy import engine
from strategy.models import Flag
from tests import make
from tests.make import NOW
from tests.training.conftest import Read
from tests.training.rules.conftest import Field, find
from training import rules

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def told(flag: Flag, *, at_once: bool = True) -> set[User]:
    rows = Notice.objects.filter(link=flag.get_absolute_url(), at_once=at_once)
    return {notice.person for notice in rows}


def flag_of(rule: str) -> Flag:
    return Flag.objects.get(rule=rule)


# Nobody looked


@pytest.mark.parametrize(("days", "opens"), [(44, False), (45, True), (80, True)])
def test_unproven_opens_45_days_after_enough_were_reached(
    field: Field, days: int, opens: bool
) -> None:
    field.took(8, days=days)
    found = find(rules.unproven, field.objective)
    assert (found.opens, found.clears) == (opens, False)


def test_unproven_waits_until_four_of_five_were_reached(field: Field) -> None:
    field.took(7, days=80)
    found = find(rules.unproven, field.objective)
    assert (found.opens, found.clears) == (False, True)


@pytest.mark.parametrize(
    ("levels", "opens"), [([3] * 4, True), ([3] * 4 + [None], True), ([1] * 5, False)]
)
def test_as_many_as_seen_needs_have_to_be_looked_at(
    field: Field, levels: list[int | None], opens: bool
) -> None:
    field.took(10, days=60)
    field.saw(levels)
    found = find(rules.unproven, field.objective)
    assert (found.opens, found.clears) == (opens, not opens)


def test_an_observation_does_not_count_for_ever(field: Field) -> None:
    field.took(10, days=200)
    field.saw([3] * 5, at=NOW - 90 * DAY)
    assert find(rules.unproven, field.objective).opens


def test_the_managers_hear_once_and_looking_clears_it(field: Field, cast: make.Cast) -> None:
    field.took(10, days=50)
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW)
    flag = flag_of("unproven")
    assert (flag.subject, flag.title) == (f"behavior:{field.behavior.pk}", "Not looked at")
    assert flag.sentence.endswith(": 0 of 10 people were observed in 90 days; it takes 5.")
    assert flag.act_link == f"/team/visits/new/?behavior={field.behavior.pk}"
    assert told(flag) == {cast.mia}
    assert told(flag, at_once=False) == {cast.lena}

    field.saw([1] * 4)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert (flag.state, flag.evidence["cells"][0]["observed"]) == ("open", 4)
    field.saw([1] * 5, at=NOW - DAY)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED


def test_losing_reach_does_not_clear_what_nobody_looked_at(field: Field, cast: make.Cast) -> None:
    field.took(8, days=50)
    engine.judge_all(now=NOW)
    make.reps(5, team=cast.team, sales_role=cast.role)
    engine.judge_all(now=NOW)
    assert flag_of("unproven").state == Flag.State.OPEN


def test_where_a_team_has_no_manager_the_nearest_above_hears(cast: make.Cast) -> None:
    place = make.team("Oslo", parent=make.team("Norway", parent=cast.team))
    people = make.reps(10, team=place, sales_role=cast.role)
    other = make.user("Max", Role.MANAGER, team=make.team("South"))
    plan = make.active_strategy(lead=cast.lena, teams=[place])
    objective = make.objective(strategy_=plan, by=cast.lena)
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=make.behavior(objective))
    for person in people:
        make.completion(user=person, module=module, completed_at=NOW - 60 * DAY)
    found = find(rules.unproven, objective)
    assert found.whom == (cast.mia.pk,)
    assert other.pk not in found.whom


# Not done


@pytest.mark.parametrize(
    ("levels", "opens"),
    [([1] * 5, True), ([3] + [1] * 4, True), ([3, 3] + [1] * 3, False), ([1] * 4, False)],
)
def test_not_sticking_opens_where_enough_looked_and_surely_less_than_half_do_it(
    field: Field, levels: list[int | None], opens: bool
) -> None:
    field.took(10, days=60)
    field.saw(levels)
    assert find(rules.not_sticking, field.objective).opens == opens


@pytest.mark.parametrize(("days", "opens"), [(44, False), (45, True)])
def test_what_was_learned_gets_45_days(field: Field, days: int, opens: bool) -> None:
    field.took(10, days=days)
    field.saw([1] * 10)
    assert find(rules.not_sticking, field.objective).opens == opens


def opened(field: Field) -> Flag:
    field.took(10, days=60)
    field.saw([1] * 5)
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW)
    return flag_of("not-sticking")


def test_it_asks_for_the_barrier_first(field: Field, cast: make.Cast, read: Read) -> None:
    flag = opened(field)
    assert (flag.state, flag.title) == ("open", "Not sticking")
    assert ": 0 of 5 people observed do it at standard." in flag.sentence
    assert "First name what stands in the way" in flag.sentence
    assert flag.act_link == f"/training/barriers/new/?behavior={field.behavior.pk}"
    assert told(flag) == {cast.mia, cast.tom}
    page = read(cast.mia, flag.get_absolute_url())
    assert f'href="{flag.act_link}">Name what stands in the way</a>' in page


def later(field: Field, levels: list[int | None], *, days: int = 5) -> Flag:
    """Judge once more after further observations, one a person."""
    at = NOW + days * DAY
    field.saw(levels, at=at)
    engine.judge_all(now=at)
    return flag_of("not-sticking")


def test_three_new_observations_that_say_otherwise_clear_it(field: Field) -> None:
    opened(field)
    assert later(field, [3, 3]).state == Flag.State.OPEN, "two are too few"
    assert later(field, [3], days=6).state == Flag.State.RESOLVED


def test_three_new_observations_of_the_same_do_not(field: Field) -> None:
    opened(field)
    assert later(field, [1, 1, 1]).state == Flag.State.OPEN


def test_that_observations_fade_away_does_not_clear_it(field: Field) -> None:
    opened(field)
    engine.judge_all(now=NOW + 200 * DAY)
    assert flag_of("not-sticking").state == Flag.State.OPEN


def test_what_was_seen_before_it_opened_is_not_new(field: Field) -> None:
    opened(field)
    before: datetime = NOW - DAY
    field.saw([3, 3, 3], at=before)
    engine.judge_all(now=NOW + DAY)
    assert flag_of("not-sticking").state == Flag.State.OPEN


def test_another_behavior_is_another_epoch(field: Field, cast: make.Cast) -> None:
    opened(field)
    words = make.behavior_words(sales_role=cast.role, statement="Asks for the plant's log")
    make.revise(field.objective, by=cast.lena, behaviors=[words])
    engine.judge_all(now=NOW)
    [flag] = Flag.objects.filter(rule="not-sticking")
    assert (flag.epoch, flag.state) == (1, "resolved")
    assert flag.events.filter(kind="superseded").count() == 1


def test_a_revision_of_something_else_leaves_it_as_it_is(field: Field, cast: make.Cast) -> None:
    opened(field)
    same = make.behavior_words(sales_role=cast.role)
    more = make.behavior_words("B2", sales_role=cast.role, statement="Sends it in a day")
    make.revise(field.objective, by=cast.lena, behaviors=[same, more])
    engine.judge_all(now=NOW)
    [flag] = Flag.objects.filter(rule="not-sticking")
    assert flag.state == Flag.State.OPEN


def test_of_fewer_than_five_people_it_tells_no_figures(cast: make.Cast) -> None:
    place = make.team("Oslo", parent=cast.team)
    people = make.reps(3, team=place, sales_role=cast.role)
    plan = make.active_strategy(lead=cast.lena, teams=[place])
    objective = make.objective(strategy_=plan, by=cast.lena)
    module = make.module(owner=cast.tom)
    claim = make.mapping(module=module, behavior=make.behavior(objective))
    small = Field(objective, make.behavior(objective), people, module, claim, cast.mia)
    small.took(3, days=60)
    small.saw([1, 1, 1])
    found = find(rules.not_sticking, objective)
    assert found.opens
    assert ": too few do it at standard." in found.sentence
    [cell] = found.evidence["cells"]
    assert set(cell) == {"behavior", "audience", "people"}
