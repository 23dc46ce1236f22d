"""How deep critical behaviors are trained: not at all, or not deep enough."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from align.people.models import Role
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Depth, Objective
from training import coverage
from training.models import CellState
from training.rules import judged, whom

SHOWN_IN_EVIDENCE = 20
CLEARS_WHEN = "every critical behavior is at least Named."
SHALLOW_CLEARS_WHEN = "every critical behavior is trained as deep as it is required."

Asked = CellState | coverage.Cell


@dataclass(frozen=True)
class Subject:
    """An objective that is in force or will be, and the day on which that begins."""

    objective_id: int
    strategy_id: int
    owner_id: int | None
    code: str
    title: str
    epoch: int
    starts: datetime
    in_force: bool

    def is_due(self, now: datetime, config: Config) -> bool:
        """After its grace; and a week before it starts, while there is time to train."""
        if self.starts > now:
            return self.starts - now <= timedelta(days=config.uncovered_before_days)
        return now - self.starts > timedelta(days=config.uncovered_after_days)


SUBJECTS = """
SELECT objective.id, objective.strategy_id, objective.owner_id, objective.code,
       words.title, words.epoch, words.starts, objective.state = 'in force'
FROM strategy_objective AS objective
CROSS JOIN LATERAL (
    SELECT title, epoch, MIN(effective_from) OVER () AS starts
    FROM strategy_revision AS revision
    WHERE revision.objective_id = objective.id AND revision.state = 'published'
    ORDER BY (revision.id = objective.current_id) DESC NULLS LAST, number DESC
    LIMIT 1
) AS words
WHERE objective.state <> 'retired' AND (%(all)s OR objective.id = ANY(%(ids)s))
ORDER BY objective.id
"""


def uncovered(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find objectives with a critical behavior that no training touches. DOMAIN section 5.

    Of what is in force it reads what the coverage rule computed in this transaction; what is to
    come has no such rows yet.
    """
    subjects = _subjects(objective_ids)
    critical: dict[int, list[Asked]] = {}
    for cell in [*_in_force(objective_ids), *_to_come(subjects, now, config)]:
        critical.setdefault(cell.objective_id, []).append(cell)
    bare = [cell for row in critical.values() for cell in row if cell.depth == Depth.NONE]
    names = whom.names((cell.behavior_id, cell.audience_id) for cell in bare)
    told = whom.trainers({cell.objective_id for cell in bare})
    return [
        _finding(subject, critical.get(subject.objective_id, []), names, told, now, config)
        for subject in subjects
    ]


def _in_force(objective_ids: Sequence[int] | None) -> Iterable[Asked]:
    cells = judged.of(CellState.objects.filter(critical=True), objective_ids)
    return cells.order_by("behavior", "audience")


def _to_come(subjects: Sequence[Subject], now: datetime, config: Config) -> Iterable[Asked]:
    ids = [subject.objective_id for subject in subjects if not subject.in_force]
    found = coverage.cells(ids, now=now, config=config, upcoming=True) if ids else []
    return [cell for cell in found if cell.critical]


def _finding(
    subject: Subject,
    critical: Sequence[Asked],
    names: whom.Names,
    told: Mapping[int, tuple[int, ...]],
    now: datetime,
    config: Config,
) -> Finding:
    bare = [cell for cell in critical if cell.depth == Depth.NONE]
    return Finding(
        subject=f"objective:{subject.objective_id}",
        epoch=subject.epoch,
        strategy_id=subject.strategy_id,
        objective_id=subject.objective_id,
        title="No training",
        label=f"{subject.code} {subject.title}",
        link=f"/objectives/{subject.objective_id}/",
        opens=bool(bare) and subject.is_due(now, config),
        clears=not bare,
        sentence=_sentence(bare, critical),
        clears_when=CLEARS_WHEN,
        evidence={
            "critical": len(critical),
            "uncovered": len(bare),
            "cells": [
                names[cell.behavior_id, cell.audience_id] for cell in bare[:SHOWN_IN_EVIDENCE]
            ],
        },
        whom=told.get(subject.objective_id, ()),
        owner_id=subject.owner_id,
    )


