"""Means of groups of respondents with their joint covariance."""

from __future__ import annotations

import numpy as np

from drivers.core.design import Design, DesignEstimate, linearised_covariance
from drivers.core.moments import FloatArray, IntArray


def domain_means(
    y: FloatArray, w: FloatArray, groups: IntArray, design: Design | None, *, sample: bool = True
) -> DesignEstimate:
    """Weighted means (G,) of G groups, with the covariance that the design gives them.

    Parameters
    ----------
    y, w
        Arrays (n,), scores and weights; rows in no group may hold anything.
    groups
        Array (n,), codes 0 … G-1, each with some row; -1 for rows in no group.
    design
        The design of the n rows, of which groups are domains: a unit with rows in two groups ties their errors
        together. None for a simple sample: groups are independent, their variance is Welch's.
    sample
        Whether a variance divides by one fewer than there are rows; False: by all, as the multinomial variance of
        shares and of differences of shares does. Means nothing under a design.

    Returns
    -------
    DesignEstimate
        Degrees of freedom: rows less groups; under a design units less strata.
    """
    count = int(groups.max(initial=-1)) + 1
    value, influence = np.zeros(count), np.zeros((len(y), count))
    for g in range(count):
        rows = groups == g
        own = w[rows] / w[rows].sum()
        value[g] = own @ y[rows]
        n = int(rows.sum())
        few = np.sqrt(n / (n - 1)) if sample and design is None and n > 1 else 1.0
        influence[rows, g] = few * own * (y[rows] - value[g])
    used = groups >= 0
    if design is None:
        return DesignEstimate(value, influence.T @ influence, max(1, int(used.sum()) - count))
    return DesignEstimate(value, linearised_covariance(influence, design), design.degrees_of(used))
