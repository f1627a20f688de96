"""Means of scores in groups of respondents: their errors under the design, intervals and tests."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import stdtr

from drivers.analyses.basis import survey_design
from drivers.analyses.scores import COUNTS, SHARES, Score
from drivers.core.composite import wilson_interval
from drivers.core.design import Design, DesignEstimate, kish_base
from drivers.core.domains import domain_means
from drivers.core.estimate import Bounds
from drivers.core.interval import student_reach
from drivers.core.wald import WaldTest, equality_contrast, wald_test
from drivers.survey.survey import Survey

_ROUNDING = 1e-9  # of the range of a score


@dataclass(frozen=True, slots=True, eq=False)
class ScoreMeans:
    """Means of one score in G groups.

    Attributes
    ----------
    estimate
        Means (G,) with their joint covariance under the design.
    bases, effective
        Arrays (G,): respondents, and Kish's effective base.
    degrees
        Degrees of freedom of tests; those of `estimate` are of intervals, and infinite where these are normal.
    """

    score: Score
    estimate: DesignEstimate
    bases: np.ndarray
    effective: np.ndarray
    degrees: float

    def bounds(self, g: int, confidence: float) -> Bounds:
        """The mean of one group with its interval; without ends where all gave one answer and it is no share."""
        value, error = float(self.estimate.value[g]), float(self.estimate.error[g])
        quantile = float(student_reach(np.asarray(1.0), self.estimate.degrees, confidence))
        if self.score.measure in SHARES:
            spread = value * (1 - value)
            base = spread / error**2 if self.real(error) else self.effective[g]
            found = wilson_interval(np.asarray(value), np.asarray(base), quantile)
            return Bounds(value, float(found.low), float(found.high))
        if not self.real(error):
            return Bounds(value, float("nan"), float("nan"))
        low, high = value - quantile * error, value + quantile * error
        return Bounds(value, max(low, self.score.floor), min(high, self.score.top))

    def gap(self, g: int, other: int, confidence: float) -> tuple[Bounds, float]:
        """The mean of a group less another's, and its p-value; NaN where nothing differs but rounding."""
        cover, value = self.estimate.covariance, self.estimate.value
        gap, variance = float(value[g] - value[other]), cover[g, g] + cover[other, other] - 2 * cover[g, other]
        error = float(np.sqrt(max(variance, 0.0)))
        if not self.real(error):
            return Bounds(gap, float("nan"), float("nan")), float("nan")
        reach = float(student_reach(np.asarray(error), self.degrees, confidence))
        return Bounds(gap, gap - reach, gap + reach), float(2 * stdtr(self.degrees, -abs(gap) / error))

    def real(self, error: float) -> bool:
        """Is this error more than rounding?"""
        return error > _ROUNDING * (self.score.top - self.score.floor)

    def equal(self) -> WaldTest:
        """Are the means the same in all groups?"""
        count, found = len(self.bases), self.estimate
        return wald_test(equality_contrast(count, 1, (0,)), found.value, found.covariance, self.degrees)


def score_means(survey: Survey, score: Score, codes: np.ndarray) -> ScoreMeans:
    """Means of a score in groups of the respondents of one wave.

    Parameters
    ----------
    survey
        The wave: weights, strata and clusters.
    score
        The score.
    codes
        Array (n,), 0 … G-1, each with an answer at least; -1 for respondents in no group.
    """
    counted, design = survey.weights > 0, survey_design(survey)
    tied = survey.strata is not None or survey.clusters is not None
    inside = np.where(counted & ~np.isnan(score.values), codes, -1)
    return means_of(
        replace(score, values=score.values[counted]), survey.weights[counted], inside[counted], design, tied
    )


def means_of(score: Score, w: np.ndarray, codes: np.ndarray, design: Design | None, tied: bool) -> ScoreMeans:
    """Means of a score in the groups of these rows; `tied` says whether the design has strata or clusters.

    Shares and differences of shares have the multinomial variance of a simple sample, and a normal interval without
    strata and clusters; other scores have Welch's variance and Student's interval.
    """
    counting = score.measure in COUNTS
    found = domain_means(np.nan_to_num(score.values), w, codes, design, sample=not counting)
    estimate = replace(found, degrees=np.inf) if counting and not tied else found
    members = [codes == g for g in range(len(found.value))]
    bases, effective = [int(m.sum()) for m in members], [kish_base(w[m]) for m in members]
    return ScoreMeans(score, estimate, np.array(bases), np.array(effective), found.degrees)
