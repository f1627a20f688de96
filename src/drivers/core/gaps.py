"""Gaps between the means of several groups of unequal spread: Welch's test, Games-Howell, Hedges' g, equivalence.

pingouin and statsmodels take samples without weights; these take the variance that the design gives each mean, and
agree with theirs without weights.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import gammaln, stdtr, stdtrit
from scipy.stats import f as f_distribution
from scipy.stats import studentized_range

from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.core.wald import WaldTest


@dataclass(frozen=True, slots=True, eq=False)
class GroupMeans:
    """Means of G independent groups.

    Attributes
    ----------
    value, variance
        Arrays (G,): the mean of each group, and the variance of that mean.
    degrees
        Array (G,): degrees of freedom of that variance, units less one (less strata).
    """

    value: FloatArray
    variance: FloatArray
    degrees: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class PairGaps:
    """Means of the first groups of pairs less those of the second: arrays (pairs,), ends simultaneous."""

    value: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray


def welch_test(means: GroupMeans) -> WaldTest:
    """Are the means of all groups equal, whatever their variances? Welch 1951, doi:10.1093/biomet/38.3-4.330."""
    count, precision = len(means.value), 1 / means.variance
    part = precision / precision.sum()
    between = (precision * (means.value - part @ means.value) ** 2).sum() / (count - 1)
    doubt = ((1 - part) ** 2 / means.degrees).sum()
    statistic = float(between / (1 + 2 * (count - 2) / (count**2 - 1) * doubt))
    within = float((count**2 - 1) / (3 * doubt))
    return WaldTest(statistic, count - 1, within, float(f_distribution.sf(statistic, count - 1, within)))


def games_howell(means: GroupMeans, a: IntArray, b: IntArray, confidence: float = 0.95) -> PairGaps:
    """How far are the groups `a` from the groups `b`, over all pairs of groups at once?

    P-values and intervals come from the studentised range of all groups, with Welch's degrees of freedom for each pair
    (Games and Howell 1976, doi:10.3102/10769986001002113): with this confidence all intervals hold together.
    """
    count, gap = len(means.value), means.value[a] - means.value[b]
    of_a, of_b = means.variance[a], means.variance[b]
    error = np.sqrt(of_a + of_b)
    degrees = error**4 / (of_a**2 / means.degrees[a] + of_b**2 / means.degrees[b])
    reach = np.array([_range_quantile(confidence, count, float(d)) for d in degrees]) * error / np.sqrt(2)
    p = studentized_range.sf(np.sqrt(2) * np.abs(gap) / error, count, degrees)
    return PairGaps(gap, gap - reach, gap + reach, np.asarray(p))


def hedges_g(y: FloatArray, weightings: FloatArray, one: BoolArray, other: BoolArray) -> FloatArray:
    """By how many standard deviations do two groups differ? Hedges 1981, doi:10.3102/10769986006002107.

    Parameters
    ----------
    y
        Values (n,).
    weightings
        Weights (B, n); only their ratios matter.
    one, other
        Boolean arrays (n,), the groups.

    Returns
    -------
    Array (B,): the gap over the pooled standard deviation, with the correction for small samples.
    """
    n1, n2 = int(one.sum()), int(other.sum())
    mean1, spread1 = _mean_and_variance(y[one], weightings[:, one])
    mean2, spread2 = _mean_and_variance(y[other], weightings[:, other])
    degrees = n1 + n2 - 2
    pooled = np.sqrt((n1 * spread1 + n2 * spread2) / degrees)
    correction = np.exp(gammaln(degrees / 2) - gammaln((degrees - 1) / 2)) / np.sqrt(degrees / 2)
    return np.asarray(correction * np.divide(mean1 - mean2, pooled, out=np.full(len(pooled), np.nan), where=pooled > 0))


def equivalence_p(gap: FloatArray, error: FloatArray, degrees: FloatArray | float, margin: float) -> FloatArray:
    """Chance of an estimate so far inside plus and minus `margin` if the gap lay on or beyond it; same shape.

    The larger p-value of two one-sided t tests (Schuirmann 1987, doi:10.1007/BF01068419).
    """
    return np.asarray(stdtr(degrees, (np.abs(gap) - margin) / error))


def standardised_differences(x: FloatArray, w: FloatArray, one: BoolArray, other: BoolArray) -> FloatArray:
    """Mean of each column (n, k) in one group less that in the other, in unweighted standard deviations: (k,).

    The pooled deviation of the groups as they are is the unit before and after weighting, so that only the means move
    (Austin and Stuart 2015, doi:10.1002/sim.6607). A column that is constant in both has difference 0.
    """
    unit = np.sqrt((x[one].var(axis=0) + x[other].var(axis=0)) / 2)
    gap = np.average(x[one], axis=0, weights=w[one]) - np.average(x[other], axis=0, weights=w[other])
    return np.asarray(np.divide(gap, unit, out=np.zeros(len(gap)), where=unit > 0))


def _range_quantile(confidence: float, count: int, degrees: float) -> float:
    """Quantile of the studentised range to four digits, between those of one t test and of Bonferroni's.

    scipy's own takes a tenth of a second each, since it searches without an idea where.
    """
    pairs, tail = count * (count - 1) / 2, (1 - confidence) / 2
    if pairs == 1:
        return float(np.sqrt(2) * stdtrit(degrees, 1 - tail))
    low, high = (float(np.sqrt(2) * stdtrit(degrees, 1 - t)) for t in (tail, tail / pairs))
    return float(brentq(lambda q: studentized_range.sf(q, count, degrees) - 2 * tail, low, high, rtol=1e-5, xtol=1e-5))


def _mean_and_variance(y: FloatArray, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Weighted mean and population variance (B,); NaN in draws without a member."""
    total = w.sum(axis=1)
    total = np.where(total > 0, total, np.nan)
    mean = w @ y / total
    return mean, np.maximum(w @ y**2 / total - mean**2, 0.0)
