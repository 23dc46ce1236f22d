"""Who has read a why and who still knows it: set-based, pure in (rows, now), fixed statements.

Reading counts for the epoch: an editorial revision asks nobody to read again. Remembering goes with
the why itself: it is asked for 2, 21 and 60 days after a person first read the why in force.
"""

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from align.people.models import Team, User
from strategy import groups, recall
from strategy.models import Objective

# When each person first read the why in force, and up to which day they have answered.
FIRST_READ = """
WITH first_read AS MATERIALIZED (
    SELECT DISTINCT ON (reading.person_id, objective.id)
           reading.person_id, objective.id AS objective_id, reading.revision_id, reading.at
    FROM strategy_objective AS objective
    JOIN strategy_revision AS words ON words.id = objective.current_id
    JOIN strategy_revision AS known ON known.objective_id = objective.id
        AND known.state = 'published' AND known.why_fingerprint = words.why_fingerprint
    JOIN strategy_acknowledgment AS reading
        ON reading.revision_id = known.id AND reading.at <= %(now)s
    WHERE objective.state = 'in force'
      AND (%(objective)s IS NULL OR objective.id = %(objective)s)
      AND (%(person)s IS NULL OR reading.person_id = %(person)s)
    ORDER BY reading.person_id, objective.id, reading.at, reading.id
), come AS MATERIALIZED (
    SELECT first_read.*, (
               SELECT MAX(day) FROM UNNEST(%(days)s) AS day
               WHERE first_read.at + day * INTERVAL '1 day' <= %(now)s
           ) AS day, (
               SELECT MAX(answer.day) FROM strategy_recallcheck AS answer
               WHERE answer.person_id = first_read.person_id
                 AND answer.revision_id = first_read.revision_id
                 AND answer.recalled_at <= %(now)s
           ) AS answered
    FROM first_read
)
"""

# What falls to whom now; the same as strategy.recall.due says of one person.
DUE = (
    FIRST_READ
    + """
SELECT come.person_id, come.objective_id, come.revision_id, come.day
FROM come
JOIN people_user AS person ON person.id = come.person_id AND person.is_active
WHERE come.day > COALESCE(come.answered, 0)
  AND (NOT %(untold)s OR NOT EXISTS (
      SELECT 1 FROM notices_notice AS notice
      WHERE notice.person_id = come.person_id
        AND notice.key = 'recall:' || come.revision_id || ':' || come.day))
ORDER BY come.objective_id, come.person_id
"""
)

# The people an objective asks for something today, by team, and what they have read and know.
BY_TEAM = (
    FIRST_READ
    + """
, member AS MATERIALIZED (
    SELECT DISTINCT member.user_id, member.team_id
    FROM strategy_objective AS objective
    JOIN strategy_behaviorrevision AS words ON words.revision_id = objective.current_id
    JOIN strategy_behaviorrevision_audiences AS asked ON asked.behaviorrevision_id = words.id
    JOIN people_audience_member AS member ON member.audience_id = asked.audience_id
        AND member.counts_from <= %(day)s AND (member.ends IS NULL OR member.ends > %(day)s)
    WHERE objective.id = %(objective)s
), has_read AS (
    SELECT DISTINCT reading.person_id
    FROM strategy_objective AS objective
    JOIN strategy_revision AS words ON words.id = objective.current_id
    JOIN strategy_revision AS known
        ON known.objective_id = objective.id AND known.epoch = words.epoch
    JOIN strategy_acknowledgment AS reading
        ON reading.revision_id = known.id AND reading.at <= %(now)s
    WHERE objective.id = %(objective)s
)
SELECT member.team_id, COUNT(*), COUNT(has_read.person_id), COUNT(come.day),
       COUNT(answer.id),
       COUNT(*) FILTER (WHERE answer.words_found
           >= GREATEST(1, %(remembered)s * answer.words_asked)),
       COUNT(*) FILTER (WHERE answer.right)
FROM member
LEFT JOIN has_read ON has_read.person_id = member.user_id
LEFT JOIN come ON come.person_id = member.user_id
LEFT JOIN strategy_recallcheck AS answer ON answer.person_id = come.person_id
    AND answer.revision_id = come.revision_id AND answer.day = come.answered
GROUP BY member.team_id
ORDER BY member.team_id
"""
)


@dataclass(frozen=True, kw_only=True)
class Due:
    """One recall check that waits for one person."""

    person_id: int
    objective_id: int
    revision_id: int  # the one the person read
    day: int

    @property
    def link(self) -> str:
        return f"/recall/{self.revision_id}/{self.day}/"

    @property
    def key(self) -> str:
        """The key of its notice; the statement above builds the same."""
        return f"recall:{self.revision_id}:{self.day}"


