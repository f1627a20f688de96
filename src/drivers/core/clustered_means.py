"""Means of groups and all differences between them, where the members of a unit depend on each other.

Without such units this is the procedure of Games and Howell 1976 (Journal of Educational Statistics 1:113,
doi:10.3102/10769986001002113): unequal variances, Welch's degrees of freedom, the studentised range over all pairs.
With them, variances are those of the units' totals, their number takes the place of the number of answers, and units
with members in two groups tie the errors of these together.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np
from scipy import stats
from scipy.optimize import brentq
from scipy.special import ndtr

from drivers.core.moments import FloatArray, IntArray

_RANGE_NODES, _CHI_NODES = 96, 64
_WIDEST = 8.5  # standard errors beyond which a normal density counts for nothing


@dataclass(frozen=True, slots=True, eq=False)
class GroupMeans:
    """Means of K groups.

    Attributes
    ----------
    mean, covariance
        Arrays (K,) and (K, K); NaN for a group with fewer than two units.
    base, units
        Arrays (K,), answers and units in each group.
    """

    mean: FloatArray
    covariance: FloatArray
    base: IntArray
    units: IntArray

    @property
    def error(self) -> FloatArray:
        """Standard errors (K,)."""
        return np.asarray(np.sqrt(np.diagonal(self.covariance)))

    @property
    def degrees(self) -> FloatArray:
        """Degrees of freedom (K,): units less one."""
        return np.asarray(np.maximum(self.units - 1.0, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class PairedMeans:
    """Differences between two means each.

    Attributes
    ----------
    first, second
        Arrays (m,), the groups; the difference is first less second.
    difference, error, degrees
        Arrays (m,); degrees of freedom by Welch and Satterthwaite.
    """

    first: IntArray
    second: IntArray
    difference: FloatArray
    error: FloatArray
    degrees: FloatArray

    @property
    def t(self) -> FloatArray:
        """Differences over their errors (m,); NaN where nothing varies."""
        known = np.where(self.error > 0, self.error, np.nan)
        return np.asarray(self.difference / known)

    @property
    def p(self) -> FloatArray:
        """Two-sided p-values (m,) of each difference alone (Welch's test)."""
        return np.asarray(2 * stats.t.sf(np.abs(self.t), self.degrees))


def group_means(y: FloatArray, groups: IntArray, units: IntArray, count: int) -> GroupMeans:
    """Means of `count` groups of answers.

    Parameters
    ----------
    y
        Array (n,), answers without gaps.
    groups
        Array (n,), codes 0 … K-1; not every group needs members.
    units
        Array (n,), codes of who depend on each other.
    count
        Number K of groups.
    """
    unit = np.unique(units, return_inverse=True)[1]
    base = np.bincount(groups, minlength=count)
    mean = np.divide(np.bincount(groups, y, count), base, out=np.full(count, np.nan), where=base > 0)
    totals = np.zeros((int(unit.max(initial=-1)) + 1, count))
    np.add.at(totals, (unit, groups), (y - mean[groups]) / base[groups])
    there = np.zeros(totals.shape, dtype=bool)
    there[unit, groups] = True
    held = there.sum(axis=0)
    factor = np.sqrt(np.divide(held, held - 1.0, out=np.full(count, np.nan), where=held > 1))
    scaled = totals * factor
    return GroupMeans(mean, np.asarray(scaled.T @ scaled), base, held)


def mean_pairs(means: GroupMeans, pairs: list[tuple[int, int]] | None = None) -> PairedMeans:
    """These differences between means, or those of all pairs of groups."""
    chosen = list(combinations(range(len(means.mean)), 2)) if pairs is None else pairs
    a, b = np.array(chosen, dtype=np.int64).reshape(-1, 2).T
    own = np.diagonal(means.covariance)
    variance = np.maximum(own[a] + own[b] - 2 * means.covariance[a, b], 0.0)
    spread = own[a] ** 2 / means.degrees[a] + own[b] ** 2 / means.degrees[b]
    degrees = np.divide((own[a] + own[b]) ** 2, spread, out=np.ones(len(a)), where=np.asarray(spread > 0))
    return PairedMeans(a, b, means.mean[a] - means.mean[b], np.sqrt(variance), degrees)


def range_p(q: float, groups: int, degrees: float) -> float:
    """Chance that the studentised range of so many means exceeds `q`; NaN for a `q` that is.

    By quadrature: the same as ``scipy.stats.studentized_range.sf`` to 1e-7, a hundred times as fast.
    """
    u, weights = _scale_nodes(degrees)
    return float("nan") if np.isnan(q) else _exceeded(q, groups, u, weights)


def range_quantile(confidence: float, groups: int, degrees: float) -> float:
    """The studentised range of so many means that is exceeded with chance 1 - `confidence`."""
    u, weights = _scale_nodes(degrees)
    return float(brentq(lambda q: _exceeded(q, groups, u, weights) - (1 - confidence), 1e-6, 200.0, xtol=1e-6))


def _exceeded(q: float, groups: int, u: FloatArray, weights: FloatArray) -> float:
    """Chance that a range exceeds `q` times a scale that is at `u` (m,) with these `weights` (m,)."""
    z, own = _normal_nodes()
    below = groups * (ndtr(z) - ndtr(z - q * u[:, None])) ** (groups - 1) @ own
    return float(np.clip(1 - weights @ below, 0.0, 1.0))


@lru_cache(maxsize=1)
def _normal_nodes() -> tuple[FloatArray, FloatArray]:
    """Nodes and weights that integrate over a standard normal variable."""
    x, weights = np.polynomial.legendre.leggauss(_RANGE_NODES)
    z = _WIDEST * x
    return z, _WIDEST * weights * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)


def _scale_nodes(degrees: float) -> tuple[FloatArray, FloatArray]:
    """Nodes and weights that integrate over the root of a chi-square variable over its degrees of freedom."""
    low, high = np.sqrt(stats.chi2.ppf([1e-12, 1 - 1e-12], degrees) / degrees)
    x, weights = np.polynomial.legendre.leggauss(_CHI_NODES)
    u = (high + low) / 2 + (high - low) / 2 * x
    density = 2 * degrees * u * stats.chi2.pdf(degrees * u**2, degrees)
    return u, (high - low) / 2 * weights * density
