"""Necessary conditions: the empty corner above a ceiling, under which (nearly) all answers lie.

Dul 2016 (doi:10.1177/1094428115584005); permutation test: Dul, van der Laan and Kuik 2020
(doi:10.1177/1094428118795272). A low value of x with a high value of y is the corner that a necessary x leaves empty.
Answers are counted, never weighted: a ceiling is about who exists, not about how many customers each stands for.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray

MOST_LEVELS = 101
"""More different answers than this are counted in as many even steps of their range."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The rectangle in which answers can lie: lowest and highest x and y."""

    x_low: float
    x_high: float
    y_low: float
    y_high: float

    @property
    def area(self) -> float:
        """Its area, 0 where one of the two never varies."""
        return (self.x_high - self.x_low) * (self.y_high - self.y_low)


@dataclass(frozen=True, slots=True, eq=False)
class Scatter:
    """Who answered what: counts of pairs.

    Attributes
    ----------
    x, y
        The different answers (k,) and (l,), rising.
    place_x, place_y
        For each of n respondents the places of their answers among these.
    """

    x: FloatArray
    y: FloatArray
    place_x: IntArray
    place_y: IntArray

    @property
    def base(self) -> int:
        """Respondents n."""
        return len(self.place_x)

    @property
    def counts(self) -> IntArray:
        """Respondents (k, l) with each pair of answers."""
        return np.asarray(self._counted(self.place_y[None])[0])

    def shuffled(self, rng: np.random.Generator, draws: int) -> IntArray:
        """Counts (B, k, l) with the outcomes dealt out anew among the respondents: as if the two were unrelated.

        Drawn as tables with the same margins where respondents outnumber cells, by the rows otherwise: the distribution
        is the same.
        """
        margins = self.counts.sum(axis=1), self.counts.sum(axis=0)
        if self.base > len(self.x) * len(self.y):
            return random_tables(rng, *margins, draws)
        rows = np.tile(self.place_y.astype(np.int32), (draws, 1))
        return self._counted(rng.permuted(rows, axis=1))

    def along_line(self, rng: np.random.Generator, draws: int) -> IntArray:
        """Counts (B, k, l) if y followed x by a straight line only: with deviations from it drawn from all there are.

        The line is that of least squares; line plus deviation lands on the nearest outcome that exists.
        """
        counts, slope, level = self.counts, *np.polyfit(self.x[self.place_x], self.y[self.place_y], 1)
        away = self.y[None, :] - (level + slope * self.x[:, None])
        landed = np.searchsorted((self.y[1:] + self.y[:-1]) / 2, (level + slope * self.x)[:, None] + away[counts > 0])
        chance = counts[counts > 0] / self.base
        return np.stack(
            [
                rng.multinomial(n, np.bincount(places, chance, minlength=len(self.y)), size=draws)
                for n, places in zip(counts.sum(axis=1), landed, strict=True)
            ],
            axis=1,
        )

    def _counted(self, place_y: IntArray) -> IntArray:
        draws, cells = len(place_y), len(self.x) * len(self.y)
        cell = (self.place_x * len(self.y))[None, :] + place_y + (np.arange(draws) * cells)[:, None]
        counted = np.bincount(cell.ravel(), minlength=draws * cells)
        return np.asarray(counted.reshape(draws, len(self.x), len(self.y)))


@dataclass(frozen=True, slots=True, eq=False)
class CeilingLine:
    """The straight ceiling through the corners of the stepwise one.

    Attributes
    ----------
    slope, level
        y = level + slope x; NaN with fewer than two corners.
    effect
        Part of the scope above it.
    accuracy
        Share of the respondents on or below it.
    """

    slope: float
    level: float
    effect: float
    accuracy: float


def scatter(x: FloatArray, y: FloatArray) -> Scatter:
    """Count the pairs of answers `x` and `y` (n,), without NaN."""
    different_x, place_x = np.unique(_stepped(x), return_inverse=True)
    different_y, place_y = np.unique(_stepped(y), return_inverse=True)
    return Scatter(different_x, different_y, place_x, place_y)


def _stepped(values: FloatArray) -> FloatArray:
    if len(np.unique(values)) <= MOST_LEVELS:
        return values
    low, step = values.min(), np.ptp(values) / (MOST_LEVELS - 1)
    return np.asarray(low + np.rint((values - low) / step) * step)


