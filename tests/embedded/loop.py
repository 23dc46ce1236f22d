"""A small company with an objective the field can speak about, seeded into an installation."""

import json
from dataclasses import dataclass

from django.utils import timezone

from align.api import tokens
from align.people.models import Role
from strategy import engine
from strategy.models import Flag, Touch
from tests import make
from tests.embedded.installation import Installation

REPS = 8


@dataclass(frozen=True)
class Company:
    """What the test speaks with: the objective, the tokens of the reps and of the lead."""

    objective: int
    reps: list[str]
    lead: str


def seed(place: Installation) -> Company:
    """Make the company in the installation's own database."""
    return Company(**json.loads(place.python("from tests.embedded import loop; loop.make_it()")))


def make_it() -> None:
    """Runs inside the installation."""
    cast = make.cast()
    plan = make.active_strategy(lead=cast.lena, teams=[cast.team])
    objective = make.objective(strategy_=plan, by=cast.lena)
    make.mapping(module=make.module(owner=cast.tom), behavior=make.behavior(objective))
    reps = [make.user("", Role.REP, team=cast.team, sales_role=cast.role) for _ in range(REPS)]
    found = {
        "objective": objective.pk,
        "reps": [tokens.rotate(user=rep) for rep in reps],
        "lead": tokens.rotate(user=cast.lena),
    }
    print(json.dumps(found))  # noqa: T201 (it is read by the test)


def print_flags() -> None:
    """Print the open flags as they stand, and as a judgment of everything leaves them."""
    before = _open_flags()
    engine.judge_all(now=timezone.now())
    print(json.dumps([before, _open_flags(), Touch.objects.count()]))  # noqa: T201


def _open_flags() -> list[list[object]]:
    rows = Flag.objects.open().values_list("pk", "rule", "subject", "epoch", "state")
    return [list(row) for row in rows.order_by("pk")]
