"""Jobs of a consultation: a verdict is due, the day of a prediction has come."""

from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from align.notices.models import Notice
from align.people.models import Role, User
from strategy import actions as strategy
from strategy import consultation, due_dates
from strategy.actions import Words
from strategy.models import Concern, Objective, Revision, Round, Strategy
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

END = date(2026, 11, 28)  # the last day; the round ends as it does
TWO_DAYS_BEFORE = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def plan(cast: make.Cast) -> Strategy:
    return make.active_strategy(lead=cast.lena, teams=[cast.team])


@pytest.fixture
def objective(cast: make.Cast, plan: Strategy) -> Objective:
    return make.draft(strategy_=plan, by=cast.lena, code="A4")


@pytest.fixture
def asked(cast: make.Cast, objective: Objective) -> Round:
    return make.round_(objective, by=cast.lena, people=[cast.tom, cast.mia], closes_on=END)


def told(key: str) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(key__startswith=key).order_by("created_at", "person__name")
    return list(rows.values_list("person__name", "text"))


# A verdict is due


def test_two_days_before_the_end_whoever_has_not_answered_is_told_once(
    cast: make.Cast, asked: Round
) -> None:
    make.position(asked, by=cast.mia)

    due_dates.remind(now=TWO_DAYS_BEFORE - timedelta(seconds=1))
    assert told("due:") == []
    due_dates.remind(now=TWO_DAYS_BEFORE)
    due_dates.remind(now=TWO_DAYS_BEFORE + timedelta(hours=30))

    text = "Your verdict is due by the end of 28 November: draft 1 of A4 “Price on guaranteed”"
    assert told("due:") == [("Tom", text.replace("guaranteed”", "guaranteed uptime”."))]
    notice = Notice.objects.get(key__startswith="due:")
    assert notice.at_once
    assert notice.link == asked.get_absolute_url()


def test_two_days_are_counted_where_the_strategy_is_in_force(
    cast: make.Cast, plan: Strategy, objective: Objective
) -> None:
    Strategy.objects.filter(pk=plan.pk).update(time_zone="Pacific/Auckland")
    make.round_(objective, by=cast.lena, people=[cast.tom], closes_on=END)
    there = datetime(2026, 11, 26, 11, tzinfo=UTC)  # midnight in Auckland, 13 hours ahead

    due_dates.remind(now=there - timedelta(seconds=1))
    assert told("due:") == []
    due_dates.remind(now=there)
    assert len(told("due:")) == 1


def test_a_round_with_another_last_day_reminds_before_that_day_too(
    cast: make.Cast, asked: Round
) -> None:
    due_dates.remind(now=TWO_DAYS_BEFORE)
    later = END + timedelta(days=7)
    consultation.extend(round_=asked, closes_on=later, by=cast.lena, now=TWO_DAYS_BEFORE)

    due_dates.remind(now=TWO_DAYS_BEFORE + timedelta(days=1))
    assert len(told("due:")) == 2
    due_dates.remind(now=TWO_DAYS_BEFORE + timedelta(days=7))
    assert [name for name, _ in told("due:")] == ["Mia", "Tom", "Mia", "Tom"]
    assert "5 December" in told("due:")[-1][1]


def test_a_round_that_is_over_reminds_nobody(cast: make.Cast, asked: Round) -> None:
    due_dates.remind(now=TWO_DAYS_BEFORE + timedelta(days=2))
    consultation.close_round(round_=asked, by=cast.lena, now=NOW)
    due_dates.remind(now=TWO_DAYS_BEFORE)
    assert told("due:") == []


def test_who_was_asked_yesterday_or_has_left_is_not_reminded(cast: make.Cast, asked: Round) -> None:
    tess = make.user("Tess", Role.TRAINER)
    consultation.add_participants(
        round_=asked, people=[tess], by=cast.lena, now=TWO_DAYS_BEFORE + timedelta(hours=1)
    )
    User.objects.filter(pk=cast.mia.pk).update(is_active=False)

    due_dates.remind(now=TWO_DAYS_BEFORE + timedelta(hours=2))

    assert [name for name, _ in told("due:")] == ["Tom"]


def test_the_reminder_names_the_draft_as_it_was_shared(
    cast: make.Cast, asked: Round, objective: Objective
) -> None:
    save(objective.revisions.get(), make.words("A secret new title"), by=cast.lena)

    due_dates.remind(now=TWO_DAYS_BEFORE)

    assert not any("secret" in text for _, text in told("due:"))


def save(draft: Revision, words: Words, *, by: User) -> None:
    strategy.edit_draft(
        revision=draft,
        words=words,
        behaviors=strategy.behavior_words(draft),
        edits=draft.edits,
        by=by,
        now=NOW,
    )


