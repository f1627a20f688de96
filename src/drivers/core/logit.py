"""Logits of one model under many weightings at once: the joint resample's stage that is not linear.

The point estimate and its standard errors are statsmodels' work; a bootstrap that refits statsmodels a thousand
times costs seconds, so the same Newton steps are taken here for all resamples in one batch.
"""

from __future__ import annotations

import numpy as np

_STEPS = 50
_TOLERANCE = 1e-10
_CELLS = 250_000  # draws x respondents held at once: 2 MB an array, what a cache holds


def logit_coefficients(x: np.ndarray, y: np.ndarray, weightings: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Which logit coefficients maximise each weighted likelihood?

    Parameters
    ----------
    x
        Design (n, k), its column of ones first.
    y
        Outcome (n,), 0 or 1.
    weightings
        Weights (B, n), one row a resample; only their ratios matter.
    start
        Coefficients (k,) to start from: the estimate on the sample itself.

    Returns
    -------
    np.ndarray
        Coefficients (B, k); NaN in the rows of resamples without a finite maximum (separation).

    Notes
    -----
    Newton-Raphson on the concave log-likelihood (McCullagh and Nelder 1989, section 4.4). A resample whose
    step does not fall below 1e-10 in 50 steps, or whose information matrix is singular, has no finite maximum.
    """
    block = max(1, _CELLS // max(len(x), 1))
    to_units = _standardising(x)
    z, begin = x @ to_units, np.linalg.solve(to_units, start)
    parts = [_newton(z, y, weightings[i : i + block], begin) for i in range(0, len(weightings), block)]
    return np.concatenate(parts) @ to_units.T if parts else np.empty((0, x.shape[1]))


def _standardising(x: np.ndarray) -> np.ndarray:
    """Matrix (k, k) that gives `x` mean 0 and spread 1 beside its ones: steps then do not depend on units."""
    mean, spread = x.mean(axis=0), x.std(axis=0)
    varies = spread > 1e-12 * np.abs(mean)
    scale = np.divide(1.0, spread, out=np.ones_like(spread), where=varies)
    matrix = np.diag(scale)
    matrix[0] -= np.where(varies, mean * scale, 0.0)
    return matrix


def _newton(x: np.ndarray, y: np.ndarray, w: np.ndarray, start: np.ndarray) -> np.ndarray:
    beta = np.tile(start.astype(float), (len(w), 1))
    w = w / w.sum(axis=1, keepdims=True)
    pairs = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    open_rows = np.arange(len(w))
    for _ in range(_STEPS):
        step = _newton_step(x, y, w[open_rows], beta[open_rows], pairs)
        beta[open_rows] += step
        open_rows = open_rows[~(np.abs(step).max(axis=1) < _TOLERANCE)]
        open_rows = open_rows[np.isfinite(beta[open_rows]).all(axis=1)]
        if not open_rows.size:
            return beta
    beta[open_rows] = np.nan
    return beta


def _newton_step(x: np.ndarray, y: np.ndarray, w: np.ndarray, beta: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    k = x.shape[1]
    p = inverse_logit(beta @ x.T)
    gradient = (w * (y - p)) @ x
    information = ((w * p * (1 - p)) @ pairs).reshape(-1, k, k)
    step = np.full_like(gradient, np.nan)
    sound = np.linalg.cond(information) < 1e12
    step[sound] = np.linalg.solve(information[sound], gradient[sound][..., None])[..., 0]
    return np.asarray(step)


def inverse_logit(eta: np.ndarray) -> np.ndarray:
    """Which probability belongs to these log-odds? Same shape as `eta`; safe for large values."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * eta)))


def logit_influence(x: np.ndarray, y: np.ndarray, w: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """How far does each row move the coefficients? Array (n, k), weights included.

    The row's weighted score times the inverse of the information (Binder 1983, doi:10.2307/1402588): with
    ``linearised_covariance`` it gives the errors of R's svyglm.

    Parameters
    ----------
    x, y, w
        Design (n, k), outcome (n,) of 0 and 1, weights (n,).
    beta
        Coefficients (k,) that maximise the weighted likelihood.
    """
    to_units = _standardising(x)  # so that a control in euros costs no digits
    z = x @ to_units
    p = inverse_logit(x @ beta)
    information = (z * (w * p * (1 - p))[:, None]).T @ z
    scores = z * (w * (y - p))[:, None]
    return np.asarray(np.linalg.solve(information, scores.T).T @ to_units.T)


def marginal_effects(x: np.ndarray, weightings: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """By how much does the probability rise, on average, with one unit of each column? Array (B, k - 1).

    The derivative of the probability of a 1, averaged over the rows (average marginal effect).

    Parameters
    ----------
    x
        Design (n, k), its column of ones first.
    weightings
        Weights (B, n), one row a resample; only their ratios matter.
    coefficients
        Coefficients (B, k), one row a resample.
    """
    block = max(1, _CELLS // max(len(x), 1))
    density = np.empty(len(coefficients))
    for i in range(0, len(coefficients), block):
        p, w = inverse_logit(coefficients[i : i + block] @ x.T), weightings[i : i + block]
        density[i : i + block] = np.einsum("bn,bn->b", w, p * (1 - p)) / w.sum(axis=1)
    return np.asarray(density[:, None] * coefficients[:, 1:])
