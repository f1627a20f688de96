"""What the net value of the plans depends on, one input at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from drivers.analyses.flows import Customers, KeptMargins
from drivers.analyses.initiative import Initiative, whole_cost
from drivers.core.estimate import Estimate

SWING = 0.2
"""How far an input goes down and up that neither the client file nor the survey gives a range for."""


def plan_tornado(customers: Customers, plans: list[Initiative], confidence: float) -> pd.DataFrame:
    """What does the net value of these plans together depend on?

    The rise of a driver goes from its least to its most, its slope and the effects of satisfaction on leaving and on
    margin to the ends of their intervals, and margin, discount rate and costs a fifth down and up.
    """
    rows = [_swing(customers, plans, "rise", p, _rise_ends(p)) for p in plans]
    rows += [_swing(customers, plans, "slope", p, _slope_ends(p, confidence)) for p in plans]
    factors = (1 - SWING, 1 + SWING)
    rows += _effects(customers, plans, confidence)
    path = np.sum([p.rise.value * p.lever.slope.value * p.grown for p in plans], axis=0)
    payments = customers.sample_payments([path])[0]
    whole = KeptMargins(payments, np.empty((0, customers.terms.horizon_years)), customers.terms)
    worth, cost = whole.worth().value, whole_cost(plans, customers.terms)
    rows.append(_row("margin", None, factors, [f * worth - cost for f in factors]))
    rates = tuple(f * customers.terms.discount_rate for f in factors)
    rows.append(_row("discount_rate", None, rates, [_at_rate(whole, plans, rate) for rate in rates]))
    rows.append(_row("costs", None, factors, [worth - f * cost for f in factors]))
    frame = pd.DataFrame(rows)
    width = (frame["net_high_end"] - frame["net_low_end"]).abs()
    return frame.loc[width.sort_values(ascending=False, kind="stable").index].reset_index(drop=True)


def _row(name: str, plan: Initiative | None, ends: Sequence[float], net: Sequence[float]) -> dict[str, object]:
    lever = None if plan is None else plan.lever
    return {
        "input": name,
        "driver": lever.driver if lever else None,
        "label": lever.label if lever else None,
        "low_end": ends[0],
        "high_end": ends[1],
        "net_low_end": net[0],
        "net_high_end": net[1],
    }  # fmt: skip


def _rise_ends(plan: Initiative) -> tuple[float, float]:
    low, high = plan.wish.ends
    if not plan.uncertain:
        low, high = (1 - SWING) * plan.wish.improve, (1 + SWING) * plan.wish.improve
    low, high = (min(plan.wish.reach * end, plan.lever.room) for end in (low, high))
    return low, high


def _slope_ends(plan: Initiative, confidence: float) -> tuple[float, float]:
    return _ends(plan.lever.slope, confidence)


def _effects(customers: Customers, plans: list[Initiative], confidence: float) -> Iterator[dict[str, object]]:
    """The effects of satisfaction that the money runs through: log-odds of staying of a point, margin of a point."""
    model = customers.model
    if customers.terms.kept:
        estimated = Estimate(-float(model.beta[1]), -model.draws[:, 1])
        ends = _ends(estimated, confidence)
        yield _row("retention_effect", None, ends, [_net(customers, plans, e / estimated.value) for e in ends])
    if customers.effect is not None:
        ends = _ends(customers.effect, confidence)
        yield _row("margin_effect", None, ends, [_net(customers, plans, effect=e) for e in ends])


def _ends(estimate: Estimate, confidence: float) -> tuple[float, float]:
    bounds = estimate.bounds(confidence)
    return bounds.low, bounds.high


def _net(customers: Customers, plans: list[Initiative], strength: float = 1.0, effect: float | None = None) -> float:
    """Net value of the plans, all at their expected values."""
    path = np.sum([p.rise.value * p.lever.slope.value * p.grown for p in plans], axis=0)
    payments = customers.sample_payments([path], strength, effect)[0]
    kept = KeptMargins(payments, np.empty((0, customers.terms.horizon_years)), customers.terms)
    return kept.worth().value - whole_cost(plans, customers.terms)


def _swing(
    customers: Customers, plans: list[Initiative], name: str, moved: Initiative, ends: tuple[float, float]
) -> dict[str, object]:
    """The net value with one plan's rise or slope at either end."""
    net = []
    for end in ends:
        value = Estimate(end, moved.rise.replicates)
        other = replace(moved, **({"rise": value} if name == "rise" else {"lever": replace(moved.lever, slope=value)}))
        net.append(_net(customers, [other if one is moved else one for one in plans]))
    return _row(name, moved, ends, net)


def _at_rate(kept: KeptMargins, plans: list[Initiative], rate: float) -> float:
    terms = replace(kept.terms, discount_rate=rate)
    return replace(kept, terms=terms).worth().value - whole_cost(plans, terms)
