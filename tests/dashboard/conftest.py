from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from align.people.models import User
from feedback.models import Stance
from strategy import engine
from strategy.models import Depth, Objective, Strategy
from tests import make
from tests.make import NOW
from training.models import Kind, Module

Read = Callable[..., str]


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        yield


@pytest.fixture
def cast() -> make.Cast:
    return make.cast()


@pytest.fixture
def read(client: Client) -> Read:
    """Open a page as somebody and return its words."""

    def _read(user: User, address: str, status: int = 200) -> str:
        client.force_login(user)
        response = client.get(address)
        assert response.status_code == status, response.content.decode()[:2000]
        return response.content.decode()

    return _read


@dataclass(frozen=True)
class World:
    """Three objectives in force: one refused by the field, one named only, one untrained."""

    plan: Strategy
    refused: Objective
    named: Objective
    untrained: Objective
    drill: Module
    reps: list[User]


@pytest.fixture
def world(cast: make.Cast) -> World:
    """A small company with some of everything, judged."""
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team], name="From pumps to uptime")
    seller = cast.role
    refused = make.objective(
        strategy_=plan,
        by=cast.lena,
        code="A4",
        title="Price on guaranteed uptime",
        behaviors=[
            make.behavior_words("A4.1", sales_role=seller),
            make.behavior_words(
                "A4.2",
                sales_role=seller,
                critical=False,
                statement="Declines a hardware discount once, with the margin reason",
            ),
        ],
    )
    named = make.objective(
        strategy_=plan,
        by=cast.lena,
        code="A6",
        title="Quote response time in hours",
        behaviors=[
            make.behavior_words(
                "A6.1", sales_role=seller, statement="Quotes response time in hours, in writing"
            )
        ],
    )
    untrained = make.objective(
        strategy_=plan,
        by=cast.lena,
        code="C3",
        title="Leave distributor exclusivity",
        behaviors=[
            make.behavior_words(
                "C3.1", sales_role=seller, statement="Names two distributors in the first offer"
            )
        ],
    )
    drill = make.module(owner=cast.tom)
    slide = make.module(
        owner=cast.tom, kind=Kind.ANNOUNCEMENT, title="What is new", program="Kick-off 2026"
    )
    make.mapping(module=drill, behavior=make.behavior(refused, "A4.1"))
    make.mapping(module=drill, behavior=make.behavior(refused, "A4.2"), depth=Depth.EXPLAINED)
    make.mapping(module=slide, behavior=make.behavior(named, "A6.1"), depth=Depth.NAMED)
    reps = make.reps(10, team=cast.team, sales_role=seller)
    for rep in reps[:6]:
        make.completion(user=rep, module=drill)
    for rep in reps[:7]:
        make.report(author=rep, objective=refused, text=f"Purchasing said no to {rep.name}.")
    make.report(author=reps[7], objective=refused, stance=Stance.WORKS, text="They signed.")
    make.report(author=cast.rosa, objective=refused, text="My buyer has no line for hours.")
    engine.fold(now=NOW)
    return World(
        plan=plan, refused=refused, named=named, untrained=untrained, drill=drill, reps=reps
    )
