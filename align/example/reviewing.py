"""Who looks after the objectives of the example: most owners review them, one does not."""

from align.example import days
from align.example.deciding import Decided
from strategy import actions as strategy
from strategy.models import Objective

LATEST = 38  # days ago
FORGOTTEN = ("D4",)


def review(*, decided: Decided, calendar: days.Calendar) -> None:
    """Note the newest review of each objective that is in force by then."""
    chance = days.chance("reviewing")
    found = Objective.objects.in_force().filter(strategy=decided.strategy)
    for objective in found.select_related("strategy__lead", "owner").order_by("code"):
        at = calendar.workday(chance.uniform(2, LATEST), chance)
        if objective.code not in FORGOTTEN:
            by = objective.owner or objective.strategy.lead
            strategy.review(objective=objective, by=by, now=at)
