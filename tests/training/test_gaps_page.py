from typing import Any

import pytest
from django.test import Client

from feedback.models import Stance
from strategy import engine
from strategy.models import Depth
from tests import make
from tests.make import NOW
from tests.training.conftest import Place, Read
from training.models import CellState, Kind

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ["mia", "rosa", "ada"])
def test_the_workbench_is_for_trainers_and_leads(cast: make.Cast, read: Read, who: str) -> None:
    page = read(getattr(cast, who), "/training/", status=403)
    assert "This is for trainers and strategy leads." in page


def test_nothing_in_force_says_what_will_appear(cast: make.Cast, read: Read) -> None:
    assert "Gaps appear when an objective takes force" in read(cast.tom, "/training/")


def test_no_gaps_says_so(cast: make.Cast, place: Place, read: Read) -> None:
    make.mapping(module=make.module(owner=cast.tom), behavior=place.behavior)
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
    assert f"/training/map/?behavior={place.behavior.pk}&amp;version={drill.current.pk}" in page
    assert "New practice module" in page


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
    with django_assert_max_num_queries(18):
        client.get("/training/")
