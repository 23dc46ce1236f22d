"""Sessions: planned, changed, called off or held, and who sits in them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import formats, timezone

from align.notices import actions as notices
from align.people.models import Audience, User
from training import expected
from training.actions.completions import Taken, complete_all, touch_taught
from training.actions.words import (
    Invalid,
    NotInvited,
    NotPlanned,
    NotPublished,
    SessionFull,
    StaleSession,
    TooLate,
)
from training.models import Completion, Delivery, Module, ModuleVersion, Seat

SOURCE = "session"  # of the completions a session leaves
LONGEST = timedelta(days=14)
BACK = timedelta(days=366)  # how long ago a session may have been that is still written down
CORRECTABLE = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What can be said of a session before it is held."""

    audience: Audience
    trainer: User
    starts_at: datetime
    ends_at: datetime
    place: str = ""
    link: str = ""
    capacity: int | None = None  # None: everybody asked
    note: str = ""

    def fields(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@transaction.atomic
def plan_session(*, version: ModuleVersion, plan: Plan, by: User, now: datetime) -> Delivery:
    """Plan a session of a version in use, and tell whom it is for. Raises Invalid, NotPublished."""
    module = version.module
    if module.state != Module.State.PUBLISHED or module.current_id != version.pk:
        raise NotPublished("Publish the module first; nobody can give a draft.")
    _check(plan, now=now)
    made = Delivery.objects.create(
        version=version, author=by, created_at=now, updated_at=now, **plan.fields()
    )
    what = "Session planned" if plan.capacity is None else "Session planned, take a seat"
    _tell(made, what, key="planned", but=by, now=now)
    return made


def _check(plan: Plan, *, now: datetime) -> None:
    errors = {}
    if plan.ends_at <= plan.starts_at:
        errors["ends_at"] = "It has to end after it starts."
    elif plan.ends_at - plan.starts_at > LONGEST:
        errors["ends_at"] = f"A session lasts {LONGEST.days} days at most."
    if plan.starts_at < now - BACK:
        errors["starts_at"] = "That is more than a year ago."
    if plan.starts_at > now + 3 * BACK:
        errors["starts_at"] = "That is more than three years ahead."
    if not (plan.trainer.is_active and plan.trainer.is_trainer):
        errors["trainer"] = f"{plan.trainer} is not a trainer."
    if errors:
        raise Invalid(errors)


@transaction.atomic
def change_session(
    *, delivery: Delivery, plan: Plan, edits: int, by: User, now: datetime
) -> Delivery:
    """Change a planned session, and tell whom it is for where or when it moved.

    Raises StaleSession where somebody saved meanwhile, NotPlanned, Invalid.
    """
    before = _planned(delivery)
    if before.edits != edits:
        raise StaleSession(before)
    _check(plan, now=now)
    seats = before.seats.taken().count()
    if plan.capacity is not None and plan.capacity < seats:
        raise Invalid({"capacity": f"{seats} seats are taken already."})
    Delivery.objects.filter(pk=before.pk, edits=edits).update(
        **plan.fields(), edits=F("edits") + 1, updated_at=now
    )
    after = _fresh(before)
    moved = ("starts_at", "ends_at", "place", "link", "audience_id", "trainer_id")
    if any(getattr(before, name) != getattr(after, name) for name in moved):
        _tell(after, "Session changed", key=f"changed:{after.edits}", but=by, now=now)
    return after


@transaction.atomic
def call_off(*, delivery: Delivery, reason: str, by: User, now: datetime) -> Delivery:
    """Call a planned session off, and tell who was expected. Raises Invalid, NotPlanned."""
    if not reason.strip():
        raise Invalid({"reason": "Say why; those who wanted to come read it."})
    found = _planned(delivery)
    _tell(found, f"Called off, {reason.strip()}", key="called-off", but=by, now=now)
    Delivery.objects.filter(pk=found.pk, state=Delivery.State.PLANNED).update(
        state=Delivery.State.CANCELED,
        canceled_reason=reason.strip(),
        edits=F("edits") + 1,
        updated_at=now,
    )
    return _fresh(found)


@transaction.atomic
def take_seat(*, delivery: Delivery, user: User, now: datetime) -> Seat:
    """Take a seat, or say again that one comes. Who has one keeps it.

    Of two who want the last seat at the same moment exactly one gets it. Raises NotPlanned,
    NotInvited, TooLate, SessionFull.
    """
    found = _to_come(delivery, now=now)
    asked = expected.asked_of(found.audience, day=found.starts_at.date())
    seat = Seat.objects.filter(delivery=found, user=user).first()
    if seat is None and not asked.filter(pk=user.pk).exists():
        raise NotInvited(f"This session is for {found.audience}.")
    if seat is not None and seat.left_at is None:
        return seat
    [made] = _seat(found, [user], now=now)
    return made


@transaction.atomic
def leave_seat(*, delivery: Delivery, user: User, now: datetime) -> None:
    """Give a seat back, or say that one cannot come where everybody is expected.

    Raises NotPlanned, NotInvited, TooLate.
    """
    found = _to_come(delivery, now=now)
    if not expected.expected_at(found).filter(pk=user.pk).exists():
        raise NotInvited("You are not expected at this session.")
    _unseat(found, user, now=now)


@transaction.atomic
def seat_people(
    *, delivery: Delivery, users: Sequence[User], by: User, now: datetime
) -> list[Seat]:
    """Give these people a seat, whether they are asked or not, and tell them.

    Raises NotPlanned, SessionFull; then nobody got one.
    """
    found = _planned(delivery)
    has = set(found.seats.taken().values_list("user_id", flat=True))
    new = [user for user in users if user.pk not in has]
    made = _seat(found, new, now=now)
    people = [seat.user_id for seat in made if seat.user_id != by.pk]
    _send(found, "You have a seat", key=f"seat:{found.edits}", people=people, now=now)
    return made


@transaction.atomic
def unseat(*, delivery: Delivery, user: User, now: datetime) -> None:
    """Take somebody out of a session. Raises NotPlanned."""
    found = _planned(delivery)
    _unseat(found, user, now=now)


def _seat(found: Delivery, users: Sequence[User], *, now: datetime) -> list[Seat]:
    """Write seats; the row of the session is locked, so nobody else counts at the same time."""
    if found.capacity is not None:
        free = found.capacity - found.seats.taken().count()
        if len(users) > free:
            raise SessionFull(
                f"Only {free} of {found.capacity} seats are free."
                if free
                else f"All {found.capacity} seats are taken."
            )
    return list(
        Seat.objects.bulk_create(
            [Seat(delivery=found, user=user, created_at=now) for user in users],
            update_conflicts=True,
            unique_fields=["delivery", "user"],
            update_fields=["created_at", "left_at"],
        )
    )


def _unseat(found: Delivery, user: User, *, now: datetime) -> None:
    Seat.objects.update_or_create(
        delivery=found,
        user=user,
        defaults={"left_at": now},
        create_defaults={"created_at": now, "left_at": now},
    )


@transaction.atomic
def hold_session(
    *, delivery: Delivery, attended: Iterable[User], by: User, now: datetime
) -> Delivery:
    """Record that a session was held and who of those expected came.

    Who came has completed the module; who came unexpected gets a seat. Raises NotPlanned, TooLate.
    """
    found = _planned(delivery)
    if found.starts_at > now:
        raise TooLate("It has not begun yet.")
    came = {user.pk: user for user in attended}
    due = {user.pk: user for user in expected.expected_at(found)}
    Delivery.objects.filter(pk=found.pk, state=Delivery.State.PLANNED).update(
        state=Delivery.State.HELD, held_at=now, edits=F("edits") + 1, updated_at=now
    )
    found = _fresh(found)
    _write_attendance(found, due | came, came, now=now)
    return found


@transaction.atomic
def correct_attendance(
    *, delivery: Delivery, attended: Iterable[User], by: User, now: datetime
) -> Delivery:
    """Say otherwise who came, within thirty days. What a person no longer completed is removed.

    Raises NotPlanned where it was not held, TooLate.
    """
    found = _locked(delivery)
    if found.state != Delivery.State.HELD or found.held_at is None:
        raise NotPlanned("This session was not held.")
    if now > found.held_at + CORRECTABLE:
        raise TooLate(f"Attendance can be corrected for {CORRECTABLE.days} days.")
    came = {user.pk: user for user in attended}
    known = {seat.user_id: seat.user for seat in found.seats.taken().select_related("user")}
    _write_attendance(found, known | came, came, now=now)
    return found


def _write_attendance(
    found: Delivery, known: dict[int, User], came: dict[int, User], *, now: datetime
) -> None:
    """Make seats and completions what the ticks say. The same ticks again change nothing."""
    Seat.objects.bulk_create(
        [
            Seat(delivery=found, user=user, attended=pk in came, created_at=now)
            for pk, user in known.items()
        ],
        update_conflicts=True,
        unique_fields=["delivery", "user"],
        update_fields=["attended", "left_at"],
    )
    away = [completion_id(found, pk) for pk in known if pk not in came]
    Completion.objects.filter(source=SOURCE, external_id__in=away).delete()
    assert found.held_at is not None
    complete_all(
        rows=[
            Taken(
                user=user,
                version=found.version,
                completed_at=min(found.ends_at, found.held_at),
                source=SOURCE,
                external_id=completion_id(found, pk),
            )
            for pk, user in came.items()
        ],
        now=now,
    )
    touch_taught([found.version_id], now=now)


def completion_id(delivery: Delivery, user_id: int) -> str:
    """Return the name of what one person completed by being there."""
    return f"{delivery.ref}:{user_id}"


def _locked(delivery: Delivery) -> Delivery:
    return (
        Delivery.objects.select_for_update(of=("self",))
        .select_related("version__module", "audience", "trainer")
        .get(pk=delivery.pk)
    )


def _fresh(delivery: Delivery) -> Delivery:
    return Delivery.objects.select_related("version__module", "audience", "trainer").get(
        pk=delivery.pk
    )


def _planned(delivery: Delivery) -> Delivery:
    """Lock a session; who asks after it was held or called off hears so."""
    found = _locked(delivery)
    if found.state != Delivery.State.PLANNED:
        raise NotPlanned(f"This session was {found.get_state_display().lower()} already.")
    return found


def _to_come(delivery: Delivery, *, now: datetime) -> Delivery:
    found = _planned(delivery)
    if found.starts_at <= now:
        raise TooLate("This session has begun.")
    return found


def _tell(found: Delivery, what: str, *, key: str, but: User, now: datetime) -> None:
    """Tell the trainer and everybody expected, or for a session to come with seats, all asked."""
    if found.starts_at <= now:
        return
    people = set(expected.expected_at(found).values_list("pk", flat=True)) | {found.trainer_id}
    if key == "planned":
        asked = expected.asked_of(found.audience, day=found.starts_at.date())
        people |= set(asked.values_list("pk", flat=True))
    _send(found, what, key=key, people=people - {but.pk}, now=now)


def _send(found: Delivery, what: str, *, key: str, people: Iterable[int], now: datetime) -> None:
    day = formats.date_format(timezone.localtime(found.starts_at), "j M Y")
    notices.send(
        [
            notices.Message(
                person_id=person,
                key=f"session:{found.ref}:{key}",
                text=f"{found.version.title} on {day}. {what}.",
                link=found.get_absolute_url(),
            )
            for person in sorted(people)
        ],
        now=now,
    )
