from datetime import datetime, timedelta

import pytest
from django.test import Client

from align.notices.models import Notice
from align.people.models import Role, User
from strategy import actions as strategy
from strategy import engine, rules
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Flag, History, Objective, Strategy
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team])


def objective(plan: Strategy, by: User, *, days: int = 1, owner: User | None = None) -> Objective:
    return make.objective(strategy_=plan, by=by, owner=owner, code="A4", now=NOW - days * DAY)


def find(objective: Objective, *, now: datetime = NOW) -> Finding:
    [finding] = rules.ownerless([objective.pk], now, Config())
    return finding


@pytest.mark.parametrize(("days", "opens"), [(44, False), (45, False), (46, True)])
def test_it_opens_after_45_days_without_a_review(
    cast: make.Cast, plan: Strategy, days: int, opens: bool
) -> None:
    found = find(objective(plan, cast.lena, days=days))
    assert (found.opens, found.clears) == (opens, not opens)


def test_a_revision_is_a_review(cast: make.Cast, plan: Strategy) -> None:
    old = objective(plan, cast.lena, days=200)
    make.revise(old, by=cast.lena, words=make.words("Another title"), now=NOW - DAY)
    assert find(old).clears


def test_saying_that_one_reviewed_it_clears_it(cast: make.Cast, plan: Strategy) -> None:
    old = objective(plan, cast.lena, days=200)
    engine.judge_all(now=NOW)
    engine.judge_all(now=NOW)
    flag = Flag.objects.get(rule="ownerless")
    told = Notice.objects.get(link=flag.get_absolute_url())
    assert (flag.title, flag.sentence) == (
        "Nobody looks after it",
        "It was last reviewed 200 days ago.",
    )
    assert (told.person, flag.owner) == (cast.lena, cast.lena)
    assert flag.act_link == f"/objectives/{old.pk}/owner/"

    strategy.review(objective=old, by=cast.lena, now=NOW)
    engine.fold(now=NOW)
    flag.refresh_from_db()
    assert flag.state == Flag.State.RESOLVED


def test_who_may_not_sign_in_any_more_owns_nothing(cast: make.Cast, plan: Strategy) -> None:
    liv = make.user("Liv", Role.LEAD)
    left = objective(plan, cast.lena, owner=liv)
    assert find(left).clears
    User.objects.filter(pk=liv.pk).update(is_active=False)
    found = find(left)
    assert (found.opens, found.title, found.owner_id) == (
        True,
        "Nobody answers for it",
        cast.lena.pk,
    )
    strategy.hand_over(objective=left, owner=cast.lena, by=cast.lena, now=NOW)
    assert find(left).clears


def test_what_is_retired_needs_nobody(cast: make.Cast, plan: Strategy) -> None:
    old = objective(plan, cast.lena, days=200)
    strategy.retire(objective=old, by=cast.lena, now=NOW)
    assert rules.ownerless(None, NOW, Config()) == []


# Reviewing


def test_a_review_is_noted_once_and_never_goes_back(cast: make.Cast, plan: Strategy) -> None:
    old = objective(plan, cast.lena, days=200)
    strategy.review(objective=old, by=cast.lena, now=NOW)
    strategy.review(objective=old, by=cast.lena, now=NOW)
    strategy.review(objective=old, by=cast.lena, now=NOW - DAY)
    old.refresh_from_db()
    assert old.reviewed_at == NOW
    assert History.objects.filter(objective=old, what="reviewed").count() == 1


def test_only_what_is_in_force_is_reviewed(cast: make.Cast, plan: Strategy) -> None:
    waits = make.draft(strategy_=plan, by=cast.lena)
    with pytest.raises(strategy.Invalid):
        strategy.review(objective=waits, by=cast.lena, now=NOW)


def test_the_owner_says_so_where_the_owner_stands(
    cast: make.Cast, plan: Strategy, client: Client
) -> None:
    old = objective(plan, cast.lena, days=200)
    client.force_login(cast.lena)
    page = client.get(f"/objectives/{old.pk}/owner/").content.decode()
    assert "I have reviewed it" in page
    assert "Last reviewed on" in page
    answer = client.post(f"/objectives/{old.pk}/review/", follow=True)
    assert "Reviewed. It stands as it is." in answer.content.decode()
    old.refresh_from_db()
    assert old.reviewed_at is not None


def test_others_may_not_say_so(cast: make.Cast, plan: Strategy, client: Client) -> None:
    old = objective(plan, cast.lena, days=200)
    client.force_login(cast.tom)
    assert client.post(f"/objectives/{old.pk}/review/").status_code == 403
