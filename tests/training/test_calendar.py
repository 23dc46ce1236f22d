"""The calendar page, the file for calendar programs, and due dates."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from align.notices.models import Notice
from align.people.models import Audience, Role, User
from strategy.models import Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import Assignment, CalendarKey, Delivery, Module

pytestmark = pytest.mark.django_db

PAGE = "/training/calendar/"
ADDRESS = "/training/calendar/address/"


@pytest.fixture
def drill(cast: make.Cast, place: Place) -> Module:
    module = make.module(owner=cast.tom, title="The drill")
    make.mapping(module=module, behavior=place.behavior)
    return module


@pytest.fixture
def sellers(cast: make.Cast, place: Place) -> Audience:
    return Audience.objects.get()


def session(drill: Module, audience: Audience, *, begins: datetime, **other: Any) -> Delivery:
    assert drill.current is not None
    return actions.plan_session(
        version=drill.current,
        plan=actions.Plan(
            audience=audience,
            trainer=drill.owner,
            starts_at=begins,
            ends_at=begins + timedelta(hours=2),
            **other,
        ),
        by=drill.owner,
        now=NOW,
    )


def due(drill: Module, audience: Audience, day: date) -> Assignment:
    return actions.assign_module(
        module=drill, audience=audience, due_on=day, by=drill.owner, now=NOW
    )


# The page


def test_everybody_finds_their_part_in_a_session(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    begins = NOW + timedelta(days=2)
    session(drill, sellers, begins=begins, place="Room 4")
    session(drill, sellers, begins=begins, capacity=3)
    rosa = read(cast.rosa, PAGE)
    assert "This week" in rosa
    assert "09:00 to 11:00 · Room 4 · Tom" in rosa
    assert "You are expected" in rosa
    assert "Seats are free" in rosa
    assert "You give it" in read(cast.tom, PAGE)
    assert "Nothing in November." in read(cast.lena, PAGE)


def test_a_month_is_named_by_the_address_and_nonsense_shows_this_one(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    session(drill, sellers, begins=NOW.replace(month=12))
    for address in (PAGE, f"{PAGE}?month=2026-13", f"{PAGE}?month=%00", f"{PAGE}?month=1"):
        page = read(cast.rosa, address)
        assert "November 2026</h1>" in page
        assert "Nothing in November." in page
    page = read(cast.rosa, f"{PAGE}?month=2026-12")
    assert "December 2026</h1>" in page
    assert "You are expected" in page
    assert '"?month=2027-01"' in page
    assert '"?month=2026-11"' in page


def test_days_are_those_of_the_readers_clock(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    session(drill, sellers, begins=datetime(2026, 11, 30, 23, 0, tzinfo=UTC))
    assert "Mon 30 Nov" in read(cast.rosa, PAGE)
    User.objects.filter(pk=cast.rosa.pk).update(zone="Asia/Tokyo")
    cast.rosa.refresh_from_db()
    assert "Nothing in November." in read(cast.rosa, PAGE)
    december = read(cast.rosa, f"{PAGE}?month=2026-12")
    assert "Tue 1 Dec" in december
    assert "08:00 to 10:00" in december


def test_the_page_costs_the_same_however_full_it_is(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    client.force_login(cast.rosa)
    client.get(PAGE)
    session(drill, sellers, begins=NOW + timedelta(days=1))
    few = cost(client)
    for day in range(1, 12):
        session(drill, sellers, begins=NOW + timedelta(days=day), capacity=2)
    assert cost(client) == few <= 10


def cost(client: Client) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(PAGE).status_code == 200
    return len(queries)


# The file


def fresh(client: Client) -> str:
    """Make an address and return its path."""
    page = client.post(ADDRESS).content.decode()
    start = page.index("/calendar/", page.index('class="long"'))
    return page[start : page.index(".ics", start) + 4]


def events(client: Client, path: str) -> dict[str, Any]:
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return {str(event["summary"]): event for event in Calendar.from_ical(answer.content).events}


def test_a_calendar_program_reads_what_is_ones_own(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    begins = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    mine = session(drill, sellers, begins=begins, place="Room 4; left, up", note="Bring it")
    session(make.module(owner=cast.tom, title="Open"), sellers, begins=begins, capacity=3)
    due(make.module(owner=cast.tom, title="Reading"), sellers, date(2026, 12, 1))
    client.force_login(cast.rosa)
    path = fresh(client)
    found = events(Client(), path)
    assert set(found) == {"The drill", "Due: Reading"}
    event = found["The drill"]
    assert str(event["uid"]).startswith(f"{mine.ref}@")
    assert (event["sequence"], str(event["status"])) == (0, "CONFIRMED")
    assert (event.start, event.end) == (begins, begins + timedelta(hours=2))
    assert str(event["location"]) == "Room 4; left, up"
    assert found["Due: Reading"].start == date(2026, 12, 1)


def test_the_file_is_what_the_standard_asks_for(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    title = "Ünterhandlung, Teil 2; ein sehr langer Name, der über mehr als eine Zeile geht"
    begins = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    session(make.module(owner=cast.tom, title=title), sellers, begins=begins, note="SECRET NOTE")
    client.force_login(cast.rosa)
    raw = Client().get(fresh(client)).content
    lines = raw.split(b"\r\n")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert max(map(len, lines)) <= 75
    assert b"DTSTART:20261125T130000Z" in lines
    assert b"VERSION:2.0" in lines
    whole = raw.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:Ünterhandlung\\, Teil 2\\; ein" in whole
    assert "SECRET NOTE" not in whole
    assert "Rosa" not in whole


def test_a_changed_session_has_a_higher_sequence_and_a_called_off_one_says_so(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    made = session(drill, sellers, begins=NOW + timedelta(days=1))
    client.force_login(cast.rosa)
    path = fresh(client)
    actions.call_off(delivery=made, reason="Snow", by=cast.tom, now=NOW)
    event = events(Client(), path)["The drill"]
    assert (event["sequence"], str(event["status"])) == (1, "CANCELLED")
    assert "Called off" in client.get(PAGE).content.decode()


def test_the_secret_is_shown_once_and_only_its_hash_is_kept(
    cast: make.Cast, client: Client
) -> None:
    client.force_login(cast.rosa)
    assert "No address of yours works" in client.get(ADDRESS).content.decode()
    first = fresh(client)
    token = first.removeprefix("/calendar/").removesuffix(".ics")
    assert token not in client.get(ADDRESS).content.decode()
    assert CalendarKey.objects.get().digest == actions.digest_of(token)
    second = fresh(client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    client.post(f"{ADDRESS}end/")
    assert Client().get(second).status_code == 404


def test_the_calendar_of_who_left_ends(cast: make.Cast, client: Client) -> None:
    client.force_login(cast.rosa)
    path = fresh(client)
    User.objects.filter(pk=cast.rosa.pk).update(is_active=False)
    assert Client().get(path).status_code == 404
    assert Client().get("/calendar/none.ics").status_code == 404


# Due dates


def assign(module: Module) -> str:
    return f"{module.get_absolute_url()}assign/"


def test_a_trainer_makes_a_module_due_and_takes_it_back(
    cast: make.Cast, drill: Module, sellers: Audience, place: Place, client: Client
) -> None:
    client.force_login(cast.tom)
    given = {"audience": sellers.pk, "due_on": "2026-12-01"}
    answer = client.post(assign(drill), given, follow=True)
    assert "Account executive in North" in answer.content.decode()
    [notice] = Notice.objects.filter(person=cast.rosa)
    assert notice.text == "Due by 1 Dec 2026: The drill"
    again = client.post(assign(drill), given)
    assert again.status_code == 422
    assert "due for them on that day already" in again.content.decode()
    past = client.post(assign(drill), given | {"due_on": "2026-11-17"})
    assert "That day is over." in past.content.decode()
    Touch.objects.all().delete()
    made = Assignment.objects.get()
    client.post(f"/training/assignments/{made.pk}/end/")
    made.refresh_from_db()
    assert made.ended_at == NOW
    assert Touch.objects.filter(objective=place.objective).exists()


def test_who_did_not_assign_it_cannot_end_it(
    cast: make.Cast, drill: Module, sellers: Audience, client: Client
) -> None:
    made = due(drill, sellers, date(2026, 12, 1))
    client.force_login(make.user("Tess", Role.TRAINER))
    assert client.post(f"/training/assignments/{made.pk}/end/").status_code == 403
    client.force_login(cast.rosa)
    assert client.post(f"/training/assignments/{made.pk}/end/").status_code == 403


def test_learn_says_what_is_due_and_what_is_overdue_until_it_is_taken(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    extra = make.module(owner=cast.tom, title="Not mapped to anything")
    due(drill, sellers, date(2026, 11, 20))
    due(extra, sellers, date(2026, 12, 1))
    page = read(cast.rosa, "/training/learn/")
    assert "due by" in page
    assert "Not mapped to anything" in page
    with time_machine.travel(NOW + timedelta(days=4), tick=False):
        assert "overdue since" in read(cast.rosa, "/training/learn/")
        assert "Overdue" in read(cast.rosa, PAGE)
    make.completion(user=cast.rosa, module=drill)
    make.completion(user=cast.rosa, module=extra)
    assert "due by" not in read(cast.rosa, "/training/learn/")


def test_today_tells_a_rep_what_is_due(
    cast: make.Cast, drill: Module, sellers: Audience, read: Read
) -> None:
    due(drill, sellers, date(2026, 11, 20))
    assert "due by 20 Nov" in read(cast.rosa, "/")
