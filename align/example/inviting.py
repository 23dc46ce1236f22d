"""Sessions of the example: one that was held, some to come, and what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from align.example import days
from align.example.staffing import Staff
from align.example.teaching import Taught
from align.people.models import Audience, User
from training import actions as training
from training import expected
from training.models import Delivery, Mapping, Module


@dataclass(frozen=True)
class Session:
    code: str
    ahead: int  # days from today; less than nothing is past
    hour: int  # in UTC
    seats: int | None  # None: everybody
    place: str


HELD = Session("SRV-1", -9, 13, 8, "Training room, second floor")
TO_COME = (
    Session("NEG-2", 3, 8, None, "Test hall 2"),
    Session("SRV-1", 8, 13, 12, "Training room, second floor"),
    Session("NRG-1", 16, 9, 20, "Online"),
)
DUE = ("SRV-1", 21)  # module, days from today
SAID = 6  # days ago


def invite(*, staff: Staff, taught: Taught, calendar: days.Calendar) -> None:
    """Plan the sessions and give half of the seats away; say what is due by when."""
    for row in TO_COME:
        _plan(row, taught.modules[row.code], calendar=calendar, now=calendar.at(SAID))
    before = calendar.at(-HELD.ahead + SAID)
    held, people = _plan(HELD, taught.modules[HELD.code], calendar=calendar, now=before)
    training.hold_session(
        delivery=held, attended=people[1:], by=held.trainer, now=held.ends_at + timedelta(hours=1)
    )
    module = taught.modules[DUE[0]]
    training.assign_module(
        module=module,
        audience=_audience(module),
        due_on=_workday(calendar, DUE[1], 9).date(),
        by=module.owner,
        now=calendar.at(SAID),
    )


def _plan(
    row: Session, module: Module, *, calendar: days.Calendar, now: datetime
) -> tuple[Delivery, list[User]]:
    version = module.current
    if version is None:
        raise ValueError(f"{module.code} is not published.")
    begins = _workday(calendar, row.ahead, row.hour)
    session = training.plan_session(
        version=version,
        plan=training.Plan(
            audience=_audience(module),
            trainer=module.owner,
            starts_at=begins,
            ends_at=begins + timedelta(hours=float(version.hours)),
            place=row.place,
            capacity=row.seats,
        ),
        by=module.owner,
        now=now,
    )
    asked = expected.asked_of(session.audience, day=begins.date())
    people = list(asked.order_by("email")[: row.seats // 2]) if row.seats else []
    training.seat_people(delivery=session, users=people, by=module.owner, now=now)
    return session, people


def _audience(module: Module) -> Audience:
    claims = Mapping.objects.alive().filter(version__module=module).select_related("audience")
    return claims.order_by("pk")[0].audience


def _workday(calendar: days.Calendar, ahead: int, hour: int) -> datetime:
    when = (calendar.now + timedelta(days=ahead)).replace(
        hour=hour, minute=0, second=0, microsecond=0
    )
    return when + timedelta(days=max(0, 7 - when.weekday()) if when.weekday() > 4 else 0)
