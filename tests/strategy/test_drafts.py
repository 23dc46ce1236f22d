import uuid

import pytest

from strategy import actions as strategy
from strategy.models import Behavior, Depth, Objective, Revision
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.draft(strategy_=plan, by=cast.lena, code="A4")


def save(draft: Revision, cast: make.Cast, **changes: object) -> Revision:
    words = {
        "revision": draft,
        "words": make.words(),
        "behaviors": [make.behavior_words(sales_role=cast.role)],
        "edits": draft.edits,
        "by": cast.lena,
        "now": NOW,
    }
    return strategy.edit_draft(**(words | changes))  # type: ignore[arg-type]


def test_a_draft_is_saved_whole(objective: Objective, cast: make.Cast) -> None:
    draft = objective.revisions.get()
    save(
        draft,
        cast,
        words=make.words("Sell hours"),
        behaviors=[
            make.behavior_words("B2", sales_role=cast.role, critical=False),
            make.behavior_words("B3", sales_role=cast.role),
        ],
    )
    draft.refresh_from_db()
    assert draft.title == "Sell hours"
    assert [
        (row.behavior.code, row.required_depth, row.position) for row in draft.behaviors.all()
    ] == [("B2", Depth.EXPLAINED, 1), ("B3", Depth.PRACTICED, 2)]


def test_a_behavior_only_the_draft_knew_goes_with_its_row(
    objective: Objective, cast: make.Cast
) -> None:
    save(objective.revisions.get(), cast, behaviors=[])
    assert not Behavior.objects.filter(objective=objective).exists()


def test_the_second_of_two_writers_is_told_and_nothing_is_lost(
    objective: Objective, cast: make.Cast
) -> None:
    first = objective.revisions.get()
    second = objective.revisions.get()
    save(first, cast, words=make.words("Mine"))
    with pytest.raises(strategy.StaleDraft) as stale:
        save(second, cast, words=make.words("Theirs"))
    assert stale.value.revision.title == "Mine"
    assert objective.revisions.get().title == "Mine"


def test_each_behavior_nobody_can_see_is_named(objective: Objective, cast: make.Cast) -> None:
    with pytest.raises(strategy.Invalid) as invalid:
        save(
            objective.revisions.get(),
            cast,
            behaviors=[
                make.behavior_words("B1", sales_role=cast.role, statement="Understands price"),
                make.behavior_words("B2", sales_role=cast.role, statement="  "),
                make.behavior_words("B3", sales_role=cast.role),
            ],
        )
    assert set(invalid.value.errors) == {"behaviors.B1", "behaviors.B2"}
    assert "example" not in invalid.value.errors["behaviors.B2"]


def test_the_same_code_twice_is_refused(objective: Objective, cast: make.Cast) -> None:
    twice = make.behavior_words("B1", sales_role=cast.role)
    with pytest.raises(strategy.Invalid, match="there twice"):
        save(objective.revisions.get(), cast, behaviors=[twice, twice])


def test_an_objective_code_is_taken_once_a_strategy(objective: Objective, cast: make.Cast) -> None:
    with pytest.raises(strategy.Invalid, match="taken"):
        make.draft(strategy_=objective.strategy, by=cast.lena, code="A4")


def test_opening_a_draft_copies_what_is_in_force_once(
    objective: Objective, cast: make.Cast
) -> None:
    make.publish(objective, by=cast.lena)
    opened = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    again = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    assert (opened.pk, opened.number, opened.state) == (again.pk, 2, "draft")
    assert strategy.behavior_words(opened) == strategy.behavior_words(
        Revision.objects.published().get(objective=objective)
    )


def test_a_draft_points_back_to_each_decision_it_answers_once(
    objective: Objective, cast: make.Cast
) -> None:
    make.publish(objective, by=cast.lena)
    ref = uuid.uuid4()
    for _ in range(2):
        draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW, answers=[ref])
    assert draft.answers == [ref]


def test_discarding_the_only_draft_takes_the_objective_along(
    objective: Objective, cast: make.Cast
) -> None:
    strategy.discard_draft(revision=objective.revisions.get(), by=None, now=NOW)
    assert not Objective.objects.exists()


def test_discarding_a_later_draft_keeps_what_is_in_force(
    objective: Objective, cast: make.Cast
) -> None:
    make.publish(objective, by=cast.lena)
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    strategy.discard_draft(revision=draft, by=None, now=NOW)
    assert [row.state for row in objective.revisions.all()] == ["published"]


def test_a_draft_that_an_answer_promises_cannot_be_discarded(
    objective: Objective, cast: make.Cast
) -> None:
    make.publish(objective, by=cast.lena)
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW, answers=[uuid.uuid4()])
    with pytest.raises(strategy.Invalid, match="promises"):
        strategy.discard_draft(revision=draft, by=None, now=NOW)


def test_two_strategies_of_one_name_get_two_addresses(cast: make.Cast) -> None:
    first = make.active_strategy(lead=cast.lena, teams=[cast.team], name="New")
    second = make.active_strategy(lead=cast.lena, teams=[cast.team], name="New")
    assert len({first.slug, second.slug, "new"}) == 3


def test_a_strategy_without_teams_asks_nobody_and_cannot_start(cast: make.Cast) -> None:
    plan = strategy.create_strategy(name="Empty", lead=cast.lena, now=NOW)
    with pytest.raises(strategy.Invalid, match="teams"):
        strategy.activate(strategy=plan, by=None, now=NOW)
