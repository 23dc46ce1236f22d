"""Shares with their base, and the six links of the chain."""

import pytest

from align.dashboard.rows import figures
from align.dashboard.rows.figures import BROKEN, HOLDS, NOT_YET, PARTLY, Coverage, Share, Voice
from strategy.config import Config
from tests.dashboard import rows

CONFIG = Config()


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
    assert figures.seen_state(seen=seen, asked=40) == state


def test_of_fewer_than_five_people_all_must_be_observed() -> None:
    assert figures.seen_state(seen=Share(2, 2), asked=3) == PARTLY
    assert figures.seen_state(seen=Share(3, 3), asked=3) == HOLDS


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
