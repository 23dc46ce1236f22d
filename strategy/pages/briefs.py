"""What a brief shows to whom: the two signed slots, who has read it, and the teach-backs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from align.people.models import AudienceMember, Membership, Team, TeamTree, User
from strategy import owning, remembered
from strategy.models import (
    Acknowledgment,
    BehaviorRevision,
    Brief,
    Objective,
    Revision,
    TeachBack,
)

TEAMS = 60  # slots drawn at once
QUESTION = "What would a customer have to say for you to do this in your next visit?"


@dataclass(frozen=True, kw_only=True)
class Slot:
    """What it means for one team: signed, or still to be signed by this person."""

    team: Team
    brief: Brief | None
    mine: bool  # to sign, or to sign again


@dataclass(frozen=True, kw_only=True)
class Page:
    objective: Objective
    words: Revision
    in_force: bool
    override: str
    reason: Brief | None
    slots: Sequence[Slot]
    behaviors: Sequence[BehaviorRevision]
    read_at: datetime | None
    due: remembered.Due | None
    shows_figures: bool
    figures: Sequence[remembered.Row]
    teach_backs: Sequence[TeachBack]
    may_sign_reason: bool
    may_teach_back: bool

    @property
    def may_read(self) -> bool:
        return self.in_force and self.read_at is None


@dataclass(frozen=True, kw_only=True)
class Huddle:
    """Ten minutes with the team: why, what it means for us, one behavior, one question."""

    objective: Objective
    words: Revision
    reason: Brief | None
    team: Brief | None
    behavior: BehaviorRevision | None
    question: str
    teams: Sequence[Team]  # with a slot of their own


def page(*, user: User, objective: Objective, words: Revision, now: datetime) -> Page:
    """Read the brief of an objective as one person sees it, in a fixed number of queries."""
    signed = _signed(user, objective)
    in_force = objective.state == Objective.State.IN_FORCE
    shows_figures = in_force and (user.is_lead or user.is_trainer or user.is_manager)
    managed = _managed(user, now) if user.is_manager else {}
    waiting = remembered.due(now=now, person=user)
    return Page(
        objective=objective,
        words=words,
        in_force=in_force,
        override=_override(words),
        reason=signed.get(None),
        slots=_slots(user, objective, signed, managed, now),
        behaviors=list(words.behaviors.select_related("behavior", "sales_role")),
        read_at=_read_at(user, objective),
        due=next((row for row in waiting if row.objective_id == objective.pk), None),
        shows_figures=shows_figures,
        figures=_figures(user, objective, managed, now) if shows_figures else [],
        teach_backs=_teach_backs(user, objective),
        may_sign_reason=in_force and owning.may_sign_reason(objective, user),
        may_teach_back=in_force and user.is_trainer,
    )


def _signed(user: User, objective: Objective) -> dict[int | None, Brief]:
    """Return the newest brief of each slot a person may read; the reason is that of no team."""
    seen = Brief.objects.visible_to(user).of(objective)
    rows = seen.select_related("team", "signed_by", "behavior")
    return {row.team_id: row for row in rows}


def _override(words: Revision) -> str:
    """Return why it was published all the same, also where only words were mended since."""
    epoch = Revision.objects.published().filter(
        objective=words.objective_id, epoch=words.epoch, number__lte=words.number
    )
    row = epoch.exclude(override="").order_by("-number").first()
    return row.override if row else ""


def _managed(user: User, now: datetime) -> dict[int, Team]:
    return {team.pk: team for team in Team.objects.managed_by(user, day=now.date())}


def _slots(
    user: User,
    objective: Objective,
    signed: dict[int | None, Brief],
    managed: dict[int, Team],
    now: datetime,
) -> list[Slot]:
    """Leads and trainers read every slot, managers theirs and those still to sign, reps one."""
    teams = {pk: row.team for pk, row in signed.items() if pk is not None and row.team}
    if not (user.is_lead or user.is_trainer):
        near = _nearest(user, signed, now)
        teams = {pk: team for pk, team in teams.items() if pk in managed or pk == near}
    if managed and objective.state == Objective.State.IN_FORCE:
        asked = asked_teams(objective, now=now)
        teams |= {pk: team for pk, team in managed.items() if pk in asked}
    return [
        Slot(team=team, brief=signed.get(pk), mine=pk in managed)
        for pk, team in sorted(teams.items(), key=lambda row: row[1].name)
    ][:TEAMS]


def asked_teams(objective: Objective, *, now: datetime) -> set[int]:
    """Return the teams with anybody in them, or below, whom the objective asks for something."""
    members = AudienceMember.objects.on(now.date()).filter(
        audience__in=BehaviorRevision.audiences.through.objects.filter(
            behaviorrevision__revision=objective.current_id
        ).values("audience")
    )
    above = TeamTree.objects.filter(team__in=members.values("team"))
    return set(above.values_list("ancestor", flat=True).distinct())


def _nearest(user: User, signed: dict[int | None, Brief], now: datetime) -> int | None:
    """Return the team, nearest above a person, whose slot is signed."""
    place = Membership.objects.on(now.date()).filter(user=user).values("team")
    above = TeamTree.objects.filter(team__in=place).values("ancestor")
    depths = TeamTree.objects.filter(team__in=above).values("team").annotate(deep=Count("ancestor"))
    deep = {row["team"]: row["deep"] for row in depths.order_by() if row["team"] in signed}
    return max(deep, key=lambda team: deep[team], default=None)


def _read_at(user: User, objective: Objective) -> datetime | None:
    row = Acknowledgment.objects.of(objective).filter(person=user).first()
    return row.at if row else None


def _figures(
    user: User, objective: Objective, managed: dict[int, Team], now: datetime
) -> list[remembered.Row]:
    """Leads and trainers see every part that may be shown, managers those of their teams."""
    teams = None if user.is_lead or user.is_trainer else list(managed)
    return remembered.rows(objective, now=now, teams=teams)


def _teach_backs(user: User, objective: Objective) -> list[TeachBack]:
    """Return the teach-backs of the why in force this person may read, those that wait first."""
    rows = TeachBack.objects.visible_to(user).of_the_why(objective)
    waiting_first = {TeachBack.State.GIVEN: 0, TeachBack.State.RETURNED: 1}
    return sorted(
        rows.select_related("trainer", "answered_by"),
        key=lambda row: waiting_first.get(TeachBack.State(row.state), 2),
    )


def huddle(
    *, user: User, objective: Objective, words: Revision, team: int | None, now: datetime
) -> Huddle | None:
    """Read the huddle kit for a team with a signed slot; None where the team has none.

    Without a team it is that of the person's own team, where there is one.
    """
    signed = _signed(user, objective)
    slot = signed.get(team if team is not None else _nearest(user, signed, now) or 0)
    if team is not None and (slot is None or slot.team_id is None):
        return None
    behaviors = list(words.behaviors.select_related("behavior"))
    first = next((row for row in behaviors if row.critical), next(iter(behaviors), None))
    return Huddle(
        objective=objective,
        words=words,
        reason=signed.get(None),
        team=slot,
        behavior=(slot.behavior if slot else None) or first,
        question=(slot.question if slot else "") or QUESTION,
        teams=sorted((row.team for row in signed.values() if row.team), key=lambda row: row.name),
    )
