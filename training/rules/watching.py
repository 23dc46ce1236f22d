"""What managers see of what was trained: nobody looked, or it does not stick."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection

from align.people.models import Role
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Flag
from training.coverage import Cell
from training.models import CellState
from training.rules import judged, whom

FEW = 5  # below it a share tells of single people

UNPROVEN = "unproven"
NOT_STICKING = "not-sticking"


# The behaviors in force: what they belong to, and the epoch in which they became what they are.
BEHAVIORS = """
SELECT behavior.id, objective.id, objective.strategy_id, objective.owner_id, objective.code,
       behavior.code, words.statement, COALESCE((
           SELECT MIN(revision.epoch)
           FROM strategy_behaviorrevision AS same
           JOIN strategy_revision AS revision ON revision.id = same.revision_id
           WHERE same.behavior_id = behavior.id AND same.fingerprint = words.fingerprint
             AND revision.state = 'published' AND revision.effective_from >= words.fingerprint_since
       ), current.epoch)
FROM strategy_objective AS objective
JOIN strategy_revision AS current ON current.id = objective.current_id
JOIN strategy_behaviorrevision AS words ON words.revision_id = current.id
JOIN strategy_behavior AS behavior ON behavior.id = words.behavior_id
WHERE objective.state = 'in force' AND (%(all)s OR objective.id = ANY(%(ids)s))
ORDER BY behavior.id
"""

# Of the behaviors a flag stands about: what was seen of each audience since it opened.
SINCE = """
SELECT words.behavior_id, member.audience_id, COUNT(DISTINCT observation.id)
FROM strategy_flag AS flag
JOIN strategy_behavior AS behavior ON flag.subject = 'behavior:' || behavior.id
JOIN strategy_objective AS objective ON objective.id = behavior.objective_id
JOIN strategy_behaviorrevision AS words
    ON words.revision_id = objective.current_id AND words.behavior_id = behavior.id
JOIN strategy_behaviorrevision AS same
    ON same.behavior_id = behavior.id AND same.fingerprint = words.fingerprint
JOIN training_observation AS observation ON observation.behavior_revision_id = same.id
    AND observation.level IS NOT NULL
    AND observation.observed_at > flag.opened_at AND observation.observed_at <= %(now)s
LEFT JOIN training_observation AS correction ON correction.corrects_id = observation.id
JOIN strategy_behaviorrevision_audiences AS asked ON asked.behaviorrevision_id = words.id
JOIN people_audience_member AS member ON member.audience_id = asked.audience_id
    AND member.user_id = observation.user_id
    AND member.counts_from <= %(day)s AND (member.ends IS NULL OR member.ends > %(day)s)
WHERE flag.rule = 'not-sticking' AND flag.state <> 'resolved' AND correction.id IS NULL
  AND (%(all)s OR objective.id = ANY(%(ids)s))
