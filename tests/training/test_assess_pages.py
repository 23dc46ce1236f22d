"""Assessing several people at one behavior, and correcting it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from align.notices.models import Notice
from align.people.models import Audience, Role, User
from strategy.models import Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Assessment, Delivery, Module, Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna(cast: make.Cast) -> User:
    return make.user("Anna", Role.REP, team=cast.team, sales_role=cast.role)


@pytest.fixture
def drill(cast: make.Cast, place: Place) -> Module:
    module = make.module(owner=cast.tom, title="The drill")
    make.mapping(module=module, behavior=place.behavior)
    return module


def there(place: Place, group: str) -> str:
    return f"/team/assess/?behavior={place.behavior.pk}&group={group}"


def typed(*levels: tuple[User, str, str], **changed: str) -> dict[str, str]:
    said = {"assessed_at": "2026-11-17T10:30", "client_key": str(uuid.UUID(int=9))}
    for user, level, note in levels:
        said |= {f"level_{user.pk}": level, f"note_{user.pk}": note}
    return said | changed


@pytest.mark.parametrize("who", ["lena", "rosa", "ada"])
def test_it_is_for_managers_and_trainers(cast: make.Cast, read: Read, who: str) -> None:
    page = read(getattr(cast, who), "/team/assess/", status=403)
    assert "This is for managers and trainers." in page


def test_a_manager_assesses_their_team_at_one_behavior(
    cast: make.Cast, place: Place, anna: User, client: Client
) -> None:
    bert = make.user("Bert", Role.REP, team=cast.team, sales_role=cast.role)
    client.force_login(cast.mia)
    address = there(place, f"team-{cast.team.pk}")
    page = client.get(address).content.decode()
    assert page.count("Did it as it should be") == 1  # the anchors stand there once
    answer = client.post(address, typed((cast.rosa, "3", "Named it."), (anna, "2", "")))
    assert answer.headers["Location"] == "/team/assess/"
    kept = {row.user: row for row in Assessment.objects.all()}
    assert {user: row.level for user, row in kept.items()} == {cast.rosa: 3, anna: 2}
    assert bert not in kept
    row = kept[cast.rosa]
    assert (row.assessor, row.team, row.note) == (cast.mia, cast.team, "Named it.")
    assert row.behavior_revision.behavior == place.behavior
    assert Touch.objects.filter(objective=place.objective).exists()
    assert {notice.person for notice in Notice.objects.filter(key__startswith="assessed:")} == {
        cast.rosa,
        anna,
    }


def test_a_trainer_assesses_who_took_their_modules_and_nobody_else(
    cast: make.Cast, place: Place, anna: User, drill: Module, client: Client
) -> None:
    make.completion(user=cast.rosa, module=drill)
    client.force_login(cast.tom)
    address = there(place, f"module-{drill.pk}")
    page = client.get(address).content.decode()
    assert "Rosa" in page
    assert "Anna" not in page
    client.post(address, typed((cast.rosa, "4", ""), (anna, "1", "")))
    assert [row.user for row in Assessment.objects.all()] == [cast.rosa]


def test_a_trainer_assesses_who_sits_in_their_sessions(
    cast: make.Cast, place: Place, anna: User, drill: Module, client: Client
) -> None:
    assert drill.current is not None
    session = Delivery.objects.create(
        version=drill.current,
        audience=Audience.objects.of(sales_roles=[cast.role], teams=[cast.team]),
        trainer=cast.tom,
        starts_at=NOW - timedelta(hours=3),
        ends_at=NOW - timedelta(hours=1),
        created_at=NOW,
        updated_at=NOW,
    )
    Seat.objects.create(delivery=session, user=anna, created_at=NOW)
    Seat.objects.create(delivery=session, user=cast.rosa, attended=False, created_at=NOW)
    client.force_login(cast.tom)
    client.post(there(place, f"session-{session.pk}"), typed((anna, "3", ""), (cast.rosa, "3", "")))
    assert [row.user for row in Assessment.objects.all()] == [anna]


def test_a_trainer_of_nobody_is_told_how_people_come(
    cast: make.Cast, place: Place, read: Read
) -> None:
    assert "People appear here when they take your modules" in read(cast.tom, "/team/assess/")


def test_sending_twice_is_once_and_other_words_are_a_conflict_that_keeps_them(
    cast: make.Cast, place: Place, anna: User, client: Client
) -> None:
    client.force_login(cast.mia)
    address = there(place, f"team-{cast.team.pk}")
    for _ in range(2):
        assert client.post(address, typed((anna, "3", ""))).status_code == 302
    for more in (
        ((anna, "2", "Forgot the hour."),),
        ((anna, "3", ""), (cast.rosa, "2", "Forgot.")),
    ):
        answer = client.post(address, typed(*more))
        assert answer.status_code == 409
        assert "Forgot" in answer.content.decode()
        assert str(uuid.UUID(int=9)) not in answer.content.decode()
    assert Assessment.objects.count() == 1


@pytest.mark.parametrize(
    ("level", "note", "changed", "message"),
    [
        ("", "", {}, "Choose a level for one person at least."),
        ("", "Well done.", {}, "Choose a level, or take the line back."),
        ("5", "", {}, "Select a valid choice"),
        ("3", "x" * 401, {}, "at most 400 characters"),
        ("3", "", {"assessed_at": "2026-11-18T10:00"}, "cannot lie in the future"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    cast: make.Cast,
    place: Place,
    anna: User,
    client: Client,
    level: str,
    note: str,
    changed: dict[str, str],
    message: str,
) -> None:
    client.force_login(cast.mia)
    answer = client.post(
        there(place, f"team-{cast.team.pk}"), typed((anna, level, note), **changed)
    )
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Assessment.objects.exists()


def test_a_correction_stands_beside_what_it_corrects(
    cast: make.Cast, place: Place, anna: User, client: Client, read: Read
) -> None:
    client.force_login(cast.mia)
    client.post(there(place, f"team-{cast.team.pk}"), typed((anna, "2", "Too soon.")))
    first = Assessment.objects.get()
    said = {"level": "3", "note": "She waited.", "client_key": str(uuid.uuid4())}
    for _ in range(2):
        answer = client.post(f"/team/assess/{first.pk}/correct/", said)
        assert answer.headers["Location"] == "/team/assess/"
    assert Assessment.objects.get(corrects=first).level == 3
    assert "<s>2, Too soon.</s>" in client.get("/team/assess/").content.decode()
    again = client.post(
        f"/team/assess/{first.pk}/correct/", said | {"client_key": str(uuid.uuid4()), "level": "1"}
    )
    assert again.status_code == 409
    page = read(anna, "/training/learn/seen/")
    assert "She waited." in page
    assert "<s>2, Too soon.</s>" in page
    assert "in training" in page


def test_nobody_overwrites_what_somebody_else_judged(
    cast: make.Cast, place: Place, anna: User, read: Read
) -> None:
    made, _ = actions.assess(
        behavior=place.behavior,
        assessor=cast.tom,
        judged=[actions.Judged(user=anna, level=2)],
        assessed_at=NOW,
        client_key=uuid.uuid4(),
        now=NOW,
    )
    read(cast.mia, f"/team/assess/{made[0].pk}/correct/", status=403)
    stranger = make.user("Max", Role.MANAGER, team=make.team("South"))
    read(stranger, f"/team/assess/{made[0].pk}/correct/", status=404)


@pytest.mark.parametrize("people", [1, 50])
def test_it_costs_the_same_however_many_people(
    cast: make.Cast,
    place: Place,
    client: Client,
    people: int,
    django_assert_max_num_queries: Any,
) -> None:
    make.reps(people, team=cast.team, sales_role=cast.role)
    client.force_login(cast.mia)
    with django_assert_max_num_queries(14):
        client.get(there(place, f"team-{cast.team.pk}"))
