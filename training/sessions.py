"""Everything one session's page shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from align.people.models import Membership, User
from training import dates, expected
from training.actions.delivering import CORRECTABLE
from training.models import Delivery, Seat

PEOPLE_SHOWN = 500


@dataclass(frozen=True, kw_only=True)
class Guest:
    """One person expected, as far as the reader may see by name."""

    user: User
    team: str
    attended: bool | None
    seated: bool  # added or took a seat; otherwise expected with everybody


@dataclass(frozen=True, kw_only=True)
class SessionPage:
    delivery: Delivery
    date: dates.Date
    people: Sequence[Guest]
    expected: int
    came: int
    free: int | None
    may_change: bool
    may_hold: bool
    may_correct: bool
    sees_link: bool


def page(user: User, found: Delivery, *, now: datetime) -> SessionPage:
    """Read a session's page for one person. The number of queries is fixed."""
    seats = list(found.seats.taken().select_related("user"))
    mine = Seat.objects.filter(delivery=found, user=user).first()
    answers = Delivery.objects.editable_by(user).filter(pk=found.pk).exists()
    everybody = expected.expected_at(found).aggregate(
        all=Count("pk"), me=Count("pk", filter=Q(pk=user.pk))
    )
    date = dates.of(found, user, mine, asked=_asked(found, user), seats=len(seats), now=now)
    planned = found.state == Delivery.State.PLANNED
    return SessionPage(
        delivery=found,
        date=date,
        people=_people(found, user, seats, all_=answers),
        expected=everybody["all"],
        came=sum(bool(seat.attended) for seat in seats),
        free=max(0, found.capacity - len(seats)) if found.capacity is not None else None,
        may_change=answers and planned,
        may_hold=answers and planned and found.starts_at <= now,
        may_correct=answers and found.held_at is not None and now <= found.held_at + CORRECTABLE,
        sees_link=answers or bool(everybody["me"]) or found.trainer_id == user.pk,
    )


def _asked(found: Delivery, user: User) -> bool:
    asked = expected.asked_of(found.audience, day=found.starts_at.date())
    return asked.filter(pk=user.pk).exists()


def _people(found: Delivery, user: User, seats: Sequence[Seat], *, all_: bool) -> list[Guest]:
    """Trainers see everybody, managers their teams' people, nobody else anybody."""
    people = expected.expected_at(found)
    if not all_:
        mine = Membership.objects.in_teams_of(user).values("user")
        people = people.filter(pk__in=mine)
    shown = list(people.order_by("name", "pk")[:PEOPLE_SHOWN])
    places = Membership.objects.on(found.starts_at.date()).filter(user__in=shown)
    teams = dict(places.values_list("user_id", "team__name"))
    by_user = {seat.user_id: seat for seat in seats}
    return [
        Guest(
            user=one,
            team=teams.get(one.pk, ""),
            attended=by_user[one.pk].attended if one.pk in by_user else None,
            seated=one.pk in by_user,
        )
        for one in shown
    ]
