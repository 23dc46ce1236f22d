"""The coverage page, its export and the API say the same digits."""

import csv
import io
from datetime import timedelta

import pytest

from strategy import engine
from strategy.models import Objective, Strategy
from tests import make
from tests.api.caller import Caller
from tests.make import NOW


@pytest.fixture
def judged(cast: make.Cast, plan: Strategy, objective: Objective) -> None:
    """Build one objective that is taught and half reached, and one that nobody teaches."""
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=make.behavior(objective))
    rep, *_ = make.reps(5, team=cast.team, sales_role=cast.role)
    make.completion(user=cast.rosa, module=module, completed_at=NOW - timedelta(days=9))
    make.completion(user=rep, module=module, completed_at=NOW - timedelta(days=9))
    make.report(author=cast.rosa, objective=objective)
    make.objective(strategy_=plan, by=cast.lena, code="B1")
    engine.judge_all(now=NOW)


@pytest.mark.usefixtures("judged")
def test_the_digits_are_those_of_the_export(lena: Caller) -> None:
    export = lena.client.get("/coverage.csv").content.decode("utf-8-sig")
    exported = {row["code"]: row for row in csv.DictReader(io.StringIO(export))}
    shown = {row["code"]: row for row in lena.rows("coverage/")}
    assert set(shown) == set(exported) == {"A4", "B1"}
    for code, row in shown.items():
        line = exported[code]
        assert (row["depth"] or "undefined") == line["depth"].lower()
        assert str(row["covered"]) == line["cells covered"]
        assert str(row["cells"]) == line["cells"]
        assert str(row["reach"]["part"]) == line["people reached"]
        assert str(row["reach"]["whole"]) == line["people"]
        assert row["reach"]["said"].removesuffix("%") == line["reach %"]
        assert row["seen"]["said"].removesuffix("%") == line["seen %"]
        assert str(row["voice"]["wont"]) == line["will not work"]
        assert str(row["voice"]["people"]) == line["voices"]


@pytest.mark.usefixtures("judged")
def test_a_row_says_how_far_an_objective_is_carried(mia: Caller, objective: Objective) -> None:
    row = mia.get(f"coverage/{objective.pk}/").json()
    assert (row["depth"], row["cells"], row["covered"]) == ("practiced", 1, 1)
    assert row["reach"] == {"part": 2, "whole": 6, "percent": 33, "said": "33%", "hidden": False}
    assert row["seen"]["said"] == "not yet"
    assert row["evidence"] == "Mapped"
    assert (row["voice"]["people"], row["voice"]["wont"]) == (1, 1)


def test_what_was_never_judged_is_undefined_not_none(tom: Caller, objective: Objective) -> None:
    row = tom.get(f"coverage/{objective.pk}/").json()
    assert (row["depth"], row["shown"], row["judged_at"]) == (None, None, None)
