"""Team slopes: what goes with the mean of a team, where that mean rests on few members.

A mean of few members is partly chance, and a regression on it finds too small a slope. Here the slope on the team's
true mean is estimated: the covariance of outcome and team mean over the variance of the true means (Croon and van
Veldhoven 2007, Psychological Methods 12:45, doi:10.1037/1082-989X.12.1.45; Fuller 1987, Measurement Error Models,
section 1.2). Its error is that of leaving out one team at a time, so that it holds the uncertainty of the correction.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import FloatArray
from drivers.core.team_model import TeamMeans


@dataclass(frozen=True, slots=True)
class TeamSlope:
    """The slope of an outcome of teams on their true mean.

    Attributes
    ----------
    slope, error
        Points of the outcome that go with one point of the team's mean, and the standard error; NaN where chance
        explains all differences between the teams' means, with one team left out too.
    correlation
        Of the outcome and the mean as observed.
    """

    slope: float
    error: float
    correlation: float


def team_slope(teams: TeamMeans, outcome: FloatArray) -> TeamSlope:
    """The slope of `outcome` (G,), without gaps, on the true means of the teams."""
    count = len(outcome)
    every = np.ones((1, count))
    r = float(np.corrcoef(teams.mean, outcome)[0, 1]) if np.ptp(teams.mean) > 0 and np.ptp(outcome) > 0 else np.nan
    without = _slopes(teams, outcome, 1.0 - np.eye(count))
    slope = float(_slopes(teams, outcome, every)[0])
    error = float(np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum()))
    return TeamSlope(slope, error, r) if np.isfinite(slope + error) else TeamSlope(np.nan, np.nan, r)


def _slopes(teams: TeamMeans, outcome: FloatArray, kept: FloatArray) -> FloatArray:
    """Slopes (B,) with the teams kept that are 1 in each row of `kept` (B, G); NaN without true differences."""
    n = kept.sum(axis=1)
    centred = np.where(kept > 0, teams.mean - (kept @ teams.mean / n)[:, None], 0.0)
    spread = (centred**2).sum(axis=1) / (n - 1)
    shared = (centred @ outcome) / (n - 1)
    within = (kept @ teams.squares) / (kept @ (teams.size - 1))
    true = spread - within * (kept @ (1 / teams.size)) / n
    return np.asarray(shared / np.where(true > 0, true, np.nan))
