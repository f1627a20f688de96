"""Treatment: whose answers count under a policy for missing answers, and when the policy must be refused."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from drivers.analyses.answers import AvailableAnswers, CompleteAnswers, ImputedAnswers
from drivers.analyses.columns import RegressionColumns, regression_columns
from drivers.core.available import pair_bases
from drivers.core.imputation import Imputation, imputed_answers
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import MissingPolicy, Survey
from drivers.wording import sentence

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
    rows = policy_rows(columns, policy)
    if policy == "available":
        answers = AvailableAnswers(names, columns.z, w, rows, clusters)
        check_available(survey, answers)
        return answers
    if policy == "imputed":
        return ImputedAnswers(names, columns.z, w, rows, clusters, _imputation(survey, columns, resample))
    return CompleteAnswers(names, columns.z, w, rows, clusters)


def policy_columns(survey: Survey, drivers: tuple[str, ...], outcome: str, policy: MissingPolicy) -> RegressionColumns:
    """Which columns enter the regression under this policy, with an indicator for each item that does not apply?"""
    marked = survey.answers.columns if policy == "not_applicable" else survey.not_applicable
    return regression_columns(survey, drivers, outcome, tuple(marked))


def policy_rows(columns: RegressionColumns, policy: MissingPolicy) -> np.ndarray:
    """Who counts under this policy? Boolean array (n,)."""
    if policy in ("available", "imputed"):
        return columns.answered
    return np.asarray(columns.answered & ~np.isnan(columns.z).any(axis=1))


@lru_cache(maxsize=2)  # potential, importance and chain of one report share their imputations
def _imputation(survey: Survey, columns: RegressionColumns, resample: Resample | None) -> Imputation:
    check_donors(survey, columns)
    rows = columns.answered
    seed = _SEED if resample is None else resample.counts[0].astype(np.uint32)  # a resample has imputations of its own
    units, strata = (None if codes is None else codes[rows] for codes in (survey.clusters, survey.strata))
    rng = np.random.default_rng(seed)
    return imputed_answers(rng, columns.z[rows], survey.weights[rows], units=units, strata=strata)


def check_donors(survey: Survey, columns: RegressionColumns) -> None:
    """Refuse to impute a column that hardly anybody answered."""
    few = np.flatnonzero((~np.isnan(columns.z[columns.answered])).sum(axis=0) < FEWEST_DONORS)
    if len(few):
        name = columns.names[few[0]]
        raise EstimationError(
            sentence(
                "Fewer than {fewest:count} respondents answered {label}, so its missing answers cannot be imputed. "
                "Drop it, or merge waves.",
                fewest=FEWEST_DONORS,
                label=survey.labels.get(name, name),
            )
        )


def check_available(survey: Survey, answers: AvailableAnswers) -> None:
    """Refuse available answers in which too few gave both of a pair, or that contradict one another."""
    bases = pair_bases(answers.z, answers.w)
    apart = np.argwhere(bases < FEWEST_DONORS)
    if len(apart):
        first, second = (survey.labels.get(answers.names[i], answers.names[i]) for i in apart[0])
        raise EstimationError(
            sentence(
                "Fewer than {fewest:count} respondents answered both {first} and {second}, so how they go together is "
                "unknown. Drop one of them, or mark the one that was not asked of everybody as not_applicable.",
                fewest=FEWEST_DONORS,
                first=first,
                second=second,
            )
        )
    moved = float(answers.proper().moved)
    if moved > FURTHEST_REPAIR:
        raise EstimationError(
            sentence(
                "The available answers contradict one another: a correlation would have to move by {moved:number2}, "
                'more than {furthest:number2}, to make them consistent. Set survey.missing_policy to "imputed" or '
                '"complete".',
                moved=moved,
                furthest=FURTHEST_REPAIR,
            )
        )
