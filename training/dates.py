"""A person's dates: sessions they give, come to or could come to, and what is due."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from align.people.models import User
from training import due, expected
from training.models import Delivery, Seat

PLANNED, CANCELED = Delivery.State.PLANNED, Delivery.State.CANCELED


@dataclass(frozen=True, kw_only=True)
class Date:
    """One session as it concerns one person."""

    delivery: Delivery
    part: str  # “You give it”, “You have a seat”, …
    mine: bool  # they give it, have a seat or are expected
    may_take: bool
    may_leave: bool

    @property
    def day(self) -> date:
        return timezone.localtime(self.delivery.starts_at).date()

    @property
    def hours(self) -> str:
        """“14:00 to 15:30”, with the last day where it is another one."""
        begins = timezone.localtime(self.delivery.starts_at)
        ends = timezone.localtime(self.delivery.ends_at)
        until = f"{ends:%H:%M}" if begins.date() == ends.date() else f"{ends.day} {ends:%b %H:%M}"
        return f"{begins:%H:%M} to {until}"


def sessions(user: User, *, begins: datetime, ends: datetime, now: datetime) -> list[Date]:
    """Return the sessions of a person between two moments, in order of time."""
    audiences = set(expected.audiences_of(user, day=now.date()).values_list("pk", flat=True))
    seats = {
        seat.delivery_id: seat
        for seat in Seat.objects.filter(
            user=user, delivery__starts_at__lt=ends, delivery__ends_at__gt=begins
        )
    }
    found = (
        Delivery.objects.visible_to(user)
        .filter(Q(trainer=user) | Q(audience__in=audiences) | Q(pk__in=seats))
        .filter(starts_at__lt=ends, ends_at__gt=begins)
        .select_related("version__module", "trainer", "audience")
        .annotate(taken=Count("seats", filter=Q(seats__left_at=None)))
        .order_by("starts_at", "pk")
    )
    rows = [
        of(
            row,
            user,
            seats.get(row.pk),
            asked=row.audience_id in audiences,
            seats=row.taken,  # type: ignore[attr-defined]  # annotated
            now=now,
        )
        for row in found
    ]
    # What was held without them, or called off before they had to do with it, is no date of theirs.
    return [row for row in rows if row.mine or row.delivery.state == PLANNED]


def of(
    row: Delivery, user: User, seat: Seat | None, *, asked: bool, seats: int, now: datetime
) -> Date:
    """Say what one session is to one person; whether they are asked was looked up before."""
    seated = seat is not None and seat.left_at is None
    away = seat is not None and seat.left_at is not None
    gives = row.trainer_id == user.pk
    everybody = row.capacity is None and row.state != Delivery.State.HELD
    invited = asked or seat is not None
    comes = seated or (everybody and asked and not away)
    to_come = row.state == PLANNED and row.starts_at > now
    full = row.capacity is not None and seats >= row.capacity
    return Date(
        delivery=row,
        part=_part(row, seat, gives=gives, comes=comes, invited=invited, full=full),
        mine=gives or comes,
        may_take=to_come and invited and not comes and not full,
        may_leave=to_come and comes and invited,
    )


def _part(
    row: Delivery, seat: Seat | None, *, gives: bool, comes: bool, invited: bool, full: bool
) -> str:
    if row.state == CANCELED:
        return "Called off"
    if gives:
        return "You gave it" if row.state == Delivery.State.HELD else "You give it"
    if row.state == Delivery.State.HELD:
        return "You were there" if seat and seat.attended else "Held"
    if comes:
        return "You are expected" if row.capacity is None else "You have a seat"
    if not invited:
        return ""
    if row.capacity is None:
        return "You said that you cannot come"
    return "All seats are taken" if full else "Seats are free"


@dataclass(frozen=True, kw_only=True)
class Day:
    day: date
    sessions: tuple[Date, ...]
    dues: tuple[due.Due, ...]


@dataclass(frozen=True, kw_only=True)
class Week:
    """A week that has something in it; its first day is a Monday."""

    number: int
    begins: date
    ends: date
    days: tuple[Day, ...]
    current: bool


@dataclass(frozen=True, kw_only=True)
class Month:
    begins: date
    weeks: Sequence[Week]
    overdue: Sequence[due.Due]
    before: str
    after: str
    current: bool


def month(user: User, *, first: date, now: datetime) -> Month:
    """Read one month of a person's dates, week by week, as their clock has it."""
    today = timezone.localdate(now)
    after = (first + timedelta(days=32)).replace(day=1)
    rows = [
        row
        for row in sessions(user, begins=midnight(first), ends=midnight(after), now=now)
        if first <= row.day < after
    ]
    open_dues = due.dues(user, day=today)
    inside = [row for row in open_dues if first <= row.on < after]
    return Month(
        begins=first,
        weeks=_weeks(rows, inside, today=today),
        overdue=[row for row in open_dues if row.overdue and row not in inside],
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{after:%Y-%m}",
        current=first <= today < after,
    )


def midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware


def _weeks(rows: Sequence[Date], dues: Sequence[due.Due], *, today: date) -> list[Week]:
    days = sorted({row.day for row in rows} | {row.on for row in dues})
    mondays = sorted({day - timedelta(days=day.weekday()) for day in days})
    return [
        Week(
            number=monday.isocalendar().week,
            begins=monday,
            ends=monday + timedelta(days=6),
            current=monday <= today < monday + timedelta(days=7),
            days=tuple(
                Day(
                    day=day,
                    sessions=tuple(row for row in rows if row.day == day),
                    dues=tuple(row for row in dues if row.on == day),
                )
                for day in days
                if monday <= day < monday + timedelta(days=7)
            ),
        )
        for monday in mondays
    ]


def to_feed(user: User, *, now: datetime) -> Iterable[Date]:
    """Return what a calendar program gets: a person's own sessions, two months back, a year on."""
    rows = sessions(user, begins=now - timedelta(days=60), ends=now + timedelta(days=366), now=now)
    return [row for row in rows if row.mine]
