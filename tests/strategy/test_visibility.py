import pytest

from align.people.models import Role
from strategy import actions as strategy
from strategy.models import Behavior, Flag, Objective, Revision, Strategy
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


def test_a_draft_exists_only_for_who_writes_it(cast: make.Cast) -> None:
    other_lead = make.user("Otto", Role.LEAD)
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    draft = make.draft(strategy_=plan, by=cast.lena)
    for stranger in (other_lead, cast.tom, cast.mia, cast.rosa, cast.ada):
        assert not Objective.objects.visible_to(stranger).exists()
        assert not Revision.objects.visible_to(stranger).exists()
        assert not Behavior.objects.visible_to(stranger).exists()
        assert not Objective.objects.editable_by(stranger).exists()
    assert Objective.objects.visible_to(cast.lena).get() == draft
    assert Objective.objects.editable_by(cast.lena).get() == draft


def test_what_is_in_force_is_for_everybody_but_not_its_next_draft(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    for stranger in (cast.tom, cast.mia, cast.rosa, cast.ada):
        assert Objective.objects.visible_to(stranger).get() == objective
        assert [row.state for row in Revision.objects.visible_to(stranger)] == ["published"]
    assert Revision.objects.visible_to(cast.lena).count() == 2


def test_a_draft_strategy_is_its_leads(cast: make.Cast) -> None:
    strategy.create_strategy(name="Secret", lead=cast.lena, teams=[cast.team], now=NOW)
    assert Strategy.objects.visible_to(cast.lena).count() == 1
    assert not Strategy.objects.visible_to(cast.tom).exists()


def test_somebody_who_left_sees_nothing(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    make.objective(strategy_=plan, by=cast.lena)
    cast.rosa.is_active = False
    for model in (Strategy, Objective):
        assert not model.objects.visible_to(cast.rosa).exists()


def test_flags_are_for_those_who_can_answer_them(cast: make.Cast) -> None:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    Flag.objects.create(
        rule="uncovered",
        subject=f"objective:{objective.pk}",
        epoch=1,
        strategy=plan,
        objective=objective,
        opened_at=NOW,
    )
    for reader in (cast.lena, cast.tom, cast.mia):
        assert Flag.objects.visible_to(reader).count() == 1
    for stranger in (cast.rosa, cast.ada):
        assert not Flag.objects.visible_to(stranger).exists()
