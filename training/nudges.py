"""Reminding people to try what they learned, while nobody has seen them do it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from align.notices import actions as notices
from align.notices.actions import Message
from training.models import Observation

STEPS = (2, 7, 21, 60)  # days after a person's own completion
LATE = 2  # days: a nudge that comes later than that is not sent any more

# Who took what a step ago, and what of it they are asked for and were not seen doing since. Only
# the newest completion of a version counts, and only a claim that fits today's words. Who began
# yesterday is asked, too, although people count in figures only after thirty days.
DUE = """
WITH taken AS MATERIALIZED (
    SELECT completion.user_id, completion.version_id, completion.completed_at, step.days
    FROM UNNEST(%(steps)s) AS step (days)
    JOIN training_completion AS completion
        ON completion.completed_at <= %(now)s - step.days * INTERVAL '1 day'
        AND completion.completed_at > %(now)s - (step.days + %(late)s) * INTERVAL '1 day'
    JOIN people_user AS person ON person.id = completion.user_id AND person.is_active
    WHERE NOT EXISTS (
        SELECT 1 FROM training_completion AS later
        WHERE later.version_id = completion.version_id AND later.user_id = completion.user_id
          AND (later.completed_at, later.id) > (completion.completed_at, completion.id)
          AND later.completed_at <= %(now)s
    )
), member AS MATERIALIZED (
    SELECT DISTINCT rule_role.audience_id, place.user_id
    FROM people_membership AS place
    JOIN people_team_tree AS tree ON tree.team_id = place.team_id
    JOIN people_audience_teams AS rule_team ON rule_team.team_id = tree.ancestor_id
    JOIN people_audience_sales_roles AS rule_role
        ON rule_role.audience_id = rule_team.audience_id
        AND rule_role.salesrole_id = place.sales_role_id
    WHERE place.user_id IN (SELECT user_id FROM taken)
      AND place.begins <= %(day)s AND (place.ends IS NULL OR place.ends > %(day)s)
)
SELECT DISTINCT taken.user_id, version.id, module.id, version.title,
       (taken.completed_at AT TIME ZONE 'UTC')::date, taken.days, behavior.id, words.statement,
       words.critical
FROM taken
JOIN training_moduleversion AS version
    ON version.id = taken.version_id AND version.state = 'published'
JOIN training_module AS module ON module.id = version.module_id AND module.state = 'published'
JOIN training_mapping AS mapping
    ON mapping.version_id = version.id AND mapping.state = 'current'
JOIN strategy_behavior AS behavior ON behavior.id = mapping.behavior_id
JOIN strategy_objective AS objective
    ON objective.id = behavior.objective_id AND objective.state = 'in force'
JOIN strategy_behaviorrevision AS words
    ON words.revision_id = objective.current_id AND words.behavior_id = behavior.id
    AND words.fingerprint = mapping.reviewed_fingerprint
    AND (taken.completed_at >= words.fingerprint_since OR mapping.cleared_at IS NOT NULL)
JOIN strategy_behaviorrevision_audiences AS asked ON asked.behaviorrevision_id = words.id
JOIN member ON member.audience_id = asked.audience_id AND member.user_id = taken.user_id
JOIN member AS taught
    ON taught.audience_id = mapping.audience_id AND taught.user_id = taken.user_id
WHERE NOT EXISTS (
    SELECT 1 FROM training_observation AS observation
    JOIN strategy_behaviorrevision AS same ON same.id = observation.behavior_revision_id
    LEFT JOIN training_observation AS correction ON correction.corrects_id = observation.id
    WHERE same.behavior_id = behavior.id AND same.fingerprint = words.fingerprint
      AND observation.user_id = taken.user_id AND observation.level >= %(standard)s
      AND observation.observed_at > taken.completed_at
      AND observation.observed_at <= %(now)s AND correction.id IS NULL
)
ORDER BY taken.user_id, version.id, taken.days, words.critical DESC, behavior.id
"""


@dataclass(frozen=True)
class Due:
    """One behavior that one person could try, some days after they took a module."""

    person_id: int
    version_id: int
    module_id: int
    module: str
    taken_on: date
    step: int
    behavior_id: int
    statement: str
    critical: bool

    @property
    def key(self) -> str:
        """The day, not the row: a completion that two systems tell is one completion."""
        return f"nudge:{self.version_id}:{self.taken_on}:{self.step}"


@transaction.atomic
def send(*, now: datetime) -> None:
    """Send the nudges whose day has come; each person hears of each step of a module once."""
    rows = due(now=now)
    notices.send(
        [
            _message(list(group))
            for _, group in groupby(rows, key=lambda row: (row.person_id, row.key))
        ],
        now=now,
    )


def due(*, now: datetime) -> list[Due]:
    """Return what there is to try, person by person and module by module. One statement."""
    asked: dict[str, Any] = {
        "now": now,
        "day": now.date(),
        "steps": list(STEPS),
        "late": LATE,
        "standard": Observation.STANDARD,
    }
    with connection.cursor() as cursor:
        cursor.execute(DUE, asked)
        return [Due(*row) for row in cursor.fetchall()]


def _message(rows: Sequence[Due]) -> Message:
    first, more = rows[0], len(rows) - 1
    others = f" (and {more} more)" if more else ""
    return Message(
        person_id=first.person_id,
        key=first.key,
        text=f"{first.step} days ago you took “{_short(first.module, 60)}”. "
        f"Try it on your next visit: “{_short(first.statement, 160)}”{others}.",
        link=f"/training/learn/{first.module_id}/" if more else f"/behaviors/{first.behavior_id}/",
    )


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
