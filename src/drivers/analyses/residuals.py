"""Residuals: what a linear regression leaves unexplained, and whether that looks like chance.

The tests are statsmodels'. They are about how the answers spread, not about the population, so in a weighted survey
the slopes are weighted and every respondent's residual counts once.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import statsmodels.api as sm
from statsmodels.regression.linear_model import RegressionResultsWrapper
from statsmodels.stats.diagnostic import (
    acorr_ljungbox,
    het_breuschpagan,
    het_white,
    linear_rainbow,
    linear_reset,
)
from statsmodels.stats.stattools import durbin_watson

from drivers.analyses.basis import LinearBasis
from drivers.core.design import weighted_slopes
from drivers.core.intraclass import intraclass_correlation
from drivers.core.linear import linear_fit
from drivers.core.moments import Moments
from drivers.core.outliers import row_influence
from drivers.core.wald import wald_test

_LAGS = 5  # neighbours in the file that may be alike: a block of interviews, a page of a list
_PER_COLUMN = 5  # rows for each column that White's test must have
_WIDEST = 200  # columns beyond which White's test says little and costs much


@dataclass(frozen=True, slots=True, eq=False)
class Residuals:
    """A weighted regression as it fits the respondents who answered everything, or one completion of the answers.

    Attributes
    ----------
    z, w
        Regressors and outcome (m, q), and weights (m,).
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
    moments = Moments.from_rows(basis.names, z, w)
    fit = linear_fit(moments.cross)
    fitted = moments.mean[-1] + (z[:, :-1] - moments.mean[:-1]) @ fit.slopes
    units = None if basis.clusters is None else basis.clusters[rows]
    return Residuals(z, w, fitted, z[:, -1] - fitted, units, rows)


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
    below, above = found.left[~upper].std(), found.left[upper].std()
    against = np.column_stack([np.ones(len(found.fitted)), found.fitted])
    statistic, p, *_ = het_breuschpagan(found.left, against, robust=True)
    columns = found.z.shape[1] * (found.z.shape[1] + 1) // 2
    fits = columns <= _WIDEST and columns * _PER_COLUMN <= len(found.left)
    white = het_white(found.left, found.x)[1] if fits else float("nan")
    return Spread(float(above / below) if below > 0 else float("inf"), float(statistic), float(p), float(white))


def curvature(found: Residuals, basis: LinearBasis) -> Curvature:
    """Do the square and cube of the prediction add to it (Ramsey's RESET), and is the middle steeper (rainbow)?

    A simple sample's RESET is statsmodels' with HC3 errors; under weights, strata or clusters it is a Wald test with
    the errors of the design, as statsmodels drops weights there.
    """
    scaled = (found.fitted - found.fitted.mean()) / (found.fitted.std() or 1.0)
    z = np.column_stack([found.z[:, :-1], scaled**2, scaled**3, found.z[:, -1]])
    moments = Moments.from_rows(tuple(map(str, range(z.shape[1]))), z, found.w)
    plain = [*range(found.z.shape[1] - 1), z.shape[1] - 1]
    gain = linear_fit(moments.cross).r_squared - linear_fit(moments.cross[np.ix_(plain, plain)]).r_squared
    fit = sm.OLS(found.z[:, -1], found.x).fit()
    rainbow = float(linear_rainbow(fit, order_by=np.argsort(found.fitted, kind="stable"))[1])
    return Curvature(float(gain), _reset_p(found, basis, z, fit), rainbow)


def _reset_p(found: Residuals, basis: LinearBasis, z: np.ndarray, fit: RegressionResultsWrapper) -> float:
    if basis.design is None:
        return float(linear_reset(fit, power=3, use_f=True, cov_type="HC3").pvalue)
    whole, rows = np.zeros((len(basis.counted), z.shape[1])), np.zeros(len(basis.counted), dtype=bool)
    rows[np.flatnonzero(basis.counted)[found.rows]] = True
    whole[rows] = z
    estimate = weighted_slopes(whole, basis.design, rows)
    contrast = np.eye(2, z.shape[1], k=z.shape[1] - 2)
    return wald_test(contrast, estimate.value, estimate.covariance, estimate.degrees).p


def extremes(found: Residuals) -> Extremes:
    """How far is the most influential answer from the others, and how many lie far from their prediction?"""
    cook = row_influence(found.z, found.w).cook
    deviation = float(np.sqrt(np.average(found.left**2, weights=found.w)))
    far = np.abs(found.left) > 3 * deviation
    return Extremes(float(cook.max()), float(np.average(far, weights=found.w)))
