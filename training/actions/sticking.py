"""Naming who makes a behavior last, and signing that an audience practices it already.

Each verb asks for itself whether a person may: pages and API cannot differ.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from align.people.models import Audience, User
from strategy import config as thresholds
from strategy import outbox
from strategy.models import Behavior, BehaviorRevision
from training import sticking
from training.actions.words import DriverMoved, Invalid, NotInForce
from training.models import CellState, Driver, Waiver

LEADS_ONLY = "This is for the objective's owner and the lead of its strategy."


@transaction.atomic
def set_driver(
    *, behavior: Behavior, kind: str, text: str, owner: User | None, by: User, now: datetime
) -> Driver:
    """Say who does what, how often, so that a behavior lasts; it replaces what stood before.

    The same again changes nothing. Raises Invalid, NotInForce, PermissionDenied.
    """
    if not sticking.may_set(by):
        raise PermissionDenied("This is for trainers, managers and strategy leads.")
    _words(behavior, by)
    errors = _wrong_kind(kind)
    if not text.strip():
        errors["text"] = "Say who does what, and how often."
    if owner is None or not sticking.owners().filter(pk=owner.pk).exists():
        errors["owner"] = "Choose a lead, a trainer or a manager who answers for it."
    if errors or owner is None:
        raise Invalid(errors)
    return _replace(behavior, kind, by=by, now=now, text=text.strip(), owner=owner)


@transaction.atomic
def waive_driver(*, behavior: Behavior, kind: str, because: str, by: User, now: datetime) -> Driver:
    """Sign that nobody has to do this, and why. Raises Invalid, NotInForce, PermissionDenied."""
    _check_lead(behavior, by)
    _words(behavior, by)
    errors = _wrong_kind(kind)
    if not because.strip():
        errors["because"] = "Say why nobody has to."
    if errors:
        raise Invalid(errors)
    return _replace(behavior, kind, by=by, now=now, waived_because=because.strip())


@transaction.atomic
def end_driver(*, driver: Driver, by: User, now: datetime) -> Driver:
    """End a driver, or the waiver of one: only a lead takes back what a lead signed."""
    if driver.waived_because:
        _check_lead(driver.behavior, by)
    elif not sticking.may_set(by):
        raise PermissionDenied("This is for trainers, managers and strategy leads.")
    if not Driver.objects.filter(pk=driver.pk, ended_at=None).update(ended_at=now):
        raise DriverMoved
    driver.refresh_from_db()
    return driver


def _replace(
    behavior: Behavior,
    kind: str,
    *,
    by: User,
    now: datetime,
    text: str = "",
    owner: User | None = None,
    waived_because: str = "",
) -> Driver:
    """End what stands and begin anew, one at a time: the behavior's row is the lock."""
    Behavior.objects.select_for_update(no_key=True).get(pk=behavior.pk)
    standing = Driver.objects.all().standing().filter(behavior=behavior, kind=kind)
    before = standing.first()
    if before and (before.text, before.owner, before.waived_because) == (
        text,
        owner,
        waived_because,
    ):
        return before
    standing.update(ended_at=now)
    return Driver.objects.create(
        behavior=behavior,
        kind=kind,
        text=text,
        owner=owner,
        waived_because=waived_because,
        author=by,
        created_at=now,
    )


# An audience that practices it already


@transaction.atomic
def waive_cell(
    *, behavior: Behavior, audience: Audience, evidence: str, by: User, now: datetime
) -> Waiver:
    """Sign that an audience practices a behavior already, and what shows it.

    It holds while the behavior stays what it is. Only what is seen can be waived: a signature
    never stands in for seeing. The same again changes nothing. Raises Invalid, NotInForce,
    PermissionDenied.
    """
    _check_lead(behavior, by)
    words = _words(behavior, by)
    errors = {}
    if not evidence.strip():
        errors["evidence"] = "Say what shows that they practice it already."
    if not words.audiences.filter(pk=audience.pk).exists():
        errors["audience"] = "This behavior is not asked of this audience."
    elif not _is_seen(behavior, audience, now=now):
        errors["audience"] = (
            "It is not seen there yet: too few were observed, or too few of them at standard."
        )
    if errors:
        raise Invalid(errors)
    Behavior.objects.select_for_update(no_key=True).get(pk=behavior.pk)
    standing = Waiver.objects.all().standing().filter(behavior=behavior, audience=audience)
    before = standing.first()
    if before and (before.fingerprint, before.evidence) == (words.fingerprint, evidence.strip()):
        return before
    standing.update(ended_at=now)
    made = Waiver.objects.create(
        behavior=behavior,
        audience=audience,
        fingerprint=words.fingerprint,
        evidence=evidence.strip(),
        author=by,
        created_at=now,
    )
    outbox.touch([behavior.objective_id], now=now)
    return made


@transaction.atomic
def end_waiver(*, waiver: Waiver, by: User, now: datetime) -> Waiver:
    """Take the signature back. Raises DriverMoved where it is over, PermissionDenied."""
    _check_lead(waiver.behavior, by)
    if not Waiver.objects.filter(pk=waiver.pk, ended_at=None).update(ended_at=now):
        raise DriverMoved
    outbox.touch([waiver.behavior.objective_id], now=now)
    waiver.refresh_from_db()
    return waiver


def _is_seen(behavior: Behavior, audience: Audience, *, now: datetime) -> bool:
    cell = CellState.objects.filter(behavior=behavior, audience=audience).first()
    return cell is not None and sticking.is_seen(cell, now=now, config=thresholds.current())


def _check_lead(behavior: Behavior, by: User) -> None:
    if not sticking.may_sign(behavior.objective_id, by):
        raise PermissionDenied(LEADS_ONLY)


def _words(behavior: Behavior, by: User) -> BehaviorRevision:
    found = sticking.words(by).filter(behavior=behavior).first()
    if found is None:
        raise NotInForce("This behavior is not in force.")
    return found


def _wrong_kind(kind: str) -> dict[str, str]:
    return {} if kind in Driver.Kind.values else {"kind": "Choose one of the four kinds."}
