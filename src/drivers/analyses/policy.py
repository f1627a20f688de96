"""Policy: how missing answers are treated, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.survey.survey import MissingPolicy, Survey

ENOUGH_KEPT = 0.60
"""Complete cases are taken while they keep this share of the respondents with an outcome: below, the analysis rests
on a selection of customers, and imputation gains more than its model can cost."""

MOST_IMPUTED = 0.50
"""Share of an item's answers up to which it is imputed: beyond, most of its answers would come from the model."""

MOST_LOST = 0.50
"""A column costs most of the sample when it alone is open for this share of those who left anything open."""


@dataclass(frozen=True, slots=True, eq=False)
class ChosenPolicy:
    """How the missing answers of these columns are treated.

    Attributes
    ----------
    name
        The policy.
    automatic
        Whether the rules chose it, not the client file.
    kept
        Share of the respondents with an outcome who answered every column, unweighted.
    costly
        Column that alone costs most of those who are lost; None where there is none.
    kept_without
        Share kept without that column.
    most_missing
        Largest share of missing answers of a column, among respondents with an outcome.
    """

    name: MissingPolicy
    automatic: bool
    kept: float
    costly: str | None
    kept_without: float
    most_missing: float


def chosen_policy(survey: Survey, columns: Sequence[str], outcome: str) -> ChosenPolicy:
    """Which policy do the client file or the rules give for these columns?

    The client file's word comes first. Without one: complete cases while they keep 60% of the respondents with an
    outcome; else imputation while no column misses more than half of its answers among them; else available answers.
    """
    missing = missing_answers(survey, columns, outcome)
    kept = float((~missing.any(axis=1)).mean()) if len(missing) else 0.0
    most = float(missing.mean(axis=0).max(initial=0.0)) if len(missing) else 1.0
    costs = kept_without(missing)
    place = int(np.argmax(costs)) if missing.shape[1] > 1 else -1
    helps = place >= 0 and kept < 1 and costs[place] - kept >= MOST_LOST * (1 - kept)
    return ChosenPolicy(
        name=survey.missing_policy or _automatic(kept, most),
        automatic=survey.missing_policy is None,
        kept=kept,
        costly=tuple(columns)[place] if helps else None,
        kept_without=float(costs[place]) if helps else kept,
        most_missing=most,
    )


def missing_answers(survey: Survey, columns: Sequence[str], outcome: str) -> np.ndarray:
    """Whether each respondent with weight and an outcome left each column open; one that does not apply is no hole.

    Returns
    -------
    Boolean array (k respondents, columns).
    """
    missing = survey.answers.loc[survey.complete([outcome]), list(columns)].isna().to_numpy(copy=True)
    missing[:, [c in survey.not_applicable for c in columns]] = False
    return np.asarray(missing)


def kept_without(missing: np.ndarray) -> np.ndarray:
    """Share (p,) of the respondents who answered everything but perhaps this column; `missing` is (k, p)."""
    if not len(missing):
        return np.zeros(missing.shape[1])
    others = missing.sum(axis=1)[:, None] - missing
    return np.asarray((others == 0).mean(axis=0))


def _automatic(kept: float, most: float) -> MissingPolicy:
    if kept >= ENOUGH_KEPT or most == 1.0:  # what nobody answered no policy can supply: the refusal says so
        return "complete"
    return "imputed" if most <= MOST_IMPUTED else "available"
