"""Do the measured aspects matter at all? How far they can move satisfaction, and when they are the wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from drivers.analyses.answers import Split
from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.method import method_values
from drivers.core.interval import bca_interval, percentile_interval
from drivers.core.linear import adjusted_r_squared, linear_fit
from drivers.core.moments import Moments
from drivers.core.resample import Resample
from drivers.survey.survey import Scale, Survey
from drivers.wording import Sentence, sentence

RELEVANCE_BAR = 0.05
"""Below this share of the differences (R²) or of the scale (rise), aspects count as the wrong ones."""

REALISTIC_BEST = 0.90
"""A driver's realistic best is what the best-served tenth of the respondents gives it already."""

ROOM_BAR = 0.10
"""Drivers that lie, on average, within this share of the scale of their best have no room left."""

ENOUGH_PER_DRIVER = 10
"""Effective answers a driver below which an uncertain "wrong aspects" is only "too few answers to say"."""

FOLDS = 10

Verdict = Literal["relevant", "wrong_aspects", "at_ceiling", "undecided"]


@dataclass(frozen=True, slots=True, eq=False)
class Potential:
    """How much of satisfaction the measured aspects can move.

    Attributes
    ----------
    table
        One row a measure (r_squared, adjusted, cross_validated, rise, rise_share) with its interval.
    aspects
        One row an aspect, in the order of the survey: mean and realistic best, in scale points. No ranking.
    cross_validated
        Share of the differences in satisfaction that the aspects predict among respondents left out of the fit.
    rise, rise_share
        Scale points by which mean satisfaction would rise if every aspect went to its realistic best, and the same as
        a share of the scale.
    mean, scale
        Mean satisfaction today, and its scale.
    verdict
        ``"relevant"``: the aspects can move satisfaction. ``"wrong_aspects"``: below the bar, no ranking may be drawn.
        ``"undecided"``: below the bar, but on too few answers to say so; no ranking either.
        ``"at_ceiling"``: they predict satisfaction, but have no room left to move it.
    bar
        The bar that was used.
    certain
        Whether the whole interval lies on the verdict's side of the bar.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    aspects: pd.DataFrame
    cross_validated: float
    rise: float
    rise_share: float
    mean: float
    scale: Scale
    verdict: Verdict
    bar: float
    certain: bool
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return (
            f"Potential: {self.verdict.replace('_', ' ')}; the aspects predict {self.cross_validated:.1%} of the "
            f"differences and can raise satisfaction by {self.rise:.2f} points; base {self.base}"
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Measure:
    """A statistic of the sample with its resamples (B,) and jackknife (G,)."""

    estimate: float
    replicates: np.ndarray
    jackknife: np.ndarray

    def row(self, name: str, confidence: float) -> dict[str, object]:
        interval = bca_interval(np.array(self.estimate), self.replicates, self.jackknife, confidence)
        percentile = percentile_interval(self.replicates, confidence)
        return {
            "measure": name,
            "value": self.estimate,
            "value_low": float(interval.low),
            "value_high": float(interval.high),
            "value_percentile_low": float(percentile.low),
            "value_percentile_high": float(percentile.high),
        }


def potential(
    survey: Survey, resample: Resample | None = None, *, draws: int = 1000, confidence: float = 0.95
) -> Potential:
    """How much of satisfaction can the measured aspects move?

    A rise of 0.4 means: if every aspect were rated as the best-served tenth of the customers rates it now, mean
    satisfaction would be 0.4 scale points higher, as far as these data go. Where the aspects predict less than 5% of
    the differences in satisfaction out of sample (or, with room left, cannot raise it by 5% of its scale), the wrong
    things are measured and no ranking of them means anything.

    Parameters
    ----------
    survey, resample, draws, confidence
        As in ``driver_importance``.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.

    Notes
    -----
    Adjusted R²: Ezekiel (1930). Cross-validated R²: 10 folds of respondents, computed from the folds' moments; a
    resample keeps all copies of a respondent in one fold. With controls, each R² is what the drivers add to them.
    """
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    basis = linear_basis(survey, resample=resample)
    best = basis.answers.quantile(REALISTIC_BEST)[basis.controls : -1]
    measures = _measures(basis, survey, resample, best)
    table = pd.DataFrame([m.row(name, confidence) for name, m in measures.items()])
    mean = basis.moments.mean[basis.controls :]
    scale = survey.scales[survey.outcome]
    verdict, certain = _verdict(table.set_index("measure"), _room(basis, survey, best))
    if verdict == "wrong_aspects" and not certain and _few_answers(basis):
        verdict = "undecided"
    return Potential(
        table=table,
        aspects=_aspects(basis, survey, best),
        cross_validated=measures["cross_validated"].estimate,
        rise=measures["rise"].estimate,
        rise_share=measures["rise_share"].estimate,
        mean=float(mean[-1]),
        scale=scale,
        verdict=verdict,
        bar=RELEVANCE_BAR,
        certain=certain,
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        confidence=confidence,
        method=_method(survey, basis, resample, confidence),
    )


def _measures(basis: LinearBasis, survey: Survey, resample: Resample, best: np.ndarray) -> dict[str, _Measure]:
    drawn, jackknife = basis.resampled(survey, resample), basis.jackknifed()
    scale = survey.scales[survey.outcome]

    def three(statistic: Callable[[Moments], np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        return basis.pooled(statistic), statistic(drawn), statistic(jackknife)

    r2 = three(lambda m: _added_r_squared(basis, m))
    adjusted = three(lambda m: _added_r_squared(basis, m, adjust=True))
    rise = three(lambda m: _rise(basis, m, best, scale))
    folds = _folds(survey)
    validated = [
        _cross_validated(basis, basis.answers.splits(folds, None)).mean(),
        _cross_validated(basis, basis.answers.splits(folds, resample)),
    ]
    flat = np.full(2, validated[0])  # no acceleration: the folds have no jackknife of their own
    return {
        "r_squared": _Measure(float(r2[0]), r2[1], r2[2]),
        "adjusted": _Measure(float(adjusted[0]), adjusted[1], adjusted[2]),
        "cross_validated": _Measure(float(validated[0]), validated[1], flat),
        "rise": _Measure(float(rise[0]), rise[1], rise[2]),
        "rise_share": _Measure(float(rise[0] / scale.span), rise[1] / scale.span, rise[2] / scale.span),
    }


def _added_r_squared(basis: LinearBasis, moments: Moments, *, adjust: bool = False) -> np.ndarray:
    """R² (...,) that the drivers add to the controls."""
    full = linear_fit(moments.cross).r_squared
    held = basis.columns.held
    alone = [*range(held), len(basis.names) - 1]
    controls = linear_fit(moments.cross[..., alone, :][..., alone]).r_squared if held else np.zeros_like(full)
    if not adjust:
        return full - controls
    answers = np.asarray(basis.answers.errors_base)  # a draw has as many as the sample, some of them twice
    p = len(basis.names) - 1
    return adjusted_r_squared(full, answers, p) - adjusted_r_squared(controls, answers, held)


def _rise(basis: LinearBasis, moments: Moments, best: np.ndarray, scale: Scale) -> np.ndarray:
    """Rise (...,) of mean satisfaction with every driver at its realistic best, within the scale."""
    slopes = linear_fit(moments.cross).slopes[..., basis.controls :]
    now = moments.mean[..., basis.controls : -1]
    rise = (slopes * np.maximum(best - now, 0.0) * basis.columns.applies).sum(axis=-1)
    return np.asarray(np.minimum(rise, scale.high - moments.mean[..., -1]))


def _folds(survey: Survey) -> list[np.ndarray]:
    """Boolean arrays (n,) of the respondents in each fold; all answers of a unit are in one."""
    units = np.arange(survey.base) if survey.clusters is None else np.unique(survey.clusters, return_inverse=True)[1]
    return [units % FOLDS == k for k in range(FOLDS)]


def _cross_validated(basis: LinearBasis, splits: list[Split]) -> np.ndarray:
    """Cross-validated R² (B,) that the drivers add to the controls."""
    outcome = len(basis.names) - 1
    models: tuple[list[int], ...] = ([], list(range(basis.columns.held)), list(range(outcome)))
    errors = [[_squared_error(rest, fold, columns) for rest, fold in splits] for columns in models]
    mean, controls, full = np.sum(errors, axis=1)
    return np.asarray((controls - full) / mean)


def _squared_error(fit: Moments, fold: Moments, columns: list[int]) -> np.ndarray:
    """Weighted squared error (B,) in a fold of the regression fitted on the rest; from moments alone."""
    chosen = [*columns, len(fold.names) - 1]
    slopes = (
        linear_fit(fit.cross[..., chosen, :][..., chosen]).slopes if columns else np.zeros((*fit.mean.shape[:-1], 0))
    )
    contrast = np.concatenate([-slopes, np.ones((*slopes.shape[:-1], 1))], axis=-1)
    spread = fold.cross[..., chosen, :][..., chosen]
    around = np.einsum("...i,...ij,...j->...", contrast, spread, contrast)
    shift = (contrast * (fold.mean - fit.mean)[..., chosen]).sum(axis=-1)
    return np.asarray(around + fold.weight_sum * np.where(fold.weight_sum > 0, shift, 0.0) ** 2)


def _room(basis: LinearBasis, survey: Survey, best: np.ndarray) -> float:
    """How far, in shares of their scales, the drivers lie below their best on average."""
    spans = np.array([survey.scales[d].span for d in basis.drivers])
    gaps = np.maximum(best - basis.moments.mean[basis.controls : -1], 0.0)
    return float(np.divide(gaps, spans, out=np.zeros_like(gaps), where=spans > 0).mean())


def _verdict(rows: pd.DataFrame, room: float) -> tuple[Verdict, bool]:
    validated, rise = rows.loc["cross_validated"], rows.loc["rise_share"]
    if validated["value"] < RELEVANCE_BAR:
        return "wrong_aspects", bool(validated["value_high"] < RELEVANCE_BAR)
    if rise["value"] < RELEVANCE_BAR:
        return ("wrong_aspects" if room >= ROOM_BAR else "at_ceiling"), bool(rise["value_high"] < RELEVANCE_BAR)
    return "relevant", bool(validated["value_low"] >= RELEVANCE_BAR and rise["value_low"] >= RELEVANCE_BAR)


def _few_answers(basis: LinearBasis) -> bool:
    return bool(basis.moments.effective_base < ENOUGH_PER_DRIVER * (len(basis.names) - 1))


def _aspects(basis: LinearBasis, survey: Survey, best: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "driver": list(basis.drivers),
            "label": [survey.labels.get(d, d) for d in basis.drivers],
            "mean": basis.moments.mean[basis.controls : -1],
            "realistic_best": best,
        }
    )


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "Linear regression of {outcome} on {drivers:count} aspects{controls}; {weights}; {answers}; cross-validation "
        "in {folds:count} folds of respondents; realistic best: the level that the "
        "best-served tenth reaches (90th percentile); relevance bar {bar:percent}; {confidence:percent} intervals BCa "
        "over {draws:count} joint resamples of {units} (bias-corrected for the cross-validated share).",
        **method_values(survey, basis, resample),
        folds=FOLDS,
        bar=RELEVANCE_BAR,
        confidence=confidence,
    )
