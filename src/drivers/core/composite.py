"""Composites: one number from several questions, and intervals of shares.

The index of several questions weighs each by the first principal component of their correlations, as the customer
satisfaction indices do that estimate their weights (Fornell et al. 1996, doi:10.1177/002224299606000403).
"""

from __future__ import annotations

import numpy as np

from drivers.core.interval import Interval
from drivers.core.moments import FloatArray, correlation_matrix


def component_weights(cross: FloatArray) -> FloatArray:
    """Weights (..., k), adding to 1, of k questions in an index, from their cross-products (..., k, k).

    The first principal component of the standardised questions, brought back to their own units. Equal weights where
    a question never varies or runs against the others, as no index of such questions is one thing.
    """
    spread = np.sqrt(np.maximum(np.diagonal(cross, axis1=-2, axis2=-1), 0.0))
    first = np.linalg.eigh(correlation_matrix(cross))[1][..., -1]
    turned = first * np.sign(first.sum(axis=-1, keepdims=True))
    raw = np.divide(turned, spread, out=np.zeros_like(spread), where=spread > 0)
    sound = (raw > 0).all(axis=-1, keepdims=True)
    raw = np.where(sound, raw, 1.0)
    return np.asarray(raw / raw.sum(axis=-1, keepdims=True))


def wilson_interval(share: FloatArray, base: FloatArray, quantile: FloatArray | float) -> Interval:
    """Wilson's interval (...,) of a share from an effective base; never outside 0 to 1, and never without width.

    Parameters
    ----------
    share, base
        Arrays (...,): the share, and the equally weighted answers that would make it as precise.
    quantile
        Of the normal, or of Student's t under a design (Dean and Pagano 2015, doi:10.1093/jssam/smv024).
    """
    z2 = np.square(quantile)
    middle = (share + z2 / (2 * base)) / (1 + z2 / base)
    reach = np.sqrt(z2 * (share * (1 - share) / base + z2 / (4 * base**2))) / (1 + z2 / base)
    return Interval(np.asarray(np.maximum(middle - reach, 0.0)), np.asarray(np.minimum(middle + reach, 1.0)))
