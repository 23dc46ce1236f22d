import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from align.people.models import Role
from feedback.models import Stance
from strategy import engine
from strategy.models import Depth
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training import actions as training
from training.models import CellState, Kind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["mia", "rosa", "ada"])
def test_the_workbench_is_for_trainers_and_leads(cast: make.Cast, read: Read, who: str) -> None:
    page = read(getattr(cast, who), "/training/", status=403)
    assert "This is for trainers and strategy leads." in page


def test_nothing_in_force_says_what_will_appear(cast: make.Cast, read: Read) -> None:
    assert "Gaps appear when an objective takes force" in read(cast.tom, "/training/")


def test_no_gaps_says_so(cast: make.Cast, place: Place, read: Read) -> None:
    """Rosa took the only training there is, and explaining it is all that is asked."""
    minor = [make.behavior_words("B1", sales_role=cast.role, critical=False)]
    make.revise(place.objective, by=cast.lena, behaviors=minor, now=NOW - timedelta(days=30))
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=place.behavior, now=NOW - timedelta(days=30))
    make.completion(user=cast.rosa, module=module)
    engine.judge_all(now=NOW)
    assert "No gaps" in read(cast.tom, "/training/")


def test_a_gap_shows_its_ladder_and_what_could_cover_it(
    cast: make.Cast, place: Place, read: Read
) -> None:
    slide = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT, title="Kick-off 2026")
    make.mapping(module=slide, behavior=place.behavior, depth=Depth.NAMED)
    drill = make.module(owner=cast.tom, title="The drill")
    engine.judge_all(now=NOW)
    page = read(cast.tom, "/training/")
    assert "1 behavior is not trained as deep as the strategy needs." in page
    assert "Named only" in page
    assert "Kick-off 2026" in page
    assert "Discounts cost us margin" in page
    assert drill.current is not None
    audience = CellState.objects.get().audience_id
    assert (
        f"/training/map/?behavior={place.behavior.pk}&amp;audience={audience}&amp;version={drill.current.pk}"
        in page
    )
    assert "Plan a practice module" in page
    assert f"/training/barriers/new/?behavior={place.behavior.pk}" in page


def test_a_lead_reads_gaps_and_maps_nothing(cast: make.Cast, place: Place, read: Read) -> None:
    make.module(owner=cast.tom)
    engine.judge_all(now=NOW)
    page = read(cast.lena, "/training/")
    assert "No training" in page
    assert "/training/map/" not in page
    assert "New module" not in page


def test_the_worst_comes_first_and_one_can_choose(
    cast: make.Cast, place: Place, client: Client
) -> None:
    minor = make.objective(
        strategy_=place.plan,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, critical=False)],
    )
    engine.judge_all(now=NOW)
    client.force_login(cast.tom)
    bench = client.get("/training/").context["bench"]
    assert [gap.code for gap in bench.gaps] == ["Q1", minor.code]
    assert bench.chosen.gap.code == "Q1"
    cell = CellState.objects.get(objective=minor)
    chosen = client.get(f"/training/?gap={cell.pk}").context["bench"].chosen
    assert chosen.gap.code == minor.code


def test_what_the_field_refuses_is_marked(cast: make.Cast, place: Place, read: Read) -> None:
    for rep in make.reps(8, team=cast.team, sales_role=cast.role):
        make.report(author=rep, objective=place.objective, stance=Stance.WONT)
    engine.judge_all(now=NOW)
    assert "Field says no" in read(cast.tom, "/training/")


def test_an_outdated_mapping_is_offered_for_checking(
    cast: make.Cast, place: Place, read: Read
) -> None:
    mapping = make.mapping(module=make.module(owner=cast.tom), behavior=place.behavior)
    make.revise(
        place.objective,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, statement="Opens with the stop")],
    )
    engine.judge_all(now=NOW)
    page = read(cast.tom, "/training/")
    assert "Practiced before it changed, not checked since" in page
    assert f"/training/mappings/{mapping.pk}/clear/" in page


@pytest.mark.parametrize("query", ["?gap=999999", "?gap=x&page=x", "?page=99", "?gap=٣"])
def test_nonsense_in_the_address_shows_the_worst(
    cast: make.Cast, place: Place, read: Read, query: str
) -> None:
    engine.judge_all(now=NOW)
    assert "No training" in read(cast.tom, f"/training/{query}")


@pytest.mark.parametrize("objectives", [1, 40])
def test_the_page_costs_the_same_however_many_gaps(
    cast: make.Cast,
    place: Place,
    client: Client,
    objectives: int,
    django_assert_max_num_queries: Any,
) -> None:
    for _ in range(objectives):
        make.objective(strategy_=place.plan, by=cast.lena)
    engine.judge_all(now=NOW)
    client.force_login(cast.tom)
    with django_assert_max_num_queries(32):
        client.get("/training/")


