"""What waits for a person today, role by role, and what changed. No charts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet

from align.dashboard import words
from align.dashboard.rows.flags import FlagRow, flag_row
from align.people.models import Membership, User
from feedback.models import Decision, Report, taught_by
from strategy import predictions
from strategy.models import BehaviorRevision, Concern, Flag, Objective, Revision, Strategy
from training import gaps, learning
from training.models import Mapping, Observation

SHORT = 5  # items of a list on Today; the rest is one link away
LESSONS = 10
CHANGES = 6
SEEN_DAYS = 90


@dataclass(frozen=True, kw_only=True)
class Item:
    """One line of a list: what it is, where it opens, and what stands beside it."""

    text: str
    link: str
    meta: str = ""
    at: datetime | None = None
    zone: str = ""  # whose day that is; empty: the reader's
    depth: int | None = None
    act: str = ""
    act_link: str = ""


@dataclass(frozen=True, kw_only=True)
class Listed:
    """The first items of a list and how many there are in all."""

    items: tuple[Item, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.items)


@dataclass(frozen=True, kw_only=True)
class Flags:
    rows: tuple[FlagRow, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.rows)


@dataclass(frozen=True, kw_only=True)
class Lead:
    flags: Flags
    unanswered: Listed
    drafts: tuple[Item, ...]


@dataclass(frozen=True, kw_only=True)
class Trainer:
    gaps: Listed
    flags: Flags
    suspect: Listed
    waiting: Listed


@dataclass(frozen=True, kw_only=True)
class Manager:
    people: int
    teams: int
    unseen: Listed

    @property
    def people_said(self) -> str:
        people = words.counted(self.people, "person", "people")
        return f"{people} in {words.counted(self.teams, 'team')}"


@dataclass(frozen=True, kw_only=True)
class Rep:
    asked: tuple[Item, ...]  # the first, critical ones before others
    rest: tuple[Item, ...]
    modules: tuple[Item, ...]
    answers: tuple[Item, ...]
    sales_role: str


@dataclass(frozen=True, kw_only=True)
class Admin:
    people: int
    invited: int
    nobody: int  # without any role


def lead(user: User) -> Lead:
    """Return what waits for a strategy lead: flags oldest first, reports, drafts."""
    mine = Q(owner=user) | Q(objective__owner=user) | Q(strategy__lead=user)
    return Lead(
        flags=_flags(Flag.objects.visible_to(user).open().filter(mine), user),
        unanswered=_waiting(Report.objects.visible_to(user).waiting()),
        drafts=tuple(_drafts(user)),
    )


def trainer(user: User) -> Trainer:
    """Return what waits for a trainer: gaps worst first, then what is about their own modules."""
    mine = Q(objective__in=taught_by(user)) | Q(owner=user)
    flags = Flag.objects.visible_to(user).open().filter(mine)
    reports = Report.objects.waiting().filter(
        Q(objective__in=taught_by(user)) | Q(module__owner=user)
    )
    return Trainer(
        gaps=_gaps(user),
        flags=_flags(flags, user),
        suspect=_suspect(user),
        waiting=_waiting(reports),
    )


def manager(user: User, *, now: datetime) -> Manager:
    """Return a manager's people and what none of them has been seen doing in 90 days."""
    people = Membership.objects.in_teams_of(user).exclude(sales_role=None)
    rows = list(people.values_list("user_id", "team_id", "sales_role_id"))
    return Manager(
        people=len({person for person, _, _ in rows}),
        teams=len({team for _, team, _ in rows}),
        unseen=_unseen(
            {person for person, _, _ in rows}, {role for _, _, role in rows if role}, now=now
        ),
    )


def rep(user: User, *, day: date) -> Rep:
    """Return what is asked of a rep, what there is to take, and what became of their reports."""
    place = Membership.objects.on(day).filter(user=user).select_related("sales_role").first()
    asked = tuple(_asked(row) for row in learning.asked_of(place))
    return Rep(
        asked=asked[:SHORT],
        rest=asked[SHORT:],
        modules=tuple(_lesson(row) for row in learning.learning(user, day=day).to_take[:LESSONS]),
        answers=tuple(_own_reports(user)),
        sales_role=place.sales_role.name if place and place.sales_role else "",
    )


