"""One behavior: its words, and the rows behind its figures."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import make
from tests.dashboard.conftest import Read, World

pytestmark = pytest.mark.django_db


def test_the_rows_behind_the_figures_are_there(read: Read, cast: make.Cast, world: World) -> None:
    behavior = make.behavior(world.refused, "A4.1")
    page = read(cast.mia, f"/behaviors/{behavior.pk}/")
    assert "Opens the price talk with the cost of an hour of downtime" in page
    assert "Holding price: the three-move drill" in page
    assert "The second half is the drill." in page
    assert "No visit has looked for this." in page


def test_a_changed_behavior_leaves_its_mapping_to_be_checked_by_its_owner(
    read: Read, cast: make.Cast, world: World
) -> None:
    behavior = make.behavior(world.refused, "A4.1")
    changed = make.behavior_words(
        "A4.1", sales_role=cast.role, statement="Opens the price talk with the yearly cost"
    )
    make.revise(world.refused, by=cast.lena, behaviors=[changed])
    page = read(cast.tom, f"/behaviors/{behavior.pk}/")
    assert "Out of date" in page
    assert "Check it" in page
    assert "Check it" not in read(cast.lena, f"/behaviors/{behavior.pk}/")


def test_what_no_module_teaches_says_so(read: Read, cast: make.Cast, world: World) -> None:
    behavior = make.behavior(world.untrained, "C3.1")
    page = read(cast.tom, f"/behaviors/{behavior.pk}/")
    assert "No published module teaches this yet." in page
    assert f"/training/map/?behavior={behavior.pk}" in page


def test_a_behavior_of_a_draft_exists_only_for_who_writes_it(
    read: Read, cast: make.Cast, world: World
) -> None:
    draft = make.draft(strategy_=world.plan, by=cast.lena, code="X1")
    address = f"/behaviors/{make.behavior(draft).pk}/"
    assert "they are a draft" in read(cast.lena, address)
    for person in (cast.tom, cast.rosa):
        read(person, address, status=404)


def test_each_role_costs_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    behavior = make.behavior(world.refused, "A4.1")
    for who in (cast.lena, cast.tom, cast.mia, cast.rosa):
        client.force_login(who)
        with django_assert_max_num_queries(16):
            assert client.get(f"/behaviors/{behavior.pk}/").status_code == 200
