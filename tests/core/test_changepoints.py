import numpy as np
import pytest
import statsmodels.api as sm

from drivers.core.changepoints import change_points, hinges
from drivers.core.design import sampling_design
from drivers.core.logit import logit_coefficients


def answers(seed, n=1500, bend=0.0):
    rng = np.random.default_rng(seed)
    s = rng.integers(1, 11, n).astype(float)
    odds = 0.5 - 0.25 * s - bend * np.maximum(s - 6, 0)
    return np.column_stack([np.ones(n), s]), (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float)


def searched(x, y, candidates, w=None, clusters=None):
    w = np.ones(len(y)) if w is None else w
    beta = logit_coefficients(x, y, w[None], np.zeros(x.shape[1]))[0]
    return change_points(x, y, beta, candidates, np.arange(len(y)), sampling_design(w, clusters=clusters))


def test_a_hinge_rises_only_above_its_point():
    assert hinges(np.array([1.0, 4.0, 6.0]), [4.0]).ravel() == pytest.approx([0, 0, 2])


def test_with_one_place_it_is_the_score_test_of_that_hinge():
    x, y = answers(0)
    found = searched(x, y, [5.0])
    whole = np.column_stack([x, hinges(x[:, 1], [5.0])])
    wald = sm.Logit(y, whole).fit(disp=0, cov_type="HC1").pvalues[2]  # another test of the same: near, not equal
    assert found.p == pytest.approx(wald, abs=0.03)
    assert found.points == (5.0,)


def test_a_straight_link_bends_as_often_as_chance_has_it():
    places = [2.0, 4.0, 5.0, 6.0, 8.0]
    p = np.array([searched(*answers(seed, 600), places).p for seed in range(120)])
    assert 0.01 <= (p < 0.05).mean() <= 0.09  # 5% and twice the error of 120 surveys
    assert 0.4 <= p.mean() <= 0.6


def test_a_real_bend_is_found_near_its_place():
    found = searched(*answers(1, bend=0.8), [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    assert found.p < 0.001
    assert any(abs(point - 6) <= 1 for point in found.points)


def test_answers_in_clusters_count_once():
    x, y = answers(2, 300, bend=0.5)
    one, five = (
        searched(x, y, [3.0, 6.0]),
        searched(np.tile(x, (5, 1)), np.tile(y, 5), [3.0, 6.0], clusters=np.tile(np.arange(300), 5)),
    )
    assert five.p == pytest.approx(one.p, abs=0.005)


def test_a_place_that_says_nothing_new_is_no_change_point():
    x, y = answers(3)
    assert searched(x, y, [10.0, 11.0]) is None