def due(*, now: datetime, person: User | None = None, untold: bool = False) -> list[Due]:
    """Return the checks that are due, of one person or of all. One statement.

    With ``untold``, only those nobody got a notice of yet.
    """
    rows = _select(DUE, now=now, person=person, untold=untold)
    return [
        Due(person_id=person_id, objective_id=objective_id, revision_id=revision_id, day=day)
        for person_id, objective_id, revision_id, day in rows
    ]


@dataclass(frozen=True)
class Known:
    """How many people there are, and what of them. Never read and remembered in one figure."""

    people: int = 0
    read: int = 0
    asked: int = 0  # for whom the day of a check has come
    answered: int = 0  # any check; the newest counts
    remembered: int = 0  # words of the why found in free recall
    recognized: int = 0  # the right choice

    def __add__(self, other: "Known") -> "Known":
        return Known(*map(sum, zip(astuple(self), astuple(other), strict=True)))


def by_team(objective: Objective, *, now: datetime) -> dict[int, Known]:
    """Return the figures of each team itself, without those below it. One statement."""
    rows = _select(BY_TEAM, now=now, objective=objective)
    return {team: Known(*figures) for team, *figures in rows}


def _select(
    sql: str,
    *,
    now: datetime,
    person: User | None = None,
    objective: Objective | None = None,
    untold: bool = False,
) -> list[tuple[Any, ...]]:
    asked: dict[str, Any] = {
        "now": now,
        "day": now.date(),
        "days": list(recall.DAYS),
        "person": person.pk if person else None,
        "objective": objective.pk if objective else None,
        "untold": untold,
        "remembered": recall.REMEMBERED,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(cursor.fetchall())


# What may be shown of it


@dataclass(frozen=True, kw_only=True)
class Row:
    """One unit as the page shows it. What too few people stand behind is left out."""

    name: str
    people: int
    read: int | None
    asked: int | None
    answered: int
    remembered: int
    recognized: int


def rows(objective: Objective, *, now: datetime, teams: Iterable[int] | None = None) -> list[Row]:
    """Return what may be shown, the company first, then teams, fewest readers first.

    Two statements. ``teams`` are those a manager answers for: each is shown by itself, or in the
    smallest unit that may be shown.
    """
    figures = by_team(objective, now=now)
    names = {pk: (name, above) for pk, name, above in _teams()}
    parents = {pk: above for pk, (_, above) in names.items()}
    summed = _summed(figures, parents)
    reading = groups.shown(parents=parents, people=_counts(figures, "people"))
    recalling = groups.shown(parents=parents, people=_counts(figures, "asked"))
    units = reading if teams is None else _units(teams, figures, parents, reading)
    return [
        _row("Everybody asked" if unit is None else names[unit][0], summed[unit], unit in recalling)
        for unit in sorted(units, key=lambda unit: _order(unit, summed))
    ]


def _teams() -> list[tuple[int, str, int | None]]:
    return list(Team.objects.order_by("pk").values_list("pk", "name", "parent"))


def _counts(figures: dict[int, Known], name: str) -> dict[int, int]:
    return {team: getattr(known, name) for team, known in figures.items()}


def _summed(figures: dict[int, Known], parents: groups.Parents) -> dict[groups.Unit, Known]:
    summed: dict[groups.Unit, Known] = {None: Known(), **dict.fromkeys(parents, Known())}
    for team, known in figures.items():
        for unit in groups.chain(team, parents):
            summed[unit] += known
    return summed


def _units(
    teams: Iterable[int],
    figures: dict[int, Known],
    parents: groups.Parents,
    reading: frozenset[groups.Unit],
) -> frozenset[groups.Unit]:
    """Return the shown units of a manager's teams with anybody in them, or above those."""
    if not reading:
        return frozenset()
    mine = set(teams)
    there = {unit for team in figures for unit in groups.chain(team, parents) if unit in mine}
    return frozenset(groups.smallest(team, parents=parents, shown=reading) for team in there)


def _order(unit: groups.Unit, summed: dict[groups.Unit, Known]) -> tuple[bool, float, int]:
    known = summed[unit]
    return unit is not None, known.read / max(1, known.people), unit or 0


def _row(name: str, known: Known, recalls: bool) -> Row:
    return Row(
        name=name,
        people=known.people,
        read=known.read,
        asked=known.asked if recalls else None,
        answered=known.answered if recalls else 0,
        remembered=known.remembered if recalls else 0,
        recognized=known.recognized if recalls else 0,
    )
