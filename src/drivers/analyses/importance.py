"""Which are the true drivers? Shares of the explained differences in satisfaction, with their certainty."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import (
    LinearBasis,
    answers_phrase,
    controls_phrase,
    joint_resample,
    linear_basis,
    units_phrase,
    weights_phrase,
)
from drivers.analyses.missing import policy_notices
from drivers.analyses.notice import Notice, warn_of
from drivers.analyses.slopes import errors_phrase, slope_columns
from drivers.core.interval import (
    Interval,
    bca_interval,
    first_probability,
    indistinguishable_letters,
    pairwise_intervals,
    percentile_interval,
    rank_interval,
    ranks,
)
from drivers.core.linear import dependent_columns
from drivers.core.relative import relative_weights
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

SMALL_BASE = 100
COLLINEAR_VIF = 10.0

_SMALL = (
    "The base is small: {base:count} complete answers, which count as {effective:count}, for {drivers:count} drivers. "
    "Read the intervals before the ranks."
)
_DEPENDENT = (
    "{names:list} are (almost) exact combinations of one another: their regression coefficients are arbitrary. "
    "Keep one of them, or average them."
)
_COLLINEAR = (
    "{names:list} can nearly be computed from one another (variance inflation up to {vif:number0}). Read them "
    "together: their separate effects cannot be told apart, and their coefficients mean little."
)
_SIGN_FLIP = (
    "{names:list}: the sign in the regression is opposite to the plain correlation with satisfaction, because of "
    "overlap with other drivers. This is no reason to make it worse."
)


@dataclass(frozen=True, slots=True, eq=False)
class DriverImportance:
    """How the explained part of satisfaction divides over the drivers, and how sure that is.

    Attributes
    ----------
    table
        One row a driver, largest share first; columns explained in ``drivers.glossary``.
    differences
        One row a pair of drivers: difference of their shares with its interval.
    r_squared, r_squared_low, r_squared_high
        Share of the differences in satisfaction that the drivers account for, beyond the controls; BCa interval.
        Equals ``table["share_of_variance"].sum()``.
    base, effective_base
        Respondents with complete answers, unweighted, and Kish's effective number of them.
    draws, confidence
        Resamples, and the level of every interval.
    notices
        What a reader must know: collinear drivers, signs that turn, a small base.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    differences: pd.DataFrame
    r_squared: float
    r_squared_low: float
    r_squared_high: float
    base: int
    effective_base: float
    draws: int
    confidence: float
    notices: tuple[Notice, ...]
    method: Sentence

    def __repr__(self) -> str:
        top = self.table.iloc[0]
        return (
            f"DriverImportance: {top['label']} has {top['share']:.0%} of the explained {self.r_squared:.0%}; "
            f"{len(self.table)} drivers, base {self.base}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Draws:
    """Shares of R² of the sample (p,), its resamples (B, p) and its jackknife (G, p)."""

    estimate: np.ndarray
    replicates: np.ndarray
    jackknife: np.ndarray

    def of_explained(self) -> _Draws:
        return _Draws(*(_normalised(part) for part in (self.estimate, self.replicates, self.jackknife)))

    def bca(self, confidence: float) -> Interval:
        return bca_interval(self.estimate, self.replicates, self.jackknife, confidence)


def driver_importance(
    survey: Survey, resample: Resample | None = None, *, draws: int = 1000, confidence: float = 0.95
) -> DriverImportance:
    """Which of the measured aspects are the true drivers of satisfaction?

    A share of 0.30 means: of all differences in satisfaction that these drivers account for together, 30% goes to
    this driver, averaged over every order in which the drivers can enter the regression (LMG; Lindeman, Merenda and
    Gold 1980; Shapley 1953). It is an association: it does not prove that changing the driver changes satisfaction.

    Parameters
    ----------
    survey
        The wave to analyse; complete cases on outcome, drivers and controls are used.
    resample
        The joint resample of this survey's respondents; default: `draws` draws of a generator of seed 1.
    draws
        Resamples to draw when `resample` is not given; more of them make the ends of intervals steadier.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers, or there are too many drivers for the exact method.
    """
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    basis = linear_basis(survey, resample=resample)
    drawn = basis.resampled(survey, resample)
    shares = _Draws(basis.pooled(basis.dominance), basis.dominance(drawn), basis.dominance(basis.jackknifed()))
    relative = basis.pooled(lambda m: relative_weights(basis.cross(m))), relative_weights(basis.cross(drawn))
    columns = {
        **_labels(basis, survey),
        **_share_columns(shares, confidence),
        **_relative_columns(*relative, confidence),
        **slope_columns(basis, confidence),
    }
    frame = pd.DataFrame(columns)
    order = np.argsort(-shares.estimate, kind="stable")
    differences = _differences(basis, shares.of_explained(), confidence)
    total = _Draws(*(part.sum(axis=-1) for part in (shares.estimate, shares.replicates, shares.jackknife)))
    interval = total.bca(confidence)
    return DriverImportance(
        table=frame.iloc[order].reset_index(drop=True),
        differences=differences,
        r_squared=float(total.estimate),
        r_squared_low=float(interval.low),
        r_squared_high=float(interval.high),
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        draws=resample.draws,
        confidence=confidence,
        notices=warn_of(_notices(frame, survey, basis)),
        method=_method(survey, basis, resample, confidence),
    )


def _normalised(shares: np.ndarray) -> np.ndarray:
    total = shares.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.full_like(shares, np.nan), where=total > 0))


