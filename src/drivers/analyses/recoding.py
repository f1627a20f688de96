"""Recoding: the answers of a regression in other columns, such as indicators or curves, under the same policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from drivers.analyses.answers import AvailableAnswers, CompleteAnswers, ImputedAnswers
from drivers.analyses.basis import LinearBasis
from drivers.analyses.treatment import check_available
from drivers.core.imputation import Imputation
from drivers.core.moments import Moments
from drivers.survey.survey import Survey

Recoding = Callable[[np.ndarray], np.ndarray]
"""Makes of rows (m, q) the same rows in other columns (m, r); what follows from a missing answer is NaN."""


def recoded_answers(survey: Survey, basis: LinearBasis, names: tuple[str, ...], recoding: Recoding) -> CompleteAnswers:
    """The basis's answers in other columns: same respondents, same draws, same completions of missing answers.

    Parameters
    ----------
    survey, basis
        The wave, and its linear basis.
    names
        The r new columns.
    recoding
        From the basis's columns (m, q) to the new ones (m, r).

    Raises
    ------
    EstimationError
        When available answers contradict one another in the new columns.
    """
    answers = basis.answers
    whole = recoding(answers.z)
    if isinstance(answers, ImputedAnswers):
        imputed = answers.imputation
        open_ = np.isnan(recoding(imputed.z))
        cells = np.stack([recoding(imputed.completed(k))[open_] for k in range(len(imputed))])
        again = Imputation(np.where(open_, np.nan, recoding(imputed.z)), cells)
        return replace(answers, names=names, z=whole, imputation=again)
    found = replace(answers, names=names, z=whole)
    if isinstance(found, AvailableAnswers):
        check_available(survey, found)
    return found


def pooled_over(answers: CompleteAnswers, statistic: Callable[[Moments], np.ndarray]) -> np.ndarray:
    """A statistic of the sample; of several completions the mean of theirs (Rubin 1987)."""
    return np.asarray(statistic(answers.sets()).mean(axis=0))


def given(survey: Survey, basis: LinearBasis, driver: str) -> tuple[np.ndarray, np.ndarray]:
    """The answers to a driver that were really given by those in the analysis, and their weights (k,)."""
    x = survey.answers[driver].to_numpy()
    known = basis.rows & ~np.isnan(x) & (survey.weights > 0)
    return x[known], survey.weights[known]