def admin() -> Admin:
    counts = User.objects.filter(is_active=True).aggregate(
        people=Count("pk"),
        invited=Count("pk", filter=Q(invited_at__isnull=False, last_login=None)),
        nobody=Count("pk", filter=Q(roles=[])),
    )
    return Admin(**counts)


def checks(user: User, *, now: datetime) -> Listed:
    """Return the predictions whose day has come and of which this person has not said a word."""
    mine = Q(raised_by=user, raiser_outcome="")
    if user.is_lead:
        writes = Q(round__revision__objective__owner=user)
        mine |= Q(lead_outcome="") & (writes | Q(**{f"{predictions.STRATEGY}__lead": user}))
    due = predictions.judged(Concern.objects.visible_to(user), now=now).filter(
        mine, Q(became=predictions.Became.DUE)
    )
    found = list(
        due.select_related("round__revision__objective")
        .defer("round__text", "quote")
        .order_by("check_on", "pk")
    )
    items = tuple(
        Item(
            text=row.symptom,
            link=row.get_absolute_url(),
            meta=f"{row.round.revision.objective.code} ¶{row.paragraph}",
            act="Did it come true?",
            act_link=f"/concerns/#concern-{row.pk}",
        )
        for row in found[:SHORT]
    )
    return Listed(items=items, total=len(found))


def what_changed(user: User, *, now: datetime) -> tuple[Item, ...]:
    """Return the newest revisions in effect and the newest answers, together, newest first."""
    revisions = (
        Revision.objects.visible_to(user)
        .published()
        .filter(effective_from__lte=now, objective__strategy__state=Strategy.State.ACTIVE)
        .select_related("objective__current", "objective__strategy")
        .order_by("-effective_from", "-pk")[:CHANGES]
    )
    decisions = (
        Decision.objects.visible_to(user)
        .select_related("objective__current")
        .order_by("-decided_at", "-pk")[:CHANGES]
    )
    items = [_revision(row) for row in revisions] + [_decision(row) for row in decisions]
    return tuple(sorted(items, key=_at, reverse=True)[:CHANGES])


def _at(item: Item) -> float:
    return item.at.timestamp() if item.at else 0.0


def _revision(row: Revision) -> Item:
    said = "took force" if row.number == 1 else f"changed: revision {row.number}"
    return Item(
        text=f"{row.objective.code} {row.title}",
        link=row.objective.get_absolute_url(),
        meta=f"{words.start(said)}. {row.reason}".strip(),
        at=row.effective_from,
        zone=row.objective.strategy.time_zone,
    )


def _decision(row: Decision) -> Item:
    about = f" on {row.objective.code}" if row.objective else ""
    return Item(
        text=f"Answered{about}: {row.get_kind_display().lower()}",
        link=row.get_absolute_url(),
        meta=row.reason,
        at=row.decided_at,
    )


def _flags(flags: QuerySet[Flag], user: User) -> Flags:
    ordered = flags.select_related("owner").order_by("opened_at", "pk")
    rows = [flag_row(flag, user=user) for flag in ordered]
    return Flags(rows=tuple(rows[:SHORT]), total=len(rows))


def _waiting(reports: QuerySet[Report]) -> Listed:
    """Group unanswered reports by objective, oldest first."""
    found = list(
        reports.order_by()
        .values("objective", "objective__code", "objective__current__title")
        .annotate(count=Count("pk"), oldest=Min("created_at"))
        .order_by("oldest")
    )
    items = tuple(
        Item(
            text=f"{row['objective__code']} {row['objective__current__title']}"
            if row["objective"]
            else "Something the strategy does not cover",
            link=f"/voice/?objective={row['objective']}" if row["objective"] else "/voice/",
            meta=words.counted(row["count"], "report"),
            at=row["oldest"],
        )
        for row in found[:SHORT]
    )
    return Listed(items=items, total=sum(row["count"] for row in found))


def _drafts(user: User) -> Iterable[Item]:
    drafts = (
        Revision.objects.drafts()
        .filter(objective__in=Objective.objects.editable_by(user))
        .exclude(objective__state=Objective.State.RETIRED)
        .select_related("objective")
        .order_by("created_at")
    )
    return [
        Item(
            text=f"{row.objective.code} {row.title}",
            link=f"/objectives/{row.objective_id}/draft/",
            meta="new objective" if row.number == 1 else f"revision {row.number}",
            at=row.created_at,
        )
        for row in drafts
    ]


