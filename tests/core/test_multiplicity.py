import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from drivers.core.multiplicity import holm_adjusted


def test_holm_is_that_of_r():
    p = np.array([0.0009, 0.5956, 0.0699, 0.7155, 0.7963, 0.2356])
    np.testing.assert_allclose(holm_adjusted(p), [0.0054, 1, 0.3495, 1, 1, 0.9424], rtol=1e-12)  # stats::p.adjust


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_that_of_statsmodels(seed):
    p = np.random.default_rng(seed).random(9).round(1) ** 3  # with ties
    np.testing.assert_allclose(holm_adjusted(p), multipletests(p, method="holm")[1], atol=1e-12)


def test_what_could_not_be_tested_counts_for_no_test():
    found = holm_adjusted(np.array([0.01, np.nan, 0.03]))
    np.testing.assert_array_equal(found, [0.02, np.nan, 0.03])
    assert np.isnan(holm_adjusted(np.array([np.nan]))).all()
