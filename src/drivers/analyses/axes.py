"""Axes: what a map of drivers is drawn from, and what follows from the places of the drivers on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.interval import first_probability, indistinguishable_letters, pairwise_intervals, percentile_interval
from drivers.core.quadrants import QUADRANTS, Crossing, Middle, crossing, quadrant_codes, quadrant_shares
from drivers.errors import EstimationError
from drivers.survey.survey import Scale
from drivers.wording import sentence

BAR = 0.90
"""Probability from which a driver is said to lie in a corner of the map."""

CEILING = 90.0
"""Performance, of 100, from which an aspect is never called low: what is left is not worth a programme."""

_SOUND = 0.9  # below this share of draws with a result nothing is said

Lines = Middle | tuple[float, float]
"""Through what the lines of a map run; two numbers are (performance, importance)."""

NO_DRAWS = sentence("What to fix first cannot be said: too many of the resamples have no result.")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Numbers of p drivers: of the sample (p,) and of every draw (B, p)."""

    value: np.ndarray
    replicates: np.ndarray

    def columns(self, name: str, confidence: float) -> dict[str, np.ndarray]:
        """Value and percentile interval, as three columns of a table."""
        ends = percentile_interval(self.replicates, confidence)
        return {name: self.value, f"{name}_low": ends.low, f"{name}_high": ends.high}

    def kept(self, draws: np.ndarray) -> Drawn:
        """The same in these draws (B,) only."""
        return Drawn(self.value, self.replicates[draws])


@dataclass(frozen=True, slots=True, eq=False)
class MapAxes:
    """What a map is drawn from; `names` holds the columns driver and label.

    `effect` is in points of 100 of satisfaction for one point of 100 of the driver, `performance` in points of 100;
    `importance` stands on the map; `applies` (p,) is the share of the customers whom the driver concerns; `sound` (p,)
    says whether a driver's effect is its own.
    """

    names: Mapping[str, Sequence[str]]
    effect: Drawn
    performance: Drawn
    correlation: Drawn
    importance: Drawn
    applies: np.ndarray
    sound: np.ndarray


def of_hundred(means: np.ndarray, scales: Sequence[Scale]) -> np.ndarray:
    """Means (..., p) as parts of their scales, from 0 at the lowest answer to 100 at the highest.

    A scale of one answer, which only a column without a declared scale can have, is 0 throughout.
    """
    low, span = (np.array([getattr(s, name) for s in scales]) for name in ("low", "span"))
    return np.asarray(100.0 * (means - low) / np.where(span > 0, span, 1.0))


def finite_axes(axes: MapAxes) -> MapAxes:
    """The axes in the draws that have a result everywhere."""
    parts = (axes.effect, axes.performance, axes.correlation, axes.importance)
    whole = np.isfinite(np.concatenate([part.replicates for part in parts], axis=1)).all(axis=1)
    if whole.mean() < _SOUND:
        raise EstimationError(NO_DRAWS)
    effect, performance, correlation, importance = (part.kept(whole) for part in parts)
    return MapAxes(axes.names, effect, performance, correlation, importance, axes.applies, axes.sound)


def map_lines(x: np.ndarray, y: np.ndarray, lines: Lines) -> Crossing:
    """Where the lines of a map run through the places `x` and `y` (..., p)."""
    if isinstance(lines, str):
        return crossing(x, y, lines, ceiling=CEILING)
    return Crossing(np.full(x.shape[:-1], lines[0]), np.full(y.shape[:-1], lines[1]))


def crossing_table(here: Crossing, drawn: Crossing, confidence: float) -> pd.DataFrame:
    """One row an axis: where its line runs."""
    both = Drawn(np.stack([here.x, here.y], axis=-1), np.stack([drawn.x, drawn.y], axis=-1))
    return pd.DataFrame({"measure": ["performance", "importance"], **both.columns("value", confidence)})


def map_gain(axes: MapAxes) -> Drawn:
    """Points of 100 of satisfaction (p,) that go with each driver at the top of its scale."""
    parts = ("value", "replicates")
    effect, performance = ([getattr(axis, part) for part in parts] for axis in (axes.effect, axes.performance))
    return Drawn(*(e * (100.0 - x) * axes.applies for e, x in zip(effect, performance, strict=True)))


def gain_columns(gain: Drawn, confidence: float) -> dict[str, object]:
    """The gains with their intervals, the chance that each is the largest, and which cannot be told apart."""
    pairs = pairwise_intervals(gain.replicates, confidence)
    return {
        **gain.columns("gain", confidence),
        "first_gain_probability": first_probability(gain.replicates),
        "gain_letters": list(indistinguishable_letters(gain.value, pairs.low, pairs.high)),
    }


def corner_columns(axes: MapAxes, here: Crossing, drawn: Crossing) -> dict[str, object]:
    """The probability of each corner, and the corner of the estimate."""
    x, y = axes.performance, axes.importance
    probability = quadrant_shares(quadrant_codes(x.replicates, y.replicates, drawn))
    found = {f"{name}_probability": probability[:, k] for k, name in enumerate(QUADRANTS)}
    return {**found, "quadrant": [QUADRANTS[k] for k in quadrant_codes(x.value, y.value, here)]}


def effects_shown(frame: pd.DataFrame, sound: np.ndarray) -> list[bool]:
    """Whether satisfaction is shown to rise with each driver: by itself, with the others held equal, and as its own."""
    shown = sound & (frame["effect_low"] > 0).to_numpy() & (frame["correlation_low"] > 0).to_numpy()
    return [bool(one) for one in shown]


def calls(frame: pd.DataFrame) -> list[str]:
    """What can be said of each driver: a corner, ``rival`` of one that is to be fixed first, or ``undecided``."""
    shown = frame["effect_shown"].to_numpy(dtype=bool)
    probability = frame[[f"{name}_probability" for name in QUADRANTS]].to_numpy()
    found = [
        QUADRANTS[k] if probability[j, k] >= BAR else "undecided" for j, k in enumerate(probability.argmax(axis=1))
    ]
    found = ["undecided" if c in QUADRANTS[:2] and not own else c for c, own in zip(found, shown, strict=True)]
    letters = {
        letter for c, own in zip(found, frame["gain_letters"], strict=True) if c == "fix_first" for letter in own
    }
    alike = frame["gain_letters"].map(lambda own: bool(letters & set(own))).to_numpy()
    rival = shown & alike & (probability[:, 0] > 1 - BAR)
    return ["rival" if r and c == "undecided" else c for c, r in zip(found, rival, strict=True)]
