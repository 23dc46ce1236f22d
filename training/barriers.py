"""Barriers: who may do what with one, the list, and telling people when one is late."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import formats

from align.notices import actions as notices
from align.notices.actions import Message
from align.notices.models import Notice
from align.people.models import Role, User
from strategy import days
from strategy.models import Barrier, BehaviorRevision, Objective
from training.models import BarrierCase, BarrierEvent

BARRIERS_A_PAGE = 50
OUTSIDE = [Role.LEAD, Role.MANAGER, Role.ADMIN]  # who can remove what training cannot
NOT_TRAINING = [
    (barrier.value, str(barrier.label))
    for barrier in Barrier
    if barrier not in {Barrier.SKILL, Barrier.WHY}
]
# As somebody says it of others; the labels of Barrier are said by a rep of oneself.
SAID = {
    Barrier.INCENTIVES: "Targets pull the other way",
    Barrier.TOOLS: "Tools",
    Barrier.PROCESS: "Process",
    Barrier.PRODUCT: "Product or price",
    Barrier.MARKET: "The customer cannot buy it",
    Barrier.COACHING: "No coaching",
    Barrier.CAPACITY: "No time",
}


def said(barrier: str) -> str:
    """Name a barrier as somebody says it of others."""
    return SAID[Barrier(barrier)]


def owners(*, besides: User | None) -> QuerySet[User]:
    """Return who can be asked to remove a barrier: leads, managers and admins, never oneself."""
    found = User.objects.filter(is_active=True, roles__overlap=OUTSIDE)
    return found.exclude(pk=besides.pk) if besides else found


def behaviors(user: User) -> QuerySet[BehaviorRevision]:
    """Return the words in force that somebody can say this of."""
    return (
        BehaviorRevision.objects.visible_to(user)
        .in_force()
        .select_related("behavior__objective__strategy", "revision__objective")
    )


def may_raise(user: User) -> bool:
    return user.is_trainer or user.is_manager or user.is_lead


def may_read_all(user: User) -> bool:
    """Whether the list is for this person at all: a rep reports instead."""
    return may_raise(user) or user.is_admin


@dataclass(frozen=True, kw_only=True)
class May:
    """What a person may do with one barrier, as it stands."""

    accept: bool
    hand_on: bool
    move: bool
    say: bool
    end: bool  # removed, or kept with a reason
    withdraw: bool
    reopen: bool


FOR_WHOM = {
    "accept": "This is for who has to remove it.",
    "hand_on": "This is for who raised it, who has to remove it, and the objective's lead.",
    "move": "This is for who raised it, who has to remove it, and the objective's lead.",
    "say": "This is for everybody who sees it.",
    "end": "This is for who has to remove it, and the objective's lead.",
    "withdraw": "This is for who raised it.",
    "reopen": "This is for who raised it, the objective's lead, and trainers.",
}


def may(case: BarrierCase, user: User) -> May:
    """Say what a person may do now: who has a say in it, and what is left to do."""
    stands = case.state not in BarrierCase.ENDED
    say = _say(case, user)
    return May(
        accept=say["accept"] and case.state == BarrierCase.State.OPEN,
        hand_on=say["hand_on"] and stands,
        move=say["move"] and stands,
        say=True,
        end=say["end"] and stands,
        withdraw=say["withdraw"] and stands,
        reopen=say["reopen"] and not stands,
    )


def has_say(case: BarrierCase, user: User, what: str) -> bool:
    """Whether a person has a say in this, however the barrier stands."""
    return _say(case, user)[what]


def _say(case: BarrierCase, user: User) -> dict[str, bool]:
    """The owner, who raised it, and the leads of its objective; trainers may open it again."""
    lead = Objective.objects.editable_by(user).filter(pk=case.behavior.objective_id).exists()
    owns, raised = case.owner_id == user.pk, case.raised_by_id == user.pk
    return {
        "accept": owns,
        "hand_on": owns or raised or lead,
        "move": owns or raised or lead,
        "say": True,
        "end": owns or lead,
        "withdraw": raised,
        "reopen": raised or lead or user.is_trainer,
    }


def today(case: BarrierCase, *, now: datetime) -> date:
    """Return the day it is where the strategy is in force."""
    return days.day_of(now, strategy=case.behavior.objective.strategy)


def is_late(case: BarrierCase, *, now: datetime) -> bool:
    return case.state not in BarrierCase.ENDED and case.due_on < today(case, now=now)


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the list."""

    case: BarrierCase
    what: str
    code: str
    statement: str
    late: bool
    stands: bool


@dataclass(frozen=True, kw_only=True)
class Listed:
    page: Page[BarrierCase]
    rows: tuple[Row, ...]
    standing: int
    late: int


def listed(*, user: User, chosen: dict[str, Any], page: str | None, now: datetime) -> Listed:
    """Read the barriers a person may see: those that stand first, the oldest day first."""
    seen = BarrierCase.objects.visible_to(user)
    shown = Paginator(_narrowed(seen, user, chosen, now), BARRIERS_A_PAGE).get_page(page)
    cases = list(shown)
    words = _words(cases)
    return Listed(
        page=shown,
        rows=tuple(_row(case, words, now) for case in cases),
        standing=seen.standing().count(),
        late=sum(is_late(case, now=now) for case in _due(seen, now)),
    )


