from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, transaction

from align.notices.models import Notice
from align.people.models import Role, User
from strategy import actions as strategy
from strategy import consultation, text
from strategy.models import (
    Concern,
    ConcernFile,
    History,
    Objective,
    Participant,
    Position,
    Revision,
    Round,
    Strategy,
    Suggestion,
)
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db

CANNOT, READY, CHANGES = Position.Stance.CANNOT, Position.Stance.READY, Position.Stance.CHANGES
LATER = NOW + timedelta(days=1)
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


@dataclass(frozen=True)
class World:
    cast: make.Cast
    plan: Strategy
    objective: Objective

    @property
    def draft(self) -> Revision:
        return self.objective.revisions.drafts().get()

    def round(self, **other: Any) -> Round:
        people = other.pop("people", [self.cast.tom, self.cast.mia])
        return make.round_(self.objective, by=self.cast.lena, people=people, **other)

    def save(self, **words: str) -> Revision:
        draft = self.draft
        now = {name: getattr(draft, name) for name in strategy.WORDS}
        return strategy.edit_draft(
            revision=draft,
            words=strategy.Words(**(now | words)),
            behaviors=strategy.behavior_words(draft),
            edits=draft.edits,
            by=self.cast.lena,
            now=NOW,
        )

    def publish(self, *, by: User | None = None, override: str = "") -> Objective:
        draft = self.draft
        return strategy.publish(
            revision=draft,
            edits=draft.edits,
            by=by or self.cast.lena,
            override=override,
            now=LATER,
        )


@pytest.fixture
def world() -> World:
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    return World(cast, plan, make.draft(strategy_=plan, by=cast.lena, code="A4"))


# Rounds


def test_a_round_shares_the_text_as_it_stands(world: World) -> None:
    shared = world.round()
    assert text.thawed(shared.text) == text.paragraphs(world.draft)
    assert (shared.number, shared.edits) == (1, 0)
    world.objective.refresh_from_db()
    assert world.objective.state == "consultation"
    asked = Participant.objects.filter(round=shared).values_list("person__name", "asked_as")
    assert sorted(asked) == [("Mia", "manager"), ("Tom", "trainer")]


def test_what_the_lead_writes_afterwards_is_not_shared(world: World) -> None:
    shared = world.round()
    before = text.thawed(shared.text)
    world.save(we_will="We will do something secret.")
    shared.refresh_from_db()
    assert text.thawed(shared.text) == before


def test_the_database_keeps_the_text_people_were_asked_about(world: World) -> None:
    shared = world.round()
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        Round.objects.filter(pk=shared.pk).update(text=[])


def test_those_who_are_asked_are_told_once_by_mail(world: World) -> None:
    shared = world.round(closes_on=date(2026, 12, 3))
    notice = Notice.objects.get(person=world.cast.tom)
    assert notice.at_once
    assert "until 3 December" in notice.text
    consultation.add_participants(
        round_=shared, people=[world.cast.tom], by=world.cast.lena, now=NOW
    )
    assert Notice.objects.filter(person=world.cast.tom).count() == 1


def test_a_round_ends_with_its_last_day_where_the_strategy_lives(world: World) -> None:
    Strategy.objects.filter(pk=world.plan.pk).update(time_zone="America/Los_Angeles")
    world.objective.refresh_from_db()
    shared = world.round(closes_on=date(2026, 12, 3))
    end = datetime(2026, 12, 4, tzinfo=ZoneInfo("America/Los_Angeles"))
    assert shared.closes_at == end
    assert shared.is_open(now=end - timedelta(seconds=1))
    assert not shared.is_open(now=end)
    assert shared.last_day == date(2026, 12, 3)


def test_each_field_that_is_missing_is_named(world: World) -> None:
    world.save(we_stop="", segment=" ", hypothesis="", why="", we_will="")
    Objective.objects.filter(pk=world.objective.pk).update(owner=None)
    with pytest.raises(strategy.Invalid) as refused:
        world.round(people=[], closes_on=NOW.date() - timedelta(days=1))
    assert set(refused.value.errors) == {
        "we_will",
        "we_stop",
        "segment",
        "hypothesis",
        "why",
        "owner",
        "people",
        "closes_on",
    }
    assert not Round.objects.exists()


def test_a_draft_without_a_behavior_cannot_be_taught(world: World) -> None:
    world.draft.behaviors.all().delete()
    with pytest.raises(strategy.Invalid) as refused:
        world.round()
    assert list(refused.value.errors) == ["behaviors"]


