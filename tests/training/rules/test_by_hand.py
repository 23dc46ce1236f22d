"""The rules that read narrow rows against slow, obvious second definitions, on random rows."""

from collections.abc import Iterable
from datetime import timedelta
from math import sqrt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from align.people.models import Audience
from strategy.config import Config
from strategy.models import Objective
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import rules
from training.models import CellState

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@st.composite
def states(draw: st.DrawFn) -> dict[str, object]:
    people = draw(st.integers(0, 40))
    observed = draw(st.integers(0, people))
    since = draw(st.none() | st.integers(0, 100))
    return {
        "critical": draw(st.booleans()),
        "required": draw(st.integers(1, 4)),
        "depth": draw(st.integers(0, 4)),
        "suspect_depth": 0,
        "people": people,
        "reached": draw(st.integers(0, people)),
        "reached_since": None if since is None else NOW - since * DAY,
        "observed": observed,
        "at_standard": draw(st.integers(0, observed)),
        "evidence": 0,
    }


@pytest.fixture
def asked(cast: make.Cast, place: Place) -> list[tuple[Objective, int, int]]:
    """Two objectives with two behaviors and two audiences each."""
    south = make.team("South")
    audiences = [
        Audience.objects.of(sales_roles=[cast.role], teams=[team]) for team in (cast.team, south)
    ]
    found = []
    for _ in range(2):
        words = [make.behavior_words(code, sales_role=cast.role) for code in ("B1", "B2")]
        objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=words)
        found += [
            (objective, make.behavior(objective, code).pk, audience.pk)
            for code in ("B1", "B2")
            for audience in audiences
        ]
    return found


def upper(cell: CellState) -> float:
    n, z = cell.observed, 1.282
    if not n:
        return 1.0
    p = cell.at_standard / n
    middle = p + z * z / (2 * n)
    return (middle + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n)


def enough(cell: CellState) -> bool:
    if cell.people < 5:
        return cell.observed == cell.people
    return cell.observed >= 5 and cell.observed * 100 >= 20 * cell.people


def for_45_days(cell: CellState) -> bool:
    return cell.reached_since is not None and cell.reached_since + 45 * DAY <= NOW


def shallow(cells: Iterable[CellState]) -> tuple[bool, bool]:
    asked = [cell for cell in cells if cell.critical and cell.required >= 3]
    return any(cell.depth in {1, 2} for cell in asked), all(
        cell.depth >= cell.required for cell in asked
    )


def unproven(cells: Iterable[CellState]) -> tuple[bool, bool]:
    late = [cell for cell in cells if not enough(cell)]
    return any(map(for_45_days, late)), all(cell.reached_since is None for cell in late)


def not_sticking(cells: Iterable[CellState]) -> bool:
    return any(for_45_days(cell) and enough(cell) and upper(cell) < 0.5 for cell in cells)


@given(rows=st.lists(states(), min_size=8, max_size=8))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_rule_finds_what_its_definition_says(
    asked: list[tuple[Objective, int, int]], rows: list[dict[str, object]]
) -> None:
    CellState.objects.all().delete()
    cells = [
        CellState(objective=objective, behavior_id=behavior, audience_id=audience, **row)
        for (objective, behavior, audience), row in zip(asked, rows, strict=True)
    ]
    CellState.objects.bulk_create(cells)
    for finding in rules.shallow(None, NOW, Config()):
        own = [cell for cell in cells if cell.objective_id == finding.objective_id]
        assert (finding.opens, finding.clears) == shallow(own)
    for finding in rules.unproven(None, NOW, Config()):
        own = [cell for cell in cells if finding.subject == f"behavior:{cell.behavior_id}"]
        assert (finding.opens, finding.clears) == unproven(own)
    found = rules.not_sticking(None, NOW, Config())
    assert len(found) == 4
    for finding in found:
        own = [cell for cell in cells if finding.subject == f"behavior:{cell.behavior_id}"]
        assert finding.opens == not_sticking(own)
