from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier as Gate
from threading import Thread
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test import Client

from align.notices.models import Notice
from align.people.models import Role, User
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions, barriers
from training.models import BarrierCase, BarrierEvent

pytestmark = pytest.mark.django_db

TODAY = NOW.date()
SOON = TODAY + timedelta(days=14)
TEXT = "Their bonus is paid on hardware turnover."


def raised(
    place: Place, *, by: User, owner: User, text: str = TEXT, due_on: date = SOON
) -> BarrierCase:
    return actions.raise_barrier(
        behavior=place.behavior,
        barrier="incentives",
        text=text,
        owner=owner,
        due_on=due_on,
        by=by,
        now=NOW,
    )


@pytest.fixture
def case(cast: make.Cast, place: Place) -> BarrierCase:
    """Tom raised it, Mia has to remove it."""
    return raised(place, by=cast.tom, owner=cast.mia)


def kinds(case: BarrierCase) -> list[str]:
    return [str(event.kind) for event in case.events.all()]


def test_a_trainer_says_that_it_cannot_be_trained(
    cast: make.Cast, place: Place, client: Client
) -> None:
    client.force_login(cast.tom)
    new = f"/training/barriers/new/?behavior={place.behavior.pk}"
    page = client.get(new).content.decode()
    assert "Targets pull the other way" in page
    assert 'value="skill"' not in page
    typed = {
        "barrier": "incentives",
        "text": TEXT,
        "owner": cast.mia.pk,
        "due_on": SOON.isoformat(),
    }
    answer = client.post(new, typed)
    found = BarrierCase.objects.get()
    assert answer.headers["Location"] == found.get_absolute_url()
    assert (found.raised_by, found.owner, found.state) == (cast.tom, cast.mia, "open")
    assert kinds(found) == ["raised"]
    notice = Notice.objects.get(person=cast.mia)
    assert notice.at_once
    assert TEXT in notice.text
    assert notice.link == found.get_absolute_url()


