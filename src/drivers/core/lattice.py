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

MOST_DRIVERS = 30  # about half a minute; each further driver doubles it
MOST_HELD = 26  # 2**26 R² are half a gigabyte

_TOLERANCE = 1e-12  # of a driver's variance: what is left of it below this counts as this
_BLOCK = 15  # log2 of the subsets held at once: their partial matrices fit a core's level-2 cache
_LOW = 9  # log2 of the subsets carried through the middle drivers together
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
    _require_at_most(p, MOST_HELD, "holding the R² of every subset")
    low, middle, high = _split(p)
    states = _chunks(cross, p)
    parts = [np.empty((2**high, 2**middle, 2**low, state.shape[1])) for state in states]
    for state, part in zip(states, parts, strict=True):
        for code, block in _blocks(state, p):
            part[:, _position(code)] = block
    flat = np.concatenate([part.reshape(2**p, -1) for part in parts], axis=1)
    return np.ascontiguousarray(flat.T).reshape(*cross.shape[:-2], 2**p)


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
    _require_at_most(p, MOST_DRIVERS, "going through all subsets")
    parts = [_chunk_sums(state, p) for state in _chunks(cross, p)]
    shape = cross.shape[:-2]
    containing, total, full = (np.concatenate([part[k] for part in parts], axis=-1) for k in range(3))
    return SubsetSums(
        np.moveaxis(containing, -1, 0).reshape(*shape, p, p + 1),
        total.T.reshape(*shape, p + 1),
        full.reshape(shape),
    )


def _require_at_most(p: int, most: int, purpose: str) -> None:
    if p > most:
        raise EstimationError(
            f"{p} drivers are too many for {purpose}: at most {most} are possible. "
            "Drop or combine drivers, or use relative weights, which have no such limit."
        )


def _split(p: int) -> tuple[int, int, int]:
    """How many of the p drivers are decided first (together), in the middle (one by one) and last (together)."""
    if p <= _BLOCK:
        return p // 2, 0, p - p // 2
    return _LOW, p - _BLOCK, _BLOCK - _LOW


def _chunks(cross: FloatArray, p: int) -> list[FloatArray]:
    """Packed upper triangles ((p+1)(p+2)/2, b) of the correlations, in batches whose lattices fit the cache."""
    correlation = correlation_matrix(cross).reshape(-1, p + 1, p + 1)
    upper, lower = np.triu_indices(p + 1)
    packed = np.ascontiguousarray(correlation[:, upper, lower].T)
    packed[-1] = 0.0  # in the outcome's own place: what has been explained, negative
    width = max(1, 2**_BLOCK >> p)
    return [packed[:, start : start + width] for start in range(0, packed.shape[1], width)]


def _blocks(state: FloatArray, p: int) -> Iterator[tuple[tuple[int, ...], FloatArray]]:
    """Go through the lattice of one batch, block by block.

    Yields the choice (0 or 1) made for each middle driver, and the R² (2**high, 2**low, b) of the subsets that
    share it.
    """
    low, middle, high = _split(p)
    batch = state.shape[1]
    state = _widened(state, p + 1, low)
    for code, leaf in _leaves(state, p + 1 - low, middle, ()):
        explained = _widened(leaf, high + 1, high)
        yield code, np.negative(explained, out=explained).reshape(2**high, 2**low, batch)


def _leaves(
    state: FloatArray, m: int, middle: int, code: tuple[int, ...]
) -> Iterator[tuple[tuple[int, ...], FloatArray]]:
    """Decide the next `middle` drivers one by one, depth first: memory grows with their number only."""
    if middle == 0:
        yield code, state
        return
    yield from _leaves(state[m:], m - 1, middle - 1, (*code, 0))
    taken = np.empty_like(state[m:])
    _take_in(state, m, taken)
    yield from _leaves(taken, m - 1, middle - 1, (*code, 1))


def _widened(state: FloatArray, m: int, steps: int) -> FloatArray:
    """Decide `steps` drivers: packed matrices (m(m+1)/2, b) become 2**steps as many, the new bits highest."""
    for size in range(m, m - steps, -1):
        width = state.shape[1]
        wider = np.empty((state.shape[0] - size, 2 * width))
        wider[:, :width] = state[size:]
        _take_in(state, size, wider[:, width:])
        state = wider
    return state


def _take_in(state: FloatArray, m: int, out: FloatArray) -> None:
    """Sweep the first of m variables out of the packed matrices `state`; the others' matrices go to `out`.

    A pivot below the tolerance is replaced by it: the row of a dependent driver is itself rounding, so that it
    then explains nothing, and exact duplicates share equally.
    """
    row = state[1:m]
    slope = row * np.reciprocal(np.maximum(state[0], _TOLERANCE))
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


def _chunk_sums(state: FloatArray, p: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """R² of one batch, summed by driver and size (p, p + 1, b) and by size (p + 1, b), and of all drivers (b,).

    Each block is a table, subsets of the last drivers by subsets of the first; it is reduced by size on one side
    while the other is kept, which needs only two thin matrix products.
    """
    low, middle, high = _split(p)
    batch = state.shape[1]
    first = np.zeros((middle + 1, high + 1, 2**low * batch))
    last = np.zeros((middle + 1, 2**high, (low + 1) * batch))
    containing = np.zeros((p, p + 1, batch))
    for code, block in _blocks(state, p):
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
    """R² summed (low, p + 1, b) for each first driver, from sums over the last drivers' subsets by size."""
    low = _split(p)[0]
    tables = first.reshape(-1, 2**low, batch)
    members = np.matmul(_members(low), tables).reshape(-1, low, low + 1, batch)
    return _by_size(np.moveaxis(members, 0, 1), count, p)


def _by_size(sums: FloatArray, count: int, p: int) -> FloatArray:
    """Bring sums (..., s, t, b) by two partial sizes together by whole size s + t + `count`: (..., p + 1, b)."""
    *rest, parts, width, batch = sums.shape
    whole = np.zeros((*rest, p + 1, batch))
    for s in range(parts):
        whole[..., count + s : count + s + width, :] += sums[..., s, :, :]
    return whole
