"""Intervals and ranks from resamples: how sure a number, an order or a difference is.

Replicates carry the B resamples on their first axis and are finite. Efron 1987, Journal of the American
Statistical Association 82:171 (doi:10.1080/01621459.1987.10478410); Davison & Hinkley 1997, Bootstrap Methods and
their Application, chapter 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from drivers.core.moments import BoolArray, FloatArray, IntArray

_TIE = 1e-12  # of the largest value: closer values are ties
_COUNTED = 10  # replicates from which a tail is counted


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Lower and upper ends, arrays (...,) in the unit of the number they belong to."""

    low: FloatArray
    high: FloatArray


def student_reach(error: FloatArray, degrees: FloatArray | float, confidence: float = 0.95) -> FloatArray:
    """How far (...,) an interval reaches to either side of an estimate with this standard error (...,).

    Student's, with these degrees of freedom; normal where they are infinite.
    """
    return np.asarray(stdtrit(degrees, (1.0 + confidence) / 2.0) * error)


def percentile_interval(replicates: FloatArray, confidence: float = 0.95) -> Interval:
    """Percentile interval (...,) of replicates (B, ...).

    The ends are the order statistics (B + 1)·alpha, between two of them interpolated on the normal scale; the same
    as R's ``boot::boot.ci(type = "perc")``. With too few replicates for the confidence the extreme ones are used.
    """
    ordered = np.sort(replicates, axis=0)
    tail = (1.0 - confidence) / 2.0
    shape = replicates.shape[1:]
    return Interval(
        _order_quantile(ordered, np.full(shape, tail)), _order_quantile(ordered, np.full(shape, 1.0 - tail))
    )


def basic_interval(estimate: FloatArray, replicates: FloatArray, confidence: float = 0.95) -> Interval:
    """Interval (...,) that reflects the percentile interval of `replicates` (B, ...) at `estimate` (...,)."""
    percentile = percentile_interval(replicates, confidence)
    return Interval(2.0 * estimate - percentile.high, 2.0 * estimate - percentile.low)


def bca_interval(
    estimate: FloatArray, replicates: FloatArray, jackknife: FloatArray, confidence: float = 0.95
) -> Interval:
    """Bias-corrected and accelerated interval (...,) (Efron 1987).

    Parameters
    ----------
    estimate
        Array (...,), the number in the survey itself.
    replicates
        Array (B, ...), the number in each resample.
    jackknife
        Array (G, ...), the number with each group left out; gives the acceleration.
    confidence
        Nominal coverage.

    Notes
    -----
    Where all replicates lie on one side of the estimate the bias correction is infinite and both ends are the
    extreme replicate on that side. Half of the ties with the estimate count as below it, so a number that never
    varies has itself as both ends.
    """
    below = (replicates < estimate).mean(axis=0) + 0.5 * (replicates == estimate).mean(axis=0)
    bias = ndtri(below)
    acceleration = _acceleration(jackknife)
    ordered = np.sort(replicates, axis=0)
    tail = ndtri((1.0 - confidence) / 2.0)
    low, high = (_order_quantile(ordered, _bca_level(bias, acceleration, side, below)) for side in (tail, -tail))
    return Interval(low, high)


def ranks(values: FloatArray) -> IntArray:
    """Rank of each of `values` (..., p), 1 for the largest.

    Ties share the smallest of their ranks (two firsts, then a third). Values closer than 1e-12 of the largest are
    ties: rounding must not decide a rank.
    """
    margin = _TIE * np.abs(values).max(axis=-1, keepdims=True)[..., None]
    ahead = values[..., None, :] - values[..., :, None] > margin
    return np.asarray(1 + np.count_nonzero(ahead, axis=-1))


def rank_interval(replicates: FloatArray, confidence: float = 0.95) -> Interval:
    """Interval (p,) of whole ranks from replicates (B, p): order statistics at or outside the percentile ends."""
    ordered = np.sort(ranks(replicates), axis=0)
    place = (len(ordered) + 1) * (1.0 - confidence) / 2.0
    skip = max(int(np.floor(place + 1e-9)) - 1, 0)
    return Interval(ordered[skip], ordered[len(ordered) - 1 - skip])


def first_probability(replicates: FloatArray) -> FloatArray:
    """Share (p,) of the replicates (B, p) in which each driver ranks first; those that tie split the replicate."""
    first = ranks(replicates) == 1
    share: FloatArray = (first / first.sum(axis=-1, keepdims=True)).mean(axis=0)
    return share


def rank_probabilities(replicates: FloatArray) -> FloatArray:
    """Share (p, p) of the replicates (B, p) in which each driver (row) has each rank (column, first is 1).

    Drivers that tie split the replicate evenly over the ranks they fill together, so rows and columns add up to 1.
    """
    p = replicates.shape[1]
    probability = np.zeros((p, p))
    for placed in ranks(replicates) - 1:
        filled = np.bincount(placed, minlength=p)
        if filled.max() == 1:
            probability[np.arange(p), placed] += 1.0
            continue
        for place in np.flatnonzero(filled):
            span = slice(place, place + filled[place])
            probability[placed == place, span] += 1.0 / filled[place]
    return probability / len(replicates)


