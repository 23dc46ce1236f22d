"""Putting published revisions in force when their day has come."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from strategy.models import History, Touch

# The newest published revision whose time has come is the current one: a function of the rows,
# so that running it twice, late or in parallel gives the same. The history gets its rows in the
# same statement, exactly where something changed.
EFFECT = """
WITH due AS (
    SELECT DISTINCT ON (objective_id) id, objective_id, number
    FROM strategy_revision
    WHERE state = 'published' AND effective_from <= %(now)s
      AND (%(all)s OR objective_id = ANY(%(ids)s))
    ORDER BY objective_id, number DESC
), before AS (
    SELECT objective.id, revision.number
    FROM strategy_objective AS objective
    JOIN due ON due.objective_id = objective.id
    LEFT JOIN strategy_revision AS revision ON revision.id = objective.current_id
), changed AS (
    UPDATE strategy_objective AS objective
    SET current_id = due.id,
        state = CASE WHEN objective.state = 'retired' THEN 'retired' ELSE 'in force' END
    FROM due
    WHERE objective.id = due.objective_id AND objective.current_id IS DISTINCT FROM due.id
    RETURNING objective.id, objective.strategy_id, due.id AS revision_id, due.number
)
INSERT INTO strategy_history
    (strategy_id, objective_id, revision_id, shown_to, what, before, after, at)
SELECT changed.strategy_id, changed.id, changed.revision_id, %(shown_to)s, 'took effect',
    jsonb_build_object('revision', before.number),
    jsonb_build_object('revision', changed.number), %(now)s
FROM changed JOIN before ON before.id = changed.id
RETURNING objective_id
"""


def take_effect(objective_ids: Sequence[int] | None = None, *, now: datetime) -> list[int]:
    """Make the due revisions current; return the objectives that changed.

    They go into the outbox in the same transaction.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            EFFECT,
            {
                "now": now,
                "all": objective_ids is None,
                "ids": list(objective_ids or ()),
                "shown_to": History.ShownTo.EVERYONE,
            },
        )
        changed = [row[0] for row in cursor.fetchall()]
        Touch.objects.bulk_create(Touch(objective_id=pk, at=now) for pk in changed)
    return changed
