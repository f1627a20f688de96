"""Multinomial logits of one model under many weightings at once: chances, coefficients, marginal effects.

`theta` holds, for each class but the first, an intercept and k slopes; the first class is the reference. statsmodels'
``MNLogit`` takes no weights and fits one sample at a time.
"""

from __future__ import annotations

import numpy as np

from drivers.core.likelihood import masked_solution, packed_products, unpacked
from drivers.core.logit import standardising
from drivers.core.moments import FloatArray, IntArray

_STEPS = 50
_TOLERANCE = 1e-9
_CELLS = 250_000  # draws x rows held at once: 2 MB an array, what a cache holds


def class_chances(x: FloatArray, theta: FloatArray) -> FloatArray:
    """With which chance is each row of each class?

    Parameters
    ----------
    x
        Design (n, q), its column of ones first.
    theta
        Coefficients (B, C - 1, q).

    Returns
    -------
    Array (C, B, n); the chances of a row add up to 1.
    """
    eta = np.moveaxis(theta @ x.T, 1, 0)
    top = np.maximum(eta.max(axis=0), 0.0)
    powers = np.concatenate([np.exp(-top)[None], np.exp(eta - top)])
    return np.asarray(powers / powers.sum(axis=0))


def multinomial_coefficients(x: FloatArray, y: IntArray, weightings: FloatArray, start: FloatArray) -> FloatArray:
    """Which coefficients maximise each weighted likelihood?

    Parameters
    ----------
    x
        Design (n, q), its column of ones first.
    y
        Class (n,) of each row, 0 … C-1.
    weightings
        Weights (B, n), one row a resample; only their ratios matter.
    start
        Coefficients (C - 1, q) to start from: the estimate on the sample itself.

    Returns
    -------
    FloatArray
        Coefficients (B, C - 1, q); NaN for resamples without a finite maximum (separation, a class that did not
        come up).

    Notes
    -----
    Newton's steps on the concave log-likelihood (McFadden 1974), halved where they would lower it; a resample that
    has not come to rest in 50 has no maximum.
    """
    to_units = standardising(x)
    z, begin = x @ to_units, np.linalg.solve(to_units, start.T).T
    block = max(1, _CELLS // max(len(x), 1))
    parts = [_newton(z, y, weightings[i : i + block], begin) for i in range(0, len(weightings), block)]
    found = np.concatenate(parts) if parts else np.empty((0, *start.shape))
    return np.asarray(found @ to_units.T)


def _newton(z: FloatArray, y: IntArray, w: FloatArray, start: FloatArray) -> FloatArray:
    w = w / w.sum(axis=1, keepdims=True)
    theta, step = np.tile(start, (len(w), 1, 1)), np.zeros((len(w), *start.shape))
    reached = np.full(len(w), -np.inf)
    pairs = packed_products(z)
    open_rows = np.arange(len(w))
    for _ in range(_STEPS):
        chance = class_chances(z, theta[open_rows] + step[open_rows])
        level = _loglik(chance, y, w[open_rows])
        better = level >= reached[open_rows] - 1e-12
        moved, kept = open_rows[better], open_rows[~better]
        theta[moved] += step[moved]
        reached[moved] = level[better]
        step[moved] = _newton_step(z, y, w[moved], chance[:, better], pairs)
        step[kept] /= 2.0
        rest = np.abs(step[open_rows]).max(axis=(1, 2))
        open_rows = open_rows[np.isfinite(rest) & (rest >= _TOLERANCE)]
        if not open_rows.size:
            break
    theta += step
    theta[open_rows] = np.nan
    return theta


def _loglik(chance: FloatArray, y: IntArray, w: FloatArray) -> FloatArray:
    """Weighted mean log-likelihood (b,) of the chances (C, b, n)."""
    chosen = np.take_along_axis(chance, y[None, None, :], axis=0)[0]
    return np.asarray(np.einsum("bn,bn->b", w, np.log(np.maximum(chosen, 1e-300))))


def _newton_step(z: FloatArray, y: IntArray, w: FloatArray, chance: FloatArray, pairs: FloatArray) -> FloatArray:
    """Newton's step (b, C - 1, q)."""
    gradient, information = _slopes(z, y, w, chance, pairs)
    b, others, q = gradient.shape
    whole = np.ones((b, others * q), dtype=bool)
    step = masked_solution(information.reshape(b, others * q, others * q), gradient.reshape(b, -1), whole)
    return step.reshape(b, others, q)


def _slopes(
    z: FloatArray, y: IntArray, w: FloatArray, chance: FloatArray, pairs: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Gradient (b, C - 1, q) and information (b, C - 1, q, C - 1, q) of the log-likelihoods."""
    others, b, q = len(chance) - 1, len(w), z.shape[1]
    gradient, information = np.empty((b, others, q)), np.empty((b, others, q, others, q))
    for c in range(others):
        gradient[:, c] = (w * ((y == c + 1) - chance[c + 1])) @ z
        for d in range(c + 1):
            joint = w * chance[c + 1] * ((c == d) - chance[d + 1])
            information[:, c, :, d] = unpacked(joint @ pairs, q)
            information[:, d, :, c] = information[:, c, :, d]
    return gradient, information


def multinomial_influence(x: FloatArray, y: IntArray, w: FloatArray, theta: FloatArray) -> FloatArray:
    """How far does each row move the coefficients? Array (n, (C - 1) q), weights included.

    The row's weighted score times the inverse of the information (Binder 1983, doi:10.2307/1402588): with
    ``linearised_covariance`` it gives errors robust to clusters, strata and weights.

    Parameters
    ----------
    x, y, w
        Design (n, q), classes (n,), weights (n,).
    theta
        Coefficients (C - 1, q) that maximise the weighted likelihood.
    """
    to_units = standardising(x)
    z = x @ to_units
    chance = class_chances(x, theta[None])
    pairs = packed_products(z)
    _, information = _slopes(z, y, w[None], chance, pairs)
    others, q = theta.shape
    gap = (y[:, None] == np.arange(1, others + 1)) - chance[1:, 0].T
    scores = (w[:, None, None] * gap[:, :, None] * z[:, None, :]).reshape(len(z), -1)
    moved = np.linalg.solve(information.reshape(others * q, others * q), scores.T).T
    return np.asarray((moved.reshape(-1, others, q) @ to_units.T).reshape(len(z), -1))


def average_effects(x: FloatArray, weightings: FloatArray, theta: FloatArray) -> FloatArray:
    """By how much does the average chance of each class change with one unit of each column?

    The average derivative, Σ w p_c (θ_c - Σ_d p_d θ_d) / Σ w, with θ = 0 for the first class.

    Parameters
    ----------
    x
        Design (n, q), its column of ones first.
    weightings, theta
        Weights (B, n), and the coefficients (B, C - 1, q) that belong to each.

    Returns
    -------
    Array (B, C, q); those of the ones mean nothing. Over the classes they add up to 0.
    """
    block = max(1, _CELLS // max(len(x), 1))
    parts = [_effects(x, weightings[i : i + block], theta[i : i + block]) for i in range(0, len(weightings), block)]
    return np.concatenate(parts)


def _effects(x: FloatArray, w: FloatArray, theta: FloatArray) -> FloatArray:
    chance = class_chances(x, theta)
    w = w / w.sum(axis=1, keepdims=True)
    mean = np.einsum("cbn,bn->bc", chance, w)
    joint = np.einsum("cbn,dbn,bn->bcd", chance, chance, w, optimize=True)
    slopes = np.concatenate([np.zeros_like(theta[:, :1]), theta], axis=1)
    return np.asarray(mean[:, :, None] * slopes - joint @ slopes)