def _labels(basis: LinearBasis, survey: Survey) -> dict[str, object]:
    means = basis.moments.mean[basis.controls : -1]
    return {
        "driver": list(basis.drivers),
        "label": [survey.labels.get(d, d) for d in basis.drivers],
        "mean": means,
    }


def _share_columns(shares: _Draws, confidence: float) -> dict[str, object]:
    explained = shares.of_explained()
    bca, percentile = explained.bca(confidence), percentile_interval(explained.replicates, confidence)
    rank = rank_interval(explained.replicates, confidence)
    pairs = pairwise_intervals(explained.replicates, confidence)
    return {
        "share": explained.estimate,
        "share_low": bca.low,
        "share_high": bca.high,
        "share_percentile_low": percentile.low,
        "share_percentile_high": percentile.high,
        "share_of_variance": shares.estimate,
        "rank": ranks(explained.estimate).astype(int),
        "rank_low": rank.low.astype(int),
        "rank_high": rank.high.astype(int),
        "first_probability": first_probability(explained.replicates),
        "letters": list(indistinguishable_letters(explained.estimate, pairs.low, pairs.high)),
    }


def _relative_columns(weights: np.ndarray, drawn: np.ndarray, confidence: float) -> dict[str, np.ndarray]:
    interval = percentile_interval(_normalised(drawn), confidence)
    return {
        "relative_weight": _normalised(weights),
        "relative_weight_low": interval.low,
        "relative_weight_high": interval.high,
    }


def _differences(basis: LinearBasis, explained: _Draws, confidence: float) -> pd.DataFrame:
    pairs = pairwise_intervals(explained.replicates, confidence)
    first, second = np.triu_indices(len(basis.drivers), k=1)
    turn = explained.estimate[first] < explained.estimate[second]
    a, b = np.where(turn, second, first), np.where(turn, first, second)
    names = np.array(basis.drivers, dtype=object)
    return pd.DataFrame(
        {
            "driver": names[a],
            "other": names[b],
            "difference": explained.estimate[a] - explained.estimate[b],
            "difference_low": pairs.low[a, b],
            "difference_high": pairs.high[a, b],
        }
    )


def _notices(frame: pd.DataFrame, survey: Survey, basis: LinearBasis) -> tuple[Notice, ...]:
    found = list(policy_notices(survey, basis))
    effective = min(float(basis.moments.effective_base), basis.base)
    if effective < max(SMALL_BASE, 10 * len(frame)):
        few = sentence(_SMALL, base=basis.base, effective=effective, drivers=len(frame))
        found.append(Notice("small_base", few))
    labels = [*(survey.labels.get(c, c) for c in basis.names[: basis.controls]), *frame["label"]]
    dependent = dependent_columns(basis.moments.cross)
    if dependent:
        found.append(Notice("dependent", sentence(_DEPENDENT, names=[labels[i] for i in dependent])))
    named = frame["label"].isin([labels[i] for i in dependent])
    collinear = frame[(frame["vif"] > COLLINEAR_VIF) & ~named]
    if len(collinear):
        values = {"names": list(collinear["label"]), "vif": collinear["vif"].max()}
        found.append(Notice("collinear", sentence(_COLLINEAR, **values)))
    turned = frame[(frame["slope"] * frame["correlation"] < 0) & (frame["slope_low"] * frame["slope_high"] > 0)]
    if len(turned):
        found.append(Notice("sign_flip", sentence(_SIGN_FLIP, names=list(turned["label"]))))
    return tuple(found)


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "LMG (Shapley) shares of the explained variance of {outcome}, linear regression on {drivers:count} drivers"
        "{controls}; {weights}; {answers}, effective base {effective:count}; "
        "{confidence:percent} intervals: shares BCa over {draws:count} joint resamples of {units}, slopes with "
        "{errors} errors.",
        outcome=survey.labels.get(basis.names[-1], basis.names[-1]),
        drivers=len(basis.drivers),
        controls=controls_phrase(survey, basis),
        weights=weights_phrase(survey),
        answers=answers_phrase(survey, basis),
        effective=float(basis.moments.effective_base),
        confidence=confidence,
        draws=resample.draws,
        units=units_phrase(survey),
        errors=errors_phrase(basis),
    )
