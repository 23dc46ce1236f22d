"""The text in force, paragraph by paragraph, and what stands beside it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from align.people.models import Role
from strategy import actions as strategy
from strategy.models import Objective, Strategy
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")


@pytest.fixture
def objective(cast: make.Cast, plan: Strategy) -> Objective:
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


def page(client: Client, person: Any, plan: Strategy, asked: str = "") -> str:
    client.force_login(person)
    answer = client.get(plan.get_absolute_url() + asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_paragraph_has_its_permanent_address(
    cast: make.Cast, plan: Strategy, objective: Objective, client: Client
) -> None:
    words = strategy.Words(
        **(vars(make.words()) | {"we_will": "We will sell hours.\n\nAnd parts."})
    )
    make.revise(objective, by=cast.lena, words=words)
    text = page(client, cast.rosa, plan)
    for number in (1, 3, 4, 5, 6, 7, 8):
        assert f'id="a4-{number}"' in text
        assert f'href="#a4-{number}"' in text
    assert 'id="a4-2"' not in text, "the business case is read on the objective's own page"
    assert text.count("We will</b>") == 1, "a second paragraph has no second head"


def test_who_may_write_opens_the_draft_at_the_paragraph(
    cast: make.Cast, plan: Strategy, objective: Objective, client: Client
) -> None:
    address = f"/objectives/{objective.pk}/draft/"
    text = page(client, cast.lena, plan)
    for place in ("id_title", "id_we_will", "id_we_stop", "id_segment", "id_hypothesis", "p7"):
        assert f"{address}#{place}" in text
    form = client.get(address).content.decode()
    for place in ("id_title", "id_we_will", "id_segment", "p7"):
        assert f'id="{place}"' in form
    for person in (cast.tom, cast.mia, cast.rosa, cast.ada, make.user("Lars", Role.LEAD)):
        assert "/draft/" not in page(client, person, plan)


def test_an_owner_changes_what_is_theirs_only(
    cast: make.Cast, plan: Strategy, objective: Objective, client: Client
) -> None:
    lars = make.user("Lars", Role.LEAD)
    his = make.objective(strategy_=plan, by=cast.lena, owner=lars, code="A5")
    text = page(client, lars, plan)
    assert f"/objectives/{his.pk}/draft/" in text
    assert f"/objectives/{objective.pk}/draft/" not in text


def test_two_codes_that_look_alike_have_two_addresses(
    cast: make.Cast, plan: Strategy, objective: Objective, client: Client
) -> None:
    other = make.objective(strategy_=plan, by=cast.lena, code="a4")
    text = page(client, cast.rosa, plan)
    assert f'id="o{objective.pk}-1"' in text
    assert f'id="o{other.pk}-1"' in text
    assert 'id="a4-1"' not in text


def test_a_draft_under_consultation_is_listed_for_those_asked(
    cast: make.Cast, plan: Strategy, objective: Objective, client: Client
) -> None:
    strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    closes = (timezone.now() + timedelta(days=30)).date()
    round_ = make.round_(objective, by=cast.lena, people=[cast.tom], closes_on=closes)
    for person in (cast.tom, cast.lena):
        text = page(client, person, plan)
        assert "In consultation" in text
        assert f'open until <time datetime="{closes.isoformat()}"' in text  # not the day after
        assert round_.get_absolute_url() in text
        assert "Price on guaranteed uptime" in text
    for person in (cast.mia, cast.rosa, cast.ada):
        assert "onsultation" not in page(client, person, plan).partition("<main")[2]


@pytest.mark.parametrize("asked", ["?theme=x", "?theme=0", "?page=99", "?drafts=-1", "?page=²"])
def test_nonsense_in_the_address_shows_the_beginning(
    cast: make.Cast, plan: Strategy, objective: Objective, client: Client, asked: str
) -> None:
    assert "A4 Price on guaranteed uptime" in page(client, cast.rosa, plan, asked)


def test_many_drafts_are_read_twenty_at_a_time(
    cast: make.Cast, plan: Strategy, client: Client
) -> None:
    for number in range(21):
        make.draft(strategy_=plan, by=cast.lena, code=f"B{number:02}", title=f"Draft {number:02}")
    assert "Draft 20" not in page(client, cast.lena, plan)
    assert "Draft 20" in page(client, cast.lena, plan, "?drafts=2")
