import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from drivers.analyses.basis import linear_basis
from drivers.analyses.significance import effect_freedom, holm
from made_surveys import made_survey, made_weights, with_weights

ATTITUDE = [0.0009, 0.5956, 0.0699, 0.7155, 0.7963, 0.2356]
ATTITUDE_HOLM = [0.0054, 1, 0.3495, 1, 1, 0.9424]
"""R 4.2.2: p.adjust(method = "holm") of the p-values of the six drivers of attitude."""


def test_holm_is_that_of_r():
    np.testing.assert_allclose(holm(np.array(ATTITUDE)), ATTITUDE_HOLM, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_holm_is_that_of_statsmodels_with_ties_too(seed):
    p = np.round(np.random.default_rng(seed).uniform(0, 0.3, 12), 2)
    np.testing.assert_allclose(holm(p), multipletests(p, method="holm")[1], atol=1e-12)


def test_what_was_not_tested_does_not_count():
    adjusted = holm(np.array([0.01, np.nan, 0.04, np.nan]))
    np.testing.assert_allclose(adjusted, [0.02, np.nan, 0.04, np.nan])
    assert np.isnan(holm(np.array([np.nan]))).all()


def test_degrees_of_freedom_are_answers_less_coefficients_or_units_less_strata():
    survey = made_survey(100)
    assert effect_freedom(linear_basis(survey)) == 100 - 5  # intercept, a control, three drivers
    weights = made_weights(100)
    assert effect_freedom(linear_basis(with_weights(survey, weights))) == (weights > 0).sum() - 1
