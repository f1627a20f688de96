"""Did a rate change between two waves: of callers kept, of orders delivered in time?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from drivers.analyses.basis import survey_design, weights_phrase
from drivers.analyses.pair import earlier_wave
from drivers.core.design import kish_base, weighted_means
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class RateChanges:
    """The change of each rate between two waves.

    Attributes
    ----------
    table
        One row a rate: respondents whom it concerns and rate in either wave, difference with its interval; NaN where
        one of the waves has too few.
    before, after
        Names of the two waves.
    minimum_base
        Fewest respondents of a wave for which a rate is told.
    base, confidence, method
        As in every result; the base is of the rate with most respondents in the later wave.
    """

    table: pd.DataFrame
    before: str
    after: str
    minimum_base: int
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        row = self.table.iloc[0]
        return f"RateChanges: {row['label']} {row['rate_before']:.1%} to {row['rate_after']:.1%}; base {self.base}"


def rate_changes(survey: Survey, *, minimum_base: int = 30, confidence: float = 0.95) -> RateChanges:
    """How far did each rate change since the earlier wave?

    A difference of 0.20 means: the rate is 20 percentage points higher than it was. What raised it does not follow:
    other customers may have been concerned.

    Parameters
    ----------
    survey
        The later wave, with those before it; its `change` names the rates.
    minimum_base
        Fewest respondents of a wave for which a rate is told.
    confidence
        Level of the intervals.

    Raises
    ------
    EstimationError
        When no rate is named, or there is no earlier wave to compare with.
    """
    before = earlier_wave(survey)
    rates = survey.change.rates if survey.change is not None else ()
    if not rates:
        raise EstimationError(sentence("The client file names no rates to compare."))
    table = pd.DataFrame([_row((before, survey), rate, minimum_base, confidence) for rate in rates])
    return RateChanges(
        table=table.astype({"base_before": "Int64", "base": "Int64"}),
        before=str(before.wave),
        after=str(survey.wave),
        minimum_base=minimum_base,
        base=max(int(survey.complete([rate]).sum()) for rate in rates),
        confidence=confidence,
        method=sentence(
            "Rates of wave {after} less those of wave {before}, of the respondents whom they concern; {weights}; "
            "{confidence:percent} intervals by Newcombe's method (1998) on the number of respondents, or on the "
            "effective number where there are weights or clusters.",
            after=survey.wave,
            before=before.wave,
            weights=weights_phrase(survey),
            confidence=confidence,
        ),
    )


def _row(waves: tuple[Survey, Survey], rate: str, least: int, confidence: float) -> dict[str, object]:
    names = ("rate_before", "rate_after", "rate_change", "rate_change_low", "rate_change_high")
    row: dict[str, object] = {"measure": rate, "label": waves[1].labels.get(rate, rate), **dict.fromkeys(names, np.nan)}
    counts = [int(wave.complete([rate]).sum()) if rate in wave.answers else 0 for wave in waves]
    if min(counts) < max(least, 1):
        return {**row, "base_before": pd.NA, "base": pd.NA}
    (p0, n0), (p1, n1) = (_effective(wave, rate) for wave in waves)
    low, high = confint_proportions_2indep(
        p1 * n1, n1, p0 * n0, n0, compare="diff", method="newcomb", alpha=1 - confidence
    )
    values = dict(zip(names, (p0, p1, p1 - p0, float(low), float(high)), strict=True))
    return {**row, **values, "base_before": counts[0], "base": counts[1]}


def _effective(wave: Survey, rate: str) -> tuple[float, float]:
    """The rate, and the number of simply sampled respondents of the same precision."""
    design, counted = survey_design(wave), wave.weights > 0
    y = wave.answers[rate].to_numpy()[counted]
    rows = ~np.isnan(y)
    if design is None:
        return float(y[rows].mean()), float(rows.sum())
    found = weighted_means(np.where(rows, y, 0.0)[:, None], design, rows)
    p, variance = float(found.value[0]), float(found.covariance[0, 0])
    return p, p * (1 - p) / variance if variance > 0 else kish_base(design.w[rows])
