"""What was written before paragraphs had numbers is numbered once."""

import importlib
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from strategy import actions as strategy
from strategy import text
from strategy.models import Behavior, Objective, Revision
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

NAME = "0006_number_existing"


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    """Make an objective with two published revisions and a draft."""
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    made = make.objective(strategy_=plan, by=cast.lena, code="A4")
    behaviors = [
        make.behavior_words("B2", sales_role=cast.role, critical=False),
        make.behavior_words("B1", sales_role=cast.role),
    ]
    words = strategy.Words(**(vars(make.words()) | {"why": "Margin.\r\n\r\nLoyalty."}))
    made = make.revise(made, by=cast.lena, words=words, behaviors=behaviors, now=NOW)
    strategy.open_draft(objective=made, by=cast.lena, now=NOW)
    return made


def forget() -> None:
    """Take every number away, as if there had never been any."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL align.removes_example = 'on'")
        cursor.execute("UPDATE strategy_revision SET numbers = '{}'")
        cursor.execute("UPDATE strategy_behavior SET paragraph = 0")
        cursor.execute("UPDATE strategy_objective SET paragraphs = 0")
        cursor.execute("SET LOCAL align.removes_example = 'off'")


def migrate() -> None:
    executor = MigrationExecutor(connection)
    migration = executor.loader.get_migration("strategy", NAME)
    state = executor.loader.project_state([("strategy", "0005_history_and_gate")])
    with connection.schema_editor(atomic=True) as editor:
        migration.apply(state, editor)


def numbers(objective: Objective) -> list[list[tuple[int, str]]]:
    return [
        [(row.number, row.text) for row in text.paragraphs(revision)]
        for revision in objective.revisions.order_by("number")
    ]


def test_every_paragraph_is_numbered_as_if_it_always_had_been(objective: Objective) -> None:
    before = numbers(objective)
    forget()
    migrate()
    assert numbers(objective) == before
    objective.refresh_from_db()
    assert objective.paragraphs == max(number for rows in before for number, _ in rows)


def test_the_next_draft_counts_on(objective: Objective, cast: make.Cast) -> None:
    forget()
    migrate()
    objective.refresh_from_db()
    last = objective.paragraphs
    draft = objective.revisions.drafts().get()
    strategy.edit_draft(
        revision=draft,
        words=strategy.Words(**{name: getattr(draft, name) for name in strategy.WORDS}),
        behaviors=[make.behavior_words("B9", sales_role=cast.role)],
        edits=draft.edits,
        by=cast.lena,
        now=NOW,
    )
    assert Behavior.objects.get(code="B9").paragraph == last + 1


def test_running_it_twice_changes_nothing(objective: Objective) -> None:
    forget()
    migrate()
    once = numbers(objective)
    migrate()
    assert numbers(objective) == once


def test_what_is_published_is_guarded_again_afterwards(objective: Objective) -> None:
    forget()
    migrate()
    with pytest.raises(Exception, match="never changes"):
        Revision.objects.published().update(title="Another")


def test_going_back_leaves_the_numbers() -> None:
    module: Any = importlib.import_module(f"strategy.migrations.{NAME}")
    [operation] = module.Migration.operations
    assert operation.reversible


def test_an_empty_installation_has_nothing_to_number() -> None:
    migrate()
    assert not Objective.objects.exists()
