"""Search finds what a person may see, by code or words, and nothing else."""

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from align.people.models import Role
from tests import make
from tests.dashboard.conftest import Read, World

pytestmark = pytest.mark.django_db


WORDS = {
    "a4": "Price on guaranteed uptime",
    "guaranteed": "Price on guaranteed uptime",
    "bought no loyalty": "Price on guaranteed uptime",
    "two distributors": "Names two distributors in the first offer",
    "three-move": "Holding price: the three-move drill",
    "kick-off": "What is new",
}


def test_words_find_their_thing(read: Read, cast: make.Cast, world: World) -> None:
    for q, found in WORDS.items():
        assert found in read(cast.rosa, f"/search/?q={q}")


def test_what_is_named_so_comes_before_what_only_speaks_of_it(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.rosa, "/search/?q=guaranteed").partition("<main")[2]
    assert page.index("Price on guaranteed") < page.index("Quote response time")


def test_nobody_finds_a_draft(read: Read, cast: make.Cast, world: World) -> None:
    make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Secret move")
    for person in (cast.lena, cast.tom, cast.mia, cast.rosa, cast.ada):
        assert "Secret move" not in read(person, "/search/?q=secret")


def test_managers_find_their_own_people_only(read: Read, cast: make.Cast, world: World) -> None:
    make.user("Rosalind", Role.REP, team=make.team("South"), sales_role=cast.role)
    page = read(cast.mia, "/search/?q=ros")
    assert "rosa@example.com" in page
    assert "rosalind@example.com" not in page
    assert "rosalind@example.com" in read(cast.ada, "/search/?q=ros")


def test_reps_find_no_people(read: Read, cast: make.Cast, world: World) -> None:
    assert "@example.com" not in read(cast.rosa, "/search/?q=mia").partition("<main")[2]


def test_what_is_not_there_is_said_with_the_words_typed(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.rosa, "/search/?q=%3Cb%3Ezebra")
    assert "Nothing here says “&lt;b&gt;zebra”" in page


def test_strange_words_are_no_error(read: Read, cast: make.Cast) -> None:
    for q in ("", "%00", "%25", "_", "x" * 5000, "%ED%A0%80", "\\"):
        read(cast.rosa, f"/search/?q={q}")


def test_each_role_costs_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for who in (cast.lena, cast.tom, cast.mia, cast.rosa, cast.ada):
        client.force_login(who)
        with django_assert_max_num_queries(12):
            assert client.get("/search/?q=e").status_code == 200


def test_whoever_is_asked_finds_the_consultation_by_the_title_that_was_shared(
    read: Read, cast: make.Cast, world: World
) -> None:
    drafted = make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Sell hours abroad")
    shared = make.round_(drafted, by=cast.lena, people=[cast.tom], now=timezone.now())
    drafted.revisions.update(title="A secret title")
    for q in ("hours abroad", "x1"):
        page = read(cast.tom, f"/search/?q={q}")
        assert shared.get_absolute_url() in page
        assert "Sell hours abroad" in page
        assert shared.get_absolute_url() not in read(cast.mia, f"/search/?q={q}")
    assert shared.get_absolute_url() not in read(cast.tom, "/search/?q=secret")
