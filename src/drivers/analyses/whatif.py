"""What if the drivers rose or fell? Everything that an answer needs, small enough to go with the findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.leaving import LeavingModel
from drivers.analyses.levers import Lever, driver_levers, united_plan
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.margins import through_phrase
from drivers.analyses.plan import MONEY_CONFIDENCE
from drivers.analyses.renewals import years_phrase
from drivers.analyses.responses import satisfaction_responses
from drivers.analyses.scenario import COSTS, SimulatedPlan, check_driver, scenario_costs, scenario_return
from drivers.analyses.terms import ValueTerms
from drivers.core.estimate import Estimate
from drivers.core.packing import packed, piecewise_cubic, unpacked
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

if TYPE_CHECKING:
    from drivers.analyses.findings import Findings

MEASURES = ("satisfaction", "retention", "yearly_margin", "lifetime_value")
"""What changes with satisfaction; the first follows from the drivers, the others from the table of responses."""

_POINTS_DOWN, _POINTS_UP = 1, 2  # scale points of satisfaction for which responses are kept


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """The sample and every draw, reduced to what a change of the drivers needs.

    Attributes
    ----------
    table
        One row a driver: its mean, the ends of its scale, the lowest and highest answer given, the slope of
        satisfaction on it, and what the client file plans for it: the rise of its mean and what that costs.
    now
        Today's mean satisfaction with the ends of its scale, and yearly retention, one row.
    discount_rate, horizon_years
        What costs over the years are brought to today's money with: the yearly rate, as a fraction, and the years.
    draws
        Number B of draws.
    slopes
        Slopes of satisfaction on the drivers: B + 1 rows (the sample first, then the draws) of one number a driver in
        the order of `table`, as base64 of little-endian 32-bit floats.
    first_gain, gain_step, gains
        The gains in mean satisfaction for which responses are kept: the first, their distance, their number.
    responses
        Change of retention, yearly margin and lifetime value of all customers at each of these gains: (B + 1) x 3 x
        gains numbers, packed like `slopes`. Between gains: the cubic through the four gains of each stretch of three
        steps; beyond the last, the value there.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    now: pd.DataFrame
    discount_rate: float
    horizon_years: int
    draws: int
    slopes: str
    first_gain: float
    gain_step: float
    gains: int
    responses: str
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"WhatIf: {len(self.table)} drivers, {self.draws} draws"


def what_if(
    link: RetentionLink,
    terms: ValueTerms,
    plan: Mapping[str, PlannedImprovement] = MappingProxyType({}),
    *,
    confidence: float = MONEY_CONFIDENCE,
) -> WhatIf:
    """What does a simulation need to know of these answers?

    A simulation rests on these numbers alone, wherever it runs: satisfaction follows from the slopes, the rest from the
    responses to a gain in satisfaction. No answer of any respondent is in them. The costs of `plan` go with them.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers, or no margin is known.
    """
    model, found_levers = link.model, driver_levers(link.model)
    planned, levers = united_plan(found_levers, plan), list(found_levers.values())
    scale = model.survey.scales[model.survey.outcome]
    step = max(1.0, (scale.high - scale.low) / 10) / 3  # three steps a scale point: answers at the top give kinks there
    gains = step * np.arange(-3 * _POINTS_DOWN, 3 * _POINTS_UP + 1)
    retention, found = _responses(model, terms, gains)
    slopes = np.column_stack([np.r_[lever.slope.value, lever.slope.replicates] for lever in levers])
    return WhatIf(
        table=pd.DataFrame([_lever_row(lever, planned.get(lever.driver)) for lever in levers]),
        now=_now(model, retention),
        discount_rate=terms.discount_rate,
        horizon_years=terms.horizon_years,
        draws=len(model.draws),
        slopes=packed(slopes),
        first_gain=float(gains[0]),
        gain_step=step,
        gains=len(gains),
        responses=packed(found),
        base=levers[0].base,
        confidence=confidence,
        method=_method(model, terms, confidence),
    )


def _lever_row(lever: Lever, plan: PlannedImprovement | None) -> dict[str, object]:
    missing = float("nan")
    cost = None if plan is None else plan.cost
    return {
        "driver": lever.driver,
        "label": lever.label,
        "mean": lever.mean,
        "scale_low": lever.low,
        "scale_high": lever.high,
        "lowest_answer": lever.high - float(lever.rooms.max()),
        "highest_answer": lever.high - float(lever.rooms.min()),
        "top_share": lever.top_share,
        "slope": lever.slope.value,
        "improvement": missing if plan is None else min(plan.rise, lever.room),
        "cost": missing if cost is None else cost,
        "yearly_cost": missing if plan is None or cost is None else plan.yearly_cost,
    }


def _now(model: LeavingModel, retention: float) -> pd.DataFrame:
    scale, mean = model.survey.scales[model.survey.outcome], float(np.average(model.satisfaction, weights=model.w))
    ends = {"scale_low": scale.low, "scale_high": scale.high}
    return pd.DataFrame([{"mean_satisfaction": mean, **ends, "yearly_retention": retention}])


def _responses(model: LeavingModel, terms: ValueTerms, gains: np.ndarray) -> tuple[float, np.ndarray]:
    """Today's retention; change (B + 1, 3, gains) of retention, yearly margin and lifetime value at each gain."""
    shifts = [Estimate(float(g), np.full(len(model.draws), g)) for g in gains]
    found = satisfaction_responses(model, terms, shifts)
    measures = [[getattr(gain, name) for gain in found.gains] for name in ("retention", "yearly", "lifetime")]
    whole = np.array([[np.r_[e.value, e.replicates] for e in measure] for measure in measures])
    return found.retention.value, np.asarray(whole.transpose(2, 0, 1))


