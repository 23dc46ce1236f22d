"""Read stands beside remembered, by team, and never tells of fewer than five people."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role
from strategy import remembered
from strategy.models import Objective, RecallCheck
from strategy.remembered import Known
from tests import make
from tests.make import NOW
from tests.strategy import carried

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> carried.World:
    """Nine in North, eight in South: seven and five have read, five and five were asked."""
    made = carried.world()
    carried.read(made.objective, made.north_reps[:5], now=carried.long_ago())
    carried.read(made.objective, made.north_reps[5:7], now=NOW)
    carried.read(made.objective, made.south_reps[:5], now=carried.long_ago())
    for rep in made.north_reps[:3]:
        carried.answer(made.objective, rep, recalled="Discounts cost margin.")
    carried.answer(made.objective, made.north_reps[3], recalled="No idea")
    RecallCheck.objects.filter(person__in=made.north_reps[2:4]).update(right=True, chosen_at=NOW)
    return made


def shown(objective: Objective, **asked: object) -> dict[str, tuple[object, ...]]:
    rows = remembered.rows(objective, now=NOW, **asked)  # type: ignore[arg-type]
    return {
        row.name: (row.read, row.people, row.remembered, row.asked, row.recognized) for row in rows
    }


def test_the_counts_of_each_team(world: carried.World) -> None:
    assert remembered.by_team(world.objective, now=NOW) == {
        world.cast.team.pk: Known(
            people=9, read=7, asked=5, answered=4, remembered=3, recognized=2
        ),
        world.south.pk: Known(people=8, read=5, asked=5),
    }


def test_read_and_remembered_have_a_base_each(world: carried.World) -> None:
    assert shown(world.objective) == {
        "Everybody asked": (12, 17, 3, 10, 2),
        "Field": (12, 17, 3, 10, 2),
        "South": (5, 8, 0, 5, 0),
        "North": (7, 9, 3, 5, 2),
    }


def test_a_small_team_is_counted_in_the_one_above() -> None:
    made = carried.world(south=4)
    carried.read(made.objective, made.north_reps, now=NOW)
    assert set(shown(made.objective)) == {"Everybody asked", "Field"}


def test_what_few_were_asked_is_not_told_where_many_read(world: carried.World) -> None:
    objective = make.objective(strategy_=world.plan, by=world.cast.lena, code="A5")
    carried.read(objective, world.north_reps[:4], now=carried.long_ago())
    found = shown(objective)
    assert found["North"] == (4, 9, 0, None, 0)
    assert found["Everybody asked"] == (4, 17, 0, None, 0)


def test_too_few_people_have_no_figure_at_all() -> None:
    made = carried.world(south=0)
    lone = make.team("Lone")
    plan = make.active_strategy(lead=made.cast.lena, teams=[lone])
    make.reps(4, team=lone, sales_role=made.cast.role)
    assert shown(make.objective(strategy_=plan, by=made.cast.lena)) == {}


def test_a_manager_sees_their_teams_or_where_those_are_counted(world: carried.World) -> None:
    assert set(shown(world.objective, teams=[world.south.pk])) == {"South"}
    small = make.team("East", parent=world.field)
    make.reps(3, team=small, sales_role=world.cast.role)
    assert set(shown(world.objective, teams=[small.pk])) == {"Field"}
    assert shown(world.objective, teams=[make.team("Elsewhere").pk]) == {}


def test_an_editorial_revision_changes_no_figure(world: carried.World) -> None:
    before = shown(world.objective)
    make.revise(world.objective, by=world.cast.lena, words=make.words("Other title"), now=NOW)
    world.objective.refresh_from_db()
    assert shown(world.objective) == before


def test_a_changed_why_is_read_and_remembered_by_nobody_yet(world: carried.World) -> None:
    make.revise(world.objective, by=world.cast.lena, words=carried.other_why(), now=NOW)
    world.objective.refresh_from_db()
    assert shown(world.objective)["Everybody asked"] == (0, 17, 0, None, 0)


def test_new_behaviors_are_to_be_read_while_the_why_is_remembered(world: carried.World) -> None:
    other = make.behavior_words("B9", sales_role=world.cast.role)
    make.revise(world.objective, by=world.cast.lena, behaviors=[other], now=NOW)
    world.objective.refresh_from_db()
    assert shown(world.objective)["Everybody asked"] == (0, 17, 3, 10, 2)


def test_who_is_not_asked_is_not_counted(world: carried.World) -> None:
    before = shown(world.objective)
    carried.read(world.objective, [world.cast.tom, world.cast.lena], now=carried.long_ago())
    assert shown(world.objective) == before


def test_an_earlier_day_has_the_figures_of_that_day(world: carried.World) -> None:
    early = NOW - timedelta(days=1)
    assert remembered.by_team(world.objective, now=early)[world.cast.team.pk] == Known(
        people=9, read=5
    )


def test_leads_trainers_and_managers_see_it_on_the_brief_and_reps_do_not(
    world: carried.World, client: Client
) -> None:
    address = f"/objectives/{world.objective.pk}/brief/"
    for person in (world.cast.lena, world.cast.tom, world.cast.mia):
        client.force_login(person)
        page = client.get(address).content.decode()
        assert "read 7 of 9" in page
        assert "remembered 3 of 5 asked" in page
        assert "recognized 2 of 5 asked" in page
        assert "words of the why found in what they typed" in page
    client.force_login(world.cast.mia)
    assert "South" not in client.get(address).content.decode()
    for person in (world.cast.rosa, world.cast.ada):
        client.force_login(person)
        assert "remembered" not in client.get(address).content.decode()


def test_it_takes_two_statements_whatever_the_number_of_teams(
    world: carried.World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        remembered.rows(world.objective, now=NOW)
    for _ in range(5):
        team = make.team(parent=world.field)
        make.reps(5, team=team, sales_role=world.cast.role)
    with django_assert_num_queries(2):
        assert len(remembered.rows(world.objective, now=NOW)) == 9


def test_a_name_is_nowhere_beside_a_figure(world: carried.World, client: Client) -> None:
    rep = world.north_reps[3]
    make.user("Zed", Role.ADMIN)
    client.force_login(world.cast.lena)
    assert rep.name not in client.get(f"/objectives/{world.objective.pk}/brief/").content.decode()
