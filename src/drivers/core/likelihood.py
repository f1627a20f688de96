"""Maximum likelihood of every set of drivers: Newton's steps for many sub-models at once.

A model whose log-likelihood is concave gives its values and slopes for a batch of parameter vectors; a sub-model is a
vector in which the drivers left out are held at 0. All sub-models start from the quadratic approximation about
the whole model, so two or three steps are enough.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.core.separation import separating
from drivers.errors import EstimationError
from drivers.wording import sentence

_STEPS = 60
_PRECISION = 1e-5  # gain still expected, as a part of the null deviance; what remains after it is of a higher order
_CELLS = 60_000  # sub-models x respondents held at once: an array fits a core's level-2 cache
_CERTAIN = -1e-6  # log-probability above which an answer is so sure that the estimate may be infinite
_SLACK = 1e-9  # of the log-likelihood: a fall below this is rounding

_NO_MAXIMUM = sentence(
    "The drivers (almost) separate the answers of the outcome, so no finite estimate exists. Check whether one of them "
    "was recorded after the outcome was known; if so, take it out."
)


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """Log-likelihoods of s parameter vectors, with their slopes.

    Attributes
    ----------
    rows
        Array (s, n): each respondent's log-likelihood, not weighted.
    loglik
        Array (s,), weighted sum of them.
    gradient, information
        Arrays (s, K) and (s, K, K): first derivatives, and minus the second.
    """

    rows: FloatArray
    loglik: FloatArray
    gradient: FloatArray
    information: FloatArray


class Likelihood(Protocol):
    """A model of an outcome, concave in its K parameters.

    Attributes
    ----------
    w
        Array (n,), weights.
    owners
        Array (K,): the column of the design that each parameter belongs to; -1 for those that every sub-model has.
    null
        Array (K,): the estimate with no columns.
    """

    @property
    def w(self) -> FloatArray:
        """Weights (n,)."""

    @property
    def owners(self) -> IntArray:
        """Columns (K,) of the parameters."""

    @property
    def null(self) -> FloatArray:
        """The estimate (K,) with no columns."""

    def slopes(self, theta: FloatArray) -> Slopes:
        """Log-likelihoods of the parameter vectors `theta` (s, K), with their slopes."""

    def row_slopes(self, theta: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Each respondent's gradient (n, K) and packed information (n, K(K+1)/2) at `theta` (K,), not weighted."""

    def contrasts(self) -> FloatArray:
        """Rows (r, K) that all rise, or none falls, along a direction in which the likelihood has no maximum."""


@dataclass(frozen=True, slots=True, eq=False)
class Maxima:
    """The maximum of each of s sub-models.

    Attributes
    ----------
    theta
        Array (s, K), the estimates.
    loglik
        Array (s,).
    divided
        Array (d, n): the respondents' log-likelihoods, summed over sub-models with the weights asked for.
    """

    theta: FloatArray
    loglik: FloatArray
    divided: FloatArray


