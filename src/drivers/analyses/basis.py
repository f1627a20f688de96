"""The basis of a linear analysis: who is in it, their moments, and the same respondents' resamples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.design import Design, sampling_design
from drivers.core.linear import partial_out
from drivers.core.moments import Moments
from drivers.core.resample import Resample, draw_resample, jackknife_moments
from drivers.errors import EstimationError
from drivers.sentence import Sentence, sentence
from drivers.survey.survey import Survey

DEFAULT_DRAWS = 1000
DEFAULT_SEED = 1

JACKKNIFE_GROUPS = 250
"""Groups left out in turn for the acceleration of BCa intervals; its noise, 0.4 / groups, is far below its size."""


def joint_resample(survey: Survey, rng: np.random.Generator | None = None, draws: int = DEFAULT_DRAWS) -> Resample:
    """Which resamples of the respondents do all analyses of this survey share?

    Every respondent (every cluster, where a unit answers more than once) is drawn with replacement, within strata
    where there are any, once for all analyses, so that a difference between any two results has an interval too.
    `rng` None: a generator of seed 1.

    Raises
    ------
    EstimationError
        When there are no respondents or no draws.
    """
    rng = np.random.default_rng(DEFAULT_SEED) if rng is None else rng
    return draw_resample(rng, survey.base, draws, survey.clusters, survey.strata)


def survey_design(survey: Survey) -> Design | None:
    """Which design must errors allow for? That of the respondents with weight; None for a simple sample.

    A sample is simple without weights, strata and clusters.

    Raises
    ------
    EstimationError
        When a stratum holds one unit only, or a unit lies in two strata.
    """
    if not (survey.weighted or survey.strata is not None or survey.clusters is not None):
        return None
    counted = survey.weights > 0
    strata = None if survey.strata is None else survey.strata[counted]
    clusters = None if survey.clusters is None else survey.clusters[counted]
    return sampling_design(survey.weights[counted], strata, clusters)


@dataclass(frozen=True, slots=True, eq=False)
class LinearBasis:
    """Complete cases of controls, drivers and outcome, in that order.

    Attributes
    ----------
    names
        The q = c + p + 1 columns.
    controls
        How many of them come first as controls (c).
    rows
        Boolean array (n,) of the survey's respondents that are in.
    z, w
        Their answers (m, q) and weights (m,).
    clusters
        Units (m,) that they belong to; None when each is one of its own.
    moments
        Moments (q) of the sample.
    design
        How the respondents with weight were sampled; None for a simple sample.
    counted
        Boolean array (k,), which of the respondents with weight are in.
    """

    names: tuple[str, ...]
    controls: int
    rows: np.ndarray
    z: np.ndarray
    w: np.ndarray
    clusters: np.ndarray | None
    moments: Moments
    design: Design | None
    counted: np.ndarray

    @property
    def base(self) -> int:
        """Respondents in the analysis, unweighted."""
        return len(self.w)

    @property
    def drivers(self) -> tuple[str, ...]:
        """Names of the p drivers."""
        return self.names[self.controls : -1]

    def resampled(self, survey: Survey, resample: Resample) -> Moments:
        """Moments (B, q, q) of the same respondents in every draw."""
        answers = survey.answers[list(self.names)].to_numpy()
        return resample.moments(self.names, answers, survey.weights, self.rows)

    def jackknifed(self) -> Moments:
        """Moments (G, q, q) that leave one respondent or group out each."""
        groups = None if self.base <= JACKKNIFE_GROUPS else JACKKNIFE_GROUPS
        return jackknife_moments(self.names, self.z, self.w, groups, units=self.clusters)

    def cross(self, moments: Moments) -> np.ndarray:
        """Cross-products (..., p+1, p+1) of drivers and outcome with the controls held constant."""
        return partial_out(moments.cross, self.controls)


def linear_basis(survey: Survey, drivers: Sequence[str] | None = None, outcome: str | None = None) -> LinearBasis:
    """Who answered everything that this regression needs?

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers, or satisfaction never varies.
    """
    chosen = tuple(survey.drivers if drivers is None else drivers)
    names = (*survey.controls, *chosen, outcome or survey.outcome)
    rows = survey.complete(names)
    _check_base(int(rows.sum()), len(names) - 1)
    z = survey.answers.loc[rows, list(names)].to_numpy()
    w = survey.weights[rows]
    moments = Moments.from_rows(names, z, w)
    if not moments.cross[-1, -1] > 0:
        raise EstimationError(
            f"Everyone gave the same answer on {names[-1]}, so nothing can explain differences in it. "
            "Check the column, or merge waves."
        )
    clusters = None if survey.clusters is None else survey.clusters[rows]
    counted = rows[survey.weights > 0]
    return LinearBasis(names, len(survey.controls), rows, z, w, clusters, moments, survey_design(survey), counted)


def _check_base(base: int, regressors: int) -> None:
    if base <= regressors + 1:
        raise EstimationError(
            f"{base} complete answers cannot support {regressors} drivers. "
            "Drop drivers with many missing answers, or merge waves."
        )


def weights_phrase(survey: Survey) -> Sentence:
    """How the respondents are weighted, for a method sentence."""
    return sentence("survey weights") if survey.weighted else sentence("no weights")


def units_phrase(survey: Survey) -> Sentence:
    """What is resampled, for a method sentence."""
    if survey.strata is None:
        return sentence("respondents") if survey.clusters is None else sentence("clusters of answers")
    return sentence("respondents within strata") if survey.clusters is None else sentence("clusters within strata")
