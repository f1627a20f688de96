"""What is a customer without contract worth, who buys when he likes and leaves without a word?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from drivers.analyses.notice import Notice
from drivers.analyses.terms import LifetimeTerms
from drivers.core.estimate import Estimate
from drivers.core.moments import FloatArray
from drivers.core.lifetime import annuity
from drivers.core.maximum import Fit
from drivers.core.purchases import (
    alive_probability,
    expected_amount,
    expected_purchases,
    fit_amounts,
    fit_purchases,
    further_purchases,
    repeat_probability,
)
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

RELATED = 0.1
"""Correlation of frequency and amount from which it is warned of: 1% of the variance."""

_MOST = 7  # repeats shown one by one
_STEP = 1e-4  # of a log-parameter, for central differences
_CELLS = 4_000_000  # draws x customers held at once
_COLUMNS = ("repeats", "last", "observed", "amount")
_NAMES = ("r", "alpha", "a", "b", "p", "q", "v")


@dataclass(frozen=True, slots=True, eq=False)
class PurchaseLifetime:
    """Purchases of customers without contract, and what they are worth.

    Attributes
    ----------
    table
        One row a number of repeat purchases: customers observed with it, customers that the model expects.
    values
        Margin to come within the horizon by the way it is counted: of a present customer discounted, undiscounted and
        as equal yearly amounts; of a new customer after the first purchase; with intervals.
    parameters
        Parameters of both models with intervals: r, alpha, a, b of BG/NBD, p, q, v of gamma-gamma.
    customers
        One row a customer: chance that he still buys, purchases and amount of each to be expected, margin to come.
        Never printed or written.
    alive
        Mean chance that a customer who bought again still buys.
    correlation, correlation_p
        Correlation of number and mean amount of repeat purchases, which the models take to be nil, with its p-value.
    notices
        What a reader must know, such as amounts that go with frequency.
    terms
        Share of margin, discount rate, horizon and unit of time.
    base, confidence, method
        As in every result; the base is customers with a history.
    """

    table: pd.DataFrame
    values: pd.DataFrame
    parameters: pd.DataFrame
    customers: pd.DataFrame = field(metadata={"internal": True})
    alive: float
    correlation: float
    correlation_p: float
    notices: tuple[Notice, ...]
    terms: LifetimeTerms
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        worth = self.values.iloc[0]
        return (
            f"PurchaseLifetime: a present customer brings {worth['lifetime_value']:,.0f} in "
            f"{self.terms.horizon_years} years ({worth['lifetime_value_low']:,.0f} to "
            f"{worth['lifetime_value_high']:,.0f}); base {self.base:,}"
        )


def fit_purchase_lifetime(
    history: pd.DataFrame,
    terms: LifetimeTerms,
    *,
    draws: int = 1000,
    rng: np.random.Generator | None = None,
    confidence: float = 0.95,
) -> PurchaseLifetime:
    """What will customers without contract bring in, given what they bought so far?

    A value of 40 means: the repeat purchases to be expected of a customer within the horizon bring 40 of margin, in
    money of today.

    Parameters
    ----------
    history
        One row a customer: `repeats` (purchases after the first), `last` (time from the first purchase to the last, 0
        without repeats), `observed` (time from the first purchase to today), both in the unit of the terms, and
        `amount` (mean amount of the repeat purchases; not read without repeats).
    terms
        Margin as a share of the amount, discount rate, horizon, unit of `last` and `observed`.
    draws, rng
        Resamples of the customers, and their generator; default: 1,000 draws of seed 1.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When columns are missing, histories are impossible, or a model does not converge or has no finite mean.

    Notes
    -----
    BG/NBD: Fader, Hardie and Lee (2005), doi:10.1287/mksc.1040.0098; gamma-gamma: Fader and Hardie (2013). Purchases
    of a year are discounted from its middle. Draws move the parameters by one Newton step, and the values along their
    slopes.
    """
    if missing := [c for c in _COLUMNS if c not in history.columns]:
        raise EstimationError(sentence(_NO_COLUMN, column=missing[0]))
    if not 0 < terms.margin <= 1:
        raise EstimationError("The margin must be a share of the amount, above 0 and at most 1. Check margin_share.")
    model = _Model.fitted(history, terms)
    rng = np.random.default_rng(1) if rng is None else rng
    fitted, values, drawn = model.drawn(rng, draws)
    correlation, p = _correlation(model)
    return PurchaseLifetime(
        table=_table(model),
        values=_values(values, terms, confidence),
        parameters=_rows("parameter", _NAMES, "fitted_value", np.vstack([fitted, drawn]), confidence),
        customers=model.by_customer(),
        alive=float(alive_probability(model.buying.parameters, *model.history)[model.again].mean()),
        correlation=correlation,
        correlation_p=p,
        notices=_notices(correlation, p),
        terms=terms,
        base=len(history),
        confidence=confidence,
        method=_method(model, terms, draws, confidence),
    )


_NO_COLUMN = (
    "The table of purchases has no column {column}. Expected repeats, last, observed and amount, one row a customer."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Both models with the histories (n,) that they were fitted on; `again` marks customers who bought again."""

    history: tuple[FloatArray, FloatArray, FloatArray]
    amount: FloatArray
    again: np.ndarray
    buying: Fit
    spending: Fit
    terms: LifetimeTerms

    @classmethod
    def fitted(cls, history: pd.DataFrame, terms: LifetimeTerms) -> _Model:
        x, last, end, amount = (history[c].to_numpy(dtype=float) for c in _COLUMNS)
        buying, again = fit_purchases(x, last, end), x > 0
        return cls((x, last, end), amount, again, buying, fit_amounts(x[again], amount[again]), terms)

    @property
    def parameters(self) -> FloatArray:
        """Log-parameters (7,) of both."""
        return np.log(np.concatenate([self.buying.parameters, self.spending.parameters]))

    def amounts(self, log_parameters: FloatArray) -> FloatArray:
        """Amount (n,) of a purchase to be expected of each customer."""
        return expected_amount(np.exp(log_parameters[4:]), self.history[0], self.amount)

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


