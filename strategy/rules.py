"""What a strategy itself can get wrong: too much at once, and nobody who answers for a choice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Objective


def register() -> None:
    """Give the engine what this app looks for."""
    engine.register_rule("overload", overload, whole=True)
    engine.register_rule("ownerless", ownerless)


# Each sales role beside each strategy that asks something of it; the counts are over all of them:
# a person does not care which strategy a habit comes from.
ASKING = """
WITH asking AS MATERIALIZED (
    SELECT objective.strategy_id, objective.id AS objective_id, words.behavior_id,
           words.sales_role_id,
           words.critical AND %(quarter)s < (
               SELECT MIN(revision.effective_from)
               FROM strategy_behaviorrevision AS earlier
               JOIN strategy_revision AS revision ON revision.id = earlier.revision_id
               WHERE earlier.behavior_id = words.behavior_id AND revision.state = 'published'
           ) AS new
    FROM strategy_objective AS objective
    JOIN strategy_strategy AS strategy
        ON strategy.id = objective.strategy_id AND strategy.state = 'active'
    JOIN strategy_behaviorrevision AS words ON words.revision_id = objective.current_id
    WHERE objective.state = 'in force'
), total AS (
    SELECT sales_role_id, COUNT(DISTINCT objective_id) AS objectives,
           COUNT(DISTINCT behavior_id) FILTER (WHERE new) AS new
    FROM asking GROUP BY sales_role_id
)
SELECT strategy.id, strategy.name, strategy.slug, strategy.lead_id, role.id, role.name,
       total.objectives, total.new
FROM total
JOIN (SELECT DISTINCT strategy_id, sales_role_id FROM asking) AS pair USING (sales_role_id)
JOIN strategy_strategy AS strategy ON strategy.id = pair.strategy_id
JOIN people_salesrole AS role ON role.id = total.sales_role_id
ORDER BY strategy.id, role.id
"""


@dataclass(frozen=True)
class Asked:
    """What all strategies in force ask of one sales role, as one of them sees it."""

    strategy_id: int
    strategy: str
    slug: str
    lead_id: int
    role_id: int
    role: str
    objectives: int
    new_critical: int


def overload(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find sales roles that are asked for more than people can change at once. DOMAIN section 3.

    A count over all objectives: asked about some of them, it says nothing.
    """
    if objective_ids is not None:
        return []
    quarter = now - timedelta(days=config.overload_quarter_days)
    with connection.cursor() as cursor:
        cursor.execute(ASKING, {"quarter": quarter})
        asked = [Asked(*row) for row in cursor.fetchall()]
    return [_overload(one, config) for one in asked]


def _overload(asked: Asked, config: Config) -> Finding:
    over = (
        asked.objectives > config.overload_objectives
        or asked.new_critical > config.overload_new_critical
    )
    return Finding(
        subject=f"role:{asked.role_id}",
        scope=f"strategy:{asked.strategy_id}",
        epoch=0,  # no one revision is behind it
        strategy_id=asked.strategy_id,
        objective_id=None,
        title="Too much at once",
        label=f"{asked.role} in {asked.strategy}",
        link=f"/strategy/{asked.slug}/",
        opens=over,
        clears=not over,
        sentence=f"{_counted(asked.objectives, 'objective')} in force ask this sales role for "
        f"something; {_counted(asked.new_critical, 'critical behavior')} "
        f"{'is' if asked.new_critical == 1 else 'are'} new within a quarter.",
        clears_when=f"at most {config.overload_objectives} objectives ask it for something and at "
        f"most {config.overload_new_critical} critical behaviors are new within "
        f"{config.overload_quarter_days} days.",
        evidence={"objectives": asked.objectives, "new critical behaviors": asked.new_critical},
        whom=(asked.lead_id,),
        owner_id=asked.lead_id,
    )


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def ownerless(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find objectives in force that nobody answers for, or nobody looked at for long."""
    asked = Objective.objects.in_force().select_related("strategy", "current", "owner")
    if objective_ids is not None:
        asked = asked.filter(pk__in=objective_ids)
    return [_ownerless(objective, now, config) for objective in asked.order_by("pk")]


def _ownerless(objective: Objective, now: datetime, config: Config) -> Finding:
    words, owner = objective.current, objective.owner
    assert words is not None  # a constraint: what is in force has a revision
    owned = owner is not None and owner.is_active
    looked_at = reviewed_at(objective)
    assert looked_at is not None
    days = (now - looked_at).days
    over = not owned or now - looked_at > timedelta(days=config.ownerless_days)
    return Finding(
        subject=f"objective:{objective.pk}",
        epoch=words.epoch,
        strategy_id=objective.strategy_id,
        objective_id=objective.pk,
        title="Nobody looks after it" if owned else "Nobody answers for it",
        label=f"{objective.code} {words.title}",
        link=f"/objectives/{objective.pk}/",
        opens=over,
        clears=not over,
        sentence=f"It was last reviewed {days} days ago." if owned else "It has no owner.",
        clears_when=f"it has an owner and was reviewed within {config.ownerless_days} days.",
        evidence={
            "owner": owner.name if owner and owned else "nobody",
            "last reviewed": looked_at.date().isoformat(),
        },
        whom=(objective.strategy.lead_id,),
        owner_id=owner.pk if owner and owned else objective.strategy.lead_id,
        act="Review it" if owned else "Hand it to somebody",
        act_link=f"/objectives/{objective.pk}/owner/",
    )


def reviewed_at(objective: Objective) -> datetime | None:
    """Return when an objective was last looked at as a whole: revising it is a review."""
    if objective.current is None or objective.current.effective_from is None:
        return None
    taken_force = objective.current.effective_from
    return max(objective.reviewed_at or taken_force, taken_force)
