"""The rows behind the figures of one cell, as of a moment. Three statements.

They name people by id. Who may see whom is for the page to decide: it asks ``visible_to``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import formats

from strategy.config import Config
from training.coverage import steps
from training.coverage.cell import Cell, rows, select

CLAIMS = (
    steps.STEPS
    + """
SELECT mapping.id, mapping.version_id, version.module_id, mapping.audience_id, mapping.depth,
       mapping.state = 'proposed', mapping.retired_at <= %(now)s, mapping.retired_at,
       module.retired_at <= %(now)s, module.retired_at,
       COALESCE(version.published_at <= %(now)s, FALSE),
       claim.fits, claim.since, COALESCE(claim.cleared, FALSE), COALESCE(short.missing, 0)
FROM training_mapping AS mapping
JOIN training_moduleversion AS version ON version.id = mapping.version_id
JOIN training_module AS module ON module.id = version.module_id
LEFT JOIN claim ON claim.id = mapping.id AND claim.audience_id = %(audience)s
LEFT JOIN short ON short.claimed_for = mapping.audience_id AND short.audience_id = %(audience)s
WHERE mapping.behavior_id = %(behavior)s AND mapping.created_at <= %(now)s
ORDER BY mapping.depth DESC, mapping.id
"""
)

PEOPLE = (
    steps.STEPS
    + """
SELECT whom.user_id, reached.first_at, planned.user_id IS NOT NULL,
       judged.id, judged.level, newest.id, newest.level
FROM whom
LEFT JOIN reached ON reached.behavior_id = %(behavior)s
    AND reached.audience_id = whom.audience_id AND reached.user_id = whom.user_id
LEFT JOIN planned ON planned.behavior_id = %(behavior)s
    AND planned.audience_id = whom.audience_id AND planned.user_id = whom.user_id
LEFT JOIN judged ON judged.behavior_id = %(behavior)s AND judged.user_id = whom.user_id
LEFT JOIN newest ON newest.span = 'seen'
    AND newest.behavior_id = %(behavior)s AND newest.user_id = whom.user_id
WHERE whom.audience_id = %(audience)s
ORDER BY whom.user_id
"""
)


class Why(StrEnum):
    """Why a claim does not hold a cell up."""

    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"
    RETIRED = "retired"
    UNPUBLISHED = "unpublished"
    SUSPECT = "suspect"
    NARROW = "narrow"


@dataclass(frozen=True, kw_only=True)
class Mapped:
    """A mapping to the behavior, and why it does not count where it does not."""

    mapping_id: int
    version_id: int
    module_id: int
    audience_id: int
    depth: int
    cleared: bool
    why_not: Why | None
    since: datetime | None  # of the reason, where it has a time
    missing: int  # people of the cell whom its audience leaves out

    @property
    def counts(self) -> bool:
        return self.why_not is None

    @property
    def reason(self) -> str:
        """Say in words why it does not count; nothing where it does."""
        return "" if self.why_not is None else f"{self._words}."

    @property
    def _words(self) -> str:
        on = f" on {formats.date_format(self.since, 'j M Y')}" if self.since else ""
        people = "1 person" if self.missing == 1 else f"{self.missing:,} people"
        return {
            Why.PROPOSED: "Proposed, and not agreed to yet",
            Why.WITHDRAWN: f"Withdrawn{on}",
            Why.RETIRED: f"The module was retired{on}",
            Why.UNPUBLISHED: "The version is not published",
            Why.SUSPECT: f"Suspect: the behavior changed{on}",
            Why.NARROW: f"Its audience leaves out {people} of this one",
            None: "",
        }[self.why_not]


@dataclass(frozen=True)
class Person:
    """Somebody of the cell's audience on the day, and what is known of them."""

    user_id: int
    reached_at: datetime | None  # their first completion that counts
    planned: bool
    assessment_id: int | None  # the newest, of the present words
    assessed_level: int | None
    observation_id: int | None  # the newest within the window
    observed_level: int | None


@dataclass(frozen=True)
class Proof:
    """A cell and the rows behind each of its figures."""

    cell: Cell
    claims: list[Mapped]
    people: list[Person]

    @property
    def counting(self) -> list[Mapped]:
        return [claim for claim in self.claims if claim.counts]

    @property
    def others(self) -> list[Mapped]:
        return [claim for claim in self.claims if not claim.counts]

    @property
    def reached(self) -> list[int]:
        return [person.user_id for person in self.people if person.reached_at]

    @property
    def not_reached(self) -> list[int]:
        return [person.user_id for person in self.people if not person.reached_at]

    @property
    def planned(self) -> list[int]:
        return [person.user_id for person in self.people if person.planned]

    @property
    def assessed(self) -> list[int]:
        return [person.user_id for person in self.people if person.assessment_id]

    @property
    def observed(self) -> list[int]:
        return [person.user_id for person in self.people if person.observation_id]


def proof(
    *,
    objective_id: int,
    behavior_id: int,
    audience_id: int,
    now: datetime,
    config: Config,
    team: int | None = None,
) -> Proof | None:
    """Return the rows behind a cell's figures then; None where there was no such cell.

    As of a past day: ``now=end_of(day)``. With ``team``, only the people of its subtree.
    """
    key = behavior_id, audience_id
    found = rows([objective_id], now=now, config=config, team=team)
    cells = (row.cell for row in found if row.cell is not None)
    cell = next((cell for cell in cells if (cell.behavior_id, cell.audience_id) == key), None)
    if cell is None:
        return None
    claims, people = (
        select(
            sql,
            [objective_id],
            now=now,
            config=config,
            team=team,
            behavior=behavior_id,
            audience=audience_id,
        )
        for sql in (CLAIMS, PEOPLE)
    )
    return Proof(
        cell=cell,
        claims=[_claim(*row) for row in claims],
        people=[Person(*row) for row in people],
    )


def _claim(
    mapping_id: int,
    version_id: int,
    module_id: int,
    audience_id: int,
    depth: int,
    proposed: bool,
    withdrawn: bool | None,
    withdrawn_at: datetime | None,
    retired: bool | None,
    retired_at: datetime | None,
    published: bool,
    fits: bool | None,
    changed_at: datetime | None,
    cleared: bool,
    missing: int,
) -> Mapped:
    why, since = next(
        (
            (why, since)
            for holds, why, since in (
                (withdrawn, Why.WITHDRAWN, withdrawn_at),
                (proposed, Why.PROPOSED, None),
                (retired, Why.RETIRED, retired_at),
                (not published, Why.UNPUBLISHED, None),
                (not fits, Why.SUSPECT, changed_at),
                (missing, Why.NARROW, None),
            )
            if holds
        ),
        (None, None),
    )
    return Mapped(
        mapping_id=mapping_id,
        version_id=version_id,
        module_id=module_id,
        audience_id=audience_id,
        depth=depth,
        cleared=cleared,
        why_not=why,
        since=since,
        missing=missing,
    )
