"""Do customers say what matters to them? Stated importance beside the importance that follows from their answers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.axes import BAR, Drawn, of_hundred
from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.method import method_values
from drivers.analyses.twins import united_survey
from drivers.core.interval import percentile_interval, ranks
from drivers.core.moments import Moments
from drivers.core.quadrants import crossing, quadrant_codes, quadrant_shares
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_FEWEST = 3  # drivers whose order can be compared
_CELLS = 4_000_000  # draws x respondents held at once: 32 MB

KINDS = ("hidden", "core", "minor", "table_stakes")
"""High derived and low stated, both high, both low, low derived and high stated."""


@dataclass(frozen=True, slots=True, eq=False)
class StatedImportance:
    """What customers say is important, beside what goes with their satisfaction.

    Attributes
    ----------
    table
        One row a driver, largest stated importance first: stated importance of 100 with its interval, share of the
        explanation (LMG) with its percentile interval, both ranks, the probability of each kind and the kind (`kind`).
    rank_correlation, rank_correlation_low, rank_correlation_high
        Spearman's correlation of the two orders, with its interval.
    bar
        Probability from which a driver is said to be of a kind.
    base
        Fewest respondents who rated the importance of a driver, unweighted.
    draws, confidence
        Resamples, and the level of every interval.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    rank_correlation: float
    rank_correlation_low: float
    rank_correlation_high: float
    bar: float
    base: int
    draws: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return (
            f"StatedImportance of {len(self.table)} drivers: rank correlation with derived importance "
            f"{self.rank_correlation:.2f} ({self.rank_correlation_low:.2f} to {self.rank_correlation_high:.2f})"
        )


def stated_importance(
    survey: Survey, resample: Resample | None = None, *, draws: int = 1000, confidence: float = 0.95
) -> StatedImportance:
    """Do customers say what matters to them?

    A rank correlation near 0 means: what customers call important tells nothing about what goes with their
    satisfaction. Aspects that all call important and that explain little are often taken for granted: table stakes.

    Parameters
    ----------
    survey
        The wave, with a column of stated importance for three drivers or more.
    resample
        The joint resample of this survey's respondents; default: `draws` draws of a generator of seed 1.
    draws, confidence
        As in every analysis.

    Raises
    ------
    EstimationError
        When fewer than three drivers have a stated importance, or the answers cannot support the drivers.
    """
    if len(survey.stated) < _FEWEST:
        raise EstimationError(TOO_FEW)
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    said, derived = _said(survey, resample), _derived(basis, survey, resample)
    order = [ranks(said.replicates), ranks(derived.replicates)]
    agreement = _correlation(ranks(said.value), ranks(derived.value))
    ends = percentile_interval(_correlation(*order), confidence)
    return StatedImportance(
        table=_table(survey, said, derived, confidence),
        rank_correlation=float(agreement),
        rank_correlation_low=float(ends.low),
        rank_correlation_high=float(ends.high),
        bar=BAR,
        base=int(survey.answers.loc[survey.weights > 0, list(survey.stated.values())].notna().sum().min()),
        draws=resample.draws,
        confidence=confidence,
        method=sentence(
            _METHOD,
            **method_values(survey, basis, resample),
            bar=BAR,
            confidence=confidence,
        ),
    )


TOO_FEW = sentence("Stated importance was not compared: it takes at least three drivers that customers rated.")
_METHOD = (
    "Stated importance: weighted mean rating of importance on a scale from 0 to 100, by all who gave one. Derived "
    "importance: LMG share of the explained differences in satisfaction{controls}; {weights}; {answers}. High and low "
    "part at the means of both, drawn anew in every resample; a kind is named from a probability of {bar:percent}. "
    "Rank correlation: Spearman. {confidence:percent} percentile intervals over {draws:count} joint resamples of "
    "{units}."
)


def _said(survey: Survey, resample: Resample) -> Drawn:
    """Stated importance of 100 of each rated driver, by all who gave one."""
    columns = list(survey.stated.values())
    z = survey.answers[columns].to_numpy(dtype=float)
    seen = ~np.isnan(z)
    both = np.hstack([np.where(seen, z, 0.0), seen])
    step = max(1, _CELLS // len(z))
    starts = range(0, resample.draws, step)
    sums = np.concatenate([resample.weightings(survey.weights, a, a + step) @ both for a in starts])
    scales = [survey.scales[c] for c in columns]
    means = [of_hundred(_means(part), scales) for part in (survey.weights @ both, sums)]
    return Drawn(means[0], means[1])


def _means(sums: np.ndarray) -> np.ndarray:
    """Means (..., k) from sums of answers and of weights (..., 2k); NaN where nobody answered."""
    total, weight = np.split(sums, 2, axis=-1)
    return np.asarray(np.divide(total, weight, out=np.full_like(total, np.nan), where=weight > 0))


def _derived(basis: LinearBasis, survey: Survey, resample: Resample) -> Drawn:
    """Share of the explanation of each rated driver."""
    place = [basis.drivers.index(d) for d in survey.stated]

    def shares(moments: Moments) -> np.ndarray:
        found = basis.dominance(moments)
        return np.asarray(found / np.maximum(found.sum(axis=-1, keepdims=True), 1e-300))[..., place]

    return Drawn(basis.pooled(shares), shares(basis.resampled(survey, resample)))


def _correlation(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Correlation (...,) of ranks (..., p); 0 where one of them has no order."""
    a, b = (r - r.mean(axis=-1, keepdims=True) for r in (a, b))
    size = np.sqrt((a**2).sum(axis=-1) * (b**2).sum(axis=-1))
    return np.asarray(np.divide((a * b).sum(axis=-1), size, out=np.zeros_like(size), where=size > 0))


def _table(survey: Survey, said: Drawn, derived: Drawn, confidence: float) -> pd.DataFrame:
    lines = crossing(said.replicates, derived.replicates)
    probability = quadrant_shares(quadrant_codes(said.replicates, derived.replicates, lines))
    sure = probability.max(axis=1) >= BAR
    frame = pd.DataFrame(
        {
            "driver": list(survey.stated),
            "label": [survey.labels.get(d, d) for d in survey.stated],
            **said.columns("stated", confidence),
            "stated_rank": ranks(said.value).astype(int),
            **derived.columns("derived", confidence),
            "rank": ranks(derived.value).astype(int),
            **{f"{kind}_probability": probability[:, k] for k, kind in enumerate(KINDS)},
            "kind": [KINDS[k] if s else "undecided" for k, s in zip(probability.argmax(axis=1), sure, strict=True)],
        }
    )
    return frame.sort_values("stated", ascending=False, kind="stable", ignore_index=True)
