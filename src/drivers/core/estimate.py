"""Estimates that carry their resamples, so that whatever is computed from them has an interval too."""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from drivers.core.interval import percentile_interval

SOUND = 0.9
"""Below this share of draws with a finite value there is no interval."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A value with the ends of its interval; NaN ends where there is none."""

    value: float
    low: float
    high: float

    def named(self, name: str) -> dict[str, float]:
        """Three columns of a table: the value under `name`, the ends under `name` with _low and _high."""
        return {name: self.value, f"{name}_low": self.low, f"{name}_high": self.high}


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """A number of the sample, and the same number in every draw of the joint resample.

    Attributes
    ----------
    value
        The estimate.
    replicates
        Array (B,): the estimate recomputed on each draw; NaN where a draw has none. Two estimates of one analysis
        have their draws in common, so sums, products and differences of them have honest intervals.
    """

    value: float
    replicates: np.ndarray

    def bounds(self, confidence: float = 0.95) -> Bounds:
        """The percentile interval; without ends when more than a tenth of the draws have no finite value."""
        finite = self.replicates[np.isfinite(self.replicates)]
        if len(finite) < max(2.0, SOUND * len(self.replicates)):
            return Bounds(self.value, float("nan"), float("nan"))
        interval = percentile_interval(finite, confidence)
        return Bounds(self.value, float(interval.low), float(interval.high))

    def positive_probability(self) -> float:
        """Share of the draws in which the number is above zero."""
        finite = self.replicates[np.isfinite(self.replicates)]
        return float((finite > 0).mean()) if len(finite) else float("nan")

    def _joined(self, other: Estimate | float, how: Callable[..., np.ndarray]) -> Estimate:
        if isinstance(other, Estimate):
            return Estimate(float(how(self.value, other.value)), how(self.replicates, other.replicates))
        return Estimate(float(how(self.value, other)), how(self.replicates, other))

    def __add__(self, other: Estimate | float) -> Estimate:
        return self._joined(other, operator.add)

    def __sub__(self, other: Estimate | float) -> Estimate:
        return self._joined(other, operator.sub)

    def __mul__(self, other: Estimate | float) -> Estimate:
        return self._joined(other, operator.mul)

    def __truediv__(self, other: Estimate | float) -> Estimate:
        return self._joined(other, operator.truediv)
