"""What makes a behavior last: its drivers, and the audiences that practice it already."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from align.people.models import Role, User
from strategy import config as thresholds
from strategy.models import BehaviorRevision, Objective
from training import coverage
from training.models import CellState, Driver, Waiver

OWNERS = [Role.LEAD, Role.TRAINER, Role.MANAGER]  # who can answer for a driver

# What each kind asks, and how the page says that nobody does it.
ASKS = {
    Driver.Kind.MONITOR: "Who looks whether it happens, and how often",
    Driver.Kind.REINFORCE: "Who brings it back to mind, and when",
    Driver.Kind.ENCOURAGE: "Who coaches and backs people who try it",
    Driver.Kind.REWARD: "What people get for doing it",
}
MISSING = {
    Driver.Kind.MONITOR: "No one monitors it yet.",
    Driver.Kind.REINFORCE: "No one reinforces it yet.",
    Driver.Kind.ENCOURAGE: "No one encourages it yet.",
    Driver.Kind.REWARD: "No one rewards it yet.",
}


def owners() -> QuerySet[User]:
    return User.objects.filter(is_active=True, roles__overlap=OWNERS)


def may_set(user: User) -> bool:
    """Whether a person names drivers at all: trainers, managers and leads."""
    return user.is_active and (user.is_trainer or user.is_manager or user.is_lead)


def may_sign(objective_id: int, user: User) -> bool:
    """Whether a person waives: the objective's owner, or who leads the strategy."""
    return Objective.objects.editable_by(user).filter(pk=objective_id).exists()


def words(user: User) -> QuerySet[BehaviorRevision]:
    """Return the words in force, as far as somebody may see them."""
    return (
        BehaviorRevision.objects.visible_to(user)
        .in_force()
        .select_related("behavior__objective__strategy", "revision__objective")
        .prefetch_related("audiences")
    )


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One of the four kinds: what it asks, and the driver that stands."""

    value: str
    label: str
    asks: str
    missing: str
    driver: Driver | None
    waived: bool


@dataclass(frozen=True, kw_only=True)
class Cell:
    """One audience the behavior is asked of: may it count as practiced already?"""

    state: CellState
    seen: bool
    waiver: Waiver | None
    outdated: bool  # the waiver was signed for other words
    may_waive: bool


@dataclass(frozen=True, kw_only=True)
class DriversPage:
    """Everything the page of a behavior's drivers shows."""

    words: BehaviorRevision
    objective: Objective
    kinds: tuple[Kind, ...]
    missing: int
    ended: tuple[Driver, ...]
    cells: tuple[Cell, ...]
    may_set: bool
    may_sign: bool


def drivers(*, words: BehaviorRevision, user: User, now: datetime) -> DriversPage:
    """Read the drivers of a behavior: the four kinds, what they were, and who practices already."""
    rows = list(Driver.objects.filter(behavior=words.behavior).select_related("owner", "author"))
    standing = {row.kind: row for row in rows if row.ended_at is None}
    ended = [row for row in rows if row.ended_at is not None]
    objective = words.behavior.objective
    signs = may_sign(objective.pk, user)
    return DriversPage(
        words=words,
        objective=objective,
        kinds=tuple(_kind(kind, standing.get(kind)) for kind in Driver.Kind),
        missing=len(Driver.Kind) - len(standing),
        ended=tuple(sorted(ended, key=_when_ended, reverse=True)),
        cells=tuple(_cells(words, signs=signs, now=now)),
        may_set=may_set(user),
        may_sign=signs,
    )


def _when_ended(driver: Driver) -> datetime:
    assert driver.ended_at is not None
    return driver.ended_at


def _kind(kind: Driver.Kind, driver: Driver | None) -> Kind:
    return Kind(
        value=kind.value,
        label=str(kind.label),
        asks=ASKS[kind],
        missing=MISSING[kind],
        driver=driver,
        waived=bool(driver and driver.waived_because),
    )


def _cells(words: BehaviorRevision, *, signs: bool, now: datetime) -> list[Cell]:
    states = CellState.objects.filter(behavior=words.behavior).select_related("audience")
    waivers = {
        row.audience_id: row
        for row in Waiver.objects.all()
        .standing()
        .filter(behavior=words.behavior)
        .select_related("author")
    }
    config = thresholds.current()
    return [
        _cell(state, waivers.get(state.audience_id), words, signs, now, config)
        for state in states.order_by("audience__name")
    ]


def _cell(
    state: CellState,
    waiver: Waiver | None,
    words: BehaviorRevision,
    signs: bool,
    now: datetime,
    config: thresholds.Config,
) -> Cell:
    judged = coverage.Cell.of(state, now=now, config=config)
    outdated = waiver is not None and waiver.fingerprint != words.fingerprint
    stands = waiver is not None and not outdated
    shown = judged.reached_holds and judged.demonstrated_holds
    return Cell(
        state=state,
        seen=judged.seen,
        waiver=waiver,
        outdated=outdated,
        may_waive=signs and judged.seen and not shown and not stands,
    )


def is_seen(state: CellState, *, now: datetime, config: thresholds.Config) -> bool:
    """Whether enough people were observed, and enough of them at standard."""
    return coverage.Cell.of(state, now=now, config=config).seen
