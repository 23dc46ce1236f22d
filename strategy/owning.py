"""Carrying a choice to the field: what can be done. Each verb is one transaction.

Every verb asks for itself whether a person may: pages and API cannot differ.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from align.notices import actions as notices
from align.people.models import Team, User
from strategy import choices, history, recall, remembered
from strategy.actions.words import Invalid
from strategy.models import (
    Acknowledgment,
    BehaviorRevision,
    Brief,
    History,
    Objective,
    RecallCheck,
    Revision,
    TeachBack,
)

NOT_IN_FORCE = "This objective is not in force."


class Changed(Exception):
    """The objective is not what the person read any more. ``objective`` is how it stands now."""

    def __init__(self, objective: Objective) -> None:
        super().__init__(f"Objective {objective.pk} changed meanwhile.")
        self.objective = objective


class Settled(Exception):
    """Somebody answered this teach-back meanwhile, or its why is not in force any more."""


# Briefs


def may_sign_reason(objective: Objective, by: User) -> bool:
    """Whether a person signs the business reason: the owner, or who leads the strategy."""
    return Objective.objects.editable_by(by).filter(pk=objective.pk).exists()


@transaction.atomic
def sign_brief(
    *,
    revision: Revision,
    team: Team | None,
    text: str,
    by: User,
    now: datetime,
    behavior: BehaviorRevision | None = None,
    question: str = "",
) -> Brief:
    """Sign the business reason (no team), or what it means for one team; again replaces it.

    Raises Invalid, Changed where the objective is another by now, PermissionDenied.
    """
    words = _in_force(revision, by)
    objective = words.objective
    if team is None and not may_sign_reason(objective, by):
        raise PermissionDenied("This is for the objective's owner.")
    if team is not None and not Team.objects.managed_by(by, day=now.date()).filter(pk=team.pk):
        raise PermissionDenied(f"This is for who manages {team}.")
    if not text.strip():
        what = "Say why the company does this." if team is None else "Say what it means for them."
        raise Invalid({"text": what})
    if behavior is not None and behavior.revision_id != words.pk:
        raise Invalid({"behavior": "Choose a behavior of this objective."})
    before = Brief.objects.of(objective).filter(team=team).last()
    signed, _ = Brief.objects.update_or_create(
        revision=words,
        team=team,
        defaults={
            "text": text.strip(),
            "behavior": behavior,
            "question": question.strip(),
            "signed_by": by,
            "signed_at": now,
        },
    )
    history.write(
        "brief signed",
        by=by,
        now=now,
        revision=words,
        before=_said(before) if before else {},
        after=_said(signed) | ({"team": team.name} if team else {}),
    )
    return signed


def _said(brief: Brief) -> dict[str, str]:
    behavior = brief.behavior.statement if brief.behavior else ""
    return {"text": brief.text, "behavior": behavior, "question": brief.question}


def _in_force(revision: Revision, by: User) -> Revision:
    """Return the words in force, their objective locked, while the epoch is that of ``revision``.

    Refuses with PermissionDenied whoever may not see it.
    """
    visible = Objective.objects.visible_to(by).filter(pk=revision.objective_id)
    if not visible.exists():
        raise PermissionDenied("This is not for you.")
    locked = Objective.objects.select_for_update(of=("self",))
    objective = locked.select_related("current", "strategy").get(pk=revision.objective_id)
    if objective.state != Objective.State.IN_FORCE or objective.current is None:
        raise Invalid({"revision": NOT_IN_FORCE})
    if revision.epoch != objective.current.epoch:
        raise Changed(objective)
    objective.current.objective = objective
    return objective.current


# Reading and remembering


@transaction.atomic
def acknowledge(*, revision: Revision, by: User, now: datetime) -> Acknowledgment:
    """Write down that a person read it, once an epoch; again changes nothing.

    Raises Changed where the objective is another by now, Invalid, PermissionDenied.
    """
    words = _in_force(revision, by)
    known = Acknowledgment.objects.of(words.objective).filter(person=by).first()
    if known:
        return known
    made = Acknowledgment.objects.create(revision=words, person=by, at=now)
    history.write(
        "read",
        by=by,
        now=now,
        revision=words,
        after={"read": True},
        shown_to=History.ShownTo.ACTOR,
    )
    return made


@transaction.atomic
def recall_why(
    *, revision: Revision, day: int, recalled: str, by: User, now: datetime
) -> RecallCheck:
    """Keep what a person still knows, and count the words of the why in it. The first word counts.

    Raises Invalid where this is not asked of them now.
    """
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)  # one answer of a person at a time
    known = RecallCheck.objects.filter(revision=revision, person=by, day=day).first()
    if known:
        return known
    waiting = remembered.due(now=now, person=by)
    if not any(row.revision_id == revision.pk and row.day == day for row in waiting):
        raise Invalid({"day": "This question does not wait for you."})
    words = recall.keywords(revision.why)
    made = RecallCheck.objects.create(
        revision=revision,
        person=by,
        day=day,
        recalled=recalled.strip(),
        words_asked=len(words),
        words_found=len(recall.found(words, recalled)),
        recalled_at=now,
    )
    history.write(
        "recalled",
        by=by,
        now=now,
        revision=revision,
        after={"day": day, "words found": made.words_found, "words asked": made.words_asked},
        shown_to=History.ShownTo.ACTOR,
    )
    return made


@transaction.atomic
def choose(*, check: RecallCheck, chosen: Revision, now: datetime) -> RecallCheck:
    """Keep which reason a person recognizes. The first choice counts.

    Raises Invalid where it is none of those offered.
    """
    offered = choices.of(check)
    if chosen.pk not in {option.pk for option in offered}:
        raise Invalid({"chosen": "Choose one of these reasons."})
    right = chosen.objective_id == check.revision.objective_id
    changed = RecallCheck.objects.filter(pk=check.pk, right=None).update(
        chosen=chosen, right=right, chosen_at=now
    )
    check.refresh_from_db()
    if changed:
        history.write(
            "recognized" if right else "chose another reason",
            by=check.person,
            now=now,
            revision=check.revision,
            before={"right": None},
            after={"day": check.day, "right": right},
            shown_to=History.ShownTo.ACTOR,
        )
    return check


# Teach-backs


@transaction.atomic
def give_teach_back(*, revision: Revision, text: str, by: User, now: datetime) -> TeachBack:
    """Explain the why in a trainer's own words, for the lead to sign.

    While it waits, giving it again replaces the words. Raises Invalid, Changed, PermissionDenied.
    """
    if not by.is_trainer:
        raise PermissionDenied("This is for trainers.")
    words = _in_force(revision, by)
    objective = words.objective
    if revision.why_fingerprint != words.why_fingerprint:
        raise Changed(objective)
    if not text.strip():
        raise Invalid({"text": "Explain why the company does this, as you would tell it."})
    known = TeachBack.objects.of_the_why(objective).filter(trainer=by).alive().first()
    if known and known.state == TeachBack.State.SIGNED:
        raise Invalid({"text": "This why is signed already."})
    before = {"text": known.text} if known else {}
    given = known or TeachBack(revision=words, trainer=by)
    given.text, given.given_at = text.strip(), now
    given.save()
    _write(given, "teach-back given", by=by, now=now, before=before, after={"text": given.text})
    reader = objective.owner_id or objective.strategy.lead_id
    if reader != by.pk:
        what = f"{by} explains the why of {objective.code}. Read it and sign."
        _tell(given, reader, what, now=now)
    return given


def sign_teach_back(
    *, teach_back: TeachBack, by: User, now: datetime, answer: str = ""
) -> TeachBack:
    """Sign: this trainer can tell the why. Raises Settled, PermissionDenied."""
    return _answer(teach_back, TeachBack.State.SIGNED, answer.strip(), by=by, now=now)


def return_teach_back(*, teach_back: TeachBack, answer: str, by: User, now: datetime) -> TeachBack:
    """Give it back with what is missing. Raises Settled, Invalid, PermissionDenied."""
    return _answer(teach_back, TeachBack.State.RETURNED, answer.strip(), by=by, now=now)


@transaction.atomic
def _answer(
    teach_back: TeachBack, state: TeachBack.State, answer: str, *, by: User, now: datetime
) -> TeachBack:
    """Of two leads who answer at once one does: the row count of the update decides."""
    objective = teach_back.revision.objective
    if not may_sign_reason(objective, by):
        raise PermissionDenied("This is for the objective's owner.")
    if teach_back.trainer_id == by.pk:
        raise PermissionDenied("Nobody signs their own words. Another lead can.")
    if state == TeachBack.State.RETURNED and not answer:
        raise Invalid({"answer": "Say what is missing, so that it can be told better."})
    answered = (
        TeachBack.objects.filter(pk=teach_back.pk, state=TeachBack.State.GIVEN)
        .filter(pk__in=TeachBack.objects.of_the_why(objective).values("pk"))
        .update(state=state, answer=answer, answered_by=by, answered_at=now)
    )
    teach_back.refresh_from_db()
    if not answered:
        raise Settled("It was answered, or the why changed meanwhile.")
    signed = state == TeachBack.State.SIGNED
    _write(
        teach_back,
        "teach-back signed" if signed else "teach-back given back",
        by=by,
        now=now,
        before={"state": TeachBack.State.GIVEN.label},
        after={"state": state.label, "answer": answer, "trainer": teach_back.trainer.name},
    )
    said = "is signed" if signed else "came back with what is missing"
    what = f"Your teach-back on {objective.code} {said}."
    _tell(teach_back, teach_back.trainer_id, what, now=now)
    return teach_back


def _write(
    teach_back: TeachBack,
    what: str,
    *,
    by: User,
    now: datetime,
    before: dict[str, str],
    after: dict[str, str],
) -> None:
    history.write(
        what,
        by=by,
        now=now,
        revision=teach_back.revision,
        before=before,
        after=after,
        shown_to=History.ShownTo.WRITERS,
    )


def _tell(teach_back: TeachBack, person_id: int, text: str, *, now: datetime) -> None:
    key = f"teach-back:{teach_back.pk}:{now.isoformat()}"
    link = teach_back.get_absolute_url()
    notices.send([notices.Message(person_id=person_id, key=key, text=text, link=link)], now=now)
