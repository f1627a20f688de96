"""How should a budget be divided over the drivers?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.flows import Customers, KeptMargins
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.initiative import Initiative, initiatives, whole_cost
from drivers.analyses.levers import driver_levers, united_plan
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.plan import MONEY_CONFIDENCE
from drivers.analyses.terms import ValueTerms
from drivers.core.ceiling import best_split, spending_rate, spent_rise
from drivers.core.estimate import Estimate
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class BudgetSplit:
    """The best split of a budget over the drivers that have a plan.

    Attributes
    ----------
    table
        One row a driver, largest amount first: amount, share of the budget, the rise that it buys.
    comparison
        One row a way to spend (best, top driver alone, in proportion to the plans): lifetime value and net value with
        their intervals.
    top
        The driver on which the whole budget alone brings most.
    budget
        What there is to spend.
    more_than_top, more_than_top_low, more_than_top_high
        Lifetime value of the best split above that of the top driver alone.
    better_probability
        Share of the draws in which it is above zero.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    comparison: pd.DataFrame
    top: str
    budget: float
    more_than_top: float
    more_than_top_low: float
    more_than_top_high: float
    better_probability: float
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return f"BudgetSplit: {row['budget_share']:.0%} to {row['label']}; {self.more_than_top:,.0f} more than on one"


def budget_split(
    link: RetentionLink,
    terms: ValueTerms,
    plan: Mapping[str, PlannedImprovement],
    budget: float,
    *,
    confidence: float = MONEY_CONFIDENCE,
) -> BudgetSplit:
    """Which split of a budget brings most?

    An amount of 300,000 means: the next euro on this driver brings as much as on any other that gets money. The rise
    that an amount buys goes through the planned cost and rise and flattens towards the top of the scale; that form is
    assumed.

    Parameters
    ----------
    link
        The link from satisfaction to retention.
    terms
        Margin, discount rate, horizon, customers, timing.
    plan
        Improvements by driver; those without a cost are left out.
    budget
        What there is to spend, above 0.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When no plan costs something, the budget is not above 0, or no driver with a plan brings anything.
    """
    plans = [one for one in _initiatives(link, terms, plan) if whole_cost([one], terms) > 0 and one.lever.room > 0]
    if not plans or not budget > 0:
        raise EstimationError(
            sentence("A budget is divided over plans that cost something; expected one, and a budget above 0.")
        )
    customers = Customers.of(link.model, terms)
    curves = _Curves.of(customers, plans)
    best = best_split(budget, curves.worth, curves.room, curves.rate)
    if not best.any():
        raise EstimationError(
            sentence("In these data no planned improvement goes with a gain, so no split of the budget is best.")
        )
    costs = np.array([whole_cost([one], terms) for one in plans])
    alone = budget * np.eye(len(plans))
    sample = [curves.worth @ curves.rises(amounts) for amounts in alone]
    top = int(np.argmax(sample))
    best = alone[top] if np.allclose(best, alone[top]) else best
    ways = {"best": best, "top_driver": alone[top], "as_planned": budget * costs / costs.sum()}
    kept = customers.kept_margins([curves.path(plans, amounts) for amounts in ways.values()])
    worth = [one.worth() for one in kept]
    more = worth[0] - worth[1]
    return BudgetSplit(
        table=_table(plans, best, curves),
        comparison=pd.DataFrame([_way(name, w, budget, confidence) for name, w in zip(ways, worth, strict=True)]),
        top=plans[top].lever.label,
        budget=budget,
        **more.bounds(confidence).named("more_than_top"),
        better_probability=more.positive_probability(),
        base=plans[0].lever.base,
        confidence=confidence,
        method=_method(budget, terms, confidence),
    )


def _initiatives(link: RetentionLink, terms: ValueTerms, plan: Mapping[str, PlannedImprovement]) -> list[Initiative]:
    rng = np.random.default_rng(1)  # the rises of a plan give the curves; only their expected values are used
    levers = driver_levers(link.model)
    return initiatives(levers, united_plan(levers, plan), rng, terms.horizon_years)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Curves:
    """What money buys: worth of a point of each driver, its room, the rate of its curve, each (p,)."""

    worth: np.ndarray
    room: np.ndarray
    rate: np.ndarray

    @classmethod
    def of(cls, customers: Customers, plans: list[Initiative]) -> _Curves:
        terms, empty = customers.terms, np.empty((0, customers.terms.horizon_years))
        rise = np.array([one.rise.value for one in plans])
        kept = customers.sample_payments([one.lever.slope.value * one.rise.value * one.grown for one in plans])
        worth = np.array([KeptMargins(one, empty, terms).worth().value for one in kept]) / rise
        room = np.array([one.lever.room * one.wish.reach for one in plans])
        cost = np.array([whole_cost([one], terms) for one in plans])
        return cls(worth, room, spending_rate(cost, rise, room))

    def rises(self, amounts: np.ndarray) -> np.ndarray:
        """Rise (p,) of each driver for these amounts (p,)."""
        return spent_rise(amounts, self.room, self.rate)

    def path(self, plans: list[Initiative], amounts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Points of satisfaction gained in each year, of the sample (T,) and in the draws (B, T)."""
        parts = [(p.lever.slope * float(r), p.grown) for p, r in zip(plans, self.rises(amounts), strict=True)]
        sample = np.sum([gain.value * grown for gain, grown in parts], axis=0)
        return sample, np.sum([gain.replicates[:, None] * grown for gain, grown in parts], axis=0)


def _table(plans: list[Initiative], amounts: np.ndarray, curves: _Curves) -> pd.DataFrame:
    rows = [
        {
            "driver": one.lever.driver,
            "label": one.lever.label,
            "amount": float(amount),
            "budget_share": float(amount / amounts.sum()),
            "improvement": float(rise),
            "room": one.lever.room,
        }
        for one, amount, rise in zip(plans, amounts, curves.rises(amounts), strict=True)
    ]
    return pd.DataFrame(rows).sort_values("amount", ascending=False, ignore_index=True)


def _way(name: str, worth: Estimate, budget: float, confidence: float) -> dict[str, object]:
    net = worth - budget
    return {
        "way": name,
        **worth.bounds(confidence).named("lifetime_value"),
        **net.bounds(confidence).named("net_value"),
        "pays_probability": net.positive_probability(),
    }


def _method(budget: float, terms: ValueTerms, confidence: float) -> Sentence:
    return sentence(
        "Split of {budget:money}: the rise that an amount buys is room x (1 - exp(-rate x amount)), through the "
        "planned cost and rise and never beyond the scale; that form is assumed. The amounts are those at which the "
        "last euro brings the same everywhere, at the expected slopes; lifetime value over {years:count} years, and "
        "{confidence:percent} intervals on the same draws. Chosen and judged on the same data, so a small lead is "
        "flattered.",
        budget=budget,
        years=terms.horizon_years,
        confidence=confidence,
    )
