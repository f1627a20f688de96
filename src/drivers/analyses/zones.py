"""Where on the scale does satisfaction keep customers? Zones of defection, indifference and affection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from drivers.analyses.basis import survey_design
from drivers.analyses.leaving import LeavingModel
from drivers.analyses.loyalty import RetentionLink
from drivers.core.changepoints import change_points, hinges
from drivers.core.design import sampling_design
from drivers.core.estimate import Estimate
from drivers.core.logit import inverse_logit, logit_coefficients
from drivers.wording import Sentence, sentence

LEVEL = 0.01
"""A bend is called shown below this p-value: one survey is asked many questions, and zones are acted upon."""

_EVENTS = 10
"""Fewer who left, or stayed, on a side of a change point or in a zone cannot show that the link bends there."""

_CELLS = 100_000  # draws x respondents held at once


@dataclass(frozen=True, slots=True, eq=False)
class SatisfactionZones:
    """What one point of satisfaction goes with in each zone of its scale.

    Attributes
    ----------
    table
        One row a zone, from low to high; a single one where no bend is shown. Ends, base, share of customers (above
        the lower end, up to the upper one), average effect of one point on staying with its interval, and its kind:
        "defection" (lowest, steeper than the next), "affection" (highest, steeper than the one before), "indifference"
        (no effect is shown, and it is less than that of a zone beside it), "open" (no effect is shown), "even" (none
        of these), "whole" (no bend).
    points
        Where the link bends; empty where that is not shown.
    p
        Chance of so large a bend if the link were straight in log-odds; NaN where nothing could be tested.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    points: tuple[float, ...]
    p: float
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        shown = f"bends at {', '.join(f'{p:g}' for p in self.points)}" if self.points else "no bend shown"
        return f"SatisfactionZones: {shown} (p {self.p:.3f}); base {self.base}"


def satisfaction_zones(link: RetentionLink, *, minimum_base: int = 30) -> SatisfactionZones:
    """Does a point of satisfaction keep more customers in one part of the scale than in another?

    An effect of 0.06 from 1 to 5 means: in that zone one point more goes with 6 percentage points more customers who
    stay, on average over the zone and over all customers, controls as they are.

    Parameters
    ----------
    link
        What ``retention_link`` says.
    minimum_base
        Respondents that a change point needs on each side, and a zone needs.

    Raises
    ------
    EstimationError
        Never: a link that was estimated has at least one zone.

    Notes
    -----
    At most two change points at whole points of the scale. They are searched for, and the test allows for that
    (``change_points``); intervals take the points found as given.
    """
    model = link.model
    points, p = _shown_points(model, minimum_base)
    ends = (float(model.satisfaction.min()), *points, float(model.satisfaction.max()))
    stayed = _retention(model, points, ends)
    spans = zip(pairwise(ends), pairwise(stayed), strict=True)
    effects = [(high - low) * (1.0 / (b - a)) for (a, b), (low, high) in spans]
    return SatisfactionZones(
        table=_table(model, ends, effects, link.confidence),
        points=points,
        p=p,
        base=link.base,
        effective_base=link.effective_base,
        confidence=link.confidence,
        method=_method(link),
    )


def _shown_points(model: LeavingModel, minimum_base: int) -> tuple[tuple[float, ...], float]:
    """Change points that are more than chance, and the p-value."""
    counted = np.flatnonzero(model.survey.weights > 0)
    place = np.full(model.survey.base, -1)
    place[counted] = np.arange(len(counted))
    rows = place[model.index]
    inside = rows >= 0
    candidates = _candidates(model.satisfaction[inside], model.left[inside], minimum_base)
    if not candidates:
        return (), float("nan")
    design = survey_design(model.survey) or sampling_design(np.ones(len(counted)))
    found = change_points(model.x[inside], model.left[inside], model.beta, candidates, rows[inside], design)
    if found is None:
        return (), float("nan")
    return (found.points if found.p < LEVEL else ()), found.p


