"""Least squares from cross-products, and the older measures of importance that follow from one fit.

Throughout, `cross` is an array (..., p + 1, p + 1) of cross-products about the mean, drivers first, outcome last.
Grömping 2006 (doi:10.18637/jss.v017.i01) describes the measures of importance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, correlation_matrix, without_noise

_RANK = 1e-12  # eigenvalues below this part of the largest count as none: the same tolerance as the lattice's pivots
_SOUND = 1e4  # largest element of an inverse that is as good as one from eigenvalues
_LOADING = 1e-6  # a driver with less than this of its unit length in the near-dependencies takes no part in them


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """A linear regression of the outcome on p drivers.

    Attributes
    ----------
    slopes
        Array (..., p), outcome points per driver point, other drivers held equal.
    standardised
        Array (..., p), the same in standard deviations of both.
    r_squared
        Array (...,), share of the outcome's variance explained.
    residual_variance
        Array (...,), what the drivers leave unexplained of the outcome's own element of `cross`, in its unit: a
        population variance when `cross` is a covariance, a weighted sum of squares when it is cross-products.
    inverse
        Array (..., p, p), (generalised) inverse of the drivers' cross-products: times a residual variance, the
        slopes' covariance.
    """

    slopes: FloatArray
    standardised: FloatArray
    r_squared: FloatArray
    residual_variance: FloatArray
    inverse: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class RegressionShares:
    """Older measures of the importance of p drivers, shares of the outcome's variance.

    Attributes
    ----------
    first
        Array (..., p), what each explains alone: its squared correlation.
    last
        Array (..., p), what each adds to all others; 0 where the others determine it.
    squared_beta
        Array (..., p), squared standardised slopes.
    pratt
        Array (..., p), standardised slope times correlation: sums to R², but may be negative (Pratt 1987).
    """

    first: FloatArray
    last: FloatArray
    squared_beta: FloatArray
    pratt: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class _Spectrum:
    """Eigenvalues (..., p), eigenvectors (..., p, p) and reciprocals (..., p; 0 for rounding) of correlations."""

    values: FloatArray
    vectors: FloatArray
    reciprocals: FloatArray


def linear_fit(cross: FloatArray) -> LinearFit:
    """Least squares from cross-products; where drivers determine one another, the fit of least norm.

    Of all slopes that fit equally well, those with the smallest sum of squared standardised slopes are given, so
    exact duplicates share theirs and nothing is ever NaN. A constant driver has slope 0.
    """
    correlation = correlation_matrix(cross)
    inverse = _correlation_inverse(correlation[..., :-1, :-1])
    standardised = (inverse @ correlation[..., :-1, -1:])[..., 0]
    r_squared = np.clip((standardised * correlation[..., :-1, -1]).sum(axis=-1), 0.0, 1.0)
    spread = np.sqrt(np.maximum(np.diagonal(cross, axis1=-2, axis2=-1), 0.0))
    scale = np.divide(1.0, spread[..., :-1], out=np.zeros_like(spread[..., :-1]), where=spread[..., :-1] > 0)
    return LinearFit(
        slopes=standardised * scale * spread[..., -1:],
        standardised=standardised,
        r_squared=r_squared,
        residual_variance=cross[..., -1, -1] * (1.0 - r_squared),
        inverse=inverse * scale[..., :, None] * scale[..., None, :],
    )


def regression_shares(cross: FloatArray) -> RegressionShares:
    """Four measures of importance that one regression gives; see `RegressionShares`."""
    correlation = correlation_matrix(cross)
    spectrum = _spectrum(correlation)
    outcome = correlation[..., :-1, -1]
    beta = (_inverse(spectrum) @ outcome[..., None])[..., 0]
    return RegressionShares(outcome**2, beta**2 / _inflation(spectrum), beta**2, beta * outcome)


def first_shares(cross: FloatArray) -> FloatArray:
    """Share of variance (..., p) that each driver explains alone: its squared correlation."""
    return regression_shares(cross).first


def last_shares(cross: FloatArray) -> FloatArray:
    """Share of variance (..., p) that each driver adds to all others; 0 where the others determine it."""
    return regression_shares(cross).last


def squared_beta(cross: FloatArray) -> FloatArray:
    """Squared standardised slopes (..., p)."""
    return regression_shares(cross).squared_beta


def pratt_shares(cross: FloatArray) -> FloatArray:
    """Standardised slope times correlation (..., p): sums to R², but may be negative (Pratt 1987)."""
    return regression_shares(cross).pratt


def variance_inflation(cross: FloatArray) -> FloatArray:
    """Variance inflation factors (..., p): 1 for a driver unrelated to the others, infinite if determined."""
    return _inflation(_spectrum(correlation_matrix(cross)))


def condition_number(cross: FloatArray) -> FloatArray:
    """Largest over smallest eigenvalue (...,) of the drivers' correlations; infinite (or huge) when dependent."""
    values = _spectrum(correlation_matrix(cross)).values
    smallest = values[..., 0]
    infinite = np.full(smallest.shape, np.inf)
    return np.asarray(np.divide(values[..., -1], smallest, out=infinite, where=smallest > 0))


