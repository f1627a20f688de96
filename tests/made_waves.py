"""Waves with a known change: levels, slopes, mix of customers and a plan that reached some of them."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers import Survey
from drivers.survey.change import ChangeTerms
from drivers.survey.segments import Segmentation
from drivers.survey.survey import Scale

DRIVERS = ("fix", "promise", "noise")
SLOPES = (0.5, 0.3, 0.0)


def made_wave(rng, name, n=400, *, old=0.5, lift=0.0, slopes=SLOPES, drift=0.0, units=None, unit_spread=0.0):
    """A wave: `old` is the share of old customers, who are 0.8 more satisfied; `lift` raises "fix" of those reached."""
    reached = rng.integers(0, 2, n).astype(float) if units is None else (units % 2).astype(float)
    is_old = rng.random(n) < old
    x = 6 + rng.standard_normal((n, len(DRIVERS)))
    x[:, 0] += lift * reached
    between = unit_spread * rng.standard_normal(int(units.max()) + 1)[units] if units is not None else 0.0
    y = 6 + (x - 6) @ np.array(slopes) + 0.8 * is_old + drift * reached + between + 0.7 * rng.standard_normal(n)
    frame = pd.DataFrame(x, columns=list(DRIVERS)).assign(csat=y, reached=reached, kept=np.nan)
    age = Segmentation("Age", ("young", "old"), is_old.astype(np.int64))
    rollout = None
    if units is not None:
        rollout = Segmentation("Team", tuple(f"T{k}" for k in range(int(units.max()) + 1)), units.astype(np.int64))
    return Survey(
        answers=frame,
        outcome="csat",
        drivers=DRIVERS,
        scales=MappingProxyType(dict.fromkeys(("csat", *DRIVERS), Scale(1.0, 10.0))),
        weights=np.ones(n),
        wave=name,
        change=ChangeTerms(mix=MappingProxyType({"age": age}), reached="reached", rollout=rollout),
    )


def later_wave(*waves):
    """The last of these waves, to be compared with the one before it; a plan came between them."""
    *earlier, last = waves
    terms = replace(last.change, before=earlier[-1].wave, plan_wave=last.wave, after_plan=True)
    return replace(last, change=terms, earlier=tuple(earlier))
