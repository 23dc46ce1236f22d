"""What happened to an objective: its revisions, and what this person may know besides."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from strategy import actions as strategy
from strategy.models import History, Objective
from strategy.pages import happened
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    words = strategy.Words(**(vars(make.words()) | {"segment": "All plants"}))
    return make.revise(made, by=cast.lena, words=words, reason="Fourteen reports.")


def page(client: Client, person: Any, objective: Objective, asked: str = "") -> str:
    client.force_login(person)
    answer = client.get(f"/objectives/{objective.pk}/history/{asked}")
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("who", ["lena", "tom", "mia", "rosa", "ada"])
def test_everybody_reads_why_it_changed(
    cast: make.Cast, objective: Objective, client: Client, who: str
) -> None:
    text = page(client, getattr(cast, who), objective)
    assert "Fourteen reports." in text
    assert "Substantive" in text
    assert "?from=r1&amp;to=r2" in text
    assert "Published" in text
    assert "by Lena" in text
    assert (
        f"/objectives/{objective.pk}/history/"
        in client.get(objective.get_absolute_url()).content.decode()
    )


def test_values_are_shown_before_and_after(
    cast: make.Cast, objective: Objective, client: Client
) -> None:
    text = page(client, cast.rosa, objective)
    assert "For: <del>Plants with more than 12 pumps</del><ins>All plants</ins>" in text


def test_of_a_long_text_the_place_that_changed_is_shown(
    cast: make.Cast, objective: Objective, client: Client
) -> None:
    for end in ("ends so", "ends otherwise"):
        words = strategy.Words(**(vars(make.words()) | {"why": f"{'word ' * 600}{end}"}))
        make.revise(objective, by=cast.lena, words=words)
    assert "ends <del>so</del><ins>otherwise</ins>" in page(client, cast.rosa, objective)


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (None, ""),
        (True, "yes"),
        (["a", False], "a, no"),
        (12.5, "12.5"),
        ("2027-05-12", "12 May 2027"),
        ("2026-06-06T09:00:00+00:00", "6 Jun 2026, 09:00"),
        ("2027-15-39", "2027-15-39"),
        ("2027-05-12 is the day", "2027-05-12 is the day"),
    ],
)
def test_values_are_said_as_people_say_them(kept: Any, said: str) -> None:
    with timezone.override("UTC"):
        assert happened.readable(kept) == said


@pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
def test_what_happens_to_a_draft_is_for_its_writers(
    cast: make.Cast, objective: Objective, client: Client, who: str
) -> None:
    strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    assert "Draft opened" in page(client, cast.lena, objective)
    assert "raft" not in page(client, getattr(cast, who), objective).partition("<main")[2]


def test_who_was_asked_reads_of_the_round_and_others_do_not(
    cast: make.Cast, objective: Objective, client: Client
) -> None:
    strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    round_ = make.round_(objective, by=cast.lena, people=[cast.tom])
    assert round_.get_absolute_url() in page(client, cast.tom, objective)
    for stranger in (cast.mia, cast.rosa, cast.ada):
        assert "/consultations/" not in page(client, stranger, objective).partition("<main")[2]


def test_it_is_read_fifty_at_a_time(cast: make.Cast, objective: Objective, client: Client) -> None:
    History.objects.bulk_create(
        History(
            strategy=objective.strategy,
            objective=objective,
            shown_to=History.ShownTo.EVERYONE,
            what=f"thing {number}.",
            at=NOW,
        )
        for number in range(60)
    )
    newest, older = (
        page(client, cast.rosa, objective),
        page(client, cast.rosa, objective, "?page=2"),
    )
    assert "Thing 59." in newest
    assert "Thing 3." not in newest
    assert "Thing 3." in older
    assert page(client, cast.rosa, objective, "?page=x&revisions=99")


@pytest.mark.parametrize("who", ["lena", "rosa"])
def test_it_costs_the_same_however_much_happened(
    cast: make.Cast,
    objective: Objective,
    client: Client,
    who: str,
    django_assert_num_queries: Any,
) -> None:
    for _ in range(2):
        client.force_login(getattr(cast, who))
        with django_assert_num_queries(10):
            client.get(f"/objectives/{objective.pk}/history/")
        for number in range(3):
            words = make.words(f"Title {number}")
            make.revise(objective, by=cast.lena, words=words)
