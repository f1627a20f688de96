"""Available answers: correlations of every pair of variables from all who answered both.

Such a matrix may be no correlation matrix at all, because each element rests on other people. It counts as proper
when its smallest eigenvalue is above a bound; R² then lies below 1 for every choice of drivers. Otherwise the nearest
proper one can stand in for it (Higham 2002, IMA Journal of Numerical Analysis 22:329, doi:10.1093/imanum/22.3.329).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import FloatArray, Moments

SMALLEST_EIGENVALUE = 1e-3
"""A matrix of correlations counts as proper from here: below, some mixture of the answers hardly varies."""

_ROWS = 1024
_STEPS = 200
_SETTLED = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class PairSums:
    """Weighted sums over the respondents who answered both variables of a pair; they can be added and taken off.

    Attributes
    ----------
    names
        The q variables.
    pilot
        Array (q,), what was taken off every answer first, so that no digits are lost.
    weight, first, second, product
        Arrays (..., q, q) over those who answered i and j: sum of w, of w z_i, of w z_i², of w z_i z_j.
    """

    names: tuple[str, ...]
    pilot: FloatArray
    weight: FloatArray
    first: FloatArray
    second: FloatArray
    product: FloatArray

    def __add__(self, other: PairSums) -> PairSums:
        return self._with(*(a + b for a, b in zip(self._sums, other._sums, strict=True)))

    def without(self, other: PairSums) -> PairSums:
        """Take respondents out again: the inverse of ``+``."""
        return self._with(*(a - b for a, b in zip(self._sums, other._sums, strict=True)))

    def moments(self) -> Moments:
        """Moments (..., q) whose correlations are the pairwise ones; the last variable's weights scale them."""
        known = self.weight > 0
        mean = _ratio(self.first, self.weight, known)
        variance = np.maximum(_ratio(self.second, self.weight, known) - mean**2, 0.0)
        covariance = _ratio(self.product, self.weight, known) - mean * np.swapaxes(mean, -1, -2)
        spread = np.sqrt(variance * np.swapaxes(variance, -1, -2))
        correlation = np.clip(_ratio(covariance, spread, spread > 1e-14), -1.0, 1.0)
        own = np.sqrt(np.diagonal(variance, axis1=-2, axis2=-1))
        total = self.weight[..., -1, -1]
        cross = correlation * own[..., :, None] * own[..., None, :] * total[..., None, None]
        count = np.asarray(np.rint(total), dtype=np.int64)
        average = np.diagonal(mean, axis1=-2, axis2=-1) + self.pilot
        return Moments(self.names, count, total, total, average, cross)

    @property
    def _sums(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        return self.weight, self.first, self.second, self.product

    def _with(self, *sums: FloatArray) -> PairSums:
        return PairSums(self.names, self.pilot, *sums)


@dataclass(frozen=True, slots=True, eq=False)
class ProperMoments:
    """Moments whose correlations are a proper correlation matrix.

    Attributes
    ----------
    moments
        Moments (..., q).
    smallest
        Array (...,), smallest eigenvalue of the correlations before any repair.
    moved
        Array (...,), the furthest that a correlation was moved; 0 where nothing was repaired.
    """

    moments: Moments
    smallest: FloatArray
    moved: FloatArray


def pair_sums(names: tuple[str, ...], z: FloatArray, w: FloatArray, pilot: FloatArray) -> PairSums:
    """Pairwise sums of the rows `z` (n, q; NaN unanswered) under the weightings `w` (B, n), about `pilot` (q,)."""
    q = z.shape[1]
    upper, lower = np.triu_indices(q)
    total = np.zeros((len(w), 2 * len(upper) + 2 * q * q))
    for start in range(0, len(z), _ROWS):
        rows = slice(start, start + _ROWS)
        seen = ~np.isnan(z[rows])
        x = np.where(seen, z[rows] - pilot, 0.0)
        mixed = (x[:, :, None] * seen[:, None, :]).reshape(len(x), -1)
        squared = (x[:, :, None] ** 2 * seen[:, None, :]).reshape(len(x), -1)
        both = (seen[:, upper] & seen[:, lower]).astype(float)
        total += w[:, rows] @ np.hstack([both, x[:, upper] * x[:, lower], mixed, squared])
    ends = np.cumsum([len(upper), len(upper), q * q])
    weight, product, first, second = np.split(total, ends, axis=1)
    shape = (len(w), q, q)
    return PairSums(
        tuple(names), pilot, _square(weight, q), first.reshape(shape), second.reshape(shape), _square(product, q)
    )


def pair_bases(z: FloatArray, w: FloatArray) -> FloatArray:
    """Kish's effective base (q, q) of those who answered both variables of each pair."""
    seen = (~np.isnan(z)).astype(float)
    first, second = (seen.T * w) @ seen, (seen.T * w**2) @ seen
    return _ratio(first**2, second, second > 0)


def proper_moments(moments: Moments, smallest: float = SMALLEST_EIGENVALUE) -> ProperMoments:
    """Moments (..., q) with correlations that no respondents can contradict: as they are, or the nearest ones."""
    correlation = moments.correlation
    lowest: FloatArray = np.asarray(np.linalg.eigvalsh(correlation)[..., 0], dtype=np.float64)
    improper = lowest < smallest
    moved = np.zeros_like(lowest)
    if not improper.any():
        return ProperMoments(moments, lowest, moved)
    repaired = correlation.copy()
    repaired[improper] = nearest_correlation(correlation[improper], smallest)
    moved[improper] = np.abs(repaired - correlation)[improper].max(axis=(-2, -1))
    spread = np.sqrt(np.maximum(np.diagonal(moments.cross, axis1=-2, axis2=-1), 0.0))
    cross = repaired * spread[..., :, None] * spread[..., None, :]
    fixed = Moments(moments.names, moments.base, moments.weight_sum, moments.weight_square_sum, moments.mean, cross)
    return ProperMoments(fixed, lowest, moved)


def nearest_correlation(correlation: FloatArray, smallest: float = 0.0) -> FloatArray:
    """The nearest correlation matrices (..., q, q) whose eigenvalues are at least about `smallest` (Higham 2002)."""
    matrix = np.array(correlation, dtype=float)
    correction = np.zeros_like(matrix)
    for _ in range(_STEPS):
        shifted = matrix - correction
        semidefinite = _raised(shifted, smallest)
        correction = semidefinite - shifted
        before, matrix = matrix, semidefinite.copy()
        np.einsum("...ii->...i", matrix)[...] = 1.0
        if np.abs(matrix - before).max() < _SETTLED:
            break
    matrix = _raised(matrix, smallest)
    spread = np.sqrt(np.diagonal(matrix, axis1=-2, axis2=-1))
    return np.asarray(matrix / (spread[..., :, None] * spread[..., None, :]))


def _raised(matrix: FloatArray, smallest: float) -> FloatArray:
    """The matrices with every eigenvalue at least `smallest`."""
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.maximum(values, smallest)[..., None, :]) @ np.swapaxes(vectors, -1, -2))


def _square(packed: FloatArray, q: int) -> FloatArray:
    """Symmetric matrices (B, q, q) from their upper triangles."""
    upper, lower = np.triu_indices(q)
    full = np.empty((len(packed), q, q))
    full[:, upper, lower] = packed
    full[:, lower, upper] = packed
    return full


def _ratio(above: FloatArray, below: FloatArray, where: np.ndarray) -> FloatArray:
    return np.divide(above, below, out=np.zeros_like(above), where=where)
