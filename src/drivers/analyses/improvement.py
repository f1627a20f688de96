"""Improvement: by how much each driver is raised, and where its scale ends before that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drivers.analyses.notice import Notice
from drivers.client import Client
from drivers.survey.survey import Survey
from drivers.wording import sentence

DEFAULT_IMPROVEMENT = 0.5
"""Scale points by which each driver is raised where the client file plans nothing else."""


@dataclass(frozen=True, slots=True)
class PlannedImprovement:
    """What a plan does to a driver, and what it costs.

    Attributes
    ----------
    improve
        Scale points by which it most likely rises among the customers whom the plan reaches.
    cost, yearly_cost
        Whole currency units: once, and at the start of every year; None where the cost is not known.
    improve_low, improve_high
        Least and most that the rise can be; None: it is certain.
    reach
        Share of the customers whom the plan reaches.
    ramp_up_months
        Months in which the rise grows evenly to its full size.
    """

    improve: float = DEFAULT_IMPROVEMENT
    cost: float | None = None
    yearly_cost: float = 0.0
    improve_low: float | None = None
    improve_high: float | None = None
    reach: float = 1.0
    ramp_up_months: float = 0.0

    @property
    def ends(self) -> tuple[float, float]:
        """Least and most that the rise among those reached can be."""
        low, high = self.improve_low, self.improve_high
        return self.improve if low is None else low, self.improve if high is None else high

    @property
    def rise(self) -> float:
        """Expected rise of the mean of all customers: that of a triangular distribution, times the reach."""
        low, high = self.ends
        certain = low == self.improve == high
        return self.reach * (self.improve if certain else (low + self.improve + high) / 3)


def planned_improvements(client: Client) -> dict[str, PlannedImprovement]:
    """Which improvements does this client file plan?"""
    return {driver: PlannedImprovement(**plan.model_dump()) for driver, plan in client.plan.items()}


def capped_notices(
    survey: Survey, means: Mapping[str, float], plan: Mapping[str, PlannedImprovement]
) -> tuple[Notice, ...]:
    """Which plans ask for more than the scale of their driver allows?"""
    found = []
    for driver, mean in means.items():
        room = survey.scales[driver].high - mean
        if driver in plan and plan[driver].rise > room:
            values = {"wish": plan[driver].rise, "mean": mean, "room": room}
            label = survey.labels.get(driver, driver)
            found.append(Notice("capped", sentence(_CAPPED, label=label, **values)))
    return tuple(found)


_CAPPED = (
    "The plan for {label} asks for {wish:number2} points more, but its mean of {mean:number2} can rise by "
    "{room:number2} at most before its scale ends; that rise was computed."
)
