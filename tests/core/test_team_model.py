"""The multilevel model: statsmodels' MixedLM, and what it must be for teams of one size."""

import numpy as np
import pytest
import statsmodels.api as sm
from statsmodels.regression.mixed_linear_model import MixedLM

from drivers.core.team_model import TeamMeans, fit_team_model


def teams_of(rng, sizes, between):
    team = np.repeat(np.arange(len(sizes)), sizes)
    z = rng.standard_normal(len(sizes))
    y = rng.standard_normal(len(team)) + (between * rng.standard_normal(len(sizes)) + 0.4 * z)[team]
    mean = np.bincount(team, y) / sizes
    return TeamMeans(mean, np.bincount(team, (y - mean[team]) ** 2), np.asarray(sizes, float)), z, y, team


def design(z):
    return np.column_stack([np.ones(len(z)), z])


@pytest.mark.parametrize("seed", range(4))
def test_it_is_the_restricted_likelihood_of_mixedlm(seed):
    rng = np.random.default_rng(seed)
    teams, z, y, team = teams_of(rng, rng.integers(3, 12, 25), 0.6)
    theirs = MixedLM(y, design(z)[team], groups=team).fit(reml=True, method="powell")  # its default does not converge
    found = fit_team_model(teams, design(z))
    assert found.value == pytest.approx(theirs.fe_params, abs=1e-5)
    assert found.between == pytest.approx(float(theirs.cov_re[0, 0]), rel=1e-3)
    assert found.within == pytest.approx(theirs.scale, rel=1e-3)
    assert found.error == pytest.approx(theirs.bse_fe, rel=0.01)  # theirs lets the variances vary too


def test_teams_of_one_size_give_the_regression_of_their_means():
    teams, z, *_ = teams_of(np.random.default_rng(9), np.full(20, 7), 1.0)
    theirs = sm.OLS(teams.mean, design(z)).fit()
    found = fit_team_model(teams, design(z))
    assert found.value == pytest.approx(theirs.params, rel=1e-9)
    assert found.error == pytest.approx(theirs.bse, rel=1e-3)  # the ratio of variances is found to some digits


def test_teams_that_differ_in_nothing_give_the_regression_of_all_members():
    rng = np.random.default_rng(2)
    base = rng.standard_normal(5)
    teams, z, y, team = teams_of(rng, np.full(12, 5), 0.0)
    y = np.tile(base, 12) + 0.0
    teams = TeamMeans(np.full(12, base.mean()), np.full(12, ((base - base.mean()) ** 2).sum()), teams.size)
    found, theirs = fit_team_model(teams, design(z)), sm.OLS(y, design(z)[team]).fit()
    assert found.between == 0
    assert found.error == pytest.approx(theirs.bse, rel=1e-9)
