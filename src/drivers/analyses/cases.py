"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.agreement import TeamAgreement
from drivers.analyses.basis import joint_resample
from drivers.analyses.change import WaveChange
from drivers.analyses.choice import ExitChoice, client_choice
from drivers.analyses.comparisons import client_change
from drivers.analyses.contracts import ContractComparison, client_contracts
from drivers.analyses.decomposition import ChangeDecomposition
from drivers.analyses.differences import PlanEffect
from drivers.analyses.employees import employee_answers
from drivers.analyses.followup import LoyaltyChange, PlanWorth
from drivers.analyses.layers import LayerSatisfaction
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.moves import client_gap, client_sourcing, client_talk
from drivers.analyses.offshoring import SourcingCase
from drivers.analyses.perception import PerceptionGaps
from drivers.analyses.providers import ProviderProfile, provider_profile
from drivers.analyses.questions import Questions
from drivers.analyses.rates import RateChanges
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.sourcing import SiteGap
from drivers.analyses.talktime import TalkTime
from drivers.analyses.team_link import TeamLink
from drivers.analyses.value import SatisfactionValue
from drivers.analyses.verdict import Verdict
from drivers.analyses.watchlist import EarlyWarning, client_warning
from drivers.errors import EstimationError


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares; None where it does not, or the data have no answer.

    Attributes
    ----------
    change
        What changed since an earlier wave, as it was and at the same mix of customers.
    decomposition
        Where the change of satisfaction comes from: levels, importance, mix.
    plan_effect
        What a plan did to those whom it reached, against the others.
    rate_changes
        The rates of the client file in both waves.
    loyalty_change
        The link to staying and the value of satisfied customers in both waves.
    plan_worth
        What the rise of satisfaction is worth that the plan brought.
    change_verdict
        Whether it was the plan, the mix of customers, or neither.
    choice
        Who stays, who switches, who takes the work back; None where the client file does not ask or there is no answer.
    early_warning
        Which organisations are at risk; None unless the client file asks for them by name.
    contracts
        Whether satisfaction differs between kinds of contract; None likewise.
    employees, perception, staff_reliability, agreement, team_link
        Satisfaction of employees by layer, what layers and customers see, the batteries put to employees, how far
        members of a team agree, and what goes with the satisfaction of a team; None where not asked or not answered.
    site_gap, talk_time, sourcing
        What is different offshore, what a minute of talk time goes with, and the business case of going offshore and
        of coming home; None where the client file does not ask, or the answers do not tell.
    providers
        What client organisations say of their providers; None where not asked or not answered.
    """

    change: WaveChange | None = None
    decomposition: ChangeDecomposition | None = None
    plan_effect: PlanEffect | None = None
    rate_changes: RateChanges | None = None
    loyalty_change: LoyaltyChange | None = None
    plan_worth: PlanWorth | None = None
    change_verdict: Verdict | None = None
    choice: ExitChoice | None = None
    early_warning: EarlyWarning | None = None
    contracts: ContractComparison | None = None
    employees: LayerSatisfaction | None = None
    perception: PerceptionGaps | None = None
    staff_reliability: BatteryReliability | None = None
    agreement: TeamAgreement | None = None
    team_link: TeamLink | None = None
    site_gap: SiteGap | None = None
    talk_time: TalkTime | None = None
    sourcing: SourcingCase | None = None
    providers: ProviderProfile | None = None


def client_cases(questions: Questions, link: RetentionLink | None, value: SatisfactionValue | None) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`.

    `link` and `value` are those of the wave, which are found already.
    """
    compared, staff, gap = client_change(questions, link, value), employee_answers(questions), client_gap(questions)
    choice = client_choice(questions)
    return Cases(
        change=compared.change,
        decomposition=compared.decomposition,
        plan_effect=compared.plan_effect,
        rate_changes=compared.rate_changes,
        loyalty_change=compared.loyalty_change,
        plan_worth=compared.plan_worth,
        change_verdict=compared.verdict,
        choice=choice,
        early_warning=client_warning(questions, choice),
        contracts=client_contracts(questions),
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
