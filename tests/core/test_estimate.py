import numpy as np
import pytest

from drivers.core.estimate import Bounds, Estimate
from drivers.core.interval import percentile_interval

DRAWS = np.random.default_rng(1).normal(size=199)


def test_bounds_are_the_percentile_interval_of_the_draws():
    expected = percentile_interval(DRAWS, 0.9)
    assert Estimate(0.1, DRAWS).bounds(0.9) == Bounds(0.1, float(expected.low), float(expected.high))


@pytest.mark.parametrize(("missing", "has_ends"), [(0, True), (19, True), (20, False), (199, False)])
def test_there_is_no_interval_when_more_than_a_tenth_of_the_draws_are_missing(missing, has_ends):
    draws = DRAWS.copy()
    draws[:missing] = np.nan
    bounds = Estimate(0.1, draws).bounds()
    assert bounds.value == 0.1
    assert np.isfinite([bounds.low, bounds.high]).tolist() == [has_ends, has_ends]


@pytest.mark.parametrize("method", ["__add__", "__sub__", "__mul__", "__truediv__"])
def test_arithmetic_is_done_draw_by_draw(method):
    a, b = Estimate(2.0, DRAWS), Estimate(3.0, DRAWS + 10)
    joined = getattr(a, method)(b)
    assert joined.value == getattr(2.0, method)(3.0)
    np.testing.assert_array_equal(joined.replicates, getattr(DRAWS, method)(DRAWS + 10))
    np.testing.assert_array_equal(getattr(a, method)(4.0).replicates, getattr(DRAWS, method)(4.0))


def test_a_number_less_itself_is_certainly_zero():
    bounds = (Estimate(2.0, DRAWS) - Estimate(2.0, DRAWS)).bounds()
    assert (bounds.value, bounds.low, bounds.high) == (0.0, 0.0, 0.0)


def test_the_probability_of_a_gain_counts_the_draws_that_have_a_value():
    assert Estimate(1.0, np.array([1.0, -1.0, 0.0, 2.0, np.nan])).positive_probability() == 0.5
    assert np.isnan(Estimate(1.0, np.array([np.nan])).positive_probability())
