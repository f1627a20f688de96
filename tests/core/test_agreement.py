"""Agreement within teams: pingouin for teams of one size, the existing estimator for others, identities for rwg."""

import numpy as np
import pandas as pd
import pingouin
import pytest

from drivers.core.agreement import team_variance, within_group_agreement
from drivers.core.intraclass import intraclass_correlation


@pytest.fixture
def balanced():
    rng = np.random.default_rng(1)
    return rng.standard_normal((15, 6)) + rng.standard_normal((15, 1))


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # pingouin's
def test_teams_of_one_size_have_pingouins_icc_with_its_interval(balanced):
    frame = pd.DataFrame(balanced).reset_index().melt("index", var_name="member", value_name="y")
    theirs = pingouin.intraclass_corr(frame, targets="index", raters="member", ratings="y").set_index("Type")
    single, mean = (
        next(theirs.loc[n] for n in names if n in theirs.index)
        for names in (("ICC1", "ICC(1,1)"), ("ICC1k", "ICC(1,k)"))
    )
    found = team_variance(balanced.ravel(), np.repeat(np.arange(15), 6))
    assert found.icc1 == pytest.approx(single["ICC"], rel=1e-9)
    assert found.icc2 == pytest.approx(mean["ICC"], rel=1e-9)
    assert found.f == pytest.approx(single["F"], rel=1e-9)
    interval = next(single[name] for name in ("CI95", "CI95%") if name in single.index)
    assert found.icc1_interval(0.95) == pytest.approx(tuple(interval), abs=0.006)  # theirs is rounded


def test_unequal_teams_have_the_same_icc_as_elsewhere_in_the_suite():
    rng = np.random.default_rng(2)
    teams = rng.integers(0, 9, 80)
    y = rng.standard_normal(80) + 0.7 * rng.standard_normal(9)[teams]
    assert team_variance(y, teams).icc1 == pytest.approx(intraclass_correlation(y, teams), rel=1e-12)


def test_the_mean_of_a_team_is_as_reliable_as_spearman_and_brown_say(balanced):
    found = team_variance(balanced.ravel(), np.repeat(np.arange(15), 6))
    assert found.icc2 == pytest.approx(6 * found.icc1 / (1 + 5 * found.icc1), rel=1e-12)


def test_without_two_teams_or_two_members_there_is_no_icc():
    assert np.isnan(team_variance(np.arange(4.0), np.zeros(4)).icc1)
    assert np.isnan(team_variance(np.arange(4.0), np.arange(4)).icc1)


def test_teams_that_differ_less_than_chance_have_no_reliable_mean():
    assert team_variance(np.array([1.0, 9.0, 1.0, 9.0]), np.array([0, 0, 1, 1])).icc2 == 0


def test_members_who_are_all_alike_lie_between_teams_altogether():
    found = team_variance(np.array([1.0, 1.0, 3.0, 3.0]), np.array([0, 0, 1, 1]))
    assert (found.icc1, found.icc2, found.p) == (1.0, 1.0, 0.0)


def test_one_item_has_the_rwg_of_its_definition():
    items = np.array([[3.0], [4.0], [5.0], [1.0], [5.0], [3.0]])
    teams = np.array([0, 0, 0, 1, 1, 1])
    # Variances 1 and 4 against 2, that of answers spread evenly over five points; a negative one is 0.
    assert within_group_agreement(items, teams, 5).tolist() == pytest.approx([0.5, 0.0])


def test_several_items_follow_the_formula_of_spearman_and_brown():
    rng = np.random.default_rng(3)
    items, teams = rng.integers(5, 9, (40, 4)).astype(float), np.repeat(np.arange(5), 8)
    one = 1 - np.array([items[teams == k].var(axis=0, ddof=1).mean() for k in range(5)]) / ((10**2 - 1) / 12)
    assert within_group_agreement(items, teams, 10) == pytest.approx(4 * one / (1 + 3 * one), rel=1e-12)


def test_all_alike_is_full_agreement_and_one_member_is_none():
    found = within_group_agreement(np.array([[4.0], [4.0], [2.0]]), np.array([0, 0, 1]), 5)
    assert found[0] == 1
    assert np.isnan(found[1])
