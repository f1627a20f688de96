import numpy as np
import pytest

from core.samples import cross_of, generated, moments_of
from drivers.core import shapley
from drivers.core.blocks import block_dominance
from drivers.core.dominance import general_dominance
from drivers.core.resample import draw_resample
from drivers.core.shapley import MOST_EXACT, share_plan


def singles(p, first=0):
    return [(first + j,) for j in range(p)]


def drawn(z, draws=40):
    names = tuple(f"v{j}" for j in range(z.shape[1]))
    return draw_resample(np.random.default_rng(1), len(z), draws).moments(names, z, np.ones(len(z))).cross


def test_few_drivers_are_exact_and_say_so():
    cross = cross_of(generated(1, 6))
    plan = share_plan(cross, singles(6))
    np.testing.assert_array_equal(plan.value, general_dominance(cross))
    assert (plan.orders, plan.error.max(), plan.draw_error(cross[None])) == (0, 0, 0)
    assert plan.exact(1000)


def test_controls_and_blocks_are_those_of_the_exact_ways():
    cross = cross_of(generated(1, 6))
    found = share_plan(cross, singles(5, 1), controls=1).shares(cross.copy())
    np.testing.assert_allclose(found, general_dominance(cross, controls=1), atol=1e-14)
    blocks = [(1, 3), (2,), (4, 5)]
    found = share_plan(cross, blocks, controls=1).shares(cross.copy())
    np.testing.assert_allclose(found, block_dominance(cross, blocks, controls=1), atol=1e-14)


def test_a_sample_is_exact_up_to_25_drivers_and_sampled_beyond():
    assert MOST_EXACT == 25
    plan = share_plan(cross_of(generated(2, 26, n=300)), singles(26))
    assert plan.orders > 0
    assert 0 < plan.error.max() <= 0.001 * plan.value.sum()
    assert share_plan(cross_of(generated(2, 20, n=300)), singles(20)).orders == 0


def test_many_draws_of_many_drivers_are_sampled_and_few_are_not():
    plan = share_plan(cross_of(generated(2, 17, n=300)), singles(17))
    assert plan.exact(250)
    assert not plan.exact(1000)
    assert share_plan(cross_of(generated(2, 16, n=300)), singles(16)).exact(1000)


def test_sampled_draws_are_near_the_exact_ones_by_the_error_they_state(monkeypatch):
    z = generated(6, 12, n=400)
    cross = drawn(z)
    exact = general_dominance(cross)
    monkeypatch.setattr(shapley, "_LATTICE", 2**13)
    plan = share_plan(moments_of(z).cross, singles(12))
    assert not plan.exact(len(cross))
    found = plan.shares(cross)
    total = plan.value.sum()
    error = np.sqrt(((found - exact) ** 2).mean()) / total
    # from eight draws, against orders with an error of their own
    assert 0.3 * error < plan.draw_error(cross) < 3 * error
    assert error < 0.25 * exact.std(axis=0).mean() / total  # then intervals are 3% wider
    np.testing.assert_allclose(found.sum(axis=1), exact.sum(axis=1), atol=1e-9)
    assert (found >= 0).all()


def test_the_sample_itself_is_what_its_plan_says(monkeypatch):
    monkeypatch.setattr(shapley, "MOST_EXACT", 5)
    cross = cross_of(generated(6, 8, n=400))
    plan = share_plan(cross, singles(8))
    np.testing.assert_allclose(plan.shares(cross.copy()), plan.value, atol=1e-12)
    np.testing.assert_allclose(plan.value, general_dominance(cross), atol=5 * plan.error.max())


def test_the_same_drivers_always_get_the_same_shares():
    cross = cross_of(generated(2, 30, n=300))
    first, second = (share_plan(cross, singles(30)) for _ in range(2))
    np.testing.assert_array_equal(first.value, second.value)


@pytest.mark.parametrize("p", [26, 60])
def test_drivers_beyond_thirty_share_all_of_r_squared(p):
    z = generated(p, p, n=400)
    found = share_plan(moments_of(z).cross, singles(p)).shares(drawn(z, 5))
    assert found.shape == (5, p)
    assert (found >= 0).all()