def test_a_draft_of_a_strategy_not_in_force_may_be_consulted_on(world: World) -> None:
    plan = strategy.create_strategy(
        name="Next year", lead=world.cast.lena, teams=[world.cast.team], now=NOW
    )
    coming = make.draft(strategy_=plan, by=world.cast.lena)
    shared = make.round_(coming, by=world.cast.lena, people=[world.cast.tom])
    assert Round.objects.visible_to(world.cast.tom).get() == shared
    assert not Strategy.objects.visible_to(world.cast.tom).filter(pk=plan.pk).exists()


def test_reps_are_not_asked(world: World) -> None:
    with pytest.raises(strategy.Invalid, match="Rosa: neither trainer nor manager"):
        world.round(people=[world.cast.tom, world.cast.rosa])


def test_a_draft_that_was_saved_since_is_not_shared(world: World) -> None:
    stale = world.draft
    world.save(we_will="We will do it otherwise.")
    with pytest.raises(strategy.StaleDraft):
        consultation.open_round(
            revision=stale,
            edits=stale.edits,
            people=[world.cast.tom],
            closes_on=date(2026, 12, 3),
            by=world.cast.lena,
            now=NOW,
        )


def test_a_second_round_ends_the_first(world: World) -> None:
    first = world.round()
    world.save(we_will="We will price on guaranteed hours, but for dairies.")
    second = world.round()
    first.refresh_from_db()
    assert first.closed_at == NOW
    assert second.number == 2
    with pytest.raises(consultation.RoundClosed):
        make.position(first, by=world.cast.tom)


def test_a_round_can_be_extended_and_closed(world: World) -> None:
    shared = world.round(closes_on=date(2026, 12, 3))
    longer = consultation.extend(
        round_=shared, closes_on=date(2026, 12, 9), by=world.cast.lena, now=NOW
    )
    assert longer.last_day == date(2026, 12, 9)
    with pytest.raises(strategy.Invalid):
        consultation.extend(round_=shared, closes_on=date(2026, 11, 1), by=world.cast.lena, now=NOW)
    consultation.close_round(round_=shared, by=world.cast.lena, now=NOW)
    with pytest.raises(consultation.RoundClosed):
        make.position(shared, by=world.cast.tom)
    with pytest.raises(consultation.RoundClosed):
        consultation.close_round(round_=shared, by=world.cast.lena, now=NOW)


# Whom to ask


def usual(world: World) -> list[str]:
    found = consultation.usual_participants(world.draft, today=NOW.date())
    return [person.name for person in found]


def test_trainers_of_the_audience_and_the_manager_of_each_team_are_asked(world: World) -> None:
    assert usual(world) == ["Mia", "Tom"]


def test_only_one_manager_a_team_and_the_nearest_above_where_there_is_none(world: World) -> None:
    make.user("Zoe", Role.MANAGER, team=world.cast.team)
    below = make.team("North harbor", parent=world.cast.team)
    make.reps(1, team=below, sales_role=world.cast.role)
    assert usual(world) == ["Mia", "Tom"]
    make.user("Harbor", Role.MANAGER, team=below)
    assert usual(world) == ["Harbor", "Mia", "Tom"]


