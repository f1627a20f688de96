import numpy as np
import pytest
from scipy import stats

from core.samples import cross_of, generated
from drivers.core.contrasts import batched_slopes, factor_kinds, joint_p
from drivers.core.linear import linear_fit


def test_slopes_of_a_batch_are_those_of_the_linear_fit():
    cross = np.stack([cross_of(generated(seed, 6)) for seed in range(5)])
    np.testing.assert_allclose(batched_slopes(cross), linear_fit(cross).slopes, atol=1e-10)  # two solvers


def test_a_duplicate_or_a_constant_in_any_draw_gives_the_fit_of_least_norm():
    z = generated(1, 4)
    twin, flat = z.copy(), z.copy()
    twin[:, 2] = twin[:, 1]
    flat[:, 0] = 3.0
    cross = np.stack([cross_of(z), cross_of(twin), cross_of(flat)])
    slopes = batched_slopes(cross)
    np.testing.assert_allclose(slopes, linear_fit(cross).slopes, atol=1e-12)
    assert slopes[1, 1] == pytest.approx(slopes[1, 2])
    assert slopes[2, 0] == 0


def test_the_test_of_one_number_is_a_t_test_squared():
    rng = np.random.default_rng(2)
    draws = rng.normal(0.3, 0.2, size=(4000, 1))
    t = 0.3 / draws.std(ddof=1)
    assert joint_p(np.array([0.3]), draws, 50) == pytest.approx(2 * stats.t.sf(t, 50), rel=1e-9)


def test_the_joint_test_holds_its_level():
    """2,000 null estimates of three correlated numbers: 5% below 0.05, with a standard error of half a point."""
    rng = np.random.default_rng(3)
    root = np.array([[1.0, 0, 0], [0.6, 0.8, 0], [-0.3, 0.5, 0.8]])
    draws = rng.normal(size=(400, 3)) @ root.T
    p = np.array([joint_p(rng.normal(size=3) @ root.T, draws, 1e9) for _ in range(2000)])
    assert 0.03 < (p < 0.05).mean() < 0.075  # one covariance from 400 draws for all adds to the error


def test_a_test_without_spread_or_with_too_few_draws_has_no_p():
    assert np.isnan(joint_p(np.ones(2), np.ones((50, 2)), 10))
    assert np.isnan(joint_p(np.ones(2), np.random.default_rng(1).normal(size=(3, 2)), 10))


CASES = [  # penalty, reward, kind
    (1.0, 0.1, "basic"),
    (1.0, 0.5, "basic"),  # exactly twice
    (1.0, 0.6, "performance"),
    (0.5, 1.0, "excitement"),
    (0.1, 0.1, "none"),
    (0.0, -0.1, "none"),
    (1.0, -0.1, "basic"),
    (1.0, -0.5, None),  # rises and falls
    (-0.5, 1.0, None),
    (-1.0, -1.0, None),
]


@pytest.mark.parametrize(("penalty", "reward", "kind"), CASES)
def test_a_factor_is_of_the_kind_that_its_two_sides_say(penalty, reward, kind):
    found = factor_kinds(np.array([[penalty]]), np.array([[reward]]), np.ones((2, 1)), least=0.2, ratio=2.0)
    true = [name for name in ("basic", "performance", "excitement", "none") if getattr(found, name).item()]
    assert true == ([kind] if kind else [])


def test_sides_are_compared_per_scale_point():
    """A straight line of 0.3 a point, whose low ratings lie four points from the middle and high ones one."""
    gaps = np.array([[4.0], [1.0]])
    found = factor_kinds(np.array([[1.2]]), np.array([[0.3]]), gaps, least=0.2, ratio=2.0)
    assert found.performance.all()
    assert factor_kinds(np.array([[1.2]]), np.array([[0.3]]), np.ones((2, 1)), least=0.2, ratio=2.0).basic.all()
