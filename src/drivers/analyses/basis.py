"""The basis of a linear analysis: who is in it, their moments, and the same respondents' resamples."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from drivers.analyses.answers import CompleteAnswers
from drivers.analyses.columns import RegressionColumns
from drivers.analyses.policy import ChosenPolicy, chosen_policy
from drivers.analyses.treatment import policy_answers, policy_columns
from drivers.core.design import Design, sampling_design
from drivers.core.linear import partial_out
from drivers.core.moments import Moments
from drivers.core.resample import Resample, draw_resample
from drivers.core.shapley import SharePlan, share_plan
from drivers.errors import EstimationError
from drivers.survey.survey import MissingPolicy, Survey
from drivers.wording import Sentence, sentence

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
    """Controls, drivers and outcome, in that order, with missing answers treated by the survey's policy.

    Attributes
    ----------
    columns
        The q columns: controls and indicators (c), drivers (p), outcome.
    policy
        How missing answers are treated, and why.
    answers
        Whose answers count, and how they give moments.
    rows
        Boolean array (n,) of the survey's respondents that are in.
    z, w
        Their answers (m, q) and weights (m,); of a completion, without holes.
    clusters
        Units (m,) that they belong to; None when each is one of its own.
    moments
        Moments (q) of the sample.
    design
        How the respondents with weight were sampled; None for a simple sample.
    counted
        Boolean array (k,), which of the respondents with weight are in.
    """

    columns: RegressionColumns
    policy: ChosenPolicy
    answers: CompleteAnswers
    rows: np.ndarray
    z: np.ndarray
    w: np.ndarray
    clusters: np.ndarray | None
    moments: Moments
    design: Design | None
    counted: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The q columns."""
        return self.columns.names

    @property
    def controls(self) -> int:
        """How many columns come before the drivers (c)."""
        return self.columns.controls

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
        return self.answers.drawn(resample)

    def jackknifed(self) -> Moments:
        """Moments (G, q, q) that leave one respondent or group out each."""
        return self.answers.jackknifed(None if self.base <= JACKKNIFE_GROUPS else JACKKNIFE_GROUPS)

    def pooled(self, statistic: Callable[[Moments], np.ndarray]) -> np.ndarray:
        """A statistic of the sample; of several completions the mean of theirs (Rubin 1987)."""
        sets = self.answers.sets()
        return np.asarray(statistic(self.moments) if len(sets.base) == 1 else statistic(sets).mean(axis=0))

    def part(self, chosen: np.ndarray) -> LinearBasis:
        """The basis of these respondents only (boolean, (n,)), for their moments, draws and jackknife."""
        answers, kept = self.answers.within(chosen), chosen[self.rows]
        return replace(
            self,
            answers=answers,
            rows=self.rows & chosen,
            z=self.z[kept],
            w=self.w[kept],
            clusters=None if self.clusters is None else self.clusters[kept],
            moments=answers.sample(),
        )

    def completions(self) -> tuple[LinearBasis, ...]:
        """The basis with each completion of the answers; itself without holes, nothing for available answers."""
        return tuple(replace(self, z=z) for z in self.answers.completions())

    def dominance(self, moments: Moments) -> np.ndarray:
        """Shares (..., p) of the outcome's variance; a driver's indicator is in its block.

        Exact while there are few drivers and moments, from sampled orders beyond; ``plan`` says which.
        """
        return self.plan().shares(moments.cross)

    def plan(self) -> SharePlan:
        """How shares of the drivers are computed."""
        return _plan(self)

    def dominance_without(self, moments: Moments, place: int) -> np.ndarray:
        """Shares (..., p - 1) of the outcome's variance if the driver at this place had not been asked."""
        blocks = [block for k, block in enumerate(self.columns.blocks) if k != place]
        return share_plan(self.moments.cross, blocks, controls=self.columns.held).shares(moments.cross)

    def cross(self, moments: Moments) -> np.ndarray:
        """Cross-products (..., p+1, p+1) of drivers and outcome with the controls held constant."""
        return partial_out(moments.cross, self.controls)


