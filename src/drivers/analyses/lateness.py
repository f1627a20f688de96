"""Was satisfaction asked before customers left? Days from the interview to leaving."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from drivers.analyses.loyalty import RetentionLink, retention_link
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

SOON = 31
"""Days within which a customer who leaves has mostly decided to when asked."""

_MOMENTS = ("after", "same_day", "soon", "later", "unknown")


@dataclass(frozen=True, slots=True, eq=False)
class AskedLate:
    """When those who left were asked, against the day they left.

    Attributes
    ----------
    table
        One row a moment (after leaving, on the day itself, at most a month before, earlier, unknown): number and share
        of those who left.
    late
        How many were asked on the day they left or later.
    effect, effect_low, effect_high
        Average marginal effect of satisfaction on staying without those, as ``RetentionLink`` has it; NaN where there
        is none, or nobody was asked late.
    median_days
        Median days from the interview to leaving, of those asked before; NaN where unknown.
    base, confidence, method
        As in every result; the base is those who left.
    """

    table: pd.DataFrame
    late: int
    effect: float
    effect_low: float
    effect_high: float
    median_days: float
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"AskedLate: {self.late} of {self.base} who left were asked on that day or later"


def asked_late(
    survey: Survey,
    resample: Resample | None = None,
    *,
    left_column: str = "left",
    minimum_base: int = 30,
    confidence: float = 0.95,
) -> AskedLate:
    """Was satisfaction asked before customers left?

    A customer asked on the day he left, or later, rates as one who has gone: his mark foretells nothing.

    Parameters
    ----------
    survey
        The wave, with days from the interview to leaving.
    resample
        The joint resample, for the link without those asked late.
    left_column
        Column that is 1 for customers who left.
    minimum_base, confidence
        As in ``retention_link``.

    Raises
    ------
    EstimationError
        When the survey has no such days, or nobody left.
    """
    lags = survey.interviews.lags
    gone = (survey.answers[left_column] == 1).to_numpy() & (survey.weights > 0)
    if lags is None or not gone.any():
        raise EstimationError(
            sentence(
                "Days of the interview and of leaving are needed of customers who left. Add survey.date and "
                "loyalty.left_date."
            )
        )
    moments = _moments(lags[gone])
    before = lags[gone][lags[gone] > 0]
    late = gone & (lags <= 0)
    link = _without(survey, late, resample, left_column, confidence) if late.any() else None
    return AskedLate(
        table=_table(moments),
        late=int(late.sum()),
        effect=link.marginal_effect if link else float("nan"),
        effect_low=link.marginal_effect_low if link else float("nan"),
        effect_high=link.marginal_effect_high if link else float("nan"),
        median_days=float(np.median(before)) if len(before) >= minimum_base else float("nan"),
        base=int(gone.sum()),
        confidence=confidence,
        method=sentence(
            "Days from the interview to leaving, of those who left; without those asked late: the same logit of "
            "leaving on the same resamples."
        ),
    )


def _moments(lags: np.ndarray) -> np.ndarray:
    """Place (m,) in ``_MOMENTS`` of each who left."""
    codes = np.select([lags < 0, lags == 0, lags <= SOON, lags > SOON], [0, 1, 2, 3], 4)
    return np.bincount(codes, minlength=len(_MOMENTS))


def _table(counts: np.ndarray) -> pd.DataFrame:
    shares = counts / max(counts.sum(), 1)
    return pd.DataFrame({"moment": list(_MOMENTS), "leavers": counts, "leaver_share": shares})


def _without(
    survey: Survey, late: np.ndarray, resample: Resample | None, left_column: str, confidence: float
) -> RetentionLink | None:
    """The link to leaving without those asked late, where there is one."""
    asked = replace(survey, answers=survey.answers.assign(**{left_column: survey.answers[left_column].where(~late)}))
    try:
        return retention_link(asked, resample, left_column=left_column, confidence=confidence)
    except EstimationError:
        return None
