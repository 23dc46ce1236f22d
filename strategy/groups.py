"""Which parts of a company may be shown a figure of their own, so that none tells of a few people.

A unit is a team with everything below it; ``None`` is the company. Units are shown together, and
whoever reads them can subtract: so not only each unit counts, but what is left of it when the
units shown below it are taken away. A team that is not shown rolls up to the smallest shown unit
above it.
"""

from collections.abc import Mapping

AT_LEAST = 5  # people; may be raised, never lowered

Unit = int | None
Parents = Mapping[int, Unit]


def shown(
    *, parents: Parents, people: Mapping[int, int], at_least: int = AT_LEAST
) -> frozenset[Unit]:
    """Return the units that may be shown beside each other.

    ``people`` counts who is in a team itself, not below it. Each shown unit has at least so many
    people, its complement within its parent as many or none, and so has every part that can be
    worked out by subtracting shown units. Larger units are taken before smaller ones, from the top
    down; nothing more could be shown.
    """
    least = max(at_least, AT_LEAST)
    size = sizes(parents=parents, people=people)
    if size[None] < least:
        return frozenset()
    left: dict[Unit, int] = {None: size[None]}  # of a shown unit: who is in no shown unit below
    for team in sorted(parents, key=lambda pk: (depth(pk, parents), -size[pk], pk)):
        above = smallest(team, parents=parents, shown=left)
        if size[team] >= least and all(
            rest == 0 or rest >= least
            for rest in (size[parents[team]] - size[team], left[above] - size[team])
        ):
            left[above] -= size[team]
            left[team] = size[team]
    return frozenset(left)


def smallest(
    team: Unit, *, parents: Parents, shown: Mapping[Unit, object] | frozenset[Unit]
) -> Unit:
    """Return the smallest shown unit a team is in: itself, one above it, or the company."""
    while team is not None and team not in shown:
        team = parents[team]
    return team


def sizes(*, parents: Parents, people: Mapping[int, int]) -> dict[Unit, int]:
    """Return how many people each unit has, those below it included."""
    size: dict[Unit, int] = {None: 0, **dict.fromkeys(parents, 0)}
    for team, count in people.items():
        for unit in chain(team, parents):
            size[unit] += count
    return size


def chain(team: Unit, parents: Parents) -> list[Unit]:
    """Return a team and everything above it, up to the company."""
    units = [team]
    while team is not None:
        team = parents[team]
        units.append(team)
    return units


def depth(team: Unit, parents: Parents) -> int:
    return len(chain(team, parents))
