"""Weighted quantiles of columns."""

from __future__ import annotations

import numpy as np


def weighted_quantile(x: np.ndarray, w: np.ndarray, level: float) -> np.ndarray:
    """Below which answer lies this share of the weight?

    Parameters
    ----------
    x, w
        Answers (n, p) without NaN and weights (n,).
    level
        Share from 0 to 1.

    Returns
    -------
    np.ndarray
        Quantiles (p,): the smallest answer at which the weight up to and including it reaches `level` (inverse of the
        empirical distribution function; Hyndman and Fan 1996, definition 1).
    """
    order = np.argsort(x, axis=0, kind="stable")
    reached = np.cumsum(w[order], axis=0) / w.sum() >= level - 1e-12
    first = reached.argmax(axis=0)
    return np.asarray(np.take_along_axis(x, np.take_along_axis(order, first[None], axis=0), axis=0)[0])
