"""Likely modules for a gap, and why they are likely."""

from typing import Any

import pytest

from align.people.models import Role
from strategy import engine
from strategy.models import BehaviorRevision
from tests import make
from tests.make import NOW
from tests.training.conftest import Place
from training import actions, suggestions
from training.models import CellState, Kind, Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def cell(place: Place) -> CellState:
    engine.judge_all(now=NOW)
    return CellState.objects.get(behavior=place.behavior)


def speaking(cast: make.Cast, title: str, content: str, kind: Kind = Kind.PRACTICE) -> Module:
    made = make.module(owner=cast.tom, title=title, kind=kind)
    draft = actions.new_version(module=made, by=cast.tom, now=NOW)
    actions.edit_module(
        version=draft,
        title=title,
        kind=kind,
        hours=draft.hours,
        content=content,
        link="",
        edits=draft.edits,
        now=NOW,
    )
    actions.publish_module(module=made, by=cast.tom, now=NOW)
    made.refresh_from_db()
    return made


def titles(found: list[suggestions.Suggestion]) -> list[str]:
    return [one.version.title for one in found]


def test_what_speaks_of_the_same_comes_first_and_says_so(cast: make.Cast, cell: CellState) -> None:
    speaking(cast, "Forklift safety", "Look behind you, always.")
    speaking(cast, "Holding on", "Begin with the cost of an hour of downtime.")
    [first] = suggestions.likely(cell, user=cast.tom)
    assert first.version.title == "Holding on"
    assert first.reasons[0] == "Both speak of “cost of an hour” and “downtime”"
    assert first.reasons[-1] == "Can claim Practiced"
    assert first.meta == "Negotiation · 1.5 h · you"


def test_where_nothing_is_alike_what_is_deep_enough_has_to_do(
    cast: make.Cast, cell: CellState
) -> None:
    speaking(cast, "Forklift safety", "Look behind you, always.")
    speaking(cast, "Slide", "Look up.", Kind.ANNOUNCEMENT)
    [found] = suggestions.likely(cell, user=cast.tom)
    assert (found.version.title, found.why) == ("Forklift safety", "Can claim Practiced")


def test_words_are_compared_by_their_stems(cast: make.Cast, cell: CellState) -> None:
    speaking(cast, "Anything", "What plants lose: costing a stop by hours.")
    [found] = suggestions.likely(cell, user=cast.tom)
    assert "“cost" in found.reasons[0] or "“hour" in found.reasons[0]


def test_a_word_of_every_module_says_less_than_a_rare_one(cast: make.Cast, cell: CellState) -> None:
    for n in range(6):
        speaking(cast, f"Lesson {n}", "The price.")
    speaking(cast, "Z, the last by name", "On downtime.")
    assert titles(suggestions.likely(cell, user=cast.tom))[0] == "Z, the last by name"


def test_a_title_that_is_nearly_the_same_is_found_by_its_letters(
    cast: make.Cast, cell: CellState
) -> None:
    speaking(cast, "Pricetalks with thecost of anhour", "Bring a pen.")
    [found] = suggestions.likely(cell, user=cast.tom)
    assert found.reasons[0] == "Its title is close to the behavior"


def test_a_module_of_the_neighboring_behavior_is_near(cast: make.Cast, place: Place) -> None:
    words = [
        make.behavior_words("B1", sales_role=cast.role),
        make.behavior_words("B2", sales_role=cast.role, statement="Sends the offer in a day"),
    ]
    objective = make.objective(strategy_=place.plan, by=cast.lena, behaviors=words)
    near = make.module(owner=cast.tom, title="Near")
    make.module(owner=cast.tom, title="Far")
    make.mapping(module=near, behavior=make.behavior(objective, "B2"))
    engine.judge_all(now=NOW)
    cell = CellState.objects.get(behavior=make.behavior(objective, "B1"))
    found = suggestions.likely(cell, user=cast.tom)
    assert titles(found) == ["Near"]
    assert found[0].why == "Teaches the neighboring behavior B2; can claim Practiced"


def test_what_is_mapped_here_or_cannot_help_is_left_out(
    cast: make.Cast, place: Place, cell: CellState
) -> None:
    mapped = speaking(cast, "Mapped", "Cost of an hour of downtime.")
    make.mapping(module=mapped, behavior=place.behavior)
    retired = speaking(cast, "Retired", "Cost of an hour of downtime.")
    actions.retire_module(module=retired, now=NOW)
    speaking(cast, "Slide", "Nothing alike.", Kind.ANNOUNCEMENT)
    draft = make.module(owner=make.user("Tess", Role.TRAINER), title="Hers")
    actions.new_version(module=draft, by=draft.owner, now=NOW)
    assert titles(suggestions.likely(cell, user=cast.tom)) == ["Hers"]


def test_only_what_takes_the_cell_deeper_is_suggested(
    cast: make.Cast, place: Place, cell: CellState
) -> None:
    speaking(cast, "Why hours", "The cost of an hour of downtime.", Kind.EXPLANATION)
    assert titles(suggestions.likely(cell, user=cast.tom)) == ["Why hours"]
    CellState.objects.filter(pk=cell.pk).update(depth=2)
    cell.refresh_from_db()
    assert suggestions.likely(cell, user=cast.tom) == []


def test_who_maps_sees_likely_modules_of_a_behavior(cast: make.Cast, place: Place) -> None:
    speaking(cast, "Price talks", "The cost of an hour of downtime.", Kind.EXPLANATION)
    words = BehaviorRevision.objects.in_force().get(behavior=place.behavior)
    [found] = suggestions.for_behavior(words, user=cast.tom)
    assert found.why.startswith("Both speak of ")
    assert found.why.endswith("can claim Explained")


def test_a_behavior_of_odd_characters_finds_nothing_and_breaks_nothing(
    cast: make.Cast, place: Place
) -> None:
    make.module(owner=cast.tom)
    words = BehaviorRevision.objects.in_force().get(behavior=place.behavior)
    words.statement, words.occasion = "' | & ! <-> :* \\ %s", "))((‮"
    assert suggestions.for_behavior(words, user=cast.tom)


@pytest.mark.parametrize("modules", [1, 30])
def test_suggesting_costs_three_statements(
    cast: make.Cast, cell: CellState, modules: int, django_assert_num_queries: Any
) -> None:
    for _ in range(modules):
        make.module(owner=cast.tom)
    with django_assert_num_queries(3):
        suggestions.likely(cell, user=cast.tom)


def test_terms_are_words_and_what_stands_together_in_a_sentence() -> None:
    found = suggestions.terms(["Opens the price talk with costs. Then guarantees"])
    assert {"price", "costs", "price talk with costs", "guarantees"} <= set(found)
    assert not {"opens", "the", "talk", "price talk", "costs then"} & set(found)
