import numpy as np
import pytest
import statsmodels.api as sm

from drivers.core.loglink import log_coefficients


def amounts(n=300, seed=0):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.normal(7, 1.5, n), rng.gamma(2, 300, n)])
    mean = np.exp(2 + 0.15 * x[:, 1] - 0.0005 * x[:, 2])
    return x, np.where(rng.random(n) < 0.2, 0.0, rng.gamma(0.8, mean / 0.8)), rng.uniform(0, 3, n)


def test_coefficients_are_those_of_statsmodels_under_each_weighting():
    x, y, w = amounts()
    found = log_coefficients(x, y, np.vstack([np.ones(300), w]))
    for row, weights in zip(found, (np.ones(300), w), strict=True):
        other = sm.GLM(y, x, family=sm.families.Poisson(), var_weights=weights).fit(tol=1e-12)
        np.testing.assert_allclose(row, other.params, rtol=1e-6)


def test_fitted_amounts_have_the_mean_of_the_observed():
    x, y, w = amounts()
    beta = log_coefficients(x, y, w[None])[0]
    assert np.average(np.exp(x @ beta), weights=w) == pytest.approx(np.average(y, weights=w), rel=1e-9)


def test_the_currency_does_not_matter():
    x, y, w = amounts()
    euros, cents = (log_coefficients(x, a, w[None])[0] for a in (y, 100 * y))
    np.testing.assert_allclose(cents - euros, [np.log(100), 0, 0], atol=1e-8)


def test_a_draw_in_which_nobody_spends_has_no_estimate():
    x, y, _ = amounts()
    found = log_coefficients(x, y, np.vstack([y == 0, np.ones(300)]).astype(float))
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


def test_a_control_that_never_varies_has_no_estimate():
    x, y, w = amounts()
    constant = np.column_stack([x, np.full(300, 4.0)])
    assert np.isnan(log_coefficients(constant, y, w[None])).all()
