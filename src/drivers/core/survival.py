"""Time until leaving: the share still there after a time, its median and its restricted mean, under many weightings.

Kaplan and Meier 1958, Journal of the American Statistical Association 53:457 (doi:10.1080/01621459.1958.10501452).
statsmodels' ``SurvfuncRight`` is the same estimate for one weighting; here all draws of a resample are taken together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from drivers.core.moments import BoolArray, FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class SurvivalCurves:
    """Product-limit curves of B weightings.

    Attributes
    ----------
    times
        Array (T,), ascending: the times at which somebody left.
    share
        Array (B, T), share still there after each of them; 1 before the first.
    """

    times: FloatArray
    share: FloatArray

    def at(self, points: FloatArray) -> FloatArray:
        """Share (B, P) still there after each of these times (P,)."""
        place = np.searchsorted(self.times, points, side="right")
        return np.column_stack([np.ones(len(self.share)), self.share])[:, place]

    def median(self) -> FloatArray:
        """Time (B,) after which at most half is still there; infinite where more than half never left."""
        return np.asarray(np.append(self.times, np.inf)[(self.share > 0.5 + 1e-12).sum(axis=1)])

    def restricted_mean(self, horizon: float) -> FloatArray:
        """Mean time (B,) there within this horizon: the area below the curve up to it (Royston and Parmar 2013)."""
        ends = np.append(self.times[self.times < horizon], horizon)
        widths = np.diff(ends, prepend=0.0)
        before = np.column_stack([np.ones(len(self.share)), self.share[:, : len(ends) - 1]])
        return np.asarray(before @ widths)


def survival_curves(time: FloatArray, event: BoolArray, weightings: FloatArray) -> SurvivalCurves:
    """Which share is still there after each time?

    Parameters
    ----------
    time
        Array (n,), how long each was followed.
    event
        Array (n,), whether that ended in leaving; who was still there is censored after those who left then.
    weightings
        Weights (B, n); only their ratios within a row matter. Nobody at risk leaves the share as it was.
    """
    times = np.unique(time[event])
    last = np.searchsorted(times, time, side="right") - 1  # the last event time that each was at risk for
    seen = last >= 0
    rows, shape = np.flatnonzero(seen), (max(len(times), 1), len(time))
    at_end = csr_matrix((np.ones(len(rows)), (last[rows], rows)), shape=shape)
    gone = csr_matrix((event[rows].astype(float), (last[rows], rows)), shape=shape)
    return SurvivalCurves(times, _shares(at_end, gone, weightings.T)[:, : len(times)])


def _shares(at_end: csr_matrix, gone: csr_matrix, weights: FloatArray) -> FloatArray:
    """Product-limit shares (b, T) from weights (n, b)."""
    at_risk = np.cumsum((at_end @ weights)[::-1], axis=0)[::-1]
    risk = np.divide(gone @ weights, at_risk, out=np.zeros_like(at_risk), where=at_risk > 0)
    return np.asarray(np.cumprod(1.0 - risk, axis=0).T)


def person_periods(first: IntArray, last: IntArray) -> tuple[IntArray, IntArray]:
    """Who (r,) was at risk in which period (r,): each in those after `first` (n,) up to `last` (n,), in turn."""
    counts = np.maximum(last - first, 0)
    person = np.repeat(np.arange(len(last)), counts)
    period = np.arange(len(person)) - np.repeat(np.cumsum(counts) - counts, counts) + 1 + first[person]
    return person, period
