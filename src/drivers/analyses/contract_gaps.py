"""Gaps in satisfaction between kinds of contract: as they are, with other things equal, and whether they are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import stdtr

from drivers.analyses.holders import Holders
from drivers.analyses.significance import SIGNIFICANT
from drivers.core.design import DesignEstimate, group_slopes, kish_base, sampling_design, weighted_means
from drivers.core.estimate import Estimate
from drivers.core.gaps import (
    GroupMeans,
    equivalence_p,
    games_howell,
    hedges_g,
    standardised_differences,
    welch_test,
)
from drivers.core.interval import student_reach
from drivers.core.moments import FloatArray, IntArray
from drivers.core.multiplicity import adjusted_p
from drivers.core.propensity import group_chances, inverse_weights
from drivers.core.wald import WaldTest, wald_test
from drivers.errors import EstimationError

RARE = 0.05
"""Chance of a kind of contract below which an organisation hardly ever has it."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """What the organisations are compared with.

    Attributes
    ----------
    holders
        The organisations.
    a, b
        Arrays (pairs,): the later and the earlier kind of each pair.
    means
        Mean satisfaction of each kind as it is.
    drawn
        Weights (B, u) in every draw.
    inverse
        Weights (B + 1, u) that make the kinds alike, in the sample and every draw; None without anything to hold equal,
        or where it tells the kinds apart.
    chances
        Chance (G, u) of each kind; None likewise.
    """

    holders: Holders
    a: IntArray
    b: IntArray
    means: GroupMeans
    drawn: FloatArray
    inverse: FloatArray | None
    chances: FloatArray | None


def compared(holders: Holders, drawn: FloatArray) -> Comparison:
    """The kinds of these organisations, two by two."""
    b, a = np.triu_indices(len(holders.kinds), k=1)
    every = np.vstack([holders.w, drawn])
    inverse = chances = None
    if holders.adjust:
        try:
            chances = group_chances(holders.bent, holders.codes, holders.w)
            inverse = inverse_weights(holders.bent, holders.codes, holders.w, every)
        except EstimationError:  # what is held equal tells the kinds apart: said in a notice
            chances = None
    return Comparison(holders, a, b, _means(holders), drawn, inverse, chances)


def _means(holders: Holders) -> GroupMeans:
    """Weighted means of the kinds with the variance of their design; without weights and strata s² / n."""
    found = []
    for k in range(len(holders.kinds)):
        part = holders.codes == k
        if holders.strata is None:
            found.append(weighted_means(holders.y[part, None], sampling_design(holders.w[part])))
        else:
            found.append(weighted_means(holders.y[:, None], sampling_design(holders.w, holders.strata), part))
    return GroupMeans(
        np.array([e.value[0] for e in found]),
        np.array([e.covariance[0, 0] for e in found]),
        np.array([float(e.degrees) for e in found]),
    )


def kind_table(comparison: Comparison, confidence: float) -> pd.DataFrame:
    """Organisations and mean satisfaction of each kind, and how well it can be made like the others."""
    holders, means = comparison.holders, comparison.means
    reach = student_reach(np.sqrt(means.variance), means.degrees, confidence)
    members = [holders.codes == k for k in range(len(holders.kinds))]
    weights = None if comparison.inverse is None else comparison.inverse[0]
    nothing = [float("nan")] * len(members)
    rare = nothing if comparison.chances is None else list((comparison.chances < RARE) @ holders.w / holders.w.sum())
    return pd.DataFrame(
        {
            "contract_kind": list(holders.kinds),
            "organisations": [int(part.sum()) for part in members],
            "base": [int(holders.respondents[part].sum()) for part in members],
            "mean_satisfaction": means.value,
            "mean_satisfaction_low": means.value - reach,
            "mean_satisfaction_high": means.value + reach,
            "weighted_base": nothing if weights is None else [kish_base(weights[part]) for part in members],
            "rare_share": rare,
        }
    )


def gap_table(comparison: Comparison, margin: float | None, confidence: float) -> pd.DataFrame:
    """One row a pair of kinds: the gap as it is, by regression, by weighting, and the verdict."""
    holders, a, b = comparison.holders, comparison.a, comparison.b
    raw = games_howell(comparison.means, a, b, confidence)
    plain = pd.DataFrame(
        {
            "contract_kind": [holders.kinds[k] for k in a],
            "other_kind": [holders.kinds[k] for k in b],
            "contract_gap": raw.value,
            "contract_gap_low": raw.low,
            "contract_gap_high": raw.high,
            "contract_gap_p": raw.p,
        }
    )
    bounds = [e.bounds(confidence).named("hedges_g") for e in _effect_sizes(comparison)]
    return pd.concat([plain, pd.DataFrame(bounds), _adjusted(comparison, margin, confidence)], axis=1)


def gap_tests(comparison: Comparison) -> dict[str, WaldTest]:
    """Are all kinds equally satisfied, as they are and with other things equal?"""
    found = {"contracts_as_they_are": welch_test(comparison.means)}
    if comparison.holders.adjust:
        fitted, contrast = _regression(comparison.holders)
        found["contracts_adjusted"] = wald_test(contrast, fitted.value, fitted.covariance, fitted.degrees)
    return found


def balance_table(comparison: Comparison, labels: dict[str, str]) -> pd.DataFrame:
    """How far the kinds are apart on what is held equal, before and after weighting."""
    holders = comparison.holders
    after = holders.w if comparison.inverse is None else comparison.inverse[0]
    rows = []
    for a, b in zip(comparison.a, comparison.b, strict=True):
        one, other = holders.codes == a, holders.codes == b
        before_, after_ = (standardised_differences(holders.x, w, one, other) for w in (holders.w, after))
        for j, column in enumerate(holders.adjust):
            rows.append(
                {
                    "label": labels.get(column, column),
                    "contract_kind": holders.kinds[a],
                    "other_kind": holders.kinds[b],
                    "balance_before": before_[j],
                    "balance_after": float("nan") if comparison.inverse is None else after_[j],
                }
            )
    columns = ["label", "contract_kind", "other_kind", "balance_before", "balance_after"]
    return pd.DataFrame(rows, columns=columns)


def _effect_sizes(comparison: Comparison) -> list[Estimate]:
    holders = comparison.holders
    every = np.vstack([holders.w, comparison.drawn])
    pairs = zip(comparison.a, comparison.b, strict=True)
    found = [hedges_g(holders.y, every, holders.codes == a, holders.codes == b) for a, b in pairs]
    return [Estimate(float(g[0]), g[1:]) for g in found]


def _regression(holders: Holders) -> tuple[DesignEstimate, FloatArray]:
    """Satisfaction on kind and what is held equal, with errors robust under the design; and which are the kinds."""
    later = (holders.codes[:, None] == np.arange(1, len(holders.kinds))).astype(float)
    z = np.column_stack([later, holders.bent, holders.y])
    fitted = group_slopes(z, np.zeros(len(z), dtype=np.int64), holders.design)
    return fitted, np.eye(z.shape[1])[1 : len(holders.kinds)]


def _adjusted(comparison: Comparison, margin: float | None, confidence: float) -> pd.DataFrame:
    """Gaps with other things equal, by regression and by weighting; the verdict is that of the regression."""
    fitted, kinds = _regression(comparison.holders)
    level = np.vstack([np.zeros(kinds.shape[1]), kinds])
    contrast = level[comparison.a] - level[comparison.b]
    gap = contrast @ fitted.value
    error = np.sqrt(np.einsum("ij,jk,ik->i", contrast, fitted.covariance, contrast))
    reach = student_reach(error, fitted.degrees, confidence)
    p = adjusted_p(2 * stdtr(fitted.degrees, -np.abs(gap) / error), "holm")
    alike = np.full(len(gap), np.nan)
    if margin is not None:
        alike = adjusted_p(equivalence_p(gap, error, fitted.degrees, margin), "holm")
    weighted = [e.bounds(confidence).named("weighted_gap") for e in _weighted_gaps(comparison)]
    return pd.DataFrame(
        {
            "equal_gap": gap,
            "equal_gap_low": gap - reach,
            "equal_gap_high": gap + reach,
            "equal_gap_p": p,
            **{name: [row[name] for row in weighted] for name in weighted[0]},
            "equivalence_p": alike,
            "contract_verdict": [_verdict(*row) for row in zip(gap, p, alike, strict=True)],
        }
    )


def _verdict(gap: float, p: float, alike: float) -> str:
    if p < SIGNIFICANT:
        return "higher" if gap > 0 else "lower"
    return "equal" if alike < SIGNIFICANT else "not_shown"


def _weighted_gaps(comparison: Comparison) -> list[Estimate]:
    """Gaps under the inverse weights, with the chances fitted anew in every draw; NaN without them."""
    holders, found = comparison.holders, []
    every = np.full((2, len(holders.y)), np.nan) if comparison.inverse is None else comparison.inverse
    for a, b in zip(comparison.a, comparison.b, strict=True):
        one, other = (_drawn_mean(holders.y, every, holders.codes == k) for k in (a, b))
        found.append(Estimate(float((one - other)[0]), (one - other)[1:]))
    return found


def _drawn_mean(y: FloatArray, w: FloatArray, part: np.ndarray) -> FloatArray:
    total = w[:, part].sum(axis=1)
    return np.asarray((w[:, part] @ y[part]) / np.where(total > 0, total, np.nan))
