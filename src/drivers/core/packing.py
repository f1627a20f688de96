"""Arrays as short text, so that a JSON file can carry every draw."""

from __future__ import annotations

import base64

import numpy as np


def packed(values: np.ndarray) -> str:
    """An array as base64 of little-endian 32-bit floats, in C order: seven digits in five and a half characters."""
    return base64.b64encode(np.ascontiguousarray(values, dtype="<f4").tobytes()).decode("ascii")


def unpacked(text: str, shape: tuple[int, ...]) -> np.ndarray:
    """The array of this shape; its values are those that were rounded to 32 bits, as 64-bit floats."""
    return np.frombuffer(base64.b64decode(text), dtype="<f4").astype(float).reshape(shape)


def piecewise_cubic(x: np.ndarray, step: float, low: float, values: np.ndarray) -> np.ndarray:
    """Values between nodes, by the cubic through the four nodes of each stretch of three steps.

    Parameters
    ----------
    x
        Where (B,); beyond the nodes the value at the nearest end.
    step, low
        Distance of the nodes, and the first one.
    values
        Values (B, m, nodes) at the nodes, 3 k + 1 of them: stretches meet at every third node, where the curve may have
        a kink.

    Returns
    -------
    np.ndarray
        Values (B, m).
    """
    nodes = values.shape[-1]
    at = np.clip((x - low) / step, 0.0, nodes - 1.0)
    first = np.minimum((at // 3).astype(int), (nodes - 2) // 3) * 3
    t = at - first
    weights = np.stack(
        [
            -(t - 1) * (t - 2) * (t - 3) / 6,
            t * (t - 2) * (t - 3) / 2,
            -t * (t - 1) * (t - 3) / 2,
            t * (t - 1) * (t - 2) / 6,
        ],
        axis=1,
    )
    four = np.take_along_axis(values, (first[:, None] + np.arange(4))[:, None, :], axis=2)
    return np.asarray(np.einsum("bmk,bk->bm", four, weights))
