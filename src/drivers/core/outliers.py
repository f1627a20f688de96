"""Outliers: rows far from the others, and rows that alone move a regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, fdtri

from drivers.core.moments import BoolArray, FloatArray, Moments

_RANK = 1e-10  # eigenvalues below this part of the largest are rounding: no direction to be far out in
_EXACT = 1e-24  # residuals below this part of the outcome, squared, are rounding
_WHOLE = 1e-10  # a leverage this near 1 leaves nothing of the residual


@dataclass(frozen=True, slots=True, eq=False)
class Distances:
    """How far each of n rows lies from the mean.

    Attributes
    ----------
    squared
        Array (n,), squared Mahalanobis distances.
    rank
        Directions in which the variables differ at all: the degrees of freedom of their chi-square.
    """

    squared: FloatArray
    rank: int

    def beyond(self, p: float) -> BoolArray:
        """Rows (n,) so far out that a normal distribution puts fewer than a part `p` of all rows there."""
        return np.asarray(self.squared > chdtri(max(self.rank, 1), p))


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """What leaving out each of n rows does to a regression on p regressors.

    Attributes
    ----------
    cook
        Array (n,), Cook's distance (1977, doi:10.1080/00401706.1977.10489493); infinite where a coefficient rests
        on that row alone.
    dfbetas
        Array (n, p), change of each slope in its own standard error (Belsley, Kuh and Welsch 1980); intercept left out.
    rank
        Coefficients that the rows can tell apart, the intercept with them.
    """

    cook: FloatArray
    dfbetas: FloatArray
    rank: int

    def beyond_median(self) -> BoolArray:
        """Rows (n,) that move all coefficients together to the edge of their 50% confidence region (Cook's rule)."""
        return np.asarray(self.cook > fdtri(self.rank, len(self.cook) - self.rank, 0.5))


def mahalanobis_distances(z: FloatArray, moments: Moments) -> Distances:
    """How far do the rows `z` (n, q) lie from the mean, in the spread that `moments` (q) give every direction?

    Directions in which the variables do not differ (duplicates, sums of one another) are left out, so that collinear
    variables do no harm (Mahalanobis 1936).
    """
    spread = np.sqrt(np.diagonal(moments.covariance))
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    varying = spread > 0
    values, vectors = np.linalg.eigh(moments.correlation[varying][:, varying])
    real = values > _RANK * values.max(initial=0.0)
    scores = ((z - moments.mean) * scale)[:, varying] @ vectors[:, real]
    return Distances((scores**2 / values[real]).sum(axis=1), int(real.sum()))


def row_influence(z: FloatArray, w: FloatArray) -> Influence:
    """What does leaving out one row do to the weighted regression of the last column of `z` (n, p + 1) on the others?

    Only ratios of the weights `w` (n,) matter. Of collinear regressors the fit of least norm is taken.
    """
    root = np.sqrt(w / w.mean())
    centred = z - w @ z / w.sum()  # the slopes are the same, and large means cost no digits
    x = np.column_stack([np.ones(len(z)), centred[:, :-1]]) * root[:, None]
    unit = np.sqrt((x**2).sum(axis=0))
    x = np.divide(x, unit, out=np.zeros_like(x), where=unit > 0)
    values, vectors = np.linalg.eigh(x.T @ x)
    real = values > _RANK * values[-1]
    back = vectors[:, real] / np.sqrt(values[real])
    u, y = x @ back, centred[:, -1] * root
    residual = y - u @ (u.T @ y)
    perfect = residual @ residual <= _EXACT * (y @ y)
    return _influence(u, back, np.zeros_like(y) if perfect else residual)


def _influence(u: FloatArray, back: FloatArray, residual: FloatArray) -> Influence:
    """Influence from orthonormal regressors `u` (n, k), the way `back` (1 + p, k) to coefficients, and residuals."""
    n, k = u.shape
    left = 1.0 - (u**2).sum(axis=1)
    alone = left < _WHOLE
    left = np.where(alone, 1.0, left)
    total = residual @ residual
    variance = total / (n - k)
    without = np.maximum(total - residual**2 / left, 0.0) / (n - k - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cook = residual**2 / (k * variance) * (1.0 - left) / left**2
        change = (u * (residual / left)[:, None]) @ back[1:].T
        error = np.sqrt((back[1:] ** 2).sum(axis=1)) * np.sqrt(without)[:, None]
        dfbetas = change / error
    cook, dfbetas = np.nan_to_num(cook, nan=0.0), np.nan_to_num(dfbetas, nan=0.0)  # a perfect fit moves nothing
    return Influence(np.where(alone, np.inf, cook), dfbetas, k)
