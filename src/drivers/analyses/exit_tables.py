"""Tables of the exits: mean ratings by decision, marginal effects, and what sets each two decisions apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import t as student

from drivers.analyses.exits import ExitModel
from drivers.client.choice import DECISIONS
from drivers.core.design import DesignEstimate
from drivers.core.dominance import general_dominance
from drivers.core.estimate import Bounds, Estimate
from drivers.core.interval import student_reach
from drivers.core.linear import partial_out
from drivers.core.moments import FloatArray, Moments
from drivers.core.multiplicity import adjusted_p
from drivers.core.polytomous import average_effects
from drivers.core.wald import wald_test

CONTRASTS = ((1, 0), (2, 0), (1, 2))
"""Each decision against another, by their place: switching and taking back against staying, and each other."""


@dataclass(frozen=True, slots=True, eq=False)
class ExitLabels:
    """Printed names of the columns of a model: of its scales, then of its controls."""

    labels: tuple[str, ...]
    scales: int


def decision_table(model: ExitModel, confidence: float) -> pd.DataFrame:
    """How many organisations decided what, and their weighted share with its interval."""
    firms = model.firms
    total = firms.w.sum()
    rows = []
    for place, decision in enumerate(DECISIONS):
        chosen = firms.y == place
        share = float(firms.w[chosen].sum() / total)
        drawn = model.drawn[:, chosen].sum(axis=1) / model.drawn.sum(axis=1)
        row = {"decision": decision, "organisations": int(chosen.sum())}
        rows.append(row | Estimate(share, drawn).bounds(confidence).named("organisation_share"))
    return pd.DataFrame(rows)


def decision_means(model: ExitModel) -> DesignEstimate:
    """Weighted mean (3 k,) of each scale by decision, scale after scale, with the design's covariance.

    Each organisation's gap is divided by one less its part of the weight, as in HC3.
    """
    firms, k = model.firms, model.firms.scales
    value, influence = np.empty(3 * k), np.zeros((len(firms.y), 3 * k))
    for place in range(3):
        rows = firms.y == place
        part = firms.w[rows] / firms.w[rows].sum()
        means = part @ firms.x[rows, :k]
        value[place::3] = means
        influence[np.flatnonzero(rows)[:, None], np.arange(k)[None] * 3 + place] = (part / (1 - part))[:, None] * (
            firms.x[rows, :k] - means
        )
    return DesignEstimate(value, model.spread(influence), model.degrees)


def profile_table(model: ExitModel, means: DesignEstimate, labels: ExitLabels, confidence: float) -> pd.DataFrame:
    """Mean rating of each scale by decision, with its interval."""
    reach = student_reach(means.error, means.degrees, confidence)
    rows = []
    for j, label in enumerate(labels.labels[: labels.scales]):
        for place, decision in enumerate(DECISIONS):
            at = 3 * j + place
            ends = Bounds(
                float(means.value[at]), float(means.value[at] - reach[at]), float(means.value[at] + reach[at])
            )
            rows.append({"label": label, "decision": decision, **ends.named("scale_mean")})
    return pd.DataFrame(rows)


def contrast_table(model: ExitModel, means: DesignEstimate, labels: ExitLabels, confidence: float) -> pd.DataFrame:
    """What sets each two decisions apart: gaps of mean ratings, log-odds, and shares of the differences in log-odds."""
    k = labels.scales
    gaps = _combined(means, [_gap(j, pair, k) for pair in CONTRASTS for j in range(k)])
    odds = _combined(model.fitted, [_odds(j, pair, model.x.shape[1]) for pair in CONTRASTS for j in range(k)])
    shares = [bounds for pair in CONTRASTS for bounds in _shares(model, pair, confidence)]
    reach = [student_reach(part.error, part.degrees, confidence) for part in (gaps, odds)]
    p = [adjusted_p(_p(part), "holm") for part in (gaps, odds)]
    rows = []
    for at, (pair, j) in enumerate((pair, j) for pair in CONTRASTS for j in range(k)):
        row: dict[str, object] = {
            "decision": DECISIONS[pair[0]],
            "other_decision": DECISIONS[pair[1]],
            "label": labels.labels[j],
        }
        for name, part, half, tested in zip(("mean_gap", "decision_odds"), (gaps, odds), reach, p, strict=True):
            value = float(part.value[at])
            row |= Bounds(value, value - float(half[at]), value + float(half[at])).named(name)
            row[f"{name}_p"] = float(tested[at])
        rows.append(row | shares[at].named("decision_share"))
    return pd.DataFrame(rows)


def effect_table(model: ExitModel, labels: ExitLabels, confidence: float) -> pd.DataFrame:
    """Average marginal effect of one point of each column on the chance of each decision.

    P-values are of the scales, by Holm over all scales and decisions: each effect over its spread in the resamples.
    """
    firms = model.firms
    value = average_effects(model.x, firms.w[None], model.theta[None])[0, :, 1:]
    draws = average_effects(model.x, model.drawn, model.draws)[:, :, 1:]
    spread = np.nanstd(draws, axis=0, ddof=1)
    raw = 2 * student.sf(np.abs(value) / spread, model.degrees)
    raw[:, labels.scales :] = np.nan
    p = adjusted_p(raw.T.ravel(), "holm").reshape(-1, 3)
    rows = []
    for j, label in enumerate(labels.labels):
        for place, decision in enumerate(DECISIONS):
            ends = Estimate(float(value[place, j]), draws[:, place, j]).bounds(confidence)
            row = {"label": label, "held": j >= labels.scales, "decision": decision}
            rows.append(row | ends.named("decision_effect") | {"decision_effect_p": float(p[j, place])})
    return pd.DataFrame(rows)


def link_p(model: ExitModel, scales: tuple[int, ...], exits: tuple[int, ...] = (0, 1)) -> float:
    """P-value of the joint test that these scales say nothing of these exits against staying."""
    q = model.x.shape[1]
    rows = np.eye(2 * q)[[e * q + 1 + j for e in exits for j in scales]]
    return wald_test(rows, model.fitted.value, model.fitted.covariance, model.degrees).p


def _gap(j: int, pair: tuple[int, int], k: int) -> FloatArray:
    row = np.zeros(3 * k)
    row[3 * j + pair[0]], row[3 * j + pair[1]] = 1.0, -1.0
    return row


def _odds(j: int, pair: tuple[int, int], q: int) -> FloatArray:
    row = np.zeros(2 * q)
    for place, sign in zip(pair, (1.0, -1.0), strict=True):
        if place:
            row[(place - 1) * q + 1 + j] = sign
    return row


def _combined(estimate: DesignEstimate, rows: list[FloatArray]) -> DesignEstimate:
    turn = np.array(rows)
    return DesignEstimate(turn @ estimate.value, turn @ estimate.covariance @ turn.T, estimate.degrees)


def _p(estimate: DesignEstimate) -> FloatArray:
    error = estimate.error
    ratio = np.divide(np.abs(estimate.value), error, out=np.full(len(error), np.nan), where=error > 0)
    return np.asarray(2 * student.sf(ratio, estimate.degrees))


def _shares(model: ExitModel, pair: tuple[int, int], confidence: float) -> list[Bounds]:
    """Each scale's LMG share of the variance of the log-odds between two decisions, controls held constant."""
    names = model.names[model.firms.scales :] + model.scales
    order = np.r_[model.firms.scales : len(model.names), : model.firms.scales]
    z = model.firms.x[:, order]
    sample = Moments.from_rows(names, z, model.firms.w).cross
    whole = _divided(sample[None], _between(model.theta[None], pair, model.firms.scales), len(names))[0]
    drawn = _divided(
        Moments.from_weightings(names, z, model.drawn).cross,
        _between(model.draws, pair, model.firms.scales),
        len(names),
    )
    return [Estimate(float(whole[j]), drawn[:, j]).bounds(confidence) for j in range(model.firms.scales)]


def _between(theta: FloatArray, pair: tuple[int, int], scales: int) -> FloatArray:
    """Slopes (b, k) of the scales in the log-odds of one decision against another."""
    slopes = np.concatenate([np.zeros_like(theta[:, :1]), theta], axis=1)[:, :, 1 : 1 + scales]
    return np.asarray(slopes[:, pair[0]] - slopes[:, pair[1]])


def _divided(cross: FloatArray, slopes: FloatArray, columns: int) -> FloatArray:
    """Shares (b, k) that add up to 1; NaN where a draw has no slopes."""
    k = slopes.shape[1]
    inner = partial_out(cross, columns - k) if columns > k else cross
    sound = np.isfinite(slopes).all(axis=1)
    b, s = slopes[sound][:, :, None], inner[sound]
    whole = np.zeros((len(s), k + 1, k + 1))
    whole[:, :k, :k] = s
    whole[:, :k, k:] = s @ b
    whole[:, k:, :k] = np.swapaxes(s @ b, 1, 2)
    whole[:, k:, k:] = np.swapaxes(b, 1, 2) @ s @ b
    shares = np.full((len(slopes), k), np.nan)
    found = general_dominance(whole)
    shares[sound] = found / found.sum(axis=1, keepdims=True)
    return shares