def _due(cases: QuerySet[BarrierCase], now: datetime) -> QuerySet[BarrierCase]:
    """Return those whose day may be over in some zone; ``is_late`` knows the zone."""
    found: Any = cases
    passed: QuerySet[BarrierCase] = found.standing().filter(due_on__lte=now.date())
    return passed.select_related("behavior__objective__strategy")


def _narrowed(
    seen: QuerySet[BarrierCase], user: User, chosen: dict[str, Any], now: datetime
) -> QuerySet[BarrierCase]:
    found: Any = seen.select_related("behavior__objective__strategy", "owner", "raised_by")
    state = chosen.get("state") or "standing"
    if state == "standing":
        found = found.standing()
    elif state == "late":
        late = [case.pk for case in _due(seen, now) if is_late(case, now=now)]
        found = found.filter(pk__in=late)
    elif state == "ended":
        found = found.filter(state__in=BarrierCase.ENDED)
    if chosen.get("barrier"):
        found = found.filter(barrier=chosen["barrier"])
    if chosen.get("objective"):
        found = found.filter(behavior__objective=chosen["objective"])
    if chosen.get("behavior"):
        found = found.filter(behavior=chosen["behavior"])
    if chosen.get("mine"):
        found = found.filter(Q(owner=user) | Q(raised_by=user))
    ordered: QuerySet[BarrierCase] = found.order_by(
        F("ended_at").desc(nulls_first=True), "due_on", "pk"
    )
    return ordered


def _words(cases: Sequence[BarrierCase]) -> dict[int, str]:
    """Return what each behavior says: in force, else as it was said last."""
    rows = (
        BehaviorRevision.objects.filter(
            behavior__in={case.behavior_id for case in cases}, revision__state="published"
        )
        .order_by("behavior", "-revision__number")
        .distinct("behavior")
    )
    return dict(rows.values_list("behavior", "statement"))


def _row(case: BarrierCase, words: dict[int, str], now: datetime) -> Row:
    return Row(
        case=case,
        what=said(case.barrier),
        code=case.behavior.objective.code,
        statement=words.get(case.behavior_id, case.behavior.code),
        late=is_late(case, now=now),
        stands=case.state not in BarrierCase.ENDED,
    )


@dataclass(frozen=True, kw_only=True)
class Detail:
    """Everything one barrier's page shows."""

    row: Row
    objective: Objective
    events: tuple["Told", ...]
    may: May


@dataclass(frozen=True, kw_only=True)
class Told:
    """One step of its story, in words."""

    event: BarrierEvent
    words: str


def detail(*, case: BarrierCase, user: User, now: datetime) -> Detail:
    """Read one barrier with its story, the first step first."""
    events = list(case.events.select_related("actor"))
    return Detail(
        row=_row(case, _words([case]), now),
        objective=case.behavior.objective,
        events=tuple(Told(event=event, words=_told(event)) for event in events),
        may=may(case, user),
    )


def _told(event: BarrierEvent) -> str:
    """“Handed on from Mia to Lena”, “Due on another day: 4 Dec instead of 27 Nov”."""
    label = str(event.get_kind_display())
    if event.kind == BarrierEvent.Kind.HANDED_ON:
        return f"{label} from {event.before.get('owner')} to {event.after.get('owner')}"
    if event.kind == BarrierEvent.Kind.MOVED:
        return f"{label}: {_day(event.after['due_on'])} instead of {_day(event.before['due_on'])}"
    return label


def _day(text: str) -> str:
    return formats.date_format(date.fromisoformat(text), "j M Y")


@transaction.atomic
def tell_late(*, now: datetime) -> None:
    """Tell the owner and the raiser of each barrier whose day is over. Once for each such day.

    Two statements, however many there are; running it again tells nobody anything new.
    """
    zones = timedelta(days=1)  # no clock is further ahead than that
    rows = (
        BarrierCase.objects.all()
        .standing()
        .filter(due_on__lt=(now + zones).date())
        .select_related("behavior__objective__strategy", "owner", "raised_by")
        .order_by("pk")
    )
    messages = [message for row in rows if is_late(row, now=now) for message in _late(row)]
    told = set(
        Notice.objects.filter(key__in={message.key for message in messages}).values_list(
            "person", "key"
        )
    )
    new = [message for message in messages if (message.person_id, message.key) not in told]
    notices.send(new, now=now)


def _late(case: BarrierCase) -> Iterable[Message]:
    people = {user.pk for user in (case.owner, case.raised_by) if user and user.is_active}
    for person in sorted(people):
        yield Message(
            person_id=person,
            key=f"barrier-late:{case.pk}:{case.due_on.isoformat()}",
            text=f"{said(case.barrier)} still stands in the way of "
            f"{case.behavior.objective.code} {case.behavior.code}. "
            f"It was to be removed by {formats.date_format(case.due_on, 'j F')}.",
            link=case.get_absolute_url(),
        )
