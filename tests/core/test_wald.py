import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from drivers.core.design import group_slopes, robust_slopes, sampling_design, weighted_slopes
from drivers.core.wald import equality_contrast, wald_test


def sample(n=240, p=3, groups=3, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p))
    y = x @ np.arange(1, p + 1) + rng.normal(size=n) * (1 + np.abs(x[:, 0]))
    return np.column_stack([x, y]), rng.integers(0, groups, n), rng.choice([0.5, 1.0, 3.0], n)


def test_slopes_of_each_group_are_those_of_its_own_regression_with_hc3_errors():
    z, groups, _ = sample()
    found = group_slopes(z, groups)
    for g in range(3):
        own = robust_slopes(z[groups == g])
        np.testing.assert_allclose(found.value.reshape(3, 4)[g], own.value, rtol=1e-12)
        np.testing.assert_allclose(found.covariance[4 * g : 4 * g + 4, 4 * g : 4 * g + 4], own.covariance, rtol=1e-10)
    assert found.degrees == 240 - 12
    np.testing.assert_array_equal(found.covariance[:4, 4:8], 0.0)  # other respondents


def test_weighted_slopes_of_each_group_are_those_of_the_design():
    z, groups, w = sample(n=3000)
    design = sampling_design(w)
    found = group_slopes(z, groups, design)
    for g in range(3):
        own = weighted_slopes(z, design, groups == g)
        np.testing.assert_allclose(found.value.reshape(3, 4)[g], own.value, rtol=1e-10)
        # divided by one less the leverage: 0.4% on average with a thousand rows and four coefficients
        np.testing.assert_allclose(found.error.reshape(3, 4)[g], own.error, rtol=0.02)


def test_a_unit_with_rows_in_two_groups_ties_their_errors_together():
    z, _, w = sample(n=400)
    z[:, -1] += np.repeat(np.random.default_rng(1).normal(size=200), 2) * 3
    groups = np.tile([0, 1], 200)
    tied = group_slopes(z[:, -1:], groups, sampling_design(w, clusters=np.repeat(np.arange(200), 2)))
    apart = group_slopes(z[:, -1:], groups, sampling_design(w))
    assert tied.covariance[0, 1] > 0.15 * tied.covariance[0, 0]
    assert abs(apart.covariance[0, 1]) < 0.05 * apart.covariance[0, 0]  # only that totals are about their mean
    np.testing.assert_allclose(tied.value, apart.value)


def test_rows_in_no_group_count_for_nothing():
    z, groups, _ = sample()
    groups[:100] = -1
    z[:100] = np.nan
    np.testing.assert_allclose(group_slopes(z, groups).value, group_slopes(z[100:], groups[100:]).value)


def test_the_test_of_equal_slopes_is_statsmodels_interaction_test():
    z, groups, _ = sample()
    estimate = group_slopes(z, groups)
    found = wald_test(equality_contrast(3, 4, (1, 2, 3)), estimate.value, estimate.covariance, estimate.degrees)
    dummies = (groups[:, None] == np.arange(3)).astype(float)
    x = np.column_stack([dummies[:, [g]] * np.column_stack([np.ones(len(z)), z[:, :3]]) for g in range(3)])
    reference = sm.OLS(z[:, -1], x).fit(cov_type="HC3", use_t=True)
    test = reference.f_test(equality_contrast(3, 4, (1, 2, 3)))
    assert found.between == 6
    adjust = (estimate.degrees - 6 + 1) / estimate.degrees
    assert found.f == pytest.approx(float(test.fvalue) * adjust, rel=1e-10)
    assert found.p == pytest.approx(stats.f.sf(float(test.fvalue) * adjust, 6, estimate.degrees - 5), rel=1e-8)


def test_a_combination_that_is_stated_twice_counts_once():
    value, covariance = np.array([1.0, 2.0]), np.diag([1.0, 4.0])
    once = wald_test(np.array([[1.0, 0.0]]), value, covariance, 50)
    twice = wald_test(np.array([[1.0, 0.0], [2.0, 0.0]]), value, covariance, 50)
    assert (once.between, twice.between) == (1, 1)
    assert twice.f == pytest.approx(once.f) == pytest.approx(1.0)


def test_nothing_to_test_and_no_degrees_of_freedom_give_no_number():
    value, covariance = np.ones(3), np.eye(3)
    assert np.isnan(wald_test(np.zeros((0, 3)), value, covariance, 50).p)
    assert np.isnan(wald_test(np.eye(3), value, covariance, 2).p)
