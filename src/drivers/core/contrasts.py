"""Contrasts of coefficients over the draws: batched slopes, joint tests, and the kind of a factor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from drivers.core.linear import linear_fit
from drivers.core.moments import BoolArray, FloatArray, correlation_matrix

_PIVOT = 1e-8  # a regressor of which the others leave less than this part needs the fit of least norm


@dataclass(frozen=True, slots=True, eq=False)
class FactorKinds:
    """What each draw says of each driver: arrays (B, p) of booleans, at most one of the four true.

    Attributes
    ----------
    basic
        A low rating weighs at least `ratio` times as much as a high one.
    performance
        Both weigh, neither so much more.
    excitement
        A high rating weighs at least `ratio` times as much as a low one.
    none
        Neither a penalty nor a reward of the least size.
    """

    basic: BoolArray
    performance: BoolArray
    excitement: BoolArray
    none: BoolArray


def batched_slopes(cross: FloatArray) -> FloatArray:
    """Slopes (..., p) of least squares from cross-products (..., p + 1, p + 1), as `linear_fit` has them but sooner.

    Solved directly while every regressor keeps something of its own in every draw; otherwise the fit of least norm.
    """
    correlation = correlation_matrix(cross)
    own = correlation[..., :-1, :-1]
    spread = np.sqrt(np.maximum(np.diagonal(cross, axis1=-2, axis2=-1), 0.0))
    try:
        pivots = np.diagonal(np.linalg.cholesky(own), axis1=-2, axis2=-1) ** 2
    except np.linalg.LinAlgError:
        return linear_fit(cross).slopes
    if not (pivots.min(initial=1.0) > _PIVOT and (spread[..., :-1] > 0).all()):
        return linear_fit(cross).slopes
    beta = np.linalg.solve(own, correlation[..., :-1, -1:])[..., 0]
    return np.asarray(beta * spread[..., -1:] / spread[..., :-1])


def joint_p(estimate: FloatArray, replicates: FloatArray, freedom: float) -> float:
    """How likely is an estimate (k,) this far from zero by chance, given its draws (B, k)?

    Wald's test with the covariance of the draws, hence robust to unequal variance, weights and clusters; Hotelling's
    correction for a covariance from B draws, F with at most `freedom` degrees below. NaN where the draws do not vary.
    """
    draws, k = replicates.shape
    covariance = np.atleast_2d(np.cov(replicates, rowvar=False))
    spread = np.sqrt(np.diagonal(covariance))
    if k == 0 or draws <= k + 1 or not (spread > 0).all():
        return float("nan")
    scaled = estimate / spread
    distance = float(scaled @ np.linalg.pinv(covariance / np.outer(spread, spread), hermitian=True) @ scaled)
    ratio = distance * (draws - k) / (k * (draws - 1))
    return float(f_distribution.sf(ratio, k, max(1.0, min(draws - k, freedom))))


def factor_kinds(
    penalty: FloatArray, reward: FloatArray, gaps: FloatArray, *, least: float, ratio: float
) -> FactorKinds:
    """Of which kind is each driver in each draw?

    Parameters
    ----------
    penalty, reward
        Arrays (B, p): outcome lost with a low rating, and gained with a high one, against a middling one.
    gaps
        Array (2, p): scale points between the mean low and the mean middling rating, and between middling and high. The
        two sides are compared per scale point: else a driver with a straight line would seem basic only because its
        low ratings lie further from the middle than its high ones.
    least
        Size, in outcome points, below which a penalty or a reward is none.
    ratio
        How many times as much one side must weigh.
    """
    down, up = penalty / gaps[0], reward / gaps[1]
    turned = (penalty < -least) | (reward < -least)  # satisfaction falls where the rating rises: no kind
    some = (np.maximum(penalty, reward) >= least) & ~turned
    basic, excitement = some & (down >= ratio * up), some & (up >= ratio * down)
    return FactorKinds(basic, some & ~basic & ~excitement, excitement, ~some & ~turned)
