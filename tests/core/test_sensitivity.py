import numpy as np
import pytest
from scipy import stats

from core.samples import reference_cross
from drivers.core.moments import Moments
from drivers.core.sensitivity import (
    HiddenCause,
    adjusted_estimate,
    benchmark_cause,
    critical_f,
    e_value,
    effect_size,
    interval_e_value,
    omitted_bias,
    partial_r_squared,
    partial_strengths,
    risk_ratio_of_odds,
    robustness_value,
)

# R, sensemakr on its darfur data (README and tests of the package): directlyharmed, benchmark female.
DARFUR = {"estimate": 0.09731582, "error": 0.02325654, "t": 4.18445, "degrees": 783}
FEMALE = [  # R2dz.x, R2yz.dx, adjusted estimate, error, t, lower, upper
    (0.00916429, 0.12464092, 0.07522027, 0.02187333, 3.43890386, 0.03228297, 0.11815758),
    (0.01832857, 0.24932406, 0.05291517, 0.02035006, 2.60024624, 0.01296804, 0.09286231),
    (0.02749286, 0.37405047, 0.03039602, 0.01867006, 1.62806202, -0.00625328, 0.06704533),
]
# The same on R's attitude: rating on the six others, treatment complaints, benchmark learning.
PARTIAL = [0.3868076082, 0.012438294318, 0.135768407863, 0.005886186568, 0.002955436889, 0.060591460851]
LEARNING = [0.5003230841, 0.3710596951, 0.2195231112]


def test_robustness_values_of_darfur_are_those_of_sensemakr():
    f = np.sqrt(effect_size(DARFUR["t"], DARFUR["degrees"]))
    assert partial_r_squared(DARFUR["t"], DARFUR["degrees"]) == pytest.approx(0.02187, abs=5e-6)
    assert robustness_value(f) == pytest.approx(0.13878, abs=5e-6)
    assert robustness_value(f, critical_f(DARFUR["degrees"], 0.05)) == pytest.approx(0.07626, abs=5e-6)


@pytest.mark.parametrize(("times", "expected"), list(zip((1, 2, 3), FEMALE, strict=True)))
def test_bounds_of_darfur_are_those_of_sensemakr(times, expected):
    once = FEMALE[0]
    driver = once[0] / (1 + once[0])  # one times the benchmark is r / (1 - r)
    shared = driver**2 / (1 - driver) ** 2
    odds = once[1] * (1 - shared) / (1 + np.sqrt(shared)) ** 2
    cause = benchmark_cause(driver, odds / (1 + odds), times)
    assert (cause.driver, cause.outcome) == pytest.approx(expected[:2], abs=2e-8)  # printed digits went in
    left = adjusted_estimate(DARFUR["estimate"], DARFUR["error"], DARFUR["degrees"], HiddenCause(*expected[:2]))
    assert (left.value, left.error, left.t, left.low, left.high) == pytest.approx(
        expected[2:], rel=4e-7, abs=2e-8
    )  # of seven digits


def test_partial_r_squared_and_robustness_of_attitude_are_those_of_sensemakr():
    found = partial_strengths(reference_cross("attitude"))
    np.testing.assert_allclose(found.outcome, PARTIAL, atol=1e-10)
    f = np.sqrt(found.outcome / (1 - found.outcome))
    assert f[0] ** 2 == pytest.approx(0.6308095361, abs=1e-10)
    assert robustness_value(f)[0] == pytest.approx(0.539165126, abs=1e-9)
    assert robustness_value(f, critical_f(23, 0.05))[0] == pytest.approx(0.2955164582, abs=1e-10)


@pytest.mark.parametrize(("times", "value"), list(zip((1, 2, 3), LEARNING, strict=True)))
def test_bounds_of_attitude_are_those_of_sensemakr(times, value):
    found = partial_strengths(reference_cross("attitude"))
    cause = benchmark_cause(found.between[0, 2], found.outcome[2], times)
    left = adjusted_estimate(found.slope[0], found.scale[0] / np.sqrt(23), 23, cause)
    assert left.value == pytest.approx(value, abs=1e-10)
    if times == 1:
        assert (cause.driver, cause.outcome) == pytest.approx((0.1001316067, 0.1920588089), abs=1e-10)
        expected = (0.1559672016, 3.2078737, 0.17768034548, 0.8229658227)
        assert (left.error, left.t, left.low, left.high) == pytest.approx(expected, abs=1e-8)
    if times == 3:
        assert left.t == pytest.approx(1.776062974, abs=1e-9)


