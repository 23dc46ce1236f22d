"""Whom an objective asks, by team, and whom of them training was planned for and reached."""

from dataclasses import dataclass
from datetime import datetime

from strategy.config import Config
from training.coverage import steps
from training.coverage.cell import select

BY_TEAM = (
    steps.STEPS
    + """
, place AS (
    SELECT DISTINCT user_id, team_id FROM people_members_on(%(day)s)
    WHERE audience_id = ANY(ARRAY(SELECT audience_id FROM cell))
)
SELECT place.team_id, COUNT(DISTINCT place.user_id), COUNT(DISTINCT planned.user_id),
       COUNT(DISTINCT reached.user_id)
FROM place
LEFT JOIN planned USING (user_id)
LEFT JOIN reached USING (user_id)
GROUP BY place.team_id
ORDER BY place.team_id
"""
)


@dataclass(frozen=True)
class Reach:
    """People of a team itself, without those below it."""

    people: int = 0
    planned: int = 0
    reached: int = 0

    def __add__(self, other: "Reach") -> "Reach":
        return Reach(
            self.people + other.people,
            self.planned + other.planned,
            self.reached + other.reached,
        )


def by_team(objective_id: int, *, now: datetime, config: Config) -> dict[int, Reach]:
    """Return the people of one objective by the team of that day. One statement."""
    rows = select(BY_TEAM, [objective_id], now=now, config=config)
    return {team: Reach(*figures) for team, *figures in rows}
