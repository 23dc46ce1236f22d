"""What managers saw: about two visits a week each, written down with a level."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

from align.example import days, texts
from align.example.deciding import Decided, History
from align.example.staffing import Rep, Staff
from align.people.models import User
from training.models import Observation

FIRST, LAST = 170, 1  # days ago
VISITS_A_WEEK = 2.8
NO_CHANCE = 0.07

# How often a behavior is seen at standard where its objective is trained and wanted. What the
# field refuses is seen less, whatever the training.
HABIT = {"A1": 0.82, "A4": 0.8, "A5": 0.74, "B1": 0.8, "C1": 0.86, "C2": 0.82, "D4": 0.84}
HABIT |= {"A3": 0.3, "B2": 0.26, "D2": 0.34, "D5": 0.3, "C5": 0.22, "A7": 0.35, "C6": 0.4}
USUAL = 0.6


@dataclass(frozen=True)
class Asked:
    """A behavior somebody is asked to show."""

    objective: str
    behavior: texts.BehaviorText


def observe(*, staff: Staff, decided: Decided, calendar: days.Calendar) -> list[Observation]:
    """Return the visits of all managers, not yet saved, oldest first."""
    chance = days.chance("visits")
    asked = _asked()
    history = History(decided)
    made = [
        observation
        for place, managers in staff.managers.items()
        for manager in managers
        for observation in _visits(manager, place, staff, asked, history, calendar, chance)
    ]
    return sorted(made, key=lambda row: (row.observed_at, row.client_key))


def _asked() -> dict[str, list[Asked]]:
    """What each sales role is asked for; a critical behavior is looked for three times as often."""
    asked: dict[str, list[Asked]] = {}
    for objective in texts.strategy().objectives:
        for behavior in objective.behaviors:
            weight = 3 if behavior.critical else 1
            asked.setdefault(behavior.role, []).extend([Asked(objective.code, behavior)] * weight)
    return asked


def _visits(
    manager: User,
    place: str,
    staff: Staff,
    asked: Mapping[str, list[Asked]],
    history: History,
    calendar: days.Calendar,
    chance: Random,
) -> Iterator[Observation]:
    reps = _reps_below(place, staff)
    heads_a_region = place not in {office.name for office in texts.company().offices}
    weeks = (FIRST - LAST) / 7 / (3 if heads_a_region else 1)
    for _ in range(int(weeks * VISITS_A_WEEK * chance.uniform(0.8, 1.2))):
        when = calendar.workday(chance.randint(LAST, FIRST), chance)
        rep = chance.choice(reps)
        looked_for = chance.choice(asked[rep.role])
        level = _level(looked_for.objective, chance)
        office = rep.office_on(when.date())
        words = history.on(looked_for.behavior.code, when)
        if words is None or office is None:
            continue
        yield Observation(
            user=rep.user,
            behavior_revision=words,
            observer=manager,
            team=staff.teams[office],
            observed_at=when,
            occasion=looked_for.behavior.when,
            level=level,
            evidence=_evidence(looked_for.behavior, level, chance),
            client_key=uuid.UUID(int=chance.getrandbits(128), version=4),
            created_at=when,
        )


def _reps_below(place: str, staff: Staff) -> list[Rep]:
    """The reps of an office, or of a region's offices."""
    offices = {
        office.name for office in texts.company().offices if place in {office.name, office.region}
    }
    return [rep for rep in staff.reps if rep.places[-1].office in offices]


def _level(objective: str, chance: Random) -> int | None:
    if chance.random() < NO_CHANCE:
        return None
    if chance.random() < HABIT.get(objective, USUAL):
        return 4 if chance.random() < 0.25 else 3
    return 1 if chance.random() < 0.3 else 2


def _evidence(behavior: texts.BehaviorText, level: int | None, chance: Random) -> str:
    """One line: what the anchor of the level says, at a plant, or the manager's own words."""
    voices = texts.voices()
    plant, person = chance.choice(voices.plants), chance.choice(voices.persons)
    if level is not None and behavior.levels[level - 1] and chance.random() < 0.5:
        return f"{behavior.levels[level - 1]}, at {plant}."
    return texts.sentences(chance.choice(voices.seen[level]), plant=plant, person=person)
