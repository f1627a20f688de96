import numpy as np
import pytest
import statsmodels.api as sm
from scipy.spatial.distance import mahalanobis
from scipy.stats import chi2, f

from core.samples import moments_of
from drivers.core.outliers import mahalanobis_distances, row_influence


@pytest.fixture(scope="module")
def rows():
    rng = np.random.default_rng(5)
    z = rng.normal(size=(60, 4)) @ rng.normal(size=(4, 4)) + 5
    z[0] += 9
    return z, rng.uniform(0.2, 3, size=60)


def test_distances_are_scipys_under_the_weighted_covariance(rows):
    z, w = rows
    mean = np.average(z, axis=0, weights=w)
    inverse = np.linalg.inv(np.cov(z.T, aweights=w, ddof=0))
    expected = [mahalanobis(row, mean, inverse) ** 2 for row in z]
    found = mahalanobis_distances(z, moments_of(z, w))
    np.testing.assert_allclose(found.squared, expected, rtol=1e-9)
    assert found.rank == 4
    assert found.beyond(0.001).tolist() == (np.array(expected) > chi2.isf(0.001, 4)).tolist()
    assert found.beyond(0.001)[0]


def test_a_duplicate_a_sum_and_a_constant_change_no_distance(rows):
    z, w = rows
    wide = np.column_stack([z, z[:, 0], z.sum(axis=1), np.full(60, 3.0)])
    plain, found = (mahalanobis_distances(x, moments_of(x, w)) for x in (z, wide))
    assert found.rank == 4
    np.testing.assert_allclose(found.squared, plain.squared, rtol=1e-7)  # eigenvalues near 0 cost digits


def test_of_normal_rows_one_in_a_thousand_is_beyond():
    z = np.random.default_rng(1).normal(size=(20_000, 3))
    share = mahalanobis_distances(z, moments_of(z)).beyond(0.001).mean()
    assert share == pytest.approx(0.001, abs=3 * np.sqrt(0.001 / 20_000))  # three standard errors


@pytest.mark.parametrize("weighted", [False, True])
def test_influence_is_that_of_statsmodels(rows, weighted):
    z, w = rows
    w = w if weighted else np.ones(60)
    root = np.sqrt(w)[:, None]
    expected = sm.OLS(z[:, -1] * root[:, 0], sm.add_constant(z[:, :-1]) * root).fit().get_influence()
    found = row_influence(z, w)
    np.testing.assert_allclose(found.cook, expected.cooks_distance[0], rtol=1e-8)
    np.testing.assert_allclose(found.dfbetas, expected.dfbetas[:, 1:], rtol=1e-7, atol=1e-12)
    assert found.beyond_median().tolist() == (expected.cooks_distance[0] > f.ppf(0.5, 4, 56)).tolist()


def test_dfbetas_are_the_change_of_a_slope_when_the_row_is_left_out(rows):
    z, w = rows

    def fit(keep):
        return sm.WLS(z[keep, -1], sm.add_constant(z[keep, :-1]), weights=w[keep]).fit()

    whole, without = fit(np.ones(60, bool)), fit(np.arange(60) != 7)
    error = np.sqrt(np.diag(whole.normalized_cov_params) * without.scale)[1:]
    np.testing.assert_allclose(row_influence(z, w).dfbetas[7], (whole.params - without.params)[1:] / error, rtol=1e-7)


def test_influence_does_not_depend_on_the_size_of_weights_or_units(rows):
    z, w = rows
    expected, found = row_influence(z, w), row_influence(z * [1e-4, 1, 1e5, 10], 1e6 * w)
    np.testing.assert_allclose(found.cook, expected.cook, rtol=1e-7)
    np.testing.assert_allclose(found.dfbetas, expected.dfbetas, rtol=1e-6, atol=1e-10)


def test_a_collinear_regressor_leaves_cooks_distance_alone(rows):
    z, w = rows
    wide = np.column_stack([z[:, 0], z])
    found = row_influence(wide, w)
    np.testing.assert_allclose(found.cook, row_influence(z, w).cook, rtol=1e-7)
    assert found.rank == 4
    assert np.isfinite(found.dfbetas).all()


def test_a_row_on_which_a_slope_rests_alone_is_beyond_any_limit(rows):
    z, w = rows
    alone = np.column_stack([np.arange(60) == 3, z])
    assert np.flatnonzero(np.isinf(row_influence(alone, w).cook)).tolist() == [3]


def test_a_perfect_fit_is_moved_by_nobody():
    x = np.arange(8.0)
    found = row_influence(np.column_stack([x, 2 * x]), np.ones(8))
    assert not found.cook.any()
    assert not found.dfbetas.any()
