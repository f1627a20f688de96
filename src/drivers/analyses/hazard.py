"""What is a customer worth, when the chance of leaving depends on tenure and on who the customer is?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.leavers import MINIMUM_EVENTS
from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity, curve_multiple
from drivers.core.logit import inverse_logit, logit_coefficients
from drivers.core.moments import FloatArray
from drivers.core.separation import check_separation
from drivers.core.survival import person_periods
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

_CELLS = 4_000_000  # draws x rows held at once


@dataclass(frozen=True, slots=True, eq=False)
class HazardLifetime:
    """Leaving at each renewal by tenure and covariates, and what a new customer is worth.

    Attributes
    ----------
    table
        One row a term of the logit of leaving at a renewal: log-odds with interval, odds ratio. ``log_renewal`` is the
        logarithm of the renewal's number: below 0, retention rises with tenure at equal covariates.
    curve
        One row a renewal of the horizon: share left, averaged over the covariates of the customers; with interval.
    values
        Lifetime value of a new customer like these, discounted, undiscounted and a year; with intervals.
    terms
        Margin, discount rate, horizon, timing and time between renewals.
    base, confidence, method
        As in every result; the base is customers.
    """

    table: pd.DataFrame
    curve: pd.DataFrame
    values: pd.DataFrame
    terms: LifetimeTerms
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        worth = self.values.iloc[0]
        return (
            f"HazardLifetime: a new customer is worth {worth['lifetime_value']:,.0f} over {self.terms.horizon_years} "
            f"years ({worth['lifetime_value_low']:,.0f} to {worth['lifetime_value_high']:,.0f}); base {self.base:,}"
        )


def fit_hazard_lifetime(
    customers: pd.DataFrame,
    terms: LifetimeTerms,
    covariates: Sequence[str] = (),
    *,
    draws: int = 1000,
    rng: np.random.Generator | None = None,
    confidence: float = 0.95,
) -> HazardLifetime:
    """What is a new customer worth, given who left at which renewal?

    An odds ratio of 0.8 means: with one unit more of that covariate the odds of leaving at a renewal are a fifth lower,
    at the same tenure. It is an association.

    Parameters
    ----------
    customers
        One row a customer: `renewals` (how many came up until he left or was last seen, 1 or more), `left` (1 when he
        left at the last of them, 0 when he is still there), and the covariates as numbers that do not change.
    terms
        Margin a year, discount rate, horizon, timing, time between renewals.
    covariates
        Columns of `customers`; default: tenure alone.
    draws, rng
        Resamples of the customers, all renewals of one together, and their generator; default: 1,000 draws of seed 1.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When a column is missing or unusable, too few left or stayed, or the covariates separate the two.

    Notes
    -----
    Discrete-time hazard: a logit on person-periods with log tenure (Singer and Willett 1993, doi:10.2307/1165085;
    Allison 1982, doi:10.2307/270718). Beyond what was seen the logarithm is carried on.
    """
    renewals, left, x = _columns(customers, covariates)
    person, tenure = person_periods(np.zeros_like(renewals), renewals)
    design = np.column_stack([np.ones(len(person)), np.log(tenure), x[person]])
    leaves = (left[person] == 1) & (tenure == renewals[person])
    names = ("intercept", "log_renewal", *covariates)
    _check_events(leaves, len(names) - 1)
    check_separation(design, leaves.astype(float), names)
    rng = np.random.default_rng(1) if rng is None else rng
    counts = np.vstack([np.ones(len(left)), rng.multinomial(len(left), np.full(len(left), 1 / len(left)), draws)])
    beta = _coefficients(design, leaves.astype(float), counts, person)
    survival = _survival(beta, x, counts, int(terms.horizon_years * terms.periods))
    return HazardLifetime(
        table=_table(names, beta, confidence),
        curve=_curve(survival, confidence),
        values=_values(survival, terms, confidence),
        terms=terms,
        base=len(left),
        confidence=confidence,
        method=_method(terms, draws, confidence, int(leaves.sum()), len(person)),
    )


def _columns(
    customers: pd.DataFrame, covariates: Sequence[str]
) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], FloatArray, FloatArray]:
    for column in ("renewals", "left", *covariates):
        if column not in customers.columns:
            raise EstimationError(sentence(_NO_COLUMN, column=column))
    numbers = customers[["renewals", "left", *covariates]].to_numpy(dtype=float)
    renewals, left = numbers[:, 0], numbers[:, 1]
    if not np.isfinite(numbers).all():
        raise EstimationError(sentence(_EMPTY))
    if not ((renewals >= 1) & (renewals == np.floor(renewals))).all() or not np.isin(left, (0, 1)).all():
        raise EstimationError(sentence(_NO_RENEWALS))
    return renewals.astype(np.int64), left, numbers[:, 2:]


def _check_events(leaves: np.ndarray, columns: int) -> None:
    rarer = int(min(leaves.sum(), (~leaves).sum()))
    if rarer < MINIMUM_EVENTS * columns:
        raise EstimationError(sentence(_TOO_FEW, rarer=rarer, columns=columns, needed=MINIMUM_EVENTS * columns))


_NO_COLUMN = "The table of customers has no column {column}. Expected renewals, left and the covariates."
_EMPTY = "The table of customers has empty cells. Fill them in, or leave these customers out."
_NO_RENEWALS = "Renewals must be whole numbers of 1 or more, and left 0 or 1. Leave out customers before their first."
_TOO_FEW = (
    "Renewals that ended in leaving, or those that went through, number {rarer:count}; {columns:count} columns need "
    "{needed:count} of each. Use fewer covariates, or follow more customers."
)


def _coefficients(design: FloatArray, leaves: FloatArray, counts: FloatArray, person: np.ndarray) -> FloatArray:
    """Coefficients (B + 1, k) of the sample and of each draw; equal renewals are counted, not fitted one by one."""
    cells, cell = np.unique(np.column_stack([design, leaves]), axis=0, return_inverse=True)
    order = np.argsort(cell.ravel(), kind="stable")
    first = np.searchsorted(cell.ravel()[order], np.arange(len(cells)))
    x, y = cells[:, :-1], cells[:, -1]
    size = max(1, _CELLS // len(person))
    spans = [slice(i, i + size) for i in range(0, len(counts), size)]
    weights = np.concatenate([np.add.reduceat(counts[s][:, person[order]], first, axis=1) for s in spans])
    start = logit_coefficients(x, y, weights[:1], np.zeros(x.shape[1]))[0]
    return logit_coefficients(x, y, weights, start)


def _survival(beta: FloatArray, x: FloatArray, counts: FloatArray, horizon: int) -> FloatArray:
    """Share left (B + 1, H + 1) after each renewal, averaged over the customers of each draw."""
    profiles, place = np.unique(x, axis=0, return_inverse=True)
    members = np.zeros((len(x), len(profiles)))
    members[np.arange(len(x)), place.ravel()] = 1.0
    weight = counts @ members / len(x)
    risk = beta[:, :1] + beta[:, 2:] @ profiles.T
    left = np.ones(risk.shape)
    curve = [np.ones(len(beta))]
    for renewal in range(1, horizon + 1):
        left = left * inverse_logit(-(risk + beta[:, 1:2] * np.log(renewal)))
        curve.append((left * weight).sum(axis=1))
    return np.column_stack(curve)


def _bounds(values: FloatArray, confidence: float, name: str) -> dict[str, float]:
    return Estimate(float(values[0]), values[1:]).bounds(confidence).named(name)


def _table(names: Sequence[str], beta: FloatArray, confidence: float) -> pd.DataFrame:
    rows = [
        {"term": n, **_bounds(beta[:, i], confidence, "log_odds"), "odds_ratio": float(np.exp(beta[0, i]))}
        for i, n in enumerate(names)
    ]
    return pd.DataFrame(rows)


def _curve(survival: FloatArray, confidence: float) -> pd.DataFrame:
    renewals = range(1, survival.shape[1])
    return pd.DataFrame([{"renewal": t, **_bounds(survival[:, t], confidence, "fitted_survival")} for t in renewals])


def _values(survival: FloatArray, terms: LifetimeTerms, confidence: float) -> pd.DataFrame:
    def worth(rate: float) -> FloatArray:
        multiple = curve_multiple(survival, discount_rate=rate, timing=terms.timing)
        return np.asarray(multiple * terms.margin / terms.periods)

    whole, years = worth(terms.period_rate), annuity(np.array(1 / (1 + terms.discount_rate)), terms.horizon_years)
    views = {"discounted": whole, "undiscounted": worth(0.0), "yearly": whole / float(years)}
    rows = [{"counted": k, **_bounds(v, confidence, "lifetime_value")} for k, v in views.items()]
    return pd.DataFrame(rows)


def _method(terms: LifetimeTerms, draws: int, confidence: float, events: int, periods: int) -> Sentence:
    return sentence(
        "Discrete-time hazard: a logit of leaving on {periods:count} renewals ({events:count} ended in leaving), with "
        "log tenure and the covariates; lifetime value: margins of {years:count} years times the share left, "
        "discounted at {rate:percent1} a year, averaged over the customers. {confidence:percent} intervals: "
        "percentiles over {draws:count} resamples of the customers.",
        periods=periods,
        events=events,
        years=terms.horizon_years,
        rate=terms.discount_rate,
        confidence=confidence,
        draws=draws,
    )
