"""Moments: all that linear driver analysis needs to know about the answers, in one object that can be added."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt

from drivers.errors import EstimationError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

_ROWS = 2048  # rows whose products are formed at once: a few MB, whatever the survey's size
_ROUNDING = 1e-13  # variances below this part of the sums they are a difference of are rounding, not spread


@dataclass(frozen=True, slots=True, eq=False)
class Moments:
    """How many answers there are, their means, and how they vary together.

    Every array may carry leading axes (resamples, segments, imputations), written ``...``; q is the number of
    variables. No array is ever modified. Two moments over different respondents are added with ``+``.

    Attributes
    ----------
    names
        The q variables, in the order of the arrays.
    base
        Array (...,), respondents with a positive weight, unweighted.
    weight_sum
        Array (...,), sum of the weights.
    weight_square_sum
        Array (...,), sum of the squared weights.
    mean
        Array (..., q), weighted means, in each variable's own unit.
    cross
        Array (..., q, q), weighted cross-products about the mean: the sum of w (z - mean)(z - mean)'.
    """

    names: tuple[str, ...]
    base: IntArray
    weight_sum: FloatArray
    weight_square_sum: FloatArray
    mean: FloatArray
    cross: FloatArray

    @classmethod
    def from_rows(cls, names: tuple[str, ...], z: FloatArray, w: FloatArray) -> Self:
        """Moments of the rows `z` (n, q) under the weights `w` (n,); complete rows only, none may be NaN.

        The mean comes first and the products are taken about it, so a large mean costs no digits.
        """
        total = w.sum()
        mean = _ratio(w @ z, total)
        centred = z - mean
        slip = _ratio(w @ centred, total)  # the rounding left in the mean (the corrected two-pass algorithm)
        centred -= slip
        cross = (centred * w[:, None]).T @ centred
        cross = without_noise((cross + cross.T) / 2, w @ (z * z), tolerance=1e-28)
        return cls(tuple(names), np.asarray((w > 0).sum()), total, w @ w, mean + slip, cross)

    @classmethod
    def from_weightings(cls, names: tuple[str, ...], z: FloatArray, w: FloatArray) -> Self:
        """Moments of the same rows `z` (n, q) under each of B weightings `w` (B, n), as one batch (B, ...)."""
        return cls.from_weighting_blocks(names, z, lambda rows: np.asarray(w[:, rows], dtype=float))

    @classmethod
    def from_weighting_blocks(
        cls, names: tuple[str, ...], z: FloatArray, weighting: Callable[[slice], FloatArray]
    ) -> Self:
        """Moments of the rows `z` (n, q) under weightings made on demand, in memory that does not grow with n.

        Parameters
        ----------
        names
            The q variables.
        z
            Array (n, q), complete rows.
        weighting
            Gives for a slice of the rows their weights (B, rows) in each of the B weightings.
        """
        pilot = z.sum(axis=0) / max(len(z), 1)  # near every weighted mean, so that the sums about it cancel nothing
        parts = [_weighted_sums(z[rows] - pilot, weighting(rows)) for rows in _row_slices(len(z))]
        base = np.add.reduce([part[0] for part in parts])
        squares, sums = (np.add.reduce([part[k] for part in parts]) for k in (1, 2))
        q = z.shape[1]
        total, first, second = sums[:, 0], sums[:, 1 : q + 1], _unpacked(sums[:, q + 1 :], q)
        mean = _ratio(first, total[:, None])
        cross = second - mean[:, :, None] * first[:, None, :]
        scale = np.diagonal(second, axis1=-2, axis2=-1)
        return cls(tuple(names), base, total, squares, mean + pilot, without_noise(cross, scale))

    def __add__(self, other: Moments) -> Moments:
        """Pool two sets of respondents exactly, as if their rows had been one table."""
        self._require_same(other)
        total = self.weight_sum + other.weight_sum
        part = _ratio(other.weight_sum, total)
        gap = other.mean - self.mean
        return Moments(
            self.names,
            self.base + other.base,
            total,
            self.weight_square_sum + other.weight_square_sum,
            self.mean + part[..., None] * gap,
            self.cross + other.cross + (self.weight_sum * part)[..., None, None] * _outer(gap),
        )

    def without(self, other: Moments) -> Moments:
        """Take respondents out again: the inverse of ``+``, for leaving out one group at a time."""
        self._require_same(other)
        total = self.weight_sum - other.weight_sum
        total = np.where(total > _ROUNDING * self.weight_sum, total, 0.0)
        part = _ratio(other.weight_sum, total)
        gap = self.mean - other.mean
        cross = self.cross - other.cross - (self.weight_sum * part)[..., None, None] * _outer(gap)
        kept = (total > 0)[..., None]
        return Moments(
            self.names,
            self.base - other.base,
            total,
            self.weight_square_sum - other.weight_square_sum,
            np.where(kept, self.mean + part[..., None] * gap, 0.0),
            without_noise(cross * kept[..., None], np.diagonal(self.cross, axis1=-2, axis2=-1)),
        )

    def pooled(self) -> Moments:
        """All of the leading axis added into one."""
        total = self.weight_sum.sum(axis=0)
        mean = _ratio((self.weight_sum[..., None] * self.mean).sum(axis=0), total[..., None])
        gap = self.mean - mean
        between = (self.weight_sum[..., None, None] * _outer(gap)).sum(axis=0)
        return Moments(
            self.names,
            self.base.sum(axis=0),
            total,
            self.weight_square_sum.sum(axis=0),
            mean,
            self.cross.sum(axis=0) + between,
        )

    def select(self, names: tuple[str, ...]) -> Moments:
        """Moments of these variables only, in this order.

        Raises
        ------
        EstimationError
            When a name is not among the variables.
        """
        unknown = [name for name in names if name not in self.names]
        if unknown:
            raise EstimationError(
                f"No moments of {', '.join(map(repr, unknown))}. Expected names among {', '.join(self.names)}."
            )
        take = [self.names.index(name) for name in names]
        cross = self.cross[..., take, :][..., take]
        return Moments(tuple(names), self.base, self.weight_sum, self.weight_square_sum, self.mean[..., take], cross)

    @property
    def effective_base(self) -> FloatArray:
        """Array (...,), Kish's effective base: (sum w)² / sum w² (Kish 1965)."""
        return _ratio(self.weight_sum**2, self.weight_square_sum)

    @property
    def covariance(self) -> FloatArray:
        """Array (..., q, q), population covariance: cross-products per unit of weight."""
        return _ratio(self.cross, self.weight_sum[..., None, None])

    @property
    def correlation(self) -> FloatArray:
        """Array (..., q, q), correlations; a constant variable has none (0) with any other."""
        return correlation_matrix(self.cross)

    def _require_same(self, other: Moments) -> None:
        if self.names != other.names:
            raise EstimationError(
                f"Moments of ({', '.join(self.names)}) and of ({', '.join(other.names)}) cannot be combined. "
                "Select the same variables in the same order first."
            )


