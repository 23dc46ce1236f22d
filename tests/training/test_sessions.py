"""Sessions: planned, changed, called off, held; who takes a seat and who came."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from align.notices.models import Notice
from align.people.models import Audience, Role, User
from strategy.models import Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Completion, Delivery, Module, Seat

pytestmark = pytest.mark.django_db

NEW = "/training/sessions/new/"


@pytest.fixture
def drill(cast: make.Cast, place: Place) -> Module:
    module = make.module(owner=cast.tom, title="The drill")
    make.mapping(module=module, behavior=place.behavior)
    return module


@pytest.fixture
def sellers(cast: make.Cast, place: Place) -> Audience:
    return Audience.objects.get()


def session(
    drill: Module, sellers: Audience, *, by: User, capacity: int | None = None, days: int = 7
) -> Delivery:
    assert drill.current is not None
    begins = NOW + timedelta(days=days)
    return actions.plan_session(
        version=drill.current,
        plan=actions.Plan(
            audience=sellers,
            trainer=by,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            place="Room 4",
            link="https://meet.example.com/secret-room",
            capacity=capacity,
        ),
        by=by,
        now=NOW,
    )


def typed(sellers: Audience, trainer: User, **other: Any) -> dict[str, Any]:
    return {
        "audience": sellers.pk,
        "trainer": trainer.pk,
        "starts_at": "2026-11-25T14:00",
        "ends_at": "2026-11-25T15:30",
        "place": "Room 4",
        "link": "",
        "capacity": "",
        "note": "",
        **other,
    }


# Planning


@pytest.mark.parametrize("who", ["lena", "mia", "rosa", "ada"])
def test_sessions_are_planned_by_trainers(cast: make.Cast, read: Read, who: str) -> None:
    read(getattr(cast, who), NEW, status=403)


def test_a_trainer_plans_a_session_in_their_own_time_zone(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    User.objects.filter(pk=cast.tom.pk).update(zone="America/New_York")
    client.force_login(cast.tom)
    assert "The drill" in client.get(NEW).content.decode()
    answer = client.post(f"{NEW}?module={drill.pk}", typed(sellers, cast.tom), follow=True)
    made = Delivery.objects.get()
    assert made.starts_at.isoformat() == "2026-11-25T19:00:00+00:00"
    assert "14:00 to 15:30" in answer.content.decode()
    [notice] = Notice.objects.filter(person=cast.rosa)
    assert notice.text == "The drill on 25 Nov 2026. Session planned."
    assert (notice.link, notice.at_once) == (made.get_absolute_url(), False)
    assert not Notice.objects.filter(person=cast.tom).exists()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ends_at": "2026-11-25T14:00"}, "It has to end after it starts."),
        ({"ends_at": "2026-12-25T14:00"}, "14 days at most"),
        ({"starts_at": "2024-11-25T14:00", "ends_at": "2024-11-25T15:00"}, "more than a year ago"),
        ({"capacity": "0"}, "greater than or equal to 1"),
        ({"audience": "999999"}, "Select a valid choice"),
        ({"starts_at": "soon"}, "Enter a valid date"),
    ],
)
def test_a_session_that_cannot_be_is_refused_and_what_was_typed_stays(
    cast: make.Cast,
    drill: Module,
    sellers: Audience,
    client: Client,
    wrong: dict[str, str],
    message: str,
) -> None:
    client.force_login(cast.tom)
    answer = client.post(f"{NEW}?module={drill.pk}", typed(sellers, cast.tom, **wrong))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert 'value="Room 4"' in answer.content.decode()
    assert not Delivery.objects.exists()


def test_only_what_is_published_is_given(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    actions.retire_module(module=drill, now=NOW)
    client.force_login(cast.tom)
    answer = client.post(f"{NEW}?module={drill.pk}", typed(sellers, cast.tom))
    assert answer.status_code == 422
    assert not Delivery.objects.exists()


def test_of_two_who_change_a_session_the_second_sees_both_texts(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom)
    there = f"{found.get_absolute_url()}edit/"
    client.force_login(cast.tom)
    first = typed(sellers, cast.tom, edits="0", place="Hall 1")
    assert client.post(there, first).status_code == 302
    late = client.post(there, typed(sellers, cast.tom, edits="0", place="Hall 2"))
    page = late.content.decode()
    assert late.status_code == 409
    assert "Somebody saved this meanwhile" in page
    assert "Hall 1" in page
    assert 'value="Hall 2"' in page
    again = typed(sellers, cast.tom, edits="1", place="Hall 2")
    assert client.post(there, again).status_code == 302
    found.refresh_from_db()
    assert (found.place, found.edits) == ("Hall 2", 2)
    told = Notice.objects.filter(person=cast.rosa).values_list("text", flat=True)
    assert sum("Session changed" in text for text in told) == 2


def test_a_session_is_called_off_with_a_reason_and_those_expected_are_told(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom)
    there = f"{found.get_absolute_url()}call-off/"
    client.force_login(cast.tom)
    assert client.post(there, {"reason": "  "}).status_code == 422
    answer = client.post(there, {"reason": "The hall is flooded"}, follow=True)
    assert "The hall is flooded" in answer.content.decode()
    newest = Notice.objects.filter(person=cast.rosa).order_by("-pk")[0]
    assert newest.text == "The drill on 25 Nov 2026. Called off, The hall is flooded."
    assert client.post(there, {"reason": "Again"}).status_code == 302
    found.refresh_from_db()
    assert (found.state, found.canceled_reason) == ("canceled", "The hall is flooded")


@pytest.mark.parametrize("what", ["edit/", "call-off/", "attendance/"])
def test_another_trainer_reads_a_session_and_changes_nothing(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read, what: str
) -> None:
    found = session(drill, sellers, by=cast.tom)
    tess = make.user("Tess", Role.TRAINER)
    read(tess, found.get_absolute_url())
    assert "Tom can do it for you" in read(tess, f"{found.get_absolute_url()}{what}", status=403)


def test_the_link_to_join_is_for_those_who_are_expected(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    found = session(drill, sellers, by=cast.tom)
    assert "secret-room" in read(cast.rosa, found.get_absolute_url())
    assert "secret-room" in read(cast.tom, found.get_absolute_url())
    assert "secret-room" not in read(cast.lena, found.get_absolute_url())


def test_names_are_for_the_trainer_and_for_ones_own_manager(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    found = session(drill, sellers, by=cast.tom)
    other = make.user("Olaf Osterhase", Role.REP, team=cast.team, sales_role=cast.role)
    stranger = make.user("Sven Sommer", Role.MANAGER, team=make.team("South"))
    for reader, sees in [(cast.tom, True), (cast.mia, True), (cast.rosa, False), (stranger, False)]:
        assert (other.name in read(reader, found.get_absolute_url())) == sees


# Seats


def test_a_rep_takes_the_last_seat_and_gives_it_back(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, capacity=1)
    other = make.user("Olaf", Role.REP, team=cast.team, sales_role=cast.role)
    there = found.get_absolute_url()
    client.force_login(cast.rosa)
    assert "Take a seat" in client.get(there).content.decode()
    answer = client.post(f"{there}seat/", follow=True).content.decode()
    assert "You have a seat" in answer
    assert client.post(f"{there}seat/").status_code == 302
    assert Seat.objects.taken().count() == 1
    client.force_login(other)
    full = client.post(f"{there}seat/", follow=True).content.decode()
    assert "All 1 seats are taken." in full
    client.force_login(cast.rosa)
    client.post(f"{there}leave/")
    client.force_login(other)
    client.post(f"{there}seat/")
    assert [seat.user for seat in Seat.objects.taken()] == [other]


def test_who_is_not_asked_gets_no_seat(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, capacity=5)
    client.force_login(cast.lena)
    assert client.post(f"{found.get_absolute_url()}seat/").status_code == 403
    assert client.post(f"{found.get_absolute_url()}leave/").status_code == 403
    assert not Seat.objects.exists()


def test_who_began_yesterday_may_come(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, capacity=5)
    new = make.user("Nils", Role.REP, team=cast.team, sales_role=cast.role, begins=NOW.date())
    client.force_login(new)
    client.post(f"{found.get_absolute_url()}seat/")
    assert [seat.user for seat in Seat.objects.taken()] == [new]


def test_where_everybody_is_expected_one_says_that_one_cannot_come(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client, read: Read
) -> None:
    found = session(drill, sellers, by=cast.tom)
    there = found.get_absolute_url()
    client.force_login(cast.rosa)
    assert "I cannot come" in client.get(there).content.decode()
    assert "0 people" in client.post(f"{there}leave/", follow=True).content.decode()
    assert "1 person" in client.post(f"{there}seat/", follow=True).content.decode()


def test_a_trainer_adds_and_removes_people(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, capacity=1)
    there = found.get_absolute_url()
    client.force_login(cast.tom)
    wrong = client.post(f"{there}people/", {"emails": "nobody@x.com"})
    assert wrong.status_code == 422
    assert "nobody here has the address" in wrong.content.decode()
    client.post(f"{there}people/", {"emails": "mia@example.com"})
    assert [seat.user for seat in Seat.objects.taken()] == [cast.mia]
    assert Notice.objects.filter(person=cast.mia, text__endswith="You have a seat.").exists()
    full = client.post(f"{there}people/", {"emails": "rosa@example.com"}, follow=True)
    assert "All 1 seats are taken." in full.content.decode()
    client.post(f"{there}people/{cast.mia.pk}/remove/")
    assert not Seat.objects.taken().exists()
    assert client.post(f"{there}people/{cast.mia.pk}/remove/").status_code == 404


def test_nobody_takes_a_seat_once_it_has_begun(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, capacity=3, days=-1)
    client.force_login(cast.rosa)
    answer = client.post(f"{found.get_absolute_url()}seat/", follow=True)
    assert "has begun" in answer.content.decode()
    assert not Seat.objects.exists()


# Held


def attend(client: Client, found: Delivery, *people: User, emails: str = "") -> str:
    answer = client.post(
        f"{found.get_absolute_url()}attendance/",
        {"people": [person.pk for person in people], "emails": emails},
        follow=True,
    )
    return answer.content.decode()


def test_holding_a_session_leaves_seats_completions_and_a_touch(
    cast: make.Cast, drill: Module, sellers: Audience, place: Place, client: Client
) -> None:
    reps = make.reps(3, team=cast.team, sales_role=cast.role)
    found = session(drill, sellers, by=cast.tom, days=-1)
    Touch.objects.all().delete()
    client.force_login(cast.tom)
    page = client.get(f"{found.get_absolute_url()}attendance/").content.decode()
    assert all(rep.name in page for rep in [*reps, cast.rosa])
    assert "Recorded: 2 people came." in attend(client, found, cast.rosa, reps[0])
    found.refresh_from_db()
    assert (found.state, found.held_at) == ("held", NOW)
    assert Seat.objects.count() == 4
    assert {seat.user for seat in Seat.objects.filter(attended=True)} == {cast.rosa, reps[0]}
    kept = {(row.user, row.source, row.completed_at) for row in Completion.objects.all()}
    assert kept == {(who, "session", found.ends_at) for who in (cast.rosa, reps[0])}
    assert Completion.objects.get(user=cast.rosa).external_id == f"{found.ref}:{cast.rosa.pk}"
    assert Touch.objects.filter(objective=place.objective).exists()


def test_somebody_who_came_unexpected_is_recorded_too(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, capacity=5, days=-1)
    client.force_login(cast.tom)
    attend(client, found, emails="mia@example.com")
    assert [seat.user for seat in Seat.objects.filter(attended=True)] == [cast.mia]
    assert [row.user for row in Completion.objects.all()] == [cast.mia]


def test_attendance_is_corrected_both_ways_and_only_for_thirty_days(
    cast: make.Cast, drill: Module, sellers: Audience, place: Place, client: Client
) -> None:
    [other] = make.reps(1, team=cast.team, sales_role=cast.role)
    found = session(drill, sellers, by=cast.tom, days=-1)
    client.force_login(cast.tom)
    attend(client, found, cast.rosa)
    Touch.objects.all().delete()
    attend(client, found, other)
    assert [row.user for row in Completion.objects.all()] == [other]
    assert Touch.objects.filter(objective=place.objective).exists()
    attend(client, found, other, cast.rosa)
    assert {row.user for row in Completion.objects.all()} == {other, cast.rosa}
    with time_machine.travel(NOW + timedelta(days=31), tick=False):
        client.force_login(cast.tom)
        assert "can be corrected for 30 days" in attend(client, found)
    assert Completion.objects.count() == 2


def test_what_has_not_begun_was_not_held(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, days=1)
    client.force_login(cast.tom)
    assert "once it has begun" in attend(client, found, cast.rosa)
    found.refresh_from_db()
    assert found.state == "planned"
    assert not Completion.objects.exists()


def test_the_page_costs_the_same_whoever_comes(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    found = session(drill, sellers, by=cast.tom, days=-1)
    client.force_login(cast.tom)
    client.get(found.get_absolute_url())
    few = cost(client, found)
    make.reps(12, team=cast.team, sales_role=cast.role)
    assert cost(client, found) == few <= 16


def cost(client: Client, found: Delivery) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(found.get_absolute_url()).status_code == 200
    return len(queries)
