"""Responses: what a gain in satisfaction brings, in customers who stay and in money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from drivers.analyses.leaving import LeavingModel
from drivers.analyses.margins import margin_effect
from drivers.analyses.renewals import Renewals
from drivers.analyses.terms import ValueTerms, known_margins
from drivers.core.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """What one gain in satisfaction brings.

    Attributes
    ----------
    retention
        Change of the yearly retention.
    yearly
        Change of the margin of all customers who are there after a year.
    lifetime
        Change of the lifetime value of all customers.
    spent
        The part of it that comes from their margin, not from who stays; None where margin does not follow.
    """

    retention: Estimate
    yearly: Estimate
    lifetime: Estimate
    spent: Estimate | None


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """Today's yearly retention, what a point of satisfaction goes with in margin, and the response to each gain."""

    retention: Estimate
    margin_effect: Estimate | None
    gains: list[Response]


@dataclass(frozen=True, slots=True, eq=False)
class Ratings:
    """Satisfaction of the patterns, which rises and falls within its scale: `levels` (l,), the `place` (u,) of each."""

    levels: np.ndarray
    place: np.ndarray
    low: float
    high: float

    @classmethod
    def of(cls, model: LeavingModel) -> Ratings:
        """The ratings of this model's patterns."""
        levels, place = np.unique(model.patterns[:, 1], return_inverse=True)
        scale = model.survey.scales[model.survey.outcome]
        return cls(levels, place, min(scale.low, levels[0]), max(scale.high, levels[-1]))

    def rises(self, gain: np.ndarray) -> np.ndarray:
        """By how much each level (b, l) moves when everybody gains (b, 1): nobody goes beyond the ends of the scale."""
        return np.asarray(np.clip(self.levels + gain, self.low, self.high) - self.levels)

    def spread(self, by_level: np.ndarray) -> np.ndarray:
        """What stands by level (b, l), by pattern (b, u)."""
        return np.asarray(by_level[:, self.place])


def top_share(model: LeavingModel) -> float:
    """Which weighted share of the customers gives satisfaction the highest mark of its scale, and cannot rise?"""
    high = model.survey.scales[model.survey.outcome].high
    return float(np.average(model.satisfaction >= high, weights=model.w))


def satisfaction_responses(model: LeavingModel, terms: ValueTerms, gains: Sequence[Estimate]) -> Responses:
    """What would each of these gains in satisfaction bring?

    Raises
    ------
    EstimationError
        When no margin is known, or margin is to follow satisfaction and cannot.
    """
    margin = known_margins(model.survey, model.index, terms.margin)
    effect, renewals, ratings = margin_effect(model, terms), Renewals.of(model, terms), Ratings.of(model)
    everyone, valued = model.weighting(), model.weighting(np.isfinite(margin), margin)
    known, x = model.weighting(np.isfinite(margin)), model.patterns

    def values(beta: np.ndarray, shift: np.ndarray) -> Iterator[np.ndarray]:
        odds, rises = beta @ x.T, ratings.rises(shift)
        if terms.kept:
            odds += ratings.spread(beta[:, 1:2] * rises)
        kept = renewals.kept(odds, beta)
        yield from (kept, kept)
        worth = renewals.multiple(odds, beta, kept)
        yield worth
        if terms.spent:
            moved = ratings.spread(rises)
            yield from (moved * kept, moved * worth)

    weightings = [everyone, valued, valued, *([known, known] if terms.spent else [])]
    nothing = Estimate(0.0, np.zeros(len(model.draws)))
    today, *after = model.means(values, weightings, (nothing, *gains))
    return Responses(today[0], effect, [_response(row, today, effect, float(terms.customers)) for row in after])


def _response(row: list[Estimate], today: list[Estimate], effect: Estimate | None, customers: float) -> Response:
    retention, yearly, lifetime = (now - before for now, before in zip(row[:3], today[:3], strict=True))
    if effect is None:
        return Response(retention, yearly * customers, lifetime * customers, None)
    spent = effect * row[4] * customers
    return Response(retention, (yearly + effect * row[3]) * customers, lifetime * customers + spent, spent)
