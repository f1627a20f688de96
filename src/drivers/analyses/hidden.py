"""Hidden causes: how strong would one have to be to overturn the effect of a driver? Stays inside the analysis.

Cinelli and Hazlett 2020 (doi:10.1111/rssb.12348). Partial R² and robustness value are those of the weighted
cross-products: how strong a cause must be does not depend on how the customers were sampled. Whether an effect is still
shown does, so there the error is that of the slopes in the report: the design's, HC3 in a simple sample, pooled over
completions, with its degrees of freedom. A hidden cause is taken to change that error as it changes the classical one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from drivers.analyses.basis import LinearBasis
from drivers.analyses.pooling import policy_slopes
from drivers.analyses.slopes import robust_fit
from drivers.core.estimate import Bounds, Estimate
from drivers.core.interval import percentile_interval
from drivers.core.moments import Moments
from drivers.core.sensitivity import (
    PartialStrengths,
    benchmark_cause,
    omitted_bias,
    partial_strengths,
    robustness_value,
)

TIMES = (1, 2, 3)
"""How many times as strong as the benchmark a hidden cause is taken to be."""


_ROUNDING = 1e-12  # a partial R² below this is that of a slope of zero in a perfect fit


@dataclass(frozen=True, slots=True, eq=False)
class HiddenCauses:
    """Columns of the table of drivers (p rows), and one row a driver and multiple of its benchmark."""

    columns: dict[str, object]
    bounds: pd.DataFrame


def hidden_causes(basis: LinearBasis, drawn: Moments, labels: list[str], confidence: float) -> HiddenCauses:
    """How strong a hidden cause must be, and what one as strong as a measured driver would leave of each effect."""
    sample, draws = (_strengths(basis, moments) for moments in (basis.moments, drawn))
    slopes = policy_slopes(basis, robust_fit)
    inner = slice(1 + basis.controls, None)
    slope, error, degrees = (part[inner] for part in (slopes.value, slopes.error, slopes.degrees))
    place = _benchmarks(sample)
    bounds = _bounds(sample, draws, slope, place, confidence)
    f = _partial_f(sample.outcome)
    value, interval = robustness_value(f), percentile_interval(robustness_value(_partial_f(draws.outcome)), confidence)
    first = [row[0] for row in bounds]
    shown = (np.abs(slope) > stats.t.isf((1 - confidence) / 2, degrees) * error) & (sample.outcome > _ROUNDING)
    columns: dict[str, object] = {
        "partial_r_squared": sample.outcome,
        "robustness_value": value,
        "robustness_value_low": interval.low,
        "robustness_value_high": interval.high,
        "robustness_value_shown": robustness_value(f, _critical(f, slope, error, degrees, confidence)),
        "slope": slope,
        "benchmark": ["" if j < 0 else labels[j] for j in place],
        "left_effect": [b.value for b in first],
        "left_effect_low": [b.low for b in first],
        "left_effect_high": [b.high for b in first],
        "fragile": [
            None if not known or j < 0 else not _clear(s, b)
            for s, known, j, b in zip(slope, shown, place, first, strict=True)
        ],
    }
    return HiddenCauses(columns, _bounds_table(basis, sample, place, bounds, labels))


def _strengths(basis: LinearBasis, moments: Moments) -> PartialStrengths:
    """Of the drivers only; controls stay held constant."""
    whole, inner = partial_strengths(moments.cross), slice(basis.controls, None)
    return PartialStrengths(
        slope=whole.slope[..., inner],
        outcome=whole.outcome[..., inner],
        between=whole.between[..., inner, inner],
        scale=whole.scale[..., inner],
    )


def _partial_f(r_squared: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore"):
        return np.sqrt(r_squared / (1.0 - r_squared))


def _critical(
    f: np.ndarray, slope: np.ndarray, error: np.ndarray, degrees: np.ndarray, confidence: float
) -> np.ndarray:
    """Partial f (p,) that is just shown: that of the classical test, times actual over classical error."""
    with np.errstate(divide="ignore", invalid="ignore"):
        t = np.abs(slope) / error
        reach = stats.t.isf((1 - confidence) / 2, degrees - 1) * np.sqrt(degrees / (degrees - 1))
        return np.where(t > 0, np.where(np.isfinite(t), f * reach / t, 0.0), np.where(error > 0, np.inf, 0.0))


def _benchmarks(sample: PartialStrengths) -> list[int]:
    """For each driver the place of the other whose like would take most of its effect away; -1 where there is none."""
    cause = benchmark_cause(sample.between, sample.outcome[None, :])
    alone = np.isfinite(sample.scale)
    bias = np.where(alone[None, :], omitted_bias(sample.scale[:, None], cause), -np.inf)
    np.fill_diagonal(bias, -np.inf)
    found = zip(alone, bias, strict=True)
    return [int(row.argmax()) if own and row.max() > -np.inf else -1 for own, row in found]


def _bounds(
    sample: PartialStrengths, draws: PartialStrengths, slope: np.ndarray, place: list[int], confidence: float
) -> list[list[Bounds]]:
    """For each driver what causes once, twice and thrice as strong as its benchmark would leave of its effect."""
    found = []
    for i, j in enumerate(place):
        turn = 1.0 if slope[i] >= 0 else -1.0
        rows = []
        for times in TIMES if j >= 0 else ():
            value = float(slope[i] - turn * _bias(sample, i, j, times))
            left = Estimate(value, draws.slope[:, i] - turn * _bias(draws, i, j, times))
            rows.append(_left(left, confidence))
        found.append(rows or [_NO_BOUNDS] * len(TIMES))
    return found


def _bias(strengths: PartialStrengths, i: int, j: int, times: int) -> np.ndarray:
    cause = benchmark_cause(strengths.between[..., i, j], strengths.outcome[..., j], times)
    return omitted_bias(strengths.scale[..., i], cause)


def _left(left: Estimate, confidence: float) -> Bounds:
    """What is left with its interval; without ends where more draws than a tail holds allow no cause so strong."""
    if not np.isfinite(left.value):
        return _NO_BOUNDS
    if (~np.isfinite(left.replicates)).mean() > (1 - confidence) / 2:
        return Bounds(left.value, float("nan"), float("nan"))
    return left.bounds(confidence)


def _clear(slope: float, left: Bounds) -> bool:
    """Whether what is left of an effect is still shown, on the same side of zero."""
    return left.low > 0 if slope > 0 else left.high < 0


def _bounds_table(
    basis: LinearBasis, sample: PartialStrengths, place: list[int], bounds: list[list[Bounds]], labels: list[str]
) -> pd.DataFrame:
    rows = []
    for i, j in enumerate(place):
        for times, left in zip(TIMES, bounds[i], strict=True):
            if j >= 0:
                cause = benchmark_cause(sample.between[i, j], sample.outcome[j], times)
                rows.append(
                    {
                        "driver": basis.drivers[i],
                        "label": labels[i],
                        "benchmark": labels[j],
                        "times": times,
                        "cause_driver": float(cause.driver),
                        "cause_outcome": float(cause.outcome),
                        **left.named("left_effect"),
                    }
                )
    return pd.DataFrame(rows, columns=_BOUNDS)


_NO_BOUNDS = Bounds(float("nan"), float("nan"), float("nan"))
_BOUNDS = [
    "driver", "label", "benchmark", "times", "cause_driver", "cause_outcome",
    "left_effect", "left_effect_low", "left_effect_high",
]  # fmt: skip
