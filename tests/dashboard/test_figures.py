"""Shares with their base, and the six links of the chain."""

import pytest

from align.dashboard.rows import figures
from align.dashboard.rows.figures import Coverage, Link, Share, Voice
from strategy.config import Config
from tests.dashboard import rows
from training.coverage import BROKEN, HOLDS, NOT_YET, PARTLY, Sum
from training.models import ObjectiveCoverage

CONFIG = Config()


def adoption(coverage: Coverage) -> Link:
    chain = figures.chain(
        why=True, behaviors=1, coverage=coverage, voice=Voice(), rules=[], config=CONFIG
    )
    return chain[4]


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(191, 312, 61), (1, 8, 13), (0, 5, 0), (5, 5, 100), (1, 200, 1), (3, 4, None), (0, 0, None)],
)
def test_a_share_rounds_half_up_and_gives_no_percentage_of_few(
    part: int, whole: int, percent: int | None
) -> None:
    assert Share(part, whole).percent == percent


def test_a_share_of_few_is_said_in_counts() -> None:
    assert Share(3, 4).said == "3 of 4"
    assert Share(0, 0).said == "not yet"
    assert Share(191, 312).said == "61%"


def test_a_share_reads_with_its_base() -> None:
    assert str(Share(1191, 1312)) == "1,191 of 1,312"


def test_all_cells_covered_holds_only_when_the_depth_is_shown() -> None:
    claimed = Coverage(cells=2, covered=2, depth=3, shown=0)
    shown = Coverage(cells=2, covered=2, depth=3, shown=3)
    assert figures.training_state(claimed) == PARTLY
    assert figures.training_state(shown) == HOLDS


def test_no_cells_are_not_the_same_as_no_training() -> None:
    assert figures.training_state(Coverage()) == NOT_YET
    assert figures.training_state(Coverage(cells=2, depth=0, shown=0)) == BROKEN


def test_nobody_reached_is_broken_only_where_there_is_something_to_take() -> None:
    mapped = Coverage(cells=1, depth=2, shown=0, reach=Share(0, 40))
    nothing = Coverage(cells=1, depth=0, shown=0, reach=Share(0, 40))
    assert figures.reach_state(mapped, CONFIG) == BROKEN
    assert figures.reach_state(nothing, CONFIG) == NOT_YET


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (Share(0, 0), NOT_YET),
        (Share(3, 3), PARTLY),  # too few of 40 people observed
        (Share(12, 12), HOLDS),
        (Share(1, 20), BROKEN),
        (Share(6, 10), PARTLY),  # the bounds leave a half open
    ],
)
def test_adoption_is_judged_by_how_sure_it_is(seen: Share, state: str) -> None:
    assert adoption(Coverage(cells=2, depth=3, shown=3, seen=seen, seen_people=40)).state == state


def test_of_fewer_than_five_people_all_must_be_observed() -> None:
    two = Coverage(cells=1, depth=3, shown=3, seen=Share(2, 2), seen_people=3)
    three = Coverage(cells=1, depth=3, shown=3, seen=Share(3, 3), seen_people=3)
    assert adoption(two).state == PARTLY
    assert adoption(three).state == HOLDS


def test_while_a_cell_is_unseen_it_is_not_yet_and_says_who_looked() -> None:
    link = adoption(Coverage(cells=5, depth=3, shown=3, looked=2))
    assert (link.state, link.figure, link.base) == (NOT_YET, "not yet", "2 of 5 looked at")


def test_of_too_few_people_nothing_is_shown_but_what_is_claimed() -> None:
    row = ObjectiveCoverage(
        cells=2, covered=1, suspect=0, depth=2, shown=2, evidence=2, people=3, planned=3,
        reached=3, looked=1, seen_people=3, observed=3, at_standard=3, touched=1,
        touched_covered=1,
    )  # fmt: skip
    hidden = Coverage.of(Sum.of(row, config=CONFIG), hidden=True)
    assert (hidden.cells, hidden.covered, hidden.depth) == (2, 1, 2)
    assert (hidden.shown, hidden.evidence, hidden.looked) == (None, None, 0)
    assert (hidden.reach.said, hidden.seen.said, hidden.shown_word) == ("too few",) * 3
    assert (hidden.reach.part, hidden.reach.whole) == (0, 0)


def test_silence_never_reads_as_healthy() -> None:
    assert figures.voice_state(Voice(), [], CONFIG) == NOT_YET


def test_a_few_happy_voices_hold_only_partly() -> None:
    assert figures.voice_state(Voice(people=4, works=4, share=0.0), [], CONFIG) == PARTLY
    assert figures.voice_state(Voice(people=5, works=5, share=0.0), [], CONFIG) == HOLDS


def test_the_voice_is_broken_when_the_rule_says_so() -> None:
    happy = Voice(people=9, works=9, share=0.0)
    assert figures.voice_state(happy, ["negative"], CONFIG) == BROKEN


def test_the_chain_has_six_links_with_figures_and_bases() -> None:
    chain = rows.row(voice=Voice(people=13, works=4, wont=9, share=0.7)).chain
    assert [link.name for link in chain] == list(figures.NAMES)
    assert (chain[3].figure, chain[3].base) == ("61%", "191 of 312 people")
    assert (chain[4].figure, chain[4].base) == ("not yet", "no visit has looked for this")
    assert (chain[5].figure, chain[5].base) == ("9 of 13", "say it will not work")
