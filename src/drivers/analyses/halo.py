"""Does a general impression stand behind the drivers, and what is left of each without it?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis, units_phrase, weights_phrase
from drivers.analyses.certainty import sampling_phrase
from drivers.analyses.importance import DriverImportance, driver_importance
from drivers.analyses.twins import united_survey
from drivers.core.estimate import SOUND, Bounds, Estimate
from drivers.core.factor import (
    GeneralFactor,
    first_explained,
    first_factor_shares,
    general_factor,
    specific_correlations,
    with_factor,
    with_score,
)
from drivers.core.interval import Interval, bca_interval, ranks
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments, correlation_matrix
from drivers.core.resample import Resample
from drivers.core.shapley import SharePlan, share_plan
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

FEWEST_DRIVERS = 4
"""Drivers from which the correlations can contradict one factor; any three fit it."""

GENERAL = 0.70
"""Part of the variance of the mean rating (omega) that must be one factor's before it is called a general impression:
below, its score holds too much of what the drivers have of their own, and taking it off would take that off."""

SALIENT = 0.40
"""Loading that half of the drivers must reach: a factor of a few drivers is not general."""

MOST_DETERMINED = 0.99
"""Squared correlation of score and factor beyond which one factor does not fit: it would be one of the drivers."""


@dataclass(frozen=True, slots=True, eq=False)
class RatingHalo:
    """How much of what the drivers explain goes with a general impression, and what is left of each driver.

    Attributes
    ----------
    table
        One row a driver, in the order of the report: its share and rank in the report; its share of the whole
        explanation beyond the general factor, with its interval, and its rank by that; its loading on the factor; its
        correlation with satisfaction at the same score on the factor, with an interval that holds for all drivers
        together; and whether that shows something of its own, in the direction of its plain correlation.
    general
        Whether there is a general factor; without one nothing is taken off, and specific shares are the shares.
    general_share, general_share_low, general_share_high
        Part of what the drivers explain that runs through the general factor, if that goes with satisfaction through
        the drivers only; null without one. With the specific shares it adds up to 1.
    general_most
        The same if the general factor explains as much as it can, because it colours satisfaction too.
    first_factor, first_factor_low, first_factor_high
        Share of the drivers' standardised variance on their first principal component, weighted.
    saturation
        Share of the variance of the mean rating that is the factor's (McDonald's omega); null for fewer than 4 drivers.
    base, effective_base, draws, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    general: bool
    general_share: float
    general_share_low: float
    general_share_high: float
    general_most: float
    first_factor: float
    first_factor_low: float
    first_factor_high: float
    saturation: float
    base: int
    effective_base: float
    draws: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        if not self.general:
            return f"RatingHalo: no general factor; first factor {self.first_factor:.0%}, base {self.base}"
        return f"RatingHalo: {self.general_share:.0%} of the explanation goes with a general factor, base {self.base}"


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """Part (...,) of the explanation that is general, and at most; specific shares and correlations (..., p)."""

    general: np.ndarray
    most: np.ndarray
    shares: np.ndarray
    correlations: np.ndarray