def whole_maximum(model: Likelihood) -> FloatArray:
    """The estimate (K,) of the model with all columns.

    Raises
    ------
    EstimationError
        When there is no finite maximum.
    """
    every = np.ones((1, len(model.null)), dtype=bool)
    found = maxima(model, every, model.null[None], precision=1e-14)
    certain = model.slopes(found.theta).rows.max() > _CERTAIN
    if certain and separating(model.contrasts()[np.tile(model.w > 0, len(model.contrasts()) // len(model.w))]):
        raise EstimationError(_NO_MAXIMUM)
    return np.asarray(found.theta[0])


def maxima(
    model: Likelihood,
    inside: BoolArray,
    start: FloatArray,
    *,
    divide: FloatArray | None = None,
    precision: float = _PRECISION,
) -> Maxima:
    """The maximum of each sub-model.

    Parameters
    ----------
    model
        The whole model.
    inside
        Array (s, K), which parameters each sub-model has.
    start
        Array (s, K), where each starts; 0 outside.
    divide
        Array (d, s), weights with which the sub-models' log-likelihoods are summed by respondent.
    precision
        Gain still expected at the end, as a part of the null model's log-likelihood.

    Raises
    ------
    EstimationError
        When a sub-model has no finite maximum.
    """
    divide = np.zeros((0, len(inside))) if divide is None else divide
    size = max(1, _CELLS // len(model.w))
    divided = np.zeros((len(divide), len(model.w)))
    theta, loglik = np.empty(start.shape), np.empty(len(start))
    for first in range(0, len(start), size):
        part = slice(first, first + size)
        theta[part], loglik[part], rows = _newton(model, inside[part], start[part], precision)
        divided += divide[:, part] @ rows
    return Maxima(theta, loglik, divided)


def _newton(
    model: Likelihood, inside: BoolArray, start: FloatArray, precision: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Estimates, log-likelihoods and the respondents' parts of one batch of sub-models.

    A step that lowers a sub-model's log-likelihood is halved. The last step's gain is added, not computed again.
    """
    point, step = start, np.zeros(start.shape)
    reached = np.full(len(start), -np.inf)
    enough: float | None = None
    for _ in range(_STEPS):
        found = model.slopes(point + step)
        lost = ~np.isfinite(found.loglik) & ~np.isfinite(reached)
        if lost.any():  # a start outside the model, such as cut-points that cross
            point = np.where(lost[:, None], model.null, point)
            step[lost] = 0.0
            found = model.slopes(point + step)
        enough = precision * float(np.abs(found.loglik).max()) if enough is None else enough
        better = found.loglik >= reached - _SLACK * np.abs(reached)
        point = np.where(better[:, None], point + step, point)
        reached = np.where(better, found.loglik, reached)
        newton, gain = _masked_step(found, inside)
        step = np.where(better[:, None], newton, step / 2)
        if better.all() and (gain <= enough).all():
            return point + step, reached + gain, found.rows
    raise EstimationError(_NO_MAXIMUM)


def _masked_step(found: Slopes, inside: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Newton's step (s, K) within each sub-model, and the gain (s,) that it promises."""
    gradient = np.where(inside, found.gradient, 0.0)
    step = masked_solution(found.information, gradient, inside)
    return step, 0.5 * np.einsum("sk,sk->s", gradient, step)


def masked_solution(information: FloatArray, right: FloatArray, inside: BoolArray) -> FloatArray:
    """Solve the part of `information` (s, K, K) that is `inside` (s, K) for `right` (s, K); 0 outside.

    A parameter that the others determine (its pivot is rounding) is held at 0, as by a dropped column.
    """
    k = inside.shape[-1]
    scale = np.sqrt(np.maximum(np.diagonal(information, axis1=-2, axis2=-1), 1e-300))
    matrix = information / (scale[..., :, None] * scale[..., None, :])
    matrix = np.where(inside[..., :, None] & inside[..., None, :], matrix, 0.0)
    diagonal = np.arange(k)
    matrix[..., diagonal, diagonal] = 1.0 + _RIDGE
    right = np.where(inside, right / scale, 0.0)
    return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0] / scale)


_RIDGE = 1e-11  # keeps exact duplicates solvable; they share, and no digit that is printed changes


@cache
def packed_places(k: int) -> tuple[IntArray, IntArray]:
    """Rows and columns of the packed upper triangle of a (k, k) matrix."""
    upper, lower = np.triu_indices(k)
    return upper, lower


def unpacked(packed: FloatArray, k: int) -> FloatArray:
    """Symmetric matrices (..., k, k) from packed upper triangles (..., k(k+1)/2)."""
    upper, lower = packed_places(k)
    place = np.zeros((k, k), dtype=np.int64)
    place[upper, lower] = place[lower, upper] = np.arange(len(upper))
    return np.asarray(packed[..., place])


def packed_products(x: FloatArray) -> FloatArray:
    """Products (n, k(k+1)/2) of each pair of the columns of `x` (n, k)."""
    upper, lower = packed_places(x.shape[1])
    return np.asarray(x[:, upper] * x[:, lower])
