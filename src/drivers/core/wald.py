"""Wald tests: whether several linear combinations of estimates are all zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from drivers.core.moments import FloatArray

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
