"""What training looks for: objectives that nobody trains."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from align.people.models import Audience, Role, User
from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Behavior, Depth
from training import coverage
from training.models import Mapping as Claim

SHOWN_IN_EVIDENCE = 20
CLEARS_WHEN = "every critical behavior is at least Named."


def register() -> None:
    """Give the engine what this app computes and what it looks for."""
    engine.register_state("coverage", coverage.judge)
    engine.register_rule("uncovered", uncovered)


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

    def is_due(self, now: datetime, config: Config) -> bool:
        """After its grace; and a week before it starts, while there is time to train."""
        if self.starts > now:
            return self.starts - now <= timedelta(days=config.uncovered_before_days)
        return now - self.starts > timedelta(days=config.uncovered_after_days)


SUBJECTS = """
SELECT objective.id, objective.strategy_id, objective.owner_id, objective.code,
       words.title, words.epoch, words.starts
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
    """Find objectives with a critical behavior that no training touches. DOMAIN section 5."""
    critical: dict[int, list[coverage.Cell]] = {}
    for cell in coverage.cells(objective_ids, now=now, config=config, upcoming=True):
        if cell.critical:
            critical.setdefault(cell.objective_id, []).append(cell)
    bare = [cell for row in critical.values() for cell in row if cell.depth == Depth.NONE]
    names = _names(bare)
    told = _trainers_by_objective({cell.objective_id for cell in bare})
    return [
        _finding(subject, critical.get(subject.objective_id, []), names, told, now, config)
        for subject in _subjects(objective_ids)
    ]


def _finding(
    subject: Subject,
    critical: Sequence[coverage.Cell],
    names: Mapping[tuple[int, int], dict[str, str]],
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


def _sentence(bare: Sequence[coverage.Cell], critical: Sequence[coverage.Cell]) -> str:
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


def _names(cells: Sequence[coverage.Cell]) -> dict[tuple[int, int], dict[str, str]]:
    """What people call the two sides of each cell."""
    codes = dict(
        Behavior.objects.filter(pk__in={cell.behavior_id for cell in cells}).values_list(
            "pk", "code"
        )
    )
    audiences = dict(
        Audience.objects.filter(pk__in={cell.audience_id for cell in cells}).values_list(
            "pk", "name"
        )
    )
    return {
        (cell.behavior_id, cell.audience_id): {
            "behavior": codes[cell.behavior_id],
            "audience": audiences[cell.audience_id],
        }
        for cell in cells
    }


def _trainers_by_objective(objective_ids: Collection[int]) -> dict[int, tuple[int, ...]]:
    """Return who trains each objective; where nobody does, every trainer."""
    teaching: dict[int, set[int]] = {pk: set() for pk in objective_ids}
    owners = Claim.objects.alive().filter(behavior__objective__in=objective_ids)
    for objective_id, owner_id in owners.values_list(
        "behavior__objective", "version__module__owner"
    ):
        teaching[objective_id].add(owner_id)
    everyone = tuple(User.objects.with_role(Role.TRAINER).values_list("pk", flat=True))
    return {pk: tuple(sorted(owners)) or everyone for pk, owners in teaching.items()}
