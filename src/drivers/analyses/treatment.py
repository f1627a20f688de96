"""Treatment: whose answers count under a policy for missing answers, and when the policy must be refused."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from drivers.analyses.answers import AvailableAnswers, CompleteAnswers, ImputedAnswers
from drivers.analyses.columns import RegressionColumns
from drivers.core.available import pair_bases
from drivers.core.imputation import Imputation, imputed_answers
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import MissingPolicy, Survey

FURTHEST_REPAIR = 0.10
"""A correlation may be moved so far to make available answers consistent; beyond, they contradict one another."""

FEWEST_DONORS = 10
"""Answers that a column needs before others can be imputed from them."""

_SEED = 1


def policy_answers(
    survey: Survey, columns: RegressionColumns, policy: MissingPolicy, resample: Resample | None
) -> CompleteAnswers:
    """Whose answers count under this policy?

    Raises
    ------
    EstimationError
        When the available answers contradict one another too far to be repaired, or too few answers of a column are
        there to impute the others from.
    """
    names, w, clusters = columns.names, survey.weights, survey.clusters
    if policy == "available":
        answers = AvailableAnswers(names, columns.z, w, columns.answered, clusters)
        check_available(survey, answers)
        return answers
    if policy == "imputed":
        return ImputedAnswers(names, columns.z, w, columns.answered, clusters, _imputation(survey, columns, resample))
    complete = columns.answered & ~np.isnan(columns.z).any(axis=1)
    return CompleteAnswers(names, columns.z, w, complete, clusters)


@lru_cache(maxsize=2)  # potential, importance and chain of one report share their imputations
def _imputation(survey: Survey, columns: RegressionColumns, resample: Resample | None) -> Imputation:
    rows = columns.answered
    z = columns.z[rows]
    few = np.flatnonzero((~np.isnan(z)).sum(axis=0) < FEWEST_DONORS)
    if len(few):
        name = columns.names[few[0]]
        raise EstimationError(
            f"Fewer than {FEWEST_DONORS} respondents answered {survey.labels.get(name, name)}, so its missing answers "
            "cannot be imputed. Drop it, or merge waves."
        )
    seed = _SEED if resample is None else resample.counts[0].astype(np.uint32)  # a resample has imputations of its own
    units = None if survey.clusters is None else survey.clusters[rows]
    return imputed_answers(np.random.default_rng(seed), z, survey.weights[rows], units=units)


def check_available(survey: Survey, answers: AvailableAnswers) -> None:
    """Refuse available answers in which too few gave both of a pair, or that contradict one another."""
    bases = pair_bases(answers.z, answers.w)
    apart = np.argwhere(bases < FEWEST_DONORS)
    if len(apart):
        first, second = (survey.labels.get(answers.names[i], answers.names[i]) for i in apart[0])
        raise EstimationError(
            f"Fewer than {FEWEST_DONORS} respondents answered both {first} and {second}, so how they go together is "
            "unknown. Drop one of them, or mark the one that was not asked of everybody as not_applicable."
        )
    moved = float(answers.proper().moved)
    if moved > FURTHEST_REPAIR:
        raise EstimationError(
            f"The available answers contradict one another: a correlation would have to move by {moved:.2f}, more than "
            f'{FURTHEST_REPAIR:.2f}, to make them consistent. Set survey.missing_policy to "imputed" or "complete".'
        )
