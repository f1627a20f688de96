"""Did satisfaction keep customers in both waves, and what is the rise worth that a plan brought?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
import pandas as pd

from drivers.analyses.differences import PlanEffect
from drivers.analyses.eventstudy import reached_rows
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.terms import ValueTerms, known_margins, worth_of, yearly_retention
from drivers.analyses.value import SatisfactionValue
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity
from drivers.core.logit import inverse_logit
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class LoyaltyChange:
    """The link to staying and the value of satisfied customers, in two waves.

    Attributes
    ----------
    table
        One row a measure: marginal_effect (percentage points of staying for a point of satisfaction) and, where
        customers have a value, extra_yearly (extra lifetime value of the satisfied, a year); before and after with
        intervals, and their difference with its interval.
    before, after
        Names of the two waves.
    base, base_before, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    before: str
    after: str
    base: int
    base_before: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return (
            f"LoyaltyChange: one point of satisfaction goes with {100 * row['value_before']:+.1f} percentage points of "
            f"retention before, {100 * row['value_after']:+.1f} after; base {self.base}"
        )


def loyalty_change(
    links: tuple[RetentionLink, RetentionLink], values: tuple[SatisfactionValue, SatisfactionValue] | None = None
) -> LoyaltyChange:
    """Do satisfied customers stay in both waves, and are they worth as much?

    Parameters
    ----------
    links
        The link from satisfaction to staying in the earlier and in the later wave.
    values
        The value of satisfied customers in both.

    Raises
    ------
    EstimationError
        Never by itself: links and values are found already.
    """
    rows = [_row("marginal_effect", *links)]
    if values is not None:
        rows.append(_row("extra_yearly", *values))
    before, after = links
    return LoyaltyChange(
        table=pd.DataFrame(rows),
        before=str(before.model.survey.wave),
        after=str(after.model.survey.wave),
        base=after.base,
        base_before=before.base,
        confidence=after.confidence,
        method=sentence(
            "The logit of leaving in each wave; intervals of wave {before} from its first {draws:count} resamples; "
            "those of a difference from the two intervals (Zou and Donner 2008), as if other customers answered in "
            "each wave.",
            before=before.model.survey.wave,
            draws=before.model.resample.draws,
        ),
    )


def _row(name: str, before: object, after: object) -> dict[str, object]:
    ends = {f"value{end}": getattr(before, f"{name}{end}") for end in ("", "_low", "_high")}
    later = {f"value{end}": getattr(after, f"{name}{end}") for end in ("", "_low", "_high")}
    gap = later["value"] - ends["value"]
    low = gap - sqrt((later["value"] - later["value_low"]) ** 2 + (ends["value_high"] - ends["value"]) ** 2)
    high = gap + sqrt((later["value_high"] - later["value"]) ** 2 + (ends["value"] - ends["value_low"]) ** 2)
    return {
        "measure": name,
        **{k.replace("value", "value_before"): v for k, v in ends.items()},
        **{k.replace("value", "value_after"): v for k, v in later.items()},
        "value_change": gap,
        "value_change_low": low,
        "value_change_high": high,
    }


@dataclass(frozen=True, slots=True, eq=False)
class PlanWorth:
    """The lifetime value of the satisfaction that a plan brought.

    Attributes
    ----------
    table
        One row: yearly and total amount with intervals, probability that it is above zero.
    terms
        Margin, discount rate, horizon, customers and timing.
    base, confidence, method
        As in every result; the base are respondents whom the plan reaches.
    """

    table: pd.DataFrame
    terms: ValueTerms
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return (
            f"PlanWorth: {row['plan_yearly']:,.0f} a year ({row['plan_yearly_low']:,.0f} to "
            f"{row['plan_yearly_high']:,.0f})"
        )


def plan_worth(
    link: RetentionLink,
    terms: ValueTerms,
    effect: PlanEffect,
    rng: np.random.Generator | None = None,
    *,
    confidence: float = 0.95,
) -> PlanWorth:
    """What is the rise of satisfaction worth that the plan brought?

    An amount of 150,000 a year means: the customers whom the plan reached would together be worth that much margin a
    year less if they were as much less satisfied as the plan is estimated to have lifted them, and stayed as customers
    with lower satisfaction stay. It rests on two links, from plan to satisfaction and from satisfaction to staying; the
    second is an association.

    Parameters
    ----------
    link
        The link from satisfaction to staying in the later wave.
    terms
        Margin, discount rate, horizon, customers, timing.
    effect
        What the plan did to satisfaction.
    rng
        Source of the draws of that effect; default: a generator of seed 1.
    confidence
        Level of the intervals.

    Raises
    ------
    EstimationError
        When no margin is known.
    """
    model, rng = link.model, np.random.default_rng(1) if rng is None else rng
    margin = known_margins(model.survey, model.index, terms.margin)
    reached = reached_rows(model.survey).to_numpy()[model.index]
    known = np.isfinite(margin) & np.isfinite(reached)
    now, x, lowest = model.patterns[:, 1], model.patterns, model.survey.scales[model.survey.outcome].low

    def values(beta: np.ndarray, shift: np.ndarray) -> Sequence[np.ndarray]:
        fallen = now - np.maximum(now - shift, min(lowest, now.min()))
        own, without = (beta @ x.T, beta @ x.T - beta[:, 1:2] * fallen)
        return (_worth(own, terms) - _worth(without, terms),)

    weighting = model.weighting(known, np.where(known, margin * reached, 0.0))
    shift = _drawn(effect, len(model.draws), rng)
    total = model.means(values, (weighting,), (shift,))[0][0] * float(terms.customers)
    yearly = total / float(annuity(np.array(1 / (1 + terms.discount_rate)), terms.horizon_years))
    row: Mapping[str, float] = {
        **yearly.bounds(confidence).named("plan_yearly"),
        **total.bounds(confidence).named("plan_total"),
        "positive_probability": total.positive_probability(),
    }
    return PlanWorth(
        table=pd.DataFrame([row]),
        terms=terms,
        base=int((known & (reached == 1)).sum()),
        confidence=confidence,
        method=sentence(
            "Worth of the plan: lifetime value of those reached, less what it would be if each were lower by the "
            "plan's effect on satisfaction (draws from its estimate and error) and stayed as the logit of leaving "
            "says; {customers:count} customers, {years:count} years at {rate:percent1}, spread evenly over the years; "
            "{confidence:percent} intervals.",
            confidence=confidence,
            customers=terms.customers,
            years=terms.horizon_years,
            rate=terms.discount_rate,
        ),
    )


def _worth(log_odds: np.ndarray, terms: ValueTerms) -> np.ndarray:
    return worth_of(yearly_retention(inverse_logit(-log_odds), terms), terms)


def _drawn(effect: PlanEffect, draws: int, rng: np.random.Generator) -> Estimate:
    """The effect with draws that spread as its interval says."""
    return Estimate(effect.effect, effect.effect + effect.error * rng.standard_normal(draws))
