"""A plan on one driver: its rise in every draw, how it grows, and what it costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.levers import Lever
from drivers.analyses.terms import ValueTerms
from drivers.core.cashflow import ramp_fractions
from drivers.core.estimate import Estimate
from drivers.core.lifetime import annuity


@dataclass(frozen=True, slots=True, eq=False)
class Initiative:
    """One plan.

    Attributes
    ----------
    lever
        The driver that it moves.
    wish
        What the client file says of it.
    rise
        Rise of the driver's mean over all customers at full size, never beyond the scale.
    grown
        Part of the rise that is there in each year (T,).
    """

    lever: Lever
    wish: PlannedImprovement
    rise: Estimate
    grown: np.ndarray

    @property
    def once(self) -> float:
        """Cost at the start."""
        return self.wish.cost or 0.0

    @property
    def yearly(self) -> float:
        """Cost at the start of every year."""
        return self.wish.yearly_cost

    @property
    def uncertain(self) -> bool:
        """Whether the client file gives the rise a least or a most."""
        low, high = self.wish.ends
        return low < high

    def path(self) -> tuple[np.ndarray, np.ndarray]:
        """Points of satisfaction gained in each year: of the sample (T,), in the draws (B, T)."""
        gain = self.lever.slope * self.rise
        return gain.value * self.grown, gain.replicates[:, None] * self.grown


def initiatives(
    levers: Mapping[str, Lever], plan: Mapping[str, PlannedImprovement], rng: np.random.Generator, years: int
) -> list[Initiative]:
    """The plans with a cost, in the order of the drivers."""
    return [
        Initiative(
            lever, plan[d], _rise(lever, plan[d], rng), ramp_fractions(plan[d].ramp_up_months, years)
        )
        for d, lever in levers.items()
        if d in plan and plan[d].cost is not None
    ]  # fmt: skip


def joined_paths(plans: list[Initiative]) -> tuple[np.ndarray, np.ndarray]:
    """Points of satisfaction gained in each year by all plans at once."""
    own, drawn = zip(*(one.path() for one in plans), strict=True)
    return np.sum(own, axis=0), np.sum(drawn, axis=0)


def whole_cost(plans: list[Initiative], terms: ValueTerms) -> float:
    """What these plans cost over the horizon, discounted."""
    years = float(annuity(np.array(1 / (1 + terms.discount_rate)), terms.horizon_years))
    return float(sum(one.once + one.yearly * years for one in plans))


def _rise(lever: Lever, wish: PlannedImprovement, rng: np.random.Generator) -> Estimate:
    """The rise of the mean; its draws are a stratified sample, so that 1,000 of them have hardly any noise."""
    draws = len(lever.slope.replicates)
    u = (rng.permutation(draws) + 0.5) / draws
    drawn = wish.reach * triangular(u, *wish.ends, mode=wish.improve)
    return Estimate(min(wish.rise, lever.room), np.minimum(drawn, lever.room))


def triangular(u: np.ndarray, low: float, high: float, *, mode: float) -> np.ndarray:
    """Quantiles of the triangular distribution at these probabilities, same shape as `u`."""
    if high <= low:
        return np.full_like(u, mode)
    before = (mode - low) / (high - low)
    rising = low + np.sqrt(u * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - u) * (high - low) * (high - mode))
    return np.asarray(np.where(u < before, rising, falling))
