"""The joint resample: respondents are drawn once, and all stages of an analysis use the same draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from drivers.core.moments import BoolArray, FloatArray, IntArray, Moments
from drivers.errors import EstimationError
from drivers.wording import sentence

_DELETE_ONE = 5000  # units up to which each is left out in turn
_GROUPS = 500  # groups beyond that: standard errors within a few per cent of leaving out one at a time


@dataclass(frozen=True, slots=True, eq=False)
class Grouping:
    """Rows in groups.

    Attributes
    ----------
    weights
        Sparse array (G, U): the weight that each unit drawn has in each group.
    """

    weights: csr_array


@dataclass(frozen=True, slots=True, eq=False)
class Resample:
    """How often each sampled unit came up in each of B bootstrap draws.

    Attributes
    ----------
    counts
        Array (B, U) of small unsigned integers; each row sums to the number of units drawn.
    units
        Array (n,), the unit that each row belongs to; None when every row is its own (U equals n).
    factors
        Array (U,), what a unit's count is multiplied with; None for 1. See `draw_resample` on strata.
    """

    counts: npt.NDArray[np.unsignedinteger]
    units: IntArray | None = None
    factors: FloatArray | None = None

    @property
    def draws(self) -> int:
        """Number of draws B."""
        return len(self.counts)

    def weightings(self, weights: FloatArray, start: int = 0, stop: int | None = None) -> FloatArray:
        """Weights (n,) times counts for the draws from `start` to `stop`: array (b, n) of floats."""
        counts = self.counts[start:stop]
        spread = counts if self.units is None else counts[:, self.units]
        return np.asarray(np.multiply(spread, self._scaled(weights), dtype=float))

    def grouped(self, groups: Grouping, start: int = 0, stop: int | None = None) -> FloatArray:
        """Sums (b, G) of weights times counts over groups of rows, for the draws from `start` to `stop`."""
        counts = np.ascontiguousarray(self.counts[start:stop].T)
        return np.ascontiguousarray((groups.weights @ counts.astype(float)).T)

    def grouping(self, weights: FloatArray, group: IntArray, rows: IntArray) -> Grouping:
        """What `grouped` sums: weights (m,) of the rows at these positions (m,), and the group 0 … G - 1 of each."""
        unit = rows if self.units is None else self.units[rows]
        scaled = weights if self.factors is None else weights * self.factors[unit]
        size = (int(group.max(initial=-1)) + 1, self.counts.shape[1])
        return Grouping(csr_array((scaled, (group, unit)), shape=size))

    def moments(self, names: tuple[str, ...], z: FloatArray, w: FloatArray, rows: BoolArray | None = None) -> Moments:
        """Moments of every draw, as one batch (B, ...).

        Parameters
        ----------
        names
            The q variables.
        z
            Array (n, q), one row an answer; rows outside `rows` may hold anything, also NaN.
        w
            Array (n,), weights.
        rows
            Array (n,), True for the complete rows to use; None for all.
        """
        chosen = np.arange(len(z)) if rows is None else np.flatnonzero(rows)
        scaled = self._scaled(w)[chosen]
        return Moments.from_weighting_blocks(names, z[chosen], self._weighting(scaled, chosen, rows is None))

    def _scaled(self, weights: FloatArray) -> FloatArray:
        """Weights (n,) times the factors of their units."""
        if self.factors is None:
            return weights
        return weights * (self.factors if self.units is None else self.factors[self.units])

    def _weighting(self, w: FloatArray, chosen: IntArray, every: bool) -> Callable[[slice], FloatArray]:
        """For a slice of the chosen rows, their weights (B, rows) in every draw."""
        unit = chosen if self.units is None else self.units[chosen]
        whole = every and self.units is None

        def weighting(part: slice) -> FloatArray:
            counts = self.counts[:, part] if whole else self.counts[:, unit[part]]
            return np.asarray(np.multiply(counts, w[part], dtype=float))

        return weighting


def draw_resample(
    rng: np.random.Generator,
    rows: int,
    draws: int,
    clusters: IntArray | None = None,
    strata: IntArray | None = None,
) -> Resample:
    """Draw sampled units with replacement, `draws` times (the multinomial bootstrap; Efron 1979).

    Without strata as many units are drawn as there are. Within a stratum of m units, m - 1 are drawn and each counts
    m / (m - 1) times (Rao and Wu 1988, doi:10.1080/01621459.1988.10478591): drawing m would make the variance of a
    mean a part 1/m too small in every stratum, half of it where there are two units.

    Parameters
    ----------
    rng
        The analysis's one generator; the same state gives the same draws.
    rows
        Number n of rows.
    draws
        Number B of draws.
    clusters
        Array (n,), codes of the units sampled, where a unit has several rows; whole units are then drawn.
    strata
        Array (n,), codes of the strata, where units were sampled within them. A stratum of one unit has it in every
        draw, like a unit that was certain to be sampled.

    Raises
    ------
    EstimationError
        When there are no rows or no draws.
    """
    if rows < 1 or draws < 1:
        raise EstimationError(
            sentence(
                "Cannot draw {draws:count} resamples of {rows:count} rows: at least one of each is needed.",
                draws=draws,
                rows=rows,
            )
        )
    units = None if clusters is None else np.unique(clusters, return_inverse=True)[1]
    if strata is not None:
        return _stratified(rng, np.arange(rows) if units is None else units, draws, strata)
    size = rows if units is None else int(units.max()) + 1
    counts = np.empty((draws, size), dtype=np.uint8)  # a count above 255 has a chance below 1e-500
    kind = np.uint16 if size <= 2**16 else np.uint32  # shorter random numbers are drawn faster
    for row in counts:
        row[:] = np.bincount(rng.integers(size, size=size, dtype=kind), minlength=size)
    return Resample(counts, units)


def _stratified(rng: np.random.Generator, units: IntArray, draws: int, strata: IntArray) -> Resample:
    """Draws of the units (codes (n,)) within strata (codes (n,)), rescaled as Rao and Wu do."""
    stratum = np.zeros(int(units.max()) + 1, dtype=np.int64)
    stratum[units] = np.unique(strata, return_inverse=True)[1]
    sizes = np.bincount(stratum)
    taken = np.maximum(sizes - 1, 1)
    order = np.argsort(stratum, kind="stable")  # units of a stratum side by side, from `first` on
    first = np.repeat(np.cumsum(sizes) - sizes, taken)
    reach = np.repeat(sizes, taken)
    counts = np.empty((draws, len(stratum)), dtype=np.uint8)
    for row in counts:
        row[order] = np.bincount(first + rng.integers(reach), minlength=len(stratum))
    return Resample(counts, units, (sizes / taken)[stratum])


def from_indices(indices: IntArray) -> Resample:
    """Resample from the rows drawn, 0-based (B, n), for comparison with draws made elsewhere."""
    n = indices.shape[1]
    counts = np.stack([np.bincount(row, minlength=n) for row in indices])
    return Resample(counts.astype(np.min_scalar_type(int(counts.max()))))


def jackknife_moments(
    names: tuple[str, ...],
    z: FloatArray,
    w: FloatArray,
    groups: int | None = None,
    units: IntArray | None = None,
) -> Moments:
    """Moments with one group of units left out at a time, as one batch (G, ...).

    Parameters
    ----------
    names
        The q variables.
    z
        Array (n, q), complete rows.
    w
        Array (n,), weights.
    groups
        Number G of groups, at most the number of units. Default: every unit on its own up to 5000 units,
        500 groups beyond. Units go to groups in turn, so that an ordered file does not make groups of neighbours.
    units
        Array (n,), codes of the units sampled; None when every row is its own.

    Raises
    ------
    EstimationError
        When there are fewer than two units.
    """
    unit = np.arange(len(z)) if units is None else np.unique(units, return_inverse=True)[1]
    size = int(unit.max(initial=-1)) + 1
    if size < 2:
        raise EstimationError(
            sentence(
                "{n:count} sampled unit cannot be left out: at least 2 are needed. Merge segments or waves.", n=size
            )
        )
    count = min(size, groups or (size if size <= _DELETE_ONE else _GROUPS))
    whole = Moments.from_rows(names, z, w)
    return whole.without(_group_moments(names, z, w, unit % count))


def _group_moments(names: tuple[str, ...], z: FloatArray, w: FloatArray, group: IntArray) -> Moments:
    """Moments (G, ...) of each group; `group` (n,) holds codes 0 … G-1, each at least once."""
    order = np.argsort(group, kind="stable")
    start = np.flatnonzero(np.diff(group[order], prepend=-1))
    z, w = z[order], w[order, None]
    total = np.add.reduceat(w, start)
    first = np.add.reduceat(w * z, start)
    mean = np.divide(first, total, out=np.zeros_like(first), where=total > 0)
    centred = z - mean[group[order]]
    return Moments(
        tuple(names),
        np.add.reduceat((w[:, 0] > 0).astype(np.int64), start),
        total[:, 0],
        np.add.reduceat(w[:, 0] ** 2, start),
        mean,
        np.stack([(w[a:b] * centred[a:b]).T @ centred[a:b] for a, b in pairwise([*start, len(z)])]),
    )
