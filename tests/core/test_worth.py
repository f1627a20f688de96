from itertools import permutations

import numpy as np
import pytest

from core.samples import golden, reference_cross
from drivers.core.dominance import complete_dominance, dominance_statistics
from drivers.core.lattice import subset_r_squared
from drivers.core.worth import (
    common_parts,
    completely_dominant,
    conditional_gains,
    conditionally_dominant,
    dominance_proportions,
    owen_weights,
    part_weights,
    shapley_values,
    shapley_weights,
)
from drivers.errors import EstimationError


def mean_gain(worth, orders):
    """Mean over orders of what each player adds, by going through them."""
    gains = np.zeros(len(orders[0]))
    for order in orders:
        held = 0
        for j in order:
            gains[j] += worth[held | 1 << j] - worth[held]
            held |= 1 << j
    return gains / len(orders)


@pytest.fixture(scope="module")
def worth():
    return np.random.default_rng(2).normal(size=2**5)


def test_shapley_values_are_the_mean_gain_over_all_orders(worth):
    expected = mean_gain(worth, list(permutations(range(5))))
    np.testing.assert_allclose(shapley_values(worth), expected, atol=1e-12)
    np.testing.assert_allclose(shapley_weights(5) @ worth, expected, atol=1e-12)


@pytest.mark.parametrize("unions", [[[0, 3], [1], [2, 4]], [[4, 1, 0], [2, 3]], [[0], [1], [2], [3], [4]]])
def test_owen_values_are_the_mean_gain_over_orders_that_keep_a_union_together(worth, unions):
    def together(order):
        runs = [[order.index(j) for j in union] for union in unions]
        return all(max(run) - min(run) == len(run) - 1 for run in runs)

    orders = [order for order in permutations(range(5)) if together(order)]
    np.testing.assert_allclose(owen_weights(5, unions) @ worth, mean_gain(worth, orders), atol=1e-12)


def test_a_union_gets_what_it_would_get_as_one_player(worth):
    unions = [[0, 3], [1], [2, 4]]
    merged = [sum(sum(1 << j for j in unions[k]) for k in range(3) if code >> k & 1) for code in range(8)]
    together = shapley_values(worth[merged])
    owen = owen_weights(5, unions) @ worth
    np.testing.assert_allclose([owen[union].sum() for union in unions], together, atol=1e-12)


def test_the_block_shares_of_attitude_are_those_of_relaimpo():
    """relaimpo 2.2-7, groups G1 (privileges, learning) and G2 (raises, critical): sums of Owen values."""
    worth = subset_r_squared(reference_cross("attitude"))
    owen = owen_weights(6, [[0], [1, 2], [3, 4], [5]]) @ worth
    found = [owen[0], owen[[1, 2]].sum(), owen[[3, 4]].sum(), owen[5]]
    np.testing.assert_allclose(found, [0.38854798701, 0.18045871666, 0.13459225955, 0.02900302931], atol=1e-10)


def test_a_player_in_two_unions_is_refused():
    with pytest.raises(EstimationError, match="exactly one block"):
        owen_weights(3, [[0, 1], [1, 2]])


def test_conditional_gains_and_proportions_are_those_of_the_lattice():
    cross = reference_cross("attitude")
    worth = subset_r_squared(cross)
    np.testing.assert_allclose(conditional_gains(worth), dominance_statistics(cross).conditional, atol=1e-13)
    np.testing.assert_array_equal(dominance_proportions(worth), complete_dominance(cross))


def test_dominance_of_a_batch_is_that_of_each(worth):
    batch = np.stack([worth, -worth, worth**2])
    for found, one in zip((completely_dominant(one) for one in batch), batch, strict=True):
        np.testing.assert_array_equal(found, dominance_proportions(one) == 1.0)
    gains = conditional_gains(batch)
    for found, one in zip(conditionally_dominant(gains), gains, strict=True):
        pairs = [[i != j and bool((one[i] > one[j]).all()) for j in range(5)] for i in range(5)]
        np.testing.assert_array_equal(found, pairs)


def test_common_parts_of_attitude_are_those_of_yhat():
    """R package yhat: unique .2576 .0244 .0003; common of pairs .0780 .0614 .0023 and of all three .2843."""
    worth = subset_r_squared(reference_cross("attitude", ("complaints", "learning", "raises")))
    c, lrn, cl, r, cr, lr, clr = common_parts(worth)[1:]
    np.testing.assert_allclose(
        [c, lrn, r, cl, cr, lr, clr], [0.2576, 0.0244, 0.0003, 0.0780, 0.0614, 0.0023, 0.2843], atol=5e-5
    )


def test_common_parts_add_up_to_what_a_driver_explains_alone():
    worth = subset_r_squared(reference_cross("attitude"))
    parts, sets = common_parts(worth), np.arange(64)
    assert parts.sum() == pytest.approx(golden("attitude").r_squared, abs=1e-12)
    alone = [parts[(sets >> j & 1) == 1].sum() for j in range(6)]
    np.testing.assert_allclose(alone, golden("attitude").first, atol=1e-10)
    some = np.array([1, 6, 63])
    np.testing.assert_allclose(part_weights(6, some) @ worth, parts[some], atol=1e-12)
