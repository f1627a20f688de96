"""Means of groups of respondents with their joint covariance."""

from __future__ import annotations

import numpy as np

from drivers.core.design import Design, DesignEstimate, linearised_covariance
from drivers.core.moments import FloatArray, IntArray

_WHOLE = 1e-9  # a unit with all but this part of a group is all of it


def domain_means(
    y: FloatArray, w: FloatArray, groups: IntArray, design: Design | None, *, adjusted: bool = True
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
    adjusted
        Whether each unit's residual is divided by the root of one less its share of the group (CR2 of Bell and
        McCaffrey 2002, Survey Methodology 28:169), so that small groups are not taken to be surer than they are: in a
        simple sample the variance then divides by one fewer than there are rows. False: the multinomial variance of
        shares, and under a design that of R's svymean.

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
        influence[rows, g] = own * (y[rows] - value[g])
        if adjusted:
            influence[rows, g] *= _few(own, None if design is None else design.units[rows])
    used = groups >= 0
    if design is None:
        return DesignEstimate(value, influence.T @ influence, max(1, int(used.sum()) - count))
    return DesignEstimate(value, linearised_covariance(influence, design), design.degrees_of(used))


def _few(share: FloatArray, units: IntArray | None) -> FloatArray:
    """Factor (m,) of each row: one over the root of one less its unit's share; 1 where one unit is all."""
    if units is not None:
        place = np.unique(units, return_inverse=True)[1]
        share = np.asarray(np.bincount(place, share)[place], dtype=float)
    left = 1 - share
    return np.asarray(1 / np.sqrt(np.where(left > _WHOLE, left, 1.0)))


def column_means(z: FloatArray, w: FloatArray, design: Design | None) -> DesignEstimate:
    """Weighted means (k,) of columns `z` (n, k), each of the rows that have it, with their joint covariance.

    The covariance holds that the same rows (and units) answered several columns, also where not all did.

    Parameters
    ----------
    z, w
        Arrays (n, k), NaN without an answer, each column with one at least, and (n,).
    design
        The design of the n rows; None for a simple sample.
    """
    known = ~np.isnan(z)
    share = np.where(known, w[:, None], 0.0)
    share = share / share.sum(axis=0)
    filled = np.where(known, z, 0.0)
    value = (share * filled).sum(axis=0)
    influence = share * (filled - value)
    if design is None:
        n = known.sum(axis=0)
        influence = influence * np.sqrt(n / np.maximum(n - 1, 1))
        return DesignEstimate(value, influence.T @ influence, max(1, int(n.min()) - 1))
    rated = np.asarray(known.any(axis=1))
    return DesignEstimate(value, linearised_covariance(influence, design), design.degrees_of(rated))
