import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from drivers.core.multiplicity import adjusted_p

P = np.array([0.0009, 0.5956, 0.0699, 0.7155, 0.7963, 0.2356])
R = {
    "holm": [0.0054, 1, 0.3495, 1, 1, 0.9424],
    "hochberg": [0.0054, 0.7963, 0.3495, 0.7963, 0.7963, 0.7963],
    "bh": [0.0054, 0.7963, 0.2097, 0.7963, 0.7963, 0.4712],
    "by": [0.01323, 1, 0.513765, 1, 1, 1],
}
"""R 4.2.2, p.adjust."""

NAMES = {"holm": "holm", "hochberg": "simes-hochberg", "bh": "fdr_bh", "by": "fdr_by"}


@pytest.mark.parametrize("method", R)
def test_the_p_values_of_attitude_are_adjusted_as_r_does(method):
    np.testing.assert_allclose(adjusted_p(P, method), R[method], atol=1e-12)


@pytest.mark.parametrize("method", NAMES)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_any_p_values_are_adjusted_as_statsmodels_does(method, p):
    expected = multipletests(p, method=NAMES[method])[1]
    np.testing.assert_allclose(adjusted_p(np.array(p), method), expected, atol=1e-12)


def test_a_p_value_that_is_missing_stays_so_and_does_not_count():
    found = adjusted_p(np.array([0.01, np.nan, 0.04]), "holm")
    np.testing.assert_allclose(found, [0.02, np.nan, 0.04])


def test_without_adjustment_nothing_changes():
    np.testing.assert_array_equal(adjusted_p(P, "none"), P)
    assert adjusted_p(np.empty(0), "holm").size == 0
