"""Surveys in which the shape of every driver's effect is known."""

from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.survey.survey import Scale, Survey

KINDS = {"must": "basic", "step": "performance", "delight": "excitement", "idle": "none"}
"""What each driver of ``shaped_survey`` is in truth."""


def surveyed(frame, low=1, high=10, weights=None):
    """A survey of this frame; the outcome is `csat`."""
    drivers = tuple(c for c in frame if c != "csat")
    n = len(frame)
    return Survey(
        answers=frame.astype(float),
        outcome="csat",
        drivers=drivers,
        labels=MappingProxyType({c: c for c in frame}),
        scales=MappingProxyType({c: Scale(low, high) for c in frame}),
        weights=np.ones(n) if weights is None else np.asarray(weights, dtype=float),
        weighted=weights is not None,
    )


def ratings(rng, n, p, mean=6.3, halo=0.5):
    """Ratings (n, p) from 1 to 10 that go together."""
    z = halo * rng.normal(size=(n, 1)) + np.sqrt(1 - halo**2) * rng.normal(size=(n, p))
    return np.clip(np.rint(mean + 2.1 * z), 1, 10)


def shaped_survey(n, seed, mean=6.3):
    """A basic factor, a straight line, an excitement factor and a driver without effect; satisfaction off its scale.

    Satisfaction is not cut off at the ends of the scale: that would bend every effect.
    """
    rng = np.random.default_rng(seed)
    x = ratings(rng, n, 4, mean)
    up, down = np.maximum(x - 6, 0), np.minimum(x - 6, 0)
    moved = 0.35 * down[:, 0] + 0.03 * up[:, 0] + 0.25 * (x[:, 1] - 6) + 0.03 * down[:, 2] + 0.4 * up[:, 2]
    frame = pd.DataFrame(x, columns=list(KINDS))
    return surveyed(frame.assign(csat=6 + moved + 1.2 * rng.normal(size=n)))


def needing_survey(n, seed):
    """`needed` caps satisfaction at three points above it, for all but one in 200; the other three do not.

    `line` drives satisfaction straight, `halo` only goes with the others, `apart` with nothing.
    """
    rng = np.random.default_rng(seed)
    x = ratings(rng, n, 3)
    free = np.clip(np.rint(6.5 + 0.5 * (x[:, 1] - 6.3) + 1.5 * rng.normal(size=n)), 1, 10)
    capped = np.where(rng.random(n) < 0.005, free, np.minimum(free, x[:, 0] + 3))
    apart = np.clip(np.rint(6.3 + 2.1 * rng.normal(size=n)), 1, 10)
    columns = {"needed": x[:, 0], "line": x[:, 1], "halo": x[:, 2], "apart": apart, "csat": capped}
    return surveyed(pd.DataFrame(columns))