def _correlation(model: _Model) -> tuple[float, float]:
    x, amount = model.history[0][model.again], model.amount[model.again]
    if len(x) < 3 or np.ptp(x) == 0 or np.ptp(amount) == 0:
        return float("nan"), float("nan")
    found = stats.pearsonr(x, amount)
    return float(found.statistic), float(found.pvalue)


def _notices(correlation: float, p: float) -> tuple[Notice, ...]:
    if not (abs(correlation) >= RELATED and p < 0.05):
        return ()
    said = sentence(_MORE if correlation > 0 else _LESS, r=correlation, so=sentence(_UNRELATED))
    return (Notice("related_amounts", said),)


_MORE = "Who buys more often also spends more on each purchase (correlation {r:number2}). {so}"
_LESS = "Who buys more often spends less on each purchase (correlation {r:number2}). {so}"
_UNRELATED = (
    "The model takes the two as unrelated, so read the values of frequent and of rare buyers with care; the stronger "
    "the correlation, the further they are off."
)


def _table(model: _Model) -> pd.DataFrame:
    x, _, end = model.history
    expected = [float(repeat_probability(model.buying.parameters, k, end).sum()) for k in range(_MOST)]
    observed = [int((x == k).sum()) for k in range(_MOST)]
    repeats = [*map(str, range(_MOST)), f"{_MOST}+"]
    return pd.DataFrame(
        {
            "repeat_group": repeats,
            "observed_customers": [*observed, len(x) - sum(observed)],
            "expected_customers": [*expected, len(x) - sum(expected)],
        }
    )


def _values(values: FloatArray, terms: LifetimeTerms, confidence: float) -> pd.DataFrame:
    years = float(annuity(np.array(1 / (1 + terms.discount_rate)), terms.horizon_years))
    columns = np.column_stack([values[:, :2], values[:, 0] / years, values[:, 2]])
    names = ("present", "present_undiscounted", "present_yearly", "new")
    return _rows("counted", names, "lifetime_value", columns, confidence)


def _rows(key: str, names: tuple[str, ...], column: str, values: FloatArray, confidence: float) -> pd.DataFrame:
    """One row a name: the first row of `values` with the interval of the others."""
    rows = []
    for i, name in enumerate(names):
        bounds = Estimate(float(values[0, i]), values[1:, i]).bounds(confidence)
        rows.append({key: name, **bounds.named(column)})
    return pd.DataFrame(rows)


def _method(model: _Model, terms: LifetimeTerms, draws: int, confidence: float) -> Sentence:
    return sentence(
        "Purchases: BG/NBD model on {customers:count} customers; amounts: gamma-gamma model on the {again:count} of "
        "them who bought again; both by maximum likelihood. Value: repeat purchases to be expected in {years:count} "
        "years, times the expected amount, times a margin of {share:percent1}, discounted at {rate:percent1} a year "
        "from the middle of each year; the first purchase of a new customer does not count. {confidence:percent} "
        "intervals: percentiles over {draws:count} resamples of the customers, by one Newton step.",
        customers=len(model.again),
        again=int(model.again.sum()),
        years=terms.horizon_years,
        share=terms.margin,
        rate=terms.discount_rate,
        confidence=confidence,
        draws=draws,
    )
