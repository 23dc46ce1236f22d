"""Training that is given and serves nothing the strategy asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from align.people.models import Role
from strategy.config import Config
from strategy.flags import Finding

# The modules in use and those a flag stands about. What is mapped needs no look at its deliveries.
MODULES = """
WITH aligned AS MATERIALIZED (
    SELECT DISTINCT version.module_id AS id
    FROM training_mapping AS mapping
    JOIN training_moduleversion AS version
        ON version.id = mapping.version_id AND version.state = 'published'
    JOIN strategy_behavior AS behavior ON behavior.id = mapping.behavior_id
    JOIN strategy_objective AS objective
        ON objective.id = behavior.objective_id AND objective.state <> 'retired'
    JOIN strategy_behaviorrevision AS words ON words.behavior_id = behavior.id
        AND words.fingerprint = mapping.reviewed_fingerprint
    JOIN strategy_revision AS revision ON revision.id = words.revision_id
    WHERE mapping.state = 'current' AND (
        revision.id = objective.current_id
        OR objective.current_id IS NULL AND revision.state = 'published'
    )
)
SELECT module.id, module.code, version.title, module.owner_id, module.state = 'retired',
       aligned.id IS NOT NULL, COALESCE(taken.people, 0), COALESCE(held.sessions, 0)
FROM training_module AS module
JOIN training_moduleversion AS version ON version.id = module.current_id
LEFT JOIN aligned ON aligned.id = module.id
LEFT JOIN LATERAL (
    SELECT COUNT(DISTINCT completion.user_id) AS people
    FROM training_completion AS completion
    JOIN training_moduleversion AS given ON given.id = completion.version_id
    WHERE aligned.id IS NULL AND given.module_id = module.id
      AND completion.completed_at > %(since)s AND completion.completed_at <= %(now)s
) AS taken ON TRUE
LEFT JOIN LATERAL (
    SELECT COUNT(*) AS sessions
    FROM training_delivery AS delivery
    JOIN training_moduleversion AS given ON given.id = delivery.version_id
    WHERE aligned.id IS NULL AND given.module_id = module.id AND delivery.state = 'held'
      AND delivery.starts_at > %(since)s AND delivery.starts_at <= %(now)s
) AS held ON TRUE
WHERE module.state = 'published' OR EXISTS (
    SELECT 1 FROM strategy_flag AS flag
    WHERE flag.rule = 'orphan-training' AND flag.state <> 'resolved'
      AND flag.subject = 'module:' || module.id
)
ORDER BY module.id
"""


@dataclass(frozen=True)
class Given:
    """A module, and how often it was given lately where nothing asks for it."""

    module_id: int
    code: str
    title: str
    owner_id: int
    retired: bool
    aligned: bool
    people: int
    sessions: int

    @property
    def said(self) -> str:
        if self.retired:
            return "It is retired."
        if self.aligned:
            return "It teaches a behavior of the strategy."
        people = f"{self.people} {'person' if self.people == 1 else 'people'} took it"
        sessions = f"{self.sessions} session{'' if self.sessions == 1 else 's'} held"
        return f"{people} lately, {sessions}; it teaches no behavior in force."


def orphan_training(
    objective_ids: Sequence[int] | None, now: datetime, config: Config
) -> list[Finding]:
    """Find modules that are given and linked to nothing in force. DOMAIN section 5.

    No objective holds a module: asked about some objectives, it says nothing.
    """
    if objective_ids is not None:
        return []
    since = now - timedelta(days=config.orphan_training_days)
    with connection.cursor() as cursor:
        cursor.execute(MODULES, {"since": since, "now": now})
        return [_finding(Given(*row), config) for row in cursor.fetchall()]


def _finding(given: Given, config: Config) -> Finding:
    return Finding(
        subject=f"module:{given.module_id}",
        epoch=0,  # no revision of an objective is behind it
        strategy_id=None,
        objective_id=None,
        title="No link to the strategy",
        label=f"{given.code} {given.title}",
        link=f"/training/modules/{given.module_id}/",
        opens=not (given.aligned or given.retired) and bool(given.people or given.sessions),
        clears=given.aligned or given.retired,
        sentence=given.said,
        clears_when="a claim on it fits a behavior in force, or it is retired.",
        act="Map or retire it",
        act_link=f"/training/modules/{given.module_id}/",
        act_for=(Role.TRAINER, Role.LEAD),
        evidence={
            "people": given.people,
            "sessions held": given.sessions,
            "window in days": config.orphan_training_days,
        },
        whom=(given.owner_id,),
        owner_id=given.owner_id,
    )
