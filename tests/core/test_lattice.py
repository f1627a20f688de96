import numpy as np
import pytest

from core.samples import cross_of, fitted_r_squared, generated, subsets
from drivers.core import lattice
from drivers.core.lattice import subset_r_squared, subset_sums
from drivers.errors import EstimationError


def position(subset):
    return sum(2**driver for driver in subset)


def conditioned(condition, seed=3, n=400):
    """Ten drivers in two nearly dependent sets whose correlations have about this condition number."""
    rng = np.random.default_rng(seed)
    slack = np.sqrt(5.0 / condition)
    x = rng.normal(size=(n, 10))
    x[:, 4] = x[:, :4].sum(axis=1) / 2 + slack * x[:, 4]
    x[:, 9] = x[:, 5:9].sum(axis=1) / 2 + slack * x[:, 9]
    y = x @ rng.uniform(0, 1, 10) + 2 * rng.normal(size=n)
    return np.column_stack([x, y])


@pytest.mark.parametrize("p", [1, 2, 3, 6])
def test_every_subset_has_the_r_squared_of_its_least_squares_fit(p):
    z = generated(p, p)
    r_squared = subset_r_squared(cross_of(z))
    for subset in subsets(p):
        assert r_squared[position(subset)] == pytest.approx(fitted_r_squared(z, subset), abs=1e-13)


@pytest.mark.parametrize("condition", [1e1, 1e4, 1e6, 1e8, 1e10])
def test_r_squared_is_accurate_to_seven_digits_up_to_a_condition_number_of_ten_thousand_million(condition):
    z = conditioned(condition)
    correlation = np.corrcoef(z[:, :-1].T)
    assert condition / 10 < np.linalg.cond(correlation) < condition * 10
    r_squared = subset_r_squared(cross_of(z))
    error = max(abs(r_squared[position(s)] - fitted_r_squared(z, s)) for s in subsets(10))
    assert error < 1e-7


def test_a_batch_gives_what_its_members_give():
    cross = np.stack([cross_of(generated(seed, 5)) for seed in range(6)]).reshape(2, 3, 6, 6)
    together = subset_r_squared(cross)
    assert together.shape == (2, 3, 32)
    np.testing.assert_allclose(together[1, 2], subset_r_squared(cross[1, 2]), atol=1e-14)


@pytest.mark.parametrize(("block", "low"), [(4, 2), (6, 3), (5, 1)])
def test_blocks_give_what_the_whole_lattice_gives(monkeypatch, block, low):
    cross = np.stack([cross_of(generated(seed, 9)) for seed in range(3)])
    whole, sums = subset_r_squared(cross), subset_sums(cross)
    monkeypatch.setattr(lattice, "_BLOCK", block)
    monkeypatch.setattr(lattice, "_LOW", low)
    blocked = subset_sums(cross)
    np.testing.assert_allclose(subset_r_squared(cross), whole, atol=1e-14)
    np.testing.assert_allclose(blocked.containing, sums.containing, atol=1e-12)
    np.testing.assert_allclose(blocked.total, sums.total, atol=1e-12)
    np.testing.assert_allclose(blocked.r_squared, sums.r_squared, atol=1e-14)


def test_sums_are_sums_over_the_lattice():
    p = 7
    cross = cross_of(generated(1, p))
    r_squared, sums = subset_r_squared(cross), subset_sums(cross)
    size = np.bitwise_count(np.arange(2**p))
    for k in range(p + 1):
        assert sums.total[k] == pytest.approx(r_squared[size == k].sum(), abs=1e-12)
        for i in range(p):
            inside = (np.arange(2**p) >> i & 1 == 1) & (size == k)
            assert sums.containing[i, k] == pytest.approx(r_squared[inside].sum(), abs=1e-12)


def test_a_lattice_larger_than_a_block_has_the_r_squared_of_least_squares():
    p = lattice._BLOCK + 2
    z = generated(8, p)
    assert subset_sums(cross_of(z)).r_squared == pytest.approx(fitted_r_squared(z, range(p)), abs=1e-12)


def test_a_constant_outcome_or_driver_explains_nothing():
    z = generated(2, 3)
    z[:, 1] = 4.1
    r_squared = subset_r_squared(cross_of(z))
    assert r_squared[position((1,))] == 0
    assert r_squared[position((0, 1, 2))] == pytest.approx(r_squared[position((0, 2))], abs=1e-14)
    z[:, -1] = 0.1
    np.testing.assert_array_equal(subset_r_squared(cross_of(z)), 0.0)


def test_a_duplicate_driver_adds_nothing():
    z = generated(4, 3)
    r_squared = subset_r_squared(cross_of(np.insert(z, 1, z[:, 0], axis=1)))
    assert r_squared[position((0, 1))] == pytest.approx(r_squared[position((0,))], abs=1e-12)
    assert r_squared[position((0, 1, 2, 3))] == pytest.approx(fitted_r_squared(z, (0, 1, 2)), abs=1e-12)


@pytest.mark.parametrize(("function", "most"), [(subset_r_squared, 26), (subset_sums, 30)])
def test_too_many_drivers_are_refused_with_the_number_and_a_remedy(function, most):
    with pytest.raises(EstimationError, match=rf"{most + 1} drivers .* at most {most} .*Drop or combine"):
        function(np.eye(most + 2))


def test_the_cross_products_are_left_as_they_were():
    cross = cross_of(generated(5, 4))
    before = cross.copy()
    subset_r_squared(cross)
    subset_sums(cross)
    np.testing.assert_array_equal(cross, before)
