"""One page tells an objective's whole story, to each role what is theirs."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from strategy import actions as strategy
from tests import make
from tests.dashboard.conftest import Read, World
from tests.make import NOW

pytestmark = pytest.mark.django_db


def test_it_says_why_what_and_how_far(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.lena, world.refused.get_absolute_url())
    for words in (
        "Price on guaranteed uptime",
        "Discounts cost us margin and bought no loyalty.",
        "We stop discounting hardware.",
        "Declines a hardware discount once, with the margin reason",
        "Taught by Tom",
        "Owner Lena",
    ):
        assert words in page


def test_an_old_address_leads_to_the_new_one(client: Client, cast: make.Cast, world: World) -> None:
    client.force_login(cast.rosa)
    for address in (f"/objectives/{world.refused.pk}/", f"/objectives/{world.refused.pk}-old/"):
        response = client.get(f"{address}?from=qr")
        assert response.status_code == 302
        assert response["Location"] == f"{world.refused.get_absolute_url()}?from=qr"


def test_open_flags_stand_with_figures_and_next_steps(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.lena, world.refused.get_absolute_url())
    assert re.search(r"flags? open", page)
    assert "Clears when" in page
    assert f"/voice/?objective={world.refused.pk}" in page
    assert "Acknowledge" in page


def test_a_rep_reads_it_without_flags_and_without_others_words(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.rosa, world.refused.get_absolute_url())
    assert "flag open" not in page
    assert "My buyer has no line for hours." in page
    assert "Purchasing said no" not in page
    assert f"/tell/?about={world.refused.pk}" in page
    assert "Field voice broken: 8 of 9" in page  # the chain is the same for everybody


def test_a_lead_reads_the_fields_own_words(read: Read, cast: make.Cast, world: World) -> None:
    assert "Purchasing said no" in read(cast.lena, world.refused.get_absolute_url())


def test_a_manager_reads_counts_and_no_words(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.mia, world.refused.get_absolute_url())
    assert "8 of 9" in page
    assert "Purchasing said no" not in page


def test_a_draft_exists_only_for_who_writes_it(read: Read, cast: make.Cast, world: World) -> None:
    draft = make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Secret move")
    address = draft.get_absolute_url()
    assert "Secret move" in read(cast.lena, address)
    for person in (cast.tom, cast.mia, cast.rosa, cast.ada):
        assert "Secret move" not in read(person, address, status=404)


def test_only_who_writes_it_sees_that_a_change_is_drafted(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.lena, world.refused.get_absolute_url())
    assert "Propose a change" in page
    strategy.open_draft(objective=world.refused, by=cast.lena, now=NOW)
    assert "Edit the draft" in read(cast.lena, world.refused.get_absolute_url())
    assert "raft" not in read(cast.tom, world.refused.get_absolute_url()).partition("<main")[2]


def test_a_trainer_can_map_from_here(read: Read, cast: make.Cast, world: World) -> None:
    behavior = make.behavior(world.untrained, "C3.1")
    address = world.untrained.get_absolute_url()
    assert f"/training/map/?behavior={behavior.pk}" in read(cast.tom, address)
    assert "/training/map/" not in read(cast.lena, address)


def test_revisions_are_listed_with_their_reasons(read: Read, cast: make.Cast, world: World) -> None:
    make.revise(world.refused, by=cast.lena, reason="Fourteen reports from Iberia.")
    world.refused.refresh_from_db()
    page = read(cast.rosa, world.refused.get_absolute_url())
    assert "Revision 2" in page
    assert "Fourteen reports from Iberia." in page


def test_a_retired_one_says_so(read: Read, cast: make.Cast, world: World) -> None:
    strategy.retire(objective=world.named, by=None, now=NOW)
    page = read(cast.rosa, world.named.get_absolute_url())
    assert "This objective is retired." in page
    assert "/tell/?about=" not in page


def test_few_observed_people_are_not_shown_to_colleagues(
    read: Read, cast: make.Cast, world: World
) -> None:
    page = read(cast.rosa, world.named.get_absolute_url())
    assert "not yet" in page


@pytest.mark.parametrize("address", ["/objectives/0/", "/objectives/99999999999999999999/"])
def test_what_is_not_there_is_not_found(read: Read, cast: make.Cast, address: str) -> None:
    read(cast.lena, address, status=404)


def test_each_role_costs_a_fixed_number_of_queries(
    client: Client,
    cast: make.Cast,
    world: World,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    for who in (cast.lena, cast.tom, cast.mia, cast.rosa, cast.ada):
        client.force_login(who)
        with django_assert_max_num_queries(22):
            assert client.get(world.refused.get_absolute_url()).status_code == 200
