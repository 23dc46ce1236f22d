"""The one place where objectives are judged: states first, then rules, then the flags.

The apps above register what they compute and what they look for; this app knows none of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from django.db import connection, transaction

from strategy import config as thresholds
from strategy import flags
from strategy.config import Config
from strategy.models import Touch

log = structlog.get_logger(__name__)

Ids = Sequence[int] | None  # None: every objective
State = Callable[[Ids, datetime, Config], None]
Find = Callable[[Ids, datetime, Config], Sequence[flags.Finding]]

LOCK = 0x0A1167  # one judgement at a time, on however many workers
TOUCHES_A_FOLD = 20_000


@dataclass(frozen=True)
class Rule:
    name: str
    find: Find
    whole: bool = False  # about things that no one objective holds: always judged all at once


_states: dict[str, State] = {}
_rules: dict[str, Rule] = {}


def register_state(name: str, judge: State) -> None:
    """Add a computation of narrow rows; it runs before every rule, in the order registered."""
    _states[name] = judge


def register_rule(name: str, find: Find, *, whole: bool = False) -> None:
    """Add a rule. It is pure in (rows, config, now) and says what it finds of each objective.

    A ``whole`` rule is about other things, such as modules: every fold judges all of them anew, so
    it has to be cheap.
    """
    _rules[name] = Rule(name, find, whole)


def rules() -> list[str]:
    return list(_rules)


def fold(*, now: datetime) -> int:
    """Take what the outbox holds and judge those objectives. Return how many.

    One transaction: the rows leave the outbox exactly when the judgement is written. While
    another worker judges, this one leaves at once; the next fold finds whatever remains.
    """
    with transaction.atomic():
        if not _locked():
            return 0
        touched = _take()
        if touched:
            _judge(touched, now)
            _judge_whole(now)
    return len(touched)


def judge_all(*, now: datetime) -> None:
    """Judge every objective and all else from the rows. Doing it twice changes nothing."""
    with transaction.atomic():
        if _locked():
            _judge(None, now)
            _judge_whole(now)


def judge(objective_ids: Ids, *, now: datetime) -> None:
    """Judge these objectives from the rows, whatever the outbox holds, and nothing else."""
    with transaction.atomic():
        if _locked():
            _judge(objective_ids, now)


def judge_whole(*, now: datetime) -> None:
    """Judge what no objective holds, and nothing else."""
    with transaction.atomic():
        if _locked():
            _judge_whole(now)


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _take() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM strategy_touch WHERE id IN (
                SELECT id FROM strategy_touch ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED
            ) RETURNING objective_id
            """,
            [TOUCHES_A_FOLD],
        )
        return sorted({row[0] for row in cursor.fetchall()})


def _judge(objective_ids: Ids, now: datetime) -> None:
    config = thresholds.current()
    for judge in _states.values():
        judge(objective_ids, now, config)
    for rule in _rules.values():
        if not rule.whole:
            _look(rule, objective_ids, now, config)


def _judge_whole(now: datetime) -> None:
    config = thresholds.current()
    for rule in _rules.values():
        if rule.whole:
            _look(rule, None, now, config)


def _look(rule: Rule, objective_ids: Ids, now: datetime, config: Config) -> None:
    flags.sync(
        rule.name,
        rule.find(objective_ids, now, config),
        objective_ids=objective_ids,
        now=now,
        config=config,
    )


def waiting() -> int:
    """How many changes are not judged yet."""
    return Touch.objects.count()
