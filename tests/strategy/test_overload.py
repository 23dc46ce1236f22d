from datetime import datetime, timedelta

import pytest

from align.notices.models import Notice
from strategy import actions as strategy
from strategy import engine, rules
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Flag, Objective, Strategy
from tests import make
from tests.make import LONG_AGO, NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")


def ask(
    plan: Strategy, cast: make.Cast, *, critical: bool = False, now: datetime = LONG_AGO
) -> Objective:
    words = make.behavior_words(sales_role=cast.role, critical=critical)
    return make.objective(strategy_=plan, by=cast.lena, behaviors=[words], now=now)


def find() -> Finding:
    [finding] = rules.overload(None, NOW, Config())
    return finding


@pytest.mark.parametrize(("objectives", "opens"), [(5, False), (6, True)])
def test_it_opens_when_more_than_five_objectives_ask_one_sales_role(
    cast: make.Cast, plan: Strategy, objectives: int, opens: bool
) -> None:
    for _ in range(objectives):
        ask(plan, cast)
    found = find()
    assert (found.opens, found.clears) == (opens, not opens)
    assert found.evidence["objectives"] == objectives


@pytest.mark.parametrize(("behaviors", "opens"), [(3, False), (4, True)])
def test_it_opens_when_more_than_three_critical_behaviors_are_new_in_a_quarter(
    cast: make.Cast, plan: Strategy, behaviors: int, opens: bool
) -> None:
    for _ in range(behaviors):
        ask(plan, cast, critical=True, now=NOW - 90 * DAY)
    assert find().opens == opens


def test_a_behavior_is_new_for_one_quarter_only(cast: make.Cast, plan: Strategy) -> None:
    for _ in range(4):
        ask(plan, cast, critical=True, now=NOW - 91 * DAY)
    assert find().evidence["new critical behaviors"] == 0


def test_revising_a_behavior_does_not_make_it_new(cast: make.Cast, plan: Strategy) -> None:
    for _ in range(4):
        objective = ask(plan, cast, critical=True)
        other = make.behavior_words(sales_role=cast.role, statement="Asks for the plant's log")
        make.revise(objective, by=cast.lena, behaviors=[other], now=NOW - DAY)
    assert find().evidence["new critical behaviors"] == 0


def test_two_strategies_that_ask_too_much_together_hear_of_it_both(
    cast: make.Cast, plan: Strategy
) -> None:
    other = make.active_strategy(lead=cast.lena, teams=[cast.team])
    for strategy_ in [plan, other] * 3:
        ask(strategy_, cast)
    found = rules.overload(None, NOW, Config())
    assert [finding.opens for finding in found] == [True, True]
    assert {finding.strategy_id for finding in found} == {plan.pk, other.pk}
    assert len({finding.key for finding in found}) == 2


def test_asked_about_some_objectives_it_says_nothing(cast: make.Cast, plan: Strategy) -> None:
    assert rules.overload([ask(plan, cast).pk], NOW, Config()) == []


def test_the_lead_is_told_once_and_it_clears_when_one_is_retired(
    cast: make.Cast, plan: Strategy
) -> None:
    objectives = [ask(plan, cast) for _ in range(6)]
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW)
    flag = Flag.objects.get(rule="overload")
    assert (flag.state, flag.objective, flag.strategy) == ("open", None, plan)
    assert flag.sentence.startswith("6 objectives in force ask this sales role for something;")
    told = Notice.objects.get(link=flag.get_absolute_url())
    assert (told.person, told.at_once) == (cast.lena, True)

    strategy.retire(objective=objectives[0], by=cast.lena, now=NOW)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED
