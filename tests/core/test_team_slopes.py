"""Slopes on the true means of teams: the plain slope where means are exact, brute force for their error."""

import numpy as np
import pytest

from drivers.core.agreement import team_variance
from drivers.core.team_model import TeamMeans
from drivers.core.team_slopes import team_slope


def made(rng, count=30, size=6, between=1.0, slope=0.5):
    true = between * rng.standard_normal(count)
    y = true[:, None] + rng.standard_normal((count, size))
    mean = y.mean(axis=1)
    teams = TeamMeans(mean, ((y - mean[:, None]) ** 2).sum(axis=1), np.full(count, float(size)))
    return teams, slope * true + 0.3 * rng.standard_normal(count), y


def plain(teams, outcome):
    return np.cov(teams.mean, outcome)[0, 1] / teams.mean.var(ddof=1)


def test_exact_means_give_the_plain_slope_and_correlation():
    teams, outcome, _ = made(np.random.default_rng(1))
    exact = TeamMeans(teams.mean, np.zeros(30), teams.size)
    found = team_slope(exact, outcome)
    assert found.slope == pytest.approx(plain(teams, outcome), rel=1e-12)
    assert found.correlation == pytest.approx(np.corrcoef(teams.mean, outcome)[0, 1])


def test_teams_of_one_size_have_the_plain_slope_over_the_reliability_of_their_means():
    teams, outcome, y = made(np.random.default_rng(2))
    reliability = team_variance(y.ravel(), np.repeat(np.arange(30), 6)).icc2
    assert team_slope(teams, outcome).slope == pytest.approx(plain(teams, outcome) / reliability, rel=1e-12)


def test_the_error_is_that_of_leaving_out_one_team_at_a_time():
    teams, outcome, _ = made(np.random.default_rng(3))
    without = []
    for k in range(30):
        kept = np.arange(30) != k
        part = TeamMeans(teams.mean[kept], teams.squares[kept], teams.size[kept])
        without.append(team_slope(part, outcome[kept]).slope)
    expected = np.sqrt(29 / 30 * ((without - np.mean(without)) ** 2).sum())
    assert team_slope(teams, outcome).error == pytest.approx(expected, rel=1e-12)


def test_a_slope_on_small_teams_is_recovered_where_the_plain_one_is_too_small():
    slopes, plains = [], []
    for seed in range(200):
        teams, outcome, _ = made(np.random.default_rng(seed), count=60, size=3)
        slopes.append(team_slope(teams, outcome).slope)
        plains.append(plain(teams, outcome))
    error = np.std(slopes) / np.sqrt(200)
    assert np.mean(slopes) == pytest.approx(0.5, abs=4 * error)
    assert np.mean(plains) < 0.42  # 0.5 times a reliability of 3/4


def test_teams_that_differ_by_chance_alone_have_no_slope():
    teams, outcome, _ = made(np.random.default_rng(4), between=0.0)
    loud = TeamMeans(teams.mean, 50 * teams.squares, teams.size)
    found = team_slope(loud, outcome)
    assert np.isnan(found.slope)
    assert np.isnan(found.error)
    assert np.isfinite(found.correlation)
