"""Noise: the share of R² that a driver gets that has nothing to do with anything.

A share is never negative, so an interval that excludes zero shows nothing. What shows something is a share larger than
that of noise: a column drawn at random, independent of the outcome and of all drivers, added to the same survey.

Entering after the drivers S, such a column e adds (e'r)² / (e'e · y'y), r being what S leaves unexplained of the
outcome y. Averaged over all orders this is a quadratic form in e'x and e'y, which are normal by the central limit
theorem with the (weighted, clustered) second moments of the answers as their covariance: a weighted sum of chi-squares.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc, gammainccinv

from drivers.core.linear import partial_out
from drivers.core.moments import FloatArray, correlation_matrix
from drivers.core.sampling import balanced_orders

_NUGGET = 1e-9
_SEED = 1


@dataclass(frozen=True, slots=True, eq=False)
class NoiseShare:
    """Distribution of the share of variance that one column of noise gets in a survey.

    Attributes
    ----------
    weights
        Array (k,): the share is the sum of these times independent chi-squares of one degree of freedom.
    """

    weights: FloatArray

    def exceedance(self, share: FloatArray, columns: FloatArray) -> FloatArray:
        """Probability (...,) that a block of so many columns of noise gets this share (...,) of variance or more.

        By Imhof's (1961, doi:10.1093/biomet/48.3-4.419) approximation with three moments, which is exact when one
        weight leads.
        """
        first, second, third = ((self.weights**k).sum() for k in (1, 2, 3))
        if not third > 0:
            return np.where(np.asarray(share) > 0, 0.0, 1.0)
        freedom = columns * second**3 / third**2
        spread = np.sqrt(2.0 * columns * second)
        place = (share - columns * first) / spread * np.sqrt(2.0 * freedom) + freedom
        return np.asarray(chdtrc(freedom, np.maximum(place, 0.0)))

    def quantile(self, level: float) -> float:
        """Share of variance that one column of noise stays below with this probability."""
        first, second, third = (float((self.weights**k).sum()) for k in (1, 2, 3))
        if not third > 0:
            return 0.0
        freedom = second**3 / third**2
        place = 2.0 * float(gammainccinv(freedom / 2.0, 1.0 - level))
        return max(float(first + (place - freedom) * np.sqrt(second / freedom)), 0.0)


def noise_share(
    cross: FloatArray,
    blocks: Sequence[Sequence[int]],
    scores: FloatArray,
    base: float,
    *,
    controls: int = 0,
) -> NoiseShare:
    """The share that one column of noise gets beside these blocks.

    Parameters
    ----------
    cross
        Array (q, q), cross-products of the sample: controls first, outcome last.
    blocks
        Columns of each block of drivers.
    scores
        Array (q, q), covariance of the sampling errors of noise's cross-products with the columns, in units of
        ``cross / effective base``: for a simple sample ``cross`` itself, else from the weights and clusters.
    base
        Effective base.
    controls
        Number of leading columns that every model holds constant.
    """
    columns = [column for block in blocks for column in block]
    chosen = [*range(controls), *columns, len(cross) - 1]
    whole = float(cross[-1, -1])
    residual = partial_out(cross[np.ix_(chosen, chosen)], controls)
    form = _quadratic_form(correlation_matrix(residual), [len(b) for b in blocks], base - controls)
    held = np.eye(len(chosen))[controls:]
    if controls:
        own, joint = cross[np.ix_(range(controls), range(controls))], cross[np.ix_(range(controls), chosen[controls:])]
        held[:, :controls] = -np.linalg.lstsq(own, joint)[0].T
    spread = np.sqrt(np.maximum(np.diagonal(residual), 0.0))
    scale = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    covariance = scale[:, None] * (held @ scores[np.ix_(chosen, chosen)] @ held.T) * scale
    values, vectors = np.linalg.eigh(covariance)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    weights = np.linalg.eigvalsh(root.T @ form @ root)
    left = float(residual[-1, -1]) / whole if whole > 0 else 0.0
    return NoiseShare(np.maximum(weights, 0.0) * left)


def _quadratic_form(correlation: FloatArray, sizes: list[int], base: float) -> FloatArray:
    """Mean over orders and places of a a' / (base - columns before - 1), a the outcome less what they explain."""
    c = len(correlation) - 1
    owner = np.repeat(np.arange(len(sizes)), sizes)
    orders = balanced_orders(np.random.default_rng(_SEED), len(sizes)).reshape(-1, len(sizes))
    ends = np.concatenate([np.zeros((len(orders), 1), dtype=int), np.cumsum(np.array(sizes)[orders], axis=1)], axis=1)
    form = np.zeros((c + 1, c + 1))
    for order, stops in zip(orders, ends, strict=True):
        place = np.argsort(np.argsort(order)[owner], kind="stable")
        inner = correlation[np.ix_(place, place)] + _NUGGET * np.eye(c)
        inverse = np.linalg.inv(np.linalg.cholesky(inner))
        explained = (inverse @ correlation[place, -1])[:, None] * inverse
        left = np.zeros((c + 1, c + 1))
        left[:, -1] = 1.0
        left[1:, place] = -np.cumsum(explained, axis=0)
        rows = left[stops] / np.sqrt(np.maximum(base - stops - 1.0, 1.0))[:, None]
        form += rows.T @ rows / len(stops)
    return form / len(orders)
