import pytest

from align.notices.models import Notice
from strategy import actions as strategy
from strategy import engine
from strategy.config import Config
from strategy.models import Depth, Flag
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from tests.training.rules.conftest import find
from training import actions as training
from training import rules
from training.models import CellState, Kind, ObjectiveCoverage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("kind", "depth", "opens", "clears"),
    [
        (None, Depth.NONE, False, False),
        (Kind.ANNOUNCEMENT, Depth.NAMED, True, False),
        (Kind.EXPLANATION, Depth.EXPLAINED, True, False),
        (Kind.PRACTICE, Depth.PRACTICED, False, True),
        (Kind.REINFORCEMENT, Depth.REINFORCED, False, True),
    ],
)
def test_it_opens_where_a_critical_behavior_is_mapped_and_never_practiced(
    cast: make.Cast, place: Place, kind: Kind | None, depth: Depth, opens: bool, clears: bool
) -> None:
    if kind is not None:
        module = make.module(owner=cast.tom, kind=kind)
        make.mapping(module=module, behavior=place.behavior, depth=depth)
    found = find(rules.shallow, place.objective)
    assert (found.opens, found.clears) == (opens, clears)


@pytest.mark.parametrize(
    ("critical", "required"), [(False, Depth.PRACTICED), (True, Depth.EXPLAINED)]
)
def test_what_need_not_be_practiced_opens_nothing(
    cast: make.Cast, place: Place, critical: bool, required: Depth
) -> None:
    words = make.behavior_words(sales_role=cast.role, critical=critical, required_depth=required)
    objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=[words])
    module = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=module, behavior=make.behavior(objective), depth=Depth.NAMED)
    found = find(rules.shallow, objective)
    assert (found.opens, found.clears) == (False, True)


def test_it_stays_open_while_practiced_is_not_yet_reinforced(cast: make.Cast, place: Place) -> None:
    words = make.behavior_words(sales_role=cast.role, required_depth=Depth.REINFORCED)
    objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=[words])
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
    found = find(rules.shallow, objective)
    assert (found.opens, found.clears) == (False, False)


def test_ending_the_claim_does_not_clear_it(cast: make.Cast, place: Place) -> None:
    module = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    claim = make.mapping(module=module, behavior=place.behavior, depth=Depth.NAMED)
    engine.judge_all(now=NOW)
    training.retire_mapping(mapping=claim, now=NOW)
    engine.fold(now=NOW)
    flag = Flag.objects.get(rule="shallow")
    assert flag.state == Flag.State.OPEN
    assert flag.sentence == "1 of 1 critical behaviors is not as deep as required yet."


def test_it_tells_the_trainers_once_and_clears_when_the_depth_is_reached(
    cast: make.Cast, place: Place
) -> None:
    module = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=module, behavior=place.behavior, depth=Depth.NAMED)
    engine.fold(now=NOW)
    engine.judge_all(now=NOW)
    flag = Flag.objects.get(rule="shallow")
    assert (flag.state, flag.title) == (Flag.State.OPEN, "Only named")
    assert flag.sentence == "1 of 1 critical behaviors is named or explained, never practiced."
    [cell] = flag.evidence["cells"]
    assert (cell["behavior"], cell["depth"], cell["required"]) == ("B1", "Named", "Practiced")
    told = Notice.objects.filter(link=flag.get_absolute_url())
    assert {notice.person for notice in told} == {cast.tom, cast.lena}

    make.mapping(module=make.module(owner=cast.tom), behavior=place.behavior)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED


def test_a_new_epoch_opens_its_own(cast: make.Cast, place: Place) -> None:
    module = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=module, behavior=place.behavior, depth=Depth.NAMED)
    engine.judge_all(now=NOW)
    words = make.behavior_words(sales_role=cast.role, statement="Asks for the plant's log")
    make.revise(place.objective, by=cast.lena, behaviors=[words])
    make.mapping(
        module=make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT),
        behavior=place.behavior,
        depth=Depth.NAMED,
    )
    engine.judge_all(now=NOW)
    flags = Flag.objects.filter(rule="shallow")
    assert {flag.epoch: flag.state for flag in flags} == {1: "resolved", 2: "open"}


def test_a_launch_of_announcements_only_covers_nothing_and_says_so(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objectives = [make.objective(strategy_=plan, by=cast.lena) for _ in range(5)]
    for objective in objectives:
        launch = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
        make.mapping(module=launch, behavior=make.behavior(objective), depth=Depth.NAMED)
    engine.judge_all(now=NOW)
    flagged = Flag.objects.open().filter(rule="shallow").values_list("objective", flat=True)
    assert set(flagged) == {objective.pk for objective in objectives}
    assert set(ObjectiveCoverage.objects.values_list("covered", flat=True)) == {0}

    before = dict(CellState.objects.values_list("objective", "evidence"))
    deep = make.module(owner=cast.tom, kind=Kind.PRACTICE)
    make.mapping(module=deep, behavior=make.behavior(objectives[0]))
    engine.fold(now=NOW)
    depths = dict(CellState.objects.values_list("objective", "depth"))
    assert depths.pop(objectives[0].pk) == Depth.PRACTICED
    assert set(depths.values()) == {Depth.NAMED}
    assert dict(CellState.objects.values_list("objective", "evidence")) == before


def test_a_retired_objective_is_not_looked_at(cast: make.Cast, place: Place) -> None:
    strategy.retire(objective=place.objective, by=None, now=NOW)
    engine.judge_all(now=NOW)
    assert rules.shallow([place.objective.pk], NOW, Config()) == []