def ceiling_steps(counts: IntArray, y: FloatArray, floor: float, allowed: int = 0) -> FloatArray:
    """Ceiling (..., k) at each x: the highest y that more than `allowed` respondents with this x or less reach.

    Parameters
    ----------
    counts
        Array (..., k, l), respondents with each pair of answers.
    y
        The l outcomes, rising.
    floor
        Ceiling where nobody reaches anything yet.
    allowed
        Respondents who may lie above each step; 0 is the ceiling envelopment with free disposal hull (CE-FDH).
    """
    reaching = np.cumsum(np.cumsum(counts[..., ::-1], axis=-1)[..., ::-1], axis=-2)
    levels = np.count_nonzero(reaching > allowed, axis=-1)  # falls along y, so this many levels are reached
    return np.asarray(np.concatenate([[floor], y])[levels])


def ceiling_effect(steps: FloatArray, x: FloatArray, scope: Scope) -> FloatArray:
    """Effect size d (...,): the part of the scope that lies above the ceiling (..., k)."""
    widths = np.diff(np.append(x, scope.x_high))
    above = (scope.y_high - steps) @ widths + (x[0] - scope.x_low) * (scope.y_high - scope.y_low)
    return np.asarray(above / scope.area) if scope.area > 0 else np.zeros(steps.shape[:-1])


def required_level(steps: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """The lowest x (m,) with which each of the outcomes `y` (m,) is found under the ceiling (k,); NaN where never."""
    place = np.searchsorted(steps, y - 1e-9)
    return np.where(place < len(x), x[np.minimum(place, len(x) - 1)], np.nan)


def ceiling_line(seen: Scatter, scope: Scope) -> CeilingLine:
    """Ceiling regression (CR-FDH): least squares through the corners of the stepwise ceiling.

    A corner counts once for every respondent on it, as in R's NCA. The ceiling zone is what lies above the line
    within the scope. A single corner has no line and no zone.
    """
    counts = seen.counts
    steps = ceiling_steps(counts, seen.y, -np.inf)
    corner = np.flatnonzero(np.diff(steps, prepend=-np.inf) > 0)
    if len(corner) < 2:
        return CeilingLine(float("nan"), float("nan"), 0.0, 1.0)
    x, y = seen.x[corner], steps[corner]
    weight = counts[corner, np.searchsorted(seen.y, y)].astype(float)
    slope, level = np.polyfit(x, y, 1, w=np.sqrt(weight))
    over = seen.y[None, :] > level + slope * seen.x[:, None] + 1e-9
    accuracy = 1.0 - counts[over].sum() / seen.base
    return CeilingLine(float(slope), float(level), _area_above(slope, level, scope) / scope.area, float(accuracy))


def _area_above(slope: float, level: float, scope: Scope) -> float:
    """Area of the scope above a rising line: between where it enters at the bottom and leaves at the top."""
    enters, leaves = (np.clip((y - level) / slope, scope.x_low, scope.x_high) for y in (scope.y_low, scope.y_high))
    heights = [scope.y_high - (level + slope * x) for x in (enters, leaves)]
    return float((enters - scope.x_low) * (scope.y_high - scope.y_low) + (leaves - enters) * sum(heights) / 2)


def random_tables(rng: np.random.Generator, rows: IntArray, columns: IntArray, draws: int) -> IntArray:
    """Tables (draws, k, l) with these margins (k,) and (l,), as permuting the respondents would give them."""
    tables = np.zeros((draws, len(rows), len(columns)), dtype=np.int64)
    left = np.tile(columns, (draws, 1))
    for k, total in enumerate(rows[:-1]):
        open_ = np.full(draws, total)
        for place in range(len(columns) - 1):
            others = left[:, place + 1 :].sum(axis=1)
            tables[:, k, place] = rng.hypergeometric(left[:, place], others, open_)
            open_ = open_ - tables[:, k, place]
        tables[:, k, -1] = open_
        left = left - tables[:, k]
    tables[:, -1] = left
    return tables


def effects_by_chance(tables: IntArray, seen: Scatter, scope: Scope, allowed: int = 0) -> FloatArray:
    """Effect sizes (B,) of tables (B, k, l) drawn by chance."""
    return ceiling_effect(ceiling_steps(tables, seen.y, scope.y_low, allowed), seen.x, scope)


def chance_p(effect: float, by_chance: FloatArray) -> float:
    """Share of effects by chance (B,) at least as large, the one observed counted in (Phipson and Smyth 2010)."""
    return float((1 + np.count_nonzero(by_chance >= effect - 1e-12)) / (1 + len(by_chance)))


def respondents_below(seen: Scatter, x: float, y: float) -> tuple[int, int]:
    """How many answered below `x`, and how many of these reached `y`."""
    below: BoolArray = seen.x[seen.place_x] < x
    return int(below.sum()), int((below & (seen.y[seen.place_y] >= y)).sum())
