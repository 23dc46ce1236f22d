"""The figures of objectives: the weakest cell, distinct people, never an average."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from strategy.config import Config
from training.coverage import seeing
from training.coverage.cell import Cell, Ids, Row, rows
from training.models import ObjectiveCoverage


@dataclass(frozen=True, kw_only=True)
class Sum:
    """What is said of one objective. Counts of people are of distinct people.

    Seen is that of the least seen cell; while any cell has nobody observed it is not yet.
    """

    config: Config
    objective_id: int
    cells: int
    covered: int
    suspect: int
    depth: int | None  # None: no cells, undefined
    shown: int | None
    evidence: int | None
    people: int
    planned: int
    reached: int
    looked: int
    seen_people: int
    observed: int
    at_standard: int
    touched: int
    touched_covered: int

    @classmethod
    def of(cls, row: ObjectiveCoverage, *, config: Config) -> "Sum":
        """Return what a narrow row says, with everything that follows from it."""
        return cls(config=config, **{name: getattr(row, name) for name in SUMS})

    @property
    def seen_state(self) -> str:
        return seeing.seen_state(
            people=self.seen_people,
            observed=self.observed,
            at_standard=self.at_standard,
            config=self.config,
        )


SUMS = tuple(name for name in Sum.__dataclass_fields__ if name != "config")


@dataclass(frozen=True)
class Judged:
    """All figures of some objectives at one moment."""

    cells: list[Cell]
    sums: list[Sum]


def judged(
    objective_ids: Ids = None, *, now: datetime, config: Config, team: int | None = None
) -> Judged:
    """Return the figures of every objective in force then (all for None). One statement.

    As of a past day: ``now=moments.end_of(day)``. With ``team``, of the people of its subtree.
    """
    found = rows(objective_ids, now=now, config=config, team=team)
    by_objective: dict[int, list[Cell]] = {row.objective_id: [] for row in found}
    for row in found:
        if row.cell is not None:
            by_objective[row.objective_id].append(row.cell)
    whom = {row.objective_id: row for row in found}
    return Judged(
        cells=[cell for row in by_objective.values() for cell in row],
        sums=[_sum(whom[pk], own, config) for pk, own in by_objective.items()],
    )


def objectives(
    objective_ids: Ids = None, *, now: datetime, config: Config, team: int | None = None
) -> list[Sum]:
    """Return the figures of each objective in force then. One statement."""
    return judged(objective_ids, now=now, config=config, team=team).sums


def _sum(whom: Row, of: Sequence[Cell], config: Config) -> Sum:
    looked = [cell for cell in of if cell.observed]
    least = least_seen(looked) if len(looked) == len(of) else None
    return Sum(
        config=config,
        objective_id=whom.objective_id,
        cells=len(of),
        covered=sum(cell.covered for cell in of),
        suspect=sum(cell.suspect for cell in of),
        depth=min((cell.depth for cell in of), default=None),
        shown=min((cell.shown for cell in of), default=None),
        evidence=min((cell.evidence for cell in of), default=None),
        people=whom.people,
        planned=whom.planned,
        reached=whom.reached,
        looked=len(looked),
        seen_people=least.people if least else 0,
        observed=least.observed if least else 0,
        at_standard=least.at_standard if least else 0,
        touched=sum(cell.touched for cell in of),
        touched_covered=sum(cell.touched and cell.covered for cell in of),
    )


def least_seen(looked: Sequence[Cell]) -> Cell | None:
    """Return the cell with the smallest share at standard; of equals the one seen less often."""
    return min(
        looked,
        key=lambda cell: (
            Fraction(cell.at_standard, cell.observed),
            cell.observed,
            cell.behavior_id,
            cell.audience_id,
        ),
        default=None,
    )
