"""Who leaves, where the answers tell leavers and stayers apart: a penalised logit, named as such."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import proportion_confint

from drivers.analyses.method import case_values
from drivers.core.design import kish_base
from drivers.core.firth import FirthFit, firth_logit
from drivers.core.logit import inverse_logit
from drivers.core.separation import separated
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_FEWEST = 10  # of those who left, and of those who stayed


@dataclass(frozen=True, slots=True, eq=False)
class PenalisedLink:
    """The penalised logit of leaving, where an ordinary one has no finite estimate.

    Attributes
    ----------
    table
        One row a column: log-odds of leaving for one unit more with their profile interval, odds ratio.
    levels
        One row a whole scale point of satisfaction: base, share that stayed as observed, and as the model has it;
        NaN under the minimum base.
    overlap
        Whole scale points at which some left and others stayed; empty when satisfaction alone does not separate.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    levels: pd.DataFrame
    overlap: tuple[float, ...]
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        first = self.table.iloc[0]
        return (
            f"PenalisedLink: separated; {first['log_odds']:+.1f} log-odds of leaving a point (Firth); base {self.base}"
        )


def penalised_link(
    survey: Survey, *, left_column: str = "left", minimum_base: int = 30, confidence: float = 0.95
) -> PenalisedLink:
    """Who leaves, where satisfaction and the controls tell it (almost) without error?

    A log-odds of -3 means: with one point more the odds of leaving are about twenty times lower in the penalised fit.
    So sharp a division mostly says that satisfaction was asked when or after the customer left.

    Parameters
    ----------
    survey
        The wave; complete cases on leaving, satisfaction and controls are used.
    left_column
        Column that is 1 for customers who left within the period and 0 for those who stayed.
    minimum_base
        Scale points with fewer respondents are suppressed.
    confidence
        Level of the intervals.

    Raises
    ------
    EstimationError
        When fewer than ten left or stayed, or the answers are not separated: ``retention_link`` then serves.
    """
    names = (survey.outcome, *survey.controls)
    rows = np.flatnonzero(survey.complete((*names, left_column)) & (survey.weights > 0))
    x = np.column_stack([np.ones(len(rows)), survey.answers[list(names)].to_numpy()[rows]])
    left, w = survey.answers[left_column].to_numpy()[rows], survey.weights[rows]
    _check_separated(x, left)
    shown = _overlap(x[:, 1], left)
    worth = _units(survey, rows)
    fit = firth_logit(x, left, w, inflation=len(w) / worth, confidence=confidence)
    return PenalisedLink(
        table=_table(survey, names, fit),
        levels=_levels(_Fitted(x, left, w, fit.beta), minimum_base, len(w) / worth, confidence),
        overlap=shown,
        base=len(w),
        effective_base=kish_base(w),
        confidence=confidence,
        method=_method(survey, len(w), confidence),
    )


def _check_separated(x: np.ndarray, left: np.ndarray) -> None:
    rarer = min(int((left == 1).sum()), int((left == 0).sum()))
    if rarer < _FEWEST:
        raise EstimationError(
            sentence(
                "Those who left or those who stayed number {rarer:count}; a penalised model needs {needed:count} of "
                "each. Use a longer period, or merge waves.",
                rarer=rarer,
                needed=_FEWEST,
            )
        )
    if not separated(x, left):
        raise EstimationError(
            sentence(
                "The answers do not tell leavers and stayers apart, so no penalised fit is needed: use retention_link."
            )
        )


def _units(survey: Survey, rows: np.ndarray) -> float:
    """How many equally weighted units the answers are worth: as if answers of one cluster told nothing new."""
    worth = kish_base(survey.weights[rows])
    return worth if survey.clusters is None else min(worth, float(len(np.unique(survey.clusters[rows]))))


def _overlap(satisfaction: np.ndarray, left: np.ndarray) -> tuple[float, ...]:
    """Points at which some left and others stayed, if satisfaction alone separates."""
    alone = np.column_stack([np.ones(len(left)), satisfaction])
    if not separated(alone, left):
        return ()
    return tuple(float(s) for s in np.intersect1d(satisfaction[left == 1], satisfaction[left == 0]))


def _table(survey: Survey, names: tuple[str, ...], fit: FirthFit) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "term": list(names),
            "label": [survey.labels.get(n, n) for n in names],
            "log_odds": fit.beta[1:],
            "log_odds_low": fit.low[1:],
            "log_odds_high": fit.high[1:],
            "odds_ratio": np.exp(fit.beta[1:]),
        }
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Design (m, k), leaving (m,), weights (m,) and coefficients (k,)."""

    x: np.ndarray
    left: np.ndarray
    w: np.ndarray
    beta: np.ndarray


def _levels(fitted: _Fitted, minimum_base: int, inflation: float, confidence: float) -> pd.DataFrame:
    """Each whole point; shares have Wilson's intervals on the base divided by the design effect."""
    point = np.round(fitted.x[:, 1])
    groups = [point == p for p in np.unique(point)]
    bases = np.array([int(g.sum()) for g in groups])
    stay = inverse_logit(-(fitted.x @ fitted.beta))
    kept = np.array([np.average(1 - fitted.left[g], weights=fitted.w[g]) for g in groups])
    worth = bases / inflation
    low, high = proportion_confint(kept * worth, worth, alpha=1 - confidence, method="wilson")
    frame = pd.DataFrame(
        {
            "satisfaction": np.unique(point),
            "base": pd.array(bases, dtype="Int64"),
            "retention": kept,
            "retention_low": low,
            "retention_high": high,
            "penalised_retention": [float(np.average(stay[g], weights=fitted.w[g])) for g in groups],
        }
    )
    frame.iloc[bases < minimum_base, 1:] = pd.NA
    return frame


def _method(survey: Survey, base: int, confidence: float) -> Sentence:
    return sentence(
        "Penalised logit (Firth 1993; Heinze and Schemper 2002) of leaving on {outcome}{controls}, because the "
        "ordinary one has no finite estimate; {weights}; complete cases, base {base:count} of {all:count}; "
        "{confidence:percent} intervals from the profile of the penalised likelihood, widened by the design effect of "
        "weights and clusters. An association, not proof of a cause.",
        **case_values(survey, base, confidence),
    )