def test_trainers_of_other_teams_are_not_asked_nor_are_those_who_left(world: World) -> None:
    make.user("Far", Role.TRAINER, team=make.team("South"))
    make.user("Near", Role.TRAINER, team=world.cast.team)
    gone = make.user("Gone", Role.TRAINER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert usual(world) == ["Mia", "Near", "Tom"]


def test_a_team_nobody_is_asked_in_has_no_manager_to_ask(world: World) -> None:
    make.user("South boss", Role.MANAGER, team=make.team("South"))
    assert usual(world) == ["Mia", "Tom"]


# Positions


def test_a_position_changes_while_the_round_is_open(world: World) -> None:
    shared = world.round()
    make.position(shared, by=world.cast.tom, stance=CANNOT)
    make.position(shared, by=world.cast.tom, stance=READY)
    assert Position.objects.get().stance == "ready"
    entries = History.objects.filter(what="position taken").order_by("pk")
    assert [(row.before.get("stance"), row.after["stance"]) for row in entries] == [
        (None, "cannot"),
        ("cannot", "ready"),
    ]


@pytest.mark.parametrize(
    ("stance", "why", "note", "field"),
    [
        ("ready", "", "", "why"),
        ("ready", "Because.", "", "why"),
        ("ready", "Discounts cost us margin and  bought no loyalty", "", "why"),
        ("changes", "A stopped line costs more than a pump does.", " ", "note"),
        ("cannot", "A stopped line costs more than a pump does.", "", "note"),
        ("maybe", "A stopped line costs more than a pump does.", "x", "stance"),
    ],
)
def test_a_position_says_why_in_own_words(
    world: World, stance: str, why: str, note: str, field: str
) -> None:
    shared = world.round()
    with pytest.raises(strategy.Invalid) as refused:
        consultation.take_position(
            round_=shared, by=world.cast.tom, stance=stance, why=why, note=note, now=NOW
        )
    assert list(refused.value.errors) == [field]
    assert not Position.objects.exists()


def test_somebody_who_was_not_asked_has_no_position(world: World) -> None:
    shared = world.round(people=[world.cast.tom])
    for stranger in (world.cast.mia, world.cast.rosa, world.cast.lena):
        with pytest.raises(PermissionDenied):
            make.position(shared, by=stranger)


# Concerns


def raise_(world: World, shared: Round, **other: Any) -> Concern:
    values: dict[str, Any] = {
        "paragraph": make.paragraph(shared),
        "symptom": "Reps will hide the discount.",
        "check_on": date(2027, 1, 15),
        "visits": 11,
        "seen": 9,
    }
    return consultation.raise_concern(round_=shared, by=world.cast.tom, now=NOW, **(values | other))


def test_a_concern_keeps_the_words_it_stands_on(world: World) -> None:
    shared = world.round()
    concern = raise_(world, shared)
    world.save(we_will="We will do something else.")
    concern.refresh_from_db()
    assert concern.quote == "We will price on guaranteed hours."
    assert concern.behavior is None
    on_behavior = raise_(world, shared, paragraph=make.paragraph(shared, "behavior"))
    assert on_behavior.behavior == make.behavior(world.objective)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"symptom": "  "}, "symptom"),
        ({"check_on": NOW.date()}, "check_on"),
        ({"seen": 12}, "visits"),
        ({"seen": None}, "visits"),
        ({"seen": 0, "visits": 0}, "visits"),
        ({"seen": None, "visits": None}, "evidence"),
        ({"paragraph": 99}, "paragraph"),
        ({"file": consultation.File(name="a.svg", body=b"<svg/>")}, "file"),
        ({"file": consultation.File(name="a.png", body=b"no picture")}, "file"),
        ({"file": consultation.File(name="a.pdf", body=PNG)}, "file"),
        ({"file": consultation.File(name="a.txt", body=b"")}, "file"),
        ({"file": consultation.File(name="a.txt", body=b"x" * 10_485_761)}, "file"),
    ],
)
def test_what_is_wrong_with_a_concern_is_named(
    world: World, wrong: dict[str, Any], field: str
) -> None:
    shared = world.round()
    with pytest.raises(strategy.Invalid) as refused:
        raise_(world, shared, **wrong)
    assert field in refused.value.errors
    assert not Concern.objects.exists()


def test_a_file_is_kept_by_what_it_is(world: World) -> None:
    shared = world.round()
    file = consultation.File(name="C:\\Users\\tom\\lost tenders.PNG", body=PNG)
    concern = raise_(world, shared, seen=None, visits=None, file=file)
    kept = ConcernFile.objects.get(concern=concern)
    assert (kept.name, kept.kind, bytes(kept.body)) == ("lost tenders.PNG", "image/png", PNG)


def test_an_answer_is_settled_by_the_one_who_raised_it_alone(world: World) -> None:
    shared = world.round()
    concern = raise_(world, shared)
    with pytest.raises(strategy.Invalid):
        consultation.settle_concern(concern=concern, by=world.cast.tom, settled=True, now=NOW)
    with pytest.raises(PermissionDenied):
        answer(world, concern, by=world.cast.mia)
    answer(world, concern)
    with pytest.raises(PermissionDenied):
        consultation.settle_concern(concern=concern, by=world.cast.lena, settled=True, now=NOW)
    settled = consultation.settle_concern(concern=concern, by=world.cast.tom, settled=True, now=NOW)
    assert settled.settled is True
    again = answer(world, concern, kind="testing", words="We try it in Iberia first.")
    assert again.settled is None


def answer(
    world: World,
    concern: Concern,
    *,
    by: User | None = None,
    kind: str = "changed",
    words: str = "One step of 4 % below 100,000.",
) -> Concern:
    return consultation.answer_concern(
        concern=concern, by=by or world.cast.lena, answer=kind, words=words, now=NOW
    )


