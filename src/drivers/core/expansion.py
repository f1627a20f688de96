"""Values of drivers in every draw of a resample, without fitting every set of drivers again in every draw.

A draw changes the weights of the respondents. What that does to the value of a player is exact to first order (the
envelope theorem: each respondent's part in the fits of the sample) and follows to higher orders from the quadratic
approximation of the log-likelihood about the whole model, which is a regression and so runs through the linear lattice.
The first order alone would miss that a draw of a driver that does nothing still fits something.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.blocks import block_r_squared, divided_r_squared
from drivers.core.likelihood import Likelihood, unpacked
from drivers.core.moments import FloatArray, IntArray
from drivers.core.orders import sampling_error
from drivers.core.subsets import SubsetFits


@dataclass(frozen=True, slots=True, eq=False)
class DrawnValues:
    """What each of g players adds to the log-likelihood in each of B draws.

    Attributes
    ----------
    values
        Array (B, g), never negative.
    held
        Array (B,), what the columns that every model has add.
    null_loglik
        Array (B,), log-likelihood without any column.
    """

    values: FloatArray
    held: FloatArray
    null_loglik: FloatArray


class Expansion:
    """The sample's fits, expanded about its weights.

    Where not all sets were fitted, a polynomial in the two quadratic approximations that are known for all of them,
    about the whole model and about the one without columns, divides what it can. Only what it leaves is estimated from
    the sets that were fitted.

    Attributes
    ----------
    sample
        Array (g,), what each player adds to the log-likelihood in the sample.
    """

    def __init__(self, model: Likelihood, fits: SubsetFits, classes: IntArray) -> None:
        """Lay out what a weighting is multiplied with; `classes` (n,) are the answers, 0 … C-1."""
        gradient, information = model.row_slopes(fits.whole)
        self._fits, self._k = fits, len(fits.whole)
        self._held = ~fits.inside.any(axis=0)
        members = np.arange(classes.max() + 1)[:, None] == classes
        self._columns = np.column_stack([fits.rows.T, gradient, information, members.T])
        self._base = model.w @ self._columns
        divide = fits.plan.divide
        self._first = divide @ fits.quadratic
        self._second = np.einsum("gs,sk,sl->gkl", divide, fits.quadratic, fits.quadratic, optimize=True)
        matrix, score = self._quadratic(self._base[None])
        self._worth = self._divided(matrix, score)[0]
        self._matrix, self._score = matrix[0], score[0]
        self._held_gain = float(fits.loglik[0]) - fits.null_loglik
        self.sample, self._left = self._divided_sample(model)

    def _divided_sample(self, model: Likelihood) -> tuple[FloatArray, FloatArray]:
        """What each player (g,) adds in the sample, and what no approximation says of the sets (s,)."""
        fits, plan = self._fits, self._fits.plan
        if plan.orders is None:
            return plan.divide @ fits.loglik, np.zeros(len(plan.sets))
        null = model.slopes(model.null[None])
        score = null.information[0] @ model.null + null.gradient[0]
        near, far = self._worths(self._matrix, self._score), self._worths(null.information[0], score)
        scale = float(fits.loglik[-1] - fits.loglik[0])
        near, far = near / scale, far / scale
        known = np.column_stack([np.ones(len(near)), near, far, near**2, far**2, near * far])
        by, *_ = np.linalg.lstsq(known[plan.sets], fits.loglik, rcond=None)
        left = fits.loglik - known[plan.sets] @ by
        return plan.whole @ (known @ by) + plan.divide @ left, left

    @property
    def error(self) -> FloatArray:
        """Standard error (g,) of the sample's values for want of the sets that were not fitted."""
        return sampling_error(self._fits.plan, self._left)

    def sums(self, weightings: FloatArray) -> FloatArray:
        """What the draws `weightings` (b, n) need of the respondents: array (b, m), to be gathered and given on."""
        return np.asarray(weightings @ self._columns)

    def values(self, sums: FloatArray) -> DrawnValues:
        """Values of the players in the draws with these `sums` (B, m)."""
        g = len(self.sample)
        matrix, score = self._quadratic(sums)
        curved = self._divided(matrix, score) - self._worth
        straight = (score - self._score) @ self._first.T
        straight -= 0.5 * np.tensordot(matrix - self._matrix, self._second, axes=([1, 2], [1, 2]))
        values = self.sample + (sums - self._base)[:, :g] + curved - straight
        mass = sums[:, g + self._k + self._k * (self._k + 1) // 2 :]
        part = mass / mass.sum(axis=1, keepdims=True)
        null = (mass * np.log(np.where(part > 0, part, 1.0))).sum(axis=1)
        return DrawnValues(np.maximum(values, 0.0), np.full(len(sums), self._held_gain), null)

    def _quadratic(self, sums: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Curvature (b, K, K) about the whole model's estimate, and score (b, K) about zero."""
        g, k = len(self._fits.inside), self._k
        matrix = unpacked(sums[:, g + k : g + k + k * (k + 1) // 2], k)
        return matrix, matrix @ self._fits.whole + sums[:, g : g + k]

    def _divided(self, matrix: FloatArray, score: FloatArray) -> FloatArray:
        """Values (b, g) of the players in quadratic approximations."""
        cross, blocks, controls = self._regressions(matrix, score)
        values = divided_r_squared(cross, blocks, self._fits.plan.whole, controls=controls)
        return 0.5 * values * cross[:, -1, -1, None]

    def _worths(self, matrix: FloatArray, score: FloatArray) -> FloatArray:
        """What every set of players (2**g,) adds in one quadratic approximation."""
        cross, blocks, controls = self._regressions(matrix[None], score[None])
        _, worth = next(block_r_squared(cross, blocks, controls=controls))
        return np.asarray(0.5 * worth[0] * cross[0, -1, -1])

    def _regressions(self, matrix: FloatArray, score: FloatArray) -> tuple[FloatArray, list[list[int]], int]:
        """Quadratic approximations (b, K, K) as cross-products of a regression, with the players' columns in it."""
        order = [*np.flatnonzero(self._held), *np.flatnonzero(~self._held)]
        k, controls = self._k, int(self._held.sum())
        cross = np.empty((len(matrix), k + 1, k + 1))
        cross[:, :k, :k] = matrix[:, order][:, :, order]
        cross[:, :k, k] = cross[:, k, :k] = score[:, order]
        solved = np.linalg.solve(matrix + _ridge(matrix), score[..., None])[..., 0]
        cross[:, k, k] = 2.0 * np.einsum("bk,bk->b", score, solved)
        place = {parameter: i for i, parameter in enumerate(order)}
        return cross, [[place[i] for i in np.flatnonzero(mine)] for mine in self._fits.inside], controls


def _ridge(matrix: FloatArray) -> FloatArray:
    """A diagonal (b, K, K) of rounding size, so that what is determined by other columns can be solved for."""
    diagonal = np.diagonal(matrix, axis1=-2, axis2=-1)
    return np.asarray(np.eye(matrix.shape[-1]) * (1e-11 * diagonal[..., None, :] + 1e-300))
