"""Sensitivity: how strong a cause that was not measured would have to be to overturn an estimate.

Linear regression: Cinelli and Hazlett 2020, Journal of the Royal Statistical Society B 82:39 (doi:10.1111/rssb.12348).
A hidden cause Z is as strong as the part it explains of what the other drivers leave open: of the driver D
(partial R² of D with Z given the drivers X) and of the outcome Y (partial R² of Y with Z given X and D). Risk ratios:
VanderWeele and Ding 2017, Annals of Internal Medicine 167:268 (doi:10.7326/M16-2607).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from drivers.core.linear import linear_fit, variance_inflation
from drivers.core.moments import FloatArray

RARE = 0.15
"""Share of the outcome up to which an odds ratio stands for a risk ratio (VanderWeele and Ding 2017)."""


@dataclass(frozen=True, slots=True, eq=False)
class HiddenCause:
    """How strong an unmeasured cause is; NaN where no cause can be that strong.

    Attributes
    ----------
    driver
        Array (...,), partial R² of the driver with it.
    outcome
        Array (...,), partial R² of the outcome with it, the driver held constant too.
    """

    driver: FloatArray
    outcome: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class AdjustedEstimate:
    """What an estimate would be if a hidden cause had been measured: arrays (...,).

    `bias` is what the cause takes off, `t` the estimate over its error, `low` and `high` the ends of its interval.
    """

    value: FloatArray
    error: FloatArray
    t: FloatArray
    low: FloatArray
    high: FloatArray
    bias: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class PartialStrengths:
    """How strongly each of p drivers goes with the outcome and with the others, all else held constant.

    Attributes
    ----------
    slope
        Array (..., p), outcome points per driver point.
    outcome
        Array (..., p), partial R² with the outcome; 0 for a driver that the others determine.
    between
        Array (..., p, p), partial R² of two drivers given the others, the outcome left out of account; the diagonal
        and drivers that the others determine are NaN.
    scale
        Array (..., p), the driver's standard error times the root of the degrees of freedom: spread of what is left
        of the outcome over spread of what is left of the driver. NaN for a driver that the others determine.
    """

    slope: FloatArray
    outcome: FloatArray
    between: FloatArray
    scale: FloatArray


def partial_strengths(cross: FloatArray) -> PartialStrengths:
    """Partial R² of every driver with the outcome, and of every two drivers.

    Parameters
    ----------
    cross
        Array (..., p + 1, p + 1), cross-products about the mean, drivers first and the outcome last.
    """
    fit, inflation = linear_fit(cross), variance_inflation(cross)
    alone = np.isfinite(inflation) & (np.diagonal(fit.inverse, axis1=-2, axis2=-1) > 0)
    own = np.where(alone, np.diagonal(fit.inverse, axis1=-2, axis2=-1), np.nan)
    last = np.where(alone, fit.standardised**2 / inflation, 0.0)
    left = last + np.maximum(1.0 - fit.r_squared, 0.0)[..., None]
    between = fit.inverse**2 / (own[..., :, None] * own[..., None, :])
    np.einsum("...ii->...i", between)[...] = np.nan
    return PartialStrengths(
        slope=fit.slopes,
        outcome=np.divide(last, left, out=np.zeros_like(last), where=left > 0),
        between=np.clip(between, 0.0, 1.0),
        scale=np.sqrt(np.maximum(fit.residual_variance, 0.0)[..., None] * own),
    )


def partial_r_squared(t: FloatArray, degrees: FloatArray) -> FloatArray:
    """Partial R² (...,) of a coefficient from its t and the residual degrees of freedom."""
    return np.asarray(np.square(t) / (np.square(t) + degrees))


def effect_size(t: FloatArray, degrees: FloatArray) -> FloatArray:
    """Cohen's partial f² (...,) of a coefficient from its t and the residual degrees of freedom."""
    return np.asarray(np.square(t) / degrees)


def critical_f(degrees: FloatArray, alpha: float) -> FloatArray:
    """Partial f (...,) at which a coefficient with one degree of freedom fewer is just significant."""
    fewer = np.asarray(degrees, dtype=float) - 1.0
    return np.asarray(stats.t.isf(alpha / 2.0, fewer) / np.sqrt(fewer))


