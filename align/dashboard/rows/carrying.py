"""What waits for a person so that a choice reaches the field: to remember, to sign, to explain."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet

from align.dashboard.rows.today import SHORT, Item, Listed
from align.people.models import AudienceMember, Membership, Team, TeamTree, User
from feedback.models import taught_by
from strategy import remembered
from strategy.models import BehaviorRevision, Brief, Objective, TeachBack

NOTHING = Listed(items=(), total=0)


@dataclass(frozen=True, kw_only=True)
class Carrying:
    recalls: Listed = NOTHING
    reasons: Listed = NOTHING  # the lead's slot of a brief
    answers: Listed = NOTHING  # teach-backs that wait for the lead
    slots: Listed = NOTHING  # the manager's slot
    team: str = ""
    explain: Listed = NOTHING  # whys a trainer has not explained yet


def carrying(user: User, *, now: datetime) -> Carrying:
    """Return what waits, in at most eight queries for somebody with every role."""
    team = _team(user, day=now.date()) if user.is_manager else None
    return Carrying(
        recalls=_recalls(user, now=now),
        reasons=_listed(_reasons(user), "reason") if user.is_lead else NOTHING,
        answers=_answers(user) if user.is_lead else NOTHING,
        slots=_listed(_slots(user, team, now.date()), f"teams/{team.pk}") if team else NOTHING,
        team=team.name if team else "",
        explain=_explain(user) if user.is_trainer else NOTHING,
    )


def _recalls(user: User, *, now: datetime) -> Listed:
    due = remembered.due(now=now, person=user)
    if not due:
        return NOTHING
    found = Objective.objects.visible_to(user).select_related("current")
    objectives = found.in_bulk([row.objective_id for row in due])
    items = tuple(
        Item(
            text=_title(objectives[row.objective_id]),
            link=row.link,
            meta=f"you read it {row.day} days ago or more",
            act="Answer",
            act_link=row.link,
        )
        for row in due
        if row.objective_id in objectives
    )
    return Listed(items=items[:SHORT], total=len(items))


def _title(objective: Objective) -> str:
    return f"{objective.code} {objective.current.title if objective.current else ''}".strip()


def _signed(team: Team | None) -> Exists:
    """Whether a slot is signed since the objective is what it is."""
    slot = Brief.objects.filter(
        revision__objective=OuterRef("pk"), revision__epoch=OuterRef("current__epoch"), team=team
    )
    return Exists(slot)


def _reasons(user: User) -> QuerySet[Objective]:
    return Objective.objects.editable_by(user).in_force().filter(~_signed(None))


def _team(user: User, *, day: date) -> Team | None:
    """Return the team a manager leads; those below it have managers of their own."""
    place = Membership.objects.on(day).filter(user=user).select_related("team").first()
    return place.team if place else None


def _slots(user: User, team: Team, day: date) -> QuerySet[Objective]:
    """Return the objectives that ask somebody of this team, with no word for it yet."""
    asked = BehaviorRevision.audiences.through.objects.filter(
        behaviorrevision__revision=OuterRef(OuterRef("current"))
    )
    members = AudienceMember.objects.on(day).filter(
        audience__in=asked.values("audience"),
        team__in=TeamTree.objects.filter(ancestor=team).values("team"),
    )
    visible = Objective.objects.visible_to(user).in_force()
    return visible.filter(Exists(members), ~_signed(team))


def _listed(objectives: QuerySet[Objective], slot: str) -> Listed:
    found = list(objectives.select_related("current", "strategy", "theme"))
    items = (
        Item(
            text=_title(row),
            link=f"/objectives/{row.pk}/brief/",
            at=row.current.effective_from if row.current else None,
            zone=row.strategy.time_zone,
            act="Sign",
            act_link=f"/objectives/{row.pk}/brief/{slot}/",
        )
        for row in found[:SHORT]
    )
    return Listed(items=tuple(items), total=len(found))


def _answers(user: User) -> Listed:
    rows = list(
        TeachBack.objects.visible_to(user)
        .in_force()
        .filter(state=TeachBack.State.GIVEN, revision__objective__state=Objective.State.IN_FORCE)
        .exclude(trainer=user)
        .select_related("trainer", "revision__objective")
        .order_by("given_at", "pk")
    )
    items = (
        Item(
            text=f"{row.trainer} on {row.revision.objective.code} {row.revision.title}",
            link=row.get_absolute_url(),
            at=row.given_at,
        )
        for row in rows[:SHORT]
    )
    return Listed(items=tuple(items), total=len(rows))


def _explain(user: User) -> Listed:
    """Return the objectives a trainer teaches whose why they have not explained as it stands."""
    told = TeachBack.objects.alive().filter(
        trainer=user,
        revision__objective=OuterRef("pk"),
        revision__why_fingerprint=OuterRef("current__why_fingerprint"),
    )
    rows: Iterable[Objective] = (
        Objective.objects.visible_to(user)
        .in_force()
        .filter(~Exists(told), pk__in=taught_by(user))
        .select_related("current", "theme")
    )
    found = list(rows)
    items = (
        Item(
            text=_title(row),
            link=f"/objectives/{row.pk}/brief/",
            act="Teach it back",
            act_link=f"/objectives/{row.pk}/teach-back/",
        )
        for row in found[:SHORT]
    )
    return Listed(items=tuple(items), total=len(found))
