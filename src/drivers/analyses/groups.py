"""Satisfaction groups: who counts as satisfied and who as dissatisfied."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

SATISFACTION_GROUPS = ("dissatisfied", "in_between", "satisfied")


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Lowest answer that counts as satisfied and highest that counts as dissatisfied, in scale points."""

    satisfied: float
    dissatisfied: float


def thresholds(survey: Survey, satisfied: float | None = None, dissatisfied: float | None = None) -> Thresholds:
    """From where is a customer satisfied, and to where dissatisfied?

    Default: satisfied in the upper quarter of the scale (8 of 1-10, 4 of 1-5), dissatisfied below its middle
    (5 of 1-10, 2 of 1-5). Where one is stated and the other's default would reach it, that gives way by a point.
    """
    scale = survey.scales[survey.outcome]
    middle = scale.low + 0.5 * scale.span
    upper = math.ceil(scale.low + 0.75 * scale.span - 1e-9)
    below = math.ceil(middle - 1e-9) - 1
    if dissatisfied is not None:
        upper = max(upper, math.floor(dissatisfied) + 1)
    if satisfied is not None:
        below = min(below, math.ceil(satisfied) - 1)
    return Thresholds(
        satisfied=upper if satisfied is None else satisfied,
        dissatisfied=below if dissatisfied is None else dissatisfied,
    )


def satisfaction_groups(satisfaction: np.ndarray, limits: Thresholds) -> np.ndarray:
    """Which group is each answer (n,) in? Codes into ``SATISFACTION_GROUPS``; no answer is -1."""
    codes = np.where(satisfaction >= limits.satisfied, 2, np.where(satisfaction <= limits.dissatisfied, 0, 1))
    return np.where(np.isnan(satisfaction), -1, codes)


def check_groups(codes: np.ndarray, valued: np.ndarray, minimum_base: int) -> None:
    """Refuse too few satisfied with a known margin (`valued`, (n,)), or too few dissatisfied, to tell their worth."""
    happy, unhappy = ((codes == 2) & valued).sum(), (codes == 0).sum()
    if min(happy, unhappy) < minimum_base:
        raise EstimationError(
            sentence(
                "The extra value of satisfied customers needs {base:count} satisfied and {base:count} dissatisfied "
                "customers at least; there are fewer of one. Set satisfied and dissatisfied in [satisfaction], or "
                "merge waves.",
                base=minimum_base,
            )
        )
