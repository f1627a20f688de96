from itertools import permutations

import numpy as np
import pytest

from drivers.core.blocks import block_dominance
from drivers.core.dominance import general_dominance
from drivers.errors import EstimationError


def cross_products(seed, q, n=80):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(n, q)) @ rng.normal(size=(q, q))
    return (z - z.mean(axis=0)).T @ (z - z.mean(axis=0))


def r_squared(cross, columns):
    if not columns:
        return 0.0
    inner, own = cross[np.ix_(columns, columns)], cross[columns, -1]
    return own @ np.linalg.solve(inner, own) / cross[-1, -1]


def test_one_column_a_block_is_lmg():
    cross = np.stack([cross_products(s, 6) for s in range(3)])
    assert block_dominance(cross, [[0], [1], [2], [3], [4]]) == pytest.approx(general_dominance(cross), abs=1e-10)


def test_with_controls_it_is_lmg_beyond_them():
    cross = cross_products(1, 6)
    found = block_dominance(cross, [[2], [3], [4]], controls=2)
    assert found == pytest.approx(general_dominance(cross, controls=2), abs=1e-10)


def test_a_block_is_credited_over_all_orders_of_the_blocks():
    cross, blocks = cross_products(2, 6), [[0, 1], [2], [3, 4]]
    expected = np.zeros(3)
    for order in permutations(range(3)):
        inside: list[int] = []
        for j in order:
            before = r_squared(cross, inside)
            inside = inside + blocks[j]
            expected[j] += (r_squared(cross, inside) - before) / 6
    assert block_dominance(cross, blocks) == pytest.approx(expected, abs=1e-10)


def test_a_column_shared_by_two_blocks_adds_nothing_twice():
    cross = cross_products(3, 4)
    shares = block_dominance(cross, [[0, 2], [1, 2]])
    assert shares.sum() == pytest.approx(r_squared(cross, [0, 1, 2]))


def test_too_many_blocks_are_refused_with_a_way_out():
    with pytest.raises(EstimationError, match='missing_policy = "imputed"'):
        block_dominance(np.eye(22), [[j] for j in range(21)])