def rating_halo(
    survey: Survey, resample: Resample | None = None, *, importance: DriverImportance | None = None
) -> RatingHalo:
    """Does a general impression stand behind the drivers, and what is left of each without it?

    A general share of 0.80 means: of what the drivers explain together, 80% goes with what all ratings have in common;
    20% goes with what single drivers have of their own. It takes off good or bad service all round as well as a halo.

    Two readings bound how far satisfaction follows the factor. For the shares it does through the drivers only: the
    factor is a control that comes first, and the drivers share what is left (LMG). Whether a driver adds something of
    its own is judged with the factor's score held constant (the partial correlations of Landy, Vance, Barnes-Farrell
    and Steele 1980; Podsakoff et al. 2003, doi:10.1037/0021-9010.88.5.879), which puts down to the factor all that it
    can account for: then a driver adds nothing when its ratings say no more than its part in the general impression.

    Parameters
    ----------
    survey
        The wave.
    resample
        The joint resample; default: 1,000 draws of a generator of seed 1.
    importance
        What ``driver_importance`` says on the same draws, where that is known already.

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers.
    """
    resample = joint_resample(survey) if resample is None else resample
    importance = driver_importance(survey, resample) if importance is None else importance
    survey = united_survey(survey, resample)
    basis, confidence = linear_basis(survey, resample=resample), importance.confidence
    drawn = basis.resampled(survey, resample)
    factor = general_factor(basis.cross(basis.moments)) if len(basis.drivers) >= FEWEST_DRIVERS else None
    reported = importance.table.set_index("driver").loc[list(basis.drivers)]
    columns, share, most = _unchanged(reported, factor), Bounds(*[float("nan")] * 3), float("nan")
    if factor is not None and _is_general(factor):
        sample, draws = _pooled_parts(basis), _parts(basis, drawn)
        columns |= _columns(sample, draws, reported, confidence)
        left = _general_part(basis.cross(basis.jackknifed()))
        share, most = _bca(sample.general, draws.general, left, confidence), float(sample.most)
    first = _first_factor(basis, drawn, confidence)
    table = reported[["label", "share", "share_low", "share_high", "rank"]].assign(**columns)
    return RatingHalo(
        table=table.loc[list(importance.table["driver"])].reset_index(),
        general=bool(np.isfinite(most)),
        **share.named("general_share"),
        general_most=most,
        **first.named("first_factor"),
        saturation=float("nan") if factor is None else float(factor.saturation),
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        draws=resample.draws,
        confidence=confidence,
        method=_method(survey, basis, resample, confidence),
    )


def _is_general(factor: GeneralFactor) -> bool:
    fits = factor.determinacy < MOST_DETERMINED
    return bool(fits and factor.saturation >= GENERAL and np.median(np.abs(factor.loadings)) >= SALIENT)


def _parts(basis: LinearBasis, moments: Moments) -> _Parts:
    """Of every set of moments (..., q), each with a factor of its own; NaN where one factor does not fit."""
    cross = basis.cross(moments)
    factor = general_factor(cross)
    scored, fits = with_score(cross, factor), factor.determinacy < MOST_DETERMINED
    bordered = np.where(fits[..., None, None], with_factor(cross, factor), correlation_matrix(scored))
    own, general = _plan(basis).shares(bordered), first_explained(bordered)
    whole = general + own.sum(axis=-1)
    shares = np.concatenate([general[..., None], first_explained(scored)[..., None], own], axis=-1)
    shares = np.divide(
        shares, whole[..., None], out=np.full_like(shares, np.nan), where=(fits & (whole > 0))[..., None]
    )
    return _Parts(shares[..., 0], shares[..., 1], shares[..., 2:], specific_correlations(scored))


@lru_cache(maxsize=2)
def _plan(basis: LinearBasis) -> SharePlan:
    """How what is left of the drivers is shared, the factor held constant."""
    cross = basis.cross(basis.moments)
    bordered = with_factor(cross, general_factor(cross))
    return share_plan(bordered, [(1 + j,) for j in range(len(basis.drivers))], controls=1)


def _general_part(cross: np.ndarray) -> np.ndarray:
    """The part (...,) alone, without going through subsets."""
    explained, factor = linear_fit(cross).r_squared, general_factor(cross)
    general = first_explained(with_factor(cross, factor))
    fits = (explained > 0) & (factor.determinacy < MOST_DETERMINED)
    return np.divide(general, explained, out=np.full_like(general, np.nan), where=fits)


def _pooled_parts(basis: LinearBasis) -> _Parts:
    """Of the sample: the mean over completions, where answers were imputed."""
    p = len(basis.drivers)

    def rows(moments: Moments) -> np.ndarray:
        found = _parts(basis, moments)
        return np.concatenate(
            [found.general[..., None], found.most[..., None], found.shares, found.correlations], axis=-1
        )

    pooled = basis.pooled(rows)
    return _Parts(pooled[0], pooled[1], pooled[2 : 2 + p], pooled[2 + p :])


