"""The rows that figures are made of: of now or of the end of a past day, of all or of one team.

Of now and of everybody they are the narrow rows that were judged; else the engine works the very
same rows out. Pages, export and API read nothing but a snapshot, so that they say the same.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db import connection
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from align.dashboard.rows.figures import FEW
from align.dashboard.rows.filters import Filters
from align.people.models import Team, TeamPlace, User
from strategy import groups
from strategy.config import Config
from strategy.models import BehaviorRevision, Objective, Revision, Strategy
from training import coverage
from training.models import CellState, ObjectiveCoverage


@dataclass(frozen=True)
class Known:
    """One objective with the words that were in force at the moment of the snapshot."""

    objective: Objective
    words: Revision
    behaviors: int


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    moment: datetime
    past: bool
    team: Team | None
    known: tuple[Known, ...]
    sums: Mapping[int, coverage.Sum]
    cells: tuple[coverage.Cell, ...]
    hidden: frozenset[int]  # objectives of which the team has too few people
    teams: tuple[Team, ...]  # to choose from
    judged: Mapping[int, datetime]  # when, of those that were judged

    @property
    def judged_at(self) -> datetime | None:
        return max(self.judged.values(), default=None)

    @property
    def live(self) -> bool:
        """Whether it is what was judged: now, of everybody."""
        return not self.past and self.team is None

    @property
    def ids(self) -> list[int]:
        return [known.objective.pk for known in self.known]

    def cells_of(self, objective: int) -> Sequence[coverage.Cell]:
        return self._by_objective.get(objective, ())

    def few(self, cell: coverage.Cell) -> bool:
        """Whether so few people of the team stand behind a cell that nothing is told of them."""
        if self.team is None:
            return False
        return cell.objective_id in self.hidden or cell.people < FEW

    @cached_property
    def _by_objective(self) -> dict[int, list[coverage.Cell]]:
        found: dict[int, list[coverage.Cell]] = defaultdict(list)
        for cell in self.cells:
            found[cell.objective_id].append(cell)
        return found


def take(
    *,
    user: User,
    now: datetime,
    config: Config,
    filters: Filters,
    objective: int | None = None,
) -> Snapshot:
    """Read what a person may see, in a fixed number of queries; of one objective or of all."""
    moment = filters.moment or now
    past = filters.moment is not None
    teams = tuple(Team.objects.visible_to(user).order_by("name"))
    team = next((row for row in teams if row.pk == filters.team), None)
    known = tuple(_known(user, moment if past else None, objective))
    ids = [row.objective.pk for row in known]
    judged: dict[int, datetime] = {}
    if past or team:
        found = _worked_out(known, now=moment, config=config, team=team, whole=objective is None)
    else:
        found, judged = _narrow_rows(ids, config=config)
    return Snapshot(
        moment=moment,
        past=past,
        team=team,
        known=known,
        sums={row.objective_id: row for row in found.sums},
        cells=tuple(found.cells),
        hidden=_hidden(found.cells, team=team, teams=teams, moment=moment, past=past),
        teams=teams,
        judged=judged,
    )


def of_one(objective: Objective, words: Revision, *, now: datetime, config: Config) -> Snapshot:
    """Return what was judged of one objective whose words are at hand. Two queries."""
    found, judged = _narrow_rows([objective.pk], config=config)
    return Snapshot(
        moment=now,
        past=False,
        team=None,
        known=(Known(objective, words, 0),),
        sums={row.objective_id: row for row in found.sums},
        cells=tuple(found.cells),
        hidden=frozenset(),
        teams=(),
        judged=judged,
    )


def _known(user: User, moment: datetime | None, objective: int | None) -> list[Known]:
    """Return the objectives in force at a moment, or now, with their words, in order."""
    seen = (
        Objective.objects.visible_to(user)
        .exclude(strategy__state=Strategy.State.CLOSED)
        .select_related("strategy", "theme", "owner", "current")
        .order_by("strategy__name", "strategy_id", "theme__position", "theme_id", "code")
    )
    if objective is not None:
        seen = seen.filter(pk=objective)
    if moment is None:
        rows = list(seen.in_force().annotate(named=_named("current")))
        return [Known(row, row.current, _count(row)) for row in rows if row.current]
    rows = list(in_force_at(seen, moment).annotate(named=_named("words_then")))
    words = Revision.objects.in_bulk([row.words_then for row in rows])  # type: ignore[attr-defined]
    return [Known(row, words[row.words_then], _count(row)) for row in rows]  # type: ignore[attr-defined]


def _named(words: str) -> Subquery:
    """Count the behaviors of the revision that a field names."""
    rows = BehaviorRevision.objects.filter(revision=OuterRef(words)).order_by()
    return Subquery(rows.values("revision").annotate(n=Count("pk")).values("n"))


def _count(objective: Objective) -> int:
    return objective.named or 0  # type: ignore[attr-defined]


def in_force_at(objectives: QuerySet[Objective], moment: datetime) -> QuerySet[Objective]:
    """Keep what was in force at a past moment, as it was known then, with ``words_then``."""
    words = (
        Revision.objects.published()
        .filter(objective=OuterRef("pk"), published_at__lte=moment, effective_from__lte=moment)
        .order_by("-number")
    )
    here = objectives.filter(Q(retired_at=None) | Q(retired_at__gt=moment), created_at__lte=moment)
    return here.annotate(words_then=Subquery(words.values("pk")[:1])).filter(
        words_then__isnull=False
    )


def _worked_out(
    known: Sequence[Known], *, now: datetime, config: Config, team: Team | None, whole: bool
) -> coverage.Judged:
    """Let the engine work out what judging would have written. One statement."""
    ids = {row.objective.pk for row in known}
    found = coverage.judged(
        None if whole else list(ids), now=now, config=config, team=team.pk if team else None
    )
    return coverage.Judged(
        cells=[cell for cell in found.cells if cell.objective_id in ids],
        sums=[row for row in found.sums if row.objective_id in ids],
    )


def _narrow_rows(
    ids: Sequence[int], *, config: Config
) -> tuple[coverage.Judged, dict[int, datetime]]:
    """Read what was judged, and when. Two queries."""
    sums = list(ObjectiveCoverage.objects.filter(objective__in=ids))
    judged = {row.objective_id: row.judged_at for row in sums}
    cells = CellState.objects.filter(objective__in=judged)
    return coverage.Judged(
        cells=[
            coverage.Cell.of(cell, now=judged[cell.objective_id], config=config) for cell in cells
        ],
        sums=[coverage.Sum.of(row, config=config) for row in sums],
    ), judged


MEMBERS = """
SELECT asked.objective_id, member.team_id, COUNT(DISTINCT member.user_id)
FROM UNNEST(%(objectives)s::bigint[], %(audiences)s::bigint[]) AS asked (objective_id, audience_id)
JOIN people_members_on(%(day)s) AS member ON member.audience_id = asked.audience_id
GROUP BY asked.objective_id, member.team_id
"""


def _hidden(
    cells: Sequence[coverage.Cell],
    *,
    team: Team | None,
    teams: Sequence[Team],
    moment: datetime,
    past: bool,
) -> frozenset[int]:
    """Return the objectives whose figures of this team would tell of a few people.

    Not only the team counts, but also who is left when it is taken away from those above it.
    """
    if team is None:
        return frozenset()
    parents = _parents(teams, moment if past else None)
    counts: dict[int, dict[int, int]] = defaultdict(dict)
    pairs = sorted({(cell.objective_id, cell.audience_id) for cell in cells})
    for objective, unit, people in _members(pairs, moment):
        counts[objective][unit] = people
    told: dict[frozenset[tuple[int, int]], bool] = {}
    hidden = set()
    for objective in {objective for objective, _ in pairs}:
        key = frozenset(counts[objective].items())
        if key not in told:
            told[key] = team.pk in groups.shown(parents=parents, people=counts[objective])
        if not told[key]:
            hidden.add(objective)
    return frozenset(hidden)


def _members(pairs: Sequence[tuple[int, int]], moment: datetime) -> list[tuple[int, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            MEMBERS,
            {
                "objectives": [objective for objective, _ in pairs],
                "audiences": [audience for _, audience in pairs],
                "day": moment.date(),
            },
        )
        return list(cursor.fetchall())


def _parents(teams: Sequence[Team], moment: datetime | None) -> dict[int, int | None]:
    """Return the tree of teams: today's, or that of a past day."""
    parents: dict[int, int | None] = {team.pk: team.parent_id for team in teams}
    if moment is not None:
        day = moment.date()
        then = TeamPlace.objects.filter(Q(ends=None) | Q(ends__gt=day), begins__lte=day)
        parents |= dict.fromkeys(parents) | dict(then.values_list("team", "parent"))
    return parents
