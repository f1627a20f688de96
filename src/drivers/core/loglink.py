"""Amounts on a logarithmic scale: one regression of amounts, zeros allowed, under many weightings at once.

Poisson pseudo-likelihood (Gourieroux, Monfort and Trognon 1984, doi:10.2307/1913471; Santos Silva and Tenreyro 2006,
doi:10.1162/rest.88.4.641): right whenever the mean is, whatever the spread, and without logarithms of zero. The
estimate is that of statsmodels' ``GLM`` with the Poisson family; here all draws of a resample are taken together.
"""

from __future__ import annotations

import numpy as np

from drivers.core.moments import FloatArray

_STEPS = 50
_TOLERANCE = 1e-10
_CELLS = 250_000  # draws x respondents held at once
_FURTHEST = 200.0  # log amounts beyond which the exponential would overflow


def log_coefficients(x: FloatArray, y: FloatArray, weightings: FloatArray) -> FloatArray:
    """Which coefficients (B, k) give the mean of `y` as exp(x'beta) under each weighting?

    Parameters
    ----------
    x
        Design (n, k), its column of ones first.
    y
        Amounts (n,), none negative.
    weightings
        Weights (B, n); only their ratios matter.

    Returns
    -------
    Coefficients (B, k); NaN in the rows without a finite maximum.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    scale = np.where(spread > 0, spread, 1.0)
    z = np.where(spread > 0, (x - mean) / scale, 1.0)
    block = max(1, _CELLS // max(len(x), 1))
    parts = [_newton(z, y, weightings[i : i + block]) for i in range(0, len(weightings), block)]
    beta = np.concatenate(parts) if parts else np.empty((0, x.shape[1]))
    varies = spread > 0
    found = np.where(varies, beta / scale, beta)
    found[:, 0] -= (found * np.where(varies, mean, 0.0)).sum(axis=1)
    return np.asarray(found)


def _newton(z: FloatArray, y: FloatArray, w: FloatArray) -> FloatArray:
    w = w / w.sum(axis=1, keepdims=True)
    k = z.shape[1]
    pairs = (z[:, :, None] * z[:, None, :]).reshape(len(z), -1)
    beta = np.zeros((len(w), k))
    total = w @ y
    with np.errstate(divide="ignore"):
        beta[:, 0] = np.log(total)
    beta[~np.isfinite(beta).all(axis=1)] = np.nan
    open_rows = np.flatnonzero(np.isfinite(beta).all(axis=1))
    for _ in range(_STEPS):
        if not open_rows.size:
            return beta
        step = _step(z, y, w[open_rows], beta[open_rows], pairs)
        beta[open_rows] += step
        open_rows = open_rows[~(np.abs(step).max(axis=1) < _TOLERANCE)]
        open_rows = open_rows[np.isfinite(beta[open_rows]).all(axis=1)]
    beta[open_rows] = np.nan
    return beta


def _step(z: FloatArray, y: FloatArray, w: FloatArray, beta: FloatArray, pairs: FloatArray) -> FloatArray:
    k = z.shape[1]
    mean = np.exp(np.clip(beta @ z.T, -_FURTHEST, _FURTHEST))
    gradient = (w * (y - mean)) @ z
    information = ((w * mean) @ pairs).reshape(-1, k, k)
    step = np.full_like(gradient, np.nan)
    sound = np.linalg.cond(information) < 1e12
    step[sound] = np.linalg.solve(information[sound], gradient[sound][..., None])[..., 0]
    return np.asarray(np.clip(step, -2.0, 2.0))
