"""Today and the navigation say what waits for a person in consultations."""

from typing import Any

import pytest
from django.utils import timezone

from strategy import consultation
from strategy.models import Position
from tests import make
from tests.dashboard.conftest import Read
from tests.strategy.pages import rounds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> rounds.World:
    return rounds.build()


def test_an_answer_that_is_due_is_there_until_it_is_given(read: Read, world: rounds.World) -> None:
    until = world.round.last_day
    for person in (world.cast.tom, world.cast.mia):
        page = read(person, "/")
        assert "A4 draft 1" in page
        assert f"Your answer is due until {until.day} {until:%B}" in page
        assert '<span class="n">1<span class="vh"> to answer</span></span>' in page
    make.position(world.round, by=world.cast.tom, now=timezone.now())
    page = read(world.cast.tom, "/")
    assert "A4 draft 1" not in page
    assert " to answer</span>" not in page


@pytest.mark.parametrize("who", ["tess", "rosa", "ada"])
def test_nobody_else_is_told_of_it(read: Read, world: rounds.World, who: str) -> None:
    person = world.tess if who == "tess" else getattr(world.cast, who)
    page = read(person, "/")
    assert "A4" not in page
    assert " to answer</span>" not in page


def test_what_is_over_is_not_due(read: Read, world: rounds.World) -> None:
    world.end()
    assert "A4 draft 1" not in read(world.cast.tom, "/")


def test_who_raised_a_concern_is_asked_whether_it_is_settled(
    read: Read, world: rounds.World
) -> None:
    concern = world.concern()
    assert "Does this settle it?" not in read(world.cast.tom, "/")
    given: dict[str, Any] = {"answer": "kept", "words": "Because the audit finds it."}
    consultation.answer_concern(concern=concern, by=world.cast.lena, now=timezone.now(), **given)
    assert concern.get_absolute_url() in read(world.cast.tom, "/")
    assert "Does this settle it?" not in read(world.cast.mia, "/")


def test_a_lead_finds_what_waits_for_their_word(read: Read, world: rounds.World) -> None:
    now = timezone.now()
    world.concern()
    world.concern()
    make.position(world.round, by=world.cast.mia, stance=Position.Stance.CANNOT, now=now)
    consultation.suggest(
        round_=world.round,
        by=world.cast.tom,
        sales_role=world.cast.role,
        statement="Writes the hourly cost of a stop on the first quotation",
        now=now,
    )
    page = read(world.cast.lena, "/")
    assert "1 person cannot teach it · 2 concerns without an answer · 1 behavior named" in page
    assert world.address in page


def test_a_cannot_that_was_taken_back_does_not_wait(read: Read, world: rounds.World) -> None:
    make.position(world.round, by=world.cast.mia, stance=Position.Stance.CANNOT, now=timezone.now())
    world.share()
    assert "1 person cannot teach it" in read(world.cast.lena, "/")
    make.position(world.round, by=world.cast.mia, now=timezone.now())
    assert "cannot teach it" not in read(world.cast.lena, "/")
