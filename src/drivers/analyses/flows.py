"""Who is still a customer after each year, now and if satisfaction rose: the margins that an improvement keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.analyses.leaving import LeavingModel
from drivers.analyses.terms import ValueTerms, known_margins, yearly_retention
from drivers.core.cashflow import present_value, yearly_payments
from drivers.core.estimate import Estimate
from drivers.core.logit import inverse_logit

_CELLS = 2_000_000  # draws x respondents held at once


@dataclass(frozen=True, slots=True, eq=False)
class KeptMargins:
    """Yearly margins that one improvement keeps, all customers, before discounting.

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
    """

    model: LeavingModel
    terms: ValueTerms
    margin: np.ndarray

    @classmethod
    def of(cls, model: LeavingModel, terms: ValueTerms) -> Customers:
        """The customers of this model.

        Raises
        ------
        EstimationError
            When nobody's margin is known.
        """
        return cls(model, terms, known_margins(model.survey, model.index, terms.margin))

    def kept_margins(self, gains: Sequence[tuple[np.ndarray, np.ndarray]]) -> list[KeptMargins]:
        """The margins that each path of satisfaction keeps.

        Parameters
        ----------
        gains
            Paths: points of satisfaction gained in each year, of the sample (T,) and in the draws (B, T).
        """
        sample = self.sample_payments([path for path, _ in gains])
        draws, block = len(self.model.draws), max(1, _CELLS // max(self.model.survey.base, 1))
        parts = [self._drawn([drawn for _, drawn in gains], slice(i, i + block)) for i in range(0, draws, block)]
        whole = np.concatenate(parts, axis=1)
        return [KeptMargins(own, drawn, self.terms) for own, drawn in zip(sample, whole, strict=True)]

    def sample_payments(self, paths: Sequence[np.ndarray], effect: float = 1.0) -> np.ndarray:
        """Kept margins (paths, T) of the sample; `effect` multiplies what satisfaction does to leaving."""
        found = self._payments(self.model.beta[None], self.model.w[None], [path[None] for path in paths], effect)
        return np.asarray(found[:, 0])

    def _drawn(self, paths: list[np.ndarray], part: slice) -> np.ndarray:
        model = self.model
        w = model.resample.weightings(model.survey.weights, part.start, part.stop)[:, model.index]
        return self._payments(model.draws[part], w, [path[part] for path in paths])

    def _payments(
        self, beta: np.ndarray, w: np.ndarray, paths: Sequence[np.ndarray], effect: float = 1.0
    ) -> np.ndarray:
        """Kept margins (paths, b, T) under coefficients (b, k) and weights (b, m), for gains (b, T) of each path."""
        known = np.isfinite(self.margin)
        weight = np.add.reduceat(w * np.where(known, self.margin, 0.0), self.model.first, axis=1)
        total = w @ known
        with np.errstate(invalid="ignore", divide="ignore"):
            weight = weight / np.where(total > 0, total, np.nan)[:, None]
        odds = beta @ self.model.patterns.T
        slope = effect * beta[:, 1:2]
        years = self.terms.horizon_years
        today = self._survival(odds, slope, weight, np.zeros((len(beta), years)))
        moved = [self._survival(odds, slope, weight, path) - today for path in paths]
        return yearly_payments(np.array(moved), self.terms.timing) * self.terms.customers

    def _survival(self, odds: np.ndarray, slope: np.ndarray, weight: np.ndarray, path: np.ndarray) -> np.ndarray:
        """Margin-weighted share (b, T + 1) of the customers who are still there after each year."""
        now = self.model.patterns[:, 1]
        top = np.maximum(now, self.model.survey.scales[self.model.survey.outcome].high)
        there = np.ones_like(odds)
        shares, kept = [np.einsum("bu,bu->b", there, weight)], there
        for year in range(path.shape[1]):
            if year == 0 or not np.array_equal(path[:, year], path[:, year - 1]):
                rise = np.minimum(now + path[:, year, None], top) - now
                kept = yearly_retention(inverse_logit(-(odds + slope * rise)), self.terms)
            there = there * kept
            shares.append(np.einsum("bu,bu->b", there, weight))
        return np.stack(shares, axis=1)
