"""Measures of loyalty, as a client file declares them."""

from __future__ import annotations

from dataclasses import replace

from drivers.analyses.measuregroups import MeasureGroups, measure_groups
from drivers.analyses.measures import LoyaltyMeasures, loyalty_measures
from drivers.analyses.notice import Notice
from drivers.analyses.questions import Questions
from drivers.analyses.scores import IntentionRule, LoyaltyQuestions, Measure
from drivers.client import Client
from drivers.errors import EstimationError

_COMPARED: tuple[Measure, ...] = ("net_promoter", "effort", "intention")  # satisfaction is compared with its drivers


def loyalty_questions(client: Client) -> LoyaltyQuestions:
    """Which questions on loyalty does the client file name?"""
    asked = client.loyalty
    if asked is None:
        return LoyaltyQuestions()
    rule = None if asked.conversion is None else IntentionRule(asked.conversion.source, asked.conversion.points)
    return LoyaltyQuestions(nps=asked.nps, effort=asked.effort, intention=asked.intention, rule=rule)


def client_measures(questions: Questions) -> tuple[LoyaltyMeasures | None, MeasureGroups | None]:
    """What customers say, and whether groups of them say the same; nothing without a table [loyalty]."""
    client = questions.client
    if client.loyalty is None:
        return None, None
    asked = loyalty_questions(client)
    try:
        return _measures(questions, asked), _groups(questions, asked)
    except EstimationError as error:  # the rule lacks an answer
        questions.notices += (Notice("measures", error.reason),)
    without = replace(asked, rule=None)
    return _measures(questions, without), _groups(questions, without)


def _measures(questions: Questions, asked: LoyaltyQuestions) -> LoyaltyMeasures:
    limits, confidence = questions.limits, questions.client.confidence
    return loyalty_measures(
        questions.survey, asked, questions.resample, limits=limits, minimum_base=questions.client.minimum_base,
        confidence=confidence,
    )  # fmt: skip


def _groups(questions: Questions, asked: LoyaltyQuestions) -> MeasureGroups | None:
    """The measures in groups; none where nothing but satisfaction was asked, or no groups can be compared."""
    if not (asked.nps or asked.effort or asked.intention) or not questions.survey.segments:
        return None
    client = questions.client
    try:
        return measure_groups(
            questions.survey, replace(asked, rule=None), measures=_COMPARED, minimum_base=client.minimum_base,
            limits=questions.limits, confidence=client.confidence,
        )  # fmt: skip
    except EstimationError:
        return None
