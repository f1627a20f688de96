"""Buyers: the models of who buys again and for how much, and what each buyer is worth by them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.core.maximum import Fit
from drivers.core.moments import FloatArray
from drivers.core.purchases import (
    alive_probability,
    expected_amount,
    expected_purchases,
    fit_amounts,
    fit_purchases,
    further_purchases,
)

COLUMNS = ("repeats", "last", "observed", "amount")
"""Columns of a history of purchases."""

_STEP = 1e-4  # of a log-parameter, for central differences
_CELLS = 4_000_000  # draws x customers held at once


@dataclass(frozen=True, slots=True, eq=False)
class Buyers:
    """Both models with the histories (n,) that they were fitted on; `again` marks customers who bought again."""

    history: tuple[FloatArray, FloatArray, FloatArray]
    amount: FloatArray
    again: np.ndarray
    buying: Fit
    spending: Fit
    terms: LifetimeTerms

    @classmethod
    def fitted(cls, history: pd.DataFrame, terms: LifetimeTerms) -> Buyers:
        """Both models at their maximum on this history."""
        x, last, end, amount = (history[c].to_numpy(dtype=float) for c in COLUMNS)
        buying, again = fit_purchases(x, last, end), x > 0
        return cls((x, last, end), amount, again, buying, fit_amounts(x[again], amount[again]), terms)

    @property
    def parameters(self) -> FloatArray:
        """Log-parameters (7,) of both."""
        return np.asarray(np.log(np.concatenate([self.buying.parameters, self.spending.parameters])))

    def amounts(self, log_parameters: FloatArray) -> FloatArray:
        """Amount (n,) of a purchase to be expected of each customer."""
        return np.asarray(expected_amount(np.exp(log_parameters[4:]), self.history[0], self.amount))

    def present(self, log_parameters: FloatArray, rate: float) -> FloatArray:
        """Margin (n,) to come from each customer within the horizon."""
        bought = self._discounted(lambda t: further_purchases(np.exp(log_parameters[:4]), self.history, t), rate)
        return np.asarray(bought * self.amounts(log_parameters) * self.terms.margin)

    def new(self, log_parameters: FloatArray) -> FloatArray:
        """Margin (1,) to come from a new customer within the horizon, after the first purchase."""
        buying, rate = np.exp(log_parameters[:4]), self.terms.discount_rate
        bought = self._discounted(lambda t: expected_purchases(buying, np.array([t])), rate)
        amount = expected_amount(np.exp(log_parameters[4:]), np.zeros(1), np.zeros(1))
        return np.asarray(bought * amount * self.terms.margin)

    def _discounted(self, purchases: Callable[[float], FloatArray], rate: float) -> FloatArray:
        """Purchases within the horizon, those of each year discounted from its middle."""
        years = np.arange(1, self.terms.horizon_years + 1)
        until = np.array([purchases(float(year * self.terms.periods)) for year in years])
        yearly = np.diff(until, axis=0, prepend=0.0)
        return np.asarray((1 + rate) ** -(years - 0.5) @ yearly)

    def drawn(self, rng: np.random.Generator, draws: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Parameters (7,), values (B + 1, 3) and parameters (B, 7) in draws of the customers.

        The values are those of a present customer discounted and not, and of a new one.
        """
        center, rate = self.parameters, self.terms.discount_rate
        moves = self._moves(rng, draws, np.column_stack([self.present(center, rate), self.present(center, 0.0)]))
        steps, means = moves[:, :7], moves[:, 7:]
        slopes = np.array([self._slopes(center, s) for s in _STEP * np.eye(7)])
        known = np.array([self.present(center, rate).mean(), self.present(center, 0.0).mean(), self.new(center)[0]])
        values = np.column_stack([means, np.full(draws, known[2])]) + steps @ slopes
        return np.exp(center), np.vstack([known, values]), np.exp(center + steps)

    def _slopes(self, center: FloatArray, step: FloatArray) -> FloatArray:
        rate = self.terms.discount_rate
        ends = [
            np.array([self.present(at, rate).mean(), self.present(at, 0.0).mean(), self.new(at)[0]])
            for at in (center + step, center - step)
        ]
        return np.asarray((ends[0] - ends[1]) / (2 * _STEP))

    def _moves(self, rng: np.random.Generator, draws: int, worth: FloatArray) -> FloatArray:
        """Change (B, 7) of the log-parameters, and means (B, 2) of `worth` (n, 2), in draws of the customers."""
        n = len(self.again)
        spending = np.zeros((n, 3))
        spending[self.again] = self.spending.influence
        influence = np.column_stack([self.buying.influence, spending, worth / n])
        known = np.concatenate([influence[:, :7].sum(axis=0), np.zeros(2)])  # rounding: the slope at the maximum is 0
        block = max(1, _CELLS // n)
        parts = [
            rng.multinomial(n, np.full(n, 1 / n), min(block, draws - start)) @ influence - known
            for start in range(0, draws, block)
        ]
        return np.concatenate(parts)

    def by_customer(self) -> pd.DataFrame:
        """What is to be expected of each customer."""
        horizon = self.terms.horizon_years * self.terms.periods
        return pd.DataFrame(
            {
                "repeats": self.history[0],
                "alive_probability": alive_probability(self.buying.parameters, *self.history),
                "further_purchases": further_purchases(self.buying.parameters, self.history, horizon),
                "expected_amount": self.amounts(self.parameters),
                "lifetime_value": self.present(self.parameters, self.terms.discount_rate),
            }
        )
