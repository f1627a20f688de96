"""Drivers that cannot be told apart: which they are, and cross-products in which each group of them is one block.

Belsley, Kuh & Welsch 1980, Regression Diagnostics, chapter 3: a near-dependency has a condition index above 30 and
holds at least half of the variance of two coefficients or more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, correlation_matrix

TWIN_CORRELATION = 0.95
"""From this correlation on (with the controls held constant), two drivers are twins; their inflation is then 10."""

CONDITION_INDEX = 30.0
"""From this condition index on, drivers nearly determine one another."""

_HALF = 0.5  # of a coefficient's variance
_LOADING = 0.01  # squared loading on a near-dependency below which a driver takes no part in it
_FLOOR = 1e-14  # of the largest eigenvalue: smaller ones are rounding
_NULL = 1e-10  # of the largest eigenvalue of a group: smaller components are copies of the others


@dataclass(frozen=True, slots=True, eq=False)
class Condensed:
    """New columns in place of old ones: controls, then the components of each block, then the outcome.

    Attributes
    ----------
    weights
        Array (q, k), what of the q old columns makes each of the k new ones.
    blocks
        New columns of each block.
    """

    weights: FloatArray
    blocks: tuple[tuple[int, ...], ...]

    def cross(self, cross: FloatArray) -> FloatArray:
        """Cross-products (..., k, k) of the new columns from those (..., q, q) of the old ones."""
        return np.asarray(self.weights.T @ cross @ self.weights)


def alike_groups(cross: FloatArray) -> tuple[tuple[int, ...], ...]:
    """Groups of drivers that cannot be told apart: duplicates, near-duplicates and (near) linear dependencies.

    Two drivers are linked when their correlation is 0.95 or more in size, or when both take part in one
    near-dependency; a group is what is linked, directly or through others.

    Parameters
    ----------
    cross
        Array (p + 1, p + 1), cross-products of drivers and outcome, with the controls held constant.

    Returns
    -------
    Positions of the members of each group of two drivers or more, in order.
    """
    correlation = correlation_matrix(cross)[:-1, :-1]
    linked = np.abs(correlation) >= TWIN_CORRELATION - 1e-12
    return _components(linked | _dependent_pairs(correlation))


def twins_alike(cross: FloatArray, members: Sequence[int]) -> bool:
    """Whether the members of a group all run along: each pair has a correlation of 0.95 or more, none is reversed."""
    correlation = correlation_matrix(cross)[np.ix_(members, members)]
    return bool((correlation >= TWIN_CORRELATION - 1e-12).all())


def condensed_columns(cross: FloatArray, blocks: Sequence[Sequence[int]], controls: int) -> Condensed:
    """Columns in which each block is its uncorrelated components, without those that only copy others.

    Exact duplicates become one column, so that shares of blocks of them cost no more than those of single drivers.

    Parameters
    ----------
    cross
        Array (q, q), cross-products of the sample: controls first, outcome last.
    blocks
        Old columns of each block; those outside all blocks are left out.
    controls
        Number of leading columns that stay as they are.
    """
    q = len(cross)
    kept, places = [np.eye(q)[:, :controls]], []
    width = controls
    for block in blocks:
        part = _components_of(cross, list(block))
        kept.append(part)
        places.append(tuple(range(width, width + part.shape[1])))
        width += part.shape[1]
    return Condensed(np.column_stack([*kept, np.eye(q)[:, -1]]), tuple(places))


def _components_of(cross: FloatArray, block: list[int]) -> FloatArray:
    """Weights (q, r) of the r uncorrelated components of a block's columns; of one column, itself."""
    if len(block) == 1:
        return np.eye(len(cross))[:, block]
    inner = cross[np.ix_(block, block)]
    spread = np.sqrt(np.maximum(np.diagonal(inner), 0.0))
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    values, vectors = np.linalg.eigh(correlation_matrix(inner))
    real = values > _NULL * values[-1]
    weights = np.zeros((len(cross), int(real.sum())))
    weights[block] = (scale[:, None] * vectors[:, real]) / np.sqrt(values[real])
    return weights


def _dependent_pairs(correlation: FloatArray) -> BoolArray:
    """Pairs (p, p) of drivers that take part in the same near-dependency."""
    values, vectors = np.linalg.eigh(correlation)
    values = np.maximum(values, _FLOOR * values[-1])
    near = values * CONDITION_INDEX**2 <= values[-1]
    parts = vectors**2 / values
    share = parts[:, near].sum(axis=1) / parts.sum(axis=1)
    projector = vectors[:, near] @ vectors[:, near].T
    involved = (share >= _HALF) & (np.diagonal(projector) > _LOADING)
    return np.asarray(involved[:, None] & involved & (np.abs(projector) > _LOADING))


def _components(linked: BoolArray) -> tuple[tuple[int, ...], ...]:
    """Connected components of two or more."""
    reach = linked | np.eye(len(linked), dtype=bool)
    while (wider := reach.astype(float) @ reach > 0).sum() > reach.sum():
        reach = wider
    groups = {tuple(int(i) for i in np.flatnonzero(row)) for row in reach}
    return tuple(sorted(group for group in groups if len(group) > 1))