def robustness_value(f: FloatArray, critical: FloatArray | float = 0.0, q: float = 1.0) -> FloatArray:
    """Strength (...,) on both sides from which a hidden cause takes away a part `q` of an estimate.

    Parameters
    ----------
    f
        Array (...,), partial f of the coefficient: the root of its f².
    critical
        Partial f at which it is just significant; 0 asks for the estimate itself, not for its significance.
    q
        Part of the estimate that is taken away; 1 is all of it.

    Returns
    -------
    Fractions: 0.14 means that a cause that explains 14% of what is left of both takes it away. 0 where `f` is below
    `critical` already.
    """
    whole = q * np.abs(np.asarray(f, dtype=float))
    rest = np.maximum(whole - critical, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):  # a perfect fit has an infinite f
        binding = 2.0 / (1.0 + np.sqrt(1.0 + 4.0 / rest**2))  # ½ (√(f⁴ + 4f²) - f²), without its cancellation
        loose = (rest > 0) & (whole * critical > 1.0)
    free = 1.0 - (1.0 + np.square(critical)) / (1.0 + whole**2)
    return np.asarray(np.where(loose, free, binding))


def benchmark_cause(driver: FloatArray, outcome: FloatArray, times: float = 1.0) -> HiddenCause:
    """The hidden cause that is so many times as strong as a measured one, on both sides.

    Parameters
    ----------
    driver, outcome
        Arrays (...,): partial R² of the driver with the benchmark given the other drivers, and of the outcome with
        the benchmark given all drivers.
    times
        How many times as strong: k_D = k_Y.

    Notes
    -----
    NaN where no cause can be that strong, because the benchmark alone explains so much of the driver. The part of the
    outcome is 1 at most.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        strong = times * driver / (1.0 - driver)
        shared = times * driver**2 / ((1.0 - times * driver) * (1.0 - driver))
        possible = (driver < 1) & (times * driver < 1) & (strong < 1) & (shared < 1)
        reach = (np.sqrt(times) + np.sqrt(shared)) / np.sqrt(1.0 - shared)
        weak = reach**2 * outcome / (1.0 - outcome)
    nothing = np.full(np.shape(strong), np.nan)
    return HiddenCause(np.where(possible, strong, nothing), np.where(possible, np.minimum(weak, 1.0), nothing))


def omitted_bias(scale: FloatArray, cause: HiddenCause) -> FloatArray:
    """What a hidden cause takes off an estimate (...,); infinite where none can be so strong.

    `scale` (...,) is the classical standard error times the root of the residual degrees of freedom.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        bias = scale * np.sqrt(cause.outcome * cause.driver / (1.0 - cause.driver))
    return np.where(np.isnan(bias), np.inf, bias)


def adjusted_estimate(
    estimate: FloatArray, error: FloatArray, degrees: FloatArray, cause: HiddenCause, alpha: float = 0.05
) -> AdjustedEstimate:
    """The estimate (...,) brought nearer to zero by a hidden cause, with the error that it would then have.

    `error` is the classical standard error and `degrees` the residual degrees of freedom; the cause costs one.
    """
    bias = omitted_bias(error * np.sqrt(degrees), cause)
    value = np.sign(estimate) * (np.abs(estimate) - bias)
    left = np.sqrt((1.0 - cause.outcome) / (1.0 - cause.driver) * degrees / (np.asarray(degrees) - 1.0))
    adjusted = np.asarray(error * left)
    reach = stats.t.isf(alpha / 2.0, degrees) * adjusted  # as R's sensemakr; with one degree fewer it hardly differs
    return AdjustedEstimate(value, adjusted, value / adjusted, value - reach, value + reach, bias)


def e_value(ratio: FloatArray) -> FloatArray:
    """E-value (...,) of a risk ratio: how strongly a hidden cause must go with both to explain it away.

    3 means: it would have to be three times as frequent with the exposure, and make the outcome three times as
    likely, beyond the measured causes. 1 means that nothing is needed.
    """
    above = np.maximum(ratio, 1.0 / np.asarray(ratio, dtype=float))
    return np.asarray(above + np.sqrt(above * (above - 1.0)))


def interval_e_value(low: FloatArray, high: FloatArray) -> FloatArray:
    """E-value (...,) of the end of an interval of a risk ratio that is nearest to 1; 1 where it holds 1."""
    nearest = np.where(np.asarray(low) > 1.0, low, np.where(np.asarray(high) < 1.0, high, 1.0))
    return e_value(nearest)


def risk_ratio_of_odds(odds_ratio: FloatArray, share: float) -> FloatArray:
    """Risk ratio (...,) that an odds ratio stands for: itself for a rare outcome, its root for a common one.

    Parameters
    ----------
    odds_ratio
        Array (...,).
    share
        How frequent the outcome is; rare up to 15%.
    """
    return np.asarray(odds_ratio if share <= RARE else np.sqrt(odds_ratio), dtype=float)
