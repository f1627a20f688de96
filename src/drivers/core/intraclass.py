"""Intraclass correlation: how alike the values of one unit are."""

from __future__ import annotations

import numpy as np

from drivers.core.moments import FloatArray, IntArray


def intraclass_correlation(values: FloatArray, units: IntArray) -> float:
    """Share of the variance that lies between units: the analysis-of-variance estimator for units of any size.

    0.10 means that a tenth of the differences in `values` (n,) lies between `units` (n,) and the rest within them. It
    may be slightly negative. NaN with fewer than two units, or where no unit has two values (Donner 1986,
    International Statistical Review 54:67, doi:10.2307/1403259).
    """
    unit = np.unique(units, return_inverse=True)[1]
    sizes = np.bincount(unit).astype(float)
    n, k = len(values), len(sizes)
    if k < 2 or n == k:
        return float("nan")
    means = np.bincount(unit, values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (k - 1)
    within = float(((values - means[unit]) ** 2).sum()) / (n - k)
    typical = (n - float((sizes**2).sum()) / n) / (k - 1)
    whole = between + (typical - 1) * within
    return (between - within) / whole if whole > 0 else float("nan")