@lru_cache(maxsize=4)
def _plan(basis: LinearBasis) -> SharePlan:
    """Made once for a basis: beyond 25 drivers it takes a moment."""
    return share_plan(basis.moments.cross, basis.columns.blocks, controls=basis.columns.held)


def linear_basis(
    survey: Survey,
    drivers: Sequence[str] | None = None,
    outcome: str | None = None,
    *,
    resample: Resample | None = None,
    policy: MissingPolicy | None = None,
) -> LinearBasis:
    """Whose answers carry this regression, and how do missing ones count?

    Parameters
    ----------
    survey
        The wave; its policy for missing answers, or the rules of ``chosen_policy``.
    drivers, outcome
        Columns; default: those of the survey.
    resample
        The joint resample. Imputations start from it, so that all analyses on the same draws share them.
    policy
        A policy in place of the survey's.

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers, contradict one another, or satisfaction never varies.
    """
    chosen, target = tuple(survey.drivers if drivers is None else drivers), outcome or survey.outcome
    asked = survey if policy is None else replace(survey, missing_policy=policy)
    rule = chosen_policy(asked, (*survey.controls, *chosen), target)
    columns = policy_columns(survey, chosen, target, rule.name)
    answers = policy_answers(survey, columns, rule.name, resample)
    _check_base(answers.errors_base, len(columns.names) - 1)
    moments = answers.sample()
    if not moments.cross[-1, -1] > 0:
        raise EstimationError(
            sentence(
                "Everyone gave the same answer on {outcome}, so nothing can explain differences in it. Check the "
                "column, or merge waves.",
                outcome=survey.labels.get(target, target),
            )
        )
    rows, counted = answers.rows, answers.rows[survey.weights > 0]
    clusters, design = answers.units(), survey_design(survey)
    return LinearBasis(
        columns, rule, answers, rows, answers.z[rows], survey.weights[rows], clusters, moments, design, counted
    )


def _check_base(base: int, regressors: int) -> None:
    if base <= regressors + 1:
        raise EstimationError(
            sentence(
                "{base:count} complete answers cannot support {drivers:count} drivers. Drop drivers with many missing "
                "answers, or merge waves.",
                base=base,
                drivers=regressors,
            )
        )


def answers_phrase(survey: Survey, basis: LinearBasis) -> Sentence:
    """How missing answers are treated, and whose answers that leaves, for a method sentence."""
    values = {"base": basis.base, "all": survey.base}
    if basis.policy.name == "available":
        pair = basis.answers.errors_base
        return sentence(
            "available answers: each correlation from all who answered both columns, at least {pair:count}, base "
            "{base:count} of {all:count}",
            pair=pair,
            **values,
        )
    if basis.policy.name == "imputed":
        return sentence(
            "missing answers imputed {times:count} times by chained equations (predictive mean matching) and pooled by "
            "Rubin's rules, base {base:count} of {all:count}",
            times=len(basis.completions()),
            **values,
        )
    if basis.controls > basis.columns.held:
        return sentence(
            "items that do not apply at their mean with an indicator (one block), otherwise complete cases, base "
            "{base:count} of {all:count}",
            **values,
        )
    return sentence("complete cases, base {base:count} of {all:count}", **values)


def controls_phrase(survey: Survey, basis: LinearBasis) -> Sentence:
    """What is held constant, for a method sentence; nothing without controls."""
    if not basis.columns.held:
        return sentence("")
    names = [survey.labels.get(c, c) for c in basis.names[: basis.columns.held]]
    return sentence(", {names:list} held constant", names=names)


def weights_phrase(survey: Survey) -> Sentence:
    """How the respondents are weighted, for a method sentence."""
    return sentence("survey weights") if survey.weighted else sentence("no weights")


def units_phrase(survey: Survey) -> Sentence:
    """What is resampled, for a method sentence."""
    if survey.strata is None:
        return sentence("respondents") if survey.clusters is None else sentence("clusters of answers")
    return sentence("respondents within strata") if survey.clusters is None else sentence("clusters within strata")
