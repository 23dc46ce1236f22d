from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from align.people.models import Audience, Role
from strategy.models import Flag
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Delivery, Mapping, Module

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["lena", "mia", "rosa", "ada"])
def test_it_is_for_trainers(cast: make.Cast, read: Read, who: str) -> None:
    assert "This is for trainers." in read(getattr(cast, who), "/training/asked/", 403)


def test_nothing_waits_says_what_will_appear(cast: make.Cast, read: Read) -> None:
    page = read(cast.tom, "/training/asked/")
    assert "Nothing waits for you." in page
    assert "appear here" in page


def outdated(cast: make.Cast, place: Place) -> Mapping:
    mapping = make.mapping(module=make.module(owner=cast.tom), behavior=place.behavior)
    words = [make.behavior_words(sales_role=cast.role, statement="Opens with the stop")]
    make.revise(place.objective, by=cast.lena, behaviors=words)
    return mapping


def flagged(place: Place, module: Module) -> Flag:
    return Flag.objects.create(
        rule="orphan-training",
        subject=f"module:{module.pk}",
        epoch=1,
        strategy=None,
        title="Teaches nothing",
        label=module.code,
        link=module.get_absolute_url(),
        sentence="It was taken, and no behavior is mapped.",
        clears_when="it is mapped or retired.",
        opened_at=NOW - timedelta(days=3),
    )


def over(place: Place, module: Module, cast: make.Cast) -> Delivery:
    audience: Audience = place.behavior.revisions.get().audiences.get()
    assert module.current is not None
    return Delivery.objects.create(
        version=module.current,
        audience=audience,
        trainer=cast.tom,
        starts_at=NOW - timedelta(days=2),
        ends_at=NOW - timedelta(days=2) + timedelta(hours=1),
        created_at=NOW - timedelta(days=9),
        updated_at=NOW - timedelta(days=9),
    )


def test_everything_that_waits_is_counted_and_linked(
    cast: make.Cast, place: Place, client: Client
) -> None:
    module = make.module(owner=cast.tom, title="Left alone")
    session = over(place, module, cast)
    flag = flagged(place, module)
    case = actions.raise_barrier(
        behavior=place.behavior,
        barrier="tools",
        text="The quotation tool has no hours.",
        owner=cast.mia,
        due_on=(NOW + timedelta(days=9)).date(),
        by=cast.tom,
        now=NOW,
    )
    mapping = outdated(cast, place)
    client.force_login(cast.tom)
    page = client.get("/training/asked/").content.decode()
    assert case.get_absolute_url() not in page  # it waits for Mia
    actions.say_on_barrier(case=case, note="Which tool?", by=cast.mia, now=NOW)
    answer = client.get("/training/asked/")
    page = answer.content.decode()
    assert answer.context["asked"] == 4
    for link in (
        f"/training/mappings/{mapping.pk}/clear/",
        flag.get_absolute_url(),
        case.get_absolute_url(),
        session.get_absolute_url(),
    ):
        assert f'href="{link}"' in page
    assert client.get("/training/").context["asked"] == 4


def test_what_was_answered_waits_no_longer(cast: make.Cast, place: Place, client: Client) -> None:
    mapping = outdated(cast, place)
    client.force_login(cast.tom)
    assert client.get("/training/asked/").context["asked"] == 1
    actions.clear_mapping(mapping=mapping, reason="The drill is the same.", by=cast.tom, now=NOW)
    assert client.get("/training/asked/").context["asked"] == 0


def test_other_peoples_modules_wait_for_other_people(
    cast: make.Cast, place: Place, client: Client
) -> None:
    outdated(cast, place)
    client.force_login(make.user("Tess", Role.TRAINER))
    assert client.get("/training/asked/").context["asked"] == 0


@pytest.mark.parametrize("number", [1, 8])
def test_the_page_costs_the_same_however_much_waits(
    cast: make.Cast,
    place: Place,
    client: Client,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(number):
        module = make.module(owner=cast.tom, title=f"Module {n}")
        flagged(place, module)
        over(place, module, cast)
    outdated(cast, place)
    client.force_login(cast.tom)
    with django_assert_max_num_queries(20):
        client.get("/training/asked/")
