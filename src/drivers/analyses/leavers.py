"""Leavers: whose answers carry the model of leaving, and whether they allow an estimate at all."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.separation import check_separation
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

MINIMUM_EVENTS = 10
"""Fewer customers who left (or stayed) per column give a logit nobody should sign (Peduzzi et al. 1996)."""


@dataclass(frozen=True, slots=True, eq=False)
class LeavingAnswers:
    """Complete answers on leaving, satisfaction and controls, those of one pattern beside each other.

    Attributes
    ----------
    index
        Positions (m,) in the survey of the respondents.
    x, left, w
        Design (m, k): ones, satisfaction, controls; 1 for those who left (m,); weights (m,).
    names
        The k columns.
    """

    index: np.ndarray
    x: np.ndarray
    left: np.ndarray
    w: np.ndarray
    names: tuple[str, ...]


def leaving_answers(survey: Survey, left_column: str = "left") -> LeavingAnswers:
    """Whose answers can tell who leaves?

    Raises
    ------
    EstimationError
        When too few left or stayed, or the columns separate the two (almost) completely.
    """
    names = (survey.outcome, *survey.controls)
    rows = np.flatnonzero(survey.complete((*names, left_column)))
    answers = survey.answers[list(names)].to_numpy()
    index = rows[np.lexsort(answers[rows].T)]
    x = np.column_stack([np.ones(len(index)), answers[index]])
    left = survey.answers[left_column].to_numpy()[index]
    check_events(left, len(names))
    check_separation(x, left, ("intercept", *(survey.labels.get(n, n) for n in names)))
    return LeavingAnswers(index, x, left, survey.weights[index], ("intercept", *names))


def check_events(left: np.ndarray, columns: int) -> None:
    """Refuse a model of leaving, 1 or 0 (m,), on so many columns where too few left or stayed.

    Raises
    ------
    EstimationError
        When fewer than ``MINIMUM_EVENTS`` a column left, or stayed.
    """
    rarer = int(min((left == 1).sum(), (left == 0).sum()))
    if rarer == 0:
        raise EstimationError(sentence(_NOBODY_STAYED if (left == 1).any() else _NOBODY_LEFT))
    if rarer < MINIMUM_EVENTS * columns:
        raise EstimationError(
            sentence(
                "Those who left or those who stayed number {rarer:count}; a model of leaving on {columns:count} "
                "columns needs {needed:count} of each. Use a longer period, or merge waves.",
                rarer=rarer,
                columns=columns,
                needed=MINIMUM_EVENTS * columns,
            )
        )


_NOBODY_LEFT = (
    "Nobody in these data left, so nothing can be said of leaving. Check the column and its codes, use a longer "
    "period, or merge waves."
)
_NOBODY_STAYED = (
    "Everybody in these data left, so nothing can be said of leaving. Check the column and its codes; customers who "
    "stayed must have been asked too."
)
