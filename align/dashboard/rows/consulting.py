"""What waits for a person in consultations: their answer, or what others said to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import formats

from align.dashboard import words
from align.dashboard.rows.today import Item
from align.people.models import User
from strategy.models import (
    Concern,
    Objective,
    Participant,
    Position,
    Revision,
    Round,
    Suggestion,
)

SHORT = 10


@dataclass(frozen=True, kw_only=True)
class Consulting:
    due: tuple[Item, ...]
    settle: tuple[Item, ...]
    asked: tuple[Item, ...]  # of the lead: what stands in the way of each draft


def consulting(user: User, *, now: datetime) -> Consulting:
    """Return what waits, in two queries; for a lead in three."""
    return Consulting(
        due=tuple(_due(row) for row in due(user, now=now)[:SHORT]),
        settle=tuple(_settle(row) for row in to_settle(user)[:SHORT]),
        asked=tuple(_asked(row) for row in in_the_way(user)[:SHORT]) if user.is_lead else (),
    )


def due(user: User, *, now: datetime) -> QuerySet[Participant]:
    """The open rounds in which a person is asked and has not answered, the first to end first."""
    return (
        Participant.objects.filter(
            person=user, position=None, round__in=Round.objects.visible_to(user).open(now=now)
        )
        .select_related("round__revision__objective__strategy")
        .defer("round__text")
        .order_by("round__closes_at", "pk")
    )


def _due(row: Participant) -> Item:
    objective = row.round.revision.objective
    until = formats.date_format(row.round.last_day, "j F")
    return Item(
        text=f"{objective.code} draft {row.round.number}",
        link=row.round.get_absolute_url(),
        meta=f"Your answer is due until {until}",
        act="Answer it",
        act_link=f"{row.round.get_absolute_url()}#sign",
    )


def to_settle(user: User) -> QuerySet[Concern]:
    """The person's own concerns that were answered and wait for their word."""
    return (
        Concern.objects.visible_to(user)
        .filter(raised_by=user, settled=None, round__revision__state=Revision.State.DRAFT)
        .exclude(answer="")
        .select_related("round__revision__objective", "answered_by")
        .defer("round__text", "quote")
        .order_by("answered_at", "pk")
    )


def _settle(row: Concern) -> Item:
    return Item(
        text=row.symptom,
        link=row.get_absolute_url(),
        meta=f"{row.round.revision.objective.code} ¶{row.paragraph} · "
        f"{row.answered_by or 'The lead'}: {row.get_answer_display().lower()}",
        at=row.answered_at,
        act="Does this settle it?",
        act_link=row.get_absolute_url(),
    )


def in_the_way(user: User) -> QuerySet[Revision, Any]:
    """The drafts a lead writes in whose consultation something waits for their word."""
    later = Position.objects.filter(
        participant__person=OuterRef("participant__person"),
        participant__round__revision=OuterRef("participant__round__revision"),
        participant__round__number__gt=OuterRef("participant__round__number"),
    )
    cannot = Position.objects.filter(~Exists(later), stance=Position.Stance.CANNOT)
    return (
        Revision.objects.drafts()
        .filter(objective__in=Objective.objects.editable_by(user))
        .annotate(
            unanswered=_count(Concern.objects.unanswered(), "round__revision"),
            named=_count(Suggestion.objects.filter(state="open"), "round__revision"),
            cannot=_count(cannot, "participant__round__revision"),
            newest=Subquery(
                Round.objects.filter(revision=OuterRef("pk")).order_by("-number").values("pk")[:1]
            ),
        )
        .filter(Q(unanswered__gt=0) | Q(named__gt=0) | Q(cannot__gt=0))
        .select_related("objective")
        .order_by("objective__code", "pk")
    )


def _count(rows: QuerySet[Any], to: str) -> Coalesce:
    """Count the rows of each draft in a query of their own, so that no count multiplies another."""
    counts = rows.filter(**{to: OuterRef("pk")}).order_by().values(to).annotate(n=Count("pk"))
    return Coalesce(Subquery(counts.values("n"), output_field=IntegerField()), 0)


def _asked(row: Any) -> Item:
    said = [
        f"{words.counted(row.cannot, 'person', 'people')} cannot teach it" if row.cannot else "",
        f"{words.counted(row.unanswered, 'concern')} without an answer" if row.unanswered else "",
        f"{words.counted(row.named, 'behavior')} named" if row.named else "",
    ]
    return Item(
        text=f"{row.objective.code} {row.title}",
        link=f"/consultations/{row.newest}/",
        meta=" · ".join(part for part in said if part),
    )
