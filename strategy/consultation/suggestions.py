"""Behaviors that people who are asked name for the draft."""

from datetime import datetime

from django.db import transaction

from align.notices import actions as notices
from align.people.models import SalesRole, User
from strategy import actions, observable
from strategy.actions import BehaviorWords, Invalid
from strategy.consultation.doors import (
    asked,
    lock,
    locked_round,
    record,
    still_a_draft,
    tell_lead,
    writes,
)
from strategy.models import Revision, Round, Suggestion


@transaction.atomic
def suggest(
    *,
    round_: Round,
    by: User,
    sales_role: SalesRole,
    statement: str,
    occasion: str = "",
    standard: str = "",
    critical: bool = False,
    now: datetime,
) -> Suggestion:
    """Name a behavior for the draft: what a manager could see. Raises Invalid, RoundClosed."""
    found = locked_round(round_, now=now)
    asked(found, by)
    refused = observable.refusal(statement)
    if not statement.strip():
        raise Invalid({"statement": "Say what a manager can see."})
    if refused:
        raise Invalid({"statement": refused})
    made = Suggestion.objects.create(
        round=found,
        by=by,
        at=now,
        sales_role=sales_role,
        statement=statement.strip(),
        occasion=occasion.strip(),
        standard=standard.strip(),
        critical=critical,
    )
    record(
        "behavior suggested",
        round_=found,
        after={"suggestion": made.pk, "statement": made.statement},
        by=by,
        now=now,
    )
    tell_lead(found, f"{by} named a behavior for", f"suggested:{made.pk}", by, now)
    return made


@transaction.atomic
def take_suggestion(
    *, suggestion: Suggestion, by: User, answer: str = "", now: datetime
) -> Suggestion:
    """Write a suggested behavior into the draft, at its end. Twice is once. Raises NotADraft."""
    found = _open_suggestion(suggestion, by)
    if found.state == Suggestion.State.TAKEN:
        return found
    draft = Revision.objects.select_related("objective").get(pk=found.round.revision_id)
    known = actions.behavior_words(draft)
    new = BehaviorWords(
        code=_free_code(draft),
        sales_role=found.sales_role,
        statement=found.statement,
        occasion=found.occasion,
        standard=found.standard,
        critical=found.critical,
    )
    words = actions.Words(**{name: getattr(draft, name) for name in actions.WORDS})
    actions.edit_draft(
        revision=draft,
        words=words,
        behaviors=[*known, new],
        edits=draft.edits,
        reason=draft.reason,
        by=by,
        now=now,
    )
    return _answer_suggestion(found, Suggestion.State.TAKEN, by, answer, now)


@transaction.atomic
def decline_suggestion(
    *, suggestion: Suggestion, by: User, answer: str, now: datetime
) -> Suggestion:
    """Leave a suggested behavior out, and say why. Raises Invalid."""
    found = _open_suggestion(suggestion, by)
    if not answer.strip():
        raise Invalid({"answer": "Say why not; the one who named it reads it."})
    if found.state != Suggestion.State.OPEN:
        raise Invalid({"answer": "This was answered meanwhile."})
    return _answer_suggestion(found, Suggestion.State.DECLINED, by, answer, now)


def _open_suggestion(suggestion: Suggestion, by: User) -> Suggestion:
    lock(suggestion.round.revision.objective_id)
    found = Suggestion.objects.select_related("round__revision__objective__strategy").get(
        pk=suggestion.pk
    )
    writes(found.round, by)
    still_a_draft(found.round)
    return found


def _answer_suggestion(
    found: Suggestion, state: Suggestion.State, by: User, answer: str, now: datetime
) -> Suggestion:
    found.state, found.answer = state, answer.strip()
    found.answered_by, found.answered_at = by, now
    found.save()
    record(
        f"suggestion {state}",
        round_=found.round,
        before={"suggestion": found.pk, "state": Suggestion.State.OPEN},
        after={"suggestion": found.pk, "state": state, "answer": found.answer},
        by=by,
        now=now,
    )
    if found.by_id:
        notices.send(
            [
                notices.Message(
                    person_id=found.by_id,
                    key=f"suggestion:{found.pk}",
                    text=f"{by} answered the behavior you named: {found.get_state_display()}.",
                    link=found.round.get_absolute_url(),
                )
            ],
            now=now,
        )
    return found


def _free_code(draft: Revision) -> str:
    taken = set(draft.objective.behaviors.values_list("code", flat=True))
    codes = (f"{draft.objective.code}-{n}"[-20:] for n in range(1, len(taken) + 2))
    return next(code for code in codes if code not in taken)
