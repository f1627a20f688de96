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
from drivers.core.wald import WaldTest, equality_contrast, wald_test, welch_test
from drivers.survey.survey import Survey

_ROUNDING = 1e-9  # of the range of a score


@dataclass(frozen=True, slots=True, eq=False)
class ScoreMeans:
    """Means of one score in G groups.

    Attributes
    ----------
    estimate
        Means (G,) with their joint covariance under the design, for intervals of one mean.
    tested
        The same with errors adjusted for the size of groups (``domain_means``), for differences and tests.
    bases, effective, units
        Arrays (G,): respondents, Kish's effective base, and units sampled.
    normal
        Whether the interval of one mean is normal: of counts of a sample without strata and clusters.
    apart
        Whether the groups are independent: one stratum, and no unit in two groups.
    """

    score: Score
    estimate: DesignEstimate
    tested: DesignEstimate
    bases: np.ndarray
    effective: np.ndarray
    units: np.ndarray
    normal: bool
    apart: bool

    def bounds(self, g: int, confidence: float) -> Bounds:
        """The mean of one group with its interval; without ends where all gave one answer and it is no share."""
        value, error = float(self.estimate.value[g]), float(self.estimate.error[g])
        degrees = np.inf if self.normal else max(1.0, min(self.estimate.degrees, float(self.units[g] - 1)))
        quantile = float(student_reach(np.asarray(1.0), degrees, confidence))
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
        """The mean of a group less another's, and its p-value; NaN where nothing differs but rounding.

        Student's t with Satterthwaite's degrees of freedom; of groups that have units in common, those of the design.
        """
        cover, value, pair = self.tested.covariance, self.tested.value, [g, other]
        gap, own = float(value[g] - value[other]), np.diagonal(cover)[pair]
        error = float(np.sqrt(max(float(own.sum()) - 2 * cover[g, other], 0.0)))
        if not self.real(error):
            return Bounds(gap, float("nan"), float("nan")), float("nan")
        degrees = self.tested.degrees
        if self.apart:
            degrees = float(own.sum() ** 2 / (own**2 / np.maximum(self.units[pair] - 1, 1)).sum())
        reach = float(student_reach(np.asarray(error), degrees, confidence))
        return Bounds(gap, gap - reach, gap + reach), float(2 * stdtr(degrees, -abs(gap) / error))

    def equal(self) -> WaldTest:
        """Are the means the same in all groups? Welch's test; Wald's where groups have units in common."""
        found = self.tested
        if self.apart:
            return welch_test(found.value, np.diagonal(found.covariance), self.units)
        contrast = equality_contrast(len(self.bases), 1, (0,))
        return wald_test(contrast, found.value, found.covariance, found.degrees)

    def real(self, error: float) -> bool:
        """Is this error more than rounding?"""
        return error > _ROUNDING * (self.score.top - self.score.floor)


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
    kept = replace(score, values=score.values[counted])
    return means_of(kept, survey.weights[counted], inside[counted], design, tied)


def means_of(score: Score, w: np.ndarray, codes: np.ndarray, design: Design | None, tied: bool) -> ScoreMeans:
    """Means of a score in the groups of these rows; `tied` says whether the design has strata or clusters.

    Shares and differences of shares have the multinomial variance of a simple sample, and a normal interval without
    strata and clusters; other scores have Welch's variance and Student's interval.
    """
    counting, y = score.measure in COUNTS, np.nan_to_num(score.values)
    tested = domain_means(y, w, codes, design)
    plain = design is not None or counting
    found = domain_means(y, w, codes, design, adjusted=False) if plain else tested
    members = [codes == g for g in range(len(found.value))]
    return ScoreMeans(
        score=score,
        estimate=found,
        tested=tested,
        bases=np.array([int(m.sum()) for m in members]),
        effective=np.array([kish_base(w[m]) for m in members]),
        units=np.array([int(m.sum()) if design is None else len(np.unique(design.units[m])) for m in members]),
        normal=counting and not tied,
        apart=design is None or (len(design.sizes) == 1 and _nested(design.units, codes)),
    )


def _nested(units: np.ndarray, codes: np.ndarray) -> bool:
    """Is no unit (codes (n,)) in two of the groups?"""
    pairs = np.unique(np.column_stack([units, codes])[codes >= 0], axis=0)
    return len(pairs) == len(np.unique(pairs[:, 0]))