def simulate_plan(
    findings: Findings | WhatIf,
    changes: Mapping[str, float],
    *,
    costs: Mapping[str, float] = MappingProxyType({}),
    yearly_costs: Mapping[str, float] = MappingProxyType({}),
) -> SimulatedPlan:
    """What would go with these changes of the drivers?

    A yearly margin of 150,000 means: if the drivers changed so, and satisfaction and retention followed as they go
    together between customers today, that much more margin would be kept in the first year. It is an association.

    Parameters
    ----------
    findings
        The findings on a wave, or their `what_if`.
    changes
        Scale points by which the mean of each driver changes; a driver that is not named stays as it is. A change
        beyond the end of a scale stops there.
    costs, yearly_costs
        What raising a driver costs at the start, and at the start of every year, in whole currency units; for a driver
        that is not named what the client file plans, whatever the rise.

    Raises
    ------
    EstimationError
        When the findings put no amount on drivers, a name is no driver, a change is no number, a cost no amount, or
        satisfaction would change by more than was computed.
    """
    given = findings if isinstance(findings, WhatIf) else _found(findings)
    rows = given.table.set_index("driver")
    allowed = {driver: _allowed(rows, driver, change) for driver, change in changes.items()}
    slopes = unpacked(given.slopes, (given.draws + 1, len(rows)))
    gain = slopes @ np.array([allowed.get(driver, 0.0) for driver in rows.index])
    _check_gain(given, float(gain[0]))
    table = unpacked(given.responses, (given.draws + 1, len(MEASURES) - 1, given.gains))
    found = np.column_stack([gain, piecewise_cubic(gain, given.gain_step, given.first_gain, table)])
    asked = scenario_costs(rows, allowed, {"cost": costs, "yearly_cost": yearly_costs})
    return SimulatedPlan(
        table=pd.DataFrame([_measure(m, found[:, j], given.confidence) for j, m in enumerate(MEASURES)]),
        changes=pd.DataFrame([_change_row(rows, d, changes[d], allowed[d], asked) for d in changes], columns=_CHANGED),
        returns=_returns(given, found[:, MEASURES.index("lifetime_value")], asked),
        horizon_years=given.horizon_years,
        base=given.base,
        confidence=given.confidence,
        method=given.method,
    )


_CHANGED = ["driver", "label", "asked_change", "change", *COSTS]


def _change_row(
    rows: pd.DataFrame, driver: str, wished: float, allowed: float, costs: pd.DataFrame
) -> dict[str, object]:
    paid = {name: costs.loc[driver, name] for name in COSTS}
    label = rows.loc[driver, "label"]
    return {"driver": driver, "label": label, "asked_change": float(wished), "change": allowed, **paid}


def _returns(given: WhatIf, lifetime: np.ndarray, costs: pd.DataFrame) -> pd.DataFrame:
    found = scenario_return(
        Estimate(float(lifetime[0]), lifetime[1:]), costs, discount_rate=given.discount_rate, years=given.horizon_years,
        confidence=given.confidence,
    )  # fmt: skip
    return pd.DataFrame([found])


def _found(findings: Findings) -> WhatIf:
    if findings.what_if is None:
        reason = findings.unanswered.get("plan", sentence("The findings hold no amounts."))
        raise EstimationError(sentence("Nothing can be simulated. {reason}", reason=reason))
    return findings.what_if


def _allowed(rows: pd.DataFrame, driver: str, change: float) -> float:
    check_driver(rows, driver)
    if not isinstance(change, Real) or not np.isfinite(change):
        raise EstimationError(sentence("The change of “{name}” is no number; give scale points.", name=driver))
    row = rows.loc[driver]
    return float(np.clip(change, row["scale_low"] - row["mean"], row["scale_high"] - row["mean"]))


def _check_gain(given: WhatIf, gain: float) -> None:
    low, high = given.first_gain, given.first_gain + given.gain_step * (given.gains - 1)
    if not low <= gain <= high:
        raise EstimationError(sentence(TOO_FAR, gain=gain, low=low, high=high))


TOO_FAR = (
    "These changes go with {gain:signed2} points of satisfaction; expected {low:signed1} to {high:signed1}, further "
    "from today these answers say nothing. Make the changes smaller."
)


def _measure(name: str, found: np.ndarray, confidence: float) -> dict[str, object]:
    estimate = Estimate(float(found[0]), found[1:])
    bounds = estimate.bounds(confidence).named("value")
    return {"measure": name, **bounds, "positive_probability": estimate.positive_probability()}


def _method(model: LeavingModel, terms: ValueTerms, confidence: float) -> Sentence:
    return sentence(
        "Satisfaction follows the drivers by their regression slopes, within its scale; with it {follows}. First-year "
        "margin and lifetime value over {years:count} years for {customers:count} customers ({years_after}); full "
        "effect at once. {confidence:percent} intervals from {draws:count} joint resamples. Stated as "
        "association.",
        follows=through_phrase(terms),
        years_after=years_phrase(terms, model.survey),
        years=terms.horizon_years,
        customers=terms.customers,
        confidence=confidence,
        draws=len(model.draws),
    )
