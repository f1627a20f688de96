"""How does satisfaction run along each driver: straight, flattening or steepening?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.method import method_values
from drivers.analyses.recoding import given, pooled_over, recoded_answers
from drivers.analyses.significance import SIGNIFICANT, effect_freedom
from drivers.analyses.twins import united_survey
from drivers.core.contrasts import batched_slopes, joint_p
from drivers.core.interval import percentile_interval
from drivers.core.moments import Moments
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.core.splines import harrell_knots, spline_basis
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

EDGE_BASE = 10
"""Respondents who must answer at or beyond each end of a curve; it is not drawn further."""

PER_COEFFICIENT = 20
"""Effective answers per coefficient from which curves have four knots, not three."""

FEWEST_PER_COEFFICIENT = 5
"""Effective answers per coefficient below which every driver is a straight line."""

_POINTS = 25  # of a curve on a scale without steps


@dataclass(frozen=True, slots=True, eq=False)
class EffectCurves:
    """Satisfaction along each driver, the others held constant.

    Attributes
    ----------
    table
        One row a driver, bent ones first, then by how far satisfaction runs: p-value of the bend after Holm's
        correction, effect of one point in the lower and in the upper half of the curve, lower less upper, each with its
        interval, and what bend is shown.
    points
        One row a driver and rating: mean satisfaction if everyone gave that rating, the other drivers at their means,
        with its pointwise interval.
    base, draws, confidence
        As in ``DriverShapes``.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    points: pd.DataFrame
    base: int
    draws: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        bent = self.table["bend"].isin(["diminishing", "increasing"]).sum()
        return f"EffectCurves: {bent} of {len(self.table)} drivers bend; base {self.base}"


@dataclass(frozen=True, slots=True, eq=False)
class _Curve:
    """One driver's curve: its knots, where it is drawn, and its columns in the regression."""

    driver: str
    knots: np.ndarray
    grid: np.ndarray
    columns: slice

    @property
    def halves(self) -> np.ndarray:
        """Weights (2, k) of the coefficients in the effect of one point in the lower and the upper half."""
        low, high = self.grid[0], self.grid[-1]
        ends = spline_basis(np.array([low, (low + high) / 2, high]), self.knots)
        return np.asarray(np.diff(ends, axis=0) / max((high - low) / 2, 1e-300))


def effect_curves(
    survey: Survey, resample: Resample | None = None, *, draws: int = 1000, confidence: float = 0.95
) -> EffectCurves:
    """How does satisfaction run along each driver: straight, flattening or steepening?

    A lower effect of 0.40 and an upper one of 0.05 mean: in the lower half of the ratings that were given one point
    more goes with 0.40 points of satisfaction, in the upper half with 0.05, all other drivers being equal: returns
    diminish. They are associations, no proof of cause.

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
    One additive regression with a restricted cubic spline of every driver (Harrell 2015), knots at weighted quantiles
    of the answers, four where there are answers enough and three otherwise, fewer where a driver has few different
    answers; two answers make a line. Bands are pointwise. The bend is tested against the straight line by Wald's test
    on the curved coefficients with the covariance of the draws, with Holm's correction over the drivers; it is called
    diminishing or increasing when the interval of the two halves' difference also lies off zero.
    """
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    curves = _curves(survey, basis)
    names = [*basis.names[: basis.controls]]
    for curve in curves:
        names += [f"{curve.driver}: {k}" for k in range(curve.columns.stop - curve.columns.start)]
    answers = recoded_answers(survey, basis, (*names, basis.names[-1]), lambda z: _bent(z, basis, curves))
    drawn = answers.drawn(resample)
    sample, draws_of = pooled_over(answers, _fitted), _fitted(drawn)
    table = pd.DataFrame([_row(c, survey, basis, sample, draws_of, confidence) for c in curves])
    table["bend_p"] = adjusted_p(table["bend_p"].to_numpy(dtype=float), "holm")
    table["bend"] = [_bend(row) for _, row in table.iterrows()]
    points = pd.concat([_points(c, survey, sample, draws_of, confidence) for c in curves], ignore_index=True)
    return EffectCurves(
        table=_ordered(table, points),
        points=points,
        base=basis.base,
        draws=resample.draws,
        confidence=confidence,
        method=_method(survey, basis, resample, confidence),
    )


def _curves(survey: Survey, basis: LinearBasis) -> list[_Curve]:
    p, start = len(basis.drivers), basis.controls
    effective = min(float(basis.moments.effective_base), basis.answers.errors_base)
    wanted = 4 if effective >= PER_COEFFICIENT * (3 * p + basis.controls) else 3
    if effective < FEWEST_PER_COEFFICIENT * (2 * p + basis.controls):
        wanted = 2
    found = []
    for driver in basis.drivers:
        x, w = given(survey, basis, driver)
        knots = harrell_knots(x, w, wanted)
        width = max(len(knots) - 1, 1)
        found.append(_Curve(driver, knots, _grid(x), slice(start, start + width)))
        start += width
    return found


