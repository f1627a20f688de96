"""Outcomes: satisfaction or another column, seen as a share of customers, as ordered answers or as a choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.analyses.groups import satisfaction_groups, thresholds
from drivers.core.binary import BinaryLogit
from drivers.core.moments import FloatArray, IntArray
from drivers.core.multinomial import MultinomialLogit
from drivers.core.ordered import OrderedLogit
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

OutcomeKind = Literal["linear", "top_box", "leaving", "ordered", "multinomial"]

MOST_ANSWERS = 20
"""Different answers up to which an outcome counts as a scale of ordered answers."""

EVENTS_PER_COLUMN = 10
"""Fewer answers of the rarer kind for each column give a model nobody should sign (Peduzzi et al. 1996)."""

FEWEST_IN_CLASS = 5
"""An ordered answer that fewer gave is read together with its neighbour."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the outcome is seen.

    Attributes
    ----------
    kind
        ``linear``: its mean; ``top_box``: whether it reaches `satisfied`; ``leaving``: a column of 0 and 1;
        ``ordered``: its answers in their order; ``multinomial``: its different values, without an order.
    column
        Column of the answers; default: satisfaction, of ``leaving`` the column "left".
    satisfied
        Lowest answer in the top box; default: that of ``thresholds``.
    """

    kind: OutcomeKind
    column: str | None = None
    satisfied: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class SeenOutcome:
    """The answers of the outcome as a model takes them.

    Attributes
    ----------
    kind, column
        As asked.
    y
        Array (m,): the answers themselves when linear, else their class, 0 … C-1, in the order of the rows.
    named
        What a report calls it.
    """

    kind: OutcomeKind
    column: str
    y: FloatArray
    named: Sentence

    @property
    def classes(self) -> IntArray:
        """The class (m,) of each answer."""
        return self.y.astype(np.int64)


def outcome_column(survey: Survey, outcome: Outcome) -> str:
    """The column that an outcome is read from.

    Raises
    ------
    SurveyError
        When the survey has no such column.
    """
    column = outcome.column or ("left" if outcome.kind == "leaving" else survey.outcome)
    if column not in survey.answers.columns:
        there = ", ".join(map(str, survey.answers.columns))
        raise SurveyError(f"The survey has no column {column!r} for the outcome. It has: {there}. Name one of these.")
    return column


def seen_outcome(survey: Survey, outcome: Outcome, answers: FloatArray, columns: int) -> SeenOutcome:
    """The outcome's `answers` (m,), as a model with so many `columns` takes them.

    Raises
    ------
    EstimationError
        When there are too few of the rarer answers for so many columns, or too many different ones for a scale.
    """
    column = outcome_column(survey, outcome)
    label = survey.labels.get(column, column)
    if outcome.kind == "linear":
        return SeenOutcome("linear", column, answers, sentence("{outcome} (mean)", outcome=label))
    if outcome.kind == "top_box":
        limit = thresholds(survey, outcome.satisfied).satisfied
        y, named = (
            (answers >= limit).astype(float),
            sentence(_TOP if limit == int(limit) else _TOP_BETWEEN, outcome=label, limit=limit),
        )
    elif outcome.kind == "leaving":
        y, named = _binary(answers, label), sentence("{outcome}", outcome=label)
    elif outcome.kind == "ordered":
        y, named = _ordered(answers, label), sentence("{outcome} (ordered answers)", outcome=label)
    else:
        y, named = _choices(survey, column, answers), sentence("{outcome} (choice)", outcome=label)
    _check_events(y, outcome.kind, columns)
    return SeenOutcome(outcome.kind, column, y, named)


_TOP = "{outcome} ({limit:number0} or higher)"
_TOP_BETWEEN = "{outcome} ({limit:number1} or higher)"


def _binary(answers: FloatArray, label: str) -> FloatArray:
    if not np.isin(answers, (0.0, 1.0)).all():
        raise EstimationError(
            sentence(
                "{outcome} holds other answers than 0 and 1, so it is no yes or no. Recode it, or see it as ordered.",
                outcome=label,
            )
        )
    return answers


def _ordered(answers: FloatArray, label: str) -> FloatArray:
    """Classes (m,) of ordered answers; a scale point that (almost) nobody chose joins its neighbour."""
    points, y = np.unique(answers, return_inverse=True)
    if len(points) > MOST_ANSWERS:
        raise EstimationError(
            sentence(
                "{outcome} has {points:count} different values; a scale of ordered answers has {most:count} at "
                "most. Round "
                "them, or use their mean.",
                outcome=label,
                points=len(points),
                most=MOST_ANSWERS,
            )
        )
    sizes = np.bincount(y)
    while len(sizes) > 2 and sizes.min() < FEWEST_IN_CLASS:
        c = int(sizes.argmin())
        into = c + 1 if c == 0 or (c < len(sizes) - 1 and sizes[c + 1] < sizes[c - 1]) else c - 1
        y = np.where(y > min(c, into), y - 1, y)
        sizes = np.bincount(y)
    return np.asarray(y, dtype=float)


def _choices(survey: Survey, column: str, answers: FloatArray) -> FloatArray:
    """Classes (m,) without an order: satisfaction in its three groups, any other column by its values."""
    if column == survey.outcome:
        answers = satisfaction_groups(answers, thresholds(survey)).astype(float)
    return np.asarray(np.unique(answers, return_inverse=True)[1], dtype=float)


def _check_events(y: FloatArray, kind: OutcomeKind, columns: int) -> None:
    sizes = np.bincount(y.astype(np.int64)).astype(float)
    n = sizes.sum()
    if len(sizes) < 2:
        raise EstimationError(
            sentence(
                "Everybody gave the same answer, so nothing can be learnt from differences. Use another column, "
                "or merge waves."
            )
        )
    events = n - (sizes**3).sum() / n**2 if kind == "ordered" else sizes.min()
    if events < EVENTS_PER_COLUMN * columns:
        raise EstimationError(
            sentence(
                "The rarer answer was given by {events:count} respondents only; a model on {columns:count} columns "
                "needs {needed:count} of them. Drop or combine drivers, or merge waves.",
                events=events,
                columns=columns,
                needed=EVENTS_PER_COLUMN * columns,
            )
        )


def outcome_likelihood(
    seen: SeenOutcome, x: FloatArray, w: FloatArray
) -> BinaryLogit | OrderedLogit | MultinomialLogit:
    """The model of an outcome that is not linear, on the columns `x` (m, k); its classes must ascend."""
    if seen.kind == "ordered" and seen.y.max() > 1:
        return OrderedLogit(x, seen.classes, w)
    if seen.kind == "multinomial":
        return MultinomialLogit(x, seen.classes, w)
    return BinaryLogit(x, seen.y, w)
