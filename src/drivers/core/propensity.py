"""Weights that make groups alike: each unit by the inverse of its chance of the group that it is in."""

from __future__ import annotations

import numpy as np

from drivers.core.likelihood import whole_maximum
from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.core.multinomial import MultinomialLogit
from drivers.core.polytomous import class_chances, multinomial_coefficients

TRIM = 0.01
"""Part of the weights at either end that is set to the weight there."""

_CELLS = 2_000_000  # chances held at once


def group_chances(x: FloatArray, groups: IntArray, w: FloatArray) -> FloatArray:
    """The chance (G, n) of each unit (n,) of being in each of G groups, given its columns `x` (n, k).

    A multinomial logit of unit weights `w` (n,).

    Raises
    ------
    EstimationError
        When the columns tell the groups apart, so that there is no finite maximum.
    """
    theta = _coefficients(x, groups, w)
    return np.asarray(class_chances(np.column_stack([np.ones(len(x)), x]), theta[None])[:, 0])


def inverse_weights(x: FloatArray, groups: IntArray, w: FloatArray, weightings: FloatArray) -> FloatArray:
    """Weights (B, n) under which the groups have alike columns `x`, times each row of `weightings` (B, n).

    Stabilised by the share of the group, and truncated at the 1st and 99th percentile of those who weigh anything
    (Robins, Hernán and Brumback 2000, doi:10.1097/00001648-200009000-00011; Cole and Hernán 2008,
    doi:10.1093/aje/kwn164). The chances are fitted anew under each weighting; NaN where they have no finite maximum.

    Parameters
    ----------
    x
        Columns (n, k).
    groups
        Group (n,) of each unit, 0 … G-1.
    w
        Weights (n,) of the sample, where the fits start.
    weightings
        Weights (B, n).

    Raises
    ------
    EstimationError
        When the columns tell the groups of the sample apart.
    """
    z, start = np.column_stack([np.ones(len(x)), x]), _coefficients(x, groups, w)
    block = max(1, _CELLS // z.shape[0] // (int(groups.max()) + 1))
    parts = [_weights(z, groups, weightings[i : i + block], start) for i in range(0, len(weightings), block)]
    return np.concatenate(parts)


def _coefficients(x: FloatArray, groups: IntArray, w: FloatArray) -> FloatArray:
    found = whole_maximum(MultinomialLogit(x, groups, w / w.mean()))
    return np.asarray(found.reshape(int(groups.max()), -1))


def _weights(z: FloatArray, groups: IntArray, w: FloatArray, start: FloatArray) -> FloatArray:
    theta = multinomial_coefficients(z, groups, w, start)
    sound = np.isfinite(theta).all(axis=(1, 2))
    found = np.full(w.shape, np.nan)
    found[sound] = _stabilised(z, groups, w[sound], theta[sound])
    return found


def _stabilised(z: FloatArray, groups: IntArray, w: FloatArray, theta: FloatArray) -> FloatArray:
    chance = class_chances(z, theta)
    own = np.take_along_axis(chance, groups[None, None, :], axis=0)[0]
    member = groups == np.arange(len(chance))[:, None]
    share = (w @ member.T / w.sum(axis=1, keepdims=True))[:, groups]
    ratio = share / own
    return np.asarray(w * np.clip(ratio, *_ends(ratio, w > 0)))


def _ends(ratio: FloatArray, inside: BoolArray) -> tuple[FloatArray, FloatArray]:
    """The 1st and 99th percentile (b, 1) of the ratios (b, n) that are inside, as one of them each."""
    ordered = np.sort(np.where(inside, ratio, np.inf), axis=1)
    last = inside.sum(axis=1, keepdims=True) - 1
    places = np.floor(TRIM * last).astype(int), np.ceil((1 - TRIM) * last).astype(int)
    low, high = (np.take_along_axis(ordered, place, axis=1) for place in places)
    return low, high
