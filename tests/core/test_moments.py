import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.samples import answers, generated, golden, moments_of
from drivers.core.moments import Moments
from drivers.errors import EstimationError

seeds = st.integers(0, 10_000)


def weighted(seed, n=60, p=3):
    z = generated(seed, p, n=n)
    return z, np.random.default_rng(seed).choice([0.0, 0.5, 1.0, 2.5], n)


def assert_same(left, right, atol=1e-9):
    assert left.names == right.names
    np.testing.assert_array_equal(left.base, right.base)
    for part in ("weight_sum", "weight_square_sum", "mean", "cross"):
        np.testing.assert_allclose(getattr(left, part), getattr(right, part), atol=atol)


@given(seeds)
def test_moments_are_numpys_weighted_moments(seed):
    z, w = weighted(seed)
    moments = moments_of(z, w)
    assert moments.base == np.count_nonzero(w)
    assert moments.weight_sum == pytest.approx(w.sum())
    np.testing.assert_allclose(moments.mean, np.average(z, axis=0, weights=w), atol=1e-12)
    np.testing.assert_allclose(moments.covariance, np.cov(z.T, aweights=w, ddof=0), atol=1e-12)
    np.testing.assert_allclose(np.diagonal(moments.correlation), 1.0)


def test_weighted_correlations_and_effective_base_equal_r():
    names, z = answers("attitude")
    reference = golden("attitude").weighted
    moments = Moments.from_rows(names, z, np.array(reference["weights"]))
    np.testing.assert_allclose(moments.correlation[:-1, -1], reference["correlation"], atol=6e-11)
    assert moments.effective_base == pytest.approx(reference["effective_base"], abs=6e-9)


@given(seeds, st.integers(1, 59))
def test_the_sum_of_moments_is_the_moments_of_the_pooled_rows(seed, cut):
    z, w = weighted(seed)
    assert_same(moments_of(z[:cut], w[:cut]) + moments_of(z[cut:], w[cut:]), moments_of(z, w))


@given(seeds, st.integers(1, 30))
def test_without_is_the_inverse_of_the_sum(seed, cut):
    z, w = weighted(seed)
    whole, part = moments_of(z, w), moments_of(z[:cut], w[:cut])
    assert_same(whole.without(part), moments_of(z[cut:], w[cut:]), atol=1e-8)


def test_nothing_is_left_without_everyone():
    whole = moments_of(*weighted(1))
    rest = whole.without(whole)
    assert rest.base == 0
    assert rest.weight_sum == 0
    np.testing.assert_array_equal(rest.cross, 0.0)


@given(seeds)
def test_weightings_are_a_batch_of_moments(seed):
    z, _ = weighted(seed)
    w = np.random.default_rng(seed).integers(0, 3, (4, len(z)))
    names = tuple(f"v{j}" for j in range(z.shape[1]))
    batch = Moments.from_weightings(names, z, w)
    assert batch.cross.shape == (4, 4, 4)
    for k in range(4):
        single = moments_of(z, w[k].astype(float))
        assert batch.base[k] == single.base
        np.testing.assert_allclose(batch.mean[k], single.mean, atol=1e-12)
        np.testing.assert_allclose(batch.cross[k], single.cross, atol=1e-9)


def test_pooled_adds_the_leading_axis():
    z, w = weighted(2)
    shares = np.stack([w * (np.arange(len(w)) % 3 == k) for k in range(3)])
    batch = Moments.from_weightings(("a", "b", "c", "d"), z, shares)
    np.testing.assert_allclose(batch.pooled().cross, moments_of(z, w).cross, atol=1e-10)
    np.testing.assert_allclose(batch.pooled().mean, moments_of(z, w).mean, atol=1e-12)
    assert batch.pooled().base == moments_of(z, w).base


def test_a_huge_mean_costs_no_digits():
    z, w = weighted(3)
    np.testing.assert_allclose(moments_of(z + 1e8, w).cross, moments_of(z, w).cross, atol=1e-5)
    far = Moments.from_weightings(("a", "b", "c", "d"), z + 1e8, w[None])
    np.testing.assert_allclose(far.cross[0], moments_of(z, w).cross, atol=1e-5)


@pytest.mark.parametrize("value", [0.1, 1e8 + 0.3, -7.7])
def test_a_constant_variable_varies_exactly_not_at_all(value):
    z, w = weighted(4)
    z[:, 1] = value
    moments = moments_of(z, w + 0.1)
    batch = Moments.from_weightings(moments.names, z, w[None] + 0.1)
    for cross in (moments.cross, batch.cross[0]):
        np.testing.assert_array_equal(cross[1], 0.0)
    assert moments.correlation[1].tolist() == [0, 1, 0, 0]


def test_a_variable_that_varies_in_one_answer_is_constant_without_it():
    z, w = weighted(5)
    z[:, 1], w[0] = 0.1, 1.0
    z[0, 1] = 5.0
    rest = moments_of(z, w).without(moments_of(z[:1], w[:1]))
    np.testing.assert_array_equal(rest.cross[1], 0.0)


def test_zero_weights_and_no_rows_give_zeros_not_nan():
    z, _ = weighted(6)
    for moments in (moments_of(z, np.zeros(len(z))), moments_of(z[:0], np.zeros(0))):
        assert moments.base == 0
        assert moments.effective_base == 0
        np.testing.assert_array_equal(moments.covariance, 0.0)
    empty = Moments.from_weightings(("a", "b", "c", "d"), z[:0], np.zeros((2, 0)))
    np.testing.assert_array_equal(empty.cross, 0.0)


def test_select_takes_variables_in_the_order_asked_for():
    z, w = weighted(7)
    moments = moments_of(z, w)
    chosen = moments.select(("v2", "v0"))
    assert chosen.names == ("v2", "v0")
    assert_same(chosen, Moments.from_rows(("v2", "v0"), z[:, [2, 0]], w), atol=1e-12)


def test_unknown_names_are_refused_with_the_known_ones():
    with pytest.raises(EstimationError, match=r"'x'.*v0, v1, v2, v3"):
        moments_of(*weighted(8)).select(("v0", "x"))


def test_moments_of_different_variables_cannot_be_added():
    moments = moments_of(*weighted(9))
    with pytest.raises(EstimationError, match="Select the same variables"):
        moments + moments.select(("v1", "v0", "v2", "v3"))


def test_rows_and_weights_are_left_as_they_were():
    z, w = weighted(10)
    before = z.copy(), w.copy()
    moments_of(z, w)
    Moments.from_weightings(("a", "b", "c", "d"), z, w[None])
    np.testing.assert_array_equal(z, before[0])
    np.testing.assert_array_equal(w, before[1])