def _sentence(bare: Sequence[Asked], critical: Sequence[Asked]) -> str:
    """Count behaviors, which people know, not cells."""
    missing = len({cell.behavior_id for cell in bare})
    asked = len({cell.behavior_id for cell in critical})
    return (
        f"{missing} of {asked} critical behaviors {'has' if missing == 1 else 'have'} no training."
    )


def _subjects(objective_ids: Sequence[int] | None) -> list[Subject]:
    asked: dict[str, Any] = {"all": objective_ids is None, "ids": list(objective_ids or ())}
    with connection.cursor() as cursor:
        cursor.execute(SUBJECTS, asked)
        return [Subject(*row) for row in cursor.fetchall()]


def shallow(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find objectives whose critical behaviors are talked about and never practiced.

    Reads what the coverage rule computed in this transaction. DOMAIN section 5.
    """
    cells: dict[int, list[CellState]] = {}
    asked = CellState.objects.filter(critical=True, required__gte=Depth.PRACTICED)
    for cell in judged.of(asked, objective_ids).order_by("behavior", "audience"):
        cells.setdefault(cell.objective_id, []).append(cell)
    only = [cell for row in cells.values() for cell in row if is_shallow(cell)]
    names = whom.names((cell.behavior_id, cell.audience_id) for cell in only)
    told = whom.trainers({cell.objective_id for cell in only})
    return [
        _shallow(objective, cells.get(objective.pk, []), names, told)
        for objective in judged.objectives(objective_ids)
    ]


def is_shallow(cell: CellState) -> bool:
    """Whether a cell is trained, but only Named or Explained."""
    return Depth.NONE < cell.depth < Depth.PRACTICED


def _shallow(
    objective: Objective,
    cells: Sequence[CellState],
    names: whom.Names,
    told: Mapping[int, tuple[int, ...]],
) -> Finding:
    assert objective.current is not None  # a constraint: what is in force has a revision
    only = [cell for cell in cells if is_shallow(cell)]
    missing = [cell for cell in cells if cell.depth < cell.required]
    deepest = max((cell.depth for cell in only), default=Depth.NAMED)
    return Finding(
        subject=f"objective:{objective.pk}",
        epoch=objective.current.epoch,
        strategy_id=objective.strategy_id,
        objective_id=objective.pk,
        title="Only named" if deepest == Depth.NAMED else "Never practiced",
        label=f"{objective.code} {objective.current.title}",
        link=f"/objectives/{objective.pk}/",
        opens=bool(only),
        clears=not missing,
        sentence=_shallow_sentence(only, missing, cells),
        clears_when=SHALLOW_CLEARS_WHEN,
        act="See the gaps",
        act_link="/training/",
        act_for=(Role.TRAINER, Role.LEAD),
        evidence={
            "critical": len(cells),
            "too shallow": len(only),
            "cells": [
                names[cell.behavior_id, cell.audience_id]
                | {
                    "depth": str(Depth(cell.depth).label),
                    "required": str(Depth(cell.required).label),
                }
                for cell in only[:SHOWN_IN_EVIDENCE]
            ],
        },
        whom=told.get(objective.pk, ()),
        owner_id=objective.owner_id,
    )


def _shallow_sentence(
    only: Sequence[CellState], missing: Sequence[CellState], cells: Sequence[CellState]
) -> str:
    asked = len({cell.behavior_id for cell in cells})
    if not only:
        short = len({cell.behavior_id for cell in missing})
        return f"{short} of {asked} critical behaviors {_is(short)} not as deep as required yet."
    named = len({cell.behavior_id for cell in only})
    return (
        f"{named} of {asked} critical behaviors {_is(named)} named or explained, never practiced."
    )


def _is(count: int) -> str:
    return "is" if count == 1 else "are"
