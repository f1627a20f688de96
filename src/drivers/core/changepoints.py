"""Change points of a logit in one column: searched for, with a test that allows for the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import log_ndtr

from drivers.core.design import Design, linearised_covariance
from drivers.core.logit import inverse_logit
from drivers.core.moments import FloatArray

_SIMULATED = 10_000  # gives a p-value of 0.05 to half a percentage point
_RANK = 1e-9


@dataclass(frozen=True, slots=True)
class ChangePoints:
    """The best change points, whether shown or not.

    Attributes
    ----------
    points
        At most two, ascending.
    p
        Chance of so large a bend somewhere when the line is straight, allowing for all places looked at.
    """

    points: tuple[float, ...]
    p: float


def hinges(column: FloatArray, points: Sequence[float]) -> FloatArray:
    """What lies above each of the points (n, k): columns by which a line may bend there."""
    return np.asarray(np.maximum(column[:, None] - np.asarray(points, dtype=float), 0.0))


def change_points(
    x: FloatArray, y: FloatArray, beta: FloatArray, candidates: Sequence[float], rows: FloatArray, design: Design
) -> ChangePoints | None:
    """Where does the logit bend in column 1 of `x`, and is that more than chance?

    Score tests of one and of two hinges at every candidate with the design's covariance; the smallest p-value is
    compared with its distribution when there is no bend, simulated from that covariance (Hansen 1996,
    doi:10.2307/2171789).

    Parameters
    ----------
    x, y
        Design (m, k), its column of ones first, and outcome (m,).
    beta
        The logit's coefficients (k,): the straight line.
    candidates
        Places where it may bend.
    rows
        Positions (m,) of these rows in the design.
    design
        How all n rows were sampled.

    Returns
    -------
    ChangePoints or None
        None where no hinge says anything new.
    """
    w = design.w[rows]
    p = inverse_logit(x @ beta)
    spread = w * p * (1 - p)
    z = hinges(x[:, 1], candidates)
    own = z - x @ np.linalg.lstsq(x * np.sqrt(spread)[:, None], z * np.sqrt(spread)[:, None], rcond=None)[0]
    influence = np.zeros((len(design.w), z.shape[1]))
    influence[rows] = (w * (y - p))[:, None] * own
    covariance = linearised_covariance(influence, design)
    new = np.diagonal(covariance) > _RANK * np.diagonal(covariance).max(initial=0.0)
    kept = np.flatnonzero(new)
    if not len(kept):
        return None
    return _best(np.asarray(candidates)[kept], influence.sum(axis=0)[kept], covariance[np.ix_(kept, kept)])


def _best(candidates: FloatArray, score: FloatArray, covariance: FloatArray) -> ChangePoints:
    """The set of one or two candidates with the smallest p-value, and the chance of so small a one."""
    sets = [s for size in (1, 2) for s in combinations(range(len(candidates)), size)]
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    simulated = np.random.default_rng(1).standard_normal((_SIMULATED, len(score))) @ root.T
    scores = np.vstack([score, simulated])
    logs = np.column_stack([_log_p(scores[:, s], covariance[np.ix_(s, s)]) for s in map(list, sets)])
    smallest = logs.min(axis=1)
    chosen = sets[int(logs[0].argmin())]
    p = (1 + int((smallest[1:] <= smallest[0]).sum())) / (1 + _SIMULATED)
    return ChangePoints(tuple(float(candidates[j]) for j in chosen), p)


def _log_p(score: FloatArray, covariance: FloatArray) -> FloatArray:
    """Logarithm of the p-value of scores (s, q) that are zero by chance; 0 where two hinges say the same."""
    scale = np.sqrt(np.diagonal(covariance))
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    if values.min() < 1e-6:
        return np.zeros(len(score))
    statistic = (((score / scale) @ vectors) ** 2 / values).sum(axis=1)
    return np.asarray(-0.5 * statistic if len(scale) == 2 else np.log(2.0) + log_ndtr(-np.sqrt(statistic)))
