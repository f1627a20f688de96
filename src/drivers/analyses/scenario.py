"""A scenario: what goes with its changes, what they cost, and what is left after that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd

from drivers.client.problems import nearest_name
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

COSTS = ("cost", "yearly_cost")


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedPlan:
    """What goes with a change of the drivers.

    Attributes
    ----------
    table
        One row a measure (satisfaction, retention, yearly_margin, lifetime_value): its change with its interval, and
        the probability that it is above zero.
    changes
        One row a changed driver: the change asked, the change that its scale allows, and what it costs.
    returns
        One row: what the changes cost over the horizon, discounted, and what is left of the lifetime value after that.
    horizon_years
        Years over which lifetime value and yearly costs count.
    base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    changes: pd.DataFrame
    returns: pd.DataFrame
    horizon_years: int
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.set_index("measure").loc["yearly_margin"]
        return f"SimulatedPlan: {row['value']:+,.0f} a year ({row['value_low']:,.0f} to {row['value_high']:,.0f})"


def scenario_costs(
    rows: pd.DataFrame, changes: Mapping[str, float], given: Mapping[str, Mapping[str, float]]
) -> pd.DataFrame:
    """What does each of these changes cost, at the start and at the start of every year?

    A cost counts for a driver that is raised, whatever the rise; it is that of the plan unless another is given. NaN
    where neither says it.

    Parameters
    ----------
    rows
        Costs of the plan, indexed by driver.
    changes
        Scale points by driver.
    given
        Costs by driver that stand in the place of the plan's: under ``cost`` and ``yearly_cost``.

    Raises
    ------
    EstimationError
        When a name is no driver or a cost no amount of 0 or more.
    """
    for costs in given.values():
        for driver, cost in costs.items():
            check_driver(rows, driver)
            _check_cost(driver, cost)
    found = {
        driver: [float(given[name].get(driver, rows.loc[driver, name])) if change > 0 else 0.0 for name in COSTS]
        for driver, change in changes.items()
    }
    return pd.DataFrame.from_dict(found, orient="index", columns=list(COSTS), dtype=float)


def scenario_return(
    lifetime: Estimate, costs: pd.DataFrame, *, discount_rate: float, years: int, confidence: float
) -> dict[str, float]:
    """Is the value worth these costs? Costs that are not known count as nothing."""
    once, yearly = (float(costs[name].sum()) for name in COSTS)
    total = once + yearly * float(annuity(np.array(1.0 / (1.0 + discount_rate)), years))
    net = lifetime - total
    none = Estimate(float("nan"), np.full(len(net.replicates), np.nan))
    return {
        "total_cost": total,
        **net.bounds(confidence).named("net_value"),
        **(net / total if total > 0 else none).bounds(confidence).named("return_on_investment"),
        "pays_probability": net.positive_probability(),
    }


def check_driver(rows: pd.DataFrame, driver: str) -> None:
    """Is this one of the drivers that index these rows?

    Raises
    ------
    EstimationError
        When it is not.
    """
    if driver not in rows.index:
        near = nearest_name(driver, list(rows.index))
        raise EstimationError(sentence("“{name}” is no driver of these findings. {near}", name=driver, near=near))


def _check_cost(driver: str, cost: float) -> None:
    if not isinstance(cost, Real) or not np.isfinite(cost) or cost < 0:
        raise EstimationError(sentence("The cost of “{name}” is no amount of 0 or more.", name=driver))
