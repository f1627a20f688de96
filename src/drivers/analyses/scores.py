"""Scores: each measure of loyalty as a number for every respondent, whose weighted mean is the measure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.analyses.groups import Thresholds, thresholds
from drivers.analyses.promoter import DETRACTOR, PROMOTER, check_promoter_answers
from drivers.core.composite import component_weights
from drivers.core.moments import Moments
from drivers.errors import EstimationError
from drivers.survey.survey import Scale, Survey
from drivers.wording import sentence

Measure = Literal["satisfaction_index", "top_box", "bottom_box", "net_promoter", "effort", "intention", "converted"]
SHARES = ("top_box", "bottom_box")
COUNTS = (*SHARES, "net_promoter")
"""Measures that count answers: shares, and differences of shares."""
INDEX_TOP = 100.0


@dataclass(frozen=True, slots=True)
class IntentionRule:
    """What an intention is taken to come to: the chance of each answer, and where the rule comes from."""

    source: str
    chances: dict[float, float]


@dataclass(frozen=True, slots=True)
class LoyaltyQuestions:
    """Columns of the questions on loyalty; None where one was not asked.

    Attributes
    ----------
    nps
        Whether they would recommend, 0 to 10.
    effort
        How easy it was, higher is easier.
    intention
        Whether they intend to stay or to buy again.
    rule
        What the intention is taken to come to.
    """

    nps: str | None = None
    effort: str | None = None
    intention: str | None = None
    rule: IntentionRule | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Score:
    """One measure as a number for each respondent.

    Attributes
    ----------
    measure, question
        What is measured, and the printed name of the question.
    values
        Array (n,); NaN without an answer.
    floor, top
        Ends between which its mean lies.
    counts_from, counts_to
        Answers that it counts, or the ends of the scale that it runs over.
    """

    measure: Measure
    question: str
    values: np.ndarray
    floor: float
    top: float
    counts_from: float
    counts_to: float


def loyalty_scores(
    survey: Survey,
    questions: LoyaltyQuestions,
    *,
    limits: Thresholds | None = None,
    part_weights: np.ndarray | None = None,
) -> tuple[Score, ...]:
    """Every measure that this survey has the answers for.

    `part_weights` (k,) weigh the questions that satisfaction is made of; default: those of this survey.

    Raises
    ------
    EstimationError
        When the rule of conversion lacks an answer.
    SurveyError
        When an answer to recommending is no whole number from 0 to 10.
    """
    limits = thresholds(survey) if limits is None else limits
    found = [*_satisfaction(survey, limits, part_weights)]
    if questions.nps:
        found.append(promoter_score(survey, questions.nps))
    if questions.effort:
        found.append(_rating(survey, "effort", questions.effort))
    if questions.intention and questions.intention != questions.nps:
        found.append(_rating(survey, "intention", questions.intention))
    if questions.intention and questions.rule:
        found.append(_converted(survey, questions.intention, questions.rule))
    return tuple(found)


def index_weights(survey: Survey) -> np.ndarray:
    """Weights (k,) of the questions that satisfaction is made of; one of 1 where there is one."""
    parts = survey.outcome_parts
    if not parts:
        return np.ones(1)
    rows = survey.complete(parts)
    if rows.sum() < 2:
        return np.full(len(parts), 1 / len(parts))
    moments = Moments.from_rows(parts, survey.answers[list(parts)].to_numpy()[rows], survey.weights[rows])
    return component_weights(moments.cross)


def _satisfaction(survey: Survey, limits: Thresholds, part_weights: np.ndarray | None) -> tuple[Score, ...]:
    scale, label = survey.scales[survey.outcome], survey.labels.get(survey.outcome, survey.outcome)
    answers = survey.answers[survey.outcome].to_numpy()
    weights = index_weights(survey) if part_weights is None else part_weights
    parts = list(survey.outcome_parts) or [survey.outcome]
    index = INDEX_TOP * (survey.answers[parts].to_numpy() @ weights - scale.low) / scale.span
    known = ~np.isnan(answers)
    top, bottom = answers >= limits.satisfied, answers <= limits.dissatisfied
    return (
        Score("satisfaction_index", label, index, 0.0, INDEX_TOP, scale.low, scale.high),
        Score("top_box", label, np.where(known, top, np.nan), 0.0, 1.0, limits.satisfied, scale.high),
        Score("bottom_box", label, np.where(known, bottom, np.nan), 0.0, 1.0, scale.low, limits.dissatisfied),
    )


def promoter_score(survey: Survey, column: str) -> Score:
    """1 for a promoter, -1 for a detractor, 0 for the others; its mean is the net promoter score."""
    answers, label = survey.answers[column].to_numpy(), survey.labels.get(column, column)
    check_promoter_answers(answers[survey.complete([column])], label)
    points = np.where(np.isnan(answers), np.nan, (answers >= PROMOTER) - (answers <= DETRACTOR).astype(float))
    return Score("net_promoter", label, points, -1.0, 1.0, 0.0, 10.0)


def _rating(survey: Survey, measure: Measure, column: str) -> Score:
    answers, scale = survey.answers[column].to_numpy(), _scale(survey, column)
    return Score(
        measure, survey.labels.get(column, column), answers, scale.low, scale.high, scale.low, scale.high
    )  # fmt: skip


def _scale(survey: Survey, column: str) -> Scale:
    """The scale of a question; of one without, the answers given."""
    if column in survey.scales:
        return survey.scales[column]
    answers = survey.answers[column].to_numpy()
    known = answers[~np.isnan(answers)]
    return Scale(float(known.min()), float(known.max()), observed=True) if known.size else Scale(0.0, 0.0)


def _converted(survey: Survey, column: str, rule: IntentionRule) -> Score:
    answers, label = survey.answers[column].to_numpy(), survey.labels.get(column, column)
    known = ~np.isnan(answers)
    without = sorted(set(answers[known].tolist()) - set(rule.chances))
    if without:
        raise EstimationError(
            sentence(
                "The rule in [loyalty.conversion] has no chance for {answers:list} on {question}; expected one for "
                "each answer. Add them.",
                answers=[f"{answer:g}" for answer in without],
                question=label,
            )
        )
    chances = np.array([rule.chances[a] if k else np.nan for a, k in zip(answers.tolist(), known, strict=True)])
    return Score("converted", label, chances, 0.0, 1.0, min(rule.chances), max(rule.chances))
