"""The strategy on one page for who sells: what I do differently, what changed, and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F

from align.people.models import Membership, User
from feedback import answered
from feedback.models import Decision
from strategy import remembered
from strategy.models import Acknowledgment, BehaviorRevision, Objective, Revision
from training import learning

OBJECTIVES = 5  # more than people can change at once


@dataclass(frozen=True, kw_only=True)
class Said:
    """An answer to the field that this change carries out."""

    decision: Decision
    people: int
    reports: int

    @property
    def counted(self) -> str:
        reports = f"{self.reports} report{'' if self.reports == 1 else 's'}"
        return f"{reports} from {self.people} {'person' if self.people == 1 else 'people'}"


@dataclass(frozen=True, kw_only=True)
class Mine:
    """One objective as it is asked of me."""

    objective: Objective
    words: Revision
    behaviors: Sequence[BehaviorRevision]
    change: Revision  # the newest one that changed what is asked
    mended: Revision | None  # an editorial one since
    override: str
    said: Sequence[Said]
    read: bool
    due: remembered.Due | None


@dataclass(frozen=True, kw_only=True)
class Page:
    sales_role: str
    objectives: Sequence[Mine]
    more: int  # asked too, not shown: few things become habits

    @property
    def total(self) -> int:
        return len(self.objectives) + self.more

    @property
    def unread(self) -> int:
        return sum(not row.read for row in self.objectives)


def page(user: User, *, now: datetime) -> Page:
    """Read what is asked of a person today, in seven queries, by theme."""
    day = now.date()
    place = Membership.objects.on(day).filter(user=user).select_related("sales_role").first()
    behaviors: dict[int, list[BehaviorRevision]] = defaultdict(list)
    for row in learning.asked_of(place):
        behaviors[row.revision.objective_id].append(row)
    found = list(
        Objective.objects.visible_to(user)
        .filter(pk__in=behaviors)
        .select_related("theme", "strategy", "current")
    )
    shown = found[:OBJECTIVES]
    epochs = _epochs(shown)
    said = _said(user, epochs)
    read = _read(user, shown)
    due = {row.objective_id: row for row in remembered.due(now=now, person=user)}
    return Page(
        sales_role=str(place.sales_role) if place and place.sales_role else "",
        objectives=[
            _mine(row, behaviors[row.pk], epochs[row.pk], said, row.pk in read, due.get(row.pk))
            for row in shown
        ],
        more=len(found) - len(shown),
    )


def _epochs(objectives: Iterable[Objective]) -> dict[int, list[Revision]]:
    """Return the revisions of each objective's epoch, the substantive one first."""
    rows = (
        Revision.objects.published()
        .filter(objective__in=[row.pk for row in objectives])
        .filter(epoch=F("objective__current__epoch"), number__lte=F("objective__current__number"))
        .order_by("objective", "number")
    )
    by_objective: dict[int, list[Revision]] = defaultdict(list)
    for row in rows:
        by_objective[row.objective_id].append(row)
    return by_objective


def _said(user: User, epochs: dict[int, list[Revision]]) -> dict[object, Said]:
    refs = {ref for rows in epochs.values() for row in rows for ref in row.answers}
    decisions = (
        answered.visible(user).filter(ref__in=refs).annotate(count=Count("reports", distinct=True))
    )
    return {
        row.ref: Said(decision=row, people=row.people, reports=row.count)  # type: ignore[attr-defined]
        for row in decisions
    }


def _read(user: User, objectives: Iterable[Objective]) -> set[int]:
    rows = Acknowledgment.objects.in_epoch().filter(person=user)
    found = rows.filter(revision__objective__in=[row.pk for row in objectives])
    return set(found.values_list("revision__objective", flat=True))


def _mine(
    objective: Objective,
    behaviors: Sequence[BehaviorRevision],
    epoch: Sequence[Revision],
    said: dict[object, Said],
    read: bool,
    due: remembered.Due | None,
) -> Mine:
    words = objective.current
    assert words is not None  # a constraint: what is in force has a revision
    return Mine(
        objective=objective,
        words=words,
        behaviors=behaviors,
        change=epoch[0],
        mended=epoch[-1] if epoch[-1].pk != epoch[0].pk else None,
        override=next((row.override for row in reversed(epoch) if row.override), ""),
        said=[said[ref] for row in reversed(epoch) for ref in row.answers if ref in said],
        read=read,
        due=due,
    )
