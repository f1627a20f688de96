"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.agreement import TeamAgreement
from drivers.analyses.basis import joint_resample
from drivers.analyses.choice import ExitChoice, client_choice
from drivers.analyses.employees import employee_answers
from drivers.analyses.layers import LayerSatisfaction
from drivers.analyses.perception import PerceptionGaps
from drivers.analyses.providers import ProviderProfile, provider_profile
from drivers.analyses.questions import Questions
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.team_link import TeamLink
from drivers.analyses.watchlist import EarlyWarning, client_warning
from drivers.errors import EstimationError


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares.

    Attributes
    ----------
    choice
        Who stays, who switches, who takes the work back; None where the client file does not ask or there is no answer.
    early_warning
        Which organisations are at risk; None unless the client file asks for them by name.
    employees, perception, staff_reliability, agreement, team_link
        Satisfaction of employees by layer, what layers and customers see, the batteries put to employees, how far
        members of a team agree, and what goes with the satisfaction of a team; None where not asked or not answered.
    providers
        What client organisations say of their providers; None where not asked or not answered.
    """

    choice: ExitChoice | None = None
    early_warning: EarlyWarning | None = None
    employees: LayerSatisfaction | None = None
    perception: PerceptionGaps | None = None
    staff_reliability: BatteryReliability | None = None
    agreement: TeamAgreement | None = None
    team_link: TeamLink | None = None
    providers: ProviderProfile | None = None


def client_cases(questions: Questions) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`."""
    staff, choice = employee_answers(questions), client_choice(questions)
    return Cases(
        choice=choice,
        early_warning=client_warning(questions, choice),
        employees=staff.layers,
        perception=staff.perception,
        staff_reliability=staff.reliability,
        agreement=staff.agreement,
        team_link=staff.link,
        providers=client_providers(questions),
    )


def client_providers(questions: Questions) -> ProviderProfile | None:
    """What client organisations say of their providers, on draws of their own survey."""
    asked, survey, client = questions.client.providers, questions.survey.providers, questions.client
    if asked is None or survey is None:
        return None
    resample = joint_resample(survey, np.random.default_rng(client.seed), client.draws)
    try:
        return provider_profile(
            survey, resample, minimum_base=asked.minimum_base or client.minimum_base, confidence=client.confidence
        )
    except EstimationError as error:
        questions.unanswered["providers"] = error.reason
        return None