def _gaps(user: User) -> Listed:
    """Return cells below the depth they need: critical ones first, then the shallowest."""
    found = gaps.untrained(user)
    words_now = BehaviorRevision.objects.in_force().filter(behavior=OuterRef("behavior"))
    shown = found.annotate(statement=words_now.values("statement")[:1])[:SHORT]
    return Listed(
        items=tuple(
            Item(
                text=cell.statement or cell.objective.code,
                link=f"/behaviors/{cell.behavior_id}/",
                meta=f"{cell.objective.code} · {gaps.said(cell)}"
                f" · {words.counted(cell.people, 'person', 'people')}",
                depth=cell.depth,
                act="Map it",
                act_link=f"/training/map/?behavior={cell.behavior_id}",
            )
            for cell in shown
        ),
        total=found.count(),
    )


def _suspect(user: User) -> Listed:
    """Return the claims a trainer answers for whose behavior has changed since."""
    mappings = list(
        Mapping.objects.editable_by(user)
        .counted()
        .with_suspect()
        .filter(Q(suspect=True), behavior__objective__state=Objective.State.IN_FORCE)
        .select_related("version__module", "behavior__objective")
        .order_by("version__title", "behavior__code")
    )
    items = tuple(
        Item(
            text=f"{mapping.version.title} teaches {mapping.behavior.code}",
            link=mapping.behavior.get_absolute_url(),
            meta=f"{mapping.behavior.objective.code} changed since it was reviewed",
            act="Check it",
            act_link=f"/training/mappings/{mapping.pk}/clear/",
        )
        for mapping in mappings[:SHORT]
    )
    return Listed(items=items, total=len(mappings))


def _unseen(people: set[int], sales_roles: set[int], *, now: datetime) -> Listed:
    seen = (
        Observation.objects.filter(
            behavior_revision__behavior=OuterRef("behavior"),
            user__in=people,
            level__isnull=False,
            observed_at__gt=now - timedelta(days=SEEN_DAYS),
        )
        if people
        else Observation.objects.none()
    )
    asked = (
        BehaviorRevision.objects.in_force()
        .filter(sales_role__in=sales_roles)
        .filter(~Exists(seen))
        .select_related("behavior", "revision__objective")
        .order_by("-critical", "revision__objective__code", "position", "pk")
    )
    rows = list(asked)
    items = tuple(
        Item(
            text=row.statement,
            link=row.behavior.get_absolute_url(),
            meta=row.revision.objective.code + (" · critical" if row.critical else ""),
            act="Log a visit",
            act_link=f"/team/visits/new/?behavior={row.behavior_id}",
        )
        for row in rows[:SHORT]
    )
    return Listed(items=items, total=len(rows))


def _asked(row: BehaviorRevision) -> Item:
    return Item(
        text=row.statement,
        link=row.behavior.get_absolute_url(),
        meta=f"{row.revision.objective.code} {row.revision.title}",
        act="Tell how it goes",
        act_link=f"/tell/?about={row.revision.objective_id}",
    )


def _lesson(lesson: learning.Lesson) -> Item:
    version = lesson.version
    again = " · again, it has changed" if lesson.again else ""
    if lesson.due is not None:
        again += f" · {lesson.due.said} {lesson.due.on.day} {lesson.due.on:%b}"
    return Item(
        text=version.title,
        link=f"/training/learn/{version.module_id}/",
        meta=f"{version.module.program.name} · {version.get_kind_display()}"
        f" · {version.hours.normalize():f} h{again}",
    )


def _own_reports(user: User) -> Iterable[Item]:
    """Return a person's own reports with the answer each has got, newest first."""
    reports = (
        Report.objects.filter(author=user)
        .select_related("objective", "answer__decision")
        .order_by("-created_at", "-pk")[:SHORT]
    )
    return [_own_report(report) for report in reports]


def _own_report(report: Report) -> Item:
    answer = getattr(report, "answer", None)
    about = report.objective.code if report.objective else "Not in the strategy"
    said = f"{report.get_stance_display()}: {report.text}" if report.text else None
    return Item(
        text=said or report.get_stance_display(),
        link=answer.decision.get_absolute_url() if answer else report.get_absolute_url(),
        meta=f"{about} · {answer.decision.get_kind_display()}"
        if answer
        else f"{about} · {report.get_state_display()}",
        at=report.created_at,
    )
