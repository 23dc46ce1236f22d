"""No figure, and no difference of figures, tells of fewer than five people."""

from collections import Counter
from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from strategy import groups
from strategy.groups import Unit

Tree = tuple[dict[int, Unit], dict[int, int]]


@st.composite
def companies(draw: st.DrawFn) -> Tree:
    """Up to twelve teams under each other, with nobody to fourteen people in each."""
    teams = draw(st.integers(0, 12))
    parents: dict[int, Unit] = {
        team: draw(st.sampled_from([None, *range(1, team)])) for team in range(1, teams + 1)
    }
    people = {team: draw(st.integers(0, 14)) for team in parents}
    return parents, people


# A second, slow reading: people have names, and a figure is a set of them.


def everybody(parents: dict[int, Unit], people: dict[int, int]) -> dict[Unit, frozenset[str]]:
    inside: dict[Unit, set[str]] = {None: set(), **{team: set() for team in parents}}
    for team, count in people.items():
        unit: Unit = team
        while True:
            inside[unit] |= {f"{team}.{n}" for n in range(count)}
            if unit is None:
                break
            unit = parents[unit]
    return {unit: frozenset(names) for unit, names in inside.items()}


def told_apart(units: Iterable[Unit], inside: dict[Unit, frozenset[str]]) -> list[int]:
    """The sizes of all groups that adding and subtracting the units can single out."""
    shown = list(units)
    kinds = Counter(
        tuple(name in inside[unit] for unit in shown)
        for name in inside[None]
        if any(name in inside[unit] for unit in shown)
    )
    return list(kinds.values())


def allowed(
    units: list[Unit], parents: dict[int, Unit], inside: dict[Unit, frozenset[str]]
) -> bool:
    alone = all(
        len(inside[unit]) >= 5
        and (unit is None or not 0 < len(inside[parents[unit]] - inside[unit]) < 5)
        for unit in units
    )
    return alone and all(size >= 5 for size in told_apart(units, inside))


def slowly(parents: dict[int, Unit], people: dict[int, int]) -> set[Unit]:
    inside = everybody(parents, people)
    levels: dict[int, list[int]] = {}
    for team in parents:
        deep, unit = 0, parents[team]
        while unit is not None:
            deep, unit = deep + 1, parents[unit]
        levels.setdefault(deep, []).append(team)
    found: list[Unit] = [None] if len(inside[None]) >= 5 else []
    for deep in sorted(levels):
        for team in sorted(levels[deep], key=lambda one: (-len(inside[one]), one)):
            if found and allowed([*found, team], parents, inside):
                found.append(team)
    return set(found)


@given(companies())
def test_it_agrees_with_the_slow_reading(company: Tree) -> None:
    parents, people = company
    assert groups.shown(parents=parents, people=people) == slowly(parents, people)


@given(companies())
def test_nothing_more_could_be_shown(company: Tree) -> None:
    parents, people = company
    found = groups.shown(parents=parents, people=people)
    inside = everybody(parents, people)
    assert allowed(list(found), parents, inside)
    if found:
        for team in set(parents) - found:
            assert not allowed([*found, team], parents, inside)


@given(companies())
def test_every_team_rolls_up_to_the_smallest_unit_that_is_shown(company: Tree) -> None:
    parents, people = company
    found = groups.shown(parents=parents, people=people)
    inside = everybody(parents, people)
    if not found:
        assert len(inside[None]) < 5
    for team in parents if found else []:
        unit = groups.smallest(team, parents=parents, shown=found)
        above = [other for other in found if other in groups.chain(team, parents)]
        assert unit in above
        assert all(inside[unit] <= inside[other] for other in above)


@given(companies(), st.integers(0, 12))
def test_the_threshold_is_raised_never_lowered(company: Tree, at_least: int) -> None:
    parents, people = company
    found = groups.shown(parents=parents, people=people, at_least=at_least)
    sizes = groups.sizes(parents=parents, people=people)
    assert all(sizes[unit] >= max(5, at_least) for unit in found)


def test_a_team_of_four_is_counted_in_the_one_above() -> None:
    parents: dict[int, Unit] = {1: None, 2: 1, 3: 1}
    found = groups.shown(parents=parents, people={2: 9, 3: 4})
    # Were North's nine shown beside the company's thirteen, the four would be told.
    assert found == {None, 1}
    assert groups.smallest(3, parents=parents, shown=found) == 1


def test_two_of_three_are_not_shown_where_the_third_would_be_what_is_left() -> None:
    parents: dict[int, Unit] = {1: None, 2: 1, 3: 1, 4: 1}
    found = groups.shown(parents=parents, people={2: 8, 3: 8, 4: 4})
    assert found == {None, 1, 2}


def test_teams_that_are_large_enough_are_all_shown() -> None:
    parents: dict[int, Unit] = {1: None, 2: 1, 3: 1}
    assert groups.shown(parents=parents, people={2: 5, 3: 5}) == {None, 1, 2, 3}


def test_four_people_have_no_figure_at_all() -> None:
    assert groups.shown(parents={1: None}, people={1: 4}) == frozenset()
