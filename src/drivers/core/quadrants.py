"""Quadrants: in which corner of a map each driver lies, with the lines drawn anew in every draw.

Martilla and James 1977, Journal of Marketing 41:77 (doi:10.1177/002224297704100112). A driver near a line changes
corner with the sample, and where the lines run is a choice (Slack 1994, doi:10.1108/01443579410056803; Mikulić and
Prebežac 2012): hence shares of the draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.core.moments import FloatArray, IntArray

QUADRANTS = ("fix_first", "keep_up", "low_priority", "possible_overkill")
"""High and left, high and right, low and left, low and right: the codes 0 to 3."""

Middle = Literal["mean", "median"]

_TIE = 1e-9  # of the spread of an axis: nearer than this to a line is on it


@dataclass(frozen=True, slots=True, eq=False)
class Crossing:
    """Where the two lines of a map cross, arrays (...,): `x` parts left from right, `y` low from high."""

    x: FloatArray
    y: FloatArray


def crossing(x: FloatArray, y: FloatArray, middle: Middle = "mean", *, ceiling: float = np.inf) -> Crossing:
    """The lines through the middle of the drivers' places `x` and `y` (..., p).

    The line on x never lies beyond `ceiling`, so that a driver at the top of its scale is never called low; that on y
    never below 0, so that what does not matter is never called high.
    """
    centre = np.mean if middle == "mean" else np.median
    return Crossing(np.minimum(centre(x, axis=-1), ceiling), np.maximum(centre(y, axis=-1), 0.0))


def quadrant_codes(x: FloatArray, y: FloatArray, lines: Crossing) -> IntArray:
    """Corner (..., p) of each driver: a place in QUADRANTS. On a line is not left of it, nor above."""
    left, high = (_beyond(a, b) for a, b in ((lines.x[..., None], x), (y, lines.y[..., None])))
    return np.asarray(2 * ~high + ~left, dtype=np.int64)


def quadrant_shares(codes: IntArray) -> FloatArray:
    """Share (p, 4) of the draws (B, p) in which each driver lies in each corner."""
    return np.stack([(codes == k).mean(axis=0) for k in range(len(QUADRANTS))], axis=-1)


def level_steps(largest: float, most: int = 4) -> tuple[float, ...]:
    """Up to `most` round numbers, evenly spaced, from above 0 to `largest`; none where nothing is above 0."""
    if not largest > 0:
        return ()
    size = 10.0 ** np.floor(np.log10(largest / most))
    step = next(k * size for k in (1, 2, 5, 10, 20) if k * size * most >= largest * (1 - 1e-12))
    return tuple(float(step * k) for k in range(1, int(largest / step + 1e-9) + 1))


def _beyond(a: FloatArray, b: FloatArray) -> np.ndarray:
    scale = np.maximum(np.abs(a), np.abs(b))
    return np.asarray(a - b > _TIE * scale)
