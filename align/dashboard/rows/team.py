"""A manager's people beside the behaviors in focus. Never a ranking; only their own teams."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from urllib.parse import urlencode

from align.dashboard import words
from align.people.models import Membership, Team, User
from strategy.models import BehaviorRevision, Objective
from training import seeing
from training.models import Observation
from training.seeing import FOCUS

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
    next: tuple[seeing.Next, ...]  # whom to see
    focus: tuple[FocusRow, ...]
    offered: tuple[Choice, ...]  # behaviors one can put into focus
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


def page(
    *,
    user: User,
    team: int | None,
    objective: int | None,
    now: datetime,
    behaviors: Sequence[int] = (),
) -> TeamPage:
    """Read a manager's team in a fixed number of queries."""
    members = sorted(
        seeing.people_of(user),
        key=lambda row: (row.team.name, str(row.sales_role), row.user.name, row.pk),
    )
    teams = {row.team_id: row.team for row in members}
    chosen = _chosen_team(teams, team, len(members))
    drawn = [row for row in members if chosen is None or row.team_id == chosen]
    asked = seeing.asked_of(drawn)
    offered = _once(asked[row.user_id] for row in drawn)
    focus = _focus(offered, drawn, asked, objective=objective, named=behaviors)
    shown = [row.behavior_id for row in focus]
    newest = _newest([row.user_id for row in drawn], shown, now)
    return TeamPage(
        people=tuple(_person(row, focus, asked[row.user_id], newest) for row in drawn),
        next=tuple(seeing.whom_next(drawn, asked, now=now)),
        focus=tuple(_focus_row(row) for row in focus),
        offered=tuple(
            Choice(
                pk=row.behavior_id,
                name=f"{row.behavior.code} {row.statement}",
                chosen=row.behavior_id in shown,
            )
            for row in sorted(offered, key=lambda row: (row.behavior.code, row.behavior_id))
        ),
        teams=tuple(Choice(pk=pk, name=row.name, chosen=pk == chosen) for pk, row in teams.items()),
        objectives=_objectives(offered, objective),
        total=len({row.user_id for row in members}),
        seen=len({person for person, _ in newest}),
    )


def _chosen_team(teams: dict[int, Team], asked: int | None, people: int) -> int | None:
    if asked in teams:
        return asked
    return next(iter(teams)) if people > PEOPLE and teams else None


def _once(found: Iterable[Sequence[BehaviorRevision]]) -> list[BehaviorRevision]:
    """Each behavior once: critical ones first, then what took force last."""
    rows = {row.pk: row for some in found for row in some}
    return sorted(rows.values(), key=lambda row: (not row.critical, -_since(row), row.pk))


def _since(row: BehaviorRevision) -> float:
    begins = row.revision.effective_from
    return begins.timestamp() if begins else 0.0


def _focus(
    offered: Sequence[BehaviorRevision],
    members: Sequence[Membership],
    asked: seeing.Asked,
    *,
    objective: int | None,
    named: Sequence[int],
) -> Sequence[BehaviorRevision]:
    """Choose the columns: those named, one objective's, or in turn the first of each sales role."""
    wanted = [row for row in offered if row.behavior_id in named]
    chosen = wanted or [row for row in offered if row.revision.objective_id == objective]
    if chosen:
        return chosen[:FOCUS]
    roles = Counter(row.sales_role_id for row in members if asked[row.user_id])
    queues = [
        [row for row in offered if row.sales_role_id == role] for role, _ in roles.most_common()
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
    asked: Sequence[BehaviorRevision],
    newest: dict[tuple[int, int], Observation],
) -> PersonRow:
    mine = {one.pk for one in asked}
    here = [("behavior", item.behavior_id) for item in focus if item.pk in mine]
    return PersonRow(
        pk=row.user_id,
        name=row.user.name,
        team=row.team.name,
        sales_role=row.sales_role.name if row.sales_role else "",
        cells=tuple(
            _cell(item, item.pk in mine, newest.get((row.user_id, item.behavior_id)))
            for item in focus
        ),
        visit_link=f"/team/visits/new/?{urlencode([('person', row.user_id), *here])}",
    )


def _cell(item: BehaviorRevision, asked: bool, seen: Observation | None) -> SeenCell:
    if seen is None or seen.level is None:
        return SeenCell(behavior=item.statement, asked=asked)
    return SeenCell(
        behavior=item.statement,
        asked=asked,
        level=seen.level,
        at=seen.observed_at,
        standard=seen.level >= Observation.STANDARD,
    )
