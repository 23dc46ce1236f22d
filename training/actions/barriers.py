"""“This cannot be trained”: opening a barrier, and every step until it is gone or stays.

Each verb asks for itself whether a person may: pages and API cannot differ. What a verb changes
it changes only while the barrier is as the verb expects; otherwise it raises BarrierMoved.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from align.notices import actions as notices
from align.notices.actions import Message
from align.people.models import User
from strategy import days
from strategy.models import Behavior
from training import barriers
from training.actions.words import BarrierMoved, Invalid, NotInForce
from training.models import BarrierCase, BarrierEvent

Kind, State = BarrierEvent.Kind, BarrierCase.State
STANDING = (State.OPEN, State.ACCEPTED)


@transaction.atomic
def raise_barrier(
    *,
    behavior: Behavior,
    barrier: str,
    text: str,
    owner: User | None,
    due_on: date,
    by: User,
    now: datetime,
) -> BarrierCase:
    """Say what stands in the way of a behavior, and who has to remove it by when.

    The same words by the same person while it stands are the same barrier. Raises Invalid,
    NotInForce, PermissionDenied.
    """
    if not barriers.may_raise(by):
        raise PermissionDenied("This is for trainers, managers and strategy leads.")
    # Nothing else locks a behavior: two that say the same at once would both find nothing.
    locked = Behavior.objects.select_for_update(no_key=True).select_related(None)
    found = locked.get(pk=behavior.pk)
    if not barriers.behaviors(by).filter(behavior=found).exists():
        raise NotInForce("This behavior is not in force.")
    errors = _wrong_owner(owner, by) | _wrong_day(found, due_on, now)
    if barrier not in dict(barriers.NOT_TRAINING):
        errors["barrier"] = "Choose what stands in the way. Skill and why are for training."
    if not text.strip():
        errors["text"] = "Say what stands in the way, so that somebody can remove it."
    if errors:
        raise Invalid(errors)
    same = BarrierCase.objects.all().standing().filter(behavior=found, barrier=barrier)
    known = same.filter(text=text.strip(), raised_by=by).first()
    if known:
        return known
    case = BarrierCase.objects.create(
        behavior=found,
        barrier=barrier,
        text=text.strip(),
        raised_by=by,
        owner=owner,
        due_on=due_on,
        created_at=now,
    )
    event = _record(case, Kind.RAISED, by=by, now=now, note=case.text)
    _tell_owner(case, event, "You are asked to remove a barrier", now=now)
    return case


@transaction.atomic
def accept_barrier(*, case: BarrierCase, by: User, now: datetime) -> BarrierCase:
    """Say “it is mine, I will remove it”. Raises BarrierMoved, PermissionDenied."""
    _check(case, by, "accept")
    _change(case, [State.OPEN], owner_was=case.owner_id, state=State.ACCEPTED)
    _record(case, Kind.ACCEPTED, by=by, now=now)
    return case


@transaction.atomic
def hand_barrier_on(
    *, case: BarrierCase, owner: User | None, note: str, by: User, now: datetime
) -> BarrierCase:
    """Ask somebody else to remove it, and say why. Raises Invalid, BarrierMoved."""
    _check(case, by, "hand_on")
    errors = _wrong_owner(owner, case.raised_by)
    if owner and owner.pk == case.owner_id:
        errors["owner"] = f"{owner} has it already."
    if not note.strip():
        errors["note"] = "Say why it is for them."
    if errors or owner is None:
        raise Invalid(errors)
    before = {"owner": _name(case.owner)}
    _change(case, STANDING, owner_was=case.owner_id, state=State.OPEN, owner=owner)
    after = {"owner": _name(owner)}
    event = _record(
        case, Kind.HANDED_ON, by=by, now=now, note=note.strip(), before=before, after=after
    )
    _tell_owner(case, event, f"{by} handed you a barrier", now=now)
    return case


@transaction.atomic
def move_barrier(
    *, case: BarrierCase, due_on: date, reason: str, by: User, now: datetime
) -> BarrierCase:
    """Set another day for it, with a reason. Raises Invalid, BarrierMoved."""
    _check(case, by, "move")
    errors = _wrong_day(case.behavior, due_on, now)
    if due_on == case.due_on:
        errors["due_on"] = "This is the day it has."
    if not reason.strip():
        errors["reason"] = "Say why it takes another day."
    if errors:
        raise Invalid(errors)
    before = {"due_on": case.due_on.isoformat()}
    _change(case, STANDING, due_was=case.due_on, due_on=due_on)
    after = {"due_on": due_on.isoformat()}
    event = _record(
        case, Kind.MOVED, by=by, now=now, note=reason.strip(), before=before, after=after
    )
    _tell_others(case, event, f"{by} set another day for a barrier", by=by, now=now)
    return case


@transaction.atomic
def say_on_barrier(*, case: BarrierCase, note: str, by: User, now: datetime) -> BarrierEvent:
    """Add a note to its story. Raises Invalid."""
    if not note.strip():
        raise Invalid({"note": "Say something."})
    event = _record(case, Kind.SAID, by=by, now=now, note=note.strip())
    _tell_others(case, event, f"{by} wrote on a barrier", by=by, now=now)
    return event


@transaction.atomic
def remove_barrier(*, case: BarrierCase, outcome: str, by: User, now: datetime) -> BarrierCase:
    """Say that it is gone, and what was done. Raises Invalid, BarrierMoved."""
    return _end(
        case, State.REMOVED, Kind.REMOVED, "Say what was done.", outcome=outcome, by=by, now=now
    )


@transaction.atomic
def keep_barrier(*, case: BarrierCase, outcome: str, by: User, now: datetime) -> BarrierCase:
    """Say that it stays, and why. Raises Invalid, BarrierMoved."""
    return _end(case, State.KEPT, Kind.KEPT, "Say why it stays.", outcome=outcome, by=by, now=now)


def _end(
    case: BarrierCase,
    state: BarrierCase.State,
    kind: BarrierEvent.Kind,
    ask: str,
    *,
    outcome: str,
    by: User,
    now: datetime,
) -> BarrierCase:
    _check(case, by, "end")
    if not outcome.strip():
        raise Invalid({"outcome": ask})
    words = outcome.strip()
    _change(case, STANDING, state=state, outcome=words, ended_at=now)
    event = _record(case, kind, by=by, now=now, note=words)
    _tell_others(case, event, f"{state.label}", by=by, now=now)
    return case


@transaction.atomic
def withdraw_barrier(*, case: BarrierCase, note: str, by: User, now: datetime) -> BarrierCase:
    """Take back what one raised, with a reason. Raises Invalid, BarrierMoved."""
    _check(case, by, "withdraw")
    if not note.strip():
        raise Invalid({"note": "Say why nobody has to remove it any more."})
    words = note.strip()
    _change(case, STANDING, state=State.WITHDRAWN, outcome=words, ended_at=now)
    event = _record(case, Kind.WITHDRAWN, by=by, now=now, note=words)
    _tell_others(case, event, "Withdrawn", by=by, now=now)
    return case


@transaction.atomic
def reopen_barrier(
    *, case: BarrierCase, due_on: date, note: str, by: User, now: datetime
) -> BarrierCase:
    """Say that it stands in the way again. Raises Invalid, BarrierMoved."""
    _check(case, by, "reopen")
    errors = _wrong_day(case.behavior, due_on, now)
    if not note.strip():
        errors["note"] = "Say what stands in the way again."
    if errors:
        raise Invalid(errors)
    before = {"state": case.state, "due_on": case.due_on.isoformat()}
    _change(case, BarrierCase.ENDED, state=State.OPEN, outcome="", ended_at=None, due_on=due_on)
    after = {"state": case.state, "due_on": due_on.isoformat()}
    event = _record(case, Kind.AGAIN, by=by, now=now, note=note.strip(), before=before, after=after)
    _tell_owner(case, event, "A barrier of yours stands again", now=now)
    return case


# What they share


def _check(case: BarrierCase, by: User, what: str) -> None:
    """Refuse who has no say in it, and what has moved on meanwhile."""
    if not barriers.has_say(case, by, what):
        raise PermissionDenied(barriers.FOR_WHOM[what])
    if not getattr(barriers.may(case, by), what):
        raise BarrierMoved(case)


def _change(
    case: BarrierCase,
    states: Sequence[str],
    *,
    owner_was: int | None = None,
    due_was: date | None = None,
    **values: Any,
) -> None:
    """Change it only while it is what the person saw: the number of rows decides."""
    rows = BarrierCase.objects.filter(pk=case.pk, state__in=states)
    if owner_was is not None:
        rows = rows.filter(owner=owner_was)
    if due_was is not None:
        rows = rows.filter(due_on=due_was)
    if not rows.update(**values):
        case.refresh_from_db()
        raise BarrierMoved(case)
    case.refresh_from_db()


def _record(
    case: BarrierCase,
    kind: BarrierEvent.Kind,
    *,
    by: User,
    now: datetime,
    note: str = "",
    before: dict[str, str] | None = None,
    after: dict[str, str] | None = None,
) -> BarrierEvent:
    return BarrierEvent.objects.create(
        case=case,
        kind=kind,
        actor=by,
        at=now,
        note=note,
        before=before or {},
        after=after or {},
    )


def _name(user: User | None) -> str:
    return str(user) if user else "nobody"


def _wrong_owner(owner: User | None, raised_by: User | None) -> dict[str, str]:
    """It is for somebody outside training, and not for who raised it."""
    if owner is None:
        return {"owner": "Choose who has to remove it."}
    if raised_by and owner.pk == raised_by.pk:
        return {"owner": "Choose somebody else: who raised it waits for it."}
    if not barriers.owners(besides=None).filter(pk=owner.pk).exists():
        return {"owner": "Choose a lead, a manager or an admin: it is not for training."}
    return {}


def _wrong_day(behavior: Behavior, due_on: date, now: datetime) -> dict[str, str]:
    today = days.day_of(now, strategy=behavior.objective.strategy)
    return {} if due_on > today else {"due_on": "Choose a day to come."}


def _tell_owner(case: BarrierCase, event: BarrierEvent, what: str, *, now: datetime) -> None:
    """At once: it is theirs now."""
    if case.owner_id and case.owner_id != event.actor_id:
        notices.send([_message(case, event, case.owner_id, what, at_once=True)], now=now)


def _tell_others(
    case: BarrierCase, event: BarrierEvent, what: str, *, by: User, now: datetime
) -> None:
    """Tell who raised it and who has it, but not who did this."""
    people = sorted({pk for pk in (case.raised_by_id, case.owner_id) if pk and pk != by.pk})
    notices.send([_message(case, event, pk, what) for pk in people], now=now)


def _message(
    case: BarrierCase, event: BarrierEvent, person_id: int, what: str, *, at_once: bool = False
) -> Message:
    about = f"{case.behavior.objective.code} {case.behavior.code}"
    return Message(
        person_id=person_id,
        key=f"barrier:{event.pk}",
        text=f"{what}: {barriers.said(case.barrier).lower()}, {about}. {event.note}".strip(),
        link=case.get_absolute_url(),
        at_once=at_once,
    )
