import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from core.samples import answers, golden, reference_cross
from drivers.core.dominance import general_dominance
from drivers.core.interval import (
    basic_interval,
    bca_interval,
    first_probability,
    indistinguishable_letters,
    pairwise_intervals,
    pairwise_p,
    percentile_interval,
    rank_interval,
    rank_probabilities,
    ranks,
)
from drivers.core.resample import jackknife_moments

BOOTS = ["boot_random", "boot_fixed"]


def letters(estimate, pairs_apart):
    p = len(estimate)
    low, high = np.full((p, p), -1.0), np.full((p, p), 1.0)
    for i, j in pairs_apart:
        low[i, j], high[j, i] = 0.1, -0.1
    return indistinguishable_letters(np.asarray(estimate, float), low, high)


@pytest.mark.parametrize("boot", BOOTS)
def test_percentile_intervals_equal_boot_ci(boot):
    stored = getattr(golden("mtcars"), boot)
    interval = percentile_interval(np.array(stored["lmg"]))
    np.testing.assert_allclose(interval.low, stored["intervals"]["perc"]["low"], atol=1e-12)
    np.testing.assert_allclose(interval.high, stored["intervals"]["perc"]["high"], atol=1e-12)


@pytest.mark.parametrize("boot", BOOTS)
def test_basic_intervals_equal_boot_ci(boot):
    stored = getattr(golden("mtcars"), boot)
    interval = basic_interval(np.array(golden("mtcars").lmg), np.array(stored["lmg"]))
    np.testing.assert_allclose(interval.low, stored["intervals"]["basic"]["low"], atol=1e-12)
    np.testing.assert_allclose(interval.high, stored["intervals"]["basic"]["high"], atol=1e-12)


def test_bca_intervals_are_near_boot_ci():
    # R takes the acceleration from a regression on the 200 draws, not from the jackknife: equal only roughly.
    names, z = answers("mtcars")
    stored = golden("mtcars").boot_random
    jackknife = general_dominance(jackknife_moments(names, z, np.ones(len(z))).cross)
    estimate = general_dominance(reference_cross("mtcars"))
    interval = bca_interval(estimate, np.array(stored["lmg"]), jackknife)
    np.testing.assert_allclose(interval.low, stored["intervals"]["bca"]["low"], atol=0.003)
    np.testing.assert_allclose(interval.high, stored["intervals"]["bca"]["high"], atol=0.003)


def test_bca_without_bias_or_skewness_is_the_percentile_interval():
    replicates = np.linspace(-1, 1, 1000)
    bca = bca_interval(np.array(0.0), replicates, np.array([-1.0, 1.0]))
    percentile = percentile_interval(replicates)
    assert bca.low == pytest.approx(percentile.low)
    assert bca.high == pytest.approx(percentile.high)


def test_bca_for_the_mean_of_skewed_data_leans_to_the_long_tail():
    rng = np.random.default_rng(1)
    x = rng.exponential(size=40)
    replicates = rng.choice(x, (2000, 40)).mean(axis=1)
    jackknife = (x.sum() - x) / 39
    bca, percentile = bca_interval(x.mean(), replicates, jackknife), percentile_interval(replicates)
    assert bca.high > percentile.high
    assert bca.low > percentile.low


@pytest.mark.parametrize("estimate", [-5.0, 5.0, 0.5])
@pytest.mark.parametrize("jackknife", [np.zeros(5), np.array([0.0, 0, 0, 0, 9.0]), np.array([0.0, 0, 0, 0, -9.0])])
def test_bca_ends_are_replicates_in_order_and_never_nan(estimate, jackknife):
    replicates = np.linspace(0, 1, 99)
    interval = bca_interval(np.array(estimate), replicates, jackknife)
    assert 0 <= interval.low <= interval.high <= 1


def test_bca_past_the_pole_of_its_correction_ends_at_an_extreme_replicate():
    replicates = np.linspace(0, 1, 999)
    jackknife = np.r_[np.zeros(9999), -9.0]  # the largest acceleration there is, 1/6
    interval = bca_interval(np.array(0.9995), replicates, jackknife, confidence=0.9999)
    assert interval.low <= interval.high == 1


def test_a_number_that_never_varies_is_its_own_interval():
    replicates = np.full((50, 2), 0.3)
    for interval in (
        percentile_interval(replicates),
        basic_interval(np.full(2, 0.3), replicates),
        bca_interval(np.full(2, 0.3), replicates, replicates[:10]),
    ):
        np.testing.assert_allclose(interval.low, 0.3)
        np.testing.assert_allclose(interval.high, 0.3)


def test_too_few_replicates_give_the_extreme_ones():
    interval = percentile_interval(np.array([[1.0], [3.0], [2.0]]))
    assert (interval.low[0], interval.high[0]) == (1.0, 3.0)
    assert percentile_interval(np.array([4.0])).low == 4.0


@given(st.integers(0, 1000), st.floats(0.5, 0.99))
def test_percentile_ends_hold_about_the_confidence(seed, confidence):
    replicates = np.random.default_rng(seed).normal(size=(999, 2))
    interval = percentile_interval(replicates, confidence)
    inside = ((replicates >= interval.low) & (replicates <= interval.high)).mean(axis=0)
    np.testing.assert_allclose(inside, confidence, atol=0.003)


