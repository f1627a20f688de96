"""Paths: scores of blocks of items, and the effects between them, by partial least squares from correlations alone.

Wold 1982 and Lohmöller 1989, Latent Variable Path Modeling with Partial Least Squares; mode A, so that an item counts
by its correlation with what its block is connected to. Throughout q is the number of items and J that of blocks. As
nothing but cross-products is used, the draws of a resample are one batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.core.linear import linear_fit
from drivers.core.moments import BoolArray, FloatArray, correlation_matrix

Scheme = Literal["path", "centroid", "factorial"]

_CLOSE = 1e-9  # largest change of a weight at which the iteration has come to rest
_MOST = 300  # iterations, as in SmartPLS; a draw that needs more has no result


@dataclass(frozen=True, slots=True)
class PathDesign:
    """Which items make up each of J blocks, and which blocks lead to which.

    Attributes
    ----------
    blocks
        Places of the items of each block; every item in one block.
    sources
        For each block the blocks that lead to it; without circles.
    """

    blocks: tuple[tuple[int, ...], ...]
    sources: tuple[tuple[int, ...], ...]

    @property
    def membership(self) -> FloatArray:
        """Array (q, J), 1 where the item belongs to the block."""
        found = np.zeros((sum(map(len, self.blocks)), len(self.blocks)))
        for j, items in enumerate(self.blocks):
            found[list(items), j] = 1.0
        return found

    @property
    def arrows(self) -> BoolArray:
        """Array (J, J), whether the block of the row leads to that of the column."""
        found = np.zeros((len(self.blocks), len(self.blocks)), dtype=bool)
        for j, sources in enumerate(self.sources):
            found[list(sources), j] = True
        return found


@dataclass(frozen=True, slots=True, eq=False)
class PathFit:
    """A path model in standard deviations of the scores; NaN where the iteration did not come to rest.

    Attributes
    ----------
    weights
        Array (..., q), with which the standardised items add up to their block's score of variance 1.
    loadings
        Array (..., q), correlation of each item with the score of its block.
    correlations
        Array (..., J, J), of the scores.
    paths
        Array (..., J, J), what one standard deviation of the row's block goes with in the column's, the other blocks
        that lead there being equal; 0 where no arrow is drawn.
    r_squared
        Array (..., J), share of each score's variance that the blocks leading to it explain; 0 without any.
    """

    weights: FloatArray
    loadings: FloatArray
    correlations: FloatArray
    paths: FloatArray
    r_squared: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class PointPaths:
    """A path model in points of the items' common scale.

    Attributes
    ----------
    weights
        Array (..., q), that add to 1 in each block: the block's score is the weighted mean of its items.
    paths
        Array (..., J, J), points of the column's block that go with one point of the row's.
    """

    weights: FloatArray
    paths: FloatArray


def fit_paths(
    cross: FloatArray, design: PathDesign, scheme: Scheme = "path", *, like: FloatArray | None = None
) -> PathFit:
    """Scores of the blocks and the paths between them.

    Parameters
    ----------
    cross
        Array (..., q, q), cross-products of the items about their means.
    design
        Blocks and arrows.
    scheme
        How a block is drawn to its neighbours while the weights are found: "path" regresses on the blocks that lead
        to it and correlates with those it leads to, "factorial" correlates with all, "centroid" takes the signs only.
    like
        Array (q,), weights whose scores these are to be turned to, as a score may come out with either sign. Default:
        a score rises with its items, on the whole.
    """
    q, member = cross.shape[-1], design.membership
    r = correlation_matrix(cross).reshape(-1, q, q)
    w, rested = _outer_weights(r, design, scheme)
    with_score = r @ w
    model = member if like is None else member * like[:, None]
    w = w * np.where(np.einsum("qj,bqj->bj", model, with_score) < 0, -1.0, 1.0)[:, None, :]
    w[~rested] = np.nan
    with_score = r @ w
    c = np.swapaxes(w, 1, 2) @ with_score
    paths = _paths(c, design)
    lead, j = cross.shape[:-2], len(design.blocks)
    return PathFit(
        (w * member).sum(axis=2).reshape(*lead, q),
        (with_score * member).sum(axis=2).reshape(*lead, q),
        c.reshape(*lead, j, j),
        paths.reshape(*lead, j, j),
        (paths * c).sum(axis=1).reshape(*lead, j),
    )


def total_effects(paths: FloatArray) -> FloatArray:
    """Effects (..., J, J) of row on column along every way through `paths` (..., J, J): P + P² + P³ …"""
    total, step = paths, paths
    for _ in range(paths.shape[-1] - 2):
        step = step @ paths
        total = total + step
    return total


def point_paths(fit: PathFit, spread: FloatArray, design: PathDesign) -> PointPaths:
    """The same model in points, not in standard deviations (Ringle and Sarstedt 2016, doi:10.1108/IMDS-10-2015-0449).

    Parameters
    ----------
    fit
        The model in standard deviations.
    spread
        Array (..., q), standard deviation of each item on the scale that they have in common.
    design
        Blocks and arrows.

    Notes
    -----
    Importance in standard deviations with performance in points would mix two units: a block whose answers differ
    much would look important for that alone.
    """
    member = design.membership
    raw = np.divide(fit.weights, spread, out=np.zeros_like(fit.weights), where=spread > 0)
    whole = raw @ member
    size = np.divide(1.0, whole, out=np.full_like(whole, np.nan), where=whole > 0)  # points in one standard deviation
    return PointPaths(raw * (size @ member.T), fit.paths * (size[..., None, :] / size[..., :, None]))


def composite_reliability(loadings: FloatArray, design: PathDesign) -> FloatArray:
    """Share (..., J) of a score's variance that its items have in common, from their loadings (Werts et al. 1974)."""
    member = design.membership
    common = (loadings @ member) ** 2
    return np.asarray(common / (common + (1.0 - loadings**2) @ member))


