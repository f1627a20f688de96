"""Which way to the shares: through all subsets while there are few, through sampled orders beyond; never unnamed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.blocks import MOST_BLOCKS, block_dominance
from drivers.core.dominance import general_dominance
from drivers.core.moments import FloatArray, IntArray
from drivers.core.sampling import PRECISION, balanced_orders, order_shares, sampled_shares

MOST_EXACT = 25
"""Drivers up to which the shares of a sample are exact: half a second, doubled by each further driver."""

_LATTICE = 2**26  # subsets times draws that are gone through exactly: about a second and a half
_BLOCKS = 2**24  # the same for blocks, each subset of which costs more
_DRAW_SHIFTS = 16  # of one order, and as many reversed, for each draw: 1,000 draws of 40 drivers take two seconds
_TWICE = 30  # drivers up to which two orders are shifted: they cost less
_COMPARED = 8  # draws that their error is measured in
_LITTLE = 1e-6  # of R²: smaller shares are not corrected
_SEED = 1  # of the orders: the same drivers always get the same ones


@dataclass(frozen=True, slots=True, eq=False)
class SharePlan:
    """How shares of these blocks are computed, and what they are in the sample.

    Attributes
    ----------
    cross
        Array (q, q), cross-products of the sample.
    blocks
        Columns of each of the g blocks.
    controls
        Leading columns that are held constant.
    value
        Array (g,), shares of the outcome's variance in the sample.
    error
        Array (g,), their Monte-Carlo standard errors; 0 when exact.
    orders
        Orders that they were sampled from; 0 when exact.
    draw_orders
        Orders (m, g) for moments that are too many to be exact.
    slant
        Array (g,), what those orders give in the sample, as a part of `value`.
    """

    cross: FloatArray
    blocks: tuple[tuple[int, ...], ...]
    controls: int
    value: FloatArray
    error: FloatArray
    orders: int
    draw_orders: IntArray
    slant: FloatArray

    def draw_error(self, cross: FloatArray) -> float:
        """Monte-Carlo error of shares of draws (B, q, q), as a part of R²: root mean square over blocks and draws.

        Measured in a few draws against other orders, a whole balanced set; 0 when the draws are exact.
        """
        if self.exact(len(cross)) or not self.value.sum() > 0:
            return 0.0
        few = cross[:_COMPARED]
        others = balanced_orders(np.random.default_rng(_SEED + 1), len(self.blocks))[0]
        gap = self._corrected(few, self.draw_orders, self.slant) - self._corrected(few, others, self._slant(others))
        return float(np.sqrt((gap**2).mean()) / self.value.sum())

    def exact(self, batch: int) -> bool:
        """Whether the shares of this many moments are exact."""
        return _is_exact(self.blocks, batch)

    def shares(self, cross: FloatArray) -> FloatArray:
        """Shares (..., g) of the outcome's variance from cross-products (..., q, q); they sum to R².

        Where they are too many to be exact, all are computed from the same orders, and corrected by what these orders
        miss in the sample: the error that is left is that of a difference between two like sets of moments.
        """
        if cross is self.cross:
            return self.value
        if self.exact(int(np.prod(cross.shape[:-2]))):
            return _exact_shares(cross, self.blocks, self.controls)
        return self._corrected(cross, self.draw_orders, self.slant)

    def _slant(self, orders: IntArray) -> FloatArray:
        return _slant_of(self.cross, self.blocks, self.controls, orders, self.value)

    def _corrected(self, cross: FloatArray, orders: IntArray, slant: FloatArray) -> FloatArray:
        found = order_shares(cross, self.blocks, orders, self.controls)
        corrected = np.divide(found, slant, out=found.copy(), where=slant > 0)
        total = corrected.sum(axis=-1, keepdims=True)
        scale = np.divide(found.sum(axis=-1, keepdims=True), total, out=np.ones_like(total), where=total > 0)
        return np.asarray(corrected * scale)


def share_plan(
    cross: FloatArray, blocks: Sequence[Sequence[int]], *, controls: int = 0, precision: float = PRECISION
) -> SharePlan:
    """The way to the shares of these blocks.

    Up to 25 drivers (20 blocks, where one has several columns) the sample's shares are exact; beyond, they come from
    sampled orders until the Monte-Carlo standard error of each is at most `precision` of R². Many moments, such as
    those of the draws, are exact while subsets times moments stay below 2**26 (blocks: 2**24).

    Parameters
    ----------
    cross
        Array (q, q), cross-products of the sample: controls first, outcome last.
    blocks
        Columns of each block; a driver by itself is a block of one.
    controls
        Number of leading columns that are held constant.
    precision
        See `sampled_shares`.
    """
    shape, rng = tuple(tuple(block) for block in blocks), np.random.default_rng(_SEED)
    draw_orders = _draw_orders(rng, len(shape))
    if _is_exact(shape, 1):
        value, error, orders = _exact_shares(cross, shape, controls), np.zeros(len(shape)), 0
    else:
        sampled = sampled_shares(cross, shape, rng, controls=controls, precision=precision)
        value, error, orders = sampled.value, sampled.error, sampled.orders
    slant = _slant_of(cross, shape, controls, draw_orders, value)
    return SharePlan(cross, shape, controls, value, error, orders, draw_orders, slant)


def _slant_of(
    cross: FloatArray, blocks: tuple[tuple[int, ...], ...], controls: int, orders: IntArray, value: FloatArray
) -> FloatArray:
    """What these orders give in the sample, as a part of the shares there; 1 where there is nothing to compare."""
    rough = order_shares(cross, blocks, orders, controls)
    return np.divide(rough, value, out=np.ones_like(value), where=value > _LITTLE * value.sum())


def _draw_orders(rng: np.random.Generator, players: int) -> IntArray:
    """Orders (m, g) for the draws: shifts of a random order or two, evenly spread, and these reversed."""
    shifts = balanced_orders(rng, players, 2 if players <= _TWICE else 1)[:, :players]
    spread = np.linspace(0, players, min(players, _DRAW_SHIFTS), endpoint=False).astype(int)
    chosen = shifts[:, spread].reshape(-1, players)
    return np.concatenate([chosen, chosen[:, ::-1]])


def _is_exact(blocks: tuple[tuple[int, ...], ...], batch: int) -> bool:
    if all(len(block) == 1 for block in blocks):
        return len(blocks) <= MOST_EXACT and batch << len(blocks) <= _LATTICE
    return len(blocks) <= MOST_BLOCKS and batch << len(blocks) <= _BLOCKS


def _exact_shares(cross: FloatArray, blocks: tuple[tuple[int, ...], ...], controls: int) -> FloatArray:
    columns = [column for block in blocks for column in block]
    if len(columns) > len(blocks):
        return block_dominance(cross, blocks, controls=controls)
    chosen = [*range(controls), *columns, cross.shape[-1] - 1]
    return general_dominance(cross[..., chosen, :][..., chosen], controls=controls)
