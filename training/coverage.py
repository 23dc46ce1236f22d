"""Coverage: what is claimed, whom it reached, what was seen. DOMAIN section 4.

Set-based and pure in (rows, config, now): one SELECT gives every cell, one more the people of
each objective. Judging writes what they say into the narrow rows that pages and rules read.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from strategy.config import Config
from strategy.models import Depth
from training.models import CellState, ObjectiveCoverage, Observation

Ids = Sequence[int] | None
Evidence = CellState.Evidence

# A mapping counts while it was reviewed at the fingerprint in force, its version is published, its
# module not retired, and its audience has every person of the cell's audience on that day.
CELLS = """
WITH cell AS MATERIALIZED (
    SELECT objective.id AS objective_id, words.behavior_id, asked.audience_id,
           words.critical, words.required_depth AS required,
           words.fingerprint, words.fingerprint_since
    FROM strategy_objective AS objective
    JOIN strategy_behaviorrevision AS words ON words.revision_id = CASE
        WHEN objective.state = 'in force' THEN objective.current_id
        WHEN %(upcoming)s AND objective.current_id IS NULL THEN (
            SELECT id FROM strategy_revision AS next
            WHERE next.objective_id = objective.id AND next.state = 'published'
            ORDER BY next.number DESC LIMIT 1)
        END
    JOIN strategy_behaviorrevision_audiences AS asked ON asked.behaviorrevision_id = words.id
    WHERE %(all)s OR objective.id = ANY(%(ids)s)
), claim AS MATERIALIZED (
    SELECT cell.behavior_id, cell.audience_id, mapping.audience_id AS claimed_for,
           mapping.version_id, mapping.depth, mapping.cleared_at,
           mapping.reviewed_fingerprint = cell.fingerprint AS fits
    FROM cell
    JOIN training_mapping AS mapping
        ON mapping.behavior_id = cell.behavior_id AND mapping.state = 'current'
    JOIN training_moduleversion AS version
        ON version.id = mapping.version_id AND version.state = 'published'
    JOIN training_module AS module
        ON module.id = version.module_id AND module.state = 'published'
), member AS MATERIALIZED (
    SELECT audience_id, user_id FROM people_audience_member
    WHERE counts_from <= %(day)s AND (ends IS NULL OR ends > %(day)s)
      AND audience_id IN (
          SELECT audience_id FROM cell UNION SELECT claimed_for FROM claim
      )
), short AS (
    SELECT DISTINCT claim.claimed_for, claim.audience_id
    FROM (SELECT DISTINCT claimed_for, audience_id FROM claim) AS claim
    JOIN member ON member.audience_id = claim.audience_id
    LEFT JOIN member AS taught
        ON taught.audience_id = claim.claimed_for AND taught.user_id = member.user_id
    WHERE taught.user_id IS NULL
), whole AS MATERIALIZED (
    SELECT claim.* FROM claim
    LEFT JOIN short USING (claimed_for, audience_id)
    WHERE short.audience_id IS NULL
), depths AS (
    SELECT behavior_id, audience_id,
           COALESCE(MAX(depth) FILTER (WHERE fits), 0) AS depth,
           COALESCE(MAX(depth) FILTER (WHERE NOT fits), 0) AS suspect_depth
    FROM whole GROUP BY behavior_id, audience_id
), reached AS MATERIALIZED (
    SELECT DISTINCT cell.objective_id, cell.behavior_id, cell.audience_id, member.user_id
    FROM cell
    JOIN whole ON whole.behavior_id = cell.behavior_id
        AND whole.audience_id = cell.audience_id AND whole.fits
    JOIN training_completion AS completion ON completion.version_id = whole.version_id
        AND completion.completed_at <= %(now)s
        AND (completion.completed_at >= cell.fingerprint_since OR whole.cleared_at IS NOT NULL)
    JOIN member ON member.audience_id = cell.audience_id AND member.user_id = completion.user_id
), newest AS (
    SELECT DISTINCT ON (words.behavior_id, observation.user_id)
           words.behavior_id, observation.user_id, observation.level
    FROM (SELECT DISTINCT behavior_id, fingerprint FROM cell) AS taught
    JOIN strategy_behaviorrevision AS words USING (behavior_id, fingerprint)
    JOIN training_observation AS observation ON observation.behavior_revision_id = words.id
    LEFT JOIN training_observation AS correction ON correction.corrects_id = observation.id
    WHERE observation.level IS NOT NULL AND correction.id IS NULL
      AND observation.observed_at <= %(now)s AND observation.observed_at > %(seen_since)s
    ORDER BY words.behavior_id, observation.user_id,
             observation.observed_at DESC, observation.id DESC
), asked AS (
    SELECT audience_id, COUNT(*) AS people FROM member GROUP BY audience_id
), took AS (
    SELECT behavior_id, audience_id, COUNT(*) AS people FROM reached
    GROUP BY behavior_id, audience_id
), seen AS (
    SELECT cell.behavior_id, cell.audience_id, COUNT(*) AS observed,
           COUNT(*) FILTER (WHERE newest.level >= %(standard)s) AS at_standard
    FROM cell
    JOIN newest ON newest.behavior_id = cell.behavior_id
    JOIN member ON member.audience_id = cell.audience_id AND member.user_id = newest.user_id
    GROUP BY cell.behavior_id, cell.audience_id
)
"""

BY_CELL = (
    CELLS
    + """
