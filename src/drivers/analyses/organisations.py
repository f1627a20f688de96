"""Organisations: what each thinks on every scale, and what it decided."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.choice import ChoicePlan
from drivers.survey.survey import Survey
from drivers.wording import sentence

ANSWERED = 0.5
"""Part of a scale's questions that a respondent must answer for a score: the custom for scales of alike items."""


@dataclass(frozen=True, slots=True, eq=False)
class Organisations:
    """One row an organisation; a respondent alone is one where the survey has no clusters.

    Attributes
    ----------
    names
        The k columns: scales, then controls.
    scales
        How many of them are scales.
    x
        Array (u, k): weighted means of the respondents with a score; NaN without one.
    y
        Array (u,): 0 stayed, 1 switched, 2 took the work back, -1 has yet to decide.
    w
        Array (u,): the mean weight of its respondents.
    codes
        Array (u,) of text, the organisation's code in the survey.
    respondents
        Array (u,): respondents with a score on every scale.
    first
        Array (u,): position in the survey of its first respondent with weight.
    """

    names: tuple[str, ...]
    scales: int
    x: FloatArray
    y: IntArray
    w: FloatArray
    codes: np.ndarray
    respondents: IntArray
    first: IntArray

    @property
    def complete(self) -> BoolArray:
        """Which organisations (u,) have a value in every column."""
        return np.asarray(~np.isnan(self.x).any(axis=1))

    def drawn(self, resample: Resample, rows: int) -> FloatArray:
        """Weights (B, u) in every draw of a resample of a survey of so many `rows`."""
        spread = np.zeros(rows)
        spread[self.first] = self.w
        return resample.weightings(spread)[:, self.first]

    def chosen(self, rows: BoolArray) -> Organisations:
        """The same of these organisations (u,) only."""
        return Organisations(
            self.names, self.scales, self.x[rows], self.y[rows], self.w[rows], self.codes[rows],
            self.respondents[rows], self.first[rows],
        )  # fmt: skip


def survey_organisations(survey: Survey) -> Organisations:
    """What does each organisation think, and what did it decide?

    The organisation is the unit, as the decision is: with respondents as rows, an organisation would count as often as
    people of it answered. Respondents of weight 0 do not count. An organisation weighs as much as its respondents do
    on average, so that weights of organisations are honoured and those within one only shape its means.

    Raises
    ------
    EstimationError
        When the survey says nothing of decisions.
    """
    plan = _plan(survey)
    names = (*plan.scales, *plan.controls)
    scores = np.column_stack([respondent_scores(survey), survey.answers[list(plan.controls)].to_numpy()])
    unit = np.arange(survey.base) if survey.clusters is None else survey.clusters
    size, counted = int(unit.max()) + 1, survey.weights > 0
    rows = np.flatnonzero(counted)
    kept, first = np.unique(unit[rows], return_index=True)
    full = counted & ~np.isnan(scores[:, : len(plan.scales)]).any(axis=1)
    y = np.full(size, -1)
    np.maximum.at(y, unit[rows], plan.decisions[rows])
    weight = np.bincount(unit, survey.weights, size) / np.maximum(np.bincount(unit[rows], minlength=size), 1)
    return Organisations(
        names=names,
        scales=len(plan.scales),
        x=unit_means(scores, survey.weights, unit)[kept],
        y=y[kept],
        w=weight[kept],
        codes=plan.organisations[rows[first]],
        respondents=np.bincount(unit[full], minlength=size)[kept],
        first=rows[first],
    )


def respondent_scores(survey: Survey) -> FloatArray:
    """Score (n, k) of each respondent on each scale: the mean of the answers, where at least half are given."""
    scores = []
    for columns in _plan(survey).scales.values():
        answers = survey.answers[list(columns)].to_numpy()
        given = ~np.isnan(answers)
        total, count = np.where(given, answers, 0.0).sum(axis=1), given.sum(axis=1)
        scores.append(np.where(count >= ANSWERED * len(columns), total / np.maximum(count, 1), np.nan))
    return np.column_stack(scores)


def unit_means(values: FloatArray, weights: FloatArray, unit: IntArray) -> FloatArray:
    """Weighted means (u, k) of the values (n, k) that are known, by unit (n,); NaN where none is."""
    means = []
    for column in values.T:
        w = np.where(np.isnan(column), 0.0, weights)
        total = np.bincount(unit, w)
        summed = np.bincount(unit, w * np.where(np.isnan(column), 0.0, column))
        means.append(np.divide(summed, total, out=np.full(len(total), np.nan), where=total > 0))
    return np.column_stack(means)


def _plan(survey: Survey) -> ChoicePlan:
    if survey.choice is None or not survey.choice.scales:
        raise EstimationError(
            sentence(
                "The survey does not say what organisations decided, or none of the scales that may tell was asked. "
                "Add [choice] to the client file, with scales that this wave has."
            )
        )
    return survey.choice