def test_bias_and_adjusted_estimate_are_those_of_sensemakr():
    left = adjusted_estimate(0.5, 0.1, 100, HiddenCause(np.array(0.1), np.array(0.2)))
    assert left.bias == pytest.approx(0.1490711985, abs=1e-10)
    assert left.value == pytest.approx(0.3509288015, abs=1e-10)
    assert left.error == pytest.approx(0.09475587394, abs=1e-10)
    turned = adjusted_estimate(-0.5, 0.1, 100, HiddenCause(np.array(0.1), np.array(0.2)))
    assert turned.value == pytest.approx(-left.value)


def fitted(y, x):
    """Slopes and errors of least squares with an intercept, and what is left of y."""
    design = np.column_stack([np.ones(len(y)), x])
    beta, *_ = np.linalg.lstsq(design, y, rcond=None)
    rest = y - design @ beta
    variance = rest @ rest / (len(y) - design.shape[1])
    return beta, np.sqrt(np.diag(variance * np.linalg.inv(design.T @ design))), rest


def squared(a, b):
    return float(np.corrcoef(a, b)[0, 1] ** 2)


@pytest.fixture
def confounded():
    rng = np.random.default_rng(5)
    z = rng.normal(size=200)
    x = rng.normal(size=(200, 2)) + 0.4 * z[:, None]
    d = x @ [0.3, -0.5] + 0.8 * z + rng.normal(size=200)
    return d, x, z, 0.7 * d + x @ [0.5, 0.2] + 0.9 * z + rng.normal(size=200)


def test_adjusting_by_the_strength_of_a_cause_is_measuring_it(confounded):
    d, x, z, y = confounded
    short, error, rest = fitted(y, np.column_stack([d, x]))
    cause = HiddenCause(squared(fitted(d, x)[2], fitted(z, x)[2]), squared(rest, fitted(z, np.column_stack([d, x]))[2]))
    whole, whole_error, _ = fitted(y, np.column_stack([d, x, z]))
    left = adjusted_estimate(short[1], error[1], 200 - 4, cause)
    assert left.value == pytest.approx(whole[1], abs=1e-10)
    assert left.error == pytest.approx(whole_error[1], abs=1e-10)


def test_partial_strengths_are_squared_correlations_of_what_is_left(confounded):
    d, x, _, y = confounded
    z = np.column_stack([d, x, y])
    found = partial_strengths(Moments.from_rows(("d", "a", "b", "y"), z, np.ones(200)).cross)
    slopes, errors, _ = fitted(y, z[:, :3])
    np.testing.assert_allclose(found.slope, slopes[1:])
    np.testing.assert_allclose(found.scale, errors[1:] * np.sqrt(196))
    np.testing.assert_allclose(found.outcome, partial_r_squared(slopes[1:] / errors[1:], 196))
    for i in range(3):
        for j in range(3):
            if i != j:
                others = z[:, [k for k in range(3) if k not in (i, j)]]
                expected = squared(fitted(z[:, i], others)[2], fitted(z[:, j], others)[2])
                assert found.between[i, j] == pytest.approx(expected, abs=1e-12)
    assert np.isnan(np.diagonal(found.between)).all()


def test_a_batch_is_each_of_its_own(confounded):
    d, x, _, y = confounded
    z = np.column_stack([d, x, y])
    w = np.random.default_rng(1).integers(0, 4, size=(5, 200)).astype(float)
    batch = partial_strengths(Moments.from_weightings(tuple("dabc"), z, w).cross)
    for k in range(5):
        one = partial_strengths(Moments.from_rows(tuple("dabc"), z, w[k]).cross)
        for name in ("slope", "outcome", "between", "scale"):
            np.testing.assert_allclose(getattr(batch, name)[k], getattr(one, name), atol=1e-10)


