"""Judging people's tries at a behavior against its anchors."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from align.notices import actions as notices
from align.people.models import User
from strategy import outbox
from strategy.models import Behavior
from training.actions.completions import teams_on
from training.actions.mappings import words_in_force
from training.actions.seeing import (
    CORRECTED_WITHIN,
    SEEN_PAGE,
    keys_of,
    serialize,
)
from training.actions.words import AlreadyCorrected, Invalid, KeyReused
from training.models import Assessment

MOST_PEOPLE = 60
REUSED = "This key belongs to other assessments."


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One person's level, by the anchors of the behavior."""

    user: User
    level: int
    note: str = ""


@transaction.atomic
def assess(
    *,
    behavior: Behavior,
    assessor: User,
    judged: Sequence[Judged],
    assessed_at: datetime,
    client_key: uuid.UUID,
    now: datetime,
) -> tuple[list[Assessment], bool]:
    """Record how several people did one behavior, all of it or nothing; whether it is new.

    The same assessor and key again is the same; with another content KeyReused.
    Raises Invalid, NotInForce.
    """
    ordered = _ordered(judged, assessor=assessor)
    if assessed_at > now:
        raise Invalid({"assessed_at": "An assessment cannot lie in the future."})
    words = words_in_force(behavior)
    keys = keys_of(client_key, MOST_PEOPLE)
    serialize(assessor)
    kept = _kept(assessor, keys)
    if kept:
        same = len(kept) == len(ordered) and all(
            _is(row, one, behavior=behavior, at=assessed_at)
            for row, one in zip(kept, ordered, strict=True)
        )
        if not same:
            raise KeyReused(REUSED)
        return kept, False
    teams = teams_on([one.user for one in ordered], assessed_at.date())
    made = Assessment.objects.bulk_create(
        Assessment(
            user=one.user,
            behavior_revision=words,
            assessor=assessor,
            team_id=teams.get(one.user.pk),
            assessed_at=assessed_at,
            level=one.level,
            note=one.note,
            client_key=key,
            created_at=now,
        )
        for key, one in zip(keys, ordered, strict=False)
    )
    outbox.touch([behavior.objective_id], now=now)
    _tell(made, by=assessor, now=now)
    return made, True


def _ordered(judged: Sequence[Judged], *, assessor: User) -> list[Judged]:
    ordered = sorted(judged, key=lambda one: one.user.pk)
    people = {one.user.pk for one in ordered}
    if not ordered:
        raise Invalid({"judged": "Choose a level for one person at least."})
    if len(ordered) > MOST_PEOPLE:
        raise Invalid({"judged": f"At most {MOST_PEOPLE} people at once."})
    if len(people) < len(ordered):
        raise Invalid({"judged": "Each person once."})
    if assessor.pk in people:
        raise Invalid({"judged": "Somebody else has to assess you."})
    return ordered


def _kept(assessor: User, keys: Sequence[uuid.UUID]) -> list[Assessment]:
    rows = Assessment.objects.filter(assessor=assessor, client_key__in=keys)
    found = {row.client_key: row for row in rows.select_related("behavior_revision")}
    return [found[key] for key in keys if key in found]


def _is(row: Assessment, one: Judged, *, behavior: Behavior, at: datetime) -> bool:
    return (row.user_id, row.behavior_revision.behavior_id, row.level, row.note) == (
        one.user.pk,
        behavior.pk,
        one.level,
        one.note,
    ) and row.assessed_at == at


def _tell(made: Sequence[Assessment], *, by: User, now: datetime) -> None:
    messages = [
        notices.Message(
            person_id=row.user_id,
            key=f"assessed:{row.pk}",
            text=f"{by.name} wrote down how you did what was practiced.",
            link=SEEN_PAGE,
        )
        for row in made
    ]
    notices.send(messages, now=now)


@transaction.atomic
def correct_assessment(
    *,
    assessment: Assessment,
    level: int,
    note: str,
    client_key: uuid.UUID,
    by: User,
    now: datetime,
) -> tuple[Assessment, bool]:
    """Put another assessment in the place of one's own; the first stays on record.

    The same key again is the same correction. Raises Invalid, KeyReused, AlreadyCorrected.
    """
    serialize(by)
    kept = Assessment.objects.filter(assessor=by, client_key=client_key).first()
    if kept is not None:
        if (kept.corrects_id, kept.level, kept.note) != (assessment.pk, level, note):
            raise KeyReused(REUSED)
        return kept, False
    if assessment.assessor_id != by.pk:
        raise Invalid({"assessment": "Only who assessed it corrects it."})
    if assessment.created_at < now - CORRECTED_WITHIN:
        raise Invalid({"assessment": "That is more than 30 days ago. Assess it again."})
    if Assessment.objects.filter(corrects=assessment).exists():
        raise AlreadyCorrected("You corrected this already. Correct the newer one.")
    if (assessment.level, assessment.note) == (level, note):
        raise Invalid({"note": "Nothing is different. Change what was wrong."})
    made = Assessment.objects.create(
        user_id=assessment.user_id,
        behavior_revision_id=assessment.behavior_revision_id,
        assessor=by,
        team_id=assessment.team_id,
        assessed_at=assessment.assessed_at,
        level=level,
        note=note,
        client_key=client_key,
        corrects=assessment,
        created_at=now,
    )
    outbox.touch([assessment.behavior_revision.behavior.objective_id], now=now)
    _tell([made], by=by, now=now)
    return made, True