GROUP BY words.behavior_id, member.audience_id
"""


@dataclass(frozen=True)
class Subject:
    """A behavior in force."""

    behavior_id: int
    objective_id: int
    strategy_id: int
    owner_id: int | None
    objective: str
    code: str
    statement: str
    epoch: int


@dataclass
class Watched:
    """A behavior and its cells; ``standing`` are the audiences its open flag is about."""

    subject: Subject
    cells: list[Cell] = field(default_factory=list)
    standing: frozenset[str] = frozenset()
    named: dict[int, str] = field(default_factory=dict)  # audiences

    def stands(self, cell: Cell) -> bool:
        return self.named[cell.audience_id] in self.standing


def enough(cell: Cell) -> bool:
    """Whether as many were observed as Seen needs; of nobody, nobody has to be."""
    return cell.enough_observed or not cell.people


def reached_for(cell: Cell, days: int, now: datetime) -> bool:
    """Whether a cell has been Reached for so many days."""
    since = cell.reached_since
    return since is not None and now - since >= timedelta(days=days)


def unproven(objective_ids: Sequence[int] | None, now: datetime, config: Config) -> list[Finding]:
    """Find behaviors that were trained 45 days ago and that too few managers looked at since."""
    watched = _watched(UNPROVEN, objective_ids, now, config)
    told = _managers(
        [cell for one in watched for cell in one.cells if _is_unproven(cell, now, config)], now
    )
    return [_unproven(one, told, now, config) for one in watched]


def _is_unproven(cell: Cell, now: datetime, config: Config) -> bool:
    return reached_for(cell, config.unproven_days, now) and not enough(cell)


def _unproven(one: Watched, told: Mapping[int, set[int]], now: datetime, config: Config) -> Finding:
    opening = [cell for cell in one.cells if _is_unproven(cell, now, config)]
    held = [cell for cell in one.cells if one.stands(cell) and not enough(cell)]
    waiting = [cell for cell in one.cells if cell.reached_since is not None and not enough(cell)]
    listed = _once([*opening, *held])
    worst = min(listed or one.cells, key=lambda cell: _share_observed(cell))
    return _finding(
        one,
        title="Not looked at",
        opens=bool(opening),
        clears=not held and not waiting,
        sentence=f"{one.named[worst.audience_id]}: {worst.observed} of {worst.people} people were "
        f"observed in {config.seen_window_days} days; it takes {worst.needed}.",
        clears_when=f"{worst.needed} of them were observed within {config.seen_window_days} days.",
        act="Record what you saw",
        act_link=f"/team/visits/new/?behavior={one.subject.behavior_id}",
        act_for=(Role.MANAGER,),
        evidence={
            "cells": [
                _named(one, cell)
                | {
                    "people": cell.people,
                    "observed": cell.observed,
                    "needed": cell.needed,
                    "reached on": _day(cell.reached_since),
                }
                for cell in listed
            ],
        },
        whom=_whom(opening, told),
    )


def not_sticking(
    objective_ids: Sequence[int] | None, now: datetime, config: Config
) -> list[Finding]:
    """Find behaviors that were trained, looked at, and are not done. It asks for the barrier."""
    watched = _watched(NOT_STICKING, objective_ids, now, config)
    since = _observed_since(objective_ids, now)
    failing = [cell for one in watched for cell in one.cells if _is_not_sticking(cell, now, config)]
    told = _managers(failing, now)
    trainers = whom.trainers({cell.objective_id for cell in failing})
    return [_not_sticking(one, since, told, trainers, now, config) for one in watched]


def _is_not_sticking(cell: Cell, now: datetime, config: Config) -> bool:
    return (
        reached_for(cell, config.not_sticking_days, now)
        and enough(cell)
        and cell.bounds.upper < config.not_sticking_upper
    )


def _not_sticking(
    one: Watched,
    since: Mapping[whom.Pair, int],
    told: Mapping[int, set[int]],
    trainers: Mapping[int, tuple[int, ...]],
    now: datetime,
    config: Config,
) -> Finding:
    opening = [cell for cell in one.cells if _is_not_sticking(cell, now, config)]
    standing = [cell for cell in one.cells if one.stands(cell)]
    listed = _once([*opening, *standing])
    worst = min(listed or one.cells, key=lambda cell: (cell.bounds.upper, cell.audience_id))
    asks = f"/training/barriers/new/?behavior={one.subject.behavior_id}"
    return _finding(
        one,
        title="Not sticking",
        opens=bool(opening),
        clears=not opening and all(_recovered(cell, since, config) for cell in standing),
        sentence=_seldom(worst, one.named[worst.audience_id])
        + " First name what stands in the way; more training comes second.",
        clears_when=f"it may be done by half of them or more, after "
        f"{config.not_sticking_clear_observations} new observations.",
        act="Name what stands in the way",
        act_link=asks,
        act_for=(Role.TRAINER, Role.MANAGER, Role.LEAD),
        evidence={
            "cells": [_seen(one, cell, since, config) for cell in listed],
            "threshold": config.not_sticking_upper,
        },
        whom=_whom(opening, told, trainers.get(one.subject.objective_id, ()) if opening else ()),
    )


def _recovered(cell: Cell, since: Mapping[whom.Pair, int], config: Config) -> bool:
    """Whether new observations say otherwise; that old ones fade away says nothing."""
    new = since.get((cell.behavior_id, cell.audience_id), 0)
    return (
        cell.bounds.upper >= config.not_sticking_upper
        and new >= config.not_sticking_clear_observations
    )


def _seldom(cell: Cell, audience: str) -> str:
    if cell.people < FEW:
        return f"{audience}: too few do it at standard."
    return f"{audience}: {cell.at_standard} of {cell.observed} people observed do it at standard."


def _seen(
    one: Watched, cell: Cell, since: Mapping[whom.Pair, int], config: Config
) -> dict[str, Any]:
    """Name a cell with its figures; of a few people only that there are few."""
    if cell.people < FEW:
        return _named(one, cell) | {"people": f"fewer than {FEW}"}
    return _named(one, cell) | {
        "people": cell.people,
        "observed": cell.observed,
        "at standard": cell.at_standard,
        "upper bound": round(cell.bounds.upper, 3),
        "observations since": since.get((cell.behavior_id, cell.audience_id), 0),
    }


def _finding(one: Watched, **said: Any) -> Finding:
    subject = one.subject
    return Finding(
        subject=f"behavior:{subject.behavior_id}",
        epoch=subject.epoch,
        strategy_id=subject.strategy_id,
        objective_id=subject.objective_id,
        label=f"{subject.objective} {subject.statement}",
        link=f"/behaviors/{subject.behavior_id}/",
        owner_id=subject.owner_id,
        **said,
    )


def _day(moment: datetime | None) -> str | None:
    return moment.date().isoformat() if moment else None


def _share_observed(cell: Cell) -> tuple[Fraction, int]:
    return Fraction(cell.observed, cell.needed) if cell.people else Fraction(1), cell.audience_id


def _once(cells: Sequence[Cell]) -> list[Cell]:
    """Return each cell of a behavior once, in a fixed order."""
    found = {cell.audience_id: cell for cell in cells}
    return [found[audience] for audience in sorted(found)]


def _named(one: Watched, cell: Cell) -> dict[str, str]:
    return {"behavior": one.subject.code, "audience": one.named[cell.audience_id]}


def _whom(
    cells: Sequence[Cell], told: Mapping[int, set[int]], others: Collection[int] = ()
) -> tuple[int, ...]:
    people = set(others)
    for cell in cells:
        people |= told.get(cell.audience_id, set())
    return tuple(sorted(people))


def _managers(cells: Sequence[Cell], now: datetime) -> dict[int, set[int]]:
    return whom.managers({cell.audience_id for cell in cells}, day=now.date())


def _watched(
    rule: str, objective_ids: Sequence[int] | None, now: datetime, config: Config
) -> list[Watched]:
    """Return the behaviors in force that have cells, with what the open flags of a rule name."""
    asked: dict[str, Any] = {"all": objective_ids is None, "ids": list(objective_ids or ())}
    with connection.cursor() as cursor:
        cursor.execute(BEHAVIORS, asked)
        found = {row[0]: Watched(Subject(*row)) for row in cursor.fetchall()}
    states = judged.of(CellState.objects.select_related("audience"), objective_ids)
    for state in states.order_by("behavior", "audience"):
        if state.behavior_id in found:
            one = found[state.behavior_id]
            one.cells.append(Cell.of(state, now=now, config=config))
            one.named[state.audience_id] = state.audience.name
    flags = judged.of(Flag.objects.open().filter(rule=rule), objective_ids)
    for subject, epoch, evidence in flags.values_list("subject", "epoch", "evidence"):
        about = found.get(int(subject.removeprefix("behavior:")))
        if about is not None and about.subject.epoch == epoch:
            about.standing = frozenset(cell["audience"] for cell in evidence["cells"])
    return [one for one in found.values() if one.cells]


def _observed_since(objective_ids: Sequence[int] | None, now: datetime) -> dict[whom.Pair, int]:
    """Return how many observations of each cell lie after the flag about it opened."""
    asked: dict[str, Any] = {
        "all": objective_ids is None,
        "ids": list(objective_ids or ()),
        "now": now,
        "day": now.date(),
    }
    with connection.cursor() as cursor:
        cursor.execute(SINCE, asked)
        return {(behavior, audience): count for behavior, audience, count in cursor.fetchall()}
