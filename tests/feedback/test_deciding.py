"""An answer reaches everybody who asked, once, and names what comes of it."""

from typing import Any

import pytest

from align.notices.models import Notice
from align.people.models import Role
from feedback import actions as feedback
from feedback.models import Decision, Report, Stance
from strategy import actions as strategy
from strategy.models import Objective
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


def answer(reports: list[Report], cast: make.Cast, **changes: Any) -> Decision:
    said: dict[str, Any] = {
        "reports": reports,
        "kind": "keep",
        "reason": "The pilot says otherwise.",
        "by": cast.lena,
        "now": NOW,
    }
    return feedback.decide(**(said | changes))


def refused(reports: list[Report], cast: make.Cast, **changes: Any) -> dict[str, str]:
    with pytest.raises(feedback.Invalid) as error:
        answer(reports, cast, **changes)
    assert not Decision.objects.filter(reports__in=reports).exists()
    return error.value.errors


def test_each_author_hears_once_with_their_own_words_only(
    cast: make.Cast, objective: Objective
) -> None:
    [other] = make.reps(1, team=cast.team, sales_role=cast.role)
    mine = make.report(author=cast.rosa, objective=objective, text="It takes six weeks.")
    more = make.report(
        author=cast.rosa,
        objective=objective,
        text="Still six weeks.",
        now=NOW.replace(hour=10),
    )
    theirs = make.report(author=other, objective=objective, text="My customer laughed.")
    decision = answer([more, mine, theirs], cast)
    notice = Notice.objects.get(person=cast.rosa)
    assert notice.text == (
        "You said “Still six weeks.”; answered: Keep, with a reason. The pilot says otherwise."
    )
    assert (notice.key, notice.at_once) == (f"decision:{decision.ref}", True)
    assert notice.link == f"/voice/answers/{decision.ref}/"
    assert "laughed" in Notice.objects.get(person=other).text
    assert not Report.objects.waiting().exists()


def test_a_report_without_words_is_named_by_its_stance(
    cast: make.Cast, objective: Objective
) -> None:
    report = make.report(author=cast.rosa, objective=objective, stance=Stance.WORKS, text="")
    answer([report], cast)
    assert Notice.objects.get(person=cast.rosa).text.startswith("You said “It works”; answered:")


def test_a_change_of_the_strategy_opens_the_draft_that_points_back(
    cast: make.Cast, objective: Objective
) -> None:
    report = make.report(author=cast.rosa, objective=objective)
    decision = answer([report], cast, kind="strategy")
    assert decision.revision is not None
    assert (decision.revision.state, decision.revision.answers) == ("draft", [decision.ref])
    later = make.report(author=cast.rosa, objective=objective)
    second = answer([later], cast, kind="strategy")
    assert second.revision == decision.revision
    decision.revision.refresh_from_db()
    assert decision.revision.answers == [decision.ref, second.ref]


def test_only_who_writes_the_objective_promises_to_change_it(
    cast: make.Cast, objective: Objective
) -> None:
    otto = make.user("Otto", Role.LEAD)
    report = make.report(author=cast.rosa, objective=objective)
    assert refused([report], cast, kind="strategy", by=otto) == {
        "kind": "Lena writes this objective."
    }
    assert answer([report], cast, kind="support", action="A price desk", by=otto).author == otto


def test_what_ended_is_not_changed_any_more(cast: make.Cast, objective: Objective) -> None:
    report = make.report(author=cast.rosa, objective=objective)
    strategy.retire(objective=objective, by=None, now=NOW)
    report.refresh_from_db()
    assert "kind" in refused([report], cast, kind="strategy")
    nothing = make.report(author=cast.rosa, objective=None)
    assert "kind" in refused([nothing], cast, kind="strategy")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "shrug"}, "kind"),
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 2001}, "reason"),
        ({"reason": "a\x00"}, "reason"),
        ({"kind": "training"}, "action"),
        ({"kind": "support"}, "action"),
        ({"kind": "support", "action": "x" * 401}, "action"),
        ({"kind": "duplicate"}, "same_as"),
    ],
)
def test_what_is_missing_is_named_at_its_field(
    cast: make.Cast, objective: Objective, changes: dict[str, Any], field: str
) -> None:
    report = make.report(author=cast.rosa, objective=objective)
    assert list(refused([report], cast, **changes)) == [field]
    assert Report.objects.waiting().count() == 1
    assert not Notice.objects.filter(person=cast.rosa).exists()


def test_one_answer_is_about_one_objective(cast: make.Cast, objective: Objective) -> None:
    one = make.report(author=cast.rosa, objective=objective)
    other = make.report(author=cast.rosa, objective=None)
    assert list(refused([one, other], cast)) == ["reports"]
    assert list(refused([], cast)) == ["reports"]


def test_training_names_a_published_version_or_what_will_be_taught(
    cast: make.Cast, objective: Objective
) -> None:
    module = make.module(owner=cast.tom)
    reports = [make.report(author=cast.rosa, objective=objective) for _ in range(2)]
    draft = module.current
    assert draft is not None
    decision = answer([reports[0]], cast, kind="training", version=draft, by=cast.tom)
    assert decision.version == draft
    draft.state = "draft"
    assert list(refused([reports[1]], cast, kind="training", version=draft)) == ["version"]


def test_a_trainer_answers_with_training_only(cast: make.Cast, objective: Objective) -> None:
    report = make.report(author=cast.rosa, objective=objective)
    assert list(refused([report], cast, kind="keep", by=cast.tom)) == ["kind"]
    assert answer([report], cast, kind="training", action="A drill", by=cast.tom).pk


@pytest.mark.parametrize(
    ("barriers", "allowed"),
    [
        ([["skill"], ["skill"], ["market"]], True),
        ([["why"]], True),
        ([["market"], ["market"], ["skill"]], False),
        ([["coaching"]], False),
        ([[]], True),
    ],
)
def test_training_alone_is_no_answer_to_what_training_cannot_change(
    cast: make.Cast, objective: Objective, barriers: list[list[str]], allowed: bool
) -> None:
    reports = [make.report(author=cast.rosa, objective=objective, barriers=b) for b in barriers]
    if allowed:
        answer(reports, cast, kind="training", action="A drill")
    else:
        said = refused(reports, cast, kind="training", action="A drill")
        assert "Training alone cannot change that" in said["kind"]


def test_a_repetition_names_the_answer_it_repeats(cast: make.Cast, objective: Objective) -> None:
    first = answer([make.report(author=cast.rosa, objective=objective)], cast)
    again = make.report(author=cast.rosa, objective=objective)
    assert answer([again], cast, kind="duplicate", same_as=first).same_as == first
    elsewhere = make.report(author=cast.rosa, objective=None)
    assert list(refused([elsewhere], cast, kind="duplicate", same_as=first)) == ["same_as"]


def test_what_somebody_answered_meanwhile_is_left_alone(
    cast: make.Cast, objective: Objective
) -> None:
    reports = [make.report(author=cast.rosa, objective=objective) for _ in range(2)]
    answer([reports[0]], cast)
    with pytest.raises(feedback.AlreadyAnswered):
        answer(reports, cast, kind="strategy")
    assert Decision.objects.count() == 1
    assert not objective.revisions.drafts().exists()
    assert Report.objects.waiting().get() == reports[1]
