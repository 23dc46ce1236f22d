"""Fingerprints from before punctuation stopped counting are written anew, and stay comparable."""

import hashlib
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Q

from strategy import actions as strategy
from strategy.models import BehaviorRevision, Objective, Revision
from tests import make
from tests.make import NOW
from training.models import Mapping

pytestmark = pytest.mark.django_db

NAME = "0003_fold_fingerprints"


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    """Make an objective with one mapping that holds and one that turned suspect since."""
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    codes = ("B1", "B2")
    words = [make.behavior_words(code, sales_role=cast.role) for code in codes]
    made = make.objective(strategy_=plan, by=cast.lena, code="A4", behaviors=words)
    for code in codes:
        make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(made, code))
    changed = replace(words[1], statement="Names the cost of an hour before any price")
    return make.revise(made, by=cast.lena, behaviors=[words[0], changed], now=NOW)


def suspect() -> list[str]:
    rows = Mapping.objects.with_suspect().filter(Q(suspect=True))
    return [row.behavior.code for row in rows]


def every_fingerprint() -> list[Any]:
    return [
        sorted(Revision.objects.values_list("pk", "why_fingerprint")),
        sorted(BehaviorRevision.objects.values_list("pk", "fingerprint")),
        sorted(Mapping.objects.values_list("pk", "reviewed_fingerprint")),
    ]


def make_old() -> None:
    """Put others in their place, as an earlier way to count them would have left them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL align.removes_example = 'on'")
        for table, column in (
            ("strategy_revision", "why_fingerprint"),
            ("strategy_behaviorrevision", "fingerprint"),
            ("training_mapping", "reviewed_fingerprint"),
        ):
            cursor.execute(
                f"UPDATE {table} SET {column} = encode(sha256({column}::bytea), 'hex') "
                f"WHERE {column} <> ''"
            )
        cursor.execute("SET LOCAL align.removes_example = 'off'")


def migrate() -> None:
    executor = MigrationExecutor(connection)
    migration = executor.loader.get_migration("training", NAME)
    state = executor.loader.project_state(
        [("training", "0002_immutable"), ("strategy", "0006_number_existing")]
    )
    with connection.schema_editor(atomic=True) as editor:
        migration.apply(state, editor)


def test_every_fingerprint_becomes_what_publishing_writes_today(objective: Objective) -> None:
    today = every_fingerprint()
    make_old()
    assert every_fingerprint() != today
    migrate()
    assert every_fingerprint() == today
    migrate()
    assert every_fingerprint() == today


def test_no_mapping_turns_suspect_by_it(objective: Objective, cast: make.Cast) -> None:
    make_old()
    assert suspect() == ["B2"]
    migrate()
    assert suspect() == ["B2"]
    make.revise(objective, by=cast.lena, now=NOW)
    assert suspect() == ["B2"]


def test_what_a_comma_had_made_suspect_no_longer_is(objective: Objective, cast: make.Cast) -> None:
    current = strategy.behavior_words(Revision.objects.get(number=2))
    dotted = replace(current[0], statement=f"{current[0].statement}.")
    objective = make.revise(objective, by=cast.lena, behaviors=[dotted, current[1]], now=NOW)
    row = BehaviorRevision.objects.in_force().get(behavior__code="B1")
    other = hashlib.sha256(json.dumps(row.statement).encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL align.removes_example = 'on'")
        cursor.execute(
            "UPDATE strategy_behaviorrevision SET fingerprint = %s WHERE id = %s", [other, row.pk]
        )
        cursor.execute("SET LOCAL align.removes_example = 'off'")
    assert suspect() == ["B1", "B2"]
    migrate()
    assert suspect() == ["B2"]
