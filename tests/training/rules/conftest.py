import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from align.people.models import User
from strategy import engine
from strategy.config import Config
from strategy.flags import Finding
from strategy.models import Behavior, Objective
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import actions as training
from training.models import Mapping, Module

Rule = Callable[[Sequence[int] | None, datetime, Config], list[Finding]]
DAY = timedelta(days=1)


@dataclass
class Field:
    """An objective asked of Rosa and nine others, with a practice module mapped to its behavior."""

    objective: Objective
    behavior: Behavior
    people: list[User]
    module: Module
    claim: Mapping
    mia: User

    def took(self, people: int, *, days: int) -> None:
        """Let the first so many take the module so many days ago."""
        for person in self.people[:people]:
            make.completion(user=person, module=self.module, completed_at=NOW - days * DAY)

    def saw(self, levels: Sequence[int | None], *, at: datetime = NOW - 10 * DAY) -> None:
        """Record what Mia saw of the first people, one level each."""
        for person, level in zip(self.people, levels, strict=False):
            training.observe(
                user=person,
                behavior=self.behavior,
                observer=self.mia,
                observed_at=at,
                level=level,
                client_key=uuid.uuid4(),
                now=at,
                tell=False,
            )


@pytest.fixture
def field(cast: make.Cast, place: Place) -> Field:
    people = [cast.rosa, *make.reps(9, team=cast.team, sales_role=cast.role)]
    module = make.module(owner=cast.tom)
    claim = make.mapping(module=module, behavior=place.behavior)
    return Field(
        objective=place.objective,
        behavior=place.behavior,
        people=people,
        module=module,
        claim=claim,
        mia=cast.mia,
    )


def find(rule: Rule, objective: Objective, *, now: datetime = NOW) -> Finding:
    """Judge everything, and return the one finding of a rule about an objective."""
    engine.judge_all(now=now)
    [finding] = rule([objective.pk], now, Config())
    return finding
