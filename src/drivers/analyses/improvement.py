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
    """Scale points by which a driver is to rise, and what that costs once, in whole currency units."""

    improve: float = DEFAULT_IMPROVEMENT
    cost: float | None = None


def planned_improvements(client: Client) -> dict[str, PlannedImprovement]:
    """Which improvements does this client file plan?"""
    return {driver: PlannedImprovement(plan.improve, plan.cost) for driver, plan in client.plan.items()}


def possible_improvement(survey: Survey, driver: str, mean: float, wish: PlannedImprovement) -> float:
    """How far can the driver rise? By what is wished, or to the top of its scale."""
    return min(wish.improve, survey.scales[driver].high - mean)


def capped_notices(
    survey: Survey, means: Mapping[str, float], plan: Mapping[str, PlannedImprovement]
) -> tuple[Notice, ...]:
    """Which plans ask for more than the scale of their driver allows?"""
    found = []
    for driver, mean in means.items():
        room = survey.scales[driver].high - mean
        if driver in plan and plan[driver].improve > room:
            values = {"wish": plan[driver].improve, "mean": mean, "room": room}
            label = survey.labels.get(driver, driver)
            found.append(Notice("capped", sentence(_CAPPED, label=label, **values)))
    return tuple(found)


_CAPPED = (
    "The plan for {label} asks for {wish:number2} points more, but its mean of {mean:number2} can rise by "
    "{room:number2} at most before its scale ends; that rise was computed."
)
