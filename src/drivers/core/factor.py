"""The general factor: what all drivers have in common, and what is left of each without it.

One factor by least squares of the residual correlations (minres, by Gauss-Seidel steps: Harman and Jones 1966,
doi:10.1007/BF02289468; no loading beyond 1: Harman and Fukuda 1966), for many correlation matrices at once. Its score
is the regression estimate (Thurstone 1935).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.linear import linear_fit, partial_out
from drivers.core.moments import FloatArray, correlation_matrix

_SWEEPS = 400
_CLOSE = 1e-9
_SPANNED = 1e-6  # drivers that determine one another must load alike, or no such factor exists


@dataclass(frozen=True, slots=True, eq=False)
class GeneralFactor:
    """One factor of p drivers.

    Attributes
    ----------
    loadings
        Array (..., p), correlation of each driver with the factor; positive for most drivers.
    weights
        Array (..., p), weights of the standardised drivers in the factor's score.
    saturation
        Array (...,), share of the variance of the drivers' mean (each turned the way it loads) that is the factor's:
        McDonald's omega.
    determinacy
        Array (...,), squared correlation of the score with the factor. 1 or more where one factor does not fit: none
        with these loadings leaves the drivers a spread of their own.
    """

    loadings: FloatArray
    weights: FloatArray
    saturation: FloatArray
    determinacy: FloatArray


def minres_loadings(r: FloatArray) -> FloatArray:
    """Loadings (..., p) of the one factor that leaves the least squared correlations of `r` (..., p, p)."""
    p = r.shape[-1]
    flat = r.reshape(-1, p, p)
    values, vectors = np.linalg.eigh(flat)
    loadings = np.clip(vectors[..., -1] * np.sqrt(np.maximum(values[..., -1:], 0.0)), -0.99, 0.99)
    for _ in range(_SWEEPS):
        before = loadings.copy()
        for j in range(p):
            loadings[:, j] = 0.0
            square = np.einsum("bi,bi->b", loadings, loadings)
            step = np.einsum("bi,bi->b", flat[:, j], loadings)
            loadings[:, j] = np.clip(np.divide(step, square, out=np.zeros_like(step), where=square > 0), -1.0, 1.0)
        if np.abs(loadings - before).max(initial=0.0) < _CLOSE:
            break
    turned = np.where(loadings.sum(axis=1, keepdims=True) < 0, -loadings, loadings)
    return np.asarray(turned.reshape(r.shape[:-1]))


def general_factor(cross: FloatArray) -> GeneralFactor:
    """The one factor of the drivers, from cross-products (..., p + 1, p + 1), drivers first and the outcome last."""
    r = correlation_matrix(cross)[..., :-1, :-1]
    loadings = minres_loadings(r)
    bordered = np.concatenate([r, loadings[..., None]], axis=-1)
    last = np.concatenate([loadings, np.ones_like(loadings[..., :1])], axis=-1)
    weights = linear_fit(np.concatenate([bordered, last[..., None, :]], axis=-2)).standardised
    signs = np.where(loadings < 0, -1.0, 1.0)
    spread = np.einsum("...i,...ij,...j->...", signs, r, signs)
    total = np.abs(loadings).sum(axis=-1) ** 2
    saturation = np.divide(total, spread, out=np.zeros_like(total), where=spread > 0)
    inside = np.abs(np.einsum("...ij,...j->...i", r, weights) - loadings).max(axis=-1) < _SPANNED
    return GeneralFactor(loadings, weights, saturation, np.where(inside, (weights * loadings).sum(axis=-1), np.inf))


def with_score(cross: FloatArray, factor: GeneralFactor) -> FloatArray:
    """Cross-products (..., p + 2, p + 2) with the factor's score in front of drivers and outcome."""
    spread = np.sqrt(np.maximum(np.diagonal(cross, axis1=-2, axis2=-1)[..., :-1], 0.0))
    weights = np.divide(factor.weights, spread, out=np.zeros_like(spread), where=spread > 0)
    joint = np.einsum("...i,...ij->...j", weights, cross[..., :-1, :])
    own = np.einsum("...i,...i->...", weights, joint[..., :-1])
    first = np.concatenate([own[..., None], joint], axis=-1)
    rest = np.concatenate([joint[..., :, None], cross], axis=-1)
    return np.concatenate([first[..., None, :], rest], axis=-2)


def with_factor(cross: FloatArray, factor: GeneralFactor) -> FloatArray:
    """Correlations (..., p + 2, p + 2) with the factor itself in front, tied to the outcome by the drivers only.

    What the drivers predict then divides exactly into a part through the factor, the square of its correlation with
    the outcome, and parts that the drivers have of their own.
    """
    r = correlation_matrix(cross)
    tie = (linear_fit(cross).standardised * factor.loadings).sum(axis=-1)
    border = np.concatenate([factor.loadings, tie[..., None]], axis=-1)
    first = np.concatenate([np.ones_like(tie)[..., None], border], axis=-1)
    rest = np.concatenate([border[..., :, None], r], axis=-1)
    return np.concatenate([first[..., None, :], rest], axis=-2)


def first_explained(cross: FloatArray) -> FloatArray:
    """Share (...,) of the outcome's variance that the first column of `cross` explains alone."""
    return np.asarray(correlation_matrix(cross)[..., 0, -1] ** 2)


def specific_correlations(scored: FloatArray) -> FloatArray:
    """Correlation (..., p) of each driver with the outcome, the factor's score held constant."""
    return np.asarray(correlation_matrix(partial_out(scored, 1))[..., :-1, -1])


def first_factor_shares(r: FloatArray) -> FloatArray:
    """Share (...,) of the standardised variance on the first principal component of `r` (..., p, p)."""
    return np.asarray(np.linalg.eigvalsh(r)[..., -1] / r.shape[-1])
