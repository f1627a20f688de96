"""Can these answers carry an analysis? Base, missing answers, means and how alike the ratings are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.core.design import kish_base
from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class AnswerQuality:
    """What each column of the survey holds, and how far the ratings move together.

    Attributes
    ----------
    table
        One row a column in the order of the survey: role, base, share missing, weighted mean, share in the top two and
        bottom two points of its scale (of no meaning for controls, or on a scale of fewer than four points).
    alpha, alpha_low, alpha_high
        Cronbach's alpha of the drivers with its 95% interval (unweighted, complete cases); NaN with fewer than two
        drivers or three respondents.
    first_factor
        Share of the drivers' standardised variance on their first principal component (unweighted, complete cases,
        drivers that vary among them): near 1 everything is rated alike, and the drivers can hardly be told apart.
    base
        Respondents in the survey, unweighted.
    effective_base
        Kish's effective number of them.
    """

    table: pd.DataFrame
    alpha: float
    alpha_low: float
    alpha_high: float
    first_factor: float
    base: int
    effective_base: float

    def __repr__(self) -> str:
        worst = self.table["missing_share"].max()
        return f"AnswerQuality: base {self.base}, up to {worst:.1%} missing, alpha {self.alpha:.2f}"


def answer_quality(survey: Survey) -> AnswerQuality:
    """Can these answers carry an analysis?

    An alpha of 0.90 means: the aspects are rated so alike that nine tenths of the differences in their sum is shared.

    Raises
    ------
    EstimationError
        Never: what cannot be computed is NaN.

    Notes
    -----
    Alpha and its interval: pingouin (Cronbach 1951; Feldt 1965).
    """
    table = answer_table(survey)
    complete = survey.answers.loc[survey.complete(survey.drivers), list(survey.drivers)]
    alpha, low, high = alpha_interval(complete)
    return AnswerQuality(
        table=table,
        alpha=alpha,
        alpha_low=low,
        alpha_high=high,
        first_factor=_first_factor(complete),
        base=survey.base,
        effective_base=kish_base(survey.weights),
    )


def answer_table(survey: Survey, others: Mapping[str, str] = MappingProxyType({})) -> pd.DataFrame:
    """What does each column hold? The table of `answer_quality`, with these other columns and their roles behind it."""
    columns = [survey.outcome, *survey.drivers, *survey.controls, *others]
    roles = ["satisfaction", *["driver"] * len(survey.drivers), *["control"] * len(survey.controls), *others.values()]
    return pd.DataFrame([_row(survey, c, r) for c, r in zip(columns, roles, strict=True)])


def _row(survey: Survey, column: str, role: str) -> dict[str, object]:
    answers = survey.answers[column].to_numpy()
    known = survey.complete([column])
    values, weights = answers[known], survey.weights[known]
    row: dict[str, object] = {
        "column": column,
        "label": survey.labels.get(column, column),
        "role": role,
        "base": int(known.sum()),
        "missing_share": float(np.isnan(answers).mean()),
        "mean": float(np.average(values, weights=weights)) if len(values) else float("nan"),
    }
    scale = survey.scales.get(column)
    boxed = scale is not None and scale.span >= 3 and role != "control" and len(values) > 0  # else the boxes overlap
    row["top_two_share"] = float(np.average(values >= scale.high - 1, weights=weights)) if boxed and scale else None
    row["bottom_two_share"] = float(np.average(values <= scale.low + 1, weights=weights)) if boxed and scale else None
    return row


def alpha_interval(complete: pd.DataFrame) -> tuple[float, float, float]:
    """Cronbach's alpha of these complete answers with its 95% interval; NaN where there is none."""
    if complete.shape[1] < 2 or len(complete) < 3 or not complete.sum(axis=1).var() > 0:
        return (float("nan"),) * 3
    import pingouin  # takes longer to load than everything else that a codebook needs

    alpha, interval = pingouin.cronbach_alpha(complete)
    return float(alpha), float(interval[0]), float(interval[1])


def _first_factor(complete: pd.DataFrame) -> float:
    varying = complete.loc[:, complete.nunique() > 1]
    if varying.shape[1] < 2 or len(varying) < 3:
        return float("nan")
    eigenvalues = np.linalg.eigvalsh(np.corrcoef(varying.to_numpy(), rowvar=False))
    return float(eigenvalues[-1] / eigenvalues.sum())
