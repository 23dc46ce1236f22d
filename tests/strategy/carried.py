"""A small company in which a choice has been carried to some of the field."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from align.people.models import Role, Team, User
from strategy import actions as strategy
from strategy import owning
from strategy.actions import Words
from strategy.models import Objective, Position, Strategy
from tests import make
from tests.make import NOW

OTHER_WHY = "Hardware margin fell to nine percent; whoever sells hours keeps forty."


@dataclass(frozen=True)
class World:
    cast: make.Cast
    plan: Strategy
    objective: Objective
    field: Team  # above North and South
    south: Team
    north_reps: list[User]  # nine, with Rosa
    south_reps: list[User]
    otto: User  # leads something else


def world(*, south: int = 8) -> World:
    cast = make.cast()
    field, below = make.team("Field"), make.team("South")
    Team.objects.filter(pk__in=[cast.team.pk, below.pk]).update(parent=field)
    plan = make.active_strategy(lead=cast.lena, teams=[field])
    objective = make.objective(strategy_=plan, by=cast.lena, code="A4")
    return World(
        cast=cast,
        plan=plan,
        objective=objective,
        field=field,
        south=below,
        north_reps=[cast.rosa, *make.reps(8, team=cast.team, sales_role=cast.role)],
        south_reps=make.reps(south, team=below, sales_role=cast.role),
        otto=make.user("Otto", Role.LEAD),
    )


def read(objective: Objective, people: Iterable[User], *, now: datetime) -> None:
    assert objective.current
    for person in people:
        owning.acknowledge(revision=objective.current, by=person, now=now)


def answer(
    objective: Objective, person: User, *, recalled: str, day: int = 2, now: datetime = NOW
) -> None:
    assert objective.current
    owning.recall_why(revision=objective.current, day=day, recalled=recalled, by=person, now=now)


def long_ago() -> datetime:
    return NOW - timedelta(days=2)


def published_all_the_same(made: World, *, override: str, reason: str = "Margin.") -> Objective:
    """Publish another why although Tom cannot teach it."""
    lena = made.cast.lena
    draft = strategy.open_draft(objective=made.objective, by=lena, now=NOW)
    draft = strategy.edit_draft(
        revision=draft,
        words=other_why(),
        behaviors=strategy.behavior_words(draft),
        reason=reason,
        edits=draft.edits,
        by=lena,
        now=NOW,
    )
    asked = make.round_(made.objective, by=lena, people=[made.cast.tom])
    make.position(asked, by=made.cast.tom, stance=Position.Stance.CANNOT)
    return strategy.publish(revision=draft, edits=draft.edits, by=lena, now=NOW, override=override)


def other_why() -> Words:
    return replace(make.words(), why=OTHER_WHY)
