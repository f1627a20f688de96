"""Can these answers carry an analysis? Who answered, missing answers and means."""

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
    """What each column of the survey holds, and how many people say so.

    Attributes
    ----------
    table
        One row a column in the order of the survey: role, base, share missing, weighted mean, share in the top two and
        bottom two points of its scale (of no meaning for controls, on a scale of fewer than four points, or where no
        scale was declared).
    base
        Questionnaires in the survey, unweighted.
    counted
        Those with a weight above 0.
    respondents
        Customers who filled these in: fewer where one filled in several.
    effective_base
        Kish's effective number of questionnaires.
    """

    table: pd.DataFrame
    base: int
    counted: int
    respondents: int
    effective_base: float

    @property
    def repeated(self) -> bool:
        """Whether some customers filled in several questionnaires."""
        return self.respondents < self.counted

    def __repr__(self) -> str:
        worst = self.table["missing_share"].max()
        return f"AnswerQuality: base {self.base}, up to {worst:.1%} missing"


def answer_quality(survey: Survey) -> AnswerQuality:
    """Can these answers carry an analysis?

    A share of missing answers of 0.20 means: one in five left the question open, so whoever is left may be others.

    Raises
    ------
    EstimationError
        Never: what cannot be computed is NaN.
    """
    counted = survey.weights > 0
    people = np.arange(survey.base) if survey.respondents is None else survey.respondents
    return AnswerQuality(
        table=answer_table(survey),
        base=survey.base,
        counted=int(counted.sum()),
        respondents=len(np.unique(people[counted])),
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
    boxed = scale is not None and scale.span >= 3 and not scale.observed  # else the boxes overlap, or are no ends
    boxed = boxed and role != "control" and len(values) > 0
    row["top_two_share"] = float(np.average(values >= scale.high - 1, weights=weights)) if boxed and scale else None
    row["bottom_two_share"] = float(np.average(values <= scale.low + 1, weights=weights)) if boxed and scale else None
    return row
