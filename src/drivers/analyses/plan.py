"""Does the plan pay? Costs, reach and time set against the margins that go with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from drivers.analyses.flows import Customers, KeptMargins
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.initiative import Initiative, initiatives, joined_paths, whole_cost
from drivers.analyses.levers import driver_levers, united_plan
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.terms import ValueTerms
from drivers.analyses.tornado import plan_tornado
from drivers.core.cashflow import payback_years
from drivers.core.estimate import Estimate
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

MONEY_CONFIDENCE = 0.90
"""Level of intervals of money where the client file states none: one chance in twenty of less than their lower end."""


@dataclass(frozen=True, slots=True, eq=False)
class PlanReturn:
    """What the planned improvements cost, what goes with them, and whether they pay.

    Attributes
    ----------
    table
        One row a plan with a cost, best net value first: rise of the driver's mean, reach, months to full size, costs,
        lifetime value, net value and return on investment with intervals, payback, break-even rise, probability that it
        pays, share of customers at the top of the scale and the rise that the others need.
    together
        The same, in one row, for all of them at once.
    tornado
        What the net value of all plans together depends on: one row an input, with the net value at its low and at its
        high end, all others as expected; widest first.
    terms
        Margin, discount rate, horizon, customers and timing.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    together: pd.DataFrame
    tornado: pd.DataFrame
    terms: ValueTerms
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.together.iloc[0]
        return (
            f"PlanReturn: net value {row['net_value']:,.0f} ({row['net_value_low']:,.0f} to "
            f"{row['net_value_high']:,.0f}); probability that it pays {row['pays_probability']:.0%}"
        )


def plan_return(
    link: RetentionLink,
    terms: ValueTerms,
    plan: Mapping[str, PlannedImprovement],
    *,
    rng: np.random.Generator | None = None,
    confidence: float = MONEY_CONFIDENCE,
) -> PlanReturn:
    """Does the plan pay?

    A net value of 300,000 means: over the horizon, the margins that go with the improvement are worth that much more
    now than the plan costs. A probability of 0.8 that it pays means: so in 80% of the draws, in which the respondents
    and the rise vary. It is an association: it holds for a plan only if satisfaction and retention follow the driver.

    Parameters
    ----------
    link
        The link from satisfaction to retention, with the survey and the draws that the whole chain shares.
    terms
        Margin, discount rate, horizon, customers, timing.
    plan
        Improvements by driver; those without a cost are left out.
    rng
        Draws the rise where it is uncertain; default: a generator of seed 1.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When no plan has a cost, or the complete answers cannot support the drivers.
    """
    rng = np.random.default_rng(1) if rng is None else rng
    levers = driver_levers(link.model)
    plans = initiatives(levers, united_plan(levers, plan), rng, terms.horizon_years)
    if not plans:
        raise EstimationError(sentence("No plan has a cost, so none can pay or fail. Add a cost to [plan]."))
    customers = Customers.of(link.model, terms)
    singles = [one.path() for one in plans]
    *kept, all_kept = customers.kept_margins([*singles, joined_paths(plans)])
    rows = [_row([one], k, confidence) | _one(customers, one) for one, k in zip(plans, kept, strict=True)]
    table = pd.DataFrame(rows).sort_values("net_value", ascending=False, ignore_index=True)
    return PlanReturn(
        table=table[["driver", "label", *(c for c in table if c not in ("driver", "label"))]],
        together=pd.DataFrame([_row(plans, all_kept, confidence)]),
        tornado=plan_tornado(customers, plans, confidence),
        terms=terms,
        base=plans[0].lever.base,
        confidence=confidence,
        method=_method(link, terms, plans, confidence),
    )


def _row(plans: list[Initiative], kept: KeptMargins, confidence: float) -> dict[str, object]:
    """What these plans together cost and bring."""
    terms = kept.terms
    cost, worth = whole_cost(plans, terms), kept.worth()
    net = worth - cost
    once, yearly = (sum(getattr(one, name) for one in plans) for name in ("once", "yearly"))
    back = payback_years(kept.payments, once, yearly, discount_rate=terms.discount_rate, timing=terms.timing)
    returned = net / cost if cost > 0 else Estimate(float("nan"), np.full(len(net.replicates), np.nan))
    return {
        "total_cost": cost,
        **worth.bounds(confidence).named("lifetime_value"),
        **net.bounds(confidence).named("net_value"),
        **returned.bounds(confidence).named("return_on_investment"),
        "payback_years": back,
        "pays_probability": net.positive_probability(),
    }


def _one(customers: Customers, plan: Initiative) -> dict[str, object]:
    """What is said of one plan only: its driver, its rise and where its scale ends."""
    lever = plan.lever
    return {
        "driver": lever.driver,
        "label": lever.label,
        "improvement": plan.rise.value,
        "reach": plan.wish.reach,
        "ramp_up_months": plan.wish.ramp_up_months,
        "break_even": _break_even(customers, plan),
        "room": lever.room,
        "top_share": lever.top_share,
        "needed_rise": lever.needed_rise(plan.rise.value),
    }


def _break_even(customers: Customers, plan: Initiative) -> float:
    """The rise of the mean at which the plan just pays, as far as the scale goes; NaN where none does."""
    lever, terms = plan.lever, customers.terms
    cost = whole_cost([plan], terms)
    empty = np.empty((0, terms.horizon_years))

    def net(rise: float) -> float:
        path = plan.grown * lever.slope.value * rise
        return KeptMargins(customers.sample_payments([path])[0], empty, terms).worth().value - cost

    if cost <= 0:
        return 0.0
    return float(brentq(net, 0.0, lever.room, rtol=1e-9)) if lever.room > 0 and net(lever.room) > 0 else float("nan")


def _method(link: RetentionLink, terms: ValueTerms, plans: list[Initiative], confidence: float) -> Sentence:
    return sentence(
        "Each rise grows evenly over its months, times its reach; satisfaction, retention and margin follow as above. "
        "Costs and margins over {years:count} years are discounted at {rate:percent1}, yearly costs at the start of "
        "each year. {rises} Probability and {confidence:percent} intervals: {draws:count} joint resamples of the "
        "respondents{and_rises}; costs, reach, discount rate and number of customers count as certain. New customers "
        "are not counted. Swings: each input at its own range, others as expected.",
        years=terms.horizon_years,
        rate=terms.discount_rate,
        rises=sentence(_SPREAD if any(p.uncertain for p in plans) else _CERTAIN),
        and_rises=sentence(_AND_RISES) if any(p.uncertain for p in plans) else sentence(""),
        confidence=confidence,
        draws=link.model.resample.draws,
    )


_SPREAD = "A rise with a least and a most is drawn from a triangular distribution; its mean is the expected rise."
_CERTAIN = "The rises count as certain, since the client file gives no least and most."
_AND_RISES = " and draws of the rises"
