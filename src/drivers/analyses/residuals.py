"""Residuals: what a linear regression leaves unexplained, and whether that looks like chance.

The tests are statsmodels'. They are about how the answers spread, not about the population, so in a weighted survey
the slopes are weighted and every respondent's residual counts once.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.stats.diagnostic import acorr_ljungbox, het_breuschpagan, linear_rainbow, linear_reset
from statsmodels.stats.stattools import durbin_watson
from statsmodels.tools.sm_exceptions import SingularMatrixWarning

from drivers.analyses.basis import LinearBasis
from drivers.core.design import Design, weighted_slopes
from drivers.core.intraclass import intraclass_correlation
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments
from drivers.core.outliers import row_influence
from drivers.core.wald import wald_test

_RANK = 1e-7  # of its length: what is left of a column below this is rounding
_LAGS = 5  # neighbours in the file that may be alike: a block of interviews, a page of a list
_PER_COLUMN = 5  # rows for each column that White's test must have
_WIDEST = 200  # columns beyond which White's test says little and costs much


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """A weighted regression as it fits the respondents who answered everything, or one completion of the answers.

    Attributes
    ----------
    z, w
        Regressors and outcome (m, q), and weights (m,); regressors that follow from others are left out.
    fitted, left
        Predictions (m,) and what they leave (m,).
    units
        Codes (m,) of the units sampled; None when each is one of its own.
    rows
        Boolean array (n,), who of the basis's respondents they are.
    """

    z: np.ndarray
    w: np.ndarray
    fitted: np.ndarray
    left: np.ndarray
    units: np.ndarray | None
    rows: np.ndarray

    @property
    def x(self) -> np.ndarray:
        """Constant and regressors (m, q)."""
        return np.column_stack([np.ones(len(self.z)), self.z[:, :-1]])


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Likeness of residuals: Durbin-Watson and Ljung-Box's p in the order of the file, and within units."""

    durbin_watson: float
    p: float
    within_units: float


@dataclass(frozen=True, slots=True)
class Spread:
    """Whether residuals spread evenly: upper over lower half of the predictions, and p-values of two tests."""

    ratio: float
    breusch_pagan: float
    p: float
    white_p: float


@dataclass(frozen=True, slots=True)
class Curvature:
    """Whether powers of the prediction add to it: their R², p of RESET and of the rainbow test."""

    gain: float
    p: float
    rainbow_p: float


@dataclass(frozen=True, slots=True)
class Extremes:
    """The largest Cook's distance, and the share of residuals beyond three standard deviations."""

    cook: float
    share: float


def regression_residuals(basis: LinearBasis) -> Residuals | None:
    """What does the regression leave of the answers? None where too few answered everything to say."""
    completed = basis.completions()
    z = completed[0].z if completed else basis.z
    rows = ~np.isnan(z).any(axis=1)
    if rows.sum() < 2 * z.shape[1] + 2:
        return None
    z, w = z[rows], basis.w[rows]
    z = np.column_stack([z[:, independent_columns(z[:, :-1])], z[:, -1]])
    moments = Moments.from_rows(tuple(map(str, range(z.shape[1]))), z, w)
    fit = linear_fit(moments.cross)
    fitted = moments.mean[-1] + (z[:, :-1] - moments.mean[:-1]) @ fit.slopes
    units = None if basis.clusters is None else basis.clusters[rows]
    return Residuals(z, w, fitted, z[:, -1] - fitted, units, rows)


def independent_columns(x: np.ndarray) -> np.ndarray:
    """Places, in their order, of the columns of `x` (m, k) that neither are constant nor follow from those before."""
    centred = x - x.mean(axis=0)
    size = np.sqrt((centred**2).sum(axis=0))
    kept, axes = [], np.zeros((x.shape[0], 0))
    for j in np.flatnonzero(size > _RANK * np.abs(x).max(axis=0)):
        rest = centred[:, j] / size[j]
        rest = rest - axes @ (axes.T @ rest)
        length = float(np.sqrt(rest @ rest))
        if length > _RANK:
            rest = rest / length
            rest = rest - axes @ (axes.T @ rest)  # once more, for the rounding of the first time
            kept.append(int(j))
            axes = np.column_stack([axes, rest / np.sqrt(rest @ rest)])
    return np.array(kept, dtype=np.int64)


