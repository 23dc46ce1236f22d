from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings

from strategy import engine
from strategy.config import Config
from strategy.models import Depth
from tests import make
from tests.make import NOW
from tests.training import by_hand, worlds
from training import actions, coverage
from training.models import CellState, Kind, ObjectiveCoverage

pytestmark = pytest.mark.django_db
CONFIG = Config()

many = settings(
    max_examples=100,
    report_multiple_bugs=False,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
some = settings(many, max_examples=15)


@pytest.fixture
def ground() -> worlds.Ground:
    return worlds.ground()


@contextmanager
def built(world: worlds.World, on: worlds.Ground) -> Iterator[worlds.Rows]:
    """Have a world in the database, and none of it afterwards."""
    with transaction.atomic():
        yield worlds.build(world, on)
        transaction.set_rollback(True)


def judge() -> None:
    coverage.judge(None, NOW, CONFIG)


def cell_figures(rows: worlds.Rows) -> dict[by_hand.Key, by_hand.Figures]:
    behaviors = {row.pk: place for place, row in enumerate(rows.behaviors)}
    audiences = {row.pk: place for place, row in enumerate(rows.audiences)}
    objectives = {row.pk: place for place, row in enumerate(rows.objectives)}
    return {
        (behaviors[row.behavior_id], audiences[row.audience_id]): by_hand.Figures(
            objective=objectives[row.objective_id],
            **{
                field.name: getattr(row, field.name)
                for field in fields(by_hand.Figures)
                if field.name != "objective"
            },
        )
        for row in CellState.objects.all()
    }


def sum_of(row: ObjectiveCoverage) -> by_hand.Sum:
    return by_hand.Sum(**{field.name: getattr(row, field.name) for field in fields(by_hand.Sum)})


def every_row() -> tuple[list[Any], list[Any]]:
    cells = CellState.objects.order_by("behavior", "audience").values()
    sums = ObjectiveCoverage.objects.order_by("objective").values()
    return list(cells), list(sums)


@many
@given(world=worlds.worlds())
def test_it_agrees_with_the_slow_reading(ground: worlds.Ground, world: worlds.World) -> None:
    with built(world, ground) as rows:
        judge()
        assert cell_figures(rows) == by_hand.cells(world)
        for place, objective in enumerate(rows.objectives):
            row = ObjectiveCoverage.objects.filter(objective=objective).first()
            if world.objectives[place] == "in force":
                assert row is not None
                assert sum_of(row) == by_hand.objective(world, place)
            else:
                assert row is None
        before = every_row()
        judge()
        assert every_row() == before


def figures_of(number: int, rows: worlds.Rows) -> dict[str, float] | None:
    """What must not rise when something gets worse, of an objective with anything asked."""
    row = ObjectiveCoverage.objects.filter(objective=rows.objectives[number]).first()
    if row is None or row.depth is None or row.shown is None:
        return None
    return {
        "depth": row.depth,
        "shown": row.shown,
        "covered": row.covered / row.cells,
        "reach": row.reached / row.people if row.people else 1.0,
        "seen": row.at_standard / row.observed if row.observed else 1.0,
    }


def judged(world: worlds.World, on: worlds.Ground) -> list[dict[str, float] | None]:
    with built(world, on) as rows:
        judge()
        return [figures_of(number, rows) for number in range(len(world.objectives))]


def none_rose(before: list[dict[str, float] | None], after: list[dict[str, float] | None]) -> bool:
    return all(
        new is not None and all(new[name] <= old[name] for name in old)
        for old, new in zip(before, after, strict=True)
        if old is not None
    )


@some
@given(world=worlds.worlds())
def test_an_uncovered_cell_raises_nothing(ground: worlds.Ground, world: worlds.World) -> None:
    more = tuple(
        worlds.Asked(number, frozenset([3]), True, 3, None)
        for number in range(len(world.objectives))
    )
    asked = replace(world, asked=(*world.asked, *more))
    assert none_rose(judged(world, ground), judged(asked, ground))


@some
@given(world=worlds.worlds())
def test_retiring_a_module_raises_nothing(ground: worlds.Ground, world: worlds.World) -> None:
    published = [place for place, row in enumerate(world.taught) if row.published]
    for place in published[:1]:
        taught = list(world.taught)
        taught[place] = worlds.Taught("retired", True)
        retired = replace(world, taught=tuple(taught))
        assert none_rose(judged(world, ground), judged(retired, ground))


@some
@given(world=worlds.worlds())
def test_a_suspect_mapping_holds_nothing_up(ground: worlds.Ground, world: worlds.World) -> None:
    current = tuple(claim for claim in world.claims if claim.fingerprint == worlds.NEW)
    without = replace(world, claims=current)
    assert judged(without, ground) == judged(world, ground)


def statements(objectives: int, cast: make.Cast) -> int:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    module = make.module(owner=cast.tom)
    for _ in range(objectives):
        made = make.objective(strategy_=plan, by=cast.lena)
        make.mapping(module=module, behavior=make.behavior(made))
    judge()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        judge()
    return len(queries)


def test_the_number_of_statements_is_fixed(cast: make.Cast) -> None:
    assert statements(1, cast) == statements(12, cast) <= 16


def test_all_shares_of_eighty_percent_count_as_reached() -> None:
    for people in range(5, 1000, 5):
        cell = coverage.Cell(CONFIG.reached_share, 1, 1, 1, True, 3, 3, 0, people, 0, 0, 0)
        enough = coverage.Cell(
            CONFIG.reached_share, 1, 1, 1, True, 3, 3, 0, people, people * 4 // 5, 0, 0
        )
        assert cell.evidence == CellState.Evidence.MAPPED
        assert enough.evidence == CellState.Evidence.REACHED


def test_only_what_is_asked_is_judged(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    one, other = (make.objective(strategy_=plan, by=cast.lena) for _ in range(2))
    coverage.judge([one.pk], NOW, CONFIG)
    assert [row.objective for row in ObjectiveCoverage.objects.all()] == [one]
    coverage.judge([other.pk], NOW, CONFIG)
    assert ObjectiveCoverage.objects.count() == 2
    coverage.judge([], NOW, CONFIG)
    assert ObjectiveCoverage.objects.count() == 2


def test_a_retired_objective_has_no_figures(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    judge()
    assert CellState.objects.filter(objective=objective).exists()
    objective.state = objective.State.RETIRED
    objective.save()
    judge()
    assert not CellState.objects.filter(objective=objective).exists()
    assert not ObjectiveCoverage.objects.filter(objective=objective).exists()


def test_the_objective_is_as_deep_as_its_weakest_cell(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(
        strategy_=plan,
        by=cast.lena,
        behaviors=[
            make.behavior_words("B1", sales_role=cast.role),
            make.behavior_words(
                "B2", sales_role=cast.role, statement="Sends the offer within a day"
            ),
        ],
    )
    drill = make.module(owner=cast.tom)
    slide = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=drill, behavior=make.behavior(objective, "B1"))
    make.mapping(module=slide, behavior=make.behavior(objective, "B2"), depth=Depth.NAMED)
    make.completion(user=cast.rosa, module=drill)
    judge()
    row = ObjectiveCoverage.objects.get(objective=objective)
    assert (row.depth, row.shown, row.covered, row.cells) == (Depth.NAMED, Depth.NONE, 1, 2)
    assert (row.reached, row.people) == (1, 1)


def test_a_substantive_revision_makes_the_training_suspect(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    drill = make.module(owner=cast.tom)
    mapping = make.mapping(module=drill, behavior=make.behavior(objective))
    make.completion(user=cast.rosa, module=drill)
    judge()
    before = CellState.objects.get(objective=objective)
    assert (before.depth, before.reached, before.suspect_depth) == (Depth.PRACTICED, 1, 0)

    make.revise(
        objective,
        by=cast.lena,
        behaviors=[
            make.behavior_words(sales_role=cast.role, statement="Opens with the cost of a stop")
        ],
    )
    judge()
    after = CellState.objects.get(objective=objective)
    assert (after.depth, after.reached, after.suspect_depth) == (Depth.NONE, 0, Depth.PRACTICED)
    assert ObjectiveCoverage.objects.get(objective=objective).suspect == 1

    actions.clear_mapping(mapping=mapping, reason="The drill is the same.", by=cast.tom, now=NOW)
    judge()
    cleared = CellState.objects.get(objective=objective)
    assert (cleared.depth, cleared.reached, cleared.suspect_depth) == (Depth.PRACTICED, 1, 0)


def test_every_write_is_folded(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    engine.fold(now=NOW)
    drill = make.module(owner=cast.tom)
    make.mapping(module=drill, behavior=make.behavior(objective))
    assert engine.fold(now=NOW) == 1
    assert CellState.objects.get(objective=objective).depth == Depth.PRACTICED
    make.completion(user=cast.rosa, module=drill)
    assert engine.fold(now=NOW) == 1
    assert CellState.objects.get(objective=objective).evidence == CellState.Evidence.REACHED
    actions.retire_module(module=drill, now=NOW)
    assert engine.fold(now=NOW) == 1
    assert CellState.objects.get(objective=objective).depth == Depth.NONE
