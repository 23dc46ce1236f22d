from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.test import Client

from align.people.models import User
from strategy.models import Behavior, Objective, Strategy
from tests import make
from tests.make import NOW

Read = Callable[..., str]


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@dataclass(frozen=True)
class Place:
    """A strategy with one objective in force, which asks the reps of North for B1."""

    plan: Strategy
    objective: Objective
    behavior: Behavior


@pytest.fixture
def place(cast: make.Cast) -> Place:
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")
    objective = make.objective(strategy_=plan, by=cast.lena, code="Q1")
    return Place(plan=plan, objective=objective, behavior=make.behavior(objective))


@pytest.fixture
def read(client: Client) -> Read:
    """Open a page as somebody and return its words."""

    def _read(user: User, address: str, status: int = 200) -> str:
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.content.decode()

    return _read
