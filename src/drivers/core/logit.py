"""Logits of one model under many weightings at once: the joint resample's stage that is not linear.

The point estimate and its standard errors are statsmodels' work; a bootstrap that refits statsmodels a thousand
times costs seconds, so the same Newton steps are taken here for all resamples in one batch.
"""

from __future__ import annotations

import numpy as np

_STEPS = 50
_TOLERANCE = 1e-7  # a step that small leaves an error of its square
_CELLS = 60_000  # draws x respondents held at once: half a MB an array, what a cache holds


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
    Newton-Raphson on the concave log-likelihood (McCullagh and Nelder 1989, section 4.4). A resample whose step does
    not fall below 1e-7 in 50 steps (the next would be of its square), or whose information matrix is singular, has no
    finite maximum.
    """
    block = max(1, _CELLS // max(len(x), 1))
    fitted = [
        grouped_logit_coefficients(x, w, w * y, start)
        for w in (weightings[i : i + block] for i in range(0, len(weightings), block))
    ]
    return np.concatenate(fitted) if fitted else np.empty((0, x.shape[1]))


def grouped_logit_coefficients(
    x: np.ndarray, trials: np.ndarray, successes: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """The same where rows of one design are one row: by weighted numbers of trials and of successes in each draw.

    Parameters
    ----------
    x
        Design (u, k), its column of ones first.
    trials, successes
        Weights (B, u) of all and of those whose outcome is 1, one row a resample.
    start
        Coefficients (k,) to start from.

    Returns
    -------
    np.ndarray
        Coefficients (B, k); NaN in the rows of resamples without a finite maximum.
    """
    to_units = _standardising(x)
    z, begin = x @ to_units, np.linalg.solve(to_units, start)
    block = max(1, _CELLS // max(len(x), 1))
    parts = [_newton(z, trials[i : i + block], successes[i : i + block], begin) for i in range(0, len(trials), block)]
    return np.concatenate(parts) @ to_units.T if parts else np.empty((0, x.shape[1]))


def _standardising(x: np.ndarray) -> np.ndarray:
    """Matrix (k, k) that gives `x` mean 0 and spread 1 beside its ones: steps then do not depend on units."""
    mean, spread = x.mean(axis=0), x.std(axis=0)
    varies = spread > 1e-12 * np.abs(mean)
    scale = np.divide(1.0, spread, out=np.ones_like(spread), where=varies)
    matrix = np.diag(scale)
    matrix[0] -= np.where(varies, mean * scale, 0.0)
    return matrix


def _newton(x: np.ndarray, trials: np.ndarray, successes: np.ndarray, start: np.ndarray) -> np.ndarray:
    beta = np.tile(start.astype(float), (len(trials), 1))
    total = trials.sum(axis=1, keepdims=True)
    trials, scores = trials / total, (successes / total) @ x
    pairs = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    open_rows = np.arange(len(trials))
    for _ in range(_STEPS):
        everyone = len(open_rows) == len(trials)
        step = _newton_step(x, trials if everyone else trials[open_rows], scores[open_rows], beta[open_rows], pairs)
        beta[open_rows] += step
        open_rows = open_rows[~(np.abs(step).max(axis=1) < _TOLERANCE)]
        open_rows = open_rows[np.isfinite(beta[open_rows]).all(axis=1)]
        if not open_rows.size:
            return beta
    beta[open_rows] = np.nan
    return beta


def _newton_step(
    x: np.ndarray, trials: np.ndarray, scores: np.ndarray, beta: np.ndarray, pairs: np.ndarray
) -> np.ndarray:
    k = x.shape[1]
    p = inverse_logit(beta @ x.T)
    expected = trials * p
    gradient = scores - expected @ x
    np.subtract(1.0, p, out=p)
    information = (np.multiply(expected, p, out=expected) @ pairs).reshape(-1, k, k)
    step = np.full_like(gradient, np.nan)
    sound = np.linalg.cond(information) < 1e12
    step[sound] = np.linalg.solve(information[sound], gradient[sound][..., None])[..., 0]
    return np.asarray(step)


def inverse_logit(eta: np.ndarray) -> np.ndarray:
    """Which probability belongs to these log-odds? Same shape as `eta`; safe for large values."""
    p = np.array(eta, dtype=float)  # one array from here on: fresh ones of this size cost more than the arithmetic
    with np.errstate(over="ignore"):
        np.exp(np.negative(p, out=p), out=p)
    p += 1.0
    return np.asarray(np.divide(1.0, p, out=p))


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
