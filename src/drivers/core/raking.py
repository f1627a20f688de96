"""Raking: weights whose margins are those of the population, by iterative proportional fitting within bounds.

Written here because no library does it soundly (November 2026): weightipy 0.4 prints that it did not converge and goes
on, and its caps may loop for ever; balance 0.23 trims only afterwards, so that its margins are off again, and wants
numpy below 2 on Python 3.11; samplics calls itself inactive; ipfn has had no release since 2021.

Each margin in turn has its weights multiplied to its target (Deming and Stephan 1940, doi:10.1214/aoms/1177731829),
then weights beyond the bounds are set to them, until margins and bounds hold together: cyclic projections of least
divergence on convex sets, which end in a point of all of them if there is one (Bregman 1967).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.errors import EstimationError

TOLERANCE = 1e-6
"""Largest gap between a margin and its target, as a share, at which raking is done."""

ROUNDS = 2000


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """Shares of the population in the k categories of one variable.

    Attributes
    ----------
    name, values
        Of the variable and of its k categories.
    codes
        Array (n,), category 0 … k-1 of each row; -1 where it is not known, and this margin leaves the weight alone.
    targets
        Array (k,), shares of the population, adding to 1.
    """

    name: str
    values: tuple[str, ...]
    codes: IntArray
    targets: FloatArray

    def shares(self, w: FloatArray) -> FloatArray:
        """Shares (k,) of the categories under weights (n,), among the rows whose category is known."""
        known = self.codes >= 0
        sums = np.bincount(self.codes[known], w[known], minlength=len(self.targets))
        return np.asarray(sums / sums.sum())

    def gap(self, w: FloatArray) -> float:
        """Largest distance of a share from its target."""
        return float(np.abs(self.shares(w) - self.targets).max())

    def fitted(self, w: FloatArray) -> FloatArray:
        """Weights (n,) with this margin as its target."""
        ratio = np.append(self.targets / self.shares(w), 1.0)  # the last place, -1, is of the rows not known
        return np.asarray(w * ratio[self.codes])


@dataclass(frozen=True, slots=True, eq=False)
class RakedWeights:
    """Weights with the margins of the population.

    Attributes
    ----------
    w
        Array (n,), of mean 1 over the rows that started above 0.
    start
        Array (n,), the weights they were made from.
    margins
        The shares that they were made to have.
    trimmed
        Share of those rows whose weight was held at a bound.
    gap
        Largest distance that is left between a share and its target.
    trim
        Bounds of the weights, times their mean.
    again
        Whether some rows had been left out, and the others were raked anew.
    """

    w: FloatArray
    start: FloatArray
    margins: tuple[Margin, ...]
    trimmed: float
    gap: float
    trim: tuple[float, float]
    again: bool = False

    def among(self, rows: BoolArray) -> RakedWeights:
        """Weights with the same margins and bounds for these rows (n,) alone, from the weights they started with.

        Raises
        ------
        EstimationError
            When these rows cannot have the margins.
        """
        margins = [replace(margin, codes=margin.codes[rows]) for margin in self.margins]
        return replace(raked_weights(self.start[rows], margins, self.trim), again=True)


def raked_weights(start: FloatArray, margins: Sequence[Margin], trim: tuple[float, float]) -> RakedWeights:
    """Weights near `start` (n,) that have these margins and lie between the bounds of `trim` times their mean.

    Rows that start at 0 stay there.

    Raises
    ------
    EstimationError
        When no weights within the bounds were found that have the margins; names the margin that is furthest off.
    """
    counted = start > 0
    w, low, high = start / start[counted].mean(), *trim
    for margin in margins:
        _check_filled(margin, w)
    for _ in range(ROUNDS):
        w /= w[counted].mean()  # the bounds are multiples of the mean
        for margin in margins:
            w = margin.fitted(w)
        w = np.where(counted, np.clip(w, low, high), 0.0)
        gap = max(margin.gap(w) for margin in margins)
        if max(gap, abs(w[counted].mean() - 1)) <= TOLERANCE:
            break
    else:
        raise _not_met(margins, w, trim)
    held = np.isclose(w[counted], low) | np.isclose(w[counted], high)
    return RakedWeights(w / w[counted].mean(), start, tuple(margins), float(held.mean()), gap, trim)


def _check_filled(margin: Margin, w: FloatArray) -> None:
    if (margin.shares(w) == 0).any():
        raise EstimationError(
            f"Margin {margin.name} has a category without anybody in the survey; no weight can make up for it. "
            "Merge the category with another."
        )


def _not_met(margins: Sequence[Margin], w: FloatArray, trim: tuple[float, float]) -> EstimationError:
    worst = max(margins, key=lambda margin: margin.gap(w))
    return EstimationError(
        f"Weights from {trim[0]:g} to {trim[1]:g} times their mean cannot meet margin {worst.name}: after {ROUNDS} "
        f"rounds a share is off by {worst.gap(w):.1%}. Widen trim, merge small categories of it, or leave it out."
    )
