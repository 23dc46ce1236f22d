"""Whether the narrow rows are what the rows behind them say: computed again from nothing."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from feedback import voice
from feedback.models import ObjectiveVoice
from strategy import config as thresholds
from strategy.config import Config
from strategy.models import Objective, Touch
from training import coverage
from training.models import CellState, ObjectiveCoverage

NOT_FIGURES = {"id", "judged_at"}
SAME = 1e-9  # shares are sums of floats; their order may differ

Judge = Callable[[Sequence[int] | None, datetime, Config], None]
Figures = dict[str, Any]


@dataclass(frozen=True)
class Narrow:
    """A table of computed rows, and what tells one row from another."""

    model: type[models.Model]
    keys: tuple[str, ...]

    def figures(self, objective_ids: Sequence[int]) -> dict[tuple[Any, ...], Figures]:
        rows = self.model._default_manager.filter(objective__in=objective_ids).values()
        return {
            tuple(row[key] for key in self.keys): {
                name: value for name, value in row.items() if name not in NOT_FIGURES
            }
            for row in rows
        }


@dataclass(frozen=True)
class State:
    """What one judge writes; ``dated`` is the table that says when."""

    judge: Judge
    dated: type[models.Model]
    tables: tuple[Narrow, ...]


STATES = (
    State(
        judge=coverage.judge,
        dated=ObjectiveCoverage,
        tables=(
            Narrow(CellState, ("behavior_id", "audience_id")),
            Narrow(ObjectiveCoverage, ("objective_id",)),
        ),
    ),
    State(
        judge=voice.judge,
        dated=ObjectiveVoice,
        tables=(Narrow(ObjectiveVoice, ("objective_id",)),),
    ),
)


def drift(*, now: datetime) -> list[str]:
    """Return every figure that differs, as a sentence. Nothing is changed.

    Each objective is judged again at the moment it was judged last, so that time alone makes no
    difference. What waits in the outbox is left out: it is known to be out of date.
    """
    with transaction.atomic():
        found = [line for state in STATES for line in _drift_of(state, now)]
        transaction.set_rollback(True)
    return found


def _drift_of(state: State, now: datetime) -> Iterable[str]:
    waiting = set(Touch.objects.values_list("objective_id", flat=True))
    in_force = Objective.objects.in_force().exclude(pk__in=waiting).order_by("pk")
    judged = dict(state.dated._default_manager.values_list("objective_id", "judged_at"))
    moments: dict[datetime, list[int]] = {}
    for pk in in_force.values_list("pk", flat=True):
        moments.setdefault(judged.get(pk, now), []).append(pk)
    for moment, ids in moments.items():
        kept = [table.figures(ids) for table in state.tables]
        for table in state.tables:
            table.model._default_manager.filter(objective__in=ids).delete()
        state.judge(ids, moment, thresholds.current())
        for table, before in zip(state.tables, kept, strict=True):
            yield from _differences(table, before, table.figures(ids))


def _differences(
    table: Narrow, kept: dict[tuple[Any, ...], Figures], fresh: dict[tuple[Any, ...], Figures]
) -> Iterable[str]:
    for key in sorted(kept.keys() | fresh.keys()):
        name = f"{table.model.__name__} {', '.join(str(part) for part in key)}"
        if key not in fresh:
            yield f"{name}: is kept and should not be."
        elif key not in kept:
            yield f"{name}: is missing."
        else:
            for column, value in fresh[key].items():
                if not _same(kept[key][column], value):
                    yield f"{name}: {column} is kept as {kept[key][column]} and should be {value}."


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=SAME, abs_tol=SAME)
    return bool(one == other)
