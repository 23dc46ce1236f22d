"""A real company's public strategy, behaviors and training, loaded into an empty installation."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from align import load as loading
from align.load import Outcome
from strategy import engine
from strategy.models import Depth, Flag, Objective, Revision, Touch
from training.models import CellState, Completion, Mapping, Module, ObjectiveCoverage

FOLDER = Path(__file__).resolve().parent / "handbook"
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

# What nobody can see, by the words of the company.
UNSEEN = {
    "S1.5", "S1.6", "S1.7", "S1.8", "S1.59", "S1.60", "S1.61", "S1.62",
    "S2.15", "S2.16", "S2.17", "S2.71", "S2.72", "S2.73",
    "S3.22", "S3.78",
    "S4.25", "S4.30", "S4.42", "S4.43", "S4.82", "S4.83", "S4.86",
    "S5.34", "S5.35", "S5.90", "S5.91", "S5.92",
}  # fmt: skip


def load() -> Outcome:
    outcome = loading.load(folder=loading.read(FOLDER), now=NOW, keep_good=True)
    engine.fold(now=NOW)
    return outcome


# One worker loads it once, for all of these tests.
pytestmark = pytest.mark.xdist_group("handbook")


@pytest.fixture(scope="module")
def _loaded(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Outcome]:
    """Load once for the whole file, in a transaction that is thrown away at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load()
        transaction.set_rollback(True)


@pytest.fixture
def loaded(_loaded: Outcome, django_db_blocker: DjangoDbBlocker) -> Iterator[Outcome]:
    """The company as each test finds it: what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield _loaded
        transaction.set_rollback(True)


def code_of(file: str, row: int) -> str:
    lines = (FOLDER / file).read_text(encoding="utf-8").splitlines()
    return lines[row - 1].split(",")[0]


def depth_of(code: str) -> int | None:
    return ObjectiveCoverage.objects.get(objective__code=code).depth


def cell(behavior: str) -> CellState:
    return CellState.objects.get(behavior__code=behavior)


def test_every_behavior_nobody_can_see_is_refused_with_a_good_example(loaded: Outcome) -> None:
    refused = [one for one in loaded.problems if one.file == "behaviors.csv"]
    assert {code_of("behaviors.csv", one.row) for one in refused} == UNSEEN
    assert {one.column for one in refused} == {"statement"}
    assert all("A manager can see:" in one.reason for one in refused)


def test_a_mapping_to_a_refused_behavior_is_refused_with_that_reason(loaded: Outcome) -> None:
    refused = [one for one in loaded.problems if one.file == "mappings.csv"]
    lines = (FOLDER / "mappings.csv").read_text(encoding="utf-8").splitlines()
    wrong = [n for n, line in enumerate(lines, start=1) if line.split(",")[1] in UNSEEN]
    assert [one.row for one in refused] == wrong
    assert refused[0].column == "behavior"
    assert refused[0].reason.startswith("Behavior S1.5 is refused: behaviors.csv, row 6, statement")


def test_nothing_else_is_refused(loaded: Outcome) -> None:
    files = {one.file for one in loaded.problems}

    assert files == {"behaviors.csv", "mappings.csv"}


def test_the_good_rows_are_loaded_when_the_person_says_so(loaded: Outcome) -> None:
    assert loaded.kept
    assert {name: tally.new for name, tally in loaded.tallies.items()} == {
        "people": 70, "objectives": 6, "behaviors": 64, "modules": 20, "mappings": 47,
        "completions": 0, "observations": 0, "reports": 0,
    }  # fmt: skip


@pytest.mark.usefixtures("loaded")
def test_nobody_teaches_how_to_keep_customers() -> None:
    assert depth_of("S6") == Depth.NONE
    assert Flag.objects.open().filter(rule="uncovered", objective__code="S6").exists()


@pytest.mark.usefixtures("loaded")
def test_the_one_product_is_only_named() -> None:
    assert depth_of("S1") == Depth.NAMED


@pytest.mark.usefixtures("loaded")
def test_value_selling_is_practiced_by_account_executives_and_not_by_development_reps() -> None:
    executives = [cell(code).depth for code in ("S2.1", "S2.2", "S2.3", "S2.4")]
    assert executives == [Depth.PRACTICED] * 4
    assert [cell(code).depth for code in ("S2.57", "S2.58")] == [Depth.NONE] * 2


@pytest.mark.usefixtures("loaded")
def test_everybody_counts_from_the_first_day_of_the_strategy_plus_thirty() -> None:
    assert cell("S2.1").people + cell("S2.57").people == 60


@pytest.mark.usefixtures("loaded")
def test_loading_twice_changes_nothing() -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Objective, Revision)]
    before += [list(model.objects.order_by("pk").values()) for model in (Mapping, Module)]

    again = loading.load(folder=loading.read(FOLDER), now=NOW, keep_good=True)

    after = [list(model.objects.order_by("pk").values()) for model in (Objective, Revision)]
    after += [list(model.objects.order_by("pk").values()) for model in (Mapping, Module)]
    assert after == before
    assert not Touch.objects.exists()
    assert all(tally.new == tally.changed == 0 for tally in again.tallies.values())
    assert not Completion.objects.exists()
