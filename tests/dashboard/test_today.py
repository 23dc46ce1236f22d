"""Today shows each role what waits for them, then what changed."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role
from strategy import actions as strategy
from tests import make
from tests.dashboard.conftest import Read, World
from tests.make import NOW

pytestmark = pytest.mark.django_db


def test_a_lead_finds_flags_reports_drafts_and_the_finding(
    read: Read, cast: make.Cast, world: World
) -> None:
    make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Sell hours abroad")
    page = read(cast.lena, "/")
    assert "no deeper than a slide" in page
    assert "Flags on your objectives" in page
    assert "A4 Price on guaranteed uptime" in page
    assert "9 reports" in page
    assert "X1 Sell hours abroad" in page


def test_another_leads_drafts_are_not_mine(read: Read, cast: make.Cast, world: World) -> None:
    make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Sell hours abroad")
    assert "Sell hours abroad" not in read(make.user("Lars", Role.LEAD), "/")


def test_a_trainer_finds_gaps_worst_first(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.tom, "/")
    untrained = page.index("Names two distributors in the first offer")
    assert untrained < page.index("Quotes response time in hours, in writing")
    assert "9 reports" in page
    assert "Flags on what you teach" in page


def test_a_trainer_is_told_of_modules_out_of_date(
    read: Read, cast: make.Cast, world: World
) -> None:
    changed = make.behavior_words("A6.1", sales_role=cast.role, statement="Quotes days, in writing")
    make.revise(world.named, by=cast.lena, behaviors=[changed])
    page = read(cast.tom, "/")
    assert "Your modules, out of date" in page
    assert "What is new teaches A6.1" in page


def test_a_manager_finds_their_people_and_what_was_never_seen(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.mia, "/")
    assert "11 people in 1 team" in page
    assert "Opens the price talk with the cost of an hour of downtime" in page
    assert "/team/visits/new/" in page


def test_a_rep_is_asked_first_and_then_told(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.rosa, "/")
    assert page.index("How does it go with customers?") < page.index("What is asked of you")
    assert "Names two distributors in the first offer" in page
    assert "Holding price: the three-move drill" in page
    assert "My buyer has no line for hours." in page
    assert "Purchasing said no" not in page
    assert "flag" not in page.partition("<main")[2].lower()


def test_what_a_rep_has_taken_is_not_asked_again(read: Read, cast: make.Cast, world: World) -> None:
    make.completion(user=cast.rosa, module=world.drill)
    assert "Holding price: the three-move drill" not in read(cast.rosa, "/")


def test_an_admin_finds_people_and_health(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.ada, "/")
    assert "15 people may sign in" in page
    assert "/readyz" in page


def test_several_roles_have_the_sections_of_all(read: Read, cast: make.Cast, world: World) -> None:
    both = make.user("Mara", Role.LEAD, Role.TRAINER, team=make.team("South"))
    page = read(both, "/")
    assert "Flags on your objectives" in page
    assert "Gaps in training" in page


def test_without_a_role_it_says_who_gives_one(read: Read, cast: make.Cast) -> None:
    assert "You have no role yet" in read(make.user("Nobody"), "/")


def test_it_lists_what_took_force_and_nothing_before_its_day(
    read: Read, cast: make.Cast, world: World
) -> None:
    make.revise(world.named, by=cast.lena, words=make.words("Quote days"), reason="Nobody waits.")
    assert "Nobody waits." in read(cast.rosa, "/")


def test_an_empty_installation_shows_a_lead_where_to_start(read: Read, cast: make.Cast) -> None:
    page = read(cast.lena, "/")
    for words in ("Put in the strategy", "Name behaviors", "Bring in training", "Invite people"):
        assert words in page
    assert "manage.py load" in page
    assert "manage.py demo" in page
    assert "/strategy/new/" in page
    assert "/settings/people/invite/" not in page.partition("<main")[2]
    assert "/settings/people/invite/" in read(cast.ada, "/").partition("<main")[2]


def test_without_a_strategy_nobody_is_told_that_all_is_well(read: Read, cast: make.Cast) -> None:
    for person in (cast.tom, cast.mia, cast.rosa):
        assert "No strategy here yet." in read(person, "/")
    assert "trained as deep" not in read(cast.tom, "/")


def test_the_task_list_does_not_tell_of_somebody_elses_draft(read: Read, cast: make.Cast) -> None:
    plan = strategy.create_strategy(name="Secret plan", lead=cast.lena, now=NOW)
    make.draft(strategy_=plan, by=cast.lena, title="Secret move")
    assert "1 strategy" in read(cast.lena, "/start/")
    page = read(cast.ada, "/")
    assert "1 strategy" not in page
    assert "ecret" not in page


def test_the_task_list_is_not_for_reps(read: Read, cast: make.Cast) -> None:
    assert "This is for strategy leads and admins." in read(cast.rosa, "/start/", status=403)


def test_each_role_costs_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for who in (cast.lena, cast.tom, cast.mia, cast.rosa, cast.ada):
        client.force_login(who)
        with django_assert_max_num_queries(25):
            assert client.get("/").status_code == 200
