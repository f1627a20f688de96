"""Margins: how much more, or less, do more satisfied customers bring in a year?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from drivers.analyses.notice import Notice
from drivers.analyses.terms import ValueTerms, known_margins
from drivers.core.estimate import Estimate
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

if TYPE_CHECKING:
    from drivers.analyses.leaving import LeavingModel  # it loads statsmodels, which a check has no need of
    from drivers.analyses.loyalty import RetentionLink

ENOUGH = 10
"""Fewer respondents than this for each column say nothing of a slope (Harrell 2015, section 4.4)."""


def margin_effect(model: LeavingModel, terms: ValueTerms) -> Estimate | None:
    """What yearly margin goes with one point of satisfaction, in the sample and in every draw?

    Least squares of the margin on satisfaction and the controls, with the survey's weights, on the joint resample. None
    where money goes through retention alone. Where it goes through both, only customers who stayed count: a margin that
    is smaller because the customer left within the year is already in the retention, and would count twice.

    Raises
    ------
    EstimationError
        When margin is one amount for all, is a control, does not differ, or too few are known.
    """
    if not terms.spent:
        return None
    survey = model.survey
    names, rows = margin_rows(survey, model.index, model.left, terms)
    z, w = survey.answers[list(names)].to_numpy(), survey.weights
    own = linear_fit(Moments.from_rows(names, z[rows], w[rows]).cross).slopes[0]
    drawn = linear_fit(model.resample.moments(names, z, w, rows).cross).slopes[:, 0]
    return Estimate(float(own), drawn)


def falling_margin(link: RetentionLink, terms: ValueTerms, confidence: float) -> tuple[Notice, ...]:
    """Whether amounts that count retention alone leave out that satisfied customers bring less, and how much less."""
    if terms.spent or not isinstance(terms.margin, str):
        return ()
    try:
        effect = margin_effect(link.model, replace(terms, through="both"))
    except EstimationError:
        return ()
    found = (effect or _NOTHING).bounds(confidence)
    if not found.high < 0:
        return ()
    return (Notice(FALLING_MARGIN, sentence(_FALLS, effect=found.value, low=found.low, high=found.high)),)


FALLING_MARGIN = "falling_margin"
"""Kind of that notice."""

_NOTHING = Estimate(float("nan"), np.full(1, np.nan))
_FALLS = (
    "The amounts of value and plans count only who stays, but in these data more satisfied customers bring less "
    "margin: one point of satisfaction goes with {effect:money} a year for each customer ({low:money} to "
    "{high:money}). That lowers what satisfaction is worth; value.through in the client file makes the amounts count "
    "it."
)


def margin_rows(
    survey: Survey, index: np.ndarray, left: np.ndarray, terms: ValueTerms
) -> tuple[tuple[str, ...], np.ndarray]:
    """Columns of that regression, the margin last, and the respondents (n,) in it.

    Raises
    ------
    EstimationError
        As `margin_effect`.
    """
    margin, names = terms.margin, (survey.outcome, *survey.controls)
    if not isinstance(margin, str):
        raise EstimationError(sentence(_ONE_AMOUNT))
    if margin in names:
        raise EstimationError(sentence(_HELD, column=margin))
    counted = np.isfinite(known_margins(survey, index, margin)) & ((left == 0) | (not terms.kept))
    rows = np.zeros(survey.base, dtype=bool)
    rows[index[counted]] = True
    _check_rows(survey.answers[margin].to_numpy()[rows & (survey.weights > 0)], len(names) + 1, margin)
    return (*names, margin), rows


def _check_rows(margins: np.ndarray, columns: int, name: str) -> None:
    if len(margins) < ENOUGH * columns:
        values = {"known": len(margins), "needed": ENOUGH * columns, "column": name}
        raise EstimationError(sentence(_FEW, **values))
    if np.ptp(margins) == 0:
        raise EstimationError(sentence(_SAME, column=name))


_ONE_AMOUNT = (
    "With one margin for all customers nothing can be said of spending. Give margin_per_year as a column, or leave "
    "value.through out."
)
_HELD = (
    "The margin {column} is held constant as a control, so it cannot follow satisfaction. Take it out of "
    "[drivers.items], or leave value.through out."
)
_FEW = (
    "The margin {column} is known of {known:count} customers who count; its relation to satisfaction needs "
    "{needed:count}. Merge waves, or leave value.through out."
)
_SAME = "The margin {column} is the same for every customer, so it goes with nothing. Leave value.through out."


def margin_bounds(effect: Estimate | None, confidence: float) -> dict[str, float]:
    """The effect and its interval as three fields of a result; NaN where margin does not follow."""
    return (effect or _NOTHING).bounds(confidence).named("margin_effect")


def through_phrase(terms: ValueTerms) -> Sentence:
    """What follows satisfaction on these terms, for a method sentence."""
    return _PHRASES[terms.through]


_PHRASES = {
    "retention": sentence("retention follows by the logit of leaving; the margin of a customer stays as it is"),
    "spending": sentence(
        "the margin of a customer follows by least squares on satisfaction and the controls, on all whose margin is "
        "known; retention stays as it is, so what satisfaction does to it is not counted"
    ),
    "both": sentence(
        "retention follows by the logit of leaving, and the margin of a customer by least squares on satisfaction and "
        "the controls among those who stayed, so that a margin missed by leaving counts once"
    ),
}
