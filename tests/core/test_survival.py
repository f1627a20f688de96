import numpy as np
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from drivers.core.survival import person_periods, survival_curves


def followed(n=200, seed=0):
    rng = np.random.default_rng(seed)
    return np.ceil(rng.exponential(6.0, n)), rng.random(n) < 0.6, rng.integers(1, 4, n).astype(float)


def test_the_share_still_there_is_that_of_statsmodels_for_each_weighting():
    time, event, counts = followed()
    curves = survival_curves(time, event, np.vstack([np.ones(200), counts]))
    for row, weights in zip(curves.share, (None, counts), strict=True):
        reference = SurvfuncRight(time, event.astype(float), freq_weights=weights)
        np.testing.assert_allclose(row, reference.surv_prob, atol=1e-12)
        np.testing.assert_array_equal(curves.times, reference.surv_times)


def test_only_ratios_of_weights_matter():
    time, event, w = followed()
    found = survival_curves(time, event, np.vstack([w, 7 * w])).share
    np.testing.assert_allclose(found[0], found[1], atol=1e-13)


def test_without_censoring_it_is_the_share_that_lasts_longer():
    time, _, w = followed()
    curves = survival_curves(time, np.ones(200, dtype=bool), w[None])
    for t in (0.0, 2.0, 2.5, 9.0):
        assert curves.at(np.array([t]))[0, 0] == pytest.approx(np.average(time > t, weights=w), abs=1e-12)
    assert curves.restricted_mean(5.0)[0] == pytest.approx(np.average(np.minimum(time, 5.0), weights=w), abs=1e-12)
    assert curves.restricted_mean(1e6)[0] == pytest.approx(np.average(time, weights=w), abs=1e-9)


def test_the_median_is_the_first_time_at_which_half_has_left():
    time, event = np.array([1.0, 2.0, 3.0, 4.0]), np.ones(4, dtype=bool)
    assert survival_curves(time, event, np.ones((1, 4))).median()[0] == 2.0
    assert survival_curves(time, event & (time < 2), np.ones((1, 4))).median()[0] == np.inf


def test_nobody_leaves_where_there_is_no_event():
    curves = survival_curves(np.arange(1.0, 5.0), np.zeros(4, dtype=bool), np.ones((3, 4)))
    assert curves.share.shape == (3, 0)
    np.testing.assert_array_equal(curves.at(np.array([2.0])), 1.0)
    np.testing.assert_allclose(curves.restricted_mean(3.0), 3.0)
    assert np.isinf(curves.median()).all()


def test_a_draw_without_a_customer_at_risk_keeps_its_share():
    time, event = np.array([1.0, 2.0]), np.array([True, True])
    np.testing.assert_allclose(survival_curves(time, event, np.array([[1.0, 0.0]])).share, [[0.0, 0.0]])
    np.testing.assert_allclose(survival_curves(time, event, np.array([[0.0, 1.0]])).share, [[1.0, 0.0]])


def test_periods_at_risk_are_those_after_entry_up_to_the_last():
    person, period = person_periods(np.array([0, 2, 3]), np.array([2, 5, 3]))
    assert person.tolist() == [0, 0, 1, 1, 1]
    assert period.tolist() == [1, 2, 3, 4, 5]
