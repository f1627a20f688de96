import numpy as np
import pandas as pd
import pytest

from drivers.core.available import SMALLEST_EIGENVALUE, nearest_correlation, pair_bases, pair_sums, proper_moments
from drivers.core.moments import Moments

NAMES = ("a", "b", "c", "y")


@pytest.fixture
def holed():
    rng = np.random.default_rng(4)
    z = rng.normal(size=(90, 4)) @ rng.normal(size=(4, 4)) + 1000.0
    z[rng.random(z.shape) < 0.25] = np.nan
    return z, rng.choice([0.5, 1.0, 2.0], 90)


def sums(z, w):
    return pair_sums(NAMES, z, np.atleast_2d(w), np.nanmean(z, axis=0))


def test_unweighted_correlations_are_those_of_pandas(holed):
    found = sums(holed[0], np.ones(90)).moments().correlation[0]
    assert found == pytest.approx(pd.DataFrame(holed[0]).corr().to_numpy(), abs=1e-10)


def test_weighted_correlations_are_those_of_each_pair_alone(holed):
    z, w = holed
    found = sums(z, w).moments()
    for i in range(4):
        for j in range(4):
            both = ~np.isnan(z[:, [i, j]]).any(axis=1)
            covariance = np.cov(z[both][:, [i, j]].T, aweights=w[both])
            expected = covariance[0, 1] / np.sqrt(covariance[0, 0] * covariance[1, 1])
            assert found.correlation[0, i, j] == pytest.approx(expected, abs=1e-10)
    assert found.mean[0, 1] == pytest.approx(np.average(z[~np.isnan(z[:, 1]), 1], weights=w[~np.isnan(z[:, 1])]))


def test_without_holes_they_are_the_moments_of_the_rows(holed):
    _, w = holed
    z = np.random.default_rng(1).normal(size=(90, 4))
    found, rows = sums(z, w).moments(), Moments.from_rows(NAMES, z, w)
    assert found.cross[0] == pytest.approx(rows.cross, abs=1e-9)
    assert found.mean[0] == pytest.approx(rows.mean)


def test_sums_can_be_added_and_taken_off(holed):
    z, w = holed
    pilot = np.nanmean(z, axis=0)
    whole = pair_sums(NAMES, z, w[None], pilot)
    first = pair_sums(NAMES, z[:40], w[None, :40], pilot)
    rest = pair_sums(NAMES, z[40:], w[None, 40:], pilot)
    assert (first + rest).moments().cross == pytest.approx(whole.moments().cross)
    assert whole.without(first).moments().cross == pytest.approx(rest.moments().cross)


def test_the_base_of_a_pair_is_kishs_of_those_who_answered_both(holed):
    z, w = holed
    both = w[~np.isnan(z[:, [0, 3]]).any(axis=1)]
    assert pair_bases(z, w)[0, 3] == pytest.approx(both.sum() ** 2 / (both**2).sum())


def test_the_nearest_correlation_matrix_is_that_of_higham():
    # Higham 2002, p. 334: the example whose answer is printed as 0.7607 and 0.1573
    found = nearest_correlation(np.array([[1.0, 1, 0], [1, 1, 1], [0, 1, 1]]))
    expected = [[1, 0.7607, 0.1573], [0.7607, 1, 0.7607], [0.1573, 0.7607, 1]]
    assert found == pytest.approx(np.array(expected), abs=5e-5)


def contradictory(strength):
    """Three variables of which two pairs go together and the third pair apart."""
    cross = np.full((3, 3), strength) + (1 - strength) * np.eye(3)
    cross[0, 2] = cross[2, 0] = -strength
    return Moments(("a", "b", "y"), np.array(9), np.array(9.0), np.array(9.0), np.zeros(3), 4.0 * cross)


def test_a_proper_matrix_is_left_alone():
    moments = contradictory(0.45)
    found = proper_moments(moments)
    assert found.moments is moments
    assert (float(found.moved), found.smallest > SMALLEST_EIGENVALUE) == (0.0, True)


def test_an_improper_matrix_is_repaired_and_the_repair_measured():
    moments = contradictory(0.7)
    found = proper_moments(moments)
    repaired = found.moments.correlation
    assert float(found.smallest) == pytest.approx(np.linalg.eigvalsh(moments.correlation)[0])
    assert found.smallest < 0
    assert np.linalg.eigvalsh(repaired)[0] > 0.9 * SMALLEST_EIGENVALUE
    assert float(found.moved) == pytest.approx(np.abs(repaired - moments.correlation).max())
    assert np.diagonal(found.moments.cross) == pytest.approx(np.diagonal(moments.cross))