def pairwise_p(replicates: FloatArray) -> FloatArray:
    """Two-sided p-values (p, p) of all differences from replicates (B, p); diagonal 1.

    Twice the share of the replicates on the rarer side of 0, as the percentile interval has it. Where fewer than ten
    lie there, the tail is the normal one of their mean and spread, for a tail cannot be counted that is hardly reached.
    """
    draws, p = replicates.shape
    value = np.ones((p, p))
    for i in range(p - 1):
        gap = replicates[:, i : i + 1] - replicates[:, i + 1 :]
        below, level = (gap < 0).sum(axis=0), 0.5 * (np.abs(gap) <= _TIE).sum(axis=0)
        rare = np.minimum(below + level, draws - below - level)
        spread = gap.std(axis=0, ddof=1) if draws > 1 else np.zeros(gap.shape[1])
        ratio = np.divide(np.abs(gap.mean(axis=0)), spread, out=np.zeros_like(spread), where=spread > _TIE)
        tail = np.minimum(2.0 * ndtr(-ratio), 2.0 * _COUNTED / draws)
        value[i, i + 1 :] = np.minimum(np.where(rare >= _COUNTED, 2.0 * rare / draws, tail), 1.0)
        value[i + 1 :, i] = value[i, i + 1 :]
    return value


def pairwise_intervals(replicates: FloatArray, confidence: float = 0.95) -> Interval:
    """Percentile intervals (p, p) of all differences, row less column, from replicates (B, p); diagonal 0."""
    p = replicates.shape[1]
    row, column = np.triu_indices(p, k=1)
    upper = percentile_interval(replicates[:, row] - replicates[:, column], confidence)
    low, high = np.zeros((p, p)), np.zeros((p, p))
    low[row, column], high[row, column] = upper.low, upper.high
    low[column, row], high[column, row] = -upper.high, -upper.low
    return Interval(low, high)


def indistinguishable_letters(estimate: FloatArray, low: FloatArray, high: FloatArray) -> tuple[str, ...]:
    """Letters of each driver: two drivers that share a letter cannot be told apart.

    Piepho 2004, Journal of Computational and Graphical Statistics 13:456 (doi:10.1198/1061860043515).

    Parameters
    ----------
    estimate
        Array (p,); the group of the largest is A.
    low, high
        Arrays (p, p), ends of the intervals of the differences, row less column. A pair whose interval contains 0
        cannot be told apart.
    """
    order = [int(i) for i in np.argsort(-np.asarray(estimate), kind="stable")]
    apart: BoolArray = (low > 0) | (high < 0)
    groups = [frozenset(order)]
    for i, j in combinations(order, 2):
        if apart[i, j]:
            groups = _separated(groups, i, j)
    place = {driver: position for position, driver in enumerate(order)}
    groups.sort(key=lambda group: sorted(place[driver] for driver in group))
    return tuple(
        "".join(_letter(k) for k, group in enumerate(groups) if driver in group) for driver in range(len(order))
    )


def _order_quantile(ordered: FloatArray, level: FloatArray) -> FloatArray:
    """Quantiles (...,) at `level` (...,) of sorted replicates (B, ...), interpolated on the normal scale."""
    size = len(ordered)
    place = np.clip((size + 1) * level, 1.0, size)
    under = np.floor(place + 1e-9).astype(np.int64)
    over = np.minimum(under + 1, size)
    ends = ndtri(np.stack([under, under + 1]) / (size + 1.0))
    part = (ndtri(place / (size + 1.0)) - ends[0]) / (ends[1] - ends[0])
    part = np.clip(part, 0.0, 1.0)
    lower, upper = (np.take_along_axis(ordered, (k - 1)[None], axis=0)[0] for k in (under, over))
    return np.asarray(lower + part * (upper - lower))


def _acceleration(jackknife: FloatArray) -> FloatArray:
    """Efron's acceleration (...,) from leave-one-group-out values (G, ...); 0 where they do not vary."""
    gap = jackknife.mean(axis=0) - jackknife
    spread = (gap**2).sum(axis=0) ** 1.5
    none = np.zeros_like(spread)
    return np.asarray(np.divide((gap**3).sum(axis=0), 6.0 * spread, out=none, where=spread > 0))


def _bca_level(bias: FloatArray, acceleration: FloatArray, side: float, below: FloatArray) -> FloatArray:
    """Level (...,) of the order statistic that is the end of a BCa interval; 0 or 1 where the bias is infinite."""
    settled = np.where(np.isfinite(bias), bias, 0.0)
    shifted = settled + side
    slack = 1.0 - acceleration * shifted
    # Past its pole the correction is meaningless: the end is then the extreme replicate.
    extreme = np.array(np.copysign(np.inf, shifted))
    level = ndtr(settled + np.divide(shifted, slack, out=extreme, where=slack > 0))
    return np.where(np.isfinite(bias), level, np.asarray(below))


def _separated(groups: list[frozenset[int]], i: int, j: int) -> list[frozenset[int]]:
    """Insert: split each group that holds both drivers. Absorb: drop what another group contains."""
    split: list[frozenset[int]] = []
    for group in groups:
        split += [group - {j}, group - {i}] if {i, j} <= group else [group]
    unique = list(dict.fromkeys(split))
    return [group for group in unique if not any(group < other for other in unique)]


def _letter(k: int) -> str:
    """Name of the k-th group: A … Z, then AA, AB …, as spreadsheets name columns."""
    return (_letter(k // 26 - 1) if k >= 26 else "") + chr(ord("A") + k % 26)