def test_an_answer_needs_a_kind_and_words(world: World) -> None:
    concern = raise_(world, world.round())
    with pytest.raises(strategy.Invalid) as refused:
        answer(world, concern, kind="maybe", words=" ")
    assert set(refused.value.errors) == {"answer", "answer_text"}


def test_the_lead_and_the_raiser_say_on_the_day_whether_it_came_true(world: World) -> None:
    concern = raise_(world, world.round(), check_on=date(2026, 12, 1))
    early = datetime(2026, 11, 30, 12, tzinfo=ZoneInfo("UTC"))
    with pytest.raises(strategy.Invalid, match="1 December"):
        consultation.record_outcome(
            concern=concern, by=world.cast.tom, outcome="came true", now=early
        )
    day = datetime(2026, 12, 1, 12, tzinfo=ZoneInfo("UTC"))
    with pytest.raises(PermissionDenied):
        consultation.record_outcome(concern=concern, by=world.cast.mia, outcome="did not", now=day)
    consultation.record_outcome(concern=concern, by=world.cast.tom, outcome="came true", now=day)
    both = consultation.record_outcome(
        concern=concern, by=world.cast.lena, outcome="did not", note="Two of 30.", now=day
    )
    assert (both.raiser_outcome, both.lead_outcome) == ("came true", "did not")


# Comments and suggestions


def test_threads_stand_on_one_paragraph(world: World) -> None:
    shared = world.round()
    number = make.paragraph(shared)
    first = consultation.comment(
        round_=shared, by=world.cast.tom, paragraph=number, words="Which hours?", now=NOW
    )
    reply = consultation.comment(
        round_=shared,
        by=world.cast.lena,
        paragraph=number,
        words="Those of the line.",
        thread=first,
        now=NOW,
    )
    deeper = consultation.comment(
        round_=shared, by=world.cast.mia, paragraph=number, words="Good.", thread=reply, now=NOW
    )
    assert (reply.thread, deeper.thread) == (first, first)
    with pytest.raises(strategy.Invalid):
        consultation.comment(
            round_=shared,
            by=world.cast.mia,
            paragraph=make.paragraph(shared, "we_stop"),
            words="Here?",
            thread=first,
            now=NOW,
        )
    assert Notice.objects.filter(person=world.cast.tom, key=f"reply:{reply.pk}").exists()


def test_a_remark_is_taken_back_by_its_writer_alone(world: World) -> None:
    shared = world.round()
    remark = consultation.comment(
        round_=shared,
        by=world.cast.tom,
        paragraph=make.paragraph(shared),
        words="Nonsense!",
        now=NOW,
    )
    with pytest.raises(PermissionDenied):
        consultation.take_back(comment=remark, by=world.cast.lena, now=NOW)
    for _ in range(2):
        gone = consultation.take_back(comment=remark, by=world.cast.tom, now=NOW)
        assert (gone.text, gone.taken_back_at) == ("Taken back.", NOW)
    assert History.objects.filter(what="comment taken back").count() == 1


def suggest(world: World, shared: Round, statement: str = "Walks the line first") -> Suggestion:
    return consultation.suggest(
        round_=shared,
        by=world.cast.tom,
        sales_role=world.cast.role,
        statement=statement,
        now=NOW,
    )


def test_a_suggested_behavior_is_written_into_the_draft_once(world: World) -> None:
    shared = world.round()
    found = suggest(world, shared)
    for _ in range(2):
        consultation.take_suggestion(suggestion=found, by=world.cast.lena, now=NOW)
    statements = world.draft.behaviors.values_list("statement", flat=True)
    assert list(statements).count("Walks the line first") == 1
    assert (world.draft.edits, len(statements)) == (1, 2)
    assert Notice.objects.filter(person=world.cast.tom, key=f"suggestion:{found.pk}").exists()


def test_what_nobody_can_see_is_not_suggested(world: World) -> None:
    shared = world.round()
    with pytest.raises(strategy.Invalid) as refused:
        suggest(world, shared, "Understands the value proposition")
    assert list(refused.value.errors) == ["statement"]


def test_a_suggestion_is_declined_with_a_reason(world: World) -> None:
    found = suggest(world, world.round())
    with pytest.raises(strategy.Invalid):
        consultation.decline_suggestion(suggestion=found, by=world.cast.lena, answer=" ", now=NOW)
    with pytest.raises(PermissionDenied):
        consultation.take_suggestion(suggestion=found, by=world.cast.mia, now=NOW)
    done = consultation.decline_suggestion(
        suggestion=found, by=world.cast.lena, answer="The audit does that.", now=NOW
    )
    assert done.state == "declined"


