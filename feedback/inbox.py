"""The inbox of the field's voice: reports by objective and by what stands in the way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from urllib.parse import urlencode

from django.db.models import Count, Min, Q, QuerySet, Window
from django.urls import reverse

from align.people.models import User
from feedback.forms import Asked
from feedback.models import Report
from feedback.promises import Clock, clock
from strategy.models import Barrier, Objective

A_PAGE = 40
NO_BARRIER = "No barrier named"


@dataclass(frozen=True, kw_only=True)
class Row:
    report: Report
    clock: Clock
    may_answer: bool


@dataclass(frozen=True, kw_only=True)
class Bunch:
    """Reports about one objective that name the same barrier."""

    barrier: str
    rows: Sequence[Row]
    answer_link: str

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Group:
    """The reports about one objective, or about nothing the strategy covers."""

    objective: Objective | None
    count: int  # of all that match, this page or not
    bunches: Sequence[Bunch]
    may_choose: bool  # there are several to tick

    @property
    def key(self) -> str:
        return f"about-{self.objective.pk if self.objective else 'nothing'}"

    @property
    def label(self) -> str:
        if self.objective is None or self.objective.current is None:
            return "Something the strategy does not cover"
        return f"{self.objective.code} {self.objective.current.title}"


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the inbox, and how much there is."""

    groups: Sequence[Group]
    reports: int
    people: int
    before: str  # address of the page before, or nothing
    after: str


def page(user: User, asked: Asked, *, today: date) -> Page:
    """Read what matches, the objective with the oldest report first. Three statements."""
    found = matching(user, asked)
    counts = found.aggregate(reports=Count("pk"), people=Count("author", distinct=True))
    start = (asked.page - 1) * A_PAGE
    shown = list(
        found.select_related("author", "team", "objective__current", "revision")
        .annotate(
            in_objective=Window(Count("pk"), partition_by="objective"),
            oldest=Window(Min("created_at"), partition_by="objective"),
        )
        .order_by("oldest", "objective", "created_at", "pk")[start : start + A_PAGE]
    )
    answerable = set(
        Report.objects.answerable_by(user)
        .waiting()
        .filter(pk__in=[report.pk for report in shown])
        .values_list("pk", flat=True)
    )
    rows = [
        Row(
            report=report,
            clock=clock(report, today=today),
            may_answer=report.pk in answerable,
        )
        for report in shown
    ]
    return Page(
        groups=grouped(rows),
        **counts,
        before=asked.link(page=asked.page - 1) if asked.page > 1 else "",
        after=asked.link(page=asked.page + 1) if start + A_PAGE < counts["reports"] else "",
    )


def matching(user: User, asked: Asked) -> QuerySet[Report]:
    found = Report.objects.visible_to(user)
    if asked.state == "waiting":
        found = found.unanswered()
    elif asked.state != "all":
        found = found.filter(state=asked.state)
    if asked.objective == "none":
        found = found.filter(objective=None)
    elif asked.objective:
        found = found.filter(objective=int(asked.objective))
    if asked.stance:
        found = found.filter(stance=asked.stance)
    if asked.barrier:
        found = found.filter(barriers__contains=[asked.barrier])
    if asked.q:
        found = found.filter(Q(text__icontains=asked.q) | Q(occasion__icontains=asked.q))
    return found


def objectives(user: User) -> QuerySet[Objective]:
    """The objectives there are reports about that this person may read."""
    reported = Report.objects.visible_to(user).exclude(objective=None).order_by()
    return (
        Objective.objects.visible_to(user)
        .filter(pk__in=reported.values("objective"))
        .select_related("current")
        .order_by("code", "pk")
    )


def grouped(rows: Sequence[Row]) -> list[Group]:
    groups = []
    for _, some in groupby(rows, key=lambda row: row.report.objective_id):
        group = list(some)
        report = group[0].report
        groups.append(
            Group(
                objective=report.objective,
                count=getattr(report, "in_objective", len(group)),
                bunches=bunches(group),
                may_choose=sum(row.may_answer for row in group) > 1,
            )
        )
    return groups


def bunches(rows: Sequence[Row]) -> list[Bunch]:
    """Put each report under that of its barriers which most of these reports name."""
    named = Counter(barrier for row in rows for barrier in row.report.barriers)
    places = list(Barrier)
    under: dict[str, list[Row]] = {}
    for row in rows:
        barriers = [Barrier(one) for one in row.report.barriers]
        if barriers:
            most = max(barriers, key=lambda one: (named[one], -places.index(one))).label
        else:
            most = NO_BARRIER
        under.setdefault(most, []).append(row)
    return [
        Bunch(
            barrier=barrier,
            rows=some,
            answer_link=answer_link(row.report for row in some if row.may_answer),
        )
        for barrier, some in sorted(
            under.items(), key=lambda pair: (pair[0] == NO_BARRIER, -len(pair[1]))
        )
    ]


def answer_link(reports: Iterable[Report]) -> str:
    """The address that answers these at once; nothing where there is nothing to answer."""
    refs = [("report", str(report.ref)) for report in reports]
    return f"{reverse('feedback:decide')}?{urlencode(refs)}" if refs else ""
