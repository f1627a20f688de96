"""The maximum of a likelihood in a few positive parameters, with what its resamples need."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from drivers.errors import EstimationError
from drivers.wording import sentence

_STEP = 1e-5  # of a log-parameter, for central differences: error about 1e-10 of a log-likelihood's third derivative
_GRADIENT = 1e-5  # largest slope of the mean log-likelihood at a maximum
_BOUND = 12.0  # log-parameters beyond e^±12 mean that the data ask for a limit of the model

_NO_MAXIMUM = (
    "The {model} did not converge: these data have no finite maximum of its likelihood. Use a simpler model, or more "
    "periods of observation."
)

LogLikelihood = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Parameters at the maximum.

    Attributes
    ----------
    parameters
        Array (k,), all positive.
    log_likelihood
        Weighted sum at the maximum.
    covariance
        Array (k, k), sandwich covariance of the log-parameters (White 1982, doi:10.2307/1912526), where a weight
        counts equal rows.
    influence
        Array (n, k): what one more unit of weight on a row adds to the log-parameters.
    """

    parameters: np.ndarray
    log_likelihood: float
    covariance: np.ndarray
    influence: np.ndarray

    def drawn(self, weightings: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Parameters (B, k) under other weightings (B, n) of the rows, by one Newton step from the maximum.

        The step is that of the one-step bootstrap (Efron 1979; Davison and Hinkley 1997, section 2.7): its error is of
        second order in the change of weights, and it costs one matrix product instead of B fits.
        """
        scaled = weightings * (weights.sum() / weightings.sum(axis=1, keepdims=True))
        return np.asarray(np.exp(np.log(self.parameters) + (scaled - weights) @ self.influence))


def fit_positive(log_likelihood: LogLikelihood, start: np.ndarray, weights: np.ndarray, model: str) -> Fit:
    """Which positive parameters maximise this weighted likelihood?

    Parameters
    ----------
    log_likelihood
        From parameters (k,) to the log-likelihood (n,) of each row.
    start
        Parameters (k,) to start from.
    weights
        Array (n,), how often each row counts.
    model
        Name of the model, for the error.

    Raises
    ------
    EstimationError
        When no finite maximum is found: the data do not carry this model.
    """

    def loss(theta: np.ndarray) -> float:
        value = float(weights @ log_likelihood(np.exp(np.clip(theta, -30, 30))))
        return -value / weights.sum() if np.isfinite(value) else 1e10

    rough = minimize(loss, np.log(start), method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-4})
    found = minimize(loss, rough.x, method="BFGS", options={"gtol": 1e-9})
    theta = found.x
    scores = _scores(log_likelihood, theta)
    slope = np.abs(weights @ scores / weights.sum()).max()
    information = -_hessian(log_likelihood, theta, weights)
    if not (slope < _GRADIENT and np.abs(theta).max() < _BOUND and np.linalg.eigvalsh(information).min() > 0):
        raise EstimationError(sentence(_NO_MAXIMUM, model=model))
    inverse = np.linalg.inv(information)
    influence = scores @ inverse
    covariance = (influence * weights[:, None]).T @ influence  # weights count equal rows
    return Fit(np.exp(theta), -found.fun * float(weights.sum()), covariance, influence)


def _scores(log_likelihood: LogLikelihood, theta: np.ndarray) -> np.ndarray:
    """Slopes (n, k) of each row's log-likelihood in the log-parameters, by central differences."""
    steps = _STEP * np.eye(len(theta))
    pairs = [(log_likelihood(np.exp(theta + s)), log_likelihood(np.exp(theta - s))) for s in steps]
    return np.column_stack([(up - down) / (2 * _STEP) for up, down in pairs])


def _hessian(log_likelihood: LogLikelihood, theta: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Second derivatives (k, k) of the weighted log-likelihood, by differences of scores."""
    wide = 1e-3
    rows = [
        weights @ (_scores(log_likelihood, theta + s) - _scores(log_likelihood, theta - s)) / (2 * wide)
        for s in wide * np.eye(len(theta))
    ]
    hessian = np.array(rows)
    return np.asarray((hessian + hessian.T) / 2)
