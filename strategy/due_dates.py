"""Telling people in time: that a verdict is due, and that the day of a prediction has come.

Each reads what is due in a fixed number of statements, and tells a person of one thing once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import formats

from align.notices import actions as notices
from align.notices.actions import Message
from align.notices.models import Notice
from strategy import days, predictions
from strategy.models import Concern, Objective, Participant, Round

BEFORE = timedelta(days=2)
FURTHEST = timedelta(days=3)  # no clock is changed by more than a day


@transaction.atomic
def remind(*, now: datetime) -> None:
    """Tell who has not answered that their verdict is due, two days before a round ends.

    Once a round; a round that gets another last day asks again before that. Who was asked later
    than two days before the end has just been told.
    """
    silent = (
        Participant.objects.filter(
            position=None,
            person__is_active=True,
            round__in=Round.objects.open(now=now).filter(closes_at__lte=now + FURTHEST),
        )
        .annotate(title=F("round__text__0__text"))
        .select_related("round__revision__objective__strategy")
        .order_by("pk")
    )
    _tell([_due(row) for row in silent if row.asked_at < _when(row.round) <= now], now=now)


def _when(round_: Round) -> datetime:
    """Return the moment two days before the end, by the clocks where the strategy is in force."""
    zone = round_.revision.objective.strategy.zone
    return round_.closes_at.astimezone(zone) - BEFORE


def _due(row: Participant) -> Message:
    """Name the draft as it was shared: its working text is not for the person."""
    found = row.round
    objective = found.revision.objective
    day = days.day_of(found.closes_at - timedelta(microseconds=1), strategy=objective.strategy)
    title: str = row.title  # type: ignore[attr-defined]
    return Message(
        person_id=row.person_id,
        key=f"due:{found.pk}:{day.isoformat()}",
        text=f"Your verdict is due by the end of {formats.date_format(day, 'j F')}: "
        f"draft {found.number} of {objective.code} “{title}”.",
        link=found.get_absolute_url(),
        at_once=True,
    )


@transaction.atomic
def check_concerns(*, now: datetime) -> None:
    """Tell the lead and the raiser of each prediction whose day has come, and who said nothing."""
    judged = predictions.judged(Concern.objects.all(), now=now)
    due = judged.filter(Q(became=predictions.Became.DUE))
    rows = due.select_related(
        "raised_by",
        "round__revision__objective__owner",
        "round__revision__objective__strategy__lead",
    )
    _tell([message for row in rows.order_by("pk") for message in _look(row)], now=now)


def _look(row: Concern) -> Iterable[Message]:
    people = set()
    if not row.lead_outcome:
        people.add(_lead(row.round.revision.objective))
    if row.raised_by and row.raised_by.is_active and not row.raiser_outcome:
        people.add(row.raised_by_id)
    for person in sorted(pk for pk in people if pk):
        yield Message(
            person_id=person,
            key=f"check:{row.pk}",
            text=f"Did it come true? {row.symptom}",
            link=row.get_absolute_url(),
        )


def _lead(objective: Objective) -> int | None:
    """Return who speaks for the strategy: the owner, or its lead where the owner cannot."""
    owner, lead = objective.owner, objective.strategy.lead
    if owner and owner.is_active and owner.is_lead:
        return owner.pk
    return lead.pk if lead.is_active else None


def _tell(messages: Sequence[Message], *, now: datetime) -> None:
    """Send what was not told before, so that a job without news wakes nobody."""
    told = set(
        Notice.objects.filter(key__in={message.key for message in messages}).values_list(
            "person", "key"
        )
    )
    new = [message for message in messages if (message.person_id, message.key) not in told]
    notices.send(new, now=now)