def dependent_columns(cross: FloatArray, limit: float = 1e10) -> tuple[int, ...]:
    """Drivers that take part in a near-dependency, to be named in a message; none while all can be told apart.

    Parameters
    ----------
    cross
        Array (p + 1, p + 1); no leading axes.
    limit
        Condition number from which shares lose their digits (the sweep is accurate to 1e-7 up to 1e10).
    """
    spectrum = _spectrum(correlation_matrix(cross))
    near: BoolArray = spectrum.values * limit < spectrum.values[-1]
    part = (spectrum.vectors[:, near] ** 2).sum(axis=-1)
    return tuple(int(i) for i in np.flatnonzero(part > _LOADING))


def adjusted_r_squared(r_squared: FloatArray, base: FloatArray, p: int) -> FloatArray:
    """R² (...,) less what p drivers explain by chance in `base` answers (...,) (Ezekiel 1930); NaN below p + 2."""
    freedom = np.asarray(base, dtype=float) - p - 1
    unexplained = (1.0 - np.asarray(r_squared)) * (freedom + p)
    missing = np.full(unexplained.shape, np.nan)
    return np.asarray(1.0 - np.divide(unexplained, freedom, out=missing, where=freedom > 0))


def partial_out(cross: FloatArray, controls: int) -> FloatArray:
    """Cross-products of what the first `controls` variables leave unexplained in the others.

    Parameters
    ----------
    cross
        Array (..., c + q, c + q), the controls first.
    controls
        Number c of controls.

    Returns
    -------
    Array (..., q, q). A variable that the controls determine is left with none at all.
    """
    own, joint = cross[..., controls:, controls:], cross[..., :controls, controls:]
    scale = np.sqrt(np.maximum(np.diagonal(cross, axis1=-2, axis2=-1)[..., :controls], 0.0))
    scale = np.divide(1.0, scale, out=np.zeros_like(scale), where=scale > 0)
    values, vectors = np.linalg.eigh(correlation_matrix(cross[..., :controls, :controls]))
    loadings = np.swapaxes(vectors, -1, -2) @ (scale[..., None] * joint)
    explained = np.swapaxes(loadings, -1, -2) @ (_reciprocals(values)[..., None] * loadings)
    return without_noise(own - explained, np.diagonal(own, axis1=-2, axis2=-1), tolerance=_RANK)


def _spectrum(correlation: FloatArray) -> _Spectrum:
    """Spectrum of the drivers' part of the correlations (..., p + 1, p + 1)."""
    return _eigen(correlation[..., :-1, :-1])


def _eigen(inner: FloatArray) -> _Spectrum:
    values, vectors = np.linalg.eigh(inner)
    return _Spectrum(values, vectors, _reciprocals(values))


def _correlation_inverse(inner: FloatArray) -> FloatArray:
    """(Generalised) inverse (..., p, p) of correlations: directly, ten times faster, where they are far from singular.

    The elements of the inverse bound the condition number, so a matrix near a singular one shows in them.
    """
    try:
        inverse = np.linalg.inv(inner)
    except np.linalg.LinAlgError:
        return _inverse(_eigen(inner))
    near = ~(np.abs(inverse).max(axis=(-2, -1), initial=0.0) < _SOUND)
    if near.any():
        inverse[near] = _inverse(_eigen(inner[near]))
    return np.asarray((inverse + np.swapaxes(inverse, -1, -2)) / 2)


def _inverse(spectrum: _Spectrum) -> FloatArray:
    """(Generalised) inverse (..., p, p) of the drivers' correlations."""
    scaled = spectrum.vectors * spectrum.reciprocals[..., None, :]
    return np.asarray(scaled @ np.swapaxes(spectrum.vectors, -1, -2))


def _inflation(spectrum: _Spectrum) -> FloatArray:
    """Diagonal (..., p) of the inverse, infinite for drivers in a dependency."""
    squares = spectrum.vectors**2
    finite = (squares * spectrum.reciprocals[..., None, :]).sum(axis=-1)
    dependent = (squares * (spectrum.reciprocals == 0)[..., None, :]).sum(axis=-1) > _LOADING
    return np.where(dependent, np.inf, finite)


def _reciprocals(values: FloatArray) -> FloatArray:
    """One over each eigenvalue (..., p), in ascending order; 0 for those that are rounding."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > _RANK * values[..., -1:])
