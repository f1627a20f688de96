"""Gaps between groups: as pingouin and statsmodels have them without weights, and as arithmetic has them with."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pingouin
import pytest
from statsmodels.discrete.discrete_model import MNLogit
from statsmodels.stats.oneway import anova_oneway
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from drivers.core.design import sampling_design, weighted_means
from drivers.core.gaps import (
    GroupMeans,
    equivalence_p,
    games_howell,
    hedges_g,
    standardised_differences,
    welch_test,
)
from drivers.core.propensity import group_chances, inverse_weights
from drivers.errors import EstimationError


def samples(seed, sizes=(40, 25, 60), gaps=(0.0, 0.5, 0.9), spreads=(1.0, 2.0, 0.6)):
    rng = np.random.default_rng(seed)
    return [g + s * rng.standard_normal(n) for n, g, s in zip(sizes, gaps, spreads, strict=True)]


def means_of(groups):
    found = [weighted_means(y[:, None], sampling_design(np.ones(len(y)))) for y in groups]
    return GroupMeans(
        np.array([e.value[0] for e in found]),
        np.array([e.covariance[0, 0] for e in found]),
        np.array([float(e.degrees) for e in found]),
    )


@pytest.mark.parametrize("count", [2, 3])
def test_welch_is_that_of_pingouin_and_statsmodels(count):
    groups = samples(1)[:count]
    test = welch_test(means_of(groups))
    frame = pd.DataFrame({"y": np.concatenate(groups), "g": np.repeat(range(count), [len(g) for g in groups])})
    peer = pingouin.welch_anova(frame, dv="y", between="g").iloc[0]
    other = anova_oneway(groups, use_var="unequal")
    assert test.f == pytest.approx(peer["F"], rel=1e-10)
    assert test.within == pytest.approx(peer["ddof2"], rel=1e-10)
    assert test.p == pytest.approx(peer["p_unc"], rel=1e-8)
    assert (test.f, test.p) == pytest.approx((other.statistic, other.pvalue), rel=1e-8)


def test_games_howell_is_that_of_pingouin():
    groups = samples(2)
    b, a = np.triu_indices(3, k=1)
    found = games_howell(means_of(groups), a, b)
    frame = pd.DataFrame({"y": np.concatenate(groups), "g": np.repeat(list("pqr"), [len(g) for g in groups])})
    peer = pingouin.pairwise_gameshowell(frame, dv="y", between="g")
    np.testing.assert_allclose(-found.value, peer["diff"], rtol=1e-10)
    np.testing.assert_allclose(found.p, peer["pval"], rtol=1e-6, atol=1e-10)


def test_an_interval_of_games_howell_ends_at_zero_where_its_p_is_the_level():
    groups = samples(3)
    b, a = np.triu_indices(3, k=1)
    p = games_howell(means_of(groups), a, b).p
    for pair in range(3):
        found = games_howell(means_of(groups), a, b, 1 - p[pair])
        end = found.low[pair] if found.value[pair] > 0 else found.high[pair]
        assert end == pytest.approx(0.0, abs=2e-4)  # the quantile is found to four digits


def test_of_two_groups_games_howell_is_welchs_t():
    groups = samples(4)[:2]
    found = games_howell(means_of(groups), np.array([1]), np.array([0]))
    peer = CompareMeans(DescrStatsW(groups[1]), DescrStatsW(groups[0]))
    assert found.p[0] == pytest.approx(peer.ttest_ind(usevar="unequal")[1], rel=1e-6)
    ends = peer.tconfint_diff(usevar="unequal")
    assert (found.low[0], found.high[0]) == pytest.approx(ends, rel=1e-4)


def test_hedges_g_is_that_of_pingouin_and_weights_are_copies_up_to_the_degrees():
    x, y = samples(5)[:2]
    both = np.concatenate([x, y])
    one, weights = np.arange(len(both)) < len(x), np.ones((2, len(both)))
    weights[1] = 3.0  # only ratios matter
    found = hedges_g(both, weights, one, ~one)
    exact = pingouin.compute_effsize(x, y, eftype="cohen") * gamma_correction(len(both) - 2)
    np.testing.assert_allclose(found, exact, rtol=1e-12)
    assert found[0] == pytest.approx(
        pingouin.compute_effsize(x, y, eftype="hedges"), rel=1e-4
    )  # its correction: approximate


def gamma_correction(degrees):
    from math import exp, lgamma, sqrt

    return exp(lgamma(degrees / 2) - lgamma((degrees - 1) / 2)) / sqrt(degrees / 2)


def test_equivalence_is_two_one_sided_tests():
    x, y = samples(6, gaps=(0.0, 0.1, 0.0))[:2]
    peer = CompareMeans(DescrStatsW(x), DescrStatsW(y)).ttost_ind(-0.8, 0.8, usevar="unequal")
    means = means_of([x, y])
    error = np.sqrt(means.variance.sum())
    degrees = error**4 / (means.variance**2 / means.degrees).sum()
    found = equivalence_p(means.value[0] - means.value[1], error, degrees, 0.8)
    assert float(found) == pytest.approx(peer[0], rel=1e-10)
    table = pingouin.tost(x, y, bound=0.8, correction=True)
    assert float(found) == pytest.approx(float(table["pval"].iloc[0]), rel=1e-6)


def test_standardised_differences_are_gaps_in_the_deviation_of_the_groups_as_they_are():
    rng = np.random.default_rng(7)
    x, w, one = rng.normal(size=(50, 2)), rng.uniform(0.5, 2, 50), np.arange(50) < 20
    x[:, 1] = 4.0
    gap = np.average(x[one, 0], weights=w[one]) - np.average(x[~one, 0], weights=w[~one])
    unit = np.sqrt((x[one, 0].var() + x[~one, 0].var()) / 2)
    np.testing.assert_allclose(standardised_differences(x, w, one, ~one), [gap / unit, 0.0])


def confounded(seed, n=4000):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    eta = np.column_stack([np.zeros(n), 0.6 * x[:, 0], -0.4 * x[:, 1]]) + rng.gumbel(size=(n, 3))
    return x, eta.argmax(axis=1)


def test_chances_are_those_of_statsmodels():
    x, groups = confounded(8, 500)
    design = np.column_stack([np.ones(500), x])
    peer = MNLogit(groups, design).fit(disp=False, method="newton").predict(design)
    np.testing.assert_allclose(group_chances(x, groups, np.ones(500)).T, peer, atol=1e-6)


def test_inverse_weights_make_groups_alike_and_keep_their_size():
    x, groups = confounded(9)
    w = np.ones(len(x))
    found = inverse_weights(x, groups, w, w[None])[0]
    for k in range(1, 3):
        before = standardised_differences(x, w, groups == k, groups == 0)
        after = standardised_differences(x, found, groups == k, groups == 0)
        assert np.abs(before).max() > 0.25
        assert np.abs(after).max() < 0.05  # what truncation leaves
    sizes = np.bincount(groups, found) / found.sum()
    np.testing.assert_allclose(sizes, np.bincount(groups) / len(groups), atol=0.01)


def test_inverse_weights_are_nearly_ones_where_the_columns_say_nothing_of_the_group():
    x, groups = confounded(10)
    w = np.ones(len(x))
    found = inverse_weights(np.random.default_rng(1).normal(size=x.shape), groups, w, w[None])[0]
    np.testing.assert_allclose(found, 1.0, atol=0.2)


def test_a_draw_without_a_group_has_no_weights_and_columns_that_tell_groups_apart_are_refused():
    x, groups = confounded(11, 300)
    w = np.vstack([np.ones(300), (groups != 2) * 1.0])
    found = inverse_weights(x, groups, np.ones(300), w)
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
    with pytest.raises(EstimationError):
        group_chances((groups + 0.0)[:, None], groups, np.ones(300))
