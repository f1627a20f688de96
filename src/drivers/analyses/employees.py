"""What employees say: the questions that [employees] asks, with the reason where one has no answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from drivers.analyses.agreement import TeamAgreement, team_agreement
from drivers.analyses.layers import LayerSatisfaction, layer_satisfaction
from drivers.analyses.perception import PerceptionGaps, perception_gaps
from drivers.analyses.questions import Questions
from drivers.analyses.reliability import BatteryReliability, battery_reliability
from drivers.analyses.team_link import TeamLink, team_links
from drivers.errors import EstimationError
from drivers.survey.staff import Staff
from drivers.survey.survey import Survey
from drivers.wording import Sentence

_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True, eq=False)
class EmployeeAnswers:
    """Whatever the employees' survey answers; None where it cannot, or was not asked."""

    layers: LayerSatisfaction | None = None
    perception: PerceptionGaps | None = None
    reliability: BatteryReliability | None = None
    agreement: TeamAgreement | None = None
    link: TeamLink | None = None


def employee_answers(questions: Questions) -> EmployeeAnswers:
    """Layers, gaps and teams; the reason of one without an answer is in `questions.unanswered`."""
    staff, survey, confidence = questions.survey.staff, questions.survey, questions.client.confidence
    if staff is None:
        return EmployeeAnswers()
    reasons = questions.unanswered
    layers = _asked(reasons, "employees", lambda: layer_satisfaction(staff, confidence=confidence))
    if layers is None:
        return EmployeeAnswers()
    perception = agreement = link = None
    if len(staff.labels) > 1:
        perception = _asked(reasons, "perception", lambda: perception_gaps(staff, survey, confidence=confidence))
    if (staff.team >= 0).any():
        agreement = _asked(reasons, "agreement", lambda: team_agreement(staff, confidence=confidence))
    if agreement is not None and len(staff.results.columns) > 0:
        link = _asked(reasons, "team_link", lambda: team_links(staff, confidence=confidence))
    reliability = staff_reliability(staff) if staff.batteries else None
    return EmployeeAnswers(layers, perception, reliability, agreement, link)


def staff_reliability(staff: Staff) -> BatteryReliability:
    """Do the items of each battery put to employees measure one thing?

    As `battery_reliability`, on the layers that may be shown.

    Raises
    ------
    EstimationError
        Never: what cannot be computed is NaN.
    """
    items = list(dict.fromkeys(column for columns in staff.batteries.values() for column in columns))
    answers = staff.answers.loc[np.isin(staff.layer, staff.shown_layers), [staff.satisfaction, *items]]
    survey = Survey.from_frame(
        answers.reset_index(drop=True), staff.satisfaction, items, scale=staff.scale, labels=staff.labels
    )
    return battery_reliability(replace(survey, batteries=staff.batteries, source=staff.source))


def _asked(reasons: dict[str, Sentence], name: str, ask: Callable[[], _Result]) -> _Result | None:
    try:
        return ask()
    except EstimationError as error:
        reasons[name] = error.reason
        return None
