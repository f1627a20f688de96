"""Agreement: how alike the members of a team answer, and how reliable the mean of a team is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from drivers.core.moments import FloatArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class TeamVariance:
    """Variance between and within teams, by the analysis of variance.

    Attributes
    ----------
    between, within
        Mean squares; NaN with fewer than two teams, or where no team has two answers.
    teams, base
        Number of teams and of answers.
    size
        Typical size of a team: the mean, less what unequal sizes take off (Bliese 2000).
    """

    between: float
    within: float
    teams: int
    base: int
    size: float

    @property
    def f(self) -> float:
        """F of the test that all teams have one mean."""
        if self.within > 0:
            return self.between / self.within
        return float("inf") if self.between > 0 else float("nan")

    @property
    def p(self) -> float:
        """p-value of that test."""
        return float(stats.f.sf(self.f, self.teams - 1, self.base - self.teams))

    @property
    def icc1(self) -> float:
        """ICC(1): share of the differences between employees that lies between teams; may be slightly negative."""
        whole = self.between + (self.size - 1) * self.within
        return (self.between - self.within) / whole if whole > 0 else float("nan")

    @property
    def icc2(self) -> float:
        """ICC(2): reliability of a team's mean; 0 where teams differ no more than chance makes them."""
        return float("nan") if np.isnan(self.f) else max(0.0, 1 - 1 / max(self.f, 1.0))

    def icc1_interval(self, confidence: float) -> tuple[float, float]:
        """Interval of ICC(1) by the F distribution; exact for teams of one size (Shrout and Fleiss 1979)."""
        tail, free = (1 - confidence) / 2, (self.teams - 1, self.base - self.teams)
        ends = self.f / stats.f.isf(tail, *free), self.f * stats.f.isf(tail, *free[::-1])
        low, high = ((end - 1) / (end + self.size - 1) for end in ends)
        return float(low), float(high)


def team_variance(values: FloatArray, teams: IntArray) -> TeamVariance:
    """Variance of `values` (n,) between and within `teams` (n,), codes of any kind.

    Bliese 2000, in Klein and Kozlowski, Multilevel Theory, Research, and Methods in Organizations, chapter 8.
    """
    team = np.unique(teams, return_inverse=True)[1]
    sizes = np.bincount(team).astype(float)
    n, k = len(values), len(sizes)
    if k < 2 or n == k:
        return TeamVariance(float("nan"), float("nan"), k, n, float("nan"))
    means = np.bincount(team, values) / sizes
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (k - 1)
    within = float(((values - means[team]) ** 2).sum()) / (n - k)
    return TeamVariance(between, within, k, n, (n - float((sizes**2).sum()) / n) / (k - 1))


def within_group_agreement(items: FloatArray, teams: IntArray, points: float) -> FloatArray:
    """rwg(j) of each team (G,): how far its members agree, between 0 (as answers at random) and 1 (all answer alike).

    Answers at random are spread evenly over the scale, the mildest standard. Below 0, which sampling and answers at
    both ends can give, it is 0. NaN for a team of one (James, Demaree and Wolf 1984, Journal of Applied Psychology
    69:85, doi:10.1037/0021-9010.69.1.85).

    Parameters
    ----------
    items
        Array (n, J), the answers without gaps.
    teams
        Array (n,), codes 0 … G-1 without a gap.
    points
        Number of answers that the scale offers.
    """
    sizes = np.bincount(teams).astype(float)
    count = items.shape[1]
    means = np.stack([np.bincount(teams, column) for column in items.T], 1) / sizes[:, None]
    squares = np.stack([np.bincount(teams, column) for column in ((items - means[teams]) ** 2).T], 1).mean(axis=1)
    spread = np.divide(squares, sizes - 1, out=np.full(len(sizes), np.nan), where=sizes > 1)
    ratio = spread / ((points**2 - 1) / 12)
    agreed = np.where(ratio < 1, count * (1 - ratio) / (count * (1 - ratio) + ratio), 0.0)
    return np.where(np.isnan(ratio), np.nan, agreed)