def mapped(cast: make.Cast, place: Place) -> None:
    make.mapping(module=make.module(owner=cast.tom), behavior=place.behavior)


def test_what_is_mapped_and_reached_nobody_is_only_claimed(
    cast: make.Cast, place: Place, read: Read
) -> None:
    mapped(cast, place)
    engine.judge_all(now=NOW)
    page = read(cast.tom, "/training/")
    assert "Only claimed: 0 of 1 reached" in page
    assert "Every behavior is trained as deep as it has to be, and 1 is not shown yet." in page
    assert "shown: nothing" in page


def test_what_is_reached_and_not_assessed_is_not_demonstrated(
    cast: make.Cast, place: Place, read: Read
) -> None:
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=place.behavior)
    make.completion(user=cast.rosa, module=module)
    engine.judge_all(now=NOW)
    page = read(cast.tom, "/training/")
    assert "Reached, not demonstrated: 0 of 1" in page
    assert "Trained: 1 of 1 people. Nobody was assessed. No visit has looked for this." in page


def test_what_was_looked_for_and_not_done_does_not_stick(
    cast: make.Cast, place: Place, read: Read
) -> None:
    mapped(cast, place)
    for rep in make.reps(5, team=cast.team, sales_role=cast.role):
        training.observe(
            user=rep,
            behavior=place.behavior,
            observer=cast.mia,
            observed_at=NOW - timedelta(days=1),
            level=1,
            client_key=uuid.uuid4(),
            now=NOW,
        )
    engine.judge_all(now=NOW)
    assert "Not sticking: seen at standard 0 of 5" in read(cast.tom, "/training/")


def test_the_fields_words_stand_beside_the_gap(cast: make.Cast, place: Place, read: Read) -> None:
    make.report(author=cast.rosa, objective=place.objective, text="I never had to say it.")
    engine.judge_all(now=NOW)
    page = read(cast.lena, "/training/")
    assert "I never had to say it." in page
    assert "Will not work, North" in page
    assert "Rosa" not in page
    tess = make.user("Tess", Role.TRAINER)  # she teaches nothing of it: no report is hers to read
    assert "No words on this that you can read." in read(tess, "/training/")


def test_a_barrier_that_stands_is_shown(cast: make.Cast, place: Place, read: Read) -> None:
    case = training.raise_barrier(
        behavior=place.behavior,
        barrier="tools",
        text="The quotation tool has no hours.",
        owner=cast.mia,
        due_on=(NOW + timedelta(days=9)).date(),
        by=cast.tom,
        now=NOW,
    )
    engine.judge_all(now=NOW)
    page = read(cast.tom, "/training/")
    assert case.get_absolute_url() in page
    assert "The quotation tool has no hours." in page


def test_missing_drivers_of_a_critical_behavior_are_counted(
    cast: make.Cast, place: Place, read: Read
) -> None:
    training.set_driver(
        behavior=place.behavior, kind="monitor", text="Mia", owner=cast.mia, by=cast.mia, now=NOW
    )
    engine.judge_all(now=NOW)
    assert "3 of 4 drivers missing" in read(cast.tom, "/training/")


def test_the_list_is_narrowed_by_its_address(cast: make.Cast, place: Place, client: Client) -> None:
    minor = make.objective(
        strategy_=place.plan,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, critical=False)],
    )
    slide = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=slide, behavior=make.behavior(minor), depth=Depth.NAMED)
    engine.judge_all(now=NOW)
    client.force_login(cast.tom)

    def codes(query: str) -> list[str]:
        return [gap.code for gap in client.get(f"/training/?{query}").context["bench"].gaps]

    assert codes("") == ["Q1", minor.code]
    assert codes("critical=on") == ["Q1"]
    assert codes("mine=on") == [minor.code]
    assert codes(f"objective={minor.pk}") == [minor.code]
    assert codes("mine=on&critical=on") == []
    page = client.get("/training/?mine=on&critical=on").content.decode()
    assert "No gap here." in page
    link = client.get("/training/?mine=on").context["bench"].gaps[0].link
    assert link.startswith("?mine=on&gap=")


def test_a_module_is_planned_from_the_gap(cast: make.Cast, place: Place, client: Client) -> None:
    engine.judge_all(now=NOW)
    client.force_login(cast.tom)
    plan = client.get("/training/").context["bench"].chosen.plan
    page = client.get(plan).content.decode()
    assert 'value="Opens the price talk with the cost of an hour of downtime"' in page
    assert '<option value="practice" selected>' in page