def correlation_matrix(cross: FloatArray) -> FloatArray:
    """Correlations (..., q, q) from cross-products; the diagonal is 1, a constant variable's other elements 0."""
    scale = _inverse_spread(cross)
    correlation = cross * scale[..., :, None] * scale[..., None, :]
    np.einsum("...ii->...i", correlation)[...] = 1.0
    return correlation


def without_noise(cross: FloatArray, scale: FloatArray, tolerance: float = _ROUNDING) -> FloatArray:
    """Cross-products (..., q, q) in which a spread that is mere rounding is exactly none.

    Parameters
    ----------
    cross
        Array (..., q, q), the difference of larger sums.
    scale
        Array (..., q), the size of the sums that each diagonal element is the difference of.
    tolerance
        Part of `scale` up to which a diagonal element is rounding.
    """
    diagonal = np.diagonal(cross, axis1=-2, axis2=-1)
    real = diagonal > tolerance * scale
    return cross if real.all() else cross * real[..., :, None] * real[..., None, :]


def _inverse_spread(cross: FloatArray) -> FloatArray:
    """One over the square root of the diagonal (..., q); 0 where a variable is constant."""
    diagonal = np.maximum(np.diagonal(cross, axis1=-2, axis2=-1), 0.0)
    return _ratio(np.ones_like(diagonal), np.sqrt(diagonal))


def _ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """`numerator` / `denominator`, 0 where nothing stands below the line."""
    shape = np.broadcast_shapes(np.shape(numerator), np.shape(denominator))
    return np.divide(numerator, denominator, out=np.zeros(shape), where=np.asarray(denominator) != 0)


def _outer(vector: FloatArray) -> FloatArray:
    """Outer product of the last axis with itself: (..., q) to (..., q, q)."""
    return vector[..., :, None] * vector[..., None, :]


def _row_slices(n: int) -> list[slice]:
    """Rows 0 to n in runs that bound the memory of their products."""
    return [slice(start, min(start + _ROWS, n)) for start in range(0, max(n, 1), _ROWS)]


def _weighted_sums(z: FloatArray, w: FloatArray) -> tuple[IntArray, FloatArray, FloatArray]:
    """Of B weightings: base, sum of squared weights, and sums (B, 1 + q + q(q+1)/2) of 1, z and zz' (upper)."""
    n, q = z.shape
    upper, lower = np.triu_indices(q)
    packed = np.empty((n, 1 + q + len(upper)))
    packed[:, 0] = 1.0
    packed[:, 1 : q + 1] = z
    np.multiply(z[:, upper], z[:, lower], out=packed[:, q + 1 :])
    return np.count_nonzero(w > 0, axis=1), np.einsum("bi,bi->b", w, w), w @ packed


def _unpacked(packed: FloatArray, q: int) -> FloatArray:
    """Symmetric matrices (B, q, q) from their upper triangles (B, q(q+1)/2)."""
    place = np.empty((q, q), dtype=np.int64)
    upper, lower = np.triu_indices(q)
    place[upper, lower] = place[lower, upper] = np.arange(len(upper))
    return packed[:, place]
