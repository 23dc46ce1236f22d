"""What waits for one trainer: claims to check, flags to answer, barriers, sessions to close."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from align.people.models import User
from strategy.models import BehaviorRevision, Flag
from training.models import BarrierCase, BarrierEvent, Delivery, Mapping, Module

SHOWN = 50  # of each kind; the count says how many there are


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim of one's own module that is out of date, and since when."""

    mapping: Mapping
    statement: str
    code: str
    critical: bool
    since: datetime | None


@dataclass(frozen=True, kw_only=True)
class Counts:
    claims: int
    flags: int
    barriers: int
    sessions: int

    @property
    def total(self) -> int:
        return self.claims + self.flags + self.barriers + self.sessions


@dataclass(frozen=True, kw_only=True)
class Asked:
    counts: Counts
    claims: tuple[Claim, ...]
    flags: tuple[Flag, ...]
    barriers: tuple[BarrierCase, ...]
    sessions: tuple[Delivery, ...]


def counts(user: User, *, now: datetime) -> Counts:
    """Count what waits for a person, in four statements."""
    return Counts(
        claims=claims(user).count(),
        flags=flags(user).count(),
        barriers=barriers(user).count(),
        sessions=sessions(user, now=now).count(),
    )


def asked(user: User, *, now: datetime) -> Asked:
    """Read what waits for a person, the worst and oldest first."""
    return Asked(
        counts=counts(user, now=now),
        claims=tuple(_claims(user)),
        flags=tuple(flags(user).order_by("opened_at", "pk")[:SHOWN]),
        barriers=tuple(
            barriers(user)
            .select_related("behavior__objective__current", "owner", "raised_by")
            .order_by("due_on", "pk")[:SHOWN]
        ),
        sessions=tuple(
            sessions(user, now=now)
            .select_related("version__module", "audience", "trainer")
            .order_by("ends_at", "pk")[:SHOWN]
        ),
    )


def claims(user: User) -> QuerySet[Mapping]:
    """Claims of the versions in use of one's own modules that a revision made suspect."""
    if not user.is_trainer:
        return Mapping.objects.none()
    in_force = BehaviorRevision.objects.in_force().values("behavior")
    found: Any = Mapping.objects.visible_to(user).counted().with_suspect()
    mine: QuerySet[Mapping] = found.filter(
        Q(suspect=True), version__module__owner=user, behavior__in=in_force
    )
    return mine


def _claims(user: User) -> list[Claim]:
    words = BehaviorRevision.objects.in_force().filter(behavior=OuterRef("behavior"))
    found = (
        claims(user)
        .annotate(
            since=Subquery(words.values("fingerprint_since")[:1]),
            statement=Subquery(words.values("statement")[:1]),
            critical=Subquery(words.values("critical")[:1]),
        )
        .select_related("version__module", "behavior__objective", "audience")
        .order_by(F("critical").desc(nulls_last=True), F("since").asc(nulls_last=True), "pk")
    )
    rows: list[Any] = list(found[:SHOWN])
    return [
        Claim(
            mapping=row,
            statement=row.statement or row.behavior.code,
            code=row.behavior.objective.code,
            critical=bool(row.critical),
            since=row.since,
        )
        for row in rows
    ]


def flags(user: User) -> QuerySet[Flag]:
    """Open flags that a person has, and those on modules of theirs that nobody has."""
    if not user.is_trainer:
        return Flag.objects.none()
    modules = Module.objects.filter(owner=user).values_list("pk", flat=True)
    mine = Q(owner=user) | Q(owner=None, subject__in=[f"module:{pk}" for pk in modules])
    return Flag.objects.open().visible_to(user).filter(mine)


def barriers(user: User) -> QuerySet[BarrierCase]:
    """Barriers a person has to remove, and those of theirs on which somebody else wrote last."""
    events = BarrierEvent.objects.filter(case=OuterRef("pk")).order_by("-at", "-pk")
    raised = BarrierCase.objects.visible_to(user).standing().filter(raised_by=user)
    answered = raised.annotate(
        newest=Subquery(events.values("kind")[:1]), by=Subquery(events.values("actor")[:1])
    ).filter(Q(newest=BarrierEvent.Kind.SAID), ~Q(by=user.pk))
    return (
        BarrierCase.objects.visible_to(user)
        .standing()
        .filter(Q(owner=user) | Q(pk__in=answered.values("pk")))
    )


def sessions(user: User, *, now: datetime) -> QuerySet[Delivery]:
    """Sessions that are over and that nobody closed: who came is not recorded yet."""
    if not user.is_trainer:
        return Delivery.objects.none()
    own = Module.objects.filter(owner=user, pk=OuterRef("version__module"))
    over = Delivery.objects.filter(state=Delivery.State.PLANNED, ends_at__lte=now)
    return over.filter(Q(trainer=user) | Exists(own))