def _candidates(satisfaction: np.ndarray, left: np.ndarray, minimum_base: int) -> list[float]:
    """Whole points with enough respondents up to them, above them, and since the candidate before."""

    def enough(among: np.ndarray) -> bool:
        gone = int(left[among].sum())
        return int(among.sum()) >= minimum_base and min(gone, int(among.sum()) - gone) >= _EVENTS

    chosen, last = [], -np.inf
    for point in np.unique(np.floor(satisfaction))[1:]:
        if enough((satisfaction > last) & (satisfaction <= point)) and enough(satisfaction > point):
            chosen.append(float(point))
            last = point
    return chosen


def _retention(model: LeavingModel, points: Sequence[float], ends: Sequence[float]) -> list[Estimate]:
    """Retention if everyone were at each of these ends, by the logit that bends at `points`."""
    if not points:
        return model.retention_at(ends)
    x = np.column_stack([model.x, hinges(model.satisfaction, points)])
    begin = np.r_[model.beta, np.zeros(len(points))]
    beta = logit_coefficients(x, model.left, model.w[None], begin)
    if not np.isfinite(beta).all():
        return [Estimate(float("nan"), np.full(len(model.draws), np.nan))] * len(ends)
    designs = [_moved(model.patterns, end, points) for end in ends]
    parts = [_averages(model, designs, beta, model.w[None])]
    block = max(1, _CELLS // max(model.survey.base, 1))
    for start in range(0, len(model.draws), block):
        w = model.resample.weightings(model.survey.weights, start, start + block)[:, model.index]
        parts.append(_averages(model, designs, logit_coefficients(x, model.left, w, beta[0]), w))
    return [Estimate(float(row[0]), row[1:]) for row in np.concatenate(parts, axis=1)]


def _moved(patterns: np.ndarray, satisfaction: float, points: Sequence[float]) -> np.ndarray:
    """The patterns, hinges and all, if satisfaction were this for everyone."""
    x = patterns.copy()
    x[:, 1] = satisfaction
    return np.column_stack([x, hinges(x[:, 1], points)])


def _averages(model: LeavingModel, designs: Sequence[np.ndarray], beta: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Weighted mean chance of staying (designs, b)."""
    grouped = np.add.reduceat(w, model.first, axis=1)
    grouped /= grouped.sum(axis=1, keepdims=True)
    return np.stack([np.einsum("bu,bu->b", grouped, inverse_logit(-beta @ x.T)) for x in designs])


def _table(model: LeavingModel, ends: Sequence[float], effects: list[Estimate], confidence: float) -> pd.DataFrame:
    kinds = _kinds(effects, confidence)
    rows = []
    for k, ((low, high), effect) in enumerate(zip(pairwise(ends), effects, strict=True)):
        inside = (model.satisfaction <= high) & ((model.satisfaction > low) | (k == 0))
        rows.append(
            {
                "zone_from": low,
                "zone_to": high,
                "zone_kind": kinds[k],
                "base": int(inside.sum()),
                "customer_share": float(model.w[inside].sum() / model.w.sum()),
                **effect.bounds(confidence).named("zone_effect"),
            }
        )
    return pd.DataFrame(rows).astype({"base": "Int64"})


def _kinds(effects: list[Estimate], confidence: float) -> list[str]:
    if len(effects) == 1:
        return ["whole"]
    kinds = ["even"] * len(effects)
    if _steeper(effects[0], effects[1], confidence):
        kinds[0] = "defection"
    if _steeper(effects[-1], effects[-2], confidence):
        kinds[-1] = "affection"
    for k, effect in enumerate(effects):
        found = effect.bounds(confidence)
        if not (found.low > 0 or found.high < 0):
            beside = effects[max(k - 1, 0) : k] + effects[k + 1 : k + 2]
            kinds[k] = "indifference" if any(_steeper(other, effect, confidence) for other in beside) else "open"
    return kinds


def _steeper(one: Estimate, other: Estimate, confidence: float) -> bool:
    """Whether one zone is shown to have a positive effect, larger than the other's."""
    return one.bounds(confidence).low > 0 and (one - other).bounds(confidence).low > 0


def _method(link: RetentionLink) -> Sentence:
    return sentence(
        "Zones: the same logit with at most two change points, searched at whole points of the scale; tested against "
        "the straight line by the smallest p-value of all places, with its simulated distribution (Hansen 1996); "
        "effects are averages over a zone and all customers, {confidence:percent} intervals over {draws:count} joint "
        "resamples with the points held.",
        confidence=link.confidence,
        draws=len(link.model.draws),
    )