def _unchanged(reported: pd.DataFrame, factor: GeneralFactor | None) -> dict[str, object]:
    nothing = np.full(len(reported), np.nan)
    return {
        "specific_share": reported["share"],
        "specific_share_low": reported["share_low"],
        "specific_share_high": reported["share_high"],
        "specific_rank": reported["rank"],
        "loading": nothing if factor is None else factor.loadings,
        "specific_correlation": nothing,
        "specific_correlation_low": nothing,
        "specific_correlation_high": nothing,
        "adds": [None] * len(reported),
    }


def _bca(value: np.ndarray, draws: np.ndarray, left: np.ndarray, confidence: float) -> Bounds:
    """BCa interval; without ends when a tenth of the draws have no value."""
    finite, kept = draws[np.isfinite(draws)], left[np.isfinite(left)]
    if len(finite) < SOUND * len(draws) or len(finite) < 2 or len(kept) < 2:
        return Bounds(float(value), float("nan"), float("nan"))
    ends = bca_interval(value, finite, kept, confidence)
    return _around(Bounds(float(value), float(ends.low), float(ends.high)))


def _around(bounds: Bounds) -> Bounds:
    """The interval with the value in it: a share near 0 is larger in almost every draw."""
    return Bounds(bounds.value, min(bounds.low, bounds.value), max(bounds.high, bounds.value))


def _columns(sample: _Parts, draws: _Parts, reported: pd.DataFrame, confidence: float) -> dict[str, object]:
    each = zip(sample.shares, draws.shares.T, strict=True)
    bounds = [_around(Estimate(float(value), drawn).bounds(confidence)) for value, drawn in each]
    band = _joint_band(sample.correlations, draws.correlations, confidence)
    up = reported["correlation"].to_numpy(dtype=float) >= 0
    return {
        "specific_share": sample.shares,
        "specific_share_low": [b.low for b in bounds],
        "specific_share_high": [b.high for b in bounds],
        "specific_rank": ranks(sample.shares).astype(int),
        "specific_correlation": sample.correlations,
        "specific_correlation_low": band.low,
        "specific_correlation_high": band.high,
        "adds": list(np.where(up, band.low > 0, band.high < 0)),
    }


def _joint_band(estimate: np.ndarray, replicates: np.ndarray, confidence: float) -> Interval:
    """Intervals (p,) that hold for all drivers together: the largest studentised deviation of each draw decides."""
    spread = replicates.std(axis=0)
    gaps = np.abs(replicates - estimate)
    largest = np.divide(gaps, spread, out=np.zeros_like(gaps), where=spread > 0).max(axis=1)
    reach = float(np.quantile(largest, confidence)) * spread
    return Interval(estimate - reach, estimate + reach)


def _first_factor(basis: LinearBasis, drawn: Moments, confidence: float) -> Bounds:
    """Of the drivers as they were rated, controls left out of account."""
    inner = slice(basis.controls, -1)
    sample, draws = (first_factor_shares(m.correlation[..., inner, inner]) for m in (basis.moments, drawn))
    return Estimate(float(sample), draws).bounds(confidence)


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "General impression: one factor of the drivers (minres), taken in before them; then LMG shares of what is "
        "left{sampling}. It counts as general from {least:percent} of the variance of the mean rating and loadings of "
        "{salient:number1} on half of the drivers; {weights}; {confidence:percent} intervals over {draws:count} joint "
        "resamples of {units}: BCa for the general part, percentiles for the rest. Whether an aspect adds something of "
        "its own: correlation with satisfaction at the same factor score, for all aspects together (max-t).",
        sampling=sampling_phrase(basis, resample.draws),
        least=GENERAL,
        salient=SALIENT,
        weights=weights_phrase(survey),
        confidence=confidence,
        draws=resample.draws,
        units=units_phrase(survey),
    )
