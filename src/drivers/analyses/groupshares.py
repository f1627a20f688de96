"""Group shares: how the explanation divides over the drivers in each of several groups, on the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import LinearBasis
from drivers.analyses.grouping import Group
from drivers.core.interval import Interval, bca_interval
from drivers.core.moments import Moments

_LEFT_OUT = 100  # groups of the jackknife behind the acceleration of an interval


@dataclass(frozen=True, slots=True, eq=False)
class GroupShares:
    """Shares of the explanation in G groups: estimate (G, p), draws (G, B, p), intervals at this confidence."""

    estimate: np.ndarray
    replicates: np.ndarray
    intervals: tuple[Interval, ...]
    confidence: float


def shares_in_groups(compared: Sequence[Group], drawn: Moments, confidence: float) -> GroupShares:
    """Shares of the explanation in each group, with BCa intervals from the group's draws (G, B)."""
    replicates = _explained(compared[0].part, drawn)
    estimates, intervals = [], []
    for group, own in zip(compared, replicates, strict=True):
        part = group.part
        estimates.append(_pooled_shares(part))
        left_out = _explained(part, part.answers.jackknifed(min(_LEFT_OUT, part.base)))
        intervals.append(_bca(estimates[-1], own, left_out, confidence))
    return GroupShares(np.stack(estimates), replicates, tuple(intervals), confidence)


def _pooled_shares(part: LinearBasis) -> np.ndarray:
    return part.pooled(lambda moments: _explained(part, moments))


def _explained(basis: LinearBasis, moments: Moments) -> np.ndarray:
    shares = basis.dominance(moments)
    total = shares.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.full_like(shares, np.nan), where=total > 0))


def _bca(estimate: np.ndarray, replicates: np.ndarray, jackknife: np.ndarray, confidence: float) -> Interval:
    """BCa interval (p,); NaN where a draw explains nothing at all."""
    if np.isfinite(replicates).all() and np.isfinite(jackknife).all():
        return bca_interval(estimate, replicates, jackknife, confidence)
    nothing = np.full(estimate.shape, np.nan)
    return Interval(nothing, nothing)
