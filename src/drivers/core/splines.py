"""Restricted cubic splines: smooth curves that are straight beyond their outer knots.

Harrell 2015, Regression Modeling Strategies, section 2.4.5 (doi:10.1007/978-3-319-19425-7).
"""

from __future__ import annotations

import numpy as np

from drivers.core.moments import FloatArray
from drivers.core.quantile import weighted_quantile

_PLACES = {3: (0.10, 0.50, 0.90), 4: (0.05, 0.35, 0.65, 0.95), 5: (0.05, 0.275, 0.50, 0.725, 0.95)}
"""Quantiles at which Harrell puts the knots, by their number."""


def harrell_knots(x: FloatArray, w: FloatArray, count: int = 4) -> FloatArray:
    """Where do the knots of one driver lie?

    Parameters
    ----------
    x, w
        Answers (n,) without NaN and weights (n,).
    count
        Knots wanted: 3, 4 or 5.

    Returns
    -------
    FloatArray
        Knots (k,), rising, k at most `count`. At Harrell's weighted quantiles; where answers are so few and so heaped
        that these coincide, at the same quantiles of the different answers. Fewer than three different answers have no
        curve: then none.
    """
    different = np.unique(x[w > 0])
    count = min(count, len(different))
    if count < 3:
        return np.empty(0)
    places = _PLACES[count]
    knots = np.unique([weighted_quantile(x[:, None], w, place)[0] for place in places])
    if len(knots) == count:
        return knots
    spread = np.rint(np.array(places) * (len(different) - 1)).astype(int)
    apart = np.unique(different[spread])
    return apart if len(apart) == count else different[np.rint(np.linspace(0, len(different) - 1, count)).astype(int)]


def spline_basis(x: FloatArray, knots: FloatArray) -> FloatArray:
    """Columns (n, k - 1) of a restricted cubic spline of `x` (n,): x itself, then k - 2 curved ones.

    The curved columns are divided by the square of the outer knots' distance, so that all are in the unit of `x`.
    Without knots: x alone. NaN stays NaN.
    """
    if len(knots) < 3:
        return x[:, None]
    *inner, before, last = knots
    scale = (last - knots[0]) ** 2
    tail = _cube(x, before), _cube(x, last)
    curved = [
        (_cube(x, t) - tail[0] * (last - t) / (last - before) + tail[1] * (before - t) / (last - before)) / scale
        for t in inner
    ]
    return np.column_stack([x, *curved])


def _cube(x: FloatArray, knot: float) -> FloatArray:
    return np.asarray(np.maximum(x - knot, 0.0) ** 3)
