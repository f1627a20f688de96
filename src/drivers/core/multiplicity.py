"""Multiplicity: p-values that allow for the number of tests."""

from __future__ import annotations

import numpy as np

from drivers.core.moments import FloatArray


def holm_adjusted(p: FloatArray) -> FloatArray:
    """Adjust p-values (m,) by Holm (1979, Scandinavian Journal of Statistics 6:65); NaN stays, and is no test.

    If those below 0.05 are called differences, some of them is false in at most 5% of such families of tests. (The
    same numbers as statsmodels' ``multipletests``, which collects all garbage of the process at each call.)
    """
    adjusted = np.full(len(p), np.nan)
    there = np.flatnonzero(~np.isnan(p))
    order = there[np.argsort(p[there], kind="stable")]
    remaining = len(order) - np.arange(len(order))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * remaining), 1.0)
    return adjusted
