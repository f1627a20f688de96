import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.samples import answers, cross_of, fitted_r_squared, generated, golden, reference_cross
from drivers.core.linear import (
    adjusted_r_squared,
    condition_number,
    dependent_columns,
    first_shares,
    last_shares,
    linear_fit,
    partial_out,
    pratt_shares,
    squared_beta,
    variance_inflation,
)

SHARES = {"first": first_shares, "last": last_shares, "betasq": squared_beta, "pratt": pratt_shares}
seeds = st.integers(0, 10_000)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
@pytest.mark.parametrize("kind", SHARES)
def test_shares_equal_relaimpo(name, kind):
    np.testing.assert_allclose(SHARES[kind](reference_cross(name)), getattr(golden(name), kind), atol=1e-11)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
@pytest.mark.parametrize("kind", SHARES)
def test_weighted_shares_equal_relaimpo(name, kind):
    weighted = golden(name).weighted
    if kind in weighted:
        shares = SHARES[kind](reference_cross(name, weights=weighted["weights"]))
        np.testing.assert_allclose(shares, weighted[kind], atol=1e-11)


def test_slopes_equal_lm():
    fit = linear_fit(reference_cross("attitude"))
    np.testing.assert_allclose(fit.slopes, golden("attitude").slopes, atol=6e-12)
    assert fit.r_squared == pytest.approx(golden("attitude").r_squared, abs=1e-12)


def test_standard_errors_equal_lm():
    fit = linear_fit(reference_cross("attitude"))
    variance = fit.residual_variance / (30 - 7)
    errors = np.sqrt(np.diagonal(fit.inverse) * variance)
    np.testing.assert_allclose(errors, golden("attitude").standard_errors, atol=6e-11)


def test_weighted_slopes_equal_lm_with_weights():
    weighted = golden("attitude").weighted
    fit = linear_fit(reference_cross("attitude", weights=weighted["weights"]))
    np.testing.assert_allclose(fit.slopes, weighted["slopes"], atol=6e-12)


def test_variance_inflation_equals_car():
    np.testing.assert_allclose(variance_inflation(reference_cross("attitude")), golden("attitude").vif, atol=6e-10)


def test_r_squared_of_three_drivers_equals_the_commonality_analysis():
    reference = golden("attitude").commonality_r_squared
    fit = linear_fit(reference_cross("attitude", reference["drivers"]))
    assert fit.r_squared == pytest.approx(reference["r_squared"], abs=5e-5)


@given(seeds, st.integers(1, 6))
def test_slopes_are_those_of_least_squares(seed, p):
    z = generated(seed, p)
    x = np.column_stack([np.ones(len(z)), z[:, :-1]])
    fit = linear_fit(cross_of(z))
    expected, residual, *_ = np.linalg.lstsq(x, z[:, -1])
    np.testing.assert_allclose(fit.slopes, expected[1:], atol=1e-10)
    assert fit.residual_variance == pytest.approx(residual[0], rel=1e-10)


@given(seeds)
def test_pratt_shares_sum_to_r_squared(seed):
    z = generated(seed, 4)
    assert pratt_shares(cross_of(z)).sum() == pytest.approx(fitted_r_squared(z, range(4)), abs=1e-12)


def test_a_batch_of_fits_is_the_fit_of_each():
    cross = np.stack([cross_of(generated(seed, 4)) for seed in range(3)])
    batch = linear_fit(cross)
    for k in range(3):
        single = linear_fit(cross[k])
        np.testing.assert_allclose(batch.slopes[k], single.slopes, atol=1e-12)
        np.testing.assert_allclose(batch.inverse[k], single.inverse, atol=1e-12)
        np.testing.assert_allclose(variance_inflation(cross)[k], variance_inflation(cross[k]), atol=1e-12)
        np.testing.assert_allclose(condition_number(cross)[k], condition_number(cross[k]), rtol=1e-12)


def test_dependent_drivers_share_their_slope_and_nothing_is_nan():
    z = generated(1, 3)
    z = z[:, [0, 0, 1, 2, 3]]
    fit = linear_fit(cross_of(z))
    assert fit.standardised[0] == pytest.approx(fit.standardised[1], abs=1e-10)
    assert fit.r_squared == pytest.approx(fitted_r_squared(z, (0, 2, 3)), abs=1e-10)
    assert np.isfinite(fit.slopes).all()
    np.testing.assert_allclose(last_shares(cross_of(z))[:2], 0.0, atol=1e-15)


def test_inflation_is_infinite_only_for_drivers_that_others_determine():
    z = generated(1, 4)
    z[:, 2] = z[:, 0] - 2.0 * z[:, 1]
    inflation = variance_inflation(cross_of(z))
    assert np.isinf(inflation).tolist() == [True, True, True, False]
    assert inflation[3] >= 1


def test_the_drivers_in_a_dependency_are_named():
    z = generated(1, 5)
    assert dependent_columns(cross_of(z)) == ()
    z[:, 4] = z[:, 1] + z[:, 3] + 1e-7 * z[:, 4]
    assert dependent_columns(cross_of(z)) == (1, 3, 4)
    assert condition_number(cross_of(z)) > 1e10


def test_a_constant_driver_has_no_slope_and_disturbs_no_other():
    z = generated(1, 3)
    without = linear_fit(cross_of(z[:, [0, 2, 3]]))
    z[:, 1] = 3.3
    fit = linear_fit(cross_of(z))
    assert fit.slopes[1] == 0
    np.testing.assert_allclose(fit.slopes[[0, 2]], without.slopes, atol=1e-12)
    assert variance_inflation(cross_of(z))[1] == 1


def test_a_constant_outcome_has_no_fit():
    z = generated(1, 3)
    z[:, -1] = 7.7
    fit = linear_fit(cross_of(z))
    assert fit.r_squared == 0
    np.testing.assert_array_equal(fit.slopes, 0.0)


def test_partialling_out_leaves_the_residuals_of_the_controls():
    z = generated(2, 5)
    centred = z - z.mean(axis=0)
    residual = centred[:, 2:] - centred[:, :2] @ np.linalg.lstsq(centred[:, :2], centred[:, 2:])[0]
    np.testing.assert_allclose(partial_out(cross_of(z), 2), residual.T @ residual, atol=1e-9)


def test_adjusted_r_squared_equals_lm():
    _, z = answers("attitude")
    assert adjusted_r_squared(golden("attitude").r_squared, len(z), 6) == pytest.approx(
        1 - (1 - 0.7326019925311) * 29 / 23
    )
    assert np.isnan(adjusted_r_squared(0.9, 7, 6))
