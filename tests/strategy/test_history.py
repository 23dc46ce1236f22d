from datetime import timedelta

import pytest
from django.db import IntegrityError, InternalError, transaction

from align.people.models import Role
from strategy import actions as strategy
from strategy import effect
from strategy.models import History, Objective, Position
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def objective(cast: make.Cast) -> Objective:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return make.objective(strategy_=plan, by=cast.lena, code="A4")


def whats(cast_member: object, objective: Objective) -> list[str]:
    rows = History.objects.visible_to(cast_member).filter(objective=objective)  # type: ignore[arg-type]
    return [row.what for row in rows]


def test_a_row_of_history_is_never_changed_nor_deleted(objective: Objective) -> None:
    row = History.objects.filter(objective=objective).latest("pk")
    for wrong in (
        lambda: History.objects.filter(pk=row.pk).update(what="nothing happened"),
        lambda: History.objects.filter(pk=row.pk).update(after={}),
        lambda: History.objects.filter(pk=row.pk).delete(),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            wrong()


def test_what_it_is_about_may_go(cast: make.Cast, objective: Objective) -> None:
    draft = make.draft(strategy_=objective.strategy, by=cast.lena, code="A5")
    strategy.discard_draft(revision=draft.revisions.get(), by=cast.lena, now=NOW)
    row = History.objects.get(what="draft discarded")
    assert (row.objective, row.strategy, row.actor) == (None, objective.strategy, cast.lena)
    assert row.before["we_will"] == "We will price on guaranteed hours."
    assert History.objects.visible_to(cast.lena).filter(pk=row.pk).exists()
    assert not History.objects.visible_to(cast.tom).filter(pk=row.pk).exists()


def test_a_published_change_says_before_and_after(cast: make.Cast, objective: Objective) -> None:
    words = make.words("Price on hours")
    make.revise(objective, by=cast.lena, words=words, reason="The dairies asked.")
    row = History.objects.filter(what="published", objective=objective).first()
    assert row is not None
    assert row.before["title"] == "Price on guaranteed uptime"
    assert row.after["title"] == "Price on hours"
    assert row.after["reason"] == "The dairies asked."
    assert "we_will" not in row.after  # it stayed


def test_readers_see_what_is_published_and_only_writers_how_it_came_about(
    cast: make.Cast, objective: Objective
) -> None:
    make.revise(objective, by=cast.lena)
    for reader in (cast.tom, cast.mia, cast.rosa):
        assert set(whats(reader, objective)) == {"published", "took effect"}
    assert {"draft begun", "draft opened", "draft saved"} <= set(whats(cast.lena, objective))
    assert not History.objects.visible_to(make.user("Otto", Role.LEAD)).filter(what="draft saved")


def test_what_is_said_in_a_round_is_for_those_who_were_asked(
    cast: make.Cast, objective: Objective
) -> None:
    strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    shared = make.round_(objective, by=cast.lena, people=[cast.tom])
    make.position(shared, by=cast.tom, stance=Position.Stance.CANNOT)
    assert "position taken" in whats(cast.tom, objective)
    assert "draft opened" not in whats(cast.tom, objective)
    for stranger in (cast.mia, cast.rosa, cast.ada):
        assert "position taken" not in whats(stranger, objective)
        assert "consultation opened" not in whats(stranger, objective)


def test_taking_effect_on_a_later_day_is_written_once(
    cast: make.Cast, objective: Objective
) -> None:
    draft = strategy.open_draft(objective=objective, by=cast.lena, now=NOW)
    strategy.edit_draft(
        revision=draft,
        words=make.words("Later"),
        behaviors=strategy.behavior_words(draft),
        edits=0,
        reason="Later.",
        by=cast.lena,
        now=NOW,
    )
    day = NOW + timedelta(days=3)
    strategy.publish(revision=draft, edits=1, by=cast.lena, now=NOW, effective_from=day)
    effect.take_effect(now=NOW)
    for _ in range(2):
        effect.take_effect(now=day)
    rows = History.objects.filter(what="took effect", objective=objective)
    assert [(row.before["revision"], row.after["revision"], row.at) for row in rows] == [
        (1, 2, day),
        (None, 1, make.LONG_AGO),
    ]
    assert all(row.actor is None for row in rows)


def test_owner_and_end_are_written_down(cast: make.Cast, objective: Objective) -> None:
    otto = make.user("Otto", Role.LEAD)
    strategy.hand_over(objective=objective, owner=otto, by=cast.lena, now=NOW)
    for _ in range(2):
        strategy.retire(objective=objective, by=otto, now=NOW)
    newest = History.objects.filter(objective=objective)[:2]
    assert [(row.what, row.before, row.after) for row in newest] == [
        ("retired", {"state": "in force"}, {"state": "retired"}),
        ("handed over", {"owner": "Lena"}, {"owner": "Otto"}),
    ]
