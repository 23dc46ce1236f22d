import pytest
from hypothesis import given
from hypothesis import strategies as st

from strategy.statistics import wilson


def test_the_bounds_are_those_of_the_published_example() -> None:
    bounds = wilson(0.7, 10, 1.96)
    assert bounds.lower == pytest.approx(0.3968, abs=1e-4)
    assert bounds.upper == pytest.approx(0.8922, abs=1e-4)


def test_an_empty_sample_says_nothing() -> None:
    assert (wilson(0.0, 0, 1.645).lower, wilson(0.0, 0, 1.645).upper) == (0.0, 1.0)


@given(st.floats(0, 1), st.floats(0.1, 10_000), st.floats(0.1, 4))
def test_the_share_lies_between_its_bounds(share: float, sample: float, z: float) -> None:
    bounds = wilson(share, sample, z)
    assert 0 <= bounds.lower <= share + 1e-9
    assert share - 1e-9 <= bounds.upper <= 1
