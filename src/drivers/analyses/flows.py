"""Who is still a customer after each year and what they bring, now and if satisfaction rose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.analyses.leaving import LeavingModel
from drivers.analyses.margins import margin_effect
from drivers.analyses.patterns import PatternSums, Sums, blocks
from drivers.analyses.renewals import Renewals
from drivers.analyses.responses import Ratings
from drivers.analyses.terms import ValueTerms, known_margins
from drivers.core.cashflow import present_value, yearly_payments
from drivers.core.estimate import Estimate


@dataclass(frozen=True, slots=True, eq=False)
class KeptMargins:
    """Yearly margins that one improvement keeps or adds, all customers, before discounting.

    Attributes
    ----------
    payments
        Of the sample (T,).
    drawn
        In every draw (B, T).
    terms
        Margin, discount rate, horizon, customers and timing.
    """

    payments: np.ndarray
    drawn: np.ndarray
    terms: ValueTerms

    def worth(self) -> Estimate:
        """What they are worth now."""
        rate, timing = self.terms.discount_rate, self.terms.timing
        return Estimate(
            float(present_value(self.payments, rate, timing)), present_value(self.drawn, rate, timing)
        )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Customers:
    """The customers of a model of leaving, with their margins, for following them over the years.

    Attributes
    ----------
    model, terms
        The logit of leaving, and what turns retention into money.
    margin
        Yearly margin (m,) of each respondent in the model; NaN where it is not known.
    effect
        Yearly margin that goes with one point of satisfaction; None where margin does not follow.
    renewals, ratings
        Who stays over the years, and how far satisfaction can move.
    """

    model: LeavingModel
    terms: ValueTerms
    margin: np.ndarray
    effect: Estimate | None
    renewals: Renewals
    ratings: Ratings

    @classmethod
    def of(cls, model: LeavingModel, terms: ValueTerms) -> Customers:
        """The customers of this model.

        Raises
        ------
        EstimationError
            When nobody's margin is known, or margin is to follow satisfaction and cannot.
        """
        margin, effect = known_margins(model.survey, model.index, terms.margin), margin_effect(model, terms)
        return cls(model, terms, margin, effect, Renewals.of(model, terms), Ratings.of(model))

    def kept_margins(self, gains: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[KeptMargins]:
        """The margins that each path of satisfaction keeps or adds.

        Parameters
        ----------
        gains
            Paths: points of satisfaction gained in each year, of the sample (T,) and in the draws (B, T).
        """
        sample = self.sample_payments([path for path, _ in gains])
        sums, drawn = self._sums(), [path for _, path in gains]
        none = np.zeros(len(self.model.draws))
        effects = none if self.effect is None else self.effect.replicates
        parts = [
            self._payments(self.model.draws[part], sums.drawn(part), [path[part] for path in drawn], effects[part])
            for part in blocks(len(self.model.draws), len(self.model.first))
        ]
        whole = np.concatenate(parts, axis=1)
        return [KeptMargins(own, moved, self.terms) for own, moved in zip(sample, whole, strict=True)]

    def sample_payments(
        self, paths: Sequence[np.ndarray], strength: float = 1.0, effect: float | None = None
    ) -> np.ndarray:
        """Margins gained (paths, T) in the sample.

        `strength` multiplies what satisfaction does to leaving; `effect` stands for what it does to margin.
        """
        known = 0.0 if self.effect is None else self.effect.value
        effects = np.array([known if effect is None else effect])
        moved = [path[None] for path in paths]
        found = self._payments(self.model.beta[None], self._sums().sample(), moved, effects, strength)
        return np.asarray(found[:, 0])

    def _sums(self) -> PatternSums:
        """Margins by pattern, and customers whose margin is known."""
        known = np.isfinite(self.margin)
        weightings = [(np.where(known, self.margin, 0.0), known), (known.astype(float), known)]
        model = self.model
        return PatternSums.of(model.survey, model.resample, model.index, weightings, model.pattern)

    def _payments(
        self, beta: np.ndarray, sums: Sums, paths: Sequence[np.ndarray], effects: np.ndarray, strength: float = 1.0
    ) -> np.ndarray:
        """Margins gained (paths, b, T) under coefficients (b, k) and effects (b,), for gains (b, T) of each path."""
        grouped, (total, _) = sums
        with np.errstate(invalid="ignore", divide="ignore"):
            margin, heads = (one / np.where(total > 0, total, np.nan)[:, None] for one in grouped)
        odds = beta @ self.model.patterns.T
        followed = _Followed(self, beta, odds, (strength if self.terms.kept else 0.0) * beta[:, 1:2])
        today = followed.margins(np.zeros((len(beta), self.terms.horizon_years)), margin, heads * 0.0)
        moved = [followed.margins(path, margin, effects[:, None] * heads) - today for path in paths]
        return yearly_payments(np.array(moved), self.terms.timing) * self.terms.customers


@dataclass(frozen=True, slots=True, eq=False)
class _Followed:
    """Customers under coefficients (b, k): log-odds of leaving (b, u) today, and what a point adds to them (b, 1)."""

    customers: Customers
    beta: np.ndarray
    odds: np.ndarray
    slope: np.ndarray

    def margins(self, path: np.ndarray, margin: np.ndarray, spent: np.ndarray) -> np.ndarray:
        """What a customer of today brings after 0 … T years (b, T + 1), for gains (b, T).

        From `margin` (b, u), and for each point of satisfaction gained `spent` (b, u), of those who are still there.
        """
        there, years, brought = np.ones_like(self.odds), path.shape[1], []
        ratings, renewals = self.customers.ratings, self.customers.renewals
        rise, kept = np.zeros_like(there), there
        for year in range(years + 1):
            new = year == 0 or (year < years and not np.array_equal(path[:, year], path[:, year - 1]))
            if new:
                rise = ratings.spread(ratings.rises(path[:, year, None]))
            brought.append(np.vecdot(there, margin) + np.vecdot(there, spent * rise))
            if year < years and (new or not renewals.constant):
                kept = renewals.kept(self.odds + self.slope * rise, self.beta, year)
            there = there * kept
        return np.stack(brought, axis=1)