SELECT cell.objective_id, cell.behavior_id, cell.audience_id, cell.critical, cell.required,
       COALESCE(depths.depth, 0), COALESCE(depths.suspect_depth, 0),
       COALESCE(asked.people, 0), COALESCE(took.people, 0),
       COALESCE(seen.observed, 0), COALESCE(seen.at_standard, 0)
FROM cell
LEFT JOIN depths USING (behavior_id, audience_id)
LEFT JOIN asked USING (audience_id)
LEFT JOIN took USING (behavior_id, audience_id)
LEFT JOIN seen USING (behavior_id, audience_id)
ORDER BY cell.objective_id, cell.behavior_id, cell.audience_id
"""
)

# The people an objective asks for something, and those of them who took any training that counts.
BY_OBJECTIVE = (
    CELLS
    + """
SELECT objective.id, COALESCE(whom.people, 0), COALESCE(taken.people, 0)
FROM strategy_objective AS objective
LEFT JOIN (
    SELECT cell.objective_id, COUNT(DISTINCT member.user_id) AS people
    FROM cell JOIN member USING (audience_id) GROUP BY cell.objective_id
) AS whom ON whom.objective_id = objective.id
LEFT JOIN (
    SELECT objective_id, COUNT(DISTINCT user_id) AS people FROM reached GROUP BY objective_id
) AS taken ON taken.objective_id = objective.id
WHERE objective.state = 'in force' AND (%(all)s OR objective.id = ANY(%(ids)s))
ORDER BY objective.id
"""
)


@dataclass(frozen=True)
class Cell:
    """A behavior and one audience it is asked of. Counts are people."""

    reached_share: float  # of the people, from which on the cell counts as reached
    objective_id: int
    behavior_id: int
    audience_id: int
    critical: bool
    required: int
    depth: int
    suspect_depth: int
    people: int
    reached: int
    observed: int
    at_standard: int

    @property
    def evidence(self) -> Evidence:
        """The highest step all of whose lower steps hold."""
        if self.depth == Depth.NONE:
            return Evidence.UNMAPPED
        if self.people and self.reached >= self.reached_share * self.people:
            return Evidence.REACHED
        return Evidence.MAPPED

    @property
    def covered(self) -> bool:
        return self.depth >= self.required

    @property
    def suspect(self) -> bool:
        """Whether only claims from before a revision hold the cell up."""
        return self.suspect_depth > self.depth and not self.covered

    @property
    def shown(self) -> int:
        """The depth that evidence shows; a claim nobody was reached by shows nothing."""
        return self.depth if self.evidence >= Evidence.REACHED else Depth.NONE


@dataclass(frozen=True)
class People:
    objective_id: int
    people: int
    reached: int


def cells(
    objective_ids: Ids = None, *, now: datetime, config: Config, upcoming: bool = False
) -> list[Cell]:
    """Return every cell of the objectives in force (all of them for None). One statement.

    With ``upcoming``, also of those that are published and not in force yet.
    """
    rows = _select(BY_CELL, objective_ids, now, config, upcoming=upcoming)
    return [Cell(config.reached_share, *row) for row in rows]


def people(objective_ids: Ids = None, *, now: datetime, config: Config) -> list[People]:
    """Return whom each objective in force asks and whom training reached. One statement."""
    return [People(*row) for row in _select(BY_OBJECTIVE, objective_ids, now, config)]


def _select(
    sql: str, objective_ids: Ids, now: datetime, config: Config, *, upcoming: bool = False
) -> list[tuple[Any, ...]]:
    asked: dict[str, Any] = {
        "upcoming": upcoming,
        "all": objective_ids is None,
        "ids": list(objective_ids or ()),
        "now": now,
        "day": now.date(),
        "seen_since": now - timedelta(days=config.seen_window_days),
        "standard": Observation.STANDARD,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        # Freshly filled tables have no statistics: the planner then expects a row or two and
        # loops over loops. Over all objectives hashing is right in any case.
        if objective_ids is None:
            cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(sql, asked)
        rows = list(cursor.fetchall())
        if objective_ids is None:
            cursor.execute("SET LOCAL enable_nestloop = on")
        return rows


def summed(whom: People, of: Sequence[Cell], *, now: datetime) -> ObjectiveCoverage:
    """Roll the cells of an objective up: the weakest cell, never an average."""
    return ObjectiveCoverage(
        objective_id=whom.objective_id,
        cells=len(of),
        covered=sum(cell.covered for cell in of),
        suspect=sum(cell.suspect for cell in of),
        depth=min((cell.depth for cell in of), default=None),
        shown=min((cell.shown for cell in of), default=None),
        people=whom.people,
        reached=whom.reached,
        observed=sum(cell.observed for cell in of),
        at_standard=sum(cell.at_standard for cell in of),
        judged_at=now,
    )


FIGURES = ["critical", "required", "depth", "suspect_depth", "people", "reached", "observed"]
CELL_FIGURES = ["objective", *FIGURES, "at_standard", "evidence"]
SUMS = ["cells", "covered", "suspect", "depth", "shown", "people", "reached", "observed"]


@transaction.atomic
def judge(objective_ids: Ids, now: datetime, config: Config) -> None:
    """Make the narrow rows of these objectives (all for None) what the rows say now.

    Doing it twice changes nothing; the number of statements does not depend on the rows.
    """
    found = cells(objective_ids, now=now, config=config)
    _write_cells(objective_ids, found)
    by_objective: dict[int, list[Cell]] = {}
    for cell in found:
        by_objective.setdefault(cell.objective_id, []).append(cell)
    sums = [
        summed(whom, by_objective.get(whom.objective_id, []), now=now)
        for whom in people(objective_ids, now=now, config=config)
    ]
    asked = _asked(ObjectiveCoverage.objects.all(), objective_ids)
    asked.exclude(objective__in=[row.objective_id for row in sums]).delete()
    ObjectiveCoverage.objects.bulk_create(
        sums,
        update_conflicts=True,
        unique_fields=["objective"],
        update_fields=[*SUMS, "at_standard", "judged_at"],
    )


def _write_cells(objective_ids: Ids, found: Sequence[Cell]) -> None:
    here = {(cell.behavior_id, cell.audience_id) for cell in found}
    known = _asked(CellState.objects.all(), objective_ids)
    gone = [
        pk
        for pk, *key in known.values_list("pk", "behavior_id", "audience_id")
        if tuple(key) not in here
    ]
    CellState.objects.filter(pk__in=gone).delete()
    CellState.objects.bulk_create(
        [
            CellState(
                objective_id=cell.objective_id,
                behavior_id=cell.behavior_id,
                audience_id=cell.audience_id,
                evidence=cell.evidence,
                at_standard=cell.at_standard,
                **{name: getattr(cell, name) for name in FIGURES},
            )
            for cell in found
        ],
        update_conflicts=True,
        unique_fields=["behavior", "audience"],
        update_fields=CELL_FIGURES,
    )


def _asked(rows: Any, objective_ids: Ids) -> Any:
    return rows if objective_ids is None else rows.filter(objective__in=objective_ids)
