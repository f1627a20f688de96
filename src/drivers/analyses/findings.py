"""All findings on one wave of one client: every question asked, with its answer or the reason there is none."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from drivers.analyses.basis import joint_resample
from drivers.analyses.behaviour import Behaviour, client_behaviour
from drivers.analyses.budget import BudgetSplit
from drivers.analyses.cases import Cases, client_cases
from drivers.analyses.chain import ValueChain
from drivers.analyses.comparison import OutcomeComparison
from drivers.analyses.contract import ContractLifetime
from drivers.analyses.curves import EffectCurves
from drivers.analyses.diagnosis import DriverChecks, driver_checks
from drivers.analyses.evalues import LeavingSensitivity, leaving_sensitivity
from drivers.analyses.exclusion import kept_survey, screening_rules
from drivers.analyses.halo import RatingHalo
from drivers.analyses.importance import DriverImportance
from drivers.analyses.intention import IntentionLink
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.missing import MissingSensitivity
from drivers.analyses.movement import Potential, potential
from drivers.analyses.necessity import NecessaryConditions
from drivers.analyses.notice import Notice
from drivers.analyses.paths import PathModel
from drivers.analyses.plan import PlanReturn
from drivers.analyses.priorities import DriverPriorities
from drivers.analyses.promoter import NetPromoter
from drivers.analyses.purchases import PurchaseLifetime
from drivers.analyses.quality import AnswerQuality, answer_quality
from drivers.analyses.questions import Questions
from drivers.analyses.reliability import BatteryReliability, battery_reliability
from drivers.analyses.robustness import DriverRobustness
from drivers.analyses.screening import AnswerScreening, answer_screening
from drivers.analyses.segments import SegmentImportance
from drivers.analyses.shape import DriverShapes
from drivers.analyses.stated import StatedImportance
from drivers.analyses.value import SatisfactionValue
from drivers.analyses.weighting import WeightReport, weight_report
from drivers.analyses.whatif import WhatIf
from drivers.client import Client
from drivers.client.house import House
from drivers.errors import DriversWarning
from drivers.survey.survey import Exclusion, Survey
from drivers.wording import Sentence


@dataclass(frozen=True, slots=True, eq=False)
class Findings:
    """Everything that a report on one wave of one client says.

    Attributes
    ----------
    client
        Name of the client.
    wave
        Name of the wave; None where the survey has none.
    language, currency
        How a report prints sentences and money.
    source
        Name of the survey's file, without its folder.
    seed, draws
        Start and number of the joint resamples.
    confidence
        Level of every interval.
    weighted
        Whether the survey has weights.
    not_asked
        Labels of aspects that nobody answered in this wave.
    exclusions
        Rows left out while reading, with the reason.
    notices
        What a reader must know about the answers and the drivers.
    weights
        How unequal the weights are and what they cost; None without weights.
    quality, potential
        Whether the answers can carry an analysis, and how far the aspects can move satisfaction; always there.
    missing
        How the ranking depends on the treatment of missing answers; None when none are missing.
    importance, shape, curves, necessity, loyalty, intention, net_promoter, value, chain
        The other results; None when the question was not asked or has no answer.
    robustness, halo
        How firm the ranking is, and what a general impression leaves of it; None where no ranking is drawn.
    sensitivity
        How strong a hidden cause would have to be to explain the link to leaving away; None without that link.
    unanswered
        Why a part of the report (drivers, robustness, shape, priorities, stated, paths, groups, loyalty, survival,
        spending, mediation, value, lifetime, plan, change, plan_effect) has no result.
    screening
        Whose answers stand out, who was left out of every other result, and what changes without them.
    reliability
        Whether the items of each battery measure one thing.
    outcomes
        Whether the ranking holds when the outcome is seen otherwise; None where no ranking is drawn.
    priorities, stated, paths, path_priorities
        What to fix first; stated beside derived importance; which aspects work through others, and what to fix first
        then. None where no ranking is drawn, or it was not asked.
    segments
        What drives satisfaction in the groups of each column of survey.segments; empty where none can be compared.
    plan, budget, what_if
        Whether the planned improvements pay; the best split of the budget; what `simulate_plan` needs. None where the
        client file does not ask, or drivers are not expressed in money.
    checks
        Thirteen checks of what a driver analysis takes for granted.
    behaviour
        What customers do, beside the link to leaving.
    cases
        Answers on the cases that the client file declares.
    house
        What the documents show and how they look.
    contract, purchases
        What a customer is worth by the history in the client file, under contract or without; None where it names none.
    """

    client: str
    wave: str | None
    language: str
    currency: str
    source: str
    seed: int
    draws: int
    confidence: float
    weighted: bool
    not_asked: tuple[str, ...]
    exclusions: tuple[Exclusion, ...]
    notices: tuple[Notice, ...]
    weights: WeightReport | None
    quality: AnswerQuality
    potential: Potential
    missing: MissingSensitivity | None
    importance: DriverImportance | None
    robustness: DriverRobustness | None
    halo: RatingHalo | None
    shape: DriverShapes | None
    curves: EffectCurves | None
    necessity: NecessaryConditions | None
    loyalty: RetentionLink | None
    sensitivity: LeavingSensitivity | None
    intention: IntentionLink | None
    net_promoter: NetPromoter | None
    value: SatisfactionValue | None
    chain: ValueChain | None
    unanswered: Mapping[str, Sentence]
    screening: AnswerScreening
    reliability: BatteryReliability
    outcomes: OutcomeComparison | None
    priorities: DriverPriorities | None
    stated: StatedImportance | None
    paths: PathModel | None
    path_priorities: DriverPriorities | None
    segments: tuple[SegmentImportance, ...]
    plan: PlanReturn | None
    budget: BudgetSplit | None
    what_if: WhatIf | None
    checks: DriverChecks
    behaviour: Behaviour
    cases: Cases
    contract: ContractLifetime | None
    purchases: PurchaseLifetime | None
    house: House = field(metadata={"internal": True})

    def __repr__(self) -> str:
        wave = f", wave {self.wave}" if self.wave else ""
        return f"Findings on {self.client}{wave}: {self.potential!r}"


def client_findings(survey: Survey, client: Client) -> Findings:
    """What do this client's answers say, on every question that the client file asks?

    Parameters
    ----------
    survey
        One wave, as ``load_survey`` gives it.
    client
        The checked client file: outcome limits, loyalty, value, plan, seed, draws, confidence.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers. A question further down the river that the data cannot
        answer is left open with its reason.
    """
    everyone, survey = survey, kept_survey(survey, client)
    resample = joint_resample(survey, np.random.default_rng(client.seed), client.draws)
    questions = Questions(survey, client, resample)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DriversWarning)  # every one of them is in `notices`
        found = potential(survey, resample, confidence=client.confidence)
        importance = questions.importance(found)
        shape = questions.shape(importance)
        priorities, stated = questions.priorities(importance), questions.stated(importance)
        paths = questions.paths(importance)
        missing = questions.missing(ranked=importance is not None)
        outcomes = questions.outcomes(ranked=importance is not None)
        robustness, halo = questions.robustness(importance, missing)
        link = questions.loyalty()
        value = questions.value(link)
        lifetime = questions.lifetime(link)
        chain = questions.chain(link, importance)
        prospects = questions.prospects(link, chain)
        intention = questions.intention()
        recommended = questions.net_promoter()
        behaviour, cases = client_behaviour(questions, link), client_cases(questions, link, value)
        segments = questions.segments(ranked=importance is not None)
        checks = driver_checks(survey, resample, minimum_base=client.minimum_base)
        screening = _screening(everyone, client, ranked=importance is not None)
    reliability = battery_reliability(survey)
    return Findings(
        client=client.client,
        wave=survey.wave,
        language=client.language,
        currency=client.currency,
        source=survey.source,
        seed=client.seed,
        draws=client.draws,
        confidence=client.confidence,
        weighted=survey.weighted,
        not_asked=survey.not_asked,
        exclusions=survey.exclusions,
        notices=_notices(survey, importance, chain, questions, reliability),
        weights=weight_report(survey) if survey.weighted else None,
        quality=answer_quality(survey),
        potential=found,
        missing=missing,
        importance=importance,
        robustness=robustness,
        halo=halo,
        shape=shape,
        curves=questions.curves(shape),
        necessity=questions.necessity(shape),
        loyalty=link,
        sensitivity=None if link is None else leaving_sensitivity(link),
        intention=intention,
        net_promoter=recommended,
        value=value,
        chain=chain,
        unanswered=questions.unanswered,
        screening=screening,
        reliability=reliability,
        outcomes=outcomes,
        priorities=priorities,
        stated=stated,
        paths=paths,
        path_priorities=questions.path_priorities(paths),
        segments=segments,
        plan=prospects.plan,
        budget=prospects.budget,
        what_if=prospects.what_if,
        checks=checks,
        behaviour=behaviour,
        cases=cases,
        contract=lifetime if isinstance(lifetime, ContractLifetime) else None,
        purchases=lifetime if isinstance(lifetime, PurchaseLifetime) else None,
        house=client.house,
    )


_URGENT = ("unreliable", "reversed")  # of the batteries: what a reader of the first page must know


def _notices(
    survey: Survey,
    importance: DriverImportance | None,
    chain: ValueChain | None,
    questions: Questions,
    reliability: BatteryReliability,
) -> tuple[Notice, ...]:
    data = (Notice("data", s) for s in survey.notices)
    found = (result.notices for result in (importance, chain) if result is not None)
    batteries = (notice for notice in reliability.notices if notice.kind in _URGENT)
    return (*data, *(notice for notices in found for notice in notices), *questions.notices, *batteries)


def _screening(survey: Survey, client: Client, *, ranked: bool) -> AnswerScreening:
    rules, exclude = screening_rules(client), client.quality.exclude
    return answer_screening(survey, rules, exclude=exclude, minimum_base=client.minimum_base, ranked=ranked)
