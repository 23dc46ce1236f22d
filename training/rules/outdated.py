"""Claims that nobody looked at again since the behavior they are about changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from strategy import days
from strategy.config import Config
from strategy.flags import Finding

# Every claim that counts or is suspect, and since when the words in force are no longer those it
# was reviewed at: since the first revision in force after the last one that had them.
CLAIMS = """
SELECT mapping.id, objective.id, objective.strategy_id, objective.code, behavior.code,
       version.title, module.owner_id, strategy.time_zone,
       words.fingerprint IS DISTINCT FROM mapping.reviewed_fingerprint, left_it.since,
       COALESCE(begun.epoch, current.epoch)
FROM training_mapping AS mapping
JOIN training_moduleversion AS version
    ON version.id = mapping.version_id AND version.state = 'published'
JOIN training_module AS module ON module.id = version.module_id AND module.state = 'published'
JOIN strategy_behavior AS behavior ON behavior.id = mapping.behavior_id
JOIN strategy_objective AS objective
    ON objective.id = behavior.objective_id AND objective.state = 'in force'
JOIN strategy_strategy AS strategy ON strategy.id = objective.strategy_id
JOIN strategy_revision AS current ON current.id = objective.current_id
LEFT JOIN strategy_behaviorrevision AS words
    ON words.revision_id = current.id AND words.behavior_id = behavior.id
LEFT JOIN LATERAL (
    SELECT MIN(revision.epoch) AS epoch
    FROM strategy_behaviorrevision AS same
    JOIN strategy_revision AS revision ON revision.id = same.revision_id
    WHERE same.behavior_id = behavior.id AND same.fingerprint = words.fingerprint
      AND revision.state = 'published' AND revision.effective_from >= words.fingerprint_since
) AS begun ON TRUE
LEFT JOIN LATERAL (
    SELECT MIN(revision.effective_from) AS since
    FROM strategy_revision AS revision
    WHERE revision.objective_id = objective.id AND revision.state = 'published'
      AND revision.number <= current.number
      AND revision.number > COALESCE((
          SELECT MAX(fits.number)
          FROM strategy_revision AS fits
          JOIN strategy_behaviorrevision AS same ON same.revision_id = fits.id
          WHERE fits.objective_id = objective.id AND fits.state = 'published'
            AND fits.number <= current.number AND same.behavior_id = behavior.id
            AND same.fingerprint = mapping.reviewed_fingerprint
      ), 0)
) AS left_it ON TRUE
WHERE mapping.state = 'current' AND (%(all)s OR objective.id = ANY(%(ids)s))
ORDER BY mapping.id
"""


@dataclass(frozen=True)
class Claim:
    mapping_id: int
    objective_id: int
    strategy_id: int
    objective: str
    behavior: str
    module: str
    owner_id: int
    time_zone: str
    suspect: bool
    since: datetime | None  # when it turned suspect
    epoch: int  # of the words in force of its behavior

    def waited(self, now: datetime, config: Config) -> int:
        """Return how many working days it has been suspect, by the calendar of its strategy."""
        if not self.suspect or self.since is None:
            return 0
        return days.working_days(self._day(self.since), self._day(now), holidays=config.holidays)

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(ZoneInfo(self.time_zone)).date()


def suspect(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find claims that have been suspect for more than ten working days. DOMAIN section 5.

    A behavior that is not asked for any more leaves its claims suspect, too: they are to be ended.
    """
    asked: dict[str, Any] = {"all": objective_ids is None, "ids": list(objective_ids or ())}
    with connection.cursor() as cursor:
        cursor.execute(CLAIMS, asked)
        return [_finding(Claim(*row), now, config) for row in cursor.fetchall()]


def _finding(claim: Claim, now: datetime, config: Config) -> Finding:
    waited = claim.waited(now, config)
    return Finding(
        subject=f"mapping:{claim.mapping_id}",
        epoch=claim.epoch,
        strategy_id=claim.strategy_id,
        objective_id=claim.objective_id,
        title="Out of date",
        label=f"{claim.module} ({claim.objective}, {claim.behavior})",
        link=f"/objectives/{claim.objective_id}/",
        opens=waited > config.suspect_working_days,
        clears=not claim.suspect,
        sentence=f"What it teaches changed {waited} working days ago, and nobody looked since."
        if claim.suspect
        else "It was looked at since what it teaches changed.",
        clears_when="somebody says why the change has no impact, or a new version or the end of "
        "the claim answers it.",
        act="Check it",
        act_link=f"/training/mappings/{claim.mapping_id}/clear/",
        evidence={
            "module": claim.module,
            "behavior": f"{claim.objective} {claim.behavior}",
            "changed on": claim.since.date().isoformat() if claim.suspect and claim.since else None,
            "working days": waited,
        },
        whom=(claim.owner_id,),
        owner_id=claim.owner_id,
    )
