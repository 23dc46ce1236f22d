import uuid
from datetime import timedelta
from threading import Barrier as Gate
from threading import Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from align.people.models import Role, User
from strategy import engine
from strategy.models import Touch
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions
from training.models import CellState, Driver, Waiver

pytestmark = pytest.mark.django_db


def address(place: Place) -> str:
    return f"/behaviors/{place.behavior.pk}/drivers/"


def named(place: Place, by: User, text: str = "Mia asks in each Monday call") -> Driver:
    return actions.set_driver(
        behavior=place.behavior, kind="monitor", text=text, owner=by, by=by, now=NOW
    )


def test_what_is_missing_is_said(cast: make.Cast, place: Place, read: Read) -> None:
    page = read(cast.rosa, address(place))
    assert "4 of 4 drivers are missing." in page
    assert "No one monitors it yet." in page
    assert "No one rewards it yet." in page
    assert "<form" not in page.partition('id="main"')[2]


def test_a_manager_names_who_does_what(cast: make.Cast, place: Place, client: Client) -> None:
    client.force_login(cast.mia)
    answer = client.post(
        f"{address(place)}monitor/set/",
        {"text": "Mia asks in each Monday call", "owner": cast.mia.pk},
    )
    assert answer.headers["Location"] == address(place)
    page = client.get(address(place)).content.decode()
    assert "Mia asks in each Monday call" in page
    assert "3 of 4 drivers are missing." in page
    assert "No one monitors it yet." not in page


def test_another_driver_replaces_the_one_before(cast: make.Cast, place: Place, read: Read) -> None:
    named(place, cast.mia)
    named(place, cast.tom, "Tom looks at two calls a month")
    assert [row.text for row in Driver.objects.all().standing()] == [
        "Tom looks at two calls a month"
    ]
    page = read(cast.tom, address(place))
    assert "Before" in page
    assert "Mia asks in each Monday call" in page


def test_naming_the_same_again_changes_nothing(cast: make.Cast, place: Place) -> None:
    assert named(place, cast.mia) == named(place, cast.mia)
    assert Driver.objects.count() == 1


def test_a_driver_needs_words_and_somebody_who_answers_for_it(
    cast: make.Cast, place: Place, client: Client
) -> None:
    client.force_login(cast.tom)
    answer = client.post(f"{address(place)}reward/set/", {"text": "A lunch", "owner": cast.rosa.pk})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "A lunch" in page
    assert "There is a problem" in page
    assert not Driver.objects.exists()


def test_only_the_lead_waives_a_driver(cast: make.Cast, place: Place, client: Client) -> None:
    client.force_login(cast.tom)
    waive = f"{address(place)}reward/waive/"
    refused = client.post(waive, {"because": "No bonus this year."})
    assert refused.status_code == 403
    assert "Lena" in refused.content.decode()
    client.force_login(cast.lena)
    assert client.post(waive, {"because": ""}).status_code == 422
    assert client.post(waive, {"because": "No bonus this year."}).status_code == 302
    page = client.get(address(place)).content.decode()
    assert "Nobody has to: No bonus this year." in page
    assert "3 of 4 drivers are missing." in page


def test_what_a_lead_signed_only_a_lead_ends(cast: make.Cast, place: Place, client: Client) -> None:
    driver = actions.waive_driver(
        behavior=place.behavior, kind="reward", because="No bonus.", by=cast.lena, now=NOW
    )
    client.force_login(cast.tom)
    assert client.post(f"/training/drivers/{driver.pk}/end/").status_code == 403
    client.force_login(cast.lena)
    assert client.post(f"/training/drivers/{driver.pk}/end/").status_code == 302
    assert not Driver.objects.all().standing().exists()


def test_ending_what_somebody_ended_already_shows_how_it_stands(
    cast: make.Cast, place: Place, client: Client
) -> None:
    driver = named(place, cast.mia)
    client.force_login(cast.tom)
    assert client.post(f"/training/drivers/{driver.pk}/end/").status_code == 302
    late = client.post(f"/training/drivers/{driver.pk}/end/")
    assert late.status_code == 409
    assert "This is how it stands now." in late.content.decode()


def test_there_are_four_kinds(cast: make.Cast, place: Place, client: Client) -> None:
    client.force_login(cast.tom)
    answer = client.post(f"{address(place)}punish/set/", {"text": "x", "owner": cast.mia.pk})
    assert answer.status_code == 404


