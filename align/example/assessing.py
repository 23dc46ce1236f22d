"""How people did after practice: managers assess their reps at what two objectives ask."""

import uuid
from collections.abc import Iterator
from random import Random

from align.example import days, texts
from align.example.deciding import Decided, History
from align.example.staffing import Rep, Staff
from align.people.models import User
from training.models import Assessment

# Trained for long, wanted by the field: here a claim has become evidence.
PRACTICED = ("A1", "C1")
FIRST, LAST = 60, 20  # days ago
AT_STANDARD = 0.86


def assess(*, staff: Staff, decided: Decided, calendar: days.Calendar) -> list[Assessment]:
    """Return the assessments of everybody who is asked, not yet saved, oldest first."""
    chance = days.chance("assessments")
    history = History(decided)
    asked = [
        behavior
        for objective in texts.strategy().objectives
        if objective.code in PRACTICED
        for behavior in objective.behaviors
    ]
    made = [
        assessment
        for rep in staff.reps
        for behavior in asked
        if behavior.role == rep.role
        for assessment in _assessments(rep, behavior, staff, history, calendar, chance)
    ]
    return sorted(made, key=lambda row: (row.assessed_at, row.client_key))


def _assessments(
    rep: Rep,
    behavior: texts.BehaviorText,
    staff: Staff,
    history: History,
    calendar: days.Calendar,
    chance: Random,
) -> Iterator[Assessment]:
    when = calendar.workday(chance.randint(LAST, FIRST), chance)
    level, key = _level(chance), uuid.UUID(int=chance.getrandbits(128), version=4)
    office, words = rep.office_on(when.date()), history.on(behavior.code, when)
    managers: list[User] = staff.managers.get(office or "", [])
    if office is None or words is None or not managers:
        return
    yield Assessment(
        user=rep.user,
        behavior_revision=words,
        assessor=managers[0],
        team=staff.teams[office],
        assessed_at=when,
        level=level,
        note=behavior.levels[level - 1],
        client_key=key,
        created_at=when,
    )


def _level(chance: Random) -> int:
    if chance.random() < AT_STANDARD:
        return 4 if chance.random() < 0.2 else 3
    return 2
