"""What is a customer without contract worth, who buys when he likes and leaves without a word?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from drivers.analyses.buyers import COLUMNS, Buyers
from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.analyses.notice import Notice
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity
from drivers.core.moments import FloatArray
from drivers.core.purchases import alive_probability, repeat_probability
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

RELATED = 0.1
"""Correlation of frequency and amount from which it is warned of: 1% of the variance."""

FAR = 2.0
"""Times the longest observation from which a horizon is called far beyond it."""

_MOST = 7  # repeats shown one by one
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
    if missing := [c for c in COLUMNS if c not in history.columns]:
        raise EstimationError(sentence(_NO_COLUMN, column=missing[0]))
    if not 0 < terms.margin <= 1:
        raise EstimationError(
            sentence("The margin must be a share of the amount, above 0 and at most 1. Check margin_share.")
        )
    model = Buyers.fitted(history, terms)
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
        notices=(*_notices(correlation, p), *_reach(model)),
        terms=terms,
        base=len(history),
        confidence=confidence,
        method=_method(model, terms, draws, confidence),
    )


_NO_COLUMN = (
    "The table of purchases has no column {column}. Expected repeats, last, observed and amount, one row a customer."
)


def _correlation(model: Buyers) -> tuple[float, float]:
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


def _reach(model: Buyers) -> tuple[Notice, ...]:
    """Whether the horizon goes far beyond what was seen."""
    seen = float(model.history[2].max()) / model.terms.periods
    if model.terms.horizon_years <= FAR * seen:
        return ()
    text = sentence(
        "The horizon of {years:count} years is {times:number1} times as long as customers were seen: most of the value "
        "is the model's own. Choose a shorter horizon where a decision rests on it.",
        years=model.terms.horizon_years,
        times=model.terms.horizon_years / seen,
    )
    return (Notice("beyond_history", text),)


def _table(model: Buyers) -> pd.DataFrame:
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


def _method(model: Buyers, terms: LifetimeTerms, draws: int, confidence: float) -> Sentence:
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