def test_which_behavior_is_asked_where_the_address_does_not_say(
    cast: make.Cast, place: Place, read: Read
) -> None:
    assert "Opens the price talk" in read(cast.tom, "/training/barriers/new/")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("barrier", "skill"),
        ("barrier", ""),
        ("text", "   "),
        ("owner", ""),
        ("due_on", TODAY.isoformat()),
        ("due_on", "soon"),
    ],
)
def test_what_is_wrong_is_named_and_what_was_typed_stays(
    cast: make.Cast, place: Place, client: Client, field: str, value: str
) -> None:
    client.force_login(cast.tom)
    typed = {
        "barrier": "incentives",
        "text": TEXT,
        "owner": str(cast.mia.pk),
        "due_on": SOON.isoformat(),
    }
    answer = client.post(
        f"/training/barriers/new/?behavior={place.behavior.pk}", typed | {field: value}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert field == "text" or TEXT in page
    assert not BarrierCase.objects.exists()


def test_its_owner_is_outside_training_and_not_who_raised_it(cast: make.Cast, place: Place) -> None:
    tess = make.user("Tess", Role.TRAINER)
    both = make.user("Bo", Role.TRAINER, Role.MANAGER)
    gone = make.user("Gone", Role.MANAGER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    for owner in (tess, cast.rosa, gone):
        with pytest.raises(actions.Invalid) as refused:
            raised(place, by=cast.tom, owner=owner)
        assert set(refused.value.errors) == {"owner"}
    with pytest.raises(actions.Invalid):
        raised(place, by=cast.mia, owner=cast.mia)
    for owner in (both, cast.lena, cast.ada, cast.mia):
        raised(place, by=cast.tom, owner=owner, text=f"For {owner}.")


@pytest.mark.parametrize("who", ["rosa", "ada"])
def test_reps_and_admins_do_not_raise_barriers(
    cast: make.Cast, place: Place, read: Read, who: str
) -> None:
    person = getattr(cast, who)
    read(person, f"/training/barriers/new/?behavior={place.behavior.pk}", 403)
    with pytest.raises(PermissionDenied):
        raised(place, by=person, owner=cast.mia)


def test_the_same_words_sent_twice_are_one_barrier(cast: make.Cast, place: Place) -> None:
    assert raised(place, by=cast.tom, owner=cast.mia) == raised(place, by=cast.tom, owner=cast.mia)
    assert BarrierCase.objects.count() == 1
    assert BarrierEvent.objects.count() == 1


def test_its_way_to_the_end_is_on_record(
    cast: make.Cast, case: BarrierCase, client: Client
) -> None:
    here = case.get_absolute_url()
    client.force_login(cast.mia)
    assert client.post(f"{here}accept/").status_code == 302
    later = SOON + timedelta(days=7)
    moved = client.post(
        f"{here}move/", {"due_on": later.isoformat(), "reason": "The board meets late."}
    )
    assert moved.status_code == 302
    client.post(f"{here}say/", {"note": "I asked the board."})
    handed = client.post(f"{here}hand-on/", {"owner": cast.ada.pk, "note": "She pays bonuses."})
    assert handed.headers["Location"] == "/training/barriers/"  # it is not Mia's any more
    client.force_login(cast.ada)
    done = client.post(f"{here}remove/", {"outcome": "The bonus counts hours now."})
    assert done.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome, case.owner, case.due_on) == (
        "removed",
        "The bonus counts hours now.",
        cast.ada,
        later,
    )
    assert kinds(case) == ["raised", "accepted", "moved", "said", "handed on", "removed"]
    page = client.get(here).content.decode()
    assert "Handed on from Mia to Ada" in page
    assert "Due on another day: 9 Dec 2026 instead of 2 Dec 2026" in page
    told = Notice.objects.filter(person=cast.tom).order_by("pk").values_list("text", flat=True)
    assert "The bonus counts hours now." in told.last()  # type: ignore[operator]
    assert Notice.objects.get(person=cast.ada).at_once


def test_a_reason_is_asked_where_something_ends_or_moves(
    cast: make.Cast, case: BarrierCase, client: Client
) -> None:
    here = case.get_absolute_url()
    empty = {"due_on": (SOON + timedelta(days=1)).isoformat(), "owner": cast.ada.pk}
    client.force_login(cast.mia)
    for verb in ("move", "hand-on", "remove", "keep", "say"):
        answer = client.post(f"{here}{verb}/", empty)
        assert answer.status_code == 422, verb
        assert "There is a problem" in answer.content.decode()
    client.force_login(cast.tom)
    assert client.post(f"{here}withdraw/", {}).status_code == 422
    assert kinds(case) == ["raised"]


def test_it_may_stay_with_a_reason_and_be_opened_again(
    cast: make.Cast, case: BarrierCase, client: Client
) -> None:
    here = case.get_absolute_url()
    client.force_login(cast.mia)
    client.post(f"{here}keep/", {"outcome": "The board decided so."})
    client.force_login(cast.tom)
    page = client.get(here).content.decode()
    assert "Stays, with a reason" in page
    assert "The board decided so." in page
    again = client.post(f"{here}again/", {"due_on": SOON.isoformat(), "note": "A new board."})
    assert again.status_code == 302
    case.refresh_from_db()
    assert (case.state, case.outcome, case.ended_at) == ("open", "", None)
    assert kinds(case) == ["raised", "kept", "again"]


def test_who_raised_it_withdraws_it(cast: make.Cast, case: BarrierCase, client: Client) -> None:
    client.force_login(cast.lena)
    here = case.get_absolute_url()
    assert client.post(f"{here}withdraw/", {"note": "Not needed."}).status_code == 403
    client.force_login(cast.tom)
    assert client.post(f"{here}withdraw/", {"note": "Not needed."}).status_code == 302
    case.refresh_from_db()
    assert case.state == "withdrawn"


@pytest.mark.parametrize("verb", ["accept", "remove", "keep", "hand-on", "move", "withdraw"])
def test_another_trainer_reads_it_and_changes_nothing(
    case: BarrierCase, client: Client, verb: str
) -> None:
    client.force_login(make.user("Tess", Role.TRAINER))
    here = case.get_absolute_url()
    assert client.get(here).status_code == 200
    assert client.post(f"{here}{verb}/", {"outcome": "x"}).status_code == 403


@pytest.mark.parametrize("who", ["rosa", "other"])
def test_for_everybody_else_it_does_not_exist(
    cast: make.Cast, case: BarrierCase, read: Read, who: str
) -> None:
    other = make.user("Moe", Role.MANAGER, team=make.team("South"))
    read(cast.rosa if who == "rosa" else other, case.get_absolute_url(), 404)


def test_what_ended_meanwhile_is_shown_as_it_stands(
    cast: make.Cast, case: BarrierCase, client: Client
) -> None:
    actions.remove_barrier(case=case, outcome="Done.", by=cast.mia, now=NOW)
    client.force_login(cast.mia)
    answer = client.post(f"{case.get_absolute_url()}keep/", {"outcome": "It stays."})
    assert answer.status_code == 409
    assert "This is how it stands now." in answer.content.decode()
    assert kinds(case) == ["raised", "removed"]


Do = Callable[[BarrierCase, make.Cast], object]
DO: dict[str, Do] = {
    "remove": lambda case, cast: actions.remove_barrier(
        case=case, outcome="Gone.", by=cast.mia, now=NOW
    ),
    "keep": lambda case, cast: actions.keep_barrier(
        case=case, outcome="It stays.", by=cast.mia, now=NOW
    ),
    "withdraw": lambda case, cast: actions.withdraw_barrier(
        case=case, note="Wrong.", by=cast.tom, now=NOW
    ),
}


@pytest.mark.django_db(transaction=True)
def test_of_three_ends_at_the_same_time_one_is_taken() -> None:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    place = Place(plan=plan, objective=objective, behavior=make.behavior(objective))
    case = raised(place, by=cast.tom, owner=cast.mia)
    gate, outcomes = Gate(3), list[str]()

    def one(do: Do) -> None:
        mine = BarrierCase.objects.select_related("behavior__objective").get(pk=case.pk)
        try:
            gate.wait(10)
            do(mine, cast)
            outcomes.append("done")
        except actions.BarrierMoved:
            outcomes.append("moved")
        finally:
            connection.close()

    threads = [Thread(target=one, args=(do,)) for do in DO.values()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["done", "moved", "moved"]
    assert BarrierEvent.objects.filter(case=case).count() == 2


def test_an_event_never_changes(case: BarrierCase) -> None:
    event = case.events.get()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        BarrierEvent.objects.filter(pk=event.pk).update(note="Something else")


# The list


def test_the_list_shows_what_stands_first_and_what_is_late(
    cast: make.Cast, place: Place, case: BarrierCase, client: Client
) -> None:
    late = raised(place, by=cast.tom, owner=cast.mia, text="Late one.")
    BarrierCase.objects.filter(pk=late.pk).update(due_on=TODAY - timedelta(days=1))
    gone = raised(place, by=cast.tom, owner=cast.mia, text="Gone one.")
    actions.remove_barrier(case=gone, outcome="Gone.", by=cast.mia, now=NOW)
    client.force_login(cast.tom)
    page = client.get("/training/barriers/?state=all")
    rows = page.context["listed"].rows
    assert [row.case for row in rows] == [late, case, gone]
    assert [row.late for row in rows] == [True, False, False]
    words = page.content.decode()
    assert "2 barriers stand in the way, 1 past its day." in words
    narrowed = client.get("/training/barriers/?state=late").context["listed"].rows
    assert [row.case for row in narrowed] == [late]
    ended = client.get("/training/barriers/?state=ended").context["listed"].rows
    assert [row.case for row in ended] == [gone]


@pytest.mark.parametrize("query", ["?state=x", "?objective=x&page=x", "?barrier=skill&mine=on"])
def test_nonsense_in_the_address_narrows_nothing_or_finds_nothing(
    cast: make.Cast, case: BarrierCase, read: Read, query: str
) -> None:
    read(cast.tom, f"/training/barriers/{query}")


def test_the_list_is_not_for_reps(cast: make.Cast, read: Read) -> None:
    assert "This is for trainers" in read(cast.rosa, "/training/barriers/", 403)


def test_a_manager_sees_those_of_their_own(
    cast: make.Cast, place: Place, case: BarrierCase, client: Client
) -> None:
    raised(place, by=cast.tom, owner=cast.lena, text="For Lena.")
    client.force_login(cast.mia)
    assert [row.case for row in client.get("/training/barriers/").context["listed"].rows] == [case]


def test_an_empty_list_says_what_will_appear(cast: make.Cast, read: Read) -> None:
    assert "When training cannot put something right" in read(cast.tom, "/training/barriers/")


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_costs_the_same_however_long(
    cast: make.Cast,
    place: Place,
    client: Client,
    number: int,
    django_assert_max_num_queries: Any,
) -> None:
    for n in range(number):
        raised(place, by=cast.tom, owner=cast.mia, text=f"Number {n}.")
    client.force_login(cast.lena)
    with django_assert_max_num_queries(16):
        client.get("/training/barriers/")


def test_one_barrier_costs_the_same_however_long_its_story(
    cast: make.Cast, case: BarrierCase, client: Client, django_assert_max_num_queries: Any
) -> None:
    for n in range(12):
        actions.say_on_barrier(case=case, note=f"Note {n}.", by=cast.mia, now=NOW)
    client.force_login(cast.lena)
    with django_assert_max_num_queries(18):
        client.get(case.get_absolute_url())


# What is late


def test_what_is_late_is_told_once_for_its_day(cast: make.Cast, case: BarrierCase) -> None:
    Notice.objects.all().delete()
    barriers.tell_late(now=NOW + timedelta(days=14))  # its last day
    assert not Notice.objects.exists()
    barriers.tell_late(now=NOW + timedelta(days=15))
    barriers.tell_late(now=NOW + timedelta(days=16))
    told = Notice.objects.values_list("person__name", flat=True)
    assert sorted(told) == ["Mia", "Tom"]
    case.refresh_from_db()
    new = SOON + timedelta(days=30)
    actions.move_barrier(case=case, due_on=new, reason="Later.", by=cast.mia, now=NOW)
    barriers.tell_late(now=NOW + timedelta(days=60))
    late = Notice.objects.filter(key__startswith="barrier-late:", person=cast.mia)
    assert late.count() == 2


def test_what_ended_is_never_late(cast: make.Cast, case: BarrierCase) -> None:
    actions.keep_barrier(case=case, outcome="It stays.", by=cast.mia, now=NOW)
    Notice.objects.all().delete()
    barriers.tell_late(now=NOW + timedelta(days=90))
    assert not Notice.objects.exists()
