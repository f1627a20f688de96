"""Firth's penalised logit: finite estimates where the columns tell the outcome apart (separation)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from drivers.core.logit import inverse_logit
from drivers.core.moments import FloatArray
from drivers.errors import EstimationError
from drivers.wording import sentence

_STEPS = 200
_CHEAP = 12  # steps with the information, before curvature is measured
_TOLERANCE = 1e-9  # rise of the log-likelihood still expected, above its rounding
_NEAR = 1e-5  # distance over which curvature is measured
_FARTHEST = 60  # halvings before a rise is given up
_OPEN = 15.0  # log-odds per standard deviation from the estimate, beyond which an interval has no end
_LONGEST = 3.0  # step in log-odds per standard deviation


@dataclass(frozen=True, slots=True, eq=False)
class FirthFit:
    """A penalised logit.

    Attributes
    ----------
    beta
        Coefficients (k,), intercept first.
    low, high
        Ends (k,) of profile penalised-likelihood intervals; NaN for the intercept, infinite where
        they lie more than 15 log-odds per standard deviation away.
    loglik
        Penalised log-likelihood of the standardised columns, with the weights scaled to mean 1.
    """

    beta: FloatArray
    low: FloatArray
    high: FloatArray
    loglik: float


def firth_logit(
    x: FloatArray, y: FloatArray, w: FloatArray, *, inflation: float = 1.0, confidence: float = 0.95
) -> FirthFit:
    """Which coefficients maximise the likelihood with Jeffreys' penalty?

    Firth (1993, doi:10.1093/biomet/80.1.27); under separation Heinze and Schemper (2002, doi:10.1002/sim.1047), with
    their profile intervals.

    Parameters
    ----------
    x
        Design (n, k), its column of ones first.
    y
        Outcome (n,), 0 or 1.
    w
        Weights (n,); scaled to mean 1, as the penalty is worth about one respondent a column.
    inflation
        Design effect, by which the likelihood ratio is divided (Rao and Scott 1984); 1 for a simple sample.
    confidence
        Level of the intervals.

    Raises
    ------
    EstimationError
        When the columns determine one another, or no maximum is found.
    """
    spread = np.where(np.ptp(x, axis=0) > 0, x.std(axis=0), 1.0)
    spread[0] = 1.0
    mean = np.where(np.arange(x.shape[1]) > 0, x.mean(axis=0), 0.0)
    model = _patterns((x - mean) / spread, y, w)
    start = np.zeros(x.shape[1])
    free = np.ones(len(start), dtype=bool)
    best, top = _maximum(model, start, free)
    bar = top - 0.5 * inflation * float(chi2.ppf(confidence, 1))
    ends = np.full((2, len(start)), np.nan)
    for j in range(1, len(start)):
        ends[:, j] = [_end(model, best, j, side, bar) for side in (-1.0, 1.0)]
    beta = best / spread
    beta[0] -= beta[1:] @ mean[1:]
    return FirthFit(beta, ends[0] / spread, ends[1] / spread, top)


@dataclass(frozen=True, slots=True, eq=False)
class _Patterns:
    """Different rows (u, k), their weight (u,), and the weight of ones among them (u,)."""

    x: FloatArray
    total: FloatArray
    ones: FloatArray


def _patterns(x: FloatArray, y: FloatArray, w: FloatArray) -> _Patterns:
    rows, place = np.unique(x[w > 0], axis=0, return_inverse=True)
    scaled = w[w > 0] / w[w > 0].mean()
    place = place.ravel()
    ones = np.bincount(place, scaled * y[w > 0])
    return _Patterns(rows, np.asarray(np.bincount(place, scaled), dtype=float), np.asarray(ones, dtype=float))


def _slopes(model: _Patterns, beta: FloatArray) -> tuple[float, FloatArray, FloatArray]:
    """Penalised log-likelihood, its score (k,) and the information (k, k)."""
    eta = model.x @ beta
    p = inverse_logit(eta)
    spread = model.total * p * (1 - p)
    information = (model.x * spread[:, None]).T @ model.x
    sign, logdet = np.linalg.slogdet(information)
    if sign <= 0 or not np.isfinite(logdet) or np.linalg.cond(information) > 1e14:
        return -np.inf, np.zeros(len(beta)), np.eye(len(beta))
    leverage = spread * np.einsum("ui,ij,uj->u", model.x, np.linalg.inv(information), model.x)
    score = (model.ones - model.total * p + leverage * (0.5 - p)) @ model.x
    loglik = float(model.ones @ eta - model.total @ np.logaddexp(0.0, eta)) + 0.5 * float(logdet)
    return loglik, score, information


def _maximum(model: _Patterns, start: FloatArray, free: np.ndarray) -> tuple[FloatArray, float]:
    """The best parameters, those that are not `free` held, and their penalised log-likelihood."""
    beta = start.copy()
    reached, score, information = _slopes(model, beta)
    if not np.isfinite(reached):
        raise EstimationError(sentence("The columns of this model determine one another: leave one of them out."))
    for k in range(_STEPS):
        step = _ascent(model, beta, (score, information), free, newton=k >= _CHEAP)
        if float(score @ step) < _TOLERANCE:
            return beta + _ascent(model, beta, (score, information), free, newton=True), reached
        step *= min(1.0, _LONGEST / float(np.abs(step).max()))
        for _ in range(_FARTHEST):
            found = _slopes(model, beta + step)
            if found[0] >= reached:
                break
            step /= 2
        beta = beta + step
        reached, score, information = found
    raise EstimationError(sentence("The penalised likelihood has no maximum that could be found: leave a column out."))


def _ascent(
    model: _Patterns, beta: FloatArray, slopes: tuple[FloatArray, FloatArray], free: np.ndarray, *, newton: bool
) -> FloatArray:
    """A step (k,) with the information, or (`newton`) with the penalised likelihood's curvature where that rises."""
    score, information = slopes
    places = np.flatnonzero(free)
    inner = information[np.ix_(places, places)]
    step = np.zeros(len(beta))
    for curvature in (-_curvature(model, beta, places), inner) if newton else (inner,):
        if np.linalg.eigvalsh(curvature).min() > 0:
            step[places] = np.linalg.solve(curvature, score[places])
            break
    return step


def _curvature(model: _Patterns, beta: FloatArray, places: np.ndarray) -> FloatArray:
    """Second derivatives (f, f) of the penalised likelihood in these places, by differences of the score."""
    bend = np.empty((len(places), len(places)))
    for row, j in enumerate(places):
        move = np.zeros(len(beta))
        move[j] = _NEAR
        bend[row] = (_slopes(model, beta + move)[1] - _slopes(model, beta - move)[1])[places] / (2 * _NEAR)
    return np.asarray((bend + bend.T) / 2)


def _end(model: _Patterns, best: FloatArray, j: int, side: float, bar: float) -> float:
    """Where the profile of parameter `j` falls to `bar` on this side of its best value."""
    free = np.arange(len(best)) != j
    warm = best.copy()

    def above(distance: float) -> float:
        point = warm.copy()
        point[j] = best[j] + side * distance
        found, reached = _maximum(model, point, free)
        warm[free] = found[free]
        return reached - bar

    far = 0.05
    while far < _OPEN:
        if above(far) < 0:
            return float(best[j] + side * brentq(above, 0.0, far, xtol=1e-7))
        far *= 2
    return side * float("inf")
