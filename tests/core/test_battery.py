import numpy as np
import pandas as pd
import pytest
from scipy.stats import pearsonr

from core.samples import golden
from drivers.core.battery import (
    alpha_if_dropped,
    cronbach_alpha,
    first_factor_share,
    item_rest_correlation,
    omega_total,
    one_factor_loadings,
)

ALPHA = 0.84314276956476
"""R 4.2.2, psych 2.2.9, alpha(attitude): raw alpha of all seven."""

ALPHA_DROPPED = [0.8097602063, 0.7969174573, 0.8278477659, 0.8030309750, 0.7953865742, 0.8638723114, 0.8404648683]
"""The same, without rating, complaints, privileges, learning, raises, critical and advance in turn."""

OMEGA = 0.850992465078405
"""R 4.2.2, psych 2.2.9, omega(attitude, nfactors = 1): omega total."""


@pytest.fixture(scope="module")
def attitude():
    data = golden("attitude")
    return pd.DataFrame(data.data)[[data.outcome, *data.drivers]].to_numpy(float)


def test_alpha_of_attitude_is_that_of_psych(attitude):
    assert cronbach_alpha(attitude) == pytest.approx(ALPHA, abs=1e-13)
    assert cronbach_alpha(attitude[:, [2, 3, 4]]) == pytest.approx(0.7646370857, abs=1e-10)
    np.testing.assert_allclose(alpha_if_dropped(attitude), ALPHA_DROPPED, atol=1e-10)


def test_omega_of_attitude_is_that_of_psych(attitude):
    # psych stops its search at a looser tolerance than we do
    assert omega_total(np.corrcoef(attitude, rowvar=False)) == pytest.approx(OMEGA, abs=1e-6)


def test_loadings_that_made_the_correlations_are_found():
    truth = np.array([0.9, 0.7, 0.5, 0.3, -0.4])
    r = np.outer(truth, truth)
    np.fill_diagonal(r, 1.0)
    np.testing.assert_allclose(one_factor_loadings(r), truth, atol=1e-6)
    assert omega_total(r) == pytest.approx(truth.sum() ** 2 / r.sum(), abs=1e-6)


def test_parallel_items_have_the_alpha_that_is_omega():
    r = np.full((4, 4), 0.6) + 0.4 * np.eye(4)
    assert omega_total(r) == pytest.approx(4 * 0.6 / (1 + 3 * 0.6), abs=1e-8)


def test_a_loading_never_exceeds_one():
    r = np.array([[1, 0.9, 0.9], [0.9, 1, 0.5], [0.9, 0.5, 1]])
    assert np.abs(one_factor_loadings(r)).max() <= 1.0
    assert omega_total(r) <= 1.0


def test_item_rest_correlations_are_pearsons(attitude):
    expected = [pearsonr(attitude[:, j], np.delete(attitude, j, axis=1).sum(axis=1))[0] for j in range(7)]
    np.testing.assert_allclose(item_rest_correlation(attitude), expected, atol=1e-12)


def test_the_first_factor_holds_the_largest_eigenvalues_share():
    r = np.array([[1, 0.5], [0.5, 1]])
    assert first_factor_share(r) == pytest.approx(0.75)


def test_what_cannot_be_computed_is_nan(attitude):
    assert np.isnan(cronbach_alpha(attitude[:, :1]))
    assert np.isnan(cronbach_alpha(np.ones((5, 3))))
    assert np.isnan(alpha_if_dropped(attitude[:, :2])).all()
    assert np.isnan(omega_total(np.eye(2)))
    assert np.isnan(item_rest_correlation(np.column_stack([np.ones(5), np.arange(5)]))).all()


def test_alpha_without_an_item_is_the_alpha_of_the_others():
    x = np.random.default_rng(1).integers(1, 11, size=(80, 6)) * np.array([1.0, 2.0, 1.0, 0.0, 1e4, 1e-3])
    expected = [cronbach_alpha(np.delete(x, j, axis=1)) for j in range(6)]
    np.testing.assert_allclose(alpha_if_dropped(x), expected, atol=1e-10)
    assert np.isnan(alpha_if_dropped(np.full((20, 4), 3.0))).all()
