from datetime import datetime, timedelta

import pytest

from align.notices.models import Notice
from align.people.models import Role
from strategy import actions as strategy
from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Depth, Flag, Objective
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import coverage, rules
from training.models import Kind

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def find(objective: Objective, *, now: datetime = NOW) -> Finding:
    coverage.judge([objective.pk], now, Config())
    [finding] = rules.uncovered([objective.pk], now, Config())
    return finding


def since(days: int, cast: make.Cast, place: Place, *, critical: bool = True) -> Objective:
    return make.objective(
        strategy_=place.plan,
        by=cast.lena,
        behaviors=[make.behavior_words(sales_role=cast.role, critical=critical)],
        now=NOW - days * DAY,
    )


@pytest.mark.parametrize(("days", "opens"), [(13, False), (14, False), (15, True)])
def test_it_opens_after_two_weeks_in_force(
    cast: make.Cast, place: Place, days: int, opens: bool
) -> None:
    found = find(since(days, cast, place))
    assert (found.opens, found.clears) == (opens, False)


@pytest.mark.parametrize(("ahead", "opens"), [(8, False), (7, True), (1, True)])
def test_it_opens_a_week_before_an_objective_starts(
    cast: make.Cast, place: Place, ahead: int, opens: bool
) -> None:
    objective = make.draft(strategy_=place.plan, by=cast.lena, now=NOW)
    revision = objective.revisions.get()
    strategy.publish(
        revision=revision,
        edits=revision.edits,
        by=cast.lena,
        now=NOW,
        effective_from=NOW + ahead * DAY,
    )
    assert find(objective).opens == opens


def test_a_later_revision_gives_no_new_grace(cast: make.Cast, place: Place) -> None:
    make.revise(place.objective, by=cast.lena, words=make.words("Another title"), now=NOW - DAY)
    assert find(place.objective).opens


@pytest.mark.parametrize(
    ("kind", "depth", "opens"),
    [(None, Depth.NONE, True), (Kind.ANNOUNCEMENT, Depth.NAMED, False)],
)
def test_it_clears_when_everything_critical_is_named(
    cast: make.Cast, place: Place, kind: Kind | None, depth: Depth, opens: bool
) -> None:
    if kind is not None:
        module = make.module(owner=cast.tom, kind=kind)
        make.mapping(module=module, behavior=place.behavior, depth=depth)
    found = find(place.objective)
    assert (found.opens, found.clears) == (opens, not opens)


def test_what_is_not_critical_opens_nothing(cast: make.Cast, place: Place) -> None:
    found = find(since(100, cast, place, critical=False))
    assert (found.opens, found.clears) == (False, True)


def test_a_retired_objective_is_not_looked_at(cast: make.Cast, place: Place) -> None:
    strategy.retire(objective=place.objective, by=None, now=NOW)
    assert rules.uncovered([place.objective.pk], NOW, Config()) == []


def test_it_says_what_it_rests_on(cast: make.Cast, place: Place) -> None:
    objective = make.objective(
        strategy_=place.plan,
        by=cast.lena,
        code="A9",
        title="Answer in hours",
        behaviors=[
            make.behavior_words("A9.1", sales_role=cast.role),
            make.behavior_words("A9.2", sales_role=cast.role, statement="Sends it in a day"),
        ],
    )
    module = make.module(owner=cast.tom)
    make.mapping(module=module, behavior=make.behavior(objective, "A9.1"))
    found = find(objective)
    assert (found.subject, found.label) == (f"objective:{objective.pk}", "A9 Answer in hours")
    assert found.sentence.startswith("1 of 2 critical behaviors")
    assert found.clears_when == "every critical behavior is at least Named."
    assert (found.evidence["critical"], found.evidence["uncovered"]) == (2, 1)
    assert [cell["behavior"] for cell in found.evidence["cells"]] == ["A9.2"]
    assert (found.whom, found.owner_id) == ((cast.tom.pk,), cast.lena.pk)


def test_where_nobody_trains_it_every_trainer_is_told(cast: make.Cast, place: Place) -> None:
    other = make.user("Tess", Role.TRAINER)
    assert set(find(place.objective).whom) == {cast.tom.pk, other.pk}


def test_the_engine_opens_it_once_tells_and_clears_it(cast: make.Cast, place: Place) -> None:
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW)
    flag = Flag.objects.get(rule="uncovered")
    assert flag.state == Flag.State.OPEN
    told = Notice.objects.filter(link=flag.get_absolute_url())
    assert {notice.person for notice in told} == {cast.tom, cast.lena}

    module = make.module(owner=cast.tom, kind=Kind.ANNOUNCEMENT)
    make.mapping(module=module, behavior=place.behavior, depth=Depth.NAMED)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED
