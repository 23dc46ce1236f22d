"""What each module claims of each cell, as far as it counts: what the coverage matrix draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from strategy.config import Config
from training.coverage import steps
from training.coverage.cell import select
from training.coverage.hours import Hours

# Beside every claim the hours of training, as steps.HOURS says them: one look for the whole page.
BY_MODULE = (
    steps.STEPS
    + """
, hours AS MATERIALIZED (
    SELECT COALESCE(SUM(version.hours) FILTER (WHERE aligned.version_id IS NOT NULL), 0) AS aligned,
           COALESCE(SUM(version.hours), 0) AS delivered
    FROM training_completion AS completion
    JOIN training_moduleversion AS version ON version.id = completion.version_id
    LEFT JOIN (SELECT DISTINCT version_id FROM whole WHERE fits) AS aligned
        ON aligned.version_id = completion.version_id
    WHERE completion.completed_at <= %(now)s AND completion.created_at <= %(now)s
), by_module AS (
    SELECT cell.objective_id, whole.behavior_id, whole.audience_id, whole.module_id,
           COALESCE(MAX(whole.depth) FILTER (WHERE whole.fits), 0) AS depth,
           COALESCE(MAX(whole.depth) FILTER (WHERE NOT whole.fits), 0) AS suspect_depth
    FROM whole JOIN cell USING (behavior_id, audience_id)
    GROUP BY cell.objective_id, whole.behavior_id, whole.audience_id, whole.module_id
)
SELECT hours.aligned, hours.delivered, by_module.*
FROM hours LEFT JOIN by_module ON TRUE
ORDER BY objective_id, behavior_id, audience_id, module_id
"""
)


@dataclass(frozen=True)
class Claim:
    """How deep one module claims to teach one cell: now, and before the words changed."""

    objective_id: int
    behavior_id: int
    audience_id: int
    module_id: int
    depth: int
    suspect_depth: int


@dataclass(frozen=True)
class Claimed:
    claims: list[Claim]
    hours: Hours


def claimed(
    objective_ids: Sequence[int] | None = None, *, now: datetime, config: Config
) -> Claimed:
    """Return the claims that hold cells up, or did before a revision, and the aligned hours.

    The hours are of all training and every objective only where all are asked for. One statement,
    for a page: its tables are not freshly filled, so the planner may choose as it likes.
    """
    rows = select(BY_MODULE, objective_ids or [], now=now, config=config, all=objective_ids is None)
    (aligned, delivered, *_), *_ = rows
    return Claimed(
        claims=[Claim(*row[2:]) for row in rows if row[2] is not None],
        hours=Hours(aligned=aligned, all=delivered),
    )
