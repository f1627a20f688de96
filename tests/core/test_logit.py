import numpy as np
import pytest
import statsmodels.api as sm

from drivers.core.logit import inverse_logit, logit_coefficients


@pytest.fixture(scope="module")
def leavers():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(400), rng.integers(1, 11, 400), rng.gamma(2, 3, 400)])
    y = (rng.random(400) < 1 / (1 + np.exp(-(1.5 - 0.4 * x[:, 1] - 0.05 * x[:, 2])))).astype(float)
    counts = rng.multinomial(400, np.full(400, 1 / 400), size=4).astype(float)
    return x, y, counts * rng.choice([0.5, 1.0, 2.5], 400)


def by_statsmodels(x, y, w):
    return sm.GLM(y, x, family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-12).params


def test_every_resample_has_the_coefficients_of_statsmodels(leavers):
    x, y, w = leavers
    found = logit_coefficients(x, y, w, np.zeros(3))
    expected = np.stack([by_statsmodels(x, y, row) for row in w])
    np.testing.assert_allclose(found, expected, atol=1e-8)  # both stop at steps of 1e-10


def test_only_the_ratios_of_weights_matter(leavers):
    x, y, w = leavers
    found = logit_coefficients(x, y, w, np.zeros(3))
    np.testing.assert_allclose(logit_coefficients(x, y, 1e6 * w, np.zeros(3)), found, atol=1e-9)  # steps of 1e-10


def test_the_start_does_not_change_where_it_ends(leavers):
    x, y, w = leavers
    found = logit_coefficients(x, y, w, np.array([1.0, -0.3, 0.0]))
    np.testing.assert_allclose(logit_coefficients(x, y, w, np.zeros(3)), found, atol=1e-9)


@pytest.mark.parametrize(("unit", "origin"), [(1e-6, 0.0), (2e4, 1e5), (1e6, 1.6e9)])
def test_a_control_in_euros_or_seconds_changes_no_other_coefficient(leavers, unit, origin):
    x, y, w = leavers
    expected = logit_coefficients(x, y, w, np.zeros(3))
    other = np.column_stack([x[:, :2], origin + unit * x[:, 2]])
    found = logit_coefficients(other, y, w, np.zeros(3))
    np.testing.assert_allclose(found[:, 1], expected[:, 1], rtol=1e-6)  # 1.6e9 leaves ten digits of a year
    np.testing.assert_allclose(found[:, 2] * unit, expected[:, 2], rtol=1e-6)


def test_a_resample_that_separates_has_no_coefficients_and_leaves_the_others_alone(leavers):
    x, y, w = leavers
    apart = np.where((x[:, 1] > 5) == (y == 0), w[0], 0.0)
    found = logit_coefficients(x, y, np.stack([w[0], apart, w[1]]), np.zeros(3))
    assert np.isnan(found[1]).all()
    np.testing.assert_allclose(found[[0, 2]], logit_coefficients(x, y, w[:2], np.zeros(3)), atol=1e-12)


def test_a_resample_without_leavers_has_no_coefficients(leavers):
    x, y, w = leavers
    assert np.isnan(logit_coefficients(x, y, np.where(y == 1, 0.0, w[:1]), np.zeros(3))).all()


def test_no_resamples_give_no_rows(leavers):
    x, y, _ = leavers
    assert logit_coefficients(x, y, np.empty((0, len(y))), np.zeros(3)).shape == (0, 3)


def test_the_inverse_logit_is_a_probability_however_large_the_odds():
    eta = np.array([-800.0, -2.0, 0.0, 2.0, 800.0])
    np.testing.assert_allclose(inverse_logit(eta), [0.0, 1 / (1 + np.exp(2)), 0.5, 1 / (1 + np.exp(-2)), 1.0])


def test_a_resample_without_weight_has_no_estimate_and_leaves_the_others_alone(leavers):
    x, y, w = leavers
    empty = np.concatenate([w, np.zeros((1, len(x)))])
    found = logit_coefficients(x, y, empty, np.zeros(3))
    assert np.isnan(found[-1]).all()
    np.testing.assert_allclose(found[:-1], logit_coefficients(x, y, w, np.zeros(3)), atol=1e-9)


def test_many_columns_and_a_start_far_away_end_at_the_same_maximum():
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(600), rng.normal(size=(600, 12))])
    y = (rng.random(600) < inverse_logit(x @ rng.normal(0, 0.6, 13))).astype(float)
    w = rng.multinomial(600, np.full(600, 1 / 600), size=6).astype(float)
    expected = np.stack([by_statsmodels(x, y, row) for row in w])
    for start in (np.zeros(13), expected.mean(axis=0)):
        np.testing.assert_allclose(logit_coefficients(x, y, w, start), expected, atol=1e-8)
