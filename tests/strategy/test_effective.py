"""“In force from 8 March” means the first moment of that day where the strategy is at home."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from strategy import actions as strategy
from strategy import days, tasks
from strategy.models import Objective, Revision, Strategy, Touch
from tests import make
from tests.api.caller import Caller

pytestmark = pytest.mark.django_db

# 11 at night on the last of February in Los Angeles; already the first of March in UTC.
THE_DAY = datetime(2027, 3, 1, 7, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(THE_DAY, tick=False) as clock:
        yield clock


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    made = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return at_home(made, "America/Los_Angeles")


def at_home(plan: Strategy, zone: str) -> Strategy:
    return strategy.edit_strategy(
        strategy=plan,
        name=plan.name,
        cycle="",
        statement="",
        time_zone=zone,
        teams=list(plan.teams.all()),
        by=plan.lead,
        now=THE_DAY,
    )


@pytest.fixture
def objective(cast: make.Cast, plan: Strategy) -> Objective:
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    strategy.open_draft(objective=made, by=cast.lena, now=THE_DAY)
    return made


Publish = Callable[[str], Any]


@pytest.fixture
def publish(client: Client, cast: make.Cast, objective: Objective) -> Publish:
    client.force_login(cast.lena)

    def _publish(day: str) -> Any:
        sent = {"edits": 0, "reason": "The field asked for it.", "effective_from": day}
        return client.post(f"/objectives/{objective.pk}/draft/publish/", sent)

    return _publish


def starts(objective: Objective) -> datetime:
    found = Revision.objects.get(objective=objective, number=2).effective_from
    assert found is not None
    return found.astimezone(UTC)


def number_in_force(objective: Objective) -> int:
    current = Objective.objects.select_related("current").get(pk=objective.pk).current
    assert current is not None
    return current.number


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2027-03-08", datetime(2027, 3, 8, 8, tzinfo=UTC)),
        ("2027-03-14", datetime(2027, 3, 14, 8, tzinfo=UTC)),  # clocks change at two
        ("2027-03-15", datetime(2027, 3, 15, 7, tzinfo=UTC)),
        ("2027-11-07", datetime(2027, 11, 7, 7, tzinfo=UTC)),  # and back
        ("2027-11-08", datetime(2027, 11, 8, 8, tzinfo=UTC)),
    ],
)
def test_a_day_begins_where_the_strategy_is_at_home(
    publish: Publish, objective: Objective, day: str, moment: datetime
) -> None:
    assert publish(day).status_code == 302
    assert starts(objective) == moment


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        # In Cairo clocks jump from midnight to one: the day begins at one, summer time.
        ("Africa/Cairo", date(2026, 4, 24), datetime(2026, 4, 23, 22, tzinfo=UTC)),
        ("Africa/Cairo", date(2026, 4, 25), datetime(2026, 4, 24, 21, tzinfo=UTC)),
        # In Havana one o'clock becomes midnight again: the day begins the first time.
        ("America/Havana", date(2026, 11, 1), datetime(2026, 11, 1, 4, tzinfo=UTC)),
        ("Asia/Kathmandu", date(2026, 5, 1), datetime(2026, 4, 30, 18, 15, tzinfo=UTC)),
    ],
)
def test_the_first_moment_is_the_first_whatever_clocks_do_at_midnight(
    plan: Strategy, zone: str, day: date, moment: datetime
) -> None:
    plan.time_zone = zone
    found = days.first_moment(day, strategy=plan)
    assert found.astimezone(UTC) == moment
    # A moment before, it was still another day there.
    assert days.day_of(moment, strategy=plan) == day
    assert days.day_of(moment - timedelta(seconds=1), strategy=plan) == day - timedelta(days=1)


def test_today_is_today_there_and_takes_force_at_once(
    publish: Publish, objective: Objective
) -> None:
    assert publish("2027-02-27").status_code == 422
    assert publish("2027-02-28").status_code == 302
    assert starts(objective) == THE_DAY
    assert number_in_force(objective) == 2


def test_tomorrow_there_is_a_later_day_though_it_is_today_in_utc(
    publish: Publish, objective: Objective, clock: time_machine.Traveller
) -> None:
    assert publish("2027-03-01").status_code == 302
    assert starts(objective) == datetime(2027, 3, 1, 8, tzinfo=UTC)
    tasks.take_effect()
    assert number_in_force(objective) == 1
    clock.move_to(datetime(2027, 3, 1, 7, 59, 59, tzinfo=UTC))
    tasks.take_effect()
    assert number_in_force(objective) == 1
    clock.move_to(datetime(2027, 3, 1, 8, tzinfo=UTC))
    tasks.take_effect()
    assert number_in_force(objective) == 2


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1), timedelta(days=40)])
def test_the_job_may_run_once_or_twice_or_late(
    publish: Publish, objective: Objective, clock: time_machine.Traveller, late: timedelta
) -> None:
    publish("2027-03-14")
    Touch.objects.all().delete()
    clock.move_to(datetime(2027, 3, 14, 8, tzinfo=UTC) + late)
    for _ in range(2):
        tasks.take_effect()
        assert number_in_force(objective) == 2
        assert [touch.objective_id for touch in Touch.objects.all()] == [objective.pk]
    # Whenever the job ran, it is in force since its day.
    assert starts(objective) == datetime(2027, 3, 14, 8, tzinfo=UTC)


def test_another_zone_moves_no_day_that_was_named(
    publish: Publish, objective: Objective, plan: Strategy
) -> None:
    publish("2027-03-14")
    at_home(plan, "Asia/Tokyo")
    assert starts(objective) == datetime(2027, 3, 14, 8, tzinfo=UTC)


def test_the_reader_sees_the_day_there(
    publish: Publish,
    objective: Objective,
    client: Client,
    cast: make.Cast,
    clock: time_machine.Traveller,
) -> None:
    publish("2027-03-14")
    page = client.get(f"/objectives/{objective.pk}/revisions/2/impact/").content.decode()
    assert "in force from 14 March 2027 (America/Los_Angeles)" in page
    clock.move_to(datetime(2027, 3, 14, 9, tzinfo=UTC))
    tasks.take_effect()
    # Rosa reads it in Honolulu, where that moment is still the thirteenth.
    type(cast.rosa).objects.filter(pk=cast.rosa.pk).update(zone="Pacific/Honolulu")
    client.force_login(cast.rosa)
    page = client.get(f"/objectives/{objective.pk}/", follow=True).content.decode()
    assert "14 Mar" in page
    assert "13 Mar" not in page


class TestNamingTheZone:
    def test_a_new_strategy_is_at_home_where_its_lead_is(
        self, client: Client, cast: make.Cast
    ) -> None:
        type(cast.lena).objects.filter(pk=cast.lena.pk).update(zone="Europe/Berlin")
        client.force_login(cast.lena)
        form = client.get("/strategy/new/").context["form"]
        assert form["time_zone"].value() == "Europe/Berlin"
        client.post("/strategy/new/", {"name": "Uptime", "time_zone": "America/Los_Angeles"})
        assert Strategy.objects.get(name="Uptime").time_zone == "America/Los_Angeles"

    def test_the_lead_changes_it(self, client: Client, cast: make.Cast, plan: Strategy) -> None:
        client.force_login(cast.lena)
        address = f"/strategy/{plan.slug}/edit/"
        assert client.get(address).context["form"]["time_zone"].value() == "America/Los_Angeles"
        sent = {"name": plan.name, "teams": [cast.team.pk], "time_zone": "Asia/Tokyo"}
        assert client.post(address, sent).status_code == 302
        plan.refresh_from_db()
        assert plan.time_zone == "Asia/Tokyo"
        wrong = client.post(address, sent | {"time_zone": "Mars/Olympus"})
        assert wrong.status_code == 422
        assert "time_zone" in wrong.context["form"].errors

    def test_programs_name_and_read_it(self, cast: make.Cast) -> None:
        lena = Caller(cast.lena)
        given = {"name": "Uptime", "teams": [cast.team.pk]}
        made = lena.post("strategies/", **given, time_zone="America/Los_Angeles")
        assert (made.status_code, made.json()["time_zone"]) == (201, "America/Los_Angeles")
        assert lena.post("strategies/", **given).json()["time_zone"] == "UTC"
        wrong = lena.post("strategies/", **given, time_zone="Mars/Olympus")
        assert wrong.status_code == 400
        assert "time_zone" in wrong.json()["fields"]
