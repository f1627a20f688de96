"""Where does a change of satisfaction come from: better ratings, other weights of them, or other customers?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import (
    LinearBasis,
    answers_phrase,
    joint_resample,
    linear_basis,
    units_phrase,
    weights_phrase,
)
from drivers.analyses.pair import WavePair, pair_phrase, wave_pair
from drivers.core.interval import percentile_interval
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments
from drivers.core.resample import Resample
from drivers.core.wald import wald_test
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class ChangeDecomposition:
    """The change of mean satisfaction, divided (Kitagawa–Oaxaca–Blinder, three parts).

    Attributes
    ----------
    table
        One row a driver that both waves asked, then the mix of customers, then the rest: means and slopes before and
        after, and the parts of the change by the level, by the importance, and by both moving together, with intervals.
        Parts of all rows add up to the change.
    parts
        The change in all, its parts by levels of the drivers, by the mix, by importance (with the rest) and by both
        together; and apart from these the change at the same mix and the part of the mix, which add up to the change
        as well.
    importance_p
        P-value of the question whether any slope changed.
    before, after
        Names of the two waves.
    base, base_before
        Respondents of the later and of the earlier wave in the regressions.
    confidence, method
        As in every result.
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    importance_p: float
    before: str
    after: str
    base: int
    base_before: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        rows = self.parts.set_index("change_part")["value"]
        return (
            f"ChangeDecomposition: of {rows['change']:+.2f} by levels {rows['levels']:+.2f}, by the mix "
            f"{rows['mix']:+.2f}, by importance {rows['importance']:+.2f}; base {self.base}"
        )


def change_decomposition(
    survey: Survey,
    resample: Resample | None = None,
    *,
    pair: WavePair | None = None,
    confidence: float = 0.95,
) -> ChangeDecomposition:
    """How much of a change comes from the levels of the drivers, how much from their importance, how much from the mix?

    A level part of 0.15 means: the driver's mean moved so far that satisfaction would be 0.15 points higher if
    customers weighed it as in the earlier wave. An importance part says what a moved slope does to ratings counted from
    the lowest answer of the scale; that zero is a choice, so single importance parts are no findings (Oaxaca and Ransom
    1999, doi:10.1162/003465399767923908): only their sum with the rest is free of it.

    Parameters
    ----------
    survey
        The later wave, with those before it.
    resample
        Its joint resample; default: 1,000 draws of a generator of seed 1.
    pair
        The two waves, where they are known already.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When there is no earlier wave, the waves asked no driver in common, or too few answered.
    """
    pair = wave_pair(survey, resample or joint_resample(survey)) if pair is None else pair
    if not pair.after.drivers:
        raise EstimationError(
            sentence(
                "Waves {before} and {after} asked no aspect in common.", before=pair.before.wave, after=pair.after.wave
            )
        )
    bases = [_basis(wave, draws) for wave, draws in _both(pair)]
    fits = [_Fits.of(basis, wave, draws) for basis, (wave, draws) in zip(bases, _both(pair), strict=True)]
    levels, importance, both = _three_parts(*fits)
    rest = importance[:, -1:] + importance[:, : fits[0].controls].sum(axis=1, keepdims=True)
    c = fits[0].controls
    return ChangeDecomposition(
        table=_table(pair, fits, (levels, importance, both, rest), confidence),
        parts=_parts(fits, levels, importance, both, confidence),
        importance_p=_any_slope(fits, c),
        before=str(pair.before.wave),
        after=str(pair.after.wave),
        base=bases[1].base,
        base_before=bases[0].base,
        confidence=confidence,
        method=_method(pair, bases, confidence),
    )


def _both(pair: WavePair) -> list[tuple[Survey, Resample]]:
    return [(pair.before, pair.draws_before), (pair.after, pair.draws_after)]


def _basis(wave: Survey, draws: Resample) -> LinearBasis:
    basis = linear_basis(wave, resample=draws)
    if basis.controls == basis.columns.held:
        return basis
    return linear_basis(wave, resample=draws, policy="complete")  # indicators of one wave are not those of the other


@dataclass(frozen=True, slots=True, eq=False)
class _Fits:
    """Of one wave, sample first and then every draw: means (1 + B, q), slopes (1 + B, q - 1), zero points (q - 1,).

    The first `controls` columns are the mix; `mixed` are the slopes (1 + B, controls) on the mix alone.
    """

    means: np.ndarray
    slopes: np.ndarray
    mixed: np.ndarray
    zero: np.ndarray
    controls: int

    @classmethod
    def of(cls, basis: LinearBasis, wave: Survey, draws: Resample) -> _Fits:
        c, width = basis.controls, len(basis.names)

        def statistic(moments: Moments) -> np.ndarray:
            held = moments.select((*basis.names[:c], basis.names[-1]))
            parts = (moments.mean, linear_fit(moments.cross).slopes, linear_fit(held.cross).slopes)
            return np.concatenate(parts, axis=-1)

        found = np.vstack([basis.pooled(statistic)[None], statistic(basis.resampled(wave, draws))])
        lows = [0.0] * c + [wave.scales[d].low if d in wave.scales else 0.0 for d in basis.drivers]
        return cls(found[:, :width], found[:, width : 2 * width - 1], found[:, 2 * width - 1 :], np.array(lows), c)

    @property
    def counted(self) -> np.ndarray:
        """Means (1 + B, q - 1) of mix and drivers, counted from their zero points."""
        return np.asarray(self.means[:, :-1] - self.zero)

    @property
    def constant(self) -> np.ndarray:
        """Satisfaction (1 + B,) at the zero points."""
        return np.asarray(self.means[:, -1] - (self.counted * self.slopes).sum(axis=1))


