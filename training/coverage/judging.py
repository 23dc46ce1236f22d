"""Making the narrow rows that pages and rules read what the rows behind them say."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from strategy.config import Config
from training.coverage.cell import FIGURES, Cell, Ids
from training.coverage.sums import SUMS, judged
from training.models import CellState, ObjectiveCoverage

KEY = ("behavior_id", "audience_id")
KEPT = (*FIGURES, "evidence")


@transaction.atomic
def judge(objective_ids: Ids, now: datetime, config: Config) -> None:
    """Make the narrow rows of these objectives (all for None) what the rows say now.

    Doing it twice changes nothing; the number of statements does not depend on the rows.
    """
    found = judged(objective_ids, now=now, config=config)
    _write_cells(objective_ids, found.cells)
    known = _asked(ObjectiveCoverage.objects.all(), objective_ids)
    known.exclude(objective__in=[row.objective_id for row in found.sums]).delete()
    ObjectiveCoverage.objects.bulk_create(
        [
            ObjectiveCoverage(judged_at=now, **{name: getattr(row, name) for name in SUMS})
            for row in found.sums
        ],
        update_conflicts=True,
        unique_fields=["objective"],
        update_fields=[*(name for name in SUMS if name != "objective_id"), "judged_at"],
    )


def _write_cells(objective_ids: Ids, found: Sequence[Cell]) -> None:
    """Write the cells whose figures changed, and take away those that are gone."""
    known = {
        (row["behavior_id"], row["audience_id"]): row
        for row in _asked(CellState.objects.all(), objective_ids).values("pk", *KEPT)
    }
    wanted = {(cell.behavior_id, cell.audience_id): _values(cell) for cell in found}
    gone = [row["pk"] for key, row in known.items() if key not in wanted]
    CellState.objects.filter(pk__in=gone).delete()
    CellState.objects.bulk_create(
        [
            CellState(**values)
            for key, values in wanted.items()
            if known.get(key, {}) != values | {"pk": known.get(key, {}).get("pk")}
        ],
        update_conflicts=True,
        unique_fields=["behavior", "audience"],
        update_fields=[name for name in KEPT if name not in KEY],
    )


def _values(cell: Cell) -> dict[str, Any]:
    return {name: getattr(cell, name) for name in KEPT}


def _asked(rows: Any, objective_ids: Ids) -> Any:
    return rows if objective_ids is None else rows.filter(objective__in=objective_ids)
