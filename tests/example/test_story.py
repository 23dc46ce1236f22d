"""The example company: as large as promised, with a story in it, and gone when taken out."""

import uuid
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from pytest_django import DjangoDbBlocker

from align import example
from align.example import staffing
from align.notices.models import Notice
from align.people.models import Membership, Role, Team, User
from feedback import actions as feedback
from feedback.models import Decision, ObjectiveVoice, Report, Stance
from strategy import engine, observable, predictions
from strategy.gate import gate
from strategy.models import (
    BehaviorRevision,
    Concern,
    Depth,
    Flag,
    History,
    Objective,
    Position,
    RecallCheck,
    Revision,
    Round,
    TeachBack,
    Touch,
)
from tests import make
from training.models import Completion, Mapping, Module, ObjectiveCoverage, Observation

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)

# One worker builds it once, for all of these tests.
pytestmark = pytest.mark.xdist_group("example")


@pytest.fixture(scope="module")
def _company(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Build once for the whole file, in a transaction that is thrown away at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        example.build(now=NOW)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(_company: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The example, as each test finds it: what a test changes is undone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


def open_flags() -> dict[tuple[str, str], str]:
    flags = Flag.objects.open().filter(objective__isnull=False)
    return {
        (code, rule): state
        for code, rule, state in flags.values_list("objective__code", "rule", "state")
    }


def depth(code: str) -> int | None:
    return ObjectiveCoverage.objects.get(objective__code=code).depth


def everything() -> dict[str, int]:
    tables = [model for model in apps.get_models() if model._meta.managed]
    return {
        model._meta.label: model._default_manager.count()
        for model in tables
        if model._meta.app_label in {"people", "notices", "strategy", "training", "feedback"}
    }


# What there is


@pytest.mark.usefixtures("company")
def test_it_is_as_large_as_promised() -> None:
    counts = asdict(example.counts())

    assert {name: counts[name] for name in list(counts)[:14]} == {
        "strategies": 1, "themes": 4, "objectives": 24, "behaviors": 60, "programs": 8,
        "modules": 40, "mappings": 76, "teams": 18, "sales_roles": 4, "reps": 312,
        "managers": 30, "trainers": 9, "leads": 3, "admins": 1,
    }  # fmt: skip
    assert 9_000 <= counts["completions"] <= 11_000
    assert 1_400 <= counts["observations"] <= 1_700
    assert 600 <= counts["reports"] <= 700


@pytest.mark.usefixtures("company")
def test_everything_it_says_a_manager_could_see() -> None:
    said = BehaviorRevision.objects.values_list("statement", flat=True)

    assert [statement for statement in said if observable.refusal(statement)] == []


@pytest.mark.usefixtures("company")
def test_critical_behaviors_have_four_anchors() -> None:
    critical = BehaviorRevision.objects.filter(critical=True)

    assert critical.count() > 30
    assert not critical.filter(level_1="").exists()
    assert not critical.filter(level_4="").exists()


@pytest.mark.usefixtures("company")
def test_nothing_lies_in_the_future() -> None:
    assert not Report.objects.filter(created_at__gt=NOW).exists()
    assert not Completion.objects.filter(completed_at__gt=NOW).exists()
    assert not Observation.objects.filter(observed_at__gt=NOW).exists()
    assert not Revision.objects.filter(published_at__gt=NOW).exists()


@pytest.mark.usefixtures("company")
def test_everybody_who_did_something_worked_in_that_team_on_that_day() -> None:
    places: dict[int, list[tuple[int, date, date | None]]] = {}
    for user, team, begins, ends in Membership.objects.values_list(
        "user", "team", "begins", "ends"
    ):
        places.setdefault(user, []).append((team, begins, ends))

    def was_there(user: int, team: int, when: datetime) -> bool:
        day = when.date()
        return any(
            place == team and begins <= day and (ends is None or day < ends)
            for place, begins, ends in places[user]
        )

    did = [
        *Report.objects.values_list("author", "team", "created_at"),
        *Completion.objects.values_list("user", "team", "completed_at"),
        *Observation.objects.values_list("user", "team", "observed_at"),
    ]
    assert [one for one in did if not was_there(*one)] == []


@pytest.mark.usefixtures("company")
def test_reports_are_of_the_revision_of_their_day() -> None:
    before = Report.objects.filter(objective__code="A5", revision__number=1)
    after = Report.objects.filter(objective__code="A5", revision__number=2)

    published = Revision.objects.get(objective__code="A5", number=2).published_at
    assert published is not None
    assert all(report.created_at < published for report in before)
    assert all(report.created_at > published for report in after)


@pytest.mark.usefixtures("company")
def test_the_reports_do_not_repeat_themselves() -> None:
    said = list(Report.objects.values_list("text", flat=True))

    assert len(set(said)) > 0.85 * len(said)


# The cast


@pytest.mark.usefixtures("company")
def test_the_cast_signs_in() -> None:
    for key in ("lena", "tom", "mia", "rosa", "ada"):
        assert authenticate(None, email=f"{key}@example.com", password=staffing.PASSWORD)


@pytest.mark.usefixtures("company")
def test_nobody_else_can() -> None:
    others = User.objects.exclude(email__endswith="@example.com")

    assert others.count() == 350
    assert not any(user.has_usable_password() for user in others)


@pytest.mark.usefixtures("company")
def test_mia_leads_rosas_team() -> None:
    mia, rosa = User.objects.get(email="mia@example.com"), User.objects.get(name="Rosa Marchetti")

    assert User.objects.visible_to(mia).filter(pk=rosa.pk).exists()


@pytest.mark.usefixtures("company")
def test_rosa_has_spoken_and_heard_back() -> None:
    rosa = User.objects.get(email="rosa@example.com")

    assert Decision.objects.filter(reports__author=rosa).exists()
    assert Notice.objects.filter(person=rosa).exists()
    assert Observation.objects.filter(user=rosa).exists()


@pytest.mark.usefixtures("company")
def test_lena_and_tom_own_what_they_need() -> None:
    assert Objective.objects.filter(owner__email="lena@example.com").count() >= 7
    assert Module.objects.filter(owner__email="tom@example.com").count() >= 5


@pytest.mark.usefixtures("company")
def test_nobody_gets_mail_about_the_past() -> None:
    assert Notice.objects.exists()
    assert not Notice.objects.to_mail().exists()


# The story


@pytest.mark.usefixtures("company")
def test_three_objectives_are_refused_by_the_field() -> None:
    negative = {code for code, rule in open_flags() if rule == "negative"}

    assert negative == {"A3", "B2", "D2"}
    assert open_flags()["B2", "negative"] == Flag.State.ACKNOWLEDGED


@pytest.mark.usefixtures("company")
def test_two_more_are_souring() -> None:
    souring = ObjectiveVoice.objects.filter(souring=True).values_list("objective__code", flat=True)

    assert {"C5", "D5"} <= set(souring)


@pytest.mark.usefixtures("company")
def test_one_has_no_training() -> None:
    assert depth("C5") == Depth.NONE
    assert not Mapping.objects.filter(behavior__objective__code="C5").exists()
    assert ("C5", "uncovered") in open_flags()


@pytest.mark.usefixtures("company")
def test_five_are_only_named() -> None:
    named = ObjectiveCoverage.objects.filter(depth=Depth.NAMED)

    assert set(named.values_list("objective__code", flat=True)) == {"A7", "B5", "B6", "C6", "D3"}


@pytest.mark.usefixtures("company")
def test_some_are_practiced() -> None:
    assert {depth(code) for code in ("A1", "A4", "C1", "C2")} == {Depth.PRACTICED}


@pytest.mark.usefixtures("company")
def test_one_recovered_through_a_revision_that_answers() -> None:
    revision = Revision.objects.get(objective__code="A5", number=2)
    decision = Decision.objects.get(revision=revision)
    flag = Flag.objects.get(objective__code="A5", rule="negative")
    voice = ObjectiveVoice.objects.get(objective__code="A5")

    assert revision.answers == [decision.ref]
    assert decision.reports.count() > 15
    assert flag.state == Flag.State.RESOLVED
    assert flag.opened_at < NOW - timedelta(days=140)
    assert voice.works > 10
    assert voice.negative == 0


@pytest.mark.usefixtures("company")
def test_a_revision_has_made_one_mapping_suspect() -> None:
    mappings: Any = Mapping.objects.alive().with_suspect().select_related("behavior")

    assert [one.behavior.code for one in mappings if one.suspect] == ["B4.1"]


@pytest.mark.usefixtures("company")
def test_a_draft_is_being_written_that_only_its_lead_knows() -> None:
    draft = Revision.objects.drafts().get(objective__code="A3")

    assert not draft.rounds.exists()
    assert not Revision.objects.visible_to(User.objects.get(email="tom@example.com")).filter(
        pk=draft.pk
    )


@pytest.mark.usefixtures("company")
def test_a_revision_was_consulted_on_until_everybody_could_teach_it() -> None:
    revision = Revision.objects.get(objective__code="A5", number=2)
    first, last = revision.rounds.order_by("number")
    stances = Position.objects.filter(participant__person__name="Tom Okafor")

    assert stances.get(participant__round=first).stance == Position.Stance.CANNOT
    assert stances.get(participant__round=last).stance == Position.Stance.CHANGES
    assert last.closed_at == revision.published_at
    assert not Concern.objects.of(revision).exclude(settled=True).exists()
    assert revision.override == ""


@pytest.mark.usefixtures("company")
def test_of_its_early_warnings_one_came_true_one_did_not_and_one_waits_for_the_lead() -> None:
    judged: Any = predictions.judged(Concern.objects.all(), now=NOW)

    assert sorted(judged.filter(round__revision__objective__code="A5").values_list("became")) == [
        ("came true",),
        ("did not",),
        ("due",),
    ]


@pytest.mark.usefixtures("company")
def test_another_draft_is_consulted_on_now_and_could_not_be_published() -> None:
    draft = Revision.objects.drafts().get(objective__code="B2")
    tom = User.objects.get(email="tom@example.com")
    round_ = Round.objects.visible_to(tom).open(now=NOW).get()
    stands = gate(draft)

    assert round_.revision == draft
    assert not Revision.objects.visible_to(tom).filter(pk=draft.pk).exists()
    assert [str(row.participant.person) for row in stands.cannot] == ["Owen Prescott"]
    assert len(stands.unanswered) == 1
    assert round_.participants.filter(position=None).count() == 1
    assert round_.comments.values("author").distinct().count() >= 3
    assert round_.suggestions.count() == 1


@pytest.mark.usefixtures("company")
def test_a_choice_was_carried_to_the_field_read_and_partly_remembered() -> None:
    revision = Revision.objects.get(objective__code="A5", number=2)
    checks = RecallCheck.objects.filter(revision=revision)

    assert revision.briefs.count() == 3
    assert TeachBack.objects.valid().count() == 2
    assert revision.teach_backs.filter(state=TeachBack.State.GIVEN).count() == 1
    assert 40 < revision.acknowledgments.count() < 200
    assert {check.day for check in checks} == {2, 21, 60}
    assert {check.right for check in checks} == {True, False}
    assert not checks.filter(recalled_at__gt=NOW).exists()
    assert not History.objects.filter(at__gt=NOW).exists()


@pytest.mark.usefixtures("company")
def test_answers_of_every_kind_reached_those_who_asked() -> None:
    kinds = set(Decision.objects.values_list("kind", flat=True))

    assert kinds == {"strategy", "training", "support", "keep"}
    for decision in Decision.objects.all():
        told = Notice.objects.filter(key=f"decision:{decision.ref}").values("person")
        assert not decision.reports.exclude(author__in=told).exists()


@pytest.mark.usefixtures("company")
def test_judging_it_again_changes_nothing() -> None:
    before = list(Flag.objects.order_by("pk").values())

    with time_machine.travel(NOW, tick=False):  # time alone opens flags, too
        call_command("sweep", stdout=StringIO())
        call_command("sweep", "--verify", stdout=StringIO())

    assert list(Flag.objects.order_by("pk").values_list("pk")) == [(row["id"],) for row in before]
    assert not Touch.objects.exists()


# Coming and going


@pytest.mark.usefixtures("company")
def test_bringing_it_in_twice_changes_nothing() -> None:
    before = example.counts()
    out = StringIO()

    call_command("demo", stdout=out)

    assert "was here already" in out.getvalue()
    assert example.counts() == before


@pytest.mark.usefixtures("company")
def test_it_is_the_same_every_time() -> None:
    first = fingerprint()
    example.remove(now=NOW)

    example.build(now=NOW)

    assert fingerprint() == first


def fingerprint() -> list[object]:
    """Everything the example says, without the numbers of its rows."""
    return [
        list(User.objects.order_by("email").values_list("email", "name", "roles")),
        list(
            Report.objects.order_by("client_key").values_list(
                "client_key", "author__email", "stance", "text", "created_at", "state"
            )
        ),
        list(
            Observation.objects.order_by("client_key").values_list(
                "client_key", "user__email", "level", "evidence", "observed_at"
            )
        ),
        list(
            Completion.objects.order_by(
                "user__email", "version__module__code", "completed_at", "source"
            ).values_list("user__email", "version__module__code", "completed_at", "source", "score")
        ),
        list(
            History.objects.order_by("at", "what", "actor__email", "objective__code").values_list(
                "at", "what", "actor__email", "objective__code", "shown_to"
            )
        ),
        list(
            RecallCheck.objects.order_by("person__email", "day").values_list(
                "person__email", "day", "recalled", "words_found", "right", "recalled_at"
            )
        ),
        list(
            Flag.objects.order_by("objective__code", "rule", "epoch", "sentence").values_list(
                "objective__code", "rule", "epoch", "state", "opened_at", "sentence"
            )
        ),
    ]


@pytest.mark.usefixtures("company")
def test_taking_it_out_leaves_nothing() -> None:
    call_command("demo", "--remove", stdout=StringIO())

    assert set(everything().values()) == {0}


@pytest.mark.usefixtures("company")
def test_what_others_hung_onto_it_is_named_and_stays_until_forced() -> None:
    ben = make.user("Ben", Role.REP, team=Team.objects.get(name="Bologna"))
    feedback.submit(
        author=ben,
        client_key=uuid.uuid4(),
        stance=Stance.WONT,
        barriers=[],
        text="Not at my customers.",
        occasion="",
        objective=Objective.objects.get(code="A1"),
        behavior=None,
        module=None,
        for_manager=False,
        now=NOW,
    )

    with pytest.raises(CommandError) as refused:
        call_command("demo", "--remove", stdout=StringIO())

    assert "1 report by somebody else: “Will not work: Not at my customers.”" in str(refused.value)
    assert "1 place in its teams: “Ben in Bologna”" in str(refused.value)
    assert example.counts().reps == 312

    call_command("demo", "--remove", "--force", stdout=StringIO())

    assert not example.is_here()
    assert list(User.objects.all()) == [ben]
    assert not Report.objects.exists()


@pytest.mark.usefixtures("company")
def test_what_the_example_said_of_others_leaves_their_figures_too() -> None:
    lea = make.user("Lea", Role.LEAD)
    strategy = make.active_strategy(lead=lea, teams=[make.team("Elsewhere")])
    objective = make.objective(strategy_=strategy, by=lea)
    make.report(author=User.objects.get(email="rosa@example.com"), objective=objective)
    engine.fold(now=NOW)
    assert ObjectiveVoice.objects.get(objective=objective).people == 1

    example.remove(now=NOW)
    engine.fold(now=NOW)

    assert ObjectiveVoice.objects.get(objective=objective).people == 0