def _three_parts(before: _Fits, after: _Fits) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Levels, importance and both together, each (1 + B, q - 1); importance has the constant as one column more."""
    moved, turned = after.means[:, :-1] - before.means[:, :-1], after.slopes - before.slopes
    constant = (after.constant - before.constant)[:, None]
    return moved * before.slopes, np.hstack([before.counted * turned, constant]), moved * turned


def _any_slope(fits: list[_Fits], c: int) -> float:
    """P-value of equal slopes of the drivers, by the spread of their difference over the draws."""
    difference = (fits[1].slopes - fits[0].slopes)[:, c:]
    drawn = difference[1:]
    p = difference.shape[1]
    return wald_test(np.eye(p), difference[0], np.cov(drawn, rowvar=False).reshape(p, p), len(drawn) - 1.0).p


def _table(pair: WavePair, fits: list[_Fits], found: tuple[np.ndarray, ...], confidence: float) -> pd.DataFrame:
    levels, importance, both, rest = found
    before, after = fits
    c, nothing = before.controls, np.zeros((len(levels), 1))
    rows = []
    for j, driver in enumerate(pair.after.drivers, start=c):
        own = {
            "mean_before": before.means[0, j],
            "mean_after": after.means[0, j],
            "slope_before": before.slopes[0, j],
            "slope_after": after.slopes[0, j],
            **_named("slope_shift", after.slopes[:, j] - before.slopes[:, j], confidence),
        }
        parts = (levels[:, j], importance[:, j], both[:, j])
        rows.append({"driver": driver, "label": pair.after.labels.get(driver, driver), "measure_kind": "driver", **own}
                    | _row(parts, confidence))  # fmt: skip
    mixed = (levels[:, :c].sum(axis=1), nothing[:, 0], both[:, :c].sum(axis=1))
    rows.append({"driver": "mix", "label": "", "measure_kind": "mix", **_row(mixed, confidence)})
    rows.append({"driver": "rest", "label": "", "measure_kind": "rest"}
                | _row((nothing[:, 0], rest[:, 0], nothing[:, 0]), confidence))  # fmt: skip
    return pd.DataFrame(rows)


def _row(parts: tuple[np.ndarray, ...], confidence: float) -> dict[str, float]:
    names = ("level_part", "importance_part", "joint_part")
    return {k: v for name, part in zip(names, parts, strict=True) for k, v in _named(name, part, confidence).items()}


def _parts(
    fits: list[_Fits], levels: np.ndarray, importance: np.ndarray, both: np.ndarray, confidence: float
) -> pd.DataFrame:
    before, after = fits
    c = before.controls
    change = after.means[:, -1] - before.means[:, -1]
    by_mix = ((after.means[:, :c] - before.means[:, :c]) * before.mixed).sum(axis=1)
    found = {
        "change": change,
        "levels": levels[:, c:].sum(axis=1),
        "mix": levels[:, :c].sum(axis=1),
        "importance": importance.sum(axis=1),
        "joint": both.sum(axis=1),
        "same_mix": change - by_mix,
        "by_mix": by_mix,
    }
    return pd.DataFrame([{"change_part": name, **_named("value", part, confidence)} for name, part in found.items()])


def _named(name: str, found: np.ndarray, confidence: float) -> dict[str, float]:
    interval = percentile_interval(found[1:], confidence)
    return {name: float(found[0]), f"{name}_low": float(interval.low), f"{name}_high": float(interval.high)}


def _method(pair: WavePair, bases: list[LinearBasis], confidence: float) -> Sentence:
    return sentence(
        "Kitagawa–Oaxaca–Blinder decomposition in three parts, wave {before} as the reference: levels are differences "
        "of means times the earlier slopes, importance differences of slopes times the earlier ratings (counted from "
        "the lowest answer) and of the constant, both together their product; mix: {mix}; {weights}; wave {before}: "
        "{answers_before}; wave {after}: {answers_after}; {confidence:percent} intervals: percentiles of {draws:count} "
        "joint resamples of the {units} of both waves. A decomposition says where a change lies, not what caused it.",
        before=pair.before.wave,
        after=pair.after.wave,
        mix=pair_phrase(pair),
        weights=weights_phrase(pair.after),
        answers_before=answers_phrase(pair.before, bases[0]),
        answers_after=answers_phrase(pair.after, bases[1]),
        confidence=confidence,
        draws=pair.draws_after.draws,
        units=units_phrase(pair.after),
    )