@pytest.mark.django_db(transaction=True)
def test_two_who_name_a_driver_at_once_leave_one_that_stands() -> None:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    place = Place(plan=plan, objective=objective, behavior=make.behavior(objective))
    gate, failed = Gate(4), list[Exception]()

    def one(n: int) -> None:
        try:
            gate.wait(10)
            named(place, cast.mia, f"Way {n}")
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [Thread(target=one, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert (Driver.objects.count(), Driver.objects.all().standing().count()) == (4, 1)


@pytest.mark.parametrize("kinds", [0, 4])
def test_the_page_costs_the_same_with_and_without_drivers(
    cast: make.Cast,
    place: Place,
    client: Client,
    kinds: int,
    django_assert_max_num_queries: Any,
) -> None:
    for kind in Driver.Kind.values[:kinds]:
        for text in ("First", "Second"):
            actions.set_driver(
                behavior=place.behavior, kind=kind, text=text, owner=cast.mia, by=cast.tom, now=NOW
            )
    engine.judge_all(now=NOW)
    client.force_login(cast.lena)
    with django_assert_max_num_queries(22):
        client.get(address(place))


# Practiced already


@pytest.fixture
def seen(cast: make.Cast, place: Place) -> CellState:
    """Nobody is trained, and all five were seen at standard."""
    for rep in make.reps(4, team=cast.team, sales_role=cast.role):
        observe(cast, place, rep)
    observe(cast, place, cast.rosa)
    engine.judge_all(now=NOW)
    return CellState.objects.get()


def observe(cast: make.Cast, place: Place, rep: User, level: int = 3) -> None:
    actions.observe(
        user=rep,
        observer=cast.mia,
        behavior=place.behavior,
        client_key=uuid.uuid4(),
        observed_at=NOW - timedelta(days=2),
        level=level,
        occasion="",
        evidence="",
        now=NOW,
    )


def new(place: Place, cell: CellState) -> str:
    return f"/training/waivers/new/?behavior={place.behavior.pk}&audience={cell.audience_id}"


def test_the_lead_signs_that_it_is_practiced_already(
    cast: make.Cast, place: Place, seen: CellState, client: Client
) -> None:
    client.force_login(cast.lena)
    assert "Sign it" in client.get(address(place)).content.decode()
    page = client.get(new(place, seen)).content.decode()
    assert "seen at standard 5 of 5 observed" in page
    Touch.objects.all().delete()
    answer = client.post(
        new(place, seen), {"audience": seen.audience_id, "evidence": "Five of five in October."}
    )
    assert answer.headers["Location"] == address(place)
    waiver = Waiver.objects.get()
    assert waiver.fingerprint == place.objective.current.behaviors.get().fingerprint  # type: ignore[union-attr]
    assert Touch.objects.filter(objective=place.objective).exists()
    assert "Five of five in October." in client.get(address(place)).content.decode()


def test_what_nobody_has_seen_cannot_be_signed(
    cast: make.Cast, place: Place, client: Client
) -> None:
    engine.judge_all(now=NOW)
    cell = CellState.objects.get()
    client.force_login(cast.lena)
    answer = client.post(
        new(place, cell), {"audience": cell.audience_id, "evidence": "They are good."}
    )
    assert answer.status_code == 422
    assert "It is not seen there yet" in answer.content.decode()
    assert "They are good." in answer.content.decode()


@pytest.mark.parametrize("who", ["tom", "mia", "rosa", "ada"])
def test_signing_is_for_the_lead(
    cast: make.Cast, place: Place, seen: CellState, read: Read, who: str
) -> None:
    assert "Lena" in read(getattr(cast, who), new(place, seen), 403)


def test_another_lead_does_not_sign(
    cast: make.Cast, place: Place, seen: CellState, read: Read
) -> None:
    read(make.user("Otto", Role.LEAD), new(place, seen), 403)


def test_the_signature_is_out_of_date_once_the_behavior_changes(
    cast: make.Cast, place: Place, seen: CellState, client: Client
) -> None:
    actions.waive_cell(
        behavior=place.behavior,
        audience=seen.audience,
        evidence="Five of five.",
        by=cast.lena,
        now=NOW,
    )
    words = [make.behavior_words(sales_role=cast.role, statement="Opens with the stop")]
    make.revise(place.objective, by=cast.lena, behaviors=words)
    engine.judge_all(now=NOW)
    client.force_login(cast.lena)
    assert "Out of date" in client.get(address(place)).content.decode()


def test_the_lead_takes_the_signature_back_once(
    cast: make.Cast, place: Place, seen: CellState, client: Client
) -> None:
    waiver = actions.waive_cell(
        behavior=place.behavior,
        audience=seen.audience,
        evidence="Five of five.",
        by=cast.lena,
        now=NOW,
    )
    end = f"/training/waivers/{waiver.pk}/end/"
    client.force_login(cast.tom)
    assert client.post(end).status_code == 403
    client.force_login(cast.lena)
    Touch.objects.all().delete()
    assert client.post(end).status_code == 302
    assert Touch.objects.filter(objective=place.objective).exists()
    assert client.post(end).status_code == 409
