"""A manager sees their own people beside the behaviors in focus, and no ranking."""

import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role, User
from strategy.models import Behavior
from tests import make
from tests.dashboard.conftest import Read, World
from tests.make import NOW
from training import actions as training
from training.models import Observation

pytestmark = pytest.mark.django_db


def seen(
    *, user: User, behavior: Behavior, by: User, level: int | None = 3, at: datetime = NOW
) -> Observation:
    made, _ = training.observe(
        user=user,
        behavior=behavior,
        observer=by,
        observed_at=at,
        level=level,
        occasion="Visit",
        evidence="Said it first.",
        client_key=uuid.uuid4(),
        now=at,
    )
    return made


def test_rows_are_people_and_columns_behaviors(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.mia, "/team/")
    assert "Rosa" in page
    assert "Opens the price talk with the cost of an hour of downtime" in page
    assert "not yet" in page
    assert f"/team/visits/new/?person={cast.rosa.pk}" in page
    assert "11 people here. No visit has looked for these behaviors yet." in page


def test_the_newest_visit_counts_by_when_it_happened(
    read: Read, cast: make.Cast, world: World
) -> None:
    behavior = make.behavior(world.refused, "A4.1")
    seen(user=cast.rosa, behavior=behavior, by=cast.mia, level=3, at=NOW - timedelta(days=1))
    seen(user=cast.rosa, behavior=behavior, by=cast.mia, level=1, at=NOW - timedelta(days=9))
    page = read(cast.mia, "/team/")
    assert "3, at standard" in page
    assert "1, below standard" not in page
    assert "One has been visited on at least one of these behaviors." in page


def test_no_chance_to_see_is_not_a_level(read: Read, cast: make.Cast, world: World) -> None:
    behavior = make.behavior(world.refused, "A4.1")
    seen(user=cast.rosa, behavior=behavior, by=cast.mia, level=None)
    assert "No visit has looked for these behaviors yet." in read(cast.mia, "/team/")


def test_people_of_other_teams_are_not_there(read: Read, cast: make.Cast, world: World) -> None:
    make.user("Stranger", Role.REP, team=make.team("South"), sales_role=cast.role)
    assert "Stranger" not in read(cast.mia, "/team/")
    south = make.user("Max", Role.MANAGER, team=make.team("South"))
    page = read(south, "/team/")
    assert "Stranger" in page
    assert "Rosa" not in page


def test_a_team_of_somebody_else_in_the_address_changes_nothing(
    read: Read, cast: make.Cast, world: World
) -> None:
    other = make.team("South")
    make.user("Stranger", Role.REP, team=other, sales_role=cast.role)
    assert "Stranger" not in read(cast.mia, f"/team/?team={other.pk}&objective=x")


def test_an_objective_brings_its_behaviors(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.mia, f"/team/?objective={world.untrained.pk}").partition("<table")[2]
    assert "Names two distributors in the first offer" in page
    assert "Opens the price talk" not in page


def test_the_choice_of_behaviors_is_kept_in_the_address(
    read: Read, cast: make.Cast, world: World
) -> None:
    named = [make.behavior(world.refused, "A4.2"), make.behavior(world.named, "A6.1")]
    query = "&".join(f"behavior={behavior.pk}" for behavior in named)
    page = read(cast.mia, f"/team/?{query}").partition("<table")[2]
    assert "Declines a hardware discount once" in page
    assert "Quotes response time in hours" in page
    assert "Opens the price talk" not in page
    assert f"person={cast.rosa.pk}&amp;behavior=" in page


def test_it_says_whom_to_see_next_and_why(read: Read, cast: make.Cast, world: World) -> None:
    first = read(cast.mia, "/team/").partition("To see next")[2].partition("<h2")[0]
    assert "took the training, and nobody has looked for it since" in first
    assert first.count("/team/visits/new/?person=") == 5


def test_who_does_it_badly_is_not_named_for_that(read: Read, cast: make.Cast, world: World) -> None:
    """Seen yesterday, at whatever level: nobody has to go again at once."""
    rep = world.reps[0]
    for objective, code in (
        (world.refused, "A4.1"),
        (world.refused, "A4.2"),
        (world.named, "A6.1"),
        (world.untrained, "C3.1"),
    ):
        behavior = make.behavior(objective, code)
        seen(user=rep, behavior=behavior, by=cast.mia, level=1, at=NOW - timedelta(days=1))
    first = read(cast.mia, "/team/").partition("To see next")[2].partition("<h2")[0]
    assert f"person={rep.pk}&" not in first


@pytest.mark.parametrize("who", ["lena", "tom", "rosa", "ada"])
def test_it_is_for_managers(read: Read, cast: make.Cast, who: str) -> None:
    assert "This is for managers." in read(getattr(cast, who), "/team/", status=403)


def test_a_manager_of_nobody_is_told_what_to_do(read: Read, cast: make.Cast) -> None:
    page = read(make.user("Max", Role.MANAGER), "/team/")
    assert "No one who sells is in your teams today." in page


def test_it_is_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client.force_login(cast.mia)
    with django_assert_max_num_queries(18):
        assert client.get("/team/").status_code == 200
