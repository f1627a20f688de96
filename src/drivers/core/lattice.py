"""The lattice of all subsets of drivers: the R² of each, and their sums by driver and size.

Deciding one driver after another, every partial cross-product matrix splits in two: leave the driver out (drop its
row) or take it in (sweep its row out, a rank-one update). The batch doubles while the matrices shrink, so all 2**p
subsets cost about six floating-point operations each, not p³. The sweep is Goodnight's (1979, The American
Statistician 33:149, doi:10.1080/00031305.1979.10482685); no subset is ever fitted twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from drivers.core.moments import FloatArray, IntArray, correlation_matrix
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

MOST_DRIVERS = 30  # about half a minute; each further driver doubles it
MOST_HELD = 26  # 2**26 R² are half a gigabyte

_TOLERANCE = 1e-12  # of a driver's variance: what is left of it below this counts as this
_BLOCK = 15  # log2 of the subsets held at once: their partial matrices fit a core's level-2 cache
_LOW = 10  # log2 of the subsets carried through the middle drivers together
_NARROW = 64  # columns below which gathering rows beats looping over them


@dataclass(frozen=True, slots=True, eq=False)
class SubsetSums:
    """Sums of R² over subsets of the p drivers, by size.

    Attributes
    ----------
    containing
        Array (..., p, p + 1): [i, k] is the sum of R² over the subsets of k drivers that contain driver i.
    total
        Array (..., p + 1): [k] is the sum of R² over all subsets of k drivers.
    r_squared
        Array (...,): R² of all p drivers together.
    """

    containing: FloatArray
    total: FloatArray
    r_squared: FloatArray


def subset_r_squared(cross: FloatArray) -> FloatArray:
    """R² of every subset of the drivers.

    Parameters
    ----------
    cross
        Array (..., p + 1, p + 1), cross-products about the mean, drivers first and the outcome last.

    Returns
    -------
    Array (..., 2**p). Bit j of the position (value 2**j) says whether driver j is in. A driver that the others
    determine adds nothing; with a constant outcome every R² is 0.

    Raises
    ------
    EstimationError
        When p exceeds 26: the R² alone would need more than half a gigabyte.
    """
    p = cross.shape[-1] - 1
    _require_at_most(p, MOST_HELD, sentence("holding the R² of every subset"))
    low, middle, high = _split(p)
    states, scratch = _chunks(cross, p), _Scratch()
    r_squared = np.empty((sum(state.shape[1] for state in states), 2**high, 2**middle, 2**low))
    start = 0
    for state in states:
        stop = start + state.shape[1]
        for code, block in _blocks(state, p, scratch):
            np.subtract(0.0, np.moveaxis(block, -1, 0), out=r_squared[start:stop, :, _position(code)])
        start = stop
    return r_squared.reshape(*cross.shape[:-2], 2**p)


def subset_sums(cross: FloatArray) -> SubsetSums:
    """R² summed by driver and subset size, without holding the lattice; every dominance statistic follows.

    Parameters
    ----------
    cross
        Array (..., p + 1, p + 1), cross-products about the mean, drivers first and the outcome last.

    Raises
    ------
    EstimationError
        When p exceeds 30: each driver doubles the time, and 30 take half a minute.
    """
    p = cross.shape[-1] - 1
    _require_at_most(p, MOST_DRIVERS, sentence("going through all subsets"))
    scratch = _Scratch()
    parts = [_chunk_sums(state, p, scratch) for state in _chunks(cross, p)]
    shape = cross.shape[:-2]
    containing, total, full = (0.0 - np.concatenate([part[k] for part in parts], axis=-1) for k in range(3))
    return SubsetSums(
        np.moveaxis(containing, -1, 0).reshape(*shape, p, p + 1),
        total.T.reshape(*shape, p + 1),
        full.reshape(shape),
    )


def _require_at_most(p: int, most: int, purpose: Sentence) -> None:
    if p > most:
        raise EstimationError(
            sentence(
                "{p:count} drivers are too many for {purpose}: at most {most:count} are possible. Drop or combine "
                "drivers, or sample orders, which knows no such limit.",
                p=p,
                purpose=purpose,
                most=most,
            )
        )


def _split(p: int) -> tuple[int, int, int]:
    """How many of the p drivers are decided first (together), in the middle (one by one) and last (together)."""
    if p <= _BLOCK:
        return p - p // 2, 0, p // 2
    return _LOW, p - _BLOCK, _BLOCK - _LOW


def _chunks(cross: FloatArray, p: int) -> list[FloatArray]:
    """Packed upper triangles ((p+1)(p+2)/2, b) of the correlations, in batches whose lattices fit the cache."""
    correlation = correlation_matrix(cross).reshape(-1, p + 1, p + 1)
    upper, lower = _upper(p + 1)
    packed = np.ascontiguousarray(correlation[:, upper, lower].T)
    packed[-1] = 0.0  # in the outcome's own place: what has been explained, negative
    width = max(1, 2**_BLOCK >> p)
    return [packed[:, start : start + width] for start in range(0, packed.shape[1], width)]


class _Scratch:
    """Memory used again for every block: fresh pages would cost as much time as the arithmetic."""

    def __init__(self) -> None:
        self._flat: dict[str, FloatArray] = {}

    def array(self, name: str, rows: int, columns: int) -> FloatArray:
        """Array (rows, columns) of this name, its content left from its last use."""
        flat = self._flat.get(name)
        if flat is None or flat.size < rows * columns:
            flat = self._flat[name] = np.empty(rows * columns)
        return flat[: rows * columns].reshape(rows, columns)


def _blocks(state: FloatArray, p: int, scratch: _Scratch) -> Iterator[tuple[tuple[int, ...], FloatArray]]:
    """Go through the lattice of one batch, block by block.

    Yields the choice (0 or 1) made for each middle driver, and minus the R² (2**high, 2**low, b) of the subsets
    that share it; the block is overwritten by the next.
    """
    low, middle, high = _split(p)
    batch = state.shape[1]
    state = _widened(state, p + 1, low, scratch).copy()
    for code, leaf in _leaves(state, p + 1 - low, middle, (), scratch):
        yield code, _widened(leaf, high + 1, high, scratch).reshape(2**high, 2**low, batch)


def _leaves(
    state: FloatArray, m: int, middle: int, code: tuple[int, ...], scratch: _Scratch
) -> Iterator[tuple[tuple[int, ...], FloatArray]]:
    """Decide the next `middle` drivers one by one, depth first: memory grows with their number only."""
    if middle == 0:
        yield code, state
        return
    yield from _leaves(state[m:], m - 1, middle - 1, (*code, 0), scratch)
    taken = scratch.array(f"leaf {m}", len(state) - m, state.shape[1])
    _take_in(state, m, taken, scratch)
    yield from _leaves(taken, m - 1, middle - 1, (*code, 1), scratch)


def _widened(state: FloatArray, m: int, steps: int, scratch: _Scratch) -> FloatArray:
    """Decide `steps` drivers: packed matrices (m(m+1)/2, b) become 2**steps as many, the new bits highest."""
    for size in range(m, m - steps, -1):
        width = state.shape[1]
        wider = scratch.array("even" if size % 2 == 0 else "odd", len(state) - size, 2 * width)
        wider[:, :width] = state[size:]
        _take_in(state, size, wider[:, width:], scratch)
        state = wider
    return state


def _take_in(state: FloatArray, m: int, out: FloatArray, scratch: _Scratch) -> None:
    """Sweep the first of m variables out of the packed matrices `state`; the others' matrices go to `out`.

    A pivot below the tolerance is replaced by it: the row of a dependent driver is itself rounding, so that it
    then explains nothing, and exact duplicates share equally.
    """
    row = state[1:m]
    pivot = np.maximum(state[:1], _TOLERANCE, out=scratch.array("pivot", 1, state.shape[1]))
    np.reciprocal(pivot, out=pivot)
    slope = np.multiply(row, pivot, out=scratch.array("slope", m - 1, state.shape[1]))
    if state.shape[1] < _NARROW:
        upper, lower = _upper(m - 1)
        np.multiply(slope[upper], row[lower], out=out)
    else:
        start = 0
        for i in range(m - 1):
            stop = start + m - 1 - i
            np.multiply(slope[i], row[i:], out=out[start:stop])
            start = stop
    np.subtract(state[m:], out, out=out)


@cache
def _upper(m: int) -> tuple[IntArray, IntArray]:
    """Rows and columns of an upper triangle, made once for each size."""
    upper, lower = np.triu_indices(m)
    return upper, lower


def _position(code: tuple[int, ...]) -> int:
    """Place of a choice among the middle drivers' 2**middle, the first driver lowest."""
    return sum(bit << place for place, bit in enumerate(code))


