"""Imputation: several plausible completions of the answers that are missing at random.

Chained equations (van Buuren 2018, Flexible Imputation of Missing Data, chapter 4) with predictive mean matching
(Little 1988): a missing answer is taken from a respondent whose prediction lies near, so it stays on the scale. Each
completion starts from a bootstrap sample of the units, within their strata, which its regressions and donors come
from (approximate Bayesian bootstrap; Rubin & Schenker 1986): the differences between completions then hold the
uncertainty of the model too, under weights, strata and clusters as well.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.core.resample import draw_resample
from drivers.errors import EstimationError
from drivers.wording import sentence

IMPUTATIONS = 20
DONORS = 5

ROUNDS = 5
"""Passes through the columns; each starts from the last one's completion."""


@dataclass(frozen=True, slots=True, eq=False)
class Imputation:
    """Completions of one table of answers; only the missing cells are kept.

    Attributes
    ----------
    z
        Array (n, q), the answers, NaN where missing.
    cells
        Array (m, k), the k missing cells in row-major order, in each of m completions.
    """

    z: FloatArray
    cells: FloatArray

    def __len__(self) -> int:
        return len(self.cells)

    def completed(self, k: int) -> FloatArray:
        """Completion k: array (n, q) without holes."""
        whole = self.z.copy()
        whole[np.isnan(whole)] = self.cells[k]
        return whole


def imputed_answers(
    rng: np.random.Generator,
    z: FloatArray,
    w: FloatArray,
    *,
    units: IntArray | None = None,
    strata: IntArray | None = None,
    count: int = IMPUTATIONS,
) -> Imputation:
    """Complete the answers `count` times, each from all other columns.

    Parameters
    ----------
    rng
        The analysis's generator.
    z
        Array (n, q), NaN where missing; every column answered by somebody.
    w
        Array (n,), weights above 0.
    units
        Array (n,), codes of the units sampled; None when every row is its own.
    strata
        Array (n,), codes of the strata that the units were sampled in; None for one.
    count
        Completions m; 20 or more, so that intervals hardly depend on the seed.

    Raises
    ------
    EstimationError
        When nobody answered a column.
    """
    missing = np.isnan(z)
    if missing.all(axis=0).any():
        raise EstimationError(
            sentence("Nobody answered one of the columns, so it cannot be imputed. Drop that column.")
        )
    scale = np.nanstd(z, axis=0)
    standard = (z - np.nanmean(z, axis=0)) / np.where(scale > 0, scale, 1.0)  # so that sums of squares lose no digits
    cells = np.empty((count, int(missing.sum())))
    for k in range(count):
        drawn = _drawn_weights(rng, w, missing, units, strata)
        source = _chained(rng, standard, missing, drawn)
        cells[k] = np.take_along_axis(z, source, axis=0)[missing]
    return Imputation(z, cells)


def _drawn_weights(
    rng: np.random.Generator, w: FloatArray, missing: BoolArray, units: IntArray | None, strata: IntArray | None
) -> FloatArray:
    """Weights (n,) of a bootstrap sample of the units in which somebody answered each column."""
    for _ in range(100):
        drawn = np.asarray(draw_resample(rng, len(w), 1, units, strata).weightings(w)[0])
        if ((drawn > 0)[:, None] & ~missing).any(axis=0).all():
            return drawn
    return w


def _chained(rng: np.random.Generator, z: FloatArray, missing: BoolArray, w: FloatArray) -> IntArray:
    """Donor rows (n, q) of every cell, its own row where it is answered."""
    n, q = z.shape
    source = np.tile(np.arange(n)[:, None], (1, q))
    whole = np.column_stack([np.ones(n), np.where(missing, 0.0, z)])
    holes = [j for j in np.argsort(missing.sum(axis=0), kind="stable") if missing[:, j].any()]
    for j in holes:
        hole, givers = np.flatnonzero(missing[:, j]), np.flatnonzero(~missing[:, j] & (w > 0))
        _place(source, whole, j, hole, rng.choice(givers, len(hole)))
    for _ in range(ROUNDS if len(holes) > 1 else 1):
        for j in holes:
            hole, givers = np.flatnonzero(missing[:, j]), np.flatnonzero(~missing[:, j] & (w > 0))
            given = whole[givers]
            slopes = _slopes(given, w[givers], j + 1)
            donors = givers[_donors(rng, given @ slopes, w[givers], whole[hole] @ slopes)]
            _place(source, whole, j, hole, donors)
    return source


def _place(source: IntArray, whole: FloatArray, j: int, holes: IntArray, donors: IntArray) -> None:
    source[holes, j] = donors
    whole[holes, j + 1] = whole[donors, j + 1]


def _slopes(given: FloatArray, w: FloatArray, target: int) -> FloatArray:
    """Coefficients (q + 1,) of one column on all others by weighted least squares, its own 0."""
    weighted = (given * w[:, None]).T @ given
    others = np.arange(given.shape[1]) != target
    ridge = 1e-9 * np.trace(weighted) / len(weighted)  # exact dependencies must not stop it
    normal = weighted[np.ix_(others, others)] + ridge * np.eye(int(others.sum()))
    slopes = np.zeros(given.shape[1])
    slopes[others] = np.linalg.solve(normal, weighted[others, target])
    return slopes


def _donors(rng: np.random.Generator, given: FloatArray, w: FloatArray, wanted: FloatArray) -> IntArray:
    """For each prediction wanted, one of the few nearest among those given, by their weights; ties in random order."""
    order = rng.permutation(len(given))
    order = order[np.argsort(given[order])]
    few = min(DONORS, len(given))
    ordered = given[order]
    start = np.clip(np.searchsorted(ordered, wanted) - few // 2, 0, len(given) - few)
    start = _slid(ordered, wanted, start, few)
    window = order[start[:, None] + np.arange(few)]
    reached = np.cumsum(w[window], axis=1)
    chosen = (reached < rng.random((len(wanted), 1)) * reached[:, -1:]).sum(axis=1)
    return np.asarray(np.take_along_axis(window, chosen[:, None], axis=1)[:, 0])


def _slid(ordered: FloatArray, wanted: FloatArray, start: IntArray, few: int) -> IntArray:
    """Slide windows of `few` sorted values until they hold the nearest to what is wanted."""
    last = len(ordered) - few
    for _ in range(few):
        after = np.minimum(start + few, len(ordered) - 1)
        right = (start < last) & (np.abs(ordered[after] - wanted) < np.abs(wanted - ordered[start]))
        before = np.maximum(start - 1, 0)
        left = (start > 0) & ~right
        left &= np.abs(wanted - ordered[before]) < np.abs(ordered[start + few - 1] - wanted)
        if not (right.any() or left.any()):
            break
        start = start + right - left
    return np.asarray(start)