def test_many_rounds_cost_no_more_statements_than_one(
    cast: make.Cast,
    plan: Strategy,
    asked: Round,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(5):
        due_dates.remind(now=TWO_DAYS_BEFORE)
    for _ in range(3):
        more = make.draft(strategy_=plan, by=cast.lena)
        make.round_(more, by=cast.lena, people=[cast.tom, cast.mia], closes_on=END)
    with django_assert_num_queries(5):
        due_dates.remind(now=TWO_DAYS_BEFORE)


# The day of a prediction


CHECK = date(2027, 1, 17)
CHECKED = datetime(2027, 1, 17, tzinfo=UTC)


@pytest.fixture
def concern(cast: make.Cast, asked: Round) -> Concern:
    """Tom's prediction on words that are in force since."""
    raised = make.concern(asked, by=cast.tom, check_on=CHECK)
    return in_force(raised, by=cast.lena)


def in_force(concern: Concern, *, by: User, effective_from: datetime | None = None) -> Concern:
    consultation.answer_concern(
        concern=concern, by=by, answer="kept", words="We see it otherwise.", now=NOW
    )
    draft = concern.round.revision
    draft.refresh_from_db()
    strategy.publish(
        revision=draft, edits=draft.edits, by=by, now=NOW, effective_from=effective_from
    )
    return concern


def test_on_the_day_the_lead_and_the_raiser_are_asked_once(concern: Concern) -> None:
    due_dates.check_concerns(now=CHECKED - timedelta(seconds=1))
    assert told("check:") == []

    due_dates.check_concerns(now=CHECKED)
    due_dates.check_concerns(now=CHECKED + timedelta(days=3))

    text = "Did it come true? Reps will hide the discount in free installation."
    assert told("check:") == [("Lena", text), ("Tom", text)]
    assert Notice.objects.filter(key__startswith="check:", at_once=True).count() == 0


def test_the_day_begins_where_the_strategy_is_in_force(plan: Strategy, concern: Concern) -> None:
    Strategy.objects.filter(pk=plan.pk).update(time_zone="America/Los_Angeles")
    there = CHECKED + timedelta(hours=8)
    due_dates.check_concerns(now=there - timedelta(seconds=1))
    assert told("check:") == []
    due_dates.check_concerns(now=there)
    assert len(told("check:")) == 2


def test_who_has_looked_is_not_asked_any_more(cast: make.Cast, concern: Concern) -> None:
    consultation.record_outcome(concern=concern, by=cast.tom, outcome="came true", now=CHECKED)
    due_dates.check_concerns(now=CHECKED)
    assert [name for name, _ in told("check:")] == ["Lena"]


def test_a_raiser_who_left_is_not_asked(cast: make.Cast, concern: Concern) -> None:
    User.objects.filter(pk=cast.tom.pk).update(is_active=False)
    due_dates.check_concerns(now=CHECKED)
    assert [name for name, _ in told("check:")] == ["Lena"]


def test_without_an_owner_the_lead_of_the_strategy_is_asked(
    objective: Objective, concern: Concern
) -> None:
    Objective.objects.filter(pk=objective.pk).update(owner=None)
    due_dates.check_concerns(now=CHECKED)
    assert [name for name, _ in told("check:")] == ["Lena", "Tom"]


def test_words_that_are_not_in_force_yet_are_not_put_to_the_test(
    cast: make.Cast, asked: Round
) -> None:
    raised = make.concern(asked, by=cast.tom, check_on=CHECK)
    due_dates.check_concerns(now=CHECKED)
    in_force(raised, by=cast.lena, effective_from=CHECKED + timedelta(days=9))
    due_dates.check_concerns(now=CHECKED + timedelta(days=8))
    assert told("check:") == []
    due_dates.check_concerns(now=CHECKED + timedelta(days=9))
    assert len(told("check:")) == 2


def test_what_was_withdrawn_is_never_put_to_the_test(cast: make.Cast, asked: Round) -> None:
    make.concern(asked, by=cast.tom, check_on=CHECK)
    strategy.discard_draft(revision=asked.revision, by=cast.lena, now=NOW)
    due_dates.check_concerns(now=CHECKED)
    assert told("check:") == []


def test_many_predictions_cost_no_more_statements_than_one(
    cast: make.Cast,
    plan: Strategy,
    concern: Concern,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_num_queries(5):
        due_dates.check_concerns(now=CHECKED)
    for _ in range(3):
        more = make.draft(strategy_=plan, by=cast.lena)
        round_ = make.round_(more, by=cast.lena, people=[cast.tom], closes_on=END)
        in_force(make.concern(round_, by=cast.tom, check_on=CHECK), by=cast.lena)
    with django_assert_num_queries(5):
        due_dates.check_concerns(now=CHECKED)
    assert len(told("check:")) == 8
