"""What is true of Noordzee Telecom's third wave: what the mix of customers did to satisfaction, and what a plan did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.simulate.noordzee import CUSTOMERS, DISSATISFIED, SATISFIED, leaving_probability
from drivers.simulate.truth import extra_value_of, yearly_factors
from drivers.simulate.waves import KEPT, PLAN, STAYING_ON, followed_population


@dataclass(frozen=True, slots=True)
class ChangeTruth:
    """The change from 2025 to 2026 that the simulation was built to have.

    Attributes
    ----------
    change
        Points by which mean satisfaction rises, all customers of the one year against all of the other.
    mix
        The part of it that another mix of customers brings without any plan.
    plan
        The part that the plan brings, over all customers of 2026.
    plan_reached
        The same over those whom it reaches: what a comparison with those not reached should find.
    rises
        By item of the plan: points by which the recorded rating of those reached rises.
    left
        Share of the customers of 2026 who leave within twelve months.
    kept
        By wave: share of the callers whom the retention desk keeps.
    extra_value_a_year
        Extra lifetime value of the satisfied customers of 2026, euros a year; as in `Truth`.
    plan_value, plan_value_a_year
        Lifetime value that the plan's rise of satisfaction brings over the horizon, and spread evenly over its years.
    """

    change: float
    mix: float
    plan: float
    plan_reached: float
    rises: Mapping[str, float]
    left: float
    kept: Mapping[int, float]
    extra_value_a_year: float
    plan_value: float
    plan_value_a_year: float


def noordzee_change(seed: int, population: int = 1_000_000) -> ChangeTruth:
    """What is true of the change from 2025 to 2026? Three populations on the same draws: before, without plan, with."""

    def drawn(**how: bool) -> pd.DataFrame:
        return followed_population(np.random.default_rng(seed), population, **how)

    before, without, after = drawn(plan_works=False, same_mix=True), drawn(plan_works=False), drawn()
    reached = after["reached_by_plan"].to_numpy() == 1
    rise = after["csat"] - without["csat"]
    satisfied, factors = after["csat"] >= SATISFIED, float(yearly_factors(np.ones(1)).sum())
    low = float(after.loc[after["csat"] <= DISSATISFIED, "csat"].mean())
    scale, part = CUSTOMERS / len(after), 1 - STAYING_ON
    value = extra_value_of(after, without["csat"].to_numpy(), part=part) * scale
    return ChangeTruth(
        change=float(after["csat"].mean() - before["csat"].mean()),
        mix=float(without["csat"].mean() - before["csat"].mean()),
        plan=float(rise.mean()),
        plan_reached=float(rise[reached].mean()),
        rises=MappingProxyType({item: float((after[item] - without[item])[reached].mean()) for item in PLAN}),
        left=float(part * leaving_probability(after["csat"].to_numpy(), after["tenure"].to_numpy()).mean()),
        kept=KEPT,
        extra_value_a_year=extra_value_of(after[satisfied], low, part=part) * scale / factors,
        plan_value=value,
        plan_value_a_year=value / factors,
    )
