"""What is a customer under contract worth, when retention may change with tenure?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from drivers.analyses.cohorts import Cohort
from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.analyses.notice import Notice
from drivers.core.contract import (
    cohort_survival,
    expected_lifetime,
    fit_beta_geometric,
    rise_p_value,
)
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity, curve_multiple
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

ContractModel = Literal["constant", "curve", "contract"]
SHOWN_P = 0.05
"""Below this p-value retention is said to rise with tenure."""


@dataclass(frozen=True, slots=True, eq=False)
class ContractLifetime:
    """Survival of a cohort under contract, and what a new customer is worth.

    Attributes
    ----------
    table
        One row a renewal: customers who came to it, share observed to be left after it (Kaplan-Meier), retention at
        it, and the share left that the model gives, over the horizon; with intervals.
    values
        Lifetime value of a new customer by the way it is counted: discounted, undiscounted, as equal yearly amounts,
        without a horizon (contract model only), and for comparison with one retention for all renewals: their average,
        or that of the first; with intervals.
    parameters
        Parameters of the model with intervals; empty for the curve.
    model
        ``constant``, ``curve`` or ``contract``.
    rise_p
        p-value of the test that retention rises with tenure; 1 where no rise can be fitted.
    notices
        What a reader must know, such as constant retention used although it rises.
    terms
        Margin, discount rate, horizon, timing and time between renewals.
    base, confidence, method
        As in every result; the base is customers of the cohorts.
    """

    table: pd.DataFrame
    values: pd.DataFrame
    parameters: pd.DataFrame
    model: ContractModel
    rise_p: float
    notices: tuple[Notice, ...]
    terms: LifetimeTerms
    base: int
    confidence: float
    method: Sentence

    @property
    def rises(self) -> bool:
        """Whether retention is shown to rise with tenure."""
        return self.rise_p < SHOWN_P

    def __repr__(self) -> str:
        worth = self.values.iloc[0]
        return (
            f"ContractLifetime: a new customer is worth {worth['lifetime_value']:,.0f} over "
            f"{self.terms.horizon_years} years ({worth['lifetime_value_low']:,.0f} to "
            f"{worth['lifetime_value_high']:,.0f}); base {self.base:,}"
        )


def fit_contract_lifetime(
    cohorts: pd.DataFrame,
    terms: LifetimeTerms,
    *,
    model: ContractModel = "contract",
    draws: int = 1000,
    rng: np.random.Generator | None = None,
    confidence: float = 0.95,
) -> ContractLifetime:
    """What is a new customer worth, given how long earlier ones stayed?

    A lifetime value of 370 means: the margins of the horizon, each times the chance of still being a customer and
    discounted to today, add up to 370. Nothing is said about why customers stay.

    Parameters
    ----------
    cohorts
        One row a renewal of a cohort: `renewal` (0 for the start, then 1, 2, …), `customers` still there after it, and,
        with several cohorts, `cohort`. Cohorts may be seen for different times.
    terms
        Margin a year, discount rate, horizon, timing, time between renewals.
    model
        ``contract``: shifted beta-geometric (Fader and Hardie 2007, doi:10.1002/dir.20074). ``curve``: the observed
        curve itself (Kaplan and Meier 1958), no further than it was seen. ``constant``: one retention rate, with a
        warning where retention rises with tenure.
    draws, rng
        Resamples of the cohorts' customers, and their generator; default: 1,000 draws of seed 1.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the table is not one of cohorts, the horizon is longer than the curve, or the model does not converge.
    """
    rng = np.random.default_rng(1) if rng is None else rng
    cohort = Cohort.drawn(cohorts, _horizon(terms), rng, draws)
    fitted, parameters, rise_p = _fitted(cohort, model)
    shown = _Money(terms, confidence)
    rows = [*shown.rows(fitted), *shown.endless(parameters, model)]
    if model != "constant":
        rows.append(shown.row("constant_retention", shown.worth(cohort.constant(cohort.retention()))))
        rows.append(shown.row("first_retention", shown.worth(cohort.constant(1 - cohort.hazard[:, 0]))))
    names = {"contract": ("alpha", "beta"), "constant": ("retention",), "curve": ()}[model]
    return ContractLifetime(
        table=_table(cohort, fitted, confidence),
        values=pd.DataFrame(rows),
        parameters=_parameters(names, parameters, confidence),
        model=model,
        rise_p=rise_p,
        notices=_notices(cohort, model, rise_p),
        terms=terms,
        base=int(cohort.counts[0].sum()),
        confidence=confidence,
        method=_method(model, terms, draws, confidence),
    )


def _horizon(terms: LifetimeTerms) -> int:
    if terms.unit not in ("month", "quarter", "year"):
        raise EstimationError(
            sentence("Contracts are renewed each month, quarter or year. Use one of these as the unit.")
        )
    return int(terms.horizon_years * terms.periods)


def _fitted(cohort: Cohort, model: ContractModel) -> tuple[np.ndarray, np.ndarray, float]:
    """Survival (B + 1, H + 1) and parameters (B + 1, k) of the sample and of each draw, and the p-value of a rise."""
    if model == "contract":
        fit = fit_beta_geometric(cohort.lost, cohort.kept)
        drawn = fit.drawn(cohort.counts[1:], cohort.counts[0])
        parameters = np.vstack([fit.parameters, drawn])
        rise = rise_p_value(cohort.lost, cohort.kept, fit.log_likelihood)
        return cohort_survival(parameters, cohort.horizon), parameters, rise
    rise = _rise(cohort)
    if model == "constant":
        return cohort.constant(cohort.retention()), cohort.retention()[:, None], rise
    seen = len(cohort.lost)
    if cohort.horizon > seen:
        raise EstimationError(sentence(_UNSEEN, seen=seen, horizon=cohort.horizon))
    kept = np.cumprod(1.0 - np.nan_to_num(cohort.hazard, nan=1.0), axis=1)
    return np.column_stack([np.ones(len(kept)), kept])[:, : cohort.horizon + 1], np.empty((len(kept), 0)), rise


_UNSEEN = (
    "The cohorts were seen for {seen:count} renewals, but the horizon has {horizon:count}. Shorten horizon_years, or "
    'use model = "contract", which goes beyond what was seen.'
)


def _rise(cohort: Cohort) -> float:
    try:
        fit = fit_beta_geometric(cohort.lost, cohort.kept)
    except EstimationError:  # retention that does not rise has no finite maximum
        return 1.0
    return rise_p_value(cohort.lost, cohort.kept, fit.log_likelihood)


@dataclass(frozen=True, slots=True, eq=False)
class _Money:
    """Curves of survival in money, on these terms."""

    terms: LifetimeTerms
    confidence: float

    def worth(self, survival: np.ndarray, rate: float | None = None) -> np.ndarray:
        """Lifetime values (B + 1,) along curves (B + 1, H + 1)."""
        rate = self.terms.period_rate if rate is None else rate
        multiple = curve_multiple(survival, discount_rate=rate, timing=self.terms.timing)
        return multiple * self.terms.margin / self.terms.periods

    def row(self, counted: str, values: np.ndarray) -> dict[str, object]:
        bounds = Estimate(float(values[0]), values[1:]).bounds(self.confidence)
        return {"counted": counted, **bounds.named("lifetime_value")}

    def rows(self, survival: np.ndarray) -> list[dict[str, object]]:
        whole = self.worth(survival)
        years = annuity(np.array(1 / (1 + self.terms.discount_rate)), self.terms.horizon_years)
        return [
            self.row("discounted", whole),
            self.row("undiscounted", self.worth(survival, 0.0)),
            self.row("yearly", whole / float(years)),
        ]

    def endless(self, parameters: np.ndarray, model: ContractModel) -> list[dict[str, object]]:
        """Without a horizon, where the model goes beyond what was seen and margins are discounted."""
        if model != "contract" or not self.terms.discount_rate > 0:
            return []
        rate = self.terms.period_rate
        multiple = expected_lifetime(parameters, rate)
        moved = {"advance": multiple, "arrears": multiple / (1 + rate), "renewal": multiple - 1}[self.terms.timing]
        return [self.row("endless", moved * self.terms.margin / self.terms.periods)]


def _table(cohort: Cohort, fitted: np.ndarray, confidence: float) -> pd.DataFrame:
    seen, horizon = len(cohort.lost), cohort.horizon
    most = max(seen, horizon)
    observed = {"survival": np.cumprod(1 - cohort.hazard, axis=1), "period_retention": 1 - cohort.hazard}
    rows = []
    for t in range(1, most + 1):
        row: dict[str, object] = {"renewal": t, "at_risk": cohort.at_risk[t - 1] if t <= seen else np.nan}
        for name, curve in observed.items():
            row |= _bounds(curve[:, t - 1] if t <= seen else None, confidence, name)
        row |= _bounds(fitted[:, t] if t <= horizon else None, confidence, "fitted_survival")
        rows.append(row)
    return pd.DataFrame(rows)


def _bounds(values: np.ndarray | None, confidence: float, name: str) -> dict[str, float]:
    if values is None or not np.isfinite(values[0]):
        return dict.fromkeys((name, f"{name}_low", f"{name}_high"), float("nan"))
    return Estimate(float(values[0]), values[1:]).bounds(confidence).named(name)


def _parameters(names: tuple[str, ...], values: np.ndarray, confidence: float) -> pd.DataFrame:
    rows = [{"parameter": n, **_bounds(values[:, i], confidence, "fitted_value")} for i, n in enumerate(names)]
    columns = ("parameter", "fitted_value", "fitted_value_low", "fitted_value_high")
    return pd.DataFrame(rows, columns=list(columns))


def _notices(cohort: Cohort, model: ContractModel, rise_p: float) -> tuple[Notice, ...]:
    """Constant retention is warned of where retention rises: it misses that the faithful stay."""
    if model != "constant" or not rise_p < SHOWN_P:
        return ()
    retention = 1 - cohort.hazard[0]
    text = sentence(
        "The lifetime value takes one retention rate for all years, but in the cohorts it rises: {first:percent1} of "
        'the customers stay at the first renewal, {last:percent1} at renewal {n:count}. Use model = "contract".',
        first=retention[0],
        last=retention[np.isfinite(retention)][-1],
        n=int(np.isfinite(retention).sum()),
    )
    return (Notice("constant_retention", text),)


_MODELS = {
    "contract": sentence(
        "shifted beta-geometric model (each customer renews with a constant chance, which differs between customers), "
        "by maximum likelihood"
    ),
    "curve": sentence("the observed curve of survival (Kaplan-Meier), no further than it was seen"),
    "constant": sentence("one retention rate: renewals made, of all renewals that came up"),
}
_TIMINGS = {
    "advance": sentence("the first margin comes now, the next after each renewal"),
    "arrears": sentence("each margin comes at the end of the period it is earned in"),
    "renewal": sentence("only margins after a renewal count, the first a period from now"),
}


def _method(model: ContractModel, terms: LifetimeTerms, draws: int, confidence: float) -> Sentence:
    return sentence(
        "Lifetime value of a new customer: sum of the margins of {years:count} years, each times the share of the "
        "cohort that is left, discounted at {rate:percent1} a year; {timing}. Survival: {model}. Rise of retention: "
        "likelihood ratio against constant retention, one-sided. {confidence:percent} intervals: percentiles over "
        "{draws:count} resamples of the cohorts' customers.",
        years=terms.horizon_years,
        rate=terms.discount_rate,
        timing=_TIMINGS[terms.timing],
        model=_MODELS[model],
        confidence=confidence,
        draws=draws,
    )
