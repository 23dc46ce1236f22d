"""A cell opens to its proofs: what counts, what does not and why, and what the next step needs."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from strategy import engine
from tests import make
from tests.dashboard.conftest import Read, World
from tests.dashboard.test_coverage_page import text
from tests.make import NOW
from training import actions as training
from training.models import CellState

pytestmark = pytest.mark.django_db


@pytest.fixture
def address(world: World) -> str:
    cell = CellState.objects.get(behavior=make.behavior(world.refused, "A4.1"))
    return f"/coverage/cell/?behavior={cell.behavior_id}&audience={cell.audience_id}"


def test_it_shows_what_counts_and_what_the_next_step_needs(
    read: Read, cast: make.Cast, address: str
) -> None:
    page = text(read(cast.lena, address))
    assert "Holding price: the three-move drill" in page
    assert "Reached needs 9 of 11 people; 3 are missing." in page
    assert "6 of 11 people" in page


def test_what_does_not_count_says_why(
    read: Read, cast: make.Cast, world: World, address: str
) -> None:
    training.retire_module(module=world.drill, now=NOW)
    engine.judge_all(now=NOW)
    page = text(read(cast.lena, address))
    assert "Does not count" in page
    assert "The module was retired on 18 Nov 2026." in page
    assert "Mapped needs one current mapping" in page


def test_a_manager_sees_their_people_and_others_see_counts(
    read: Read, cast: make.Cast, world: World, address: str
) -> None:
    assert "Rosa" in read(cast.mia, address)
    for person in (cast.lena, cast.tom):
        page = read(person, address)
        assert "Rosa" not in page
        assert world.reps[0].name not in page
        assert "You see counts here." in page


def test_each_may_do_what_is_theirs(read: Read, cast: make.Cast, address: str) -> None:
    assert "Map another" in read(cast.tom, address)
    assert "Log a visit" in read(cast.mia, address)
    assert "Map another" not in read(cast.lena, address)


def test_a_place_of_the_matrix_lists_its_cells(read: Read, cast: make.Cast, world: World) -> None:
    program = world.drill.program_id
    page = text(read(cast.lena, f"/coverage/cell/?objective={world.refused.pk}&program={program}"))
    assert "What Negotiation teaches of it." in page
    assert "A4.1" in page
    assert "A4.2" in page
    other = text(read(cast.lena, f"/coverage/cell/?objective={world.named.pk}&program={program}"))
    assert "Nothing to cover here." in other


STRANGE = ("", "?objective=x", "?behavior=1&audience=99999999999", "?behavior=%00", "?program=1")


def test_what_is_not_there_is_not_found(read: Read, cast: make.Cast, world: World) -> None:
    for query in STRANGE:
        read(cast.lena, f"/coverage/cell/{query}", status=404)


def test_reps_are_told_who_it_is_for(read: Read, cast: make.Cast, address: str) -> None:
    assert "This is for strategy leads" in read(cast.rosa, address, status=403)


def test_the_gaps_stand_worst_first_with_why_and_a_next_step(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = text(read(cast.tom, "/coverage/gaps/"))
    assert "Two cells are not covered, two of them critical." in page
    assert page.index("Names two distributors") < page.index("Quotes response time in hours")
    assert "No training that counts" in page
    assert "Named only, Practiced is needed" in page
    assert "Map it" in page
    assert "See why" in text(read(cast.lena, "/coverage/?rows=gaps"))


def test_each_role_costs_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    address: str,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for who in (cast.lena, cast.tom, cast.mia):
        client.force_login(who)
        for path in (address, "/coverage/gaps/"):
            with django_assert_max_num_queries(18):
                assert client.get(path).status_code == 200
