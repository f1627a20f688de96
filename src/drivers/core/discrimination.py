"""Discrimination: how well a score tells ones from zeros, under many weightings at once."""

from __future__ import annotations

import numpy as np

from drivers.core.moments import FloatArray


def concordance(score: FloatArray, y: FloatArray, weightings: FloatArray) -> FloatArray:
    """In which share of the pairs of a one and a zero does the one score higher (AUC; ties count half)?

    Parameters
    ----------
    score, y
        Arrays (n,); `y` is 0 or 1.
    weightings
        Weights (B, n), one row a resample; a pair weighs the product of its two weights.

    Returns
    -------
    FloatArray
        Array (B,); NaN where a weighting has no ones or no zeros.
    """
    order = np.argsort(score, kind="stable")
    first = np.flatnonzero(np.r_[True, np.diff(score[order]) > 0])
    sorted_w = weightings[:, order]
    ones = np.add.reduceat(sorted_w * y[order], first, axis=1)
    zeros = np.add.reduceat(sorted_w * (1.0 - y[order]), first, axis=1)
    below = np.cumsum(zeros, axis=1) - 0.5 * zeros
    pairs = ones.sum(axis=1) * zeros.sum(axis=1)
    won = np.einsum("bu,bu->b", ones, below)
    return np.asarray(np.divide(won, pairs, out=np.full_like(won, np.nan), where=pairs > 0))


def weighted_brier(p: FloatArray, y: FloatArray, weightings: FloatArray) -> FloatArray:
    """Mean squared gap (B,) between the chances `p` (n,) and what happened `y` (n,) (Brier 1950)."""
    return np.asarray(weightings @ (p - y) ** 2 / weightings.sum(axis=1))
