"""What a client file with [change] asks: what changed, whether the plan did it, and what that is worth."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np

from drivers.analyses.change import WaveChange, wave_change
from drivers.analyses.decomposition import ChangeDecomposition, change_decomposition
from drivers.analyses.differences import PlanEffect, plan_effect
from drivers.analyses.exclusion import kept_survey
from drivers.analyses.followup import LoyaltyChange, PlanWorth, loyalty_change, plan_worth
from drivers.analyses.loyalty import RetentionLink, retention_link
from drivers.analyses.pair import WavePair, earlier_wave, wave_pair
from drivers.analyses.prospects import money_confidence
from drivers.analyses.questions import Questions
from drivers.analyses.rates import RateChanges, rate_changes
from drivers.analyses.terms import value_terms
from drivers.analyses.value import SatisfactionValue, satisfaction_value
from drivers.analyses.verdict import Verdict, change_verdict
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey

_EARLIER_DRAWS = 250  # resamples for the earlier wave's link: enough to say whether it moved


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Everything about a change; None where the client file does not ask, or the data have no answer."""

    change: WaveChange | None = None
    decomposition: ChangeDecomposition | None = None
    plan_effect: PlanEffect | None = None
    rate_changes: RateChanges | None = None
    loyalty_change: LoyaltyChange | None = None
    plan_worth: PlanWorth | None = None
    verdict: Verdict | None = None


def client_change(questions: Questions, link: RetentionLink | None, value: SatisfactionValue | None) -> Comparison:
    """What changed since the earlier wave, and was it the plan? Empty where the client file has no [change].

    The reason of a part without an answer is in `questions.unanswered`: of the whole under change, of the plan under
    plan_effect.
    """
    client = questions.client
    if client.change is None or questions.survey.change is None:
        return Comparison()
    try:
        survey = replace(questions.survey, earlier=tuple(_kept(questions)))
        rng = np.random.default_rng(client.seed).spawn(3)[2]
        pair = wave_pair(survey, questions.resample, rng, minimum_base=client.minimum_base)
        change = wave_change(survey, pair=pair, confidence=client.confidence)
    except EstimationError as error:
        questions.unanswered["change"] = error.reason
        return Comparison()
    parts, effect = _decomposition(survey, pair, client.confidence), _effect(questions, survey)
    return Comparison(
        change=change,
        decomposition=parts,
        plan_effect=effect,
        rate_changes=_rates(survey, client.minimum_base, client.confidence),
        loyalty_change=_loyalty(questions, earlier_wave(survey), pair, (link, value)),
        plan_worth=_worth(questions, link, effect),
        verdict=change_verdict(change, parts, effect),
    )


def _kept(questions: Questions) -> Iterator[Survey]:
    """The earlier waves by the rules of the client file, without those of which too few are left."""
    for wave in questions.survey.earlier:
        with suppress(EstimationError):  # the report of that wave tells it
            yield kept_survey(wave, questions.client)


def _decomposition(survey: Survey, pair: WavePair, confidence: float) -> ChangeDecomposition | None:
    try:
        return change_decomposition(survey, pair=pair, confidence=confidence)
    except EstimationError:  # nothing asked in common, or too few answers: the change itself is told
        return None


def _effect(questions: Questions, survey: Survey) -> PlanEffect | None:
    if survey.change is None or not survey.change.after_plan:
        return None
    client = questions.client
    try:
        return plan_effect(survey, minimum_base=client.minimum_base, confidence=client.confidence)
    except EstimationError as error:
        questions.unanswered["plan_effect"] = error.reason
        return None


def _rates(survey: Survey, least: int, confidence: float) -> RateChanges | None:
    if survey.change is None or not survey.change.rates:
        return None
    try:
        return rate_changes(survey, minimum_base=least, confidence=confidence)
    except EstimationError:
        return None


def _loyalty(
    questions: Questions,
    before: Survey,
    pair: WavePair,
    later: tuple[RetentionLink | None, SatisfactionValue | None],
) -> LoyaltyChange | None:
    """The links of both waves side by side; None without one in either."""
    link, value = later
    if link is None:
        return None
    client = questions.client
    draws = Resample(pair.draws_before.counts[:_EARLIER_DRAWS], pair.draws_before.units, pair.draws_before.factors)
    least, limits = client.minimum_base, questions.limits
    try:
        known = retention_link(before, draws, minimum_base=least, limits=limits, confidence=client.confidence)
        if value is None:
            return loyalty_change((known, link))
        confidence = money_confidence(client)
        worth = satisfaction_value(known, value_terms(client), minimum_base=least, confidence=confidence)
        return loyalty_change((known, link), (worth, value))
    except EstimationError:
        return None


def _worth(questions: Questions, link: RetentionLink | None, effect: PlanEffect | None) -> PlanWorth | None:
    client = questions.client
    if link is None or effect is None or client.value is None:
        return None
    rng = np.random.default_rng(client.seed).spawn(4)[3]
    try:
        return plan_worth(link, value_terms(client), effect, rng, confidence=money_confidence(client))
    except EstimationError:
        return None
