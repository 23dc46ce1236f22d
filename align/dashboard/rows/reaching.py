"""Reach by team, widest gap first; teams that are too small roll up."""

from dataclasses import dataclass
from datetime import datetime

from align.dashboard.rows.figures import Share
from align.people.models import Team
from strategy import groups
from strategy.config import Config
from training import coverage
from training.coverage import Reach


@dataclass(frozen=True, kw_only=True)
class TeamReach:
    name: str
    reach: Share
    planned: Share

    @property
    def gap(self) -> float:
        """Return the share of the people planned or asked whom nothing reached yet."""
        return 1 - self.reach.part / self.reach.whole


def by_team(objective: int, *, now: datetime, config: Config) -> list[TeamReach]:
    """Return what may be shown: everybody first, then teams with those below them. Two queries.

    Each unit has at least five people, and so has whatever can be worked out by subtracting. A
    team that has everybody below it says nothing more than the first line.
    """
    own = coverage.by_team(objective, now=now, config=config)
    names = {pk: (name, above) for pk, name, above in _teams()}
    parents = {pk: above for pk, (_, above) in names.items()}
    shown = groups.shown(
        parents=parents, people={team: figures.people for team, figures in own.items()}
    )
    summed: dict[groups.Unit, Reach] = {}
    for team, figures in own.items():
        for unit in groups.chain(team, parents):
            summed[unit] = summed.get(unit, Reach()) + figures
    rows = [
        (unit, _row("Everybody asked" if unit is None else names[unit][0], summed[unit]))
        for unit in shown
        if unit in summed and (unit is None or summed[unit].people < summed[None].people)
    ]
    rows.sort(key=lambda pair: (pair[0] is not None, -pair[1].gap, pair[1].name))
    return [row for _, row in rows]


def _row(name: str, figures: Reach) -> TeamReach:
    return TeamReach(
        name=name,
        reach=Share(figures.reached, figures.people),
        planned=Share(figures.planned, figures.people),
    )


def _teams() -> list[tuple[int, str, int | None]]:
    return list(Team.objects.order_by("pk").values_list("pk", "name", "parent"))
