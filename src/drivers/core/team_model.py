"""The multilevel model of members in teams: a random intercept for each team, regressors of the team (REML).

Everything that it needs of the members is the size, mean and sum of squares of each team, and one ratio of variances
is sought, so that it neither fails to converge nor takes time. Laird and Ware 1982, Biometrics 38:963
(doi:10.2307/2529876).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from drivers.core.moments import FloatArray

_LARGEST = 1e4  # variance between teams over that within: beyond, members of a team are all alike


@dataclass(frozen=True, slots=True, eq=False)
class TeamMeans:
    """What is known of G teams.

    Attributes
    ----------
    mean, squares, size
        Arrays (G,): mean of the members' answers, sum of squares about it, number of members.
    """

    mean: FloatArray
    squares: FloatArray
    size: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class TeamModel:
    """The fitted model.

    Attributes
    ----------
    value, error
        Arrays (k,), coefficients of the regressors and their standard errors.
    between, within
        Variance of the teams about the regression, and of the members about their team.
    """

    value: FloatArray
    error: FloatArray
    between: float
    within: float


def fit_team_model(teams: TeamMeans, x: FloatArray) -> TeamModel:
    """Members' answers on regressors of their team `x` (G, k), a column of ones among them."""
    found = minimize_scalar(
        lambda s: _profiled(teams, x, np.exp(s))[0], bounds=(-14.0, np.log(_LARGEST)), method="bounded"
    )
    ratio = float(np.exp(found.x))
    ratio = ratio if _profiled(teams, x, ratio)[0] < _profiled(teams, x, 0.0)[0] else 0.0
    _, value, covariance, within = _profiled(teams, x, ratio)
    return TeamModel(value, np.sqrt(np.diagonal(covariance)), ratio * within, within)


def _profiled(teams: TeamMeans, x: FloatArray, ratio: float) -> tuple[float, FloatArray, FloatArray, float]:
    """At a ratio of variances: minus twice the likelihood, coefficients, their covariance, variance within."""
    inflation = 1 + teams.size * ratio
    weight = teams.size / inflation
    cross = (weight[:, None] * x).T @ x
    value = np.linalg.solve(cross, x.T @ (weight * teams.mean))
    free = float(teams.size.sum()) - x.shape[1]
    within = float(teams.squares.sum() + weight @ (teams.mean - x @ value) ** 2) / free
    minus = free * np.log(within) + np.log(inflation).sum() + np.linalg.slogdet(cross)[1]
    covariance: FloatArray = within * np.linalg.inv(cross)
    return float(minus), np.asarray(value), covariance, within
