"""Relative weights: shares of variance through the closest uncorrelated version of the drivers."""

from __future__ import annotations

import numpy as np

from drivers.core.binary import BinaryLogit
from drivers.core.likelihood import whole_maximum
from drivers.core.moments import FloatArray, correlation_matrix


def relative_weights(cross: FloatArray) -> FloatArray:
    """Share of the outcome's variance that belongs to each driver, by Johnson's relative weights.

    Johnson 2000, Multivariate Behavioral Research 35:1 (doi:10.1207/S15327906MBR3501_1); the same as Genizi's
    (1993) decomposition. The square root of the correlations is the symmetric one, V D^½ V': without the last
    factor any two drivers would get equal shares, and with it two drivers get exactly their LMG shares.

    Parameters
    ----------
    cross
        Array (..., p + 1, p + 1), cross-products about the mean, drivers first and the outcome last.

    Returns
    -------
    Array (..., p), non-negative fractions that sum to R². Drivers that determine one another share.
    """
    correlation = correlation_matrix(cross)
    values, vectors = np.linalg.eigh(correlation[..., :-1, :-1])
    root = np.sqrt(np.where(values > 1e-12 * values[..., -1:], values, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0)
    transposed = np.swapaxes(vectors, -1, -2)
    loadings = (vectors * root[..., None, :]) @ transposed
    beta = (vectors * inverse[..., None, :]) @ (transposed @ correlation[..., :-1, -1:])
    return np.asarray((loadings**2 @ beta**2)[..., 0])


def logit_relative_weights(x: FloatArray, y: FloatArray, w: FloatArray) -> FloatArray:
    """Part of an outcome of 0 and 1 that belongs to each driver, by relative weights of a logit.

    Tonidandel and LeBreton 2010, Journal of Business and Psychology 25:107 (doi:10.1007/s10869-009-9125-2): the logit
    on the closest uncorrelated version of the drivers, its coefficients standardised as Menard does.

    Parameters
    ----------
    x, y, w
        Drivers (n, p), outcome (n,) and weights (n,) of complete rows.

    Returns
    -------
    Array (p,), non-negative; they add up to the squared correlation of outcome and predicted probability, spread over
    the drivers' own correlations.

    Raises
    ------
    EstimationError
        When the logit has no finite estimate.
    """
    mean = np.average(x, axis=0, weights=w)
    centred = x - mean
    cross = (w[:, None] * centred).T @ centred / w.sum()
    correlation = correlation_matrix(cross)
    values, vectors = np.linalg.eigh(correlation)
    root = np.sqrt(np.where(values > 1e-12 * values[-1], values, 0.0))
    inverse = np.divide(1.0, root, out=np.zeros_like(root), where=root > 0)
    spread = np.sqrt(np.diagonal(cross))
    unit = np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0)
    model = BinaryLogit(unit @ (vectors * inverse) @ vectors.T, y, w)
    theta = whole_maximum(model)
    eta = theta[0] + model.x @ theta[1:]
    predicted = model.probability(theta)
    seen = np.cov(np.stack([predicted, y, eta]), aweights=w, ddof=0)
    explained = seen[0, 1] ** 2 / (seen[0, 0] * seen[1, 1])
    loadings = (vectors * root) @ vectors.T
    return np.asarray(loadings**2 @ theta[1:] ** 2 * explained / seen[2, 2])