def test_a_cause_as_strong_as_the_robustness_value_takes_the_effect_to_zero():
    for t, degrees in ((0.5, 30), (4.2, 783), (12.0, 50)):
        value = robustness_value(np.sqrt(effect_size(t, degrees)))
        left = adjusted_estimate(t * 0.3, 0.3, degrees, HiddenCause(value, value))
        assert left.value == pytest.approx(0.0, abs=1e-12)


def test_a_cause_as_strong_as_the_robustness_value_of_significance_leaves_it_just_significant():
    degrees, t = 100, 5.0
    value = robustness_value(np.sqrt(effect_size(t, degrees)), critical_f(degrees, 0.05))
    left = adjusted_estimate(t, 1.0, degrees, HiddenCause(value, value))
    assert left.t == pytest.approx(stats.t.isf(0.025, degrees - 1), abs=1e-10)


def test_with_few_answers_the_cause_that_takes_significance_away_explains_less_of_the_outcome():
    degrees, t = 7, 1 / 0.3
    critical = critical_f(degrees, 0.05)
    f = np.sqrt(effect_size(t, degrees))
    assert f * critical > 1  # the equal strengths would do more harm than the worst does
    value = robustness_value(f, critical)
    worst = HiddenCause(value, value / (critical**2 + value))
    left = adjusted_estimate(1.0, 0.3, degrees, worst)
    assert left.t == pytest.approx(stats.t.isf(0.025, degrees - 1), abs=1e-10)


def test_half_of_an_effect_takes_a_weaker_cause_and_what_is_not_significant_takes_none():
    assert robustness_value(0.3, q=0.5) == pytest.approx(robustness_value(0.15))
    assert robustness_value(0.01, critical=0.02) == 0.0
    assert robustness_value(0.0) == 0.0
    assert robustness_value(np.inf) == 1.0


def test_no_cause_can_be_as_strong_as_a_driver_that_overlaps_too_far():
    cause = benchmark_cause(np.array([0.6, 0.1]), np.array([0.2, 0.2]))
    assert np.isnan(cause.driver[0])
    assert omitted_bias(np.array([1.0, 1.0]), cause)[0] == np.inf
    assert np.isfinite(omitted_bias(np.array([1.0, 1.0]), cause)[1])
    assert benchmark_cause(np.array(0.1), np.array(0.9)).outcome == 1.0


def test_drivers_that_determine_one_another_have_no_strength_of_their_own():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(80, 3))
    z = np.column_stack([x[:, 0], x[:, 0], x[:, 1], np.full(80, 3.0), x[:, :2] @ [1.0, 0.5] + x[:, 2]])
    found = partial_strengths(Moments.from_rows(tuple("abcdy"), z, np.ones(80)).cross)
    np.testing.assert_array_equal(found.outcome[[0, 1, 3]], 0.0)
    assert np.isnan(found.scale[[0, 1, 3]]).all()
    assert np.isnan(found.between[2]).all()
    assert found.outcome[2] > 0.1


def test_e_values_are_those_of_vanderweele_and_ding():
    """Their example: a risk ratio of 3.9 (1.8 to 8.7) has 7.26, and its interval 3.0 (2017, p. 269)."""
    assert e_value(np.array(3.9)) == pytest.approx(7.26, abs=0.005)
    assert interval_e_value(np.array(1.8), np.array(8.7)) == pytest.approx(3.0, abs=0.005)


def test_an_e_value_knows_no_direction_and_an_interval_that_holds_one_needs_nothing():
    assert e_value(np.array(1 / 3.9)) == pytest.approx(e_value(np.array(3.9)))
    assert interval_e_value(np.array(1 / 8.7), np.array(1 / 1.8)) == pytest.approx(3.0, abs=0.005)
    assert interval_e_value(np.array(0.8), np.array(1.3)) == 1.0
    assert e_value(np.array(1.0)) == 1.0


def test_an_odds_ratio_stands_for_itself_when_rare_and_for_its_root_when_common():
    assert risk_ratio_of_odds(np.array(4.0), 0.10) == 4.0
    assert risk_ratio_of_odds(np.array(4.0), 0.30) == 2.0
