"""Any figure as of a past day, and of one team: as it was known then, and nothing of a few."""

from datetime import timedelta

import pytest
from django.test import Client

from strategy import actions as strategy
from strategy import engine
from tests import make
from tests.dashboard.conftest import Read, World
from tests.dashboard.test_coverage_page import text
from tests.make import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
YESTERDAY = (NOW - DAY).date().isoformat()


def test_a_past_day_says_so_and_leads_back(read: Read, cast: make.Cast, world: World) -> None:
    page = read(cast.lena, f"/coverage/?as_of={YESTERDAY}&q=A4")
    assert "These are the figures at the end of" in page
    assert '<a href="?q=A4">Back to today</a>' in page
    assert "as they were known then" in page
    assert "Field voice and flags are left out" in page
    assert 'class="v"' not in page


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-13-01", "is not a day"), ("2031-01-01", "has not come yet"), ("%00", "today")],
)
def test_a_wrong_day_says_what_is_wrong_and_shows_today(
    read: Read, cast: make.Cast, world: World, day: str, said: str
) -> None:
    page = text(read(cast.lena, f"/coverage/?as_of={day}")).lower()
    assert said in page
    assert "the figures at the end of" not in page


def test_what_is_recorded_today_leaves_yesterday_as_it_was(
    client: Client, cast: make.Cast, world: World
) -> None:
    client.force_login(cast.lena)
    address = f"/coverage.csv?as_of={YESTERDAY}"
    before = client.get(address).content
    for rep in world.reps:
        make.completion(user=rep, module=world.drill, completed_at=NOW)
    changed = make.behavior_words("A4.1", sales_role=cast.role, statement="Opens with the loss")
    make.revise(world.refused, by=cast.lena, behaviors=[changed])
    strategy.retire(objective=world.named, by=None, now=NOW)
    engine.judge_all(now=NOW)
    assert client.get(address).content == before
    assert b"A6" in before
    assert b"A6" not in client.get("/coverage.csv").content


def test_before_it_took_force_there_was_nothing(read: Read, cast: make.Cast, world: World) -> None:
    page = text(read(cast.lena, "/coverage/?as_of=2024-01-01"))
    assert "Nothing you may see was in force on" in page


def test_a_draft_leaves_no_trace_on_any_day(
    read: Read, client: Client, cast: make.Cast, world: World
) -> None:
    secret = make.draft(strategy_=world.plan, by=cast.lena, code="X1", title="Secret move")
    retired = make.draft(strategy_=world.plan, by=cast.lena, code="X2", title="Dropped move")
    strategy.retire(objective=retired, by=None, now=NOW)
    behavior = make.behavior(secret)
    for query in ("", f"as_of={YESTERDAY}", f"team={cast.team.pk}", "rows=gaps", "cols=behaviors"):
        for person in (cast.lena, cast.tom, cast.mia):
            page = read(person, f"/coverage/?{query}")
            assert "Secret move" not in page
            assert "Dropped move" not in page
    client.force_login(cast.tom)
    for address in (
        f"/coverage/cell/?objective={secret.pk}",
        f"/coverage/cell/?objective={secret.pk}&as_of={YESTERDAY}",
        f"/coverage/cell/?behavior={behavior.pk}",
        f"/coverage/cell/?objective={retired.pk}",
        f"/api/v1/coverage/{secret.pk}/?as_of={YESTERDAY}",
        f"/api/v1/coverage/{secret.pk}/cells/",
    ):
        assert client.get(address).status_code == 404, address


def test_a_draft_published_today_was_not_there_yesterday(
    read: Read, cast: make.Cast, world: World
) -> None:
    make.objective(strategy_=world.plan, by=cast.lena, code="N1", title="New today", now=NOW)
    assert "New today" in read(cast.tom, "/coverage/")
    assert "New today" not in read(cast.tom, f"/coverage/?as_of={YESTERDAY}")


def test_a_team_counts_its_own_people(read: Read, cast: make.Cast, world: World) -> None:
    south = make.team("South")
    more = make.reps(6, team=south, sales_role=cast.role)
    world.plan.teams.add(south)
    changed = [make.behavior_words("A4.1", sales_role=cast.role, statement="Opens with the loss")]
    make.revise(world.refused, by=cast.lena, behaviors=changed, now=NOW - DAY)
    make.mapping(module=world.drill, behavior=make.behavior(world.refused, "A4.1"), now=NOW)
    for rep in more[:3]:
        make.completion(user=rep, module=world.drill, completed_at=NOW)
    engine.judge_all(now=NOW + DAY / 48)
    page = text(read(cast.lena, f"/coverage/?team={south.pk}&q=A4"))
    assert "3 of 6" in page
    assert "Only people of South and the teams below count here." in page
    assert "3 of 17" in text(read(cast.lena, "/coverage/?q=A4"))


def test_a_team_of_four_shows_nothing_of_its_people(
    client: Client, read: Read, cast: make.Cast, world: World
) -> None:
    few = make.team("Few", parent=cast.team)
    for rep in make.reps(4, team=few, sales_role=cast.role):
        make.completion(user=rep, module=world.drill, completed_at=NOW)
    for path in ("/coverage/", "/coverage/gaps/"):
        page = text(read(cast.lena, f"{path}?team={few.pk}"))
        assert "too few" in page
        assert "4 of 4 people" not in page
    lines = client.get(f"/coverage.csv?team={few.pk}").content.decode()
    assert ",too few," in lines
    row = client.get(f"/api/v1/coverage/{world.refused.pk}/?team={few.pk}").json()
    assert row["reach"] == {
        "part": 0,
        "whole": 0,
        "percent": None,
        "said": "too few",
        "hidden": True,
    }
    assert row["shown"] is None


def test_nor_does_a_team_that_leaves_four_others(read: Read, cast: make.Cast, world: World) -> None:
    small = make.team("Small", parent=cast.team)
    large = make.team("Large", parent=small.parent)
    make.reps(6, team=large, sales_role=cast.role)
    for rep in make.reps(2, team=small, sales_role=cast.role):
        make.completion(user=rep, module=world.drill, completed_at=NOW)
    # North itself has eleven people, so Large may be told; Small may not.
    assert "too few" in text(read(cast.lena, f"/coverage/?team={small.pk}"))
    assert "0 of 6" in text(read(cast.lena, f"/coverage/?team={large.pk}&q=A4"))


def test_the_api_refuses_a_wrong_day_and_an_unknown_team(
    client: Client, cast: make.Cast, world: World
) -> None:
    client.force_login(cast.lena)
    for query in ("as_of=2026-13-01", "as_of=2031-01-01", "team=999999", "team=x", "as_of="):
        for address in ("", f"{world.refused.pk}/", f"{world.refused.pk}/cells/", "summary/"):
            answer = client.get(f"/api/v1/coverage/{address}?{query}")
            assert answer.status_code == 400, (address, query)
