"""How unequal are the weights, what do they cost, and do they meet the population?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.design import kish_base, kish_effect
from drivers.core.raking import Margin, RakedWeights
from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class WeightReport:
    """The weights of a survey: how unequal they are, and how near they bring it to the population.

    Attributes
    ----------
    margins
        One row a value of each population margin: its share of the population, of the survey before raking and after;
        without rows where the weights were not raked.
    minimum, maximum, mean
        Of the weights above 0, in the survey's own unit (raked weights have mean 1).
    design_effect
        Kish's design effect: how many times the weights multiply the variance of a mean. 1.30 means: for means the
        survey is as good as one of equal weights with a base 1.30 times smaller.
    trimmed_share
        Share of respondents whose raked weight was held at a bound; null without raking.
    largest_gap
        Largest distance of a raked share from the population's, as a fraction; null without raking.
    raked_again
        Whether the weights were raked anew after respondents had been left out, so that the margins hold for the rest.
    base, effective_base
        Respondents with a weight above 0, and Kish's effective number of them.
    """

    margins: pd.DataFrame
    minimum: float
    maximum: float
    mean: float
    design_effect: float
    trimmed_share: float | None
    largest_gap: float | None
    raked_again: bool
    base: int
    effective_base: float

    def __repr__(self) -> str:
        return (
            f"WeightReport: weights {self.minimum:.2f} to {self.maximum:.2f}, design effect {self.design_effect:.2f}, "
            f"effective base {self.effective_base:.0f} of {self.base}"
        )


def weight_report(survey: Survey) -> WeightReport:
    """How unequal are the weights, what do they cost, and do they meet the population?

    A design effect of 1.30 means: unequal weights make the variance of a mean 1.30 times as large.

    Raises
    ------
    EstimationError
        Never: a survey without weights has them all equal.
    """
    w = survey.weights[survey.weights > 0]
    raking = survey.raking
    return WeightReport(
        margins=_margin_table(raking),
        minimum=float(w.min()),
        maximum=float(w.max()),
        mean=float(w.mean()),
        design_effect=kish_effect(w),
        trimmed_share=raking.trimmed if raking else None,
        largest_gap=raking.gap if raking else None,
        raked_again=raking.again if raking else False,
        base=len(w),
        effective_base=kish_base(w),
    )


def _margin_table(raking: RakedWeights | None) -> pd.DataFrame:
    columns = ["population_margin", "population_value", "population_share", "share_before", "share_after"]
    rows = [row for margin in raking.margins for row in _margin_rows(margin, raking)] if raking else []
    return pd.DataFrame(rows, columns=columns)


def _margin_rows(margin: Margin, raking: RakedWeights) -> list[tuple[object, ...]]:
    shares = np.column_stack([margin.targets, margin.shares(raking.start), margin.shares(raking.w)])
    return [(margin.name, value, *row) for value, row in zip(margin.values, shares.tolist(), strict=True)]
