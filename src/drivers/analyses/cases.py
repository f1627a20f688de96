"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.agreement import TeamAgreement
from drivers.analyses.basis import joint_resample
from drivers.analyses.employees import employee_answers
from drivers.analyses.layers import LayerSatisfaction
from drivers.analyses.moves import client_gap, client_sourcing, client_talk
from drivers.analyses.offshoring import SourcingCase
from drivers.analyses.perception import PerceptionGaps
from drivers.analyses.providers import ProviderProfile, provider_profile
from drivers.analyses.questions import Questions
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.sourcing import SiteGap
from drivers.analyses.talktime import TalkTime
from drivers.analyses.team_link import TeamLink
from drivers.errors import EstimationError


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares.

    Attributes
    ----------
    employees, perception, staff_reliability, agreement, team_link
        Satisfaction of employees by layer, what layers and customers see, the batteries put to employees, how far
        members of a team agree, and what goes with the satisfaction of a team; None where not asked or not answered.
    site_gap, talk_time, sourcing
        What is different offshore, what a minute of talk time goes with, and the business case of going offshore and
        of coming home; None where the client file does not ask, or the answers do not tell.
    providers
        What client organisations say of their providers; None where not asked or not answered.
    """

    employees: LayerSatisfaction | None = None
    perception: PerceptionGaps | None = None
    staff_reliability: BatteryReliability | None = None
    agreement: TeamAgreement | None = None
    team_link: TeamLink | None = None
    site_gap: SiteGap | None = None
    talk_time: TalkTime | None = None
    sourcing: SourcingCase | None = None
    providers: ProviderProfile | None = None


def client_cases(questions: Questions) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`."""
    staff, gap = employee_answers(questions), client_gap(questions)
    return Cases(
        employees=staff.layers,
        perception=staff.perception,
        staff_reliability=staff.reliability,
        agreement=staff.agreement,
        team_link=staff.link,
        site_gap=gap,
        talk_time=client_talk(questions, gap),
        sourcing=client_sourcing(questions, gap),
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
