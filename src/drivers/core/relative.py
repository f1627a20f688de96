"""Relative weights: shares of variance through the closest uncorrelated version of the drivers."""

from __future__ import annotations

import numpy as np

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
