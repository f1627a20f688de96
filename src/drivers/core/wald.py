"""Wald tests: whether several linear combinations of estimates are all zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from drivers.core.moments import FloatArray, IntArray

_RANK = 1e-10  # eigenvalues below this part of the largest are combinations that say nothing new


@dataclass(frozen=True, slots=True)
class WaldTest:
    """An F statistic with its degrees of freedom and p-value; NaN where there is nothing to test."""

    f: float
    between: int
    within: float
    p: float


def wald_test(contrast: FloatArray, value: FloatArray, covariance: FloatArray, degrees: float) -> WaldTest:
    """Are all of these combinations zero?

    The statistic W / q is brought to an F distribution by (degrees - q + 1) / degrees with q and degrees - q + 1
    degrees of freedom, as Korn and Graubard do for covariances with few degrees of freedom of their own (1990, The
    American Statistician 44:270, doi:10.1080/00031305.1990.10475737).

    Parameters
    ----------
    contrast
        Array (m, k), the combinations.
    value
        Array (k,), estimates.
    covariance
        Array (k, k).
    degrees
        Degrees of freedom of the covariance.

    Notes
    -----
    Combinations are counted once: with a singular covariance of them, q is its rank.
    """
    gap, spread = contrast @ value, contrast @ covariance @ contrast.T
    scale = np.sqrt(np.maximum(np.diagonal(spread), 0.0))
    inverse = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
    values, vectors = np.linalg.eigh(spread * inverse[:, None] * inverse)
    real = values > _RANK * values.max(initial=0.0)
    q = int(real.sum())
    within = degrees - q + 1
    if q == 0 or within < 1:
        return WaldTest(float("nan"), q, float(within), float("nan"))
    statistic = float((((gap * inverse) @ vectors[:, real]) ** 2 / values[real]).sum()) / q * within / degrees
    return WaldTest(statistic, q, float(within), float(f_distribution.sf(statistic, q, within)))


def equality_contrast(groups: int, width: int, columns: tuple[int, ...]) -> FloatArray:
    """Contrast ((G - 1) * len(columns), G * width): each group less the first, for these of its `width` estimates."""
    rows = []
    for g in range(1, groups):
        for column in columns:
            row = np.zeros(groups * width)
            row[g * width + column], row[column] = 1.0, -1.0
            rows.append(row)
    return np.array(rows).reshape(-1, groups * width)


def welch_test(value: FloatArray, variance: FloatArray, units: IntArray) -> WaldTest:
    """Are independent means the same, whatever their variances? (Welch 1951, doi:10.1093/biomet/38.3-4.330)

    Unlike `wald_test` it allows for what each variance is uncertain by, which counts where groups are small. Of two
    means it is the square of Welch's t, with Satterthwaite's degrees of freedom.

    Parameters
    ----------
    value, variance
        Arrays (G,), means and the variances of these means.
    units
        Array (G,), independent units behind each, two at least.
    """
    count = len(value)
    if count < 2 or not (variance > 0).all() or not (units > 1).all():
        return WaldTest(float("nan"), count - 1, float("nan"), float("nan"))
    weight = 1 / variance
    share = weight / weight.sum()
    loose = float(((1 - share) ** 2 / (units - 1)).sum())
    spread = float((weight * (value - share @ value) ** 2).sum()) / (count - 1)
    statistic = spread / (1 + 2 * (count - 2) / (count**2 - 1) * loose)
    within = (count**2 - 1) / (3 * loose)
    return WaldTest(statistic, count - 1, within, float(f_distribution.sf(statistic, count - 1, within)))
