import numpy as np
import pytest
from scipy.optimize import brentq, minimize

from drivers.core.ceiling import best_split, needed_rise, spending_rate, spent_rise

ROOM, W = np.array([0, 0, 1, 1, 2, 3.5, 5]), np.array([1, 2, 1, 1, 3, 1, 0.5])


@pytest.mark.parametrize("rise", [0.01, 0.4, 0.9, 1.2])
def test_the_needed_rise_lifts_the_mean_by_what_is_asked(rise):
    expected = brentq(lambda d: np.average(np.minimum(ROOM, d), weights=W) - rise, 0, 5)
    assert needed_rise(ROOM, W, rise) == pytest.approx(expected)


def test_no_rise_lifts_the_mean_beyond_the_scale():
    whole = np.average(ROOM, weights=W)
    assert needed_rise(ROOM, W, whole) == pytest.approx(5)
    assert np.isnan(needed_rise(ROOM, W, whole + 0.01))


def test_the_curve_of_spending_goes_through_the_plan_and_never_beyond_the_scale():
    rate = spending_rate(np.array([100.0]), np.array([0.5]), np.array([3.0]))
    assert spent_rise(np.array([100.0]), np.array([3.0]), rate) == pytest.approx([0.5])
    assert spent_rise(np.array([1e9]), np.array([3.0]), rate) == pytest.approx([3.0])


@pytest.mark.parametrize("budget", [10.0, 100.0, 1000.0])
def test_the_best_split_is_that_of_a_general_optimiser(budget):
    worth, room = np.array([3.0, 2.0, 1.0, -1.0]), np.array([2.0, 3.0, 1.0, 4.0])
    rate = np.array([0.01, 0.02, 0.01, 0.1])
    found = best_split(budget, worth, room, rate)

    def loss(share):
        return -worth @ spent_rise(budget * share, room, rate)

    general = minimize(
        loss, np.full(4, 0.25), bounds=[(0, 1)] * 4, constraints={"type": "eq", "fun": lambda s: s.sum() - 1},
        options={"ftol": 1e-14, "maxiter": 500},
    )  # fmt: skip
    assert found.sum() == pytest.approx(budget)
    assert found[3] == 0
    assert -loss(found / budget) >= -general.fun * (1 - 1e-6)  # SLSQP spends a little more than the budget
    np.testing.assert_allclose(found, budget * general.x, atol=2e-3 * budget)  # the optimum is flat


def test_nothing_is_spent_where_nothing_is_gained():
    assert best_split(10.0, np.array([-1.0, 0.0]), np.ones(2), np.ones(2)).tolist() == [0, 0]
