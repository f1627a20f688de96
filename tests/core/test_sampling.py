from itertools import permutations

import numpy as np
import pytest

from core.samples import cross_of, generated
from drivers.core.blocks import block_dominance
from drivers.core.dominance import general_dominance
from drivers.core.linear import linear_fit
from drivers.core.sampling import balanced_orders, order_shares, sampled_shares


def singles(p, first=0):
    return [(first + j,) for j in range(p)]


def all_orders(players):
    return np.array(list(permutations(range(players))))


@pytest.mark.parametrize("players", [1, 2, 5])
def test_in_a_balanced_set_every_player_stands_in_every_place_twice(players):
    orders = balanced_orders(np.random.default_rng(1), players, sets=3)
    assert orders.shape == (3, 2 * players, players)
    for group in orders:
        for player in range(players):
            np.testing.assert_array_equal((group == player).sum(axis=0), 2)


@pytest.mark.parametrize("p", [1, 2, 4, 5])
def test_all_orders_together_give_the_exact_shares(p):
    cross = cross_of(generated(p, p))
    np.testing.assert_allclose(order_shares(cross, singles(p), all_orders(p)), general_dominance(cross), atol=1e-9)


def test_all_orders_of_blocks_give_the_exact_shares_of_blocks_beside_controls():
    cross, blocks = cross_of(generated(3, 6)), [(1, 4), (2,), (3, 5)]
    expected = block_dominance(cross, blocks, controls=1)
    np.testing.assert_allclose(order_shares(cross, blocks, all_orders(3), controls=1), expected, atol=1e-9)


def test_one_order_gives_what_each_driver_adds_to_r_squared():
    cross, order = cross_of(generated(8, 4)), [2, 0, 3, 1]
    found = order_shares(cross, singles(4), np.array([order]))
    before = 0.0
    for k, driver in enumerate(order):
        chosen = [*order[: k + 1], 4]
        after = float(linear_fit(cross[np.ix_(chosen, chosen)]).r_squared)
        assert found[driver] == pytest.approx(after - before, abs=1e-9)
        before = after


def test_a_batch_gives_what_its_members_give():
    cross = np.stack([cross_of(generated(seed, 5)) for seed in range(6)]).reshape(2, 3, 6, 6)
    orders = balanced_orders(np.random.default_rng(2), 5)[0]
    together = order_shares(cross, singles(5), orders)
    np.testing.assert_allclose(together[1, 2], order_shares(cross[1, 2], singles(5), orders), atol=1e-13)


@pytest.mark.parametrize("p", [8, 14])
def test_sampled_shares_lie_within_their_error_of_the_exact_ones(p):
    cross = cross_of(generated(p, p, n=600))
    exact, found = general_dominance(cross), sampled_shares(cross, singles(p), np.random.default_rng(4))
    assert found.error.max() <= 0.001 * exact.sum()
    assert (np.abs(found.value - exact) < 5 * found.error + 1e-9).all()  # 5 errors: one in a million each
    assert found.value.sum() == pytest.approx(exact.sum(), abs=1e-9)


def test_the_stated_error_is_the_spread_over_other_orders():
    cross = cross_of(generated(7, 10, n=600))
    runs = [sampled_shares(cross, singles(10), np.random.default_rng(s), precision=1.0) for s in range(100)]
    spread = np.std([run.value for run in runs], axis=0)
    stated = np.sqrt(np.mean([run.error**2 for run in runs], axis=0))
    np.testing.assert_allclose(spread / stated, 1.0, atol=0.3)  # 100 runs know a spread to 7%; 4 of that


def test_forty_drivers_are_known_to_a_thousandth_of_r_squared():
    cross = cross_of(generated(40, 40, n=1000))
    found = sampled_shares(cross, singles(40), np.random.default_rng(1))
    total = float(linear_fit(cross).r_squared)
    assert found.value.sum() == pytest.approx(total, abs=1e-9)
    assert found.error.max() <= 0.001 * total
    other = sampled_shares(cross, singles(40), np.random.default_rng(2), precision=0.0002)
    assert np.abs(found.value - other.value).max() < 5 * 0.001 * total


def test_a_finer_precision_takes_more_orders():
    cross = cross_of(generated(1, 30, n=500))
    coarse, fine = (sampled_shares(cross, singles(30), np.random.default_rng(1), precision=x) for x in (0.01, 0.0003))
    assert coarse.orders < fine.orders
    assert fine.error.max() <= 0.0003 * fine.value.sum()


def test_copies_sums_and_constants_neither_break_nor_change_r_squared():
    z = generated(5, 28, n=300)
    z[:, 3], z[:, 4], z[:, 5] = z[:, 2], z[:, 0] + z[:, 1], 4.1
    cross = cross_of(z)
    found = sampled_shares(cross, singles(28), np.random.default_rng(1))
    assert np.isfinite(found.value).all()
    assert found.value[5] == 0
    assert found.value.sum() == pytest.approx(float(linear_fit(cross).r_squared), abs=1e-8)
    assert abs(found.value[2] - found.value[3]) < 5 * found.error[[2, 3]].sum()


def test_an_outcome_that_never_varies_has_nothing_to_share():
    z = generated(5, 27)
    z[:, -1] = 3.0
    found = sampled_shares(cross_of(z), singles(27), np.random.default_rng(1))
    np.testing.assert_array_equal(found.value, 0.0)


def test_the_cross_products_are_left_as_they_were():
    cross = cross_of(generated(5, 6))
    before = cross.copy()
    sampled_shares(cross, singles(6), np.random.default_rng(1))
    np.testing.assert_array_equal(cross, before)
