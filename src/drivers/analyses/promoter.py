"""Would customers recommend the client? The net promoter score with its error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import survey_design, weights_phrase
from drivers.core.design import kish_base, weighted_means
from drivers.core.interval import student_reach
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

PROMOTER, DETRACTOR = 9, 6
"""A promoter answers 9 or 10, a detractor 0 to 6 (Reichheld 2003)."""


@dataclass(frozen=True, slots=True, eq=False)
class NetPromoter:
    """The net promoter score: the share of promoters less that of detractors.

    Attributes
    ----------
    table
        One row a group (promoters, passives, detractors): base and weighted share.
    score, score_low, score_high
        Net promoter score as a fraction (0.404 is +40) with its interval.
    error
        Standard error of the score: that of the design where there are weights, strata or clusters, else multinomial.
    multinomial_error
        Standard error of a simple sample of the effective base: the root of (p + d - (p - d)²) / base, for shares p
        of promoters and d of detractors.
    question
        Printed name of the question.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    score: float
    score_low: float
    score_high: float
    error: float
    multinomial_error: float
    question: str
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        low, high = 100 * self.score_low, 100 * self.score_high
        return f"NetPromoter: {100 * self.score:+.1f} ({low:+.1f} to {high:+.1f}), base {self.base}"


def net_promoter(survey: Survey, column: str, *, confidence: float = 0.95) -> NetPromoter:
    """Would customers recommend the client?

    A score of 0.40 means: the share of customers who answer 9 or 10 is 40 percentage points above the share who answer
    0 to 6.

    Parameters
    ----------
    survey
        The wave.
    column
        Answers from 0 to 10 to whether they would recommend; missing answers NaN.
    confidence
        Level of the interval, which is normal, or Student's under strata or clusters.

    Raises
    ------
    SurveyError
        When an answer is no whole number from 0 to 10.
    EstimationError
        When fewer than two answered.
    """
    rows = survey.complete([column])
    answers, w = survey.answers[column].to_numpy()[rows], survey.weights[rows]
    label = survey.labels.get(column, column)
    if len(answers) < 2:
        raise EstimationError(sentence(_TOO_FEW, question=label, n=len(answers)))
    check_promoter_answers(answers, label)
    groups = {"promoters": answers >= PROMOTER, "passives": (answers > DETRACTOR) & (answers < PROMOTER)}
    groups["detractors"] = answers <= DETRACTOR
    table = pd.DataFrame(
        {
            "promoter_group": list(groups),
            "base": [int(g.sum()) for g in groups.values()],
            "customer_share": [float(np.average(g, weights=w)) for g in groups.values()],
        }
    )
    points = groups["promoters"] - groups["detractors"].astype(float)
    return _scored(survey, rows, points, table, label, confidence)


def _scored(
    survey: Survey, rows: np.ndarray, points: np.ndarray, table: pd.DataFrame, label: str, confidence: float
) -> NetPromoter:
    w = survey.weights[rows]
    score, base = float(np.average(points, weights=w)), kish_base(w)
    multinomial = float(np.sqrt(np.average((points - score) ** 2, weights=w) / base))
    error, degrees = _design_error(survey, rows, points) or (multinomial, np.inf)
    reach = float(student_reach(np.asarray(error), degrees, confidence))
    return NetPromoter(
        table=table,
        score=score,
        score_low=max(score - reach, -1.0),
        score_high=min(score + reach, 1.0),
        error=error,
        multinomial_error=multinomial,
        question=label,
        base=len(w),
        effective_base=base,
        confidence=confidence,
        method=_method(survey, label, len(w), base, confidence),
    )


def _design_error(survey: Survey, rows: np.ndarray, points: np.ndarray) -> tuple[float, float] | None:
    """Standard error under the survey's design and its degrees of freedom; None for a simple sample."""
    design = survey_design(survey)
    if design is None:
        return None
    z = np.zeros((survey.base, 1))
    z[rows, 0] = points
    counted = survey.weights > 0
    found = weighted_means(z[counted], design, rows[counted])
    simple = survey.strata is None and survey.clusters is None
    return float(found.error[0]), np.inf if simple else found.degrees


_TOO_FEW = "{question} has {n:count} answers; a net promoter score needs 2 at least. Check the column, or merge waves."


def check_promoter_answers(answers: np.ndarray, label: str) -> None:
    """Refuse answers (n,) that are no whole numbers from 0 to 10."""
    strange = answers[(answers < 0) | (answers > 10) | (answers % 1 != 0)]
    if len(strange):
        raise SurveyError(
            f"{len(strange)} answers to {label} are no whole numbers from 0 to 10, for instance {strange[0]:g}; a net "
            "promoter score needs the 11-point question. Name codes that are no answer in survey.missing, or take "
            "another column."
        )


def _method(survey: Survey, label: str, base: int, effective: float, confidence: float) -> Sentence:
    simple = survey_design(survey) is None
    return sentence(
        "Net promoter score of {question}: share of 9 and 10 less share of 0 to 6; {weights}; base {base:count} of "
        "{all:count}, effective base {effective:count}; {confidence:percent} interval with the {errors} error.",
        question=label,
        weights=weights_phrase(survey),
        base=base,
        all=survey.base,
        effective=effective,
        confidence=confidence,
        errors=sentence("multinomial") if simple else sentence("design-based (linearised)"),
    )
