"""How sure are shares, ranks and differences, and which drivers go beyond pure noise?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis
from drivers.analyses.twins import DriverUnits
from drivers.core.interval import (
    Interval,
    bca_interval,
    first_probability,
    indistinguishable_letters,
    pairwise_intervals,
    pairwise_p,
    percentile_interval,
    rank_interval,
    rank_probabilities,
    ranks,
)
from drivers.core.moments import Moments
from drivers.core.multiplicity import Multiplicity, adjusted_p
from drivers.core.noise import NoiseShare, noise_share
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class DrawnShares:
    """Shares of the outcome's variance of the sample (g,), its resamples (B, g) and its jackknife (G, g)."""

    estimate: np.ndarray
    replicates: np.ndarray
    jackknife: np.ndarray

    def of_explained(self) -> DrawnShares:
        """The same as shares of what the drivers explain."""
        return DrawnShares(*(normalised(part) for part in (self.estimate, self.replicates, self.jackknife)))

    def total(self) -> DrawnShares:
        """R²: all shares together."""
        return DrawnShares(*(part.sum(axis=-1) for part in (self.estimate, self.replicates, self.jackknife)))

    def bca(self, confidence: float) -> Interval:
        """BCa intervals (g,)."""
        return bca_interval(self.estimate, self.replicates, self.jackknife, confidence)


def normalised(shares: np.ndarray) -> np.ndarray:
    """Shares (..., g) that add up to 1; NaN where there is nothing to share."""
    total = shares.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.full_like(shares, np.nan), where=total > 0))


def noise_beside(units: DriverUnits) -> NoiseShare:
    """The share of variance that one more driver, of pure noise, would get in this survey.

    The noise is one random answer a sampled unit, unrelated to everything: the same in all answers of a cluster.
    """
    basis = units.basis
    scores = _scores(basis)
    scores = scores if units.shared is None else units.shared.cross(scores)
    return noise_share(
        units.cross(basis.moments),
        units.plan.blocks,
        scores,
        float(basis.moments.effective_base),
        controls=basis.columns.held,
    )


def _scores(basis: LinearBasis) -> np.ndarray:
    """Covariance (q, q) of noise's cross-products with the columns, in units of cross-products / effective base."""
    completed = next(iter(basis.completions()), None)
    if completed is None:
        return np.asarray(basis.moments.cross)
    scores = basis.w[:, None] * (completed.z - np.average(completed.z, axis=0, weights=basis.w))
    if basis.clusters is not None:
        order = np.argsort(basis.clusters, kind="stable")
        scores = np.add.reduceat(scores[order], np.flatnonzero(np.diff(basis.clusters[order], prepend=-1)))
    return np.asarray(scores.T @ scores * basis.w.sum() / (basis.w @ basis.w))


def share_columns(shares: DrawnShares, beyond: np.ndarray, confidence: float) -> dict[str, object]:
    """Shares with their intervals and ranks.

    Parameters
    ----------
    shares
        Shares of the outcome's variance.
    beyond
        Boolean array (g,), which units go beyond noise by themselves; the intervals of the others begin at 0, for the
        resamples of a number that cannot be negative never reach it.
    confidence
        Level of the intervals.
    """
    explained = shares.of_explained()
    bca, percentile = explained.bca(confidence), percentile_interval(explained.replicates, confidence)
    rank = rank_interval(explained.replicates, confidence)
    return {
        "share": explained.estimate,
        "share_low": np.where(beyond, bca.low, 0.0),
        "share_high": bca.high,
        "share_percentile_low": percentile.low,
        "share_percentile_high": percentile.high,
        "share_of_variance": shares.estimate,
        "rank": ranks(explained.estimate).astype(int),
        "rank_low": rank.low.astype(int),
        "rank_high": rank.high.astype(int),
        "first_probability": first_probability(explained.replicates),
    }


def difference_table(
    units: DriverUnits, explained: DrawnShares, confidence: float, method: Multiplicity
) -> pd.DataFrame:
    """One row a pair of units: the difference of their shares, its interval, its p-value by itself and among all."""
    pairs = pairwise_intervals(explained.replicates, confidence)
    first, second = np.triu_indices(len(units.members), k=1)
    turn = explained.estimate[first] < explained.estimate[second]
    a, b = np.where(turn, second, first), np.where(turn, first, second)
    names = np.array(units.names(), dtype=object)
    p = pairwise_p(explained.replicates)[a, b]
    return pd.DataFrame(
        {
            "driver": names[a],
            "other": names[b],
            "difference": explained.estimate[a] - explained.estimate[b],
            "difference_low": pairs.low[a, b],
            "difference_high": pairs.high[a, b],
            "difference_p": p,
            "difference_p_adjusted": adjusted_p(p, method),
        }
    )


def share_letters(frame: pd.DataFrame, differences: pd.DataFrame, confidence: float) -> list[str]:
    """Letters of each row: two that share one cannot be told apart, with the number of pairs allowed for."""
    place = {name: i for i, name in enumerate(frame["driver"])}
    low = np.full((len(frame), len(frame)), -1.0)
    told = differences[differences["difference_p_adjusted"] < 1.0 - confidence]
    for a, b in zip(told["driver"], told["other"], strict=True):
        low[place[a], place[b]] = low[place[b], place[a]] = 1.0
    return list(indistinguishable_letters(frame["share"].to_numpy(), low, np.ones_like(low)))


def rank_table(frame: pd.DataFrame, order: np.ndarray, replicates: np.ndarray) -> pd.DataFrame:
    """One row a unit and rank that it has in at least one draw, with the share of the draws in which it has it."""
    probability = rank_probabilities(replicates)[order]
    unit, rank = np.nonzero(probability)
    return pd.DataFrame(
        {
            "driver": frame["driver"].to_numpy()[order][unit],
            "label": frame["label"].to_numpy()[order][unit],
            "rank": rank + 1,
            "rank_probability": probability[unit, rank],
        }
    )


def relative_columns(units: DriverUnits, drawn: Moments, confidence: float) -> dict[str, np.ndarray]:
    """Relative weights as shares of R², with standard errors and percentile intervals from the draws."""
    weights, draws = normalised(units.basis.pooled(units.relative)), normalised(units.relative(drawn))
    interval = percentile_interval(draws, confidence)
    return {
        "relative_weight": weights,
        "relative_weight_low": interval.low,
        "relative_weight_high": interval.high,
        "relative_weight_error": draws.std(axis=0, ddof=1),
    }


def sampling_phrase(basis: LinearBasis, batch: int) -> Sentence:
    """How shares are computed in so many draws, for a method sentence; nothing where all subsets are gone through."""
    plan = basis.plan()
    if plan.exact(batch):
        return sentence("")
    return sentence(" from the same {orders:count} orders in every draw", orders=len(plan.draw_orders))
