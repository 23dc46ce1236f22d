"""The figures of cells: a behavior and one audience it is asked of. DOMAIN section 4.

Set-based and pure in (rows, config, now): one SELECT gives every cell of every objective as of a
moment. Today is the moment now; a past day is its end, see ``moments.end_of``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection, transaction

from strategy.config import Config
from strategy.models import Depth
from strategy.statistics import Bounds
from training.coverage import moments, seeing, steps
from training.models import CellState, Observation

Ids = Sequence[int] | None  # None: every objective
Evidence = CellState.Evidence

# Freshly filled tables have no statistics: the planner then expects a row or two and loops over
# loops. Over many objectives hashing is right in any case, sorting needs room, and a past day of a
# large company takes longer than other requests may.
FEW = 20
FOR_MANY = """
SET LOCAL enable_nestloop = off; SET LOCAL work_mem = '64MB'; SET LOCAL statement_timeout = '60s'
"""
AS_BEFORE = """
SET LOCAL enable_nestloop TO DEFAULT; SET LOCAL work_mem TO DEFAULT;
SET LOCAL statement_timeout TO DEFAULT
"""

# Attendance is never competence: what each step of the evidence can show at most.
SHOWS = {
    Evidence.UNMAPPED: Depth.NONE,
    Evidence.MAPPED: Depth.NONE,
    Evidence.REACHED: Depth.EXPLAINED,
    Evidence.DEMONSTRATED: Depth.PRACTICED,
    Evidence.SEEN: Depth.REINFORCED,
    Evidence.SUSTAINED: Depth.REINFORCED,
}


@dataclass(frozen=True, kw_only=True)
class Cell:
    """A behavior and one audience it is asked of. Counts are people.

    ``now`` is the moment of the figures, ``config`` the thresholds they are judged by.
    """

    config: Config
    now: datetime
    objective_id: int
    behavior_id: int
    audience_id: int
    critical: bool
    required: int
    depth: int
    suspect_depth: int = 0
    people: int = 0
    planned: int = 0
    reached: int = 0
    reached_since: datetime | None = None
    median_at: datetime | None = None
    assessed: int = 0
    demonstrated: int = 0
    observed: int = 0
    at_standard: int = 0
    earlier_observed: int = 0
    earlier_at_standard: int = 0
    later_observed: int = 0
    later_at_standard: int = 0
    waived: bool = False
    touched: bool = False

    @classmethod
    def of(cls, state: CellState, *, now: datetime, config: Config) -> "Cell":
        """Return what a narrow row says, with everything that follows from it."""
        return cls(config=config, now=now, **{name: getattr(state, name) for name in FIGURES})

    @cached_property
    def evidence(self) -> Evidence:
        """The highest step all of whose lower steps hold.

        A waiver stands in for training where people are seen doing it, and only while they are.
        """
        stands = self.waived and self.seen
        steps_up = (
            self.depth > Depth.NONE,
            self.reached_holds or stands,
            self.demonstrated_holds or stands,
            self.seen,
            self.sustained,
        )
        return Evidence(next((at for at, holds in enumerate(steps_up) if not holds), 5))

    @property
    def covered(self) -> bool:
        return self.depth >= self.required

    @property
    def suspect(self) -> bool:
        """Whether only claims from before a revision hold the cell up."""
        return self.suspect_depth > self.depth and not self.covered

    @property
    def shown(self) -> int:
        """The claimed depth, as far as the evidence can show it."""
        return min(self.depth, SHOWS[self.evidence])

    @property
    def reached_holds(self) -> bool:
        return seeing.holds(self.config.reached_share, self.reached, self.people)

    @property
    def demonstrated_holds(self) -> bool:
        return seeing.holds(self.config.demonstrated_share, self.demonstrated, self.people)

    @property
    def needed(self) -> int:
        """How many people have to be observed before Seen can be judged."""
        return seeing.needed(self.people, self.config)

    @property
    def enough_observed(self) -> bool:
        return self.observed > 0 and self.observed >= self.needed

    @property
    def bounds(self) -> Bounds:
        """The Wilson interval of the share at standard."""
        return seeing.bounds(
            observed=self.observed, at_standard=self.at_standard, config=self.config
        )

    @property
    def seen(self) -> bool:
        return self._seen(self.observed, self.at_standard)

    @property
    def seen_state(self) -> str:
        return seeing.seen_state(
            people=self.people,
            observed=self.observed,
            at_standard=self.at_standard,
            config=self.config,
        )

    @property
    def sustained(self) -> bool:
        """Whether Seen holds twice in a row, the second time long enough after the training."""
        if self.median_at is None:
            return False
        starts = seeing.windows(self.now, self.config)[1]
        return (
            self._seen(self.earlier_observed, self.earlier_at_standard)
            and self._seen(self.later_observed, self.later_at_standard)
            and starts >= self.median_at + timedelta(days=self.config.sustained_after_days)
        )

    @property
    def seen_without_reached(self) -> bool:
        """Whether people do it whom no training reached; the lead may waive the training."""
        return self.seen and not self.reached_holds

    def _seen(self, observed: int, at_standard: int) -> bool:
        return seeing.seen(
            people=self.people, observed=observed, at_standard=at_standard, config=self.config
        )


FIGURES = tuple(field.name for field in fields(Cell) if field.name not in ("config", "now"))


def cells(
    objective_ids: Ids = None,
    *,
    now: datetime,
    config: Config,
    upcoming: bool = False,
    team: int | None = None,
) -> list[Cell]:
    """Return every cell of the objectives in force then (all of them for None). One statement.

    With ``upcoming``, also of those that are published and not in force yet. With ``team``, only
    the people count who were in its subtree on that day; cells that ask none of them are left out.
    """
    asked = rows(objective_ids, now=now, config=config, upcoming=upcoming, team=team)
    return [cell for row in asked if (cell := row.cell) is not None]


@dataclass(frozen=True)
class Row:
    """A cell beside the people of its objective; without a cell where nothing is asked."""

    objective_id: int
    people: int
    planned: int
    reached: int
    cell: Cell | None


def rows(
    objective_ids: Ids,
    *,
    now: datetime,
    config: Config,
    upcoming: bool = False,
    team: int | None = None,
) -> list[Row]:
    """Return all cells with the people of their objectives. One statement."""
    found = select(
        steps.FIGURES, objective_ids, now=now, config=config, upcoming=upcoming, team=team
    )
    return [_row(values, now, config, team) for values in found]


def _row(values: Sequence[Any], now: datetime, config: Config, team: int | None) -> Row:
    objective_id, people, planned, reached, *figures = values
    if figures[0] is None:
        return Row(objective_id, people, planned, reached, None)
    named = dict(zip(FIGURES, (objective_id, *figures), strict=True))
    cell = Cell(config=config, now=now, **named)
    asks_nobody = team is not None and not cell.people
    return Row(objective_id, people, planned, reached, None if asks_nobody else cell)


def select(
    sql: str,
    objective_ids: Ids,
    *,
    now: datetime,
    config: Config,
    upcoming: bool = False,
    team: int | None = None,
    **more: Any,
) -> list[tuple[Any, ...]]:
    """Run a statement of coverage as of a moment."""
    earlier, later = seeing.windows(now, config)
    asked: dict[str, Any] = {
        "upcoming": upcoming,
        "all": objective_ids is None,
        "ids": list(objective_ids or ()),
        "team": team,
        "now": now,
        "day": moments.day_of(now),
        "seen_since": now - timedelta(days=config.seen_window_days),
        "earlier_since": earlier,
        "later_since": later,
        "standard": Observation.STANDARD,
        "reached_share": str(config.reached_share),
        **more,
    }
    if objective_ids is not None and len(objective_ids) <= FEW:
        with connection.cursor() as cursor:
            cursor.execute(sql, asked)
            return list(cursor.fetchall())
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FOR_MANY)
        cursor.execute(sql, asked)
        found = list(cursor.fetchall())
        cursor.execute(AS_BEFORE)
        return found
