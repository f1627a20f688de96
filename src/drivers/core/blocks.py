"""Blocks: shares of R² of groups of columns that enter a regression together, such as a driver and its indicator."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from drivers.core.lattice import subset_r_squared
from drivers.core.linear import partial_out
from drivers.core.moments import FloatArray, correlation_matrix
from drivers.core.worth import shapley_values
from drivers.errors import EstimationError
from drivers.wording import sentence

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
            sentence(
                "{p:count} drivers are too many for shares with indicators of missing answers: at most {most:count} "
                'are possible. Drop or combine drivers, or set survey.missing_policy = "imputed".',
                p=len(blocks),
                most=MOST_BLOCKS,
            )
        )
    values = np.empty((*cross.shape[:-2], len(blocks)))
    flat = values.reshape(-1, len(blocks))
    for part, worth in block_r_squared(cross, blocks, controls=controls):
        flat[part] = shapley_values(worth)
    return values


def block_r_squared(
    cross: FloatArray, blocks: Sequence[Sequence[int]], *, controls: int = 0
) -> Iterator[tuple[slice, FloatArray]]:
    """R² that every set of blocks adds to the controls, some of the regressions at a time.

    Parameters are those of `block_dominance`. Yields which of the regressions (leading axes flattened) these are, and
    an array (b, 2**blocks); bit j of the position says whether block j is in.
    """
    residual = partial_out(cross, controls)
    q = residual.shape[-1]
    columns = [c - controls for block in blocks for c in block] + [q - 1]
    chosen = residual[..., columns, :][..., columns].reshape(-1, len(columns), len(columns))
    whole, left = cross[..., -1, -1], residual[..., -1, -1]
    part = np.divide(left, whole, out=np.zeros_like(whole), where=whole > 0).reshape(-1, 1)
    single = len(columns) == len(set(columns)) == len(blocks) + 1  # the lattice is faster than sets of blocks
    width = max(1, _CELLS >> len(blocks) if single else _CELLS // (2 ** len(blocks) * 4))
    for start in range(0, len(chosen), width):
        some = slice(start, start + width)
        if single:
            yield some, subset_r_squared(chosen[some]) * part[some]
        else:
            yield some, _explained(correlation_matrix(chosen[some]), [len(block) for block in blocks]) * part[some]


def divided_r_squared(
    cross: FloatArray, blocks: Sequence[Sequence[int]], divide: FloatArray, *, controls: int = 0
) -> FloatArray:
    """R² that sets of blocks add to the controls, divided over d players by `divide` (d, 2**blocks): array (..., d).

    The other parameters are those of `block_dominance`.
    """
    values = np.empty((*cross.shape[:-2], len(divide)))
    flat = values.reshape(-1, len(divide))
    for some, worth in block_r_squared(cross, blocks, controls=controls):
        flat[some] = worth @ divide.T
    return values


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