@cache
def _sizes(drivers: int) -> FloatArray:
    """Array (drivers + 1, 2**drivers): whether a subset has this size."""
    count = np.bitwise_count(np.arange(2**drivers))
    return np.asarray(count == np.arange(drivers + 1)[:, None], dtype=float)


@cache
def _members(drivers: int) -> FloatArray:
    """Array (drivers * (drivers + 1), 2**drivers): whether a subset holds this driver and has this size."""
    inside = (np.arange(2**drivers) >> np.arange(drivers)[:, None]) & 1
    return (inside[:, None] * _sizes(drivers)).reshape(-1, 2**drivers)


def _chunk_sums(state: FloatArray, p: int, scratch: _Scratch) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Minus R² of one batch, summed by driver and size (p, p + 1, b), by size (p + 1, b), and of all drivers (b,).

    Each block is a table, subsets of the last drivers by subsets of the first; it is reduced by size on one side
    while the other is kept, which needs only two thin matrix products.
    """
    low, middle, high = _split(p)
    batch = state.shape[1]
    first = np.zeros((middle + 1, high + 1, 2**low * batch))
    last = np.zeros((middle + 1, 2**high, (low + 1) * batch))
    containing = np.zeros((p, p + 1, batch))
    for code, block in _blocks(state, p, scratch):
        count = sum(code)
        first[count] += _sizes(high) @ block.reshape(2**high, -1)
        by_last = _over_first(block, low)
        last[count] += by_last
        if count:
            sums = (_sizes(high) @ by_last).reshape(high + 1, low + 1, batch)
            chosen = low + np.flatnonzero(code)
            containing[chosen] += _by_size(sums, count, p)
    for count in range(middle + 1):
        containing[:low] += _first_sums(first[count], count, p, batch)
        members = (_members(high) @ last[count]).reshape(high, high + 1, low + 1, batch)
        containing[low + middle :] += _by_size(members, count, p)
    totals = [(_sizes(high) @ part).reshape(high + 1, low + 1, batch) for part in last]
    total = sum(_by_size(part, count, p) for count, part in enumerate(totals))
    return containing, np.asarray(total), block[-1, -1].copy()


def _over_first(block: FloatArray, low: int) -> FloatArray:
    """Sum a block (2**high, 2**low, b) over the first drivers' subsets of each size: (2**high, (low + 1) * b)."""
    rows, columns, batch = block.shape
    if batch == 1:
        return block.reshape(rows, columns) @ _sizes(low).T
    sums: FloatArray = np.matmul(_sizes(low), block)
    return sums.reshape(rows, -1)


def _first_sums(first: FloatArray, count: int, p: int, batch: int) -> FloatArray:
    """Minus R² summed (low, p + 1, b) for each first driver, from sums over the last drivers' subsets by size."""
    low = _split(p)[0]
    tables = first.reshape(-1, 2**low, batch)
    members = np.matmul(_members(low), tables).reshape(-1, low, low + 1, batch)
    return _by_size(np.moveaxis(members, 0, 1), count, p)


def _by_size(sums: FloatArray, count: int, p: int) -> FloatArray:
    """Bring sums (..., s, t, b) by two partial sizes together by whole size s + t + `count`: (..., p + 1, b)."""
    *rest, parts, width, batch = sums.shape
    return np.asarray(_whole_sizes(parts, width, count, p) @ sums.reshape(*rest, parts * width, batch))


@cache
def _whole_sizes(parts: int, width: int, count: int, p: int) -> FloatArray:
    """Array (p + 1, parts * width): whether two partial sizes and `count` make this whole size."""
    size = count + np.add.outer(np.arange(parts), np.arange(width)).ravel()
    return np.asarray(size == np.arange(p + 1)[:, None], dtype=float)