# The gate


def cannot(world: World) -> Round:
    shared = world.round()
    make.position(shared, by=world.cast.tom, stance=CANNOT)
    return shared


def unanswered(world: World) -> Round:
    shared = world.round()
    make.concern(shared, by=world.cast.tom)
    return shared


@pytest.mark.parametrize("stands", [cannot, unanswered])
def test_publishing_is_refused(world: World, stands: Callable[[World], Round]) -> None:
    stands(world)
    with pytest.raises(strategy.Invalid) as refused:
        world.publish()
    assert list(refused.value.errors) == ["consultation"]
    assert not Revision.objects.published().exists()


@pytest.mark.parametrize("stands", [cannot, unanswered])
def test_the_database_refuses_too(world: World, stands: Callable[[World], Round]) -> None:
    stands(world)
    with pytest.raises((IntegrityError, InternalError), match="cannot-teach"), transaction.atomic():
        Revision.objects.filter(pk=world.draft.pk).update(
            state="published",
            significance="substantive",
            epoch=1,
            why_fingerprint="x",
            published_at=NOW,
            effective_from=NOW,
        )


def test_cannot_teach_stands_in_the_next_round_until_it_is_taken_back(world: World) -> None:
    cannot(world)
    world.save(we_will="We will price on guaranteed hours, but for dairies.")
    second = world.round()
    with pytest.raises(strategy.Invalid):
        world.publish()
    make.position(second, by=world.cast.tom, stance=CHANGES)
    assert world.publish().state == "in force"


def test_nobody_gets_rid_of_cannot_teach_by_not_asking_again(world: World) -> None:
    cannot(world)
    world.round(people=[world.cast.mia])
    with pytest.raises(strategy.Invalid, match="Tom cannot teach it"):
        world.publish()


def test_an_answered_concern_lets_it_pass_though_it_is_not_settled(world: World) -> None:
    shared = world.round()
    concern = make.concern(shared, by=world.cast.tom)
    answer(world, concern)
    consultation.settle_concern(concern=concern, by=world.cast.tom, settled=False, now=NOW)
    assert world.publish().state == "in force"


def test_the_owner_may_publish_all_the_same_with_a_reason_everyone_reads(world: World) -> None:
    cannot(world)
    other = make.user("Otto", Role.LEAD)
    with pytest.raises(strategy.Invalid) as refused:
        world.publish(by=other, override="I want it.")
    assert list(refused.value.errors) == ["override"]
    published = world.publish(override="The board decided; we help the dairies by hand.")
    assert published.current is not None
    assert published.current.override.startswith("The board decided")
    entry = History.objects.visible_to(world.cast.rosa).get(what="published")
    assert entry.after["override"].startswith("The board decided")


def test_an_override_nobody_needed_is_not_kept(world: World) -> None:
    published = world.publish(override="To be sure.")
    assert published.current is not None
    assert published.current.override == ""


def test_those_who_were_asked_hear_that_it_is_published(world: World) -> None:
    shared = world.round()
    published = world.publish()
    shared.refresh_from_db()
    assert shared.closed_at == LATER
    key = f"published:{published.current_id}"
    told = Notice.objects.filter(key=key).values_list("person__name", flat=True)
    assert sorted(told) == ["Mia", "Tom"]


# Withdrawing


def test_a_draft_people_were_asked_about_is_withdrawn_not_thrown_away(world: World) -> None:
    shared = cannot(world)
    strategy.discard_draft(revision=world.draft, by=world.cast.lena, now=NOW)
    shared.refresh_from_db()
    assert shared.revision.state == "withdrawn"
    assert Round.objects.visible_to(world.cast.tom).get() == shared
    world.objective.refresh_from_db()
    assert world.objective.state == "draft"
    with pytest.raises(consultation.RoundClosed):
        make.position(shared, by=world.cast.tom)
    again = strategy.open_draft(objective=world.objective, by=world.cast.lena, now=NOW)
    assert (again.number, again.title) == (1, "Price on guaranteed uptime")
    assert again.numbers == shared.revision.numbers


def test_a_withdrawn_draft_leaves_no_gap_in_the_numbers(world: World) -> None:
    objective = make.publish(world.objective, by=world.cast.lena)
    strategy.open_draft(objective=objective, by=world.cast.lena, now=NOW)
    world.round()
    strategy.discard_draft(revision=world.draft, by=world.cast.lena, now=NOW)
    assert make.revise(objective, by=world.cast.lena).current.number == 2  # type: ignore[union-attr]
