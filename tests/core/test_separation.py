import warnings

import numpy as np
import pytest
import statsmodels.api as sm

from drivers.core.separation import check_separation, separated
from drivers.errors import EstimationError

NAMES = ("intercept", "csat", "tenure")


@pytest.fixture(scope="module")
def leavers():
    rng = np.random.default_rng(5)
    x = np.column_stack([np.ones(400), rng.integers(1, 11, 400), rng.gamma(2, 3, 400)])
    y = (rng.random(400) < 1 / (1 + np.exp(-(1.5 - 0.4 * x[:, 1] - 0.05 * x[:, 2])))).astype(float)
    return x, y


def test_overlapping_columns_are_accepted(leavers):
    check_separation(*leavers, NAMES)


def test_an_outcome_that_never_varies_is_refused(leavers):
    with pytest.raises(EstimationError, match="Everybody in these answers left, or everybody stayed"):
        check_separation(leavers[0], np.zeros(400), NAMES)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_column_that_tells_the_outcome_apart_is_refused_by_name(leavers, sign):
    x = leavers[0].copy()
    y = (x[:, 1] > 5).astype(float)
    x[:, 1] *= sign
    with pytest.raises(EstimationError, match="csat separates"):
        check_separation(x, y, NAMES)


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_column_that_tells_the_outcome_apart_but_for_one_answer_is_refused_with_that_answer(leavers, sign):
    x, y = leavers[0].copy(), leavers[1].copy()
    y[x[:, 1] < 5], y[x[:, 1] > 5] = 1, 0
    assert set(y[x[:, 1] == 5]) == {0, 1}
    x[:, 1] *= sign
    with pytest.raises(
        EstimationError, match=rf"csat almost separates .* only at {5 * sign:g} are both found"
    ) as caught:
        check_separation(x, y, NAMES)
    assert "recorded after the decision to leave" in str(caught.value)


def test_one_leaver_more_on_the_other_side_is_enough_for_an_estimate(leavers):
    x, y = leavers[0], leavers[1].copy()
    y[x[:, 1] < 5], y[x[:, 1] > 5] = 1, 0
    y[np.flatnonzero(x[:, 1] == 9)[0]] = 1
    check_separation(x, y, NAMES)


def test_columns_that_separate_together_and_not_alone_are_refused(leavers):
    x = leavers[0]
    y = (x[:, 1] + x[:, 2] > 11).astype(float)
    with pytest.raises(EstimationError, match="Satisfaction and the controls together separate"):
        check_separation(x, y, NAMES)


@pytest.mark.parametrize("seed", range(30))
def test_small_samples_are_separated_exactly_where_statsmodels_diverges(seed):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(14), rng.normal(size=(14, 2))])
    y = (rng.random(14) < 0.5).astype(float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # statsmodels speaks of the separation that is looked for
        fitted = sm.GLM(y, x, family=sm.families.Binomial()).fit(maxiter=200)
    diverged = np.min(np.minimum(fitted.fittedvalues, 1 - fitted.fittedvalues)) < 1e-7
    assert separated(x, y) == diverged
