"""A trainer explains the why, the lead signs; a changed why voids it."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from align.notices.models import Notice
from align.people.models import Role
from strategy import reminding
from strategy.models import History, Objective, TeachBack
from tests import make
from tests.make import NOW
from tests.strategy import carried

pytestmark = pytest.mark.django_db

TOLD = "Whoever discounts a pump loses the hours that come after it."


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> carried.World:
    return carried.world()


def address(objective: Objective) -> str:
    return f"/objectives/{objective.pk}/teach-back/"


def get(client: Client, user: Any, path: str, status: int = 200) -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def post(client: Client, user: Any, path: str, status: int = 302, **data: Any) -> str:
    client.force_login(user)
    answer = client.post(path, data)
    assert answer.status_code == status, answer.content.decode()[:1500]
    return answer.content.decode()


def told(world: carried.World, client: Client) -> TeachBack:
    post(client, world.cast.tom, address(world.objective), text=TOLD)
    return TeachBack.objects.get(state="given")


def signed(world: carried.World, client: Client) -> TeachBack:
    given = told(world, client)
    post(client, world.cast.lena, f"{given.get_absolute_url()}sign/")
    given.refresh_from_db()
    return given


def test_the_lead_reads_it_and_signs(world: carried.World, client: Client) -> None:
    given = told(world, client)
    assert Notice.objects.get(person=world.cast.lena).link == given.get_absolute_url()
    page = get(client, world.cast.lena, given.get_absolute_url())
    assert TOLD in page
    assert "Discounts cost us margin" in page
    post(client, world.cast.lena, f"{given.get_absolute_url()}sign/", answer="Well told.")
    given.refresh_from_db()
    assert (given.state, given.answered_by, given.answer) == (
        "signed",
        world.cast.lena,
        "Well told.",
    )
    assert "is signed" in Notice.objects.get(person=world.cast.tom).text
    assert "is signed by Lena" in get(client, world.cast.tom, address(world.objective))


def test_given_back_it_says_what_is_missing_and_may_be_told_again(
    world: carried.World, client: Client
) -> None:
    given = told(world, client)
    path = f"{given.get_absolute_url()}return/"
    assert "Say what is missing" in post(client, world.cast.lena, path, 422, answer=" ")
    post(client, world.cast.lena, path, answer="Where are the hours?")
    assert "Where are the hours?" in get(client, world.cast.tom, given.get_absolute_url())
    told(world, client)
    assert sorted(TeachBack.objects.values_list("state", flat=True)) == ["given", "returned"]


def test_while_it_waits_telling_it_again_replaces_the_words(
    world: carried.World, client: Client
) -> None:
    told(world, client)
    post(client, world.cast.tom, address(world.objective), text="Better told.")
    assert TeachBack.objects.get().text == "Better told."
    row = History.objects.filter(what="teach-back given").first()
    assert row is not None
    assert (row.before, row.after) == ({"text": TOLD}, {"text": "Better told."})


def test_signed_it_is_not_given_again(world: carried.World, client: Client) -> None:
    signed(world, client)
    page = post(client, world.cast.tom, address(world.objective), 422, text="Again.")
    assert "is signed by Lena" in page


def test_only_trainers_explain_and_only_the_lead_signs(
    world: carried.World, client: Client
) -> None:
    for person in (world.cast.lena, world.cast.mia, world.cast.rosa, world.cast.ada):
        get(client, person, address(world.objective), 403)
        post(client, person, address(world.objective), 403, text=TOLD)
    given = told(world, client)
    tess = make.user("Tess", Role.TRAINER)
    for person in (tess, world.otto, world.cast.mia, world.cast.rosa, world.cast.ada):
        get(client, person, given.get_absolute_url(), 404)
        post(client, person, f"{given.get_absolute_url()}sign/", 404)
        post(client, person, f"{given.get_absolute_url()}return/", 404, answer="No.")
    post(client, world.cast.tom, f"{given.get_absolute_url()}sign/", 403)
    given.refresh_from_db()
    assert given.state == "given"


def test_nobody_signs_their_own_words(world: carried.World, client: Client) -> None:
    both = make.user("Bo", Role.LEAD, Role.TRAINER)
    Objective.objects.filter(pk=world.objective.pk).update(owner=both)
    post(client, both, address(world.objective), text=TOLD)
    given = TeachBack.objects.get()
    assert "Sign" not in get(client, both, given.get_absolute_url()).partition("<main")[2]
    post(client, both, f"{given.get_absolute_url()}sign/", 403)
    post(client, world.cast.lena, f"{given.get_absolute_url()}sign/")


def test_of_two_leads_one_answers(world: carried.World, client: Client) -> None:
    given = told(world, client)
    Objective.objects.filter(pk=world.objective.pk).update(owner=world.otto)
    post(client, world.otto, f"{given.get_absolute_url()}sign/")
    path = f"{given.get_absolute_url()}return/"
    page = post(client, world.cast.lena, path, 409, answer="Not yet.")
    assert "It was answered, or the why changed" in page
    given.refresh_from_db()
    assert given.answered_by == world.otto


def test_an_empty_telling_is_refused(world: carried.World, client: Client) -> None:
    page = post(client, world.cast.tom, address(world.objective), 422, text="")
    assert "as you would tell it" in page


def test_a_why_that_changed_meanwhile_is_shown_and_the_words_are_kept(
    world: carried.World, client: Client
) -> None:
    before = world.objective.current_id
    make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
    page = post(client, world.cast.tom, address(world.objective), 409, text=TOLD, revision=before)
    assert TOLD in page
    assert carried.OTHER_WHY in page
    assert not TeachBack.objects.exists()


class TestVoiding:
    def test_a_changed_why_voids_it_and_the_trainer_hears_once(
        self, world: carried.World, client: Client
    ) -> None:
        given = signed(world, client)
        assert TeachBack.objects.valid().count() == 1
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        assert TeachBack.objects.valid().count() == 0
        assert "Void: the why changed" in get(client, world.cast.tom, given.get_absolute_url())
        for _ in range(2):
            reminding.tell(now=NOW)
        notice = Notice.objects.get(person=world.cast.tom, key__startswith="teach-back-void")
        assert "Your teach-back is void" in notice.text
        assert notice.link == address(world.objective)

    def test_who_explains_the_new_why_before_hears_nothing(
        self, world: carried.World, client: Client
    ) -> None:
        signed(world, client)
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        post(client, world.cast.tom, address(world.objective), text="The new one.")
        reminding.tell(now=NOW)
        assert not Notice.objects.filter(key__startswith="teach-back-void").exists()

    def test_neither_words_nor_behaviors_void_it(
        self, world: carried.World, client: Client
    ) -> None:
        signed(world, client)
        make.revise(world.objective, by=world.cast.lena, words=make.words("Other title"))
        other = make.behavior_words("B9", sales_role=world.cast.role)
        make.revise(world.objective, by=world.cast.lena, behaviors=[other])
        reminding.tell(now=NOW)
        assert TeachBack.objects.valid().count() == 1
        assert not Notice.objects.filter(key__startswith="teach-back-void").exists()

    def test_what_waits_when_the_why_changes_cannot_be_signed(
        self, world: carried.World, client: Client
    ) -> None:
        given = told(world, client)
        make.revise(world.objective, by=world.cast.lena, words=carried.other_why())
        post(client, world.cast.lena, f"{given.get_absolute_url()}sign/", 409)
        given.refresh_from_db()
        assert given.state == "given"


def test_the_pages_cost_a_fixed_number_of_queries(
    world: carried.World, client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    given = told(world, client)
    for person, path in [
        (world.cast.tom, address(world.objective)),
        (world.cast.tom, given.get_absolute_url()),
        (world.cast.lena, given.get_absolute_url()),
    ]:
        client.force_login(person)
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
