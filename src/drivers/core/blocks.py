"""Blocks: shares of R² of groups of columns that enter a regression together, such as a driver and its indicator."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from drivers.core.linear import partial_out
from drivers.core.moments import FloatArray, correlation_matrix
from drivers.errors import EstimationError

MOST_BLOCKS = 20

_TOLERANCE = 1e-12  # of a column's variance: what is left of it below this counts as this
_CELLS = 2_000_000  # numbers held at once


def block_dominance(cross: FloatArray, blocks: Sequence[Sequence[int]], *, controls: int = 0) -> FloatArray:
    """Share of the outcome's variance that belongs to each block (Shapley 1953, with blocks as the players).

    Parameters
    ----------
    cross
        Array (..., q, q), cross-products about the mean: controls first, outcome last.
    blocks
        Columns of each block; a column may be in several, and then adds nothing to the second that enters.
    controls
        Number of leading columns that every model holds constant; they get no share.

    Returns
    -------
    Array (..., blocks), fractions of the outcome's whole variance. With one column a block this is LMG.

    Raises
    ------
    EstimationError
        When there are more than 20 blocks.
    """
    if len(blocks) > MOST_BLOCKS:
        raise EstimationError(
            f"{len(blocks)} drivers are too many for shares with indicators of missing answers: at most {MOST_BLOCKS} "
            'are possible. Drop or combine drivers, or set survey.missing_policy = "imputed".'
        )
    residual = partial_out(cross, controls)
    columns = [c - controls for block in blocks for c in block] + [residual.shape[-1] - 1]
    chosen = correlation_matrix(residual)[..., columns, :][..., columns].reshape(-1, len(columns), len(columns))
    sizes = [len(block) for block in blocks]
    width = max(1, _CELLS // (2 ** len(blocks) * 4))
    parts = [_shapley(_explained(chosen[a : a + width], sizes)) for a in range(0, len(chosen), width)]
    whole, left = cross[..., -1, -1], residual[..., -1, -1]
    part = np.divide(left, whole, out=np.zeros_like(whole), where=whole > 0)
    return np.asarray(np.concatenate(parts).reshape(*cross.shape[:-2], len(blocks)) * part[..., None])


def _explained(state: FloatArray, sizes: list[int]) -> FloatArray:
    """R² (b, 2**blocks) of all sets of blocks of the correlations (b, q, q); bit j says whether block j is in."""
    batch = len(state)
    state = state[None]
    for size in sizes:
        taken = state
        for _ in range(size):
            pivot = np.maximum(taken[..., :1, :1], _TOLERANCE)
            taken = taken[..., 1:, 1:] - taken[..., 1:, :1] * taken[..., :1, 1:] / pivot
        state = np.concatenate([state[..., size:, size:], taken])
    return np.asarray(1.0 - state.reshape(-1, batch).T)


def _shapley(worth: FloatArray) -> FloatArray:
    """Shapley values (b, g) of the worth (b, 2**g) of every set."""
    g = worth.shape[1].bit_length() - 1
    size = np.bitwise_count(np.arange(2**g)).astype(int)
    weight = np.array([1.0 / (g * comb(g - 1, s)) if s < g else 0.0 for s in range(g + 1)])
    values = np.empty((len(worth), g))
    for j in range(g):
        without = (np.arange(2**g) >> j & 1) == 0
        sets = np.flatnonzero(without)
        values[:, j] = (worth[:, sets + (1 << j)] - worth[:, sets]) @ weight[size[sets]]
    return values
