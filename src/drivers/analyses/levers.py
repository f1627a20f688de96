"""The levers: what a point of each driver goes with, and how far its mean can still rise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import linear_basis
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.leaving import LeavingModel
from drivers.analyses.twins import united_survey
from drivers.core.ceiling import needed_rise
from drivers.core.estimate import Estimate
from drivers.core.linear import linear_fit
from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Lever:
    """One driver, as something that can be moved.

    Attributes
    ----------
    driver, label
        Its column and its printed name; of drivers that cannot be told apart those of their mean.
    members
        The columns that it stands for.
    slope
        Points of mean satisfaction that one point of its mean goes with, others held constant.
    mean, low, high
        Its weighted mean, and the ends of its scale.
    top_share
        Weighted share of its answers at the top of the scale: customers who cannot rise.
    rooms, w
        How far each of its answers lies below the top (n,), and the weights (n,).
    base
        Respondents in the regression.
    """

    driver: str
    label: str
    members: tuple[str, ...]
    slope: Estimate
    mean: float
    low: float
    high: float
    top_share: float
    rooms: np.ndarray
    w: np.ndarray
    base: int

    @property
    def room(self) -> float:
        """How far the mean can rise before the scale ends."""
        return max(self.high - self.mean, 0.0)

    def needed_rise(self, rise: float) -> float:
        """By how much those with room must rise so that the mean rises by this; NaN where it cannot."""
        return needed_rise(self.rooms, self.w, min(rise, float(np.average(self.rooms, weights=self.w))))


def driver_levers(model: LeavingModel) -> dict[str, Lever]:
    """What does a point of each driver go with, in the sample and in every draw of this model's resample?

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.
    """
    survey = united_survey(model.survey, model.resample)
    basis = linear_basis(survey, resample=model.resample)
    applies = basis.columns.applies  # a driver moves those to whom it applies
    sample = basis.pooled(lambda m: linear_fit(m.cross).slopes)[basis.controls :] * applies
    drawn = linear_fit(basis.resampled(survey, model.resample).cross).slopes[:, basis.controls :] * applies
    means = basis.moments.mean[basis.controls : -1]
    return {
        driver: _lever(survey, driver, Estimate(float(sample[j]), drawn[:, j]), float(means[j]), basis.base)
        for j, driver in enumerate(basis.drivers)
    }


def _lever(survey: Survey, driver: str, slope: Estimate, mean: float, base: int) -> Lever:
    given = survey.answers[driver].to_numpy()
    there = np.isfinite(given) & (survey.weights > 0)
    scale, given, w = survey.scales[driver], given[there], survey.weights[there]
    return Lever(
        driver=driver,
        label=survey.labels.get(driver, driver),
        members=survey.members.get(driver, (driver,)),
        slope=slope,
        mean=mean,
        low=scale.low,
        high=scale.high,
        top_share=float(np.average(given >= scale.high, weights=w)),
        rooms=np.maximum(scale.high - given, 0.0),
        w=w,
        base=base,
    )


def united_plan(levers: Mapping[str, Lever], plan: Mapping[str, PlannedImprovement]) -> dict[str, PlannedImprovement]:
    """The plan on each lever: of drivers that cannot be told apart the mean of those planned, at their costs together.

    Who rates one of them higher rates the others higher too, so that none can be moved by itself in these answers.
    """
    found = {driver: [plan[d] for d in lever.members if d in plan] for driver, lever in levers.items()}
    return {driver: _together(plans) for driver, plans in found.items() if plans}


def _together(plans: list[PlannedImprovement]) -> PlannedImprovement:
    if len(plans) == 1:
        return plans[0]
    reach = np.array([one.reach for one in plans])
    low, most, high = np.average(
        [(one.ends[0], one.improve, one.ends[1]) for one in plans], axis=0, weights=reach
    ).tolist()
    costs = [one.cost for one in plans if one.cost is not None]
    return PlannedImprovement(
        improve=most,
        cost=sum(costs) if len(costs) == len(plans) else None,
        yearly_cost=sum(one.yearly_cost for one in plans),
        improve_low=low,
        improve_high=high,
        reach=float(reach.mean()),
        ramp_up_months=max(one.ramp_up_months for one in plans),
    )
