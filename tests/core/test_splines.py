import numpy as np
import pytest

from drivers.core.quantile import weighted_quantile
from drivers.core.splines import harrell_knots, spline_basis


def harrell_term(x, t, j):
    """Formula 2.25 of Harrell 2015, written out for one answer, times the norm of Hmisc's rcspline.eval."""

    def cube(u):
        return max(u, 0.0) ** 3

    a, b = t[-2], t[-1]
    term = cube(x - t[j]) - cube(x - a) * (b - t[j]) / (b - a) + cube(x - b) * (a - t[j]) / (b - a)
    return term / (b - t[0]) ** 2


@pytest.mark.parametrize("knots", [[2.0, 5.0, 9.0], [1.0, 4.0, 6.0, 10.0], [0.5, 2.0, 3.0, 7.0, 8.0]])
def test_the_basis_is_that_of_harrell(knots):
    x = np.linspace(-2, 14, 33)
    basis = spline_basis(x, np.array(knots))
    assert basis.shape == (33, len(knots) - 1)
    brute = [[v, *(harrell_term(v, knots, j) for j in range(len(knots) - 2))] for v in x]
    np.testing.assert_allclose(basis, brute, atol=1e-12)  # rounding


def test_beyond_the_outer_knots_every_column_is_a_straight_line():
    knots = np.array([2.0, 4.0, 6.0, 9.0])
    for x in (np.linspace(-5, 2, 8), np.linspace(9, 30, 8)):
        bend = np.diff(spline_basis(x, knots), n=2, axis=0)
        np.testing.assert_allclose(bend, 0, atol=1e-9)  # rounding of cubes of 30


def test_the_second_derivative_has_no_jump():
    knots = np.array([2.0, 4.0, 6.0, 9.0])
    x = np.linspace(0, 11, 2201)
    second = np.diff(spline_basis(x, knots), n=2, axis=0) / 0.005**2
    assert np.abs(np.diff(second, axis=0)).max() < 0.05  # third derivative of at most 6 times the step of 0.005


def test_a_missing_answer_stays_missing():
    basis = spline_basis(np.array([1.0, np.nan, 9.0]), np.array([2.0, 5.0, 8.0]))
    assert np.isnan(basis).tolist() == [[False, False], [True, True], [False, False]]


@pytest.mark.parametrize(("count", "places"), [(3, (0.1, 0.5, 0.9)), (4, (0.05, 0.35, 0.65, 0.95))])
def test_knots_lie_at_harrells_weighted_quantiles(count, places):
    rng = np.random.default_rng(1)
    x, w = rng.normal(size=500), rng.uniform(0.2, 3, 500)
    expected = [weighted_quantile(x[:, None], w, place)[0] for place in places]
    assert harrell_knots(x, w, count).tolist() == expected


def test_where_quantiles_coincide_knots_are_spread_over_the_different_answers():
    x = np.array([1.0, 2, 3, 4, 5] + [10.0] * 95)
    knots = harrell_knots(x, np.ones(100), 4)
    assert len(knots) == 4
    assert (np.diff(knots) > 0).all()
    assert set(knots) <= {1, 2, 3, 4, 5, 10}


def test_a_driver_with_few_different_answers_has_as_many_knots_as_answers_or_none():
    assert harrell_knots(np.array([1.0, 1, 2, 3, 3]), np.ones(5), 4).tolist() == [1, 2, 3]
    assert len(harrell_knots(np.array([0.0, 1, 1, 0]), np.ones(4), 4)) == 0
    assert len(harrell_knots(np.array([0.0, 1, 2, 2]), np.array([1.0, 1, 0, 0]), 4)) == 0  # weight 0 does not count


def test_without_knots_the_basis_is_the_answer_itself():
    assert spline_basis(np.array([3.0, 7.0]), np.empty(0)).tolist() == [[3.0], [7.0]]
