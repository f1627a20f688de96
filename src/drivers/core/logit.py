"""Logits of one model under many weightings at once: the joint resample's stage that is not linear.

The point estimate and its standard errors are statsmodels' work; a bootstrap that refits statsmodels a thousand
times costs seconds, so the same Newton steps are taken here for all resamples in one batch.
"""

from __future__ import annotations

import numpy as np

_STEPS = 50
_TOLERANCE = 1e-11  # of the step still to come
_TINY = 1e-300  # a first step has none before it to be compared with
_SHRINKS = 0.05  # of its last size: a step that shrinks less wants the information made anew
_SINGULAR = 1e12  # condition number of an information matrix without an inverse
_CELLS = 120_000  # draws x respondents held at once: 1 MB an array, what a cache holds


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
    Newton-Raphson on the concave log-likelihood (McCullagh and Nelder 1989, section 4.4), the information kept while
    steps shrink twentyfold (the chord method, same maximum). A resample whose next step would not be below 1e-11
    after 50, or whose information matrix is singular, has no finite maximum.
    """
    block = max(1, _CELLS * max(1, x.shape[1] // 4) // max(len(x), 1))
    fitted = [
        grouped_logit_coefficients(x, w, w * y, start)
        for w in (weightings[i : i + block] for i in range(0, len(weightings), block))
    ]
    return np.concatenate(fitted) if fitted else np.empty((0, x.shape[1]))


def grouped_logit_coefficients(
    x: np.ndarray, trials: np.ndarray, successes: np.ndarray, start: np.ndarray
) -> np.ndarray:
    """The same where rows of one design are one row: by weights of all and of those whose outcome is 1.

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
    block = max(1, _CELLS * max(1, x.shape[1] // 4) // max(len(x), 1))  # with many columns, products of matrices count
    to_units = standardising(x)
    z, begin = x @ to_units, np.linalg.solve(to_units, start)
    parts = [_newton(z, trials[i : i + block], successes[i : i + block], begin) for i in range(0, len(trials), block)]
    return np.concatenate(parts) @ to_units.T if parts else np.empty((0, x.shape[1]))


def standardising(x: np.ndarray) -> np.ndarray:
    """Matrix (k, k) that gives `x` mean 0 and spread 1 beside its ones: steps then do not depend on units."""
    mean, spread = x.mean(axis=0), x.std(axis=0)
    varies = spread > 1e-12 * np.abs(mean)
    scale = np.divide(1.0, spread, out=np.ones_like(spread), where=varies)
    matrix = np.diag(scale)
    matrix[0] -= np.where(varies, mean * scale, 0.0)
    return matrix


def _newton(x: np.ndarray, trials: np.ndarray, successes: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Steps in which the information is made anew only while they shrink slowly: it costs more than all the rest.

    The first is taken for all with the information of their mean weighting, which is as good there.
    """
    total = trials.sum(axis=1, keepdims=True)
    w = np.divide(trials, total, out=np.zeros(trials.shape), where=total > 0)
    scores = np.divide(successes @ x, total, out=np.zeros((len(w), x.shape[1])), where=total > 0)
    upper = np.triu_indices(x.shape[1])
    pairs = x[:, upper[0]] * x[:, upper[1]]
    p = inverse_logit(x @ start)
    first = _inverse_information(((w.mean(axis=0) * p * (1 - p)) @ pairs)[None], upper)
    beta: np.ndarray = start + (scores - w @ (x * p[:, None])) @ first[0]
    inverse = np.empty((len(w), x.shape[1], x.shape[1]))
    rows, last, renew = np.arange(len(w)), np.full(len(w), _TINY), True
    rows = rows[np.isfinite(beta).all(axis=1)]
    for _ in range(_STEPS):
        shares = w if len(rows) == len(w) else w[rows]
        p = inverse_logit(beta[rows] @ x.T)
        expected = shares * p
        gradient = scores[rows] - expected @ x
        if renew:
            np.subtract(1.0, p, out=p)
            inverse[rows] = _inverse_information(np.multiply(expected, p, out=expected) @ pairs, upper)
        step = (inverse[rows] @ gradient[..., None])[..., 0]
        beta[rows] += step
        size = np.abs(step).max(axis=1)
        renew = not (size < _SHRINKS * last[rows]).all()
        ahead = size * np.minimum(size / last[rows], 1.0)  # the next step, if steps go on shrinking as they did
        last[rows] = size
        rows = rows[~(ahead < _TOLERANCE) & np.isfinite(beta[rows]).all(axis=1)]
        if not rows.size:
            return beta
    beta[rows] = np.nan
    return beta


def _inverse_information(packed: np.ndarray, upper: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Inverses (B, k, k) of information matrices packed as upper triangles; NaN for those that are singular."""
    k = int(upper[0][-1]) + 1
    information = np.empty((len(packed), k, k))
    information[:, upper[0], upper[1]] = information[:, upper[1], upper[0]] = packed
    inverse = np.full_like(information, np.nan)
    sound = np.asarray(np.isfinite(information).all(axis=(1, 2)))
    try:
        inverse[sound] = np.linalg.inv(information[sound])
    except np.linalg.LinAlgError:
        sound[sound] = np.linalg.cond(information[sound]) < _SINGULAR
        inverse[sound] = np.linalg.inv(information[sound])
    near = ~(np.abs(information).sum(axis=1).max(axis=1) * np.abs(inverse).sum(axis=1).max(axis=1) < _SINGULAR)
    inverse[near] = np.nan
    return inverse


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
    to_units = standardising(x)  # so that a control in euros costs no digits
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