def variance_extracted(loadings: FloatArray, design: PathDesign) -> FloatArray:
    """Mean share (..., J) of the items' variance that their score accounts for (Fornell and Larcker 1981)."""
    member = design.membership
    return np.asarray(loadings**2 @ member / member.sum(axis=0))


def _outer_weights(r: FloatArray, design: PathDesign, scheme: Scheme) -> tuple[FloatArray, BoolArray]:
    """Weights (b, q, J) at which the iteration rests for correlations (b, q, q), and whether it did (b,)."""
    member = design.membership
    w = _unit(r, np.broadcast_to(member, (len(r), *member.shape)))
    active = np.arange(len(r))
    for _ in range(_MOST):
        part, now = r[active], w[active]
        with_score = part @ now
        inner = _inner_weights(np.swapaxes(now, 1, 2) @ with_score, design, scheme)
        new = _unit(part, with_score @ inner * member)
        w[active] = new
        active = active[np.abs(new - now).max(axis=(1, 2)) > _CLOSE]
        if not active.size:
            break
    rested = np.ones(len(r), dtype=bool)
    rested[active] = False
    return w, rested


def _unit(r: FloatArray, w: FloatArray) -> FloatArray:
    """Weights (b, q, J) scaled so that each score has variance 1; zeros where it has none."""
    size = np.sqrt(np.maximum(np.einsum("bqj,bqj->bj", w, r @ w), 0.0))[:, None, :]
    return np.asarray(np.divide(w, size, out=np.zeros(w.shape), where=size > 0))


def _inner_weights(c: FloatArray, design: PathDesign, scheme: Scheme) -> FloatArray:
    """How much each score (row) counts in what the block of the column is drawn to: (b, J, J) from correlations."""
    arrows = design.arrows
    if scheme == "centroid":
        return np.asarray(np.sign(c) * (arrows | arrows.T))
    if scheme == "factorial":
        return np.asarray(c * (arrows | arrows.T))
    return np.asarray(_paths(c, design) + c * arrows.T)


def _paths(c: FloatArray, design: PathDesign) -> FloatArray:
    """Standardised slopes (b, J, J) of each block on those that lead to it."""
    paths = np.zeros_like(c)
    for j, sources in enumerate(design.sources):
        if len(sources) == 1:
            paths[:, sources[0], j] = c[:, sources[0], j]
        elif sources:
            place = [*sources, j]
            paths[:, list(sources), j] = _slopes(c[:, place][:, :, place])
    return paths


def _slopes(c: FloatArray) -> FloatArray:
    """Standardised slopes (b, k) of the last of k + 1 scores on the others; NaN where a score is."""
    found = np.full((len(c), c.shape[1] - 1), np.nan)
    known = np.isfinite(c).all(axis=(1, 2))
    found[known] = linear_fit(c[known]).standardised
    return found
