"""Means of groups with members that depend on each other: pingouin without units, brute force with them."""

import numpy as np
import pandas as pd
import pingouin
import pytest
from scipy.stats import studentized_range

from drivers.core.clustered_means import group_means, mean_pairs, range_p, range_quantile


def groups_of(rng, sizes, spreads):
    groups = np.repeat(np.arange(len(sizes)), sizes)
    return groups, rng.standard_normal(len(groups)) * np.array(spreads)[groups] + 0.3 * groups


def test_without_units_it_is_the_procedure_of_games_and_howell():
    groups, y = groups_of(np.random.default_rng(1), (40, 9, 25, 14), (1.0, 3.0, 0.5, 2.0))
    theirs = pingouin.pairwise_gameshowell(pd.DataFrame({"y": y, "g": groups}), dv="y", between="g")
    pairs = mean_pairs(group_means(y, groups, np.arange(len(y)), 4))
    assert pairs.difference == pytest.approx(theirs["diff"].to_numpy(), abs=1e-12)
    assert pairs.degrees == pytest.approx(theirs["df"].to_numpy(), rel=1e-9)
    ours = [range_p(abs(t) * np.sqrt(2), 4, d) for t, d in zip(pairs.t, pairs.degrees, strict=True)]
    assert ours == pytest.approx(theirs["p_val" if "p_val" in theirs else "pval"].to_numpy(), abs=1e-6)


def test_one_pair_is_welchs_test():
    groups, y = groups_of(np.random.default_rng(2), (12, 30), (2.0, 1.0))
    pairs = mean_pairs(group_means(y, groups, np.arange(len(y)), 2))
    theirs = pingouin.ttest(y[groups == 0], y[groups == 1], correction=True)
    assert pairs.p[0] == pytest.approx(float(theirs["p_val" if "p_val" in theirs else "p-val"].iloc[0]), rel=1e-9)
    assert range_p(abs(pairs.t[0]) * np.sqrt(2), 2, pairs.degrees[0]) == pytest.approx(pairs.p[0], rel=1e-6)


@pytest.mark.parametrize("groups", [2, 4, 7])
@pytest.mark.parametrize("degrees", [3.0, 9.0, 38.4, 500.0])
def test_the_studentised_range_is_scipys(groups, degrees):
    for q in (0.7, 3.5, 6.0):
        assert range_p(q, groups, degrees) == pytest.approx(studentized_range.sf(q, groups, degrees), abs=1e-8)
    assert range_p(range_quantile(0.95, groups, degrees), groups, degrees) == pytest.approx(0.05, abs=1e-6)


def test_answering_twice_makes_nobody_surer():
    groups, y = groups_of(np.random.default_rng(3), (30, 20), (1.0, 2.0))
    once = group_means(y, groups, np.arange(50), 2)
    twice = group_means(np.tile(y, 2), np.tile(groups, 2), np.tile(np.arange(50), 2), 2)
    assert twice.covariance == pytest.approx(once.covariance, rel=1e-12)
    assert twice.units.tolist() == once.units.tolist() == [30, 20]


def test_units_of_one_size_have_the_error_of_their_means():
    rng = np.random.default_rng(4)
    y, units = rng.standard_normal(60) + np.repeat(rng.standard_normal(12), 5), np.repeat(np.arange(12), 5)
    means = y.reshape(12, 5).mean(axis=1)
    found = group_means(y, np.zeros(60, dtype=int), units, 1)
    assert found.error[0] == pytest.approx(means.std(ddof=1) / np.sqrt(12), rel=1e-12)
    assert found.degrees.tolist() == [11.0]


def test_units_in_two_groups_make_their_difference_a_paired_one():
    rng = np.random.default_rng(5)
    shared = 3 * rng.standard_normal(20)
    y = np.r_[shared + rng.standard_normal(20), shared + rng.standard_normal(20)]
    pairs = mean_pairs(group_means(y, np.repeat([0, 1], 20), np.tile(np.arange(20), 2), 2))
    assert pairs.error[0] == pytest.approx((y[:20] - y[20:]).std(ddof=1) / np.sqrt(20), rel=1e-12)


def test_a_group_of_one_has_no_error_and_groups_all_alike_no_p():
    found = group_means(np.array([1.0, 2.0, 3.0]), np.array([0, 0, 1]), np.arange(3), 2)
    assert np.isfinite(found.error[0])
    assert np.isnan(found.error[1])
    assert np.isnan(mean_pairs(group_means(np.ones(6), np.repeat([0, 1], 3), np.arange(6), 2)).p).all()
    assert np.isnan(range_p(float("nan"), 3, 5.0))
