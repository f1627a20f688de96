"""Shares of R² from sampled orders: for more drivers than all subsets can be gone through of.

The share of a driver is what it adds to R², averaged over all orders in which the drivers can enter (Lindeman, Merenda
& Gold 1980; Castro, Gómez & Tejada 2009, doi:10.1016/j.cor.2008.04.004). One order's gains are the squares of the last
row of the Cholesky factor of the correlations in that order, the outcome last.

Orders come in balanced sets: a random order, its cyclic shifts and all of these reversed. In a set every driver
stands in every place twice, so that the part of the spread that is due to the place cancels: the same error takes a
fiftieth to an eightieth of the orders that independent ones need. Sets are independent of one another; their spread
gives the Monte-Carlo error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.linear import partial_out
from drivers.core.moments import FloatArray, IntArray, correlation_matrix

PRECISION = 0.001
"""Monte-Carlo standard error of the least certain share, as a part of R², at which sampling stops."""

_NUGGET = 1e-11  # added to each variance: a driver that others determine then adds nothing, and no factor fails
_CELLS = 4_000_000  # numbers held at once
_SETS = 8  # sets in a round: their spread is known to a quarter
_ROUNDS = 64


@dataclass(frozen=True, slots=True, eq=False)
class SampledShares:
    """Shares from sampled orders, with what the sampling leaves uncertain.

    Attributes
    ----------
    value
        Array (g,), fractions of the outcome's variance; they sum to R² exactly.
    error
        Array (g,), Monte-Carlo standard errors.
    orders
        Orders used.
    """

    value: FloatArray
    error: FloatArray
    orders: int


def balanced_orders(rng: np.random.Generator, players: int, sets: int = 1) -> IntArray:
    """Orders (sets, 2 * players, players): each set a random order, its cyclic shifts, and these reversed."""
    start = rng.permuted(np.tile(np.arange(players), (sets, 1)), axis=1)
    shifts = start[:, (np.arange(players)[:, None] + np.arange(players)) % players]
    return np.concatenate([shifts, shifts[:, :, ::-1]], axis=1)


def sampled_shares(
    cross: FloatArray,
    blocks: Sequence[Sequence[int]],
    rng: np.random.Generator,
    *,
    controls: int = 0,
    precision: float = PRECISION,
) -> SampledShares:
    """Shares of R² of each block from as many sets of orders as the precision asks for.

    Parameters
    ----------
    cross
        Array (q, q), cross-products about the mean: controls first, outcome last.
    blocks
        Columns of each block; a driver by itself is a block of one.
    rng
        Generator of the orders.
    controls
        Number of leading columns that every model holds constant; they get no share.
    precision
        Standard error of the least certain share, as a part of R², at which sampling stops; at the latest after 512
        sets.
    """
    sums, squares, sets = np.zeros(len(blocks)), np.zeros(len(blocks)), 0
    error = np.zeros(len(blocks))
    for _ in range(_ROUNDS):
        found = np.stack(
            [order_shares(cross, blocks, orders, controls) for orders in balanced_orders(rng, len(blocks), _SETS)]
        )
        sums, squares, sets = sums + found.sum(axis=0), squares + (found**2).sum(axis=0), sets + _SETS
        error = np.sqrt(np.maximum(squares / sets - (sums / sets) ** 2, 0.0) / (sets - 1))
        if error.max() <= precision * sums.sum() / sets:
            break
    return SampledShares(sums / sets, error, sets * 2 * len(blocks))


def order_shares(cross: FloatArray, blocks: Sequence[Sequence[int]], orders: IntArray, controls: int = 0) -> FloatArray:
    """Shares (..., g) of the outcome's variance, averaged over these orders (m, g) of the blocks.

    `cross` is an array (..., q, q) as in `sampled_shares`. In each order the shares sum to R².
    """
    residual = partial_out(cross, controls) if controls else cross
    columns, owner = _columns(blocks, controls)
    chosen = [*columns, residual.shape[-1] - 1]
    correlation = correlation_matrix(residual)[..., chosen, :][..., chosen].reshape(-1, len(chosen), len(chosen))
    shares = _mean_gains(correlation, _places(orders, owner)) @ (owner[:, None] == np.arange(len(blocks)))
    whole, left = cross[..., -1, -1], residual[..., -1, -1]
    part = np.divide(left, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.asarray(shares.reshape(*cross.shape[:-2], len(blocks)) * part[..., None])


def _columns(blocks: Sequence[Sequence[int]], controls: int) -> tuple[list[int], IntArray]:
    """The columns of all blocks after the controls, and the block (c,) that each belongs to."""
    columns = [column - controls for block in blocks for column in block]
    return columns, np.repeat(np.arange(len(blocks)), [len(block) for block in blocks])


def _places(orders: IntArray, owner: IntArray) -> IntArray:
    """Orders of the blocks (m, g) as orders of their columns (m, c), those of a block side by side."""
    return np.argsort(np.argsort(orders, axis=1)[:, owner], axis=1, kind="stable")


def _mean_gains(correlation: FloatArray, places: IntArray) -> FloatArray:
    """Mean over the orders (m, c) of what each column adds to R²: (b, c) from correlations (b, c + 1, c + 1)."""
    m, c = places.shape
    steady = correlation.copy()
    np.einsum("...ii->...i", steady)[...] += _NUGGET
    steady[:, -1, -1] = 2.0  # its own row of the factor is then real whatever R² is, and the others do not change
    full = np.column_stack([places, np.full(m, c)])
    flat = full[:, :, None] * (c + 1) + full[:, None, :]
    means = np.zeros((len(steady), c))
    width = max(1, _CELLS // (m * (c + 1) ** 2))
    back = np.argsort(places, axis=1)
    for start in range(0, len(steady), width):
        rows = steady[start : start + width].reshape(-1, (c + 1) ** 2)
        last = np.linalg.cholesky(np.take(rows, flat, axis=1))[:, :, -1, :-1]
        gains = np.take_along_axis(last, np.broadcast_to(back, last.shape), axis=2)
        means[start : start + width] = np.einsum("bmc,bmc->bc", gains, gains) / m
    return means
