"""A manager's people beside the behaviors in focus. Never a ranking; only their own teams."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from align.dashboard import words
from align.people.models import Membership, Team, User
from strategy.models import BehaviorRevision, Objective
from training.models import Observation

FOCUS = 6  # behaviors beside each other at once
PEOPLE = 40  # people drawn at once; a larger part of the company is read team by team


@dataclass(frozen=True, kw_only=True)
class FocusRow:
    pk: int
    statement: str
    link: str
    code: str
    critical: bool


@dataclass(frozen=True, kw_only=True)
class SeenCell:
    """The newest observation of one person doing one behavior, or nothing yet."""

    behavior: str
    asked: bool
    level: int | None = None
    at: datetime | None = None
    standard: bool = False

    @property
    def words(self) -> str:
        """Say the level and whether it is the standard; the digit alone says too little."""
        return f"{self.level}, {'at standard' if self.standard else 'below standard'}"


@dataclass(frozen=True, kw_only=True)
class PersonRow:
    pk: int
    name: str
    team: str
    sales_role: str
    cells: tuple[SeenCell, ...]
    visit_link: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    pk: int
    name: str
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class TeamPage:
    people: tuple[PersonRow, ...]
    focus: tuple[FocusRow, ...]
    teams: tuple[Choice, ...]
    objectives: tuple[Choice, ...]
    total: int  # people of all teams
    seen: int  # of those drawn, with any observation of what is in focus

    @property
    def said(self) -> str:
        if not self.people:
            return ""
        who = words.counted(len(self.people), "person", "people")
        said = "No visit has looked for these behaviors yet."
        if self.seen:
            count = words.number(self.seen)
            have = "has" if self.seen == 1 else "have"
            said = f"{words.start(count)} {have} been visited on at least one of these behaviors."
        return f"{who} here. {said}"


def page(*, user: User, team: int | None, objective: int | None, now: datetime) -> TeamPage:
    """Read a manager's team in five queries."""
    members = list(
        Membership.objects.in_teams_of(user)
        .exclude(sales_role=None)
        .filter(user__is_active=True)
        .select_related("user", "team", "sales_role")
        .order_by("team__name", "sales_role__name", "user__name", "pk")
    )
    teams = {row.team_id: row.team for row in members}
    chosen = _chosen_team(teams, team, len(members))
    drawn = [row for row in members if chosen is None or row.team_id == chosen]
    roles = Counter(row.sales_role_id for row in drawn if row.sales_role_id)
    asked = _asked(roles)
    focus = _focus(asked, objective, roles)
    newest = _newest([row.user_id for row in drawn], [row.behavior_id for row in focus], now)
    return TeamPage(
        people=tuple(_person(row, focus, newest) for row in drawn),
        focus=tuple(_focus_row(row) for row in focus),
        teams=tuple(Choice(pk=pk, name=row.name, chosen=pk == chosen) for pk, row in teams.items()),
        objectives=_objectives(asked, objective),
        total=len({row.user_id for row in members}),
        seen=len({person for person, _ in newest}),
    )


def _chosen_team(teams: dict[int, Team], asked: int | None, people: int) -> int | None:
    if asked in teams:
        return asked
    return next(iter(teams)) if people > PEOPLE and teams else None


def _asked(sales_roles: Iterable[int]) -> Sequence[BehaviorRevision]:
    """Return the behaviors in force asked of these sales roles, critical ones first."""
    return list(
        BehaviorRevision.objects.in_force()
        .filter(sales_role__in=list(sales_roles))
        .select_related("behavior", "revision__objective")
        .order_by("-critical", "-revision__effective_from", "revision__objective__code", "position")
    )


def _focus(
    asked: Sequence[BehaviorRevision], objective: int | None, roles: Counter[int]
) -> Sequence[BehaviorRevision]:
    """Choose the columns: one objective's behaviors, or in turn the first of each sales role."""
    chosen = [row for row in asked if row.revision.objective_id == objective]
    if chosen:
        return chosen[:FOCUS]
    queues = [
        [row for row in asked if row.sales_role_id == role] for role, _ in roles.most_common()
    ]
    turns = [row for turn in zip_longest(*queues) for row in turn if row is not None][:FOCUS]
    return sorted(turns, key=lambda row: (-roles[row.sales_role_id], row.sales_role_id))


def _focus_row(row: BehaviorRevision) -> FocusRow:
    return FocusRow(
        pk=row.behavior_id,
        statement=row.statement,
        link=row.behavior.get_absolute_url(),
        code=row.behavior.code,
        critical=row.critical,
    )


def _objectives(asked: Iterable[BehaviorRevision], chosen: int | None) -> tuple[Choice, ...]:
    known: dict[int, tuple[Objective, str]] = {
        row.revision.objective_id: (row.revision.objective, row.revision.title) for row in asked
    }
    ordered = sorted(known.values(), key=lambda pair: pair[0].code)
    return tuple(
        Choice(pk=objective.pk, name=f"{objective.code} {title}", chosen=objective.pk == chosen)
        for objective, title in ordered
    )


def _newest(
    people: Sequence[int], behaviors: Sequence[int], now: datetime
) -> dict[tuple[int, int], Observation]:
    """Return the newest observation of each person and behavior, by when it happened."""
    rows = (
        Observation.objects.filter(
            user__in=people,
            behavior_revision__behavior__in=behaviors,
            level__isnull=False,
            correction=None,
            observed_at__lte=now,
        )
        .select_related("behavior_revision")
        .order_by("user_id", "behavior_revision__behavior_id", "-observed_at", "-pk")
        .distinct("user_id", "behavior_revision__behavior_id")
    )
    return {(row.user_id, row.behavior_revision.behavior_id): row for row in rows}


def _person(
    row: Membership,
    focus: Sequence[BehaviorRevision],
    newest: dict[tuple[int, int], Observation],
) -> PersonRow:
    return PersonRow(
        pk=row.user_id,
        name=row.user.name,
        team=row.team.name,
        sales_role=row.sales_role.name if row.sales_role else "",
        cells=tuple(
            _cell(item, row, newest.get((row.user_id, item.behavior_id))) for item in focus
        ),
        visit_link=f"/team/visits/new/?person={row.user_id}",
    )


def _cell(item: BehaviorRevision, row: Membership, seen: Observation | None) -> SeenCell:
    asked = item.sales_role_id == row.sales_role_id
    if seen is None or seen.level is None:
        return SeenCell(behavior=item.statement, asked=asked)
    return SeenCell(
        behavior=item.statement,
        asked=asked,
        level=seen.level,
        at=seen.observed_at,
        standard=seen.level >= Observation.STANDARD,
    )