def _grid(x: np.ndarray) -> np.ndarray:
    """Ratings (m,) at which a curve is drawn: the answers given, or even steps; never beyond the last few people."""
    ordered = np.sort(x)
    edge = min(EDGE_BASE, (len(ordered) + 1) // 2)
    low, high = ordered[edge - 1], ordered[-edge]
    inside = np.unique(ordered[(ordered >= low) & (ordered <= high)])
    return inside if len(inside) <= _POINTS else np.linspace(low, high, _POINTS)


def _bent(z: np.ndarray, basis: LinearBasis, curves: list[_Curve]) -> np.ndarray:
    c = basis.controls
    columns = [spline_basis(z[:, c + j], curve.knots) for j, curve in enumerate(curves)]
    return np.column_stack([z[:, :c], *columns, z[:, -1]])


def _fitted(moments: Moments) -> np.ndarray:
    """Slopes (..., k), then means (..., k + 1) of the regressors and the outcome."""
    return np.concatenate([batched_slopes(moments.cross), moments.mean], axis=-1)


def _parts(curve: _Curve, fitted: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slopes (..., k) and means (..., k) of one curve's columns, and the outcome's mean (..., 1)."""
    q = (fitted.shape[-1] - 1) // 2
    means = fitted[..., q:-1]
    return fitted[..., :q][..., curve.columns], means[..., curve.columns], fitted[..., -1:]


def _row(
    curve: _Curve,
    survey: Survey,
    basis: LinearBasis,
    sample: np.ndarray,
    drawn: np.ndarray,
    confidence: float,
) -> dict[str, object]:
    slopes, replicates = _parts(curve, sample)[0], _parts(curve, drawn)[0]
    bent = len(curve.knots) > 2
    p = joint_p(slopes[1:], replicates[:, 1:], effect_freedom(basis)) if bent else np.nan
    halves = curve.halves if len(curve.grid) > 1 else np.full((2, len(slopes)), np.nan)
    weights = np.vstack([halves, halves[0] - halves[1]])
    value, interval = weights @ slopes, percentile_interval(replicates @ weights.T, confidence)
    row: dict[str, object] = {"driver": curve.driver, "label": survey.labels.get(curve.driver, curve.driver)}
    row["bend_p"] = p
    for k, name in enumerate(("lower_slope", "upper_slope", "slope_change")):
        row |= {name: value[k], f"{name}_low": interval.low[k], f"{name}_high": interval.high[k]}
    return row


def _ordered(table: pd.DataFrame, points: pd.DataFrame) -> pd.DataFrame:
    """Bent curves first, then those with the largest rise or fall."""
    curves = points.groupby("driver")["predicted"]
    reach = table["driver"].map(curves.max() - curves.min())
    straight = table["bend"].isin(["none", "untested"])
    return table.iloc[np.lexsort((-reach, straight))].reset_index(drop=True)


def _bend(row: pd.Series) -> str:
    """What the curve is called: diminishing, increasing, other, or none where a straight line does."""
    if np.isnan(row["bend_p"]):
        return "untested"
    if not row["bend_p"] < SIGNIFICANT:
        return "none"
    if row["slope_change_low"] > 0:
        return "diminishing"
    return "increasing" if row["slope_change_high"] < 0 else "other"


def _points(curve: _Curve, survey: Survey, sample: np.ndarray, drawn: np.ndarray, confidence: float) -> pd.DataFrame:
    columns = spline_basis(curve.grid, curve.knots)

    def along(fitted: np.ndarray) -> np.ndarray:
        slopes, means, level = _parts(curve, fitted)
        return np.asarray(level - (slopes * means).sum(axis=-1, keepdims=True) + slopes @ columns.T)

    interval = percentile_interval(along(drawn), confidence)
    return pd.DataFrame(
        {
            "driver": curve.driver,
            "label": survey.labels.get(curve.driver, curve.driver),
            "rating": curve.grid,
            "predicted": along(sample),
            "predicted_low": interval.low,
            "predicted_high": interval.high,
        }
    )


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "Curves: one additive regression of {outcome} with restricted cubic splines of {drivers:count} drivers; "
        "{weights}; {answers}; bend tested against the straight line (Wald, covariance of the draws, Holm); pointwise "
        "{confidence:percent} intervals over {draws:count} joint resamples of {units}.",
        **method_values(survey, basis, resample),
        confidence=confidence,
    )
