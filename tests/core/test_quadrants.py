import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.core.quadrants import QUADRANTS, crossing, level_steps, quadrant_codes, quadrant_shares


def names(x, y, lines):
    return [QUADRANTS[k] for k in quadrant_codes(np.array(x), np.array(y), lines)]


def test_each_corner_has_its_name():
    x, y = np.array([20.0, 80.0, 20.0, 80.0]), np.array([3.0, 3.0, 1.0, 1.0])
    assert names(x, y, crossing(x, y)) == list(QUADRANTS)


def test_on_a_line_is_neither_low_nor_important():
    x, y = np.array([50.0, 50.0]), np.array([1.0, 1.0])
    assert names(x, y, crossing(x, y)) == ["possible_overkill"] * 2


def test_medians_part_otherwise_than_means_where_one_lies_far_out():
    x, y = np.array([10.0, 60.0, 62.0]), np.array([1.0, 2.0, 9.0])
    assert names(x, y, crossing(x, y))[1] == "possible_overkill"
    assert names(x, y, crossing(x, y, "median"))[2] == "keep_up"
    assert names([59.0], [3.0], crossing(x, y, "median")) == ["fix_first"]
    assert names([59.0], [3.0], crossing(x, y)) == ["possible_overkill"]


def test_no_driver_at_the_top_is_low_and_none_that_harms_is_high():
    x, y = np.array([95.0, 99.0]), np.array([-1.0, -3.0])
    lines = crossing(x, y, ceiling=90.0)
    assert (lines.x, lines.y) == (90, 0)
    assert set(names(x, y, lines)) == {"possible_overkill"}


def test_every_draw_has_lines_of_its_own():
    x = np.array([[20.0, 80.0], [40.0, 30.0]])
    y = np.array([[3.0, 1.0], [1.0, 3.0]])
    shares = quadrant_shares(quadrant_codes(x, y, crossing(x, y)))
    np.testing.assert_array_equal(shares, [[0.5, 0, 0, 0.5], [0.5, 0, 0, 0.5]])


@given(st.floats(1e-6, 1e6))
def test_levels_are_evenly_spaced_round_numbers_up_to_the_largest(largest):
    steps = level_steps(largest)
    assert 1 <= len(steps) <= 4
    assert steps[-1] <= largest * (1 + 1e-9)
    assert steps[-1] + steps[0] > largest * (1 - 1e-9)
    assert float(f"{steps[0]:.0e}") == pytest.approx(steps[0])
    assert f"{steps[0]:.0e}"[0] in "125"


def test_nothing_to_gain_has_no_levels():
    assert level_steps(0.0) == level_steps(-2.0) == ()
