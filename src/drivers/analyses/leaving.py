"""The model of leaving: a logit, its coefficients in every draw, and averages of what it predicts."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.tools.sm_exceptions import ModelWarning

from drivers.analyses.basis import survey_design
from drivers.analyses.leavers import LeavingAnswers, leaving_answers
from drivers.analyses.patterns import PatternSums, blocks
from drivers.core.design import DesignEstimate, linearised_covariance
from drivers.core.estimate import SOUND, Estimate
from drivers.core.logit import grouped_logit_coefficients, inverse_logit, logit_influence
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

Values = Callable[[np.ndarray, np.ndarray], Iterable[np.ndarray]]
"""From coefficients (b, k) and a shift of satisfaction (b, 1) to values per pattern, each (b, u) or (u,)."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """Over whom a value is averaged: boolean `among` (m,), and a `factor` (m,) that multiplies it (ones, a margin)."""

    among: np.ndarray
    factor: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class LeavingModel:
    """Logit of leaving on satisfaction and controls, on complete cases.

    Respondents are sorted so that those of one pattern, equal in satisfaction and controls, are neighbours: whatever
    the model predicts is computed once a pattern.

    Attributes
    ----------
    survey, resample
        What it was fitted on.
    index
        Positions (m,) in the survey of the respondents in the model.
    x, left, w
        Design (m, k): ones, satisfaction, controls; 1 for those who left (m,); weights (m,).
    first
        Position (u,) in the model of the first respondent of each pattern.
    names
        The k columns.
    fitted
        Coefficients (k,) with their robust covariance.
    draws
        The coefficients in every draw (B, k).
    """

    survey: Survey
    resample: Resample
    index: np.ndarray
    x: np.ndarray
    left: np.ndarray
    w: np.ndarray
    first: np.ndarray
    names: tuple[str, ...]
    fitted: DesignEstimate
    draws: np.ndarray

    @property
    def beta(self) -> np.ndarray:
        """Coefficients (k,)."""
        return self.fitted.value

    @property
    def satisfaction(self) -> np.ndarray:
        """Satisfaction (m,) of the respondents in the model."""
        return self.x[:, 1]

    @property
    def pattern(self) -> np.ndarray:
        """The pattern (m,) of each respondent, 0 … u - 1."""
        return np.searchsorted(self.first, np.arange(len(self.x)), side="right") - 1

    @property
    def patterns(self) -> np.ndarray:
        """The design (u, k) of each pattern."""
        return np.asarray(self.x[self.first])

    def patterns_at(self, satisfaction: float) -> np.ndarray:
        """The design (u, k) if satisfaction were this for everyone, controls as they are."""
        x = self.patterns.copy()
        x[:, 1] = satisfaction
        return x

    def weighting(self, among: np.ndarray | None = None, factor: np.ndarray | None = None) -> Weighting:
        """Everyone once, unless `among` or `factor` say otherwise."""
        among = np.ones(len(self.w), dtype=bool) if among is None else among
        return Weighting(among, np.where(among, 1.0 if factor is None else factor, 0.0))

    def retention_at(self, points: Sequence[float]) -> list[Estimate]:
        """Retention if everyone were as satisfied as each of these points, controls as they are (standardisation)."""
        _, first, group = np.unique(np.delete(self.x, 1, axis=1), axis=0, return_index=True, return_inverse=True)
        x, everyone = self.x[first].copy(), self.weighting()

        def values(beta: np.ndarray, _: np.ndarray) -> Iterator[np.ndarray]:
            for point in points:
                x[:, 1] = point
                yield inverse_logit(-beta @ x.T)

        return self.means(values, [everyone] * len(points), group=group.ravel())[0]

    def mean(self, values: Callable[[np.ndarray], np.ndarray], weighting: Weighting | None = None) -> Estimate:
        """Weighted mean of one value per pattern, a function of the coefficients (b, k), in sample and draws."""
        weighting = self.weighting() if weighting is None else weighting
        return self.means(lambda beta, _: (values(beta),), (weighting,))[0][0]

    def means(
        self,
        values: Values,
        weightings: Sequence[Weighting],
        shifts: Sequence[Estimate] = (),
        *,
        group: np.ndarray | None = None,
    ) -> list[list[Estimate]]:
        """Weighted means of several values over several shifts of satisfaction, in the sample and in every draw.

        Parameters
        ----------
        values
            Gives one array per weighting.
        weightings
            Over whom each value is averaged.
        shifts
            Points of satisfaction gained, with their draws; default: one shift of nothing.
        group
            For values that are not per pattern: the place (m,) among them of each respondent's value.

        Returns
        -------
        list of list of Estimate
            One list a shift, with one estimate a weighting.
        """
        shifts = shifts or (Estimate(0.0, np.zeros(len(self.draws))),)
        group = self.pattern if group is None else group
        sums = self._sums(weightings, group)
        moved = np.array([[shift.value] for shift in shifts])
        parts = [_averages(values, self.beta[None], moved, sums.sample())]
        drawn = np.array([shift.replicates for shift in shifts])
        for part in blocks(len(self.draws), int(group.max()) + 1):
            parts.append(_averages(values, self.draws[part], drawn[:, part], sums.drawn(part)))
        table = np.concatenate(parts, axis=2)
        return [[Estimate(float(row[0]), row[1:]) for row in rows] for rows in table]

    def _sums(self, weightings: Sequence[Weighting], group: np.ndarray) -> PatternSums:
        return PatternSums.of(self.survey, self.resample, self.index, [(v.factor, v.among) for v in weightings], group)


def _averages(
    values: Values, beta: np.ndarray, shifts: np.ndarray, sums: tuple[list[np.ndarray], list[np.ndarray]]
) -> np.ndarray:
    """Means (shifts, weightings, b) under coefficients (b, k), for shifts (shifts, b) and sums of weights."""
    grouped, total = sums
    means = np.full((len(shifts), len(grouped), len(beta)), np.nan)
    for i, shift in enumerate(shifts):
        for j, found in enumerate(values(beta, shift[:, None])):
            np.divide(np.vecdot(found, grouped[j]), total[j], out=means[i, j], where=total[j] > 0)
    return means


def fit_leaving(survey: Survey, resample: Resample, left_column: str = "left") -> LeavingModel:
    """Who leaves? Fits the logit of leaving on satisfaction and controls.

    Raises
    ------
    EstimationError
        When too few left or stayed, or the columns separate the two (almost) completely.
    """
    answers = leaving_answers(survey, left_column)
    index, x, left = answers.index, answers.x, answers.left
    fitted = robust_logit(survey, answers)
    new = np.r_[True, (x[1:] != x[:-1]).any(axis=1)]
    first, everyone = np.flatnonzero(new), np.ones(len(x), dtype=bool)
    sums = PatternSums.of(survey, resample, index, [(everyone, everyone), (left, everyone)], np.cumsum(new) - 1)
    counted = (sums.drawn(part)[0] for part in blocks(resample.draws, len(first)))
    draws = [grouped_logit_coefficients(x[first], every, gone, fitted.value) for every, gone in counted]
    _check_draws(np.concatenate(draws))
    return LeavingModel(
        survey, resample, index, x, left, answers.w, first, answers.names, fitted, np.concatenate(draws)
    )


def robust_logit(survey: Survey, answers: LeavingAnswers) -> DesignEstimate:
    """Which coefficients, and how sure under the survey's design?

    A simple sample has errors robust to a wrong variance (statsmodels' HC1, normal intervals), any other the
    linearised ones of its design, as R's svyglm, with units less strata as degrees of freedom. Respondents without
    an answer still count as drawn.
    """
    x, left, w, design = answers.x, answers.left, answers.w, survey_design(survey)
    fitted = _fit(x, left, w)
    beta = np.asarray(fitted.params, dtype=float)
    if design is None:
        return DesignEstimate(beta, np.asarray(fitted.cov_params(), dtype=float), np.inf)
    inside = np.zeros(survey.base, dtype=bool)
    inside[answers.index] = True
    influence = np.zeros((survey.base, len(beta)))
    influence[answers.index] = logit_influence(x, left, w, beta)
    counted = survey.weights > 0
    covariance = linearised_covariance(influence[counted], design)
    return DesignEstimate(beta, covariance, design.degrees_of(inside[counted]))


def _check_draws(draws: np.ndarray) -> None:
    without = 1 - float(np.isfinite(draws).all(axis=1).mean())
    if without > 1 - SOUND:
        raise EstimationError(
            sentence(
                "In {share:percent} of the resamples the model of leaving has no finite estimate: satisfaction and the "
                "controls together (almost) separate those who left from those who stayed. Use a longer period, merge "
                "waves, or take a control out.",
                share=without,
            )
        )


def _fit(x: np.ndarray, left: np.ndarray, w: np.ndarray) -> sm.genmod.generalized_linear_model.GLMResults:
    """Binomial regression; weights scaled to mean 1 enter as variance weights, so errors must be the robust ones."""
    model = sm.GLM(left, x, family=sm.families.Binomial(), var_weights=w / w.mean())
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", ModelWarning)  # separation shows in the draws, which are checked
        return model.fit(cov_type="HC1", tol=1e-12, maxiter=200)