def likeness(found: Residuals, respondents: np.ndarray | None = None) -> Neighbours:
    """Are residuals of neighbours in the file, or of one unit, alike?

    Several residuals of one unit count as their mean among the neighbours. `respondents` (m,) says who answered where
    that is no unit of the sample.
    """
    series, units = found.left, found.units if found.units is not None else respondents
    if units is not None:
        first, place = np.unique(units, return_index=True, return_inverse=True)[1:]
        means = np.bincount(place, found.left) / np.bincount(place)
        series = means[np.argsort(first, kind="stable")]
    lags = min(_LAGS, len(series) // 5)
    p = float(acorr_ljungbox(series, lags=[lags])["lb_pvalue"].iloc[0]) if lags else float("nan")
    within = float("nan") if units is None else intraclass_correlation(found.left, units)
    return Neighbours(float(durbin_watson(series)), p, within)


def unevenness(found: Residuals) -> Spread:
    """Do residuals spread more among high predictions than among low ones (Breusch-Pagan, studentised; White)?"""
    upper = found.fitted > np.median(found.fitted)
    if not upper.any():  # more than half have the highest prediction
        upper = found.fitted >= found.fitted.max()
    below, above = found.left[~upper].std(), found.left[upper].std()
    against = np.column_stack([np.ones(len(found.fitted)), found.fitted])
    statistic, p, *_ = het_breuschpagan(found.left, against, robust=True)
    white = _white_p(found)
    return Spread(float(above / below) if below > 0 else float("inf"), float(statistic), float(p), white)


def _white_p(found: Residuals) -> float:
    """White's test (1980): the studentised Breusch-Pagan against all regressors, their squares and products."""
    upper, lower = np.triu_indices(found.x.shape[1])
    if len(upper) > _WIDEST or len(upper) * _PER_COLUMN > len(found.left):
        return float("nan")
    centred = np.column_stack([np.ones(len(found.z)), found.z[:, :-1] - found.z[:, :-1].mean(axis=0)])
    products = centred[:, upper] * centred[:, lower]
    kept = products[:, independent_columns(products)]
    return float(het_breuschpagan(found.left, np.column_stack([np.ones(len(kept)), kept]), robust=True)[1])


def curvature(found: Residuals, basis: LinearBasis) -> Curvature:
    """Do the square and cube of the prediction add to it (Ramsey's RESET), and is the middle steeper (rainbow)?

    A simple sample's RESET is statsmodels' with HC3 errors; under weights, strata or clusters it is a Wald test with
    the errors of the design, as statsmodels drops weights there.
    """
    scaled = (found.fitted - found.fitted.mean()) / (found.fitted.std() or 1.0)
    whole = np.column_stack([found.z[:, :-1], scaled**2, scaled**3])
    kept = independent_columns(whole)
    regressors = found.z.shape[1] - 1
    powers = kept[kept >= regressors] - regressors + 2
    z = np.column_stack([whole[:, kept], found.z[:, -1]])
    fit = sm.OLS((found.z[:, -1] - found.z[:, -1].mean()) / found.z[:, -1].std(), found.x).fit()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SingularMatrixWarning)  # a driver may not vary in the middle half
        rainbow = float(linear_rainbow(fit, order_by=np.argsort(found.fitted, kind="stable"))[1])
    if not len(powers):
        return Curvature(0.0, float("nan"), rainbow)
    moments = Moments.from_rows(tuple(map(str, range(z.shape[1]))), z, found.w)
    plain = [*range(regressors), z.shape[1] - 1]
    gain = linear_fit(moments.cross).r_squared - linear_fit(moments.cross[np.ix_(plain, plain)]).r_squared
    if basis.design is None:
        p = float(linear_reset(fit, powers, cov_type="HC3", use_f=True).pvalue)
    else:
        p = _reset_p(found, basis, basis.design, z, len(powers))
    return Curvature(float(gain), p, rainbow)


def _reset_p(found: Residuals, basis: LinearBasis, design: Design, z: np.ndarray, powers: int) -> float:
    """The p of RESET with the errors of the design: the last regressors of `z` (m, k + 1) are the powers."""
    whole, rows = np.zeros((len(basis.counted), z.shape[1])), np.zeros(len(basis.counted), dtype=bool)
    rows[np.flatnonzero(basis.counted)[found.rows]] = True
    whole[rows] = z
    estimate = weighted_slopes(whole, design, rows)
    contrast = np.eye(powers, z.shape[1], k=z.shape[1] - powers)
    return wald_test(contrast, estimate.value, estimate.covariance, estimate.degrees).p


def extremes(found: Residuals) -> Extremes:
    """How far is the most influential answer from the others, and how many lie far from their prediction?"""
    cook = row_influence(found.z, found.w).cook
    deviation = float(np.sqrt(np.average(found.left**2, weights=found.w)))
    far = np.abs(found.left) > 3 * deviation
    return Extremes(float(cook.max()), float(np.average(far, weights=found.w)))