def test_ranks_equal_domir():
    assert ranks(np.array(golden("mtcars").lmg)).tolist() == golden("mtcars").ranks


def test_ties_share_the_smallest_rank_and_rounding_is_a_tie():
    assert ranks(np.array([[0.2, 0.3, 0.3 + 1e-16, 0.1], [4, 3, 2, 1]])).tolist() == [[3, 1, 1, 4], [1, 2, 3, 4]]
    assert ranks(np.zeros(3)).tolist() == [1, 1, 1]


def test_rank_intervals_are_whole_ranks():
    rng = np.random.default_rng(1)
    replicates = np.array([0.5, 0.3, 0.29]) + 0.01 * rng.normal(size=(500, 3))
    interval = rank_interval(replicates)
    assert interval.low.tolist() == [1, 2, 2]
    assert interval.high.tolist() == [1, 3, 3]
    assert np.issubdtype(interval.low.dtype, np.integer)


def test_drivers_that_tie_for_first_split_the_replicate():
    probability = first_probability(np.array([[2.0, 2.0, 1.0], [3.0, 1.0, 2.0]]))
    np.testing.assert_allclose(probability, [0.75, 0.25, 0.0])


def test_intervals_of_differences_are_antisymmetric():
    replicates = np.random.default_rng(3).normal(size=(200, 4))
    interval = pairwise_intervals(replicates)
    np.testing.assert_array_equal(interval.low, -interval.high.T)
    np.testing.assert_array_equal(np.diagonal(interval.low), 0.0)
    direct = percentile_interval(replicates[:, 2] - replicates[:, 0])
    assert interval.low[2, 0] == pytest.approx(direct.low, abs=1e-12)
    assert interval.high[2, 0] == pytest.approx(direct.high, abs=1e-12)


def test_drivers_that_cannot_be_told_apart_share_a_letter():
    assert letters([3, 2, 1], [(0, 2)]) == ("A", "AB", "B")
    assert letters([1, 3, 2], [(1, 0)]) == ("B", "A", "AB")
    assert letters([3, 2, 1], []) == ("A", "A", "A")
    assert letters([3, 2, 1], [(0, 1), (0, 2), (1, 2)]) == ("A", "B", "C")
    assert letters([1.0], []) == ("A",)


@given(st.integers(2, 7), st.data())
def test_letters_show_every_pair_truly(p, data):
    pairs = [(i, j) for j in range(p) for i in range(j)]
    apart = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    estimate = data.draw(st.permutations(range(p)))
    given_letters = letters(estimate, apart)
    for i, j in pairs:
        shared = set(given_letters[i]) & set(given_letters[j])
        assert bool(shared) == ((i, j) not in apart)
    assert "A" in given_letters[int(np.argmax(estimate))]


def test_more_than_twenty_six_groups_go_on_with_two_letters():
    p = 28
    apart = [(i, j) for j in range(p) for i in range(j)]
    low = np.full((p, p), -1.0)
    for i, j in apart:
        low[i, j] = 0.1
    names = indistinguishable_letters(np.arange(p, 0, -1.0), low, np.ones((p, p)))
    assert names[25:] == ("Z", "AA", "AB")


def test_the_probability_of_each_rank_is_its_share_of_the_draws_and_ties_split_it():
    replicates = np.array([[3.0, 2.0, 1.0], [1.0, 2.0, 3.0], [2.0, 2.0, 1.0], [1.0, 1.0, 1.0]])
    third = 1 / 3
    expected = np.array(
        [
            [1 + 0.5 + third, 0.5 + third, 1 + third],
            [0.5 + third, 2 + 0.5 + third, third],
            [1 + third, third, 2 + third],
        ]
    )
    np.testing.assert_allclose(rank_probabilities(replicates), expected / 4)


def test_rank_probabilities_add_up_for_every_driver_and_every_rank():
    replicates = np.random.default_rng(1).integers(0, 4, size=(50, 6)).astype(float)
    found = rank_probabilities(replicates)
    np.testing.assert_allclose(found.sum(axis=0), 1)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    np.testing.assert_allclose(found[:, 0], first_probability(replicates))


def test_the_p_value_of_a_difference_is_twice_the_share_of_draws_on_its_rarer_side():
    gap = np.r_[np.full(960, 1.0), np.full(40, -1.0)]
    found = pairwise_p(np.column_stack([gap, np.zeros(1000)]))
    np.testing.assert_allclose(found, [[1, 0.08], [0.08, 1]])


def test_a_tail_that_draws_hardly_reach_is_the_normal_one():
    draws = np.random.default_rng(1).normal(4.5, 1.0, size=2000)
    expected = 2 * ndtr(-draws.mean() / draws.std(ddof=1))
    assert pairwise_p(np.column_stack([draws, np.zeros(2000)]))[0, 1] == pytest.approx(expected)
    assert expected < 2 / 2000


def test_drivers_that_tie_in_every_draw_differ_in_nothing():
    assert pairwise_p(np.ones((100, 2)))[0, 1] == 1


def test_p_values_agree_with_the_percentile_interval_about_zero():
    rng = np.random.default_rng(3)
    for mean in (1.7, 1.9, 2.05, 2.3):
        draws = np.column_stack([rng.normal(mean, 1, size=2000), np.zeros(2000)])
        interval = pairwise_intervals(draws)
        assert (interval.low[0, 1] > 0) == (pairwise_p(draws)[0, 1] < 0.05)
