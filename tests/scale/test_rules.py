"""What every fold pays for the rules does not depend on how large the company is."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from strategy import engine
from strategy.config import Config
from tests.make import NOW
from tests.scale import company
from tests.scale.company import Size
from training import nudges

pytestmark = pytest.mark.django_db

SMALL = Size(objectives=4, modules=8, people=60, completions=600, observations=300)
STATEMENTS = 10


def spent() -> dict[str, int]:
    """Return how many statements each rule takes to look at everything, and the nudges."""
    engine.judge_all(now=NOW)
    found = {}
    for name, rule in engine._rules.items():
        with CaptureQueriesContext(connection) as context:
            rule.find(None, NOW, Config())
        found[name] = len(context)
    with CaptureQueriesContext(connection) as context:
        nudges.due(now=NOW)
    return found | {"nudges": len(context)}


def test_each_rule_takes_a_few_statements_however_many_rows_there_are() -> None:
    made = company.build(SMALL)
    small = spent()
    company.build(SMALL, cast=made.cast, name="Twin")
    large = spent()
    assert {name: count for name, count in large.items() if count > STATEMENTS} == {}
    assert large == small
