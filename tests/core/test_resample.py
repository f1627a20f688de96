import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.samples import generated, moments_of
from drivers.core.resample import draw_resample, from_indices, jackknife_moments
from drivers.errors import EstimationError

NAMES = ("a", "b", "c")


def sample(n=50):
    z = generated(1, 2, n=n)
    return z, np.random.default_rng(2).uniform(0.5, 2.0, n)


@given(st.integers(1, 400), st.integers(1, 5))
def test_each_draw_takes_as_many_units_as_there_are(rows, draws):
    resample = draw_resample(np.random.default_rng(rows), rows, draws)
    assert resample.counts.shape == (draws, rows)
    assert (resample.counts.sum(axis=1) == rows).all()
    assert resample.draws == draws


def test_the_same_seed_gives_the_same_draws():
    first, second = (draw_resample(np.random.default_rng(5), 40, 3).counts for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_counts_have_the_multinomial_mean_and_variance():
    counts = draw_resample(np.random.default_rng(6), 50, 20_000).counts.astype(float)
    np.testing.assert_allclose(counts.mean(axis=0), 1.0, atol=0.04)  # five standard errors
    np.testing.assert_allclose(counts.var(axis=0), 1 - 1 / 50, atol=0.08)


def test_weightings_are_weights_times_counts():
    _, w = sample()
    resample = draw_resample(np.random.default_rng(1), 50, 6)
    np.testing.assert_array_equal(resample.weightings(w), resample.counts * w)
    np.testing.assert_array_equal(resample.weightings(w, 2, 4), (resample.counts * w)[2:4])


def test_rows_of_a_cluster_are_drawn_together():
    clusters = np.repeat([7, 3, 9, 4, 1], 10)
    resample = draw_resample(np.random.default_rng(1), 50, 8, clusters)
    weightings = resample.weightings(np.ones(50))
    assert resample.counts.shape == (8, 5)
    assert (weightings.reshape(8, 5, 10) == weightings.reshape(8, 5, 10)[:, :, :1]).all()


@pytest.mark.parametrize("clusters", [None, np.arange(50) // 2])
def test_moments_of_a_draw_are_those_of_its_rows(clusters):
    z, w = sample()
    resample = draw_resample(np.random.default_rng(1), 50, 4, clusters)
    batch = resample.moments(NAMES, z, w)
    for k, weights in enumerate(resample.weightings(w)):
        single = moments_of(z, weights)
        assert batch.base[k] == single.base
        np.testing.assert_allclose(batch.weight_square_sum[k], single.weight_square_sum)
        np.testing.assert_allclose(batch.mean[k], single.mean, atol=1e-12)
        np.testing.assert_allclose(batch.cross[k], single.cross, atol=1e-10)


def test_incomplete_rows_are_left_out_of_every_draw():
    z, w = sample()
    complete = np.arange(50) % 3 > 0
    z[~complete, 1] = np.nan
    resample = draw_resample(np.random.default_rng(1), 50, 4, np.arange(50) // 2)
    batch = resample.moments(NAMES, z, w, complete)
    single = moments_of(z[complete], resample.weightings(w)[2, complete])
    np.testing.assert_allclose(batch.cross[2], single.cross, atol=1e-10)
    np.testing.assert_allclose(batch.mean[2], single.mean, atol=1e-12)


def test_long_surveys_are_summed_in_pieces_exactly():
    z, w = sample(n=5000)
    resample = draw_resample(np.random.default_rng(1), 5000, 2)
    single = moments_of(z, resample.weightings(w)[1])
    np.testing.assert_allclose(resample.moments(NAMES, z, w).cross[1], single.cross, rtol=1e-10)


def test_stored_indices_become_counts():
    resample = from_indices(np.array([[0, 0, 2], [1, 2, 1]]))
    np.testing.assert_array_equal(resample.counts, [[2, 0, 1], [0, 2, 1]])


def test_the_jackknife_leaves_out_one_row_at_a_time():
    z, w = sample()
    batch = jackknife_moments(NAMES, z, w)
    assert batch.cross.shape == (50, 3, 3)
    keep = np.arange(50) != 17
    single = moments_of(z[keep], w[keep])
    np.testing.assert_allclose(batch.mean[17], single.mean, atol=1e-12)
    np.testing.assert_allclose(batch.cross[17], single.cross, atol=1e-10)


def test_the_jackknife_leaves_out_whole_units():
    z, w = sample()
    units = np.arange(50) // 5
    batch = jackknife_moments(NAMES, z, w, units=units)
    np.testing.assert_allclose(batch.cross[3], moments_of(z[units != 3], w[units != 3]).cross, atol=1e-10)
    assert len(batch.cross) == 10


def test_large_surveys_leave_out_five_hundred_interleaved_groups():
    z, w = sample(n=6001)
    batch = jackknife_moments(NAMES, z, w)
    keep = np.arange(6001) % 500 != 3
    assert len(batch.cross) == 500
    np.testing.assert_allclose(batch.cross[3], moments_of(z[keep], w[keep]).cross, rtol=1e-9)


def test_the_standard_error_of_a_mean_by_jackknife_is_the_textbook_one():
    z, _ = sample()
    means = jackknife_moments(NAMES, z, np.ones(50)).mean
    error = np.sqrt(49 / 50 * ((means - means.mean(axis=0)) ** 2).sum(axis=0))
    np.testing.assert_allclose(error, z.std(axis=0, ddof=1) / np.sqrt(50), rtol=1e-10)


@pytest.mark.parametrize("strata", [None, np.arange(50) // 2 % 3], ids=["simple", "strata"])
@pytest.mark.parametrize("clusters", [None, np.arange(50) // 2], ids=["rows", "clusters"])
def test_sums_over_groups_of_some_rows_are_those_of_the_weightings(clusters, strata):
    _, w = sample()
    resample = draw_resample(np.random.default_rng(1), 50, 6, clusters, strata)
    rows, group = np.arange(3, 50, 2), np.arange(24) % 5
    found = resample.grouped(resample.grouping(w[rows], group, rows), 1, 5)
    expected = [np.bincount(group, weights[rows]) for weights in resample.weightings(w, 1, 5)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_nothing_can_be_drawn_from_nothing():
    with pytest.raises(EstimationError, match="at least one of each"):
        draw_resample(np.random.default_rng(1), 0, 10)
    with pytest.raises(EstimationError, match="at least 2"):
        jackknife_moments(NAMES, np.zeros((1, 3)), np.ones(1))


def test_units_are_drawn_within_their_strata_one_fewer_than_there_are():
    strata = np.repeat([5, 1, 8], [10, 25, 15])
    resample = draw_resample(np.random.default_rng(1), 50, 40, strata=strata)
    for stratum, size in ((5, 10), (1, 25), (8, 15)):
        drawn = resample.weightings(np.ones(50))[:, strata == stratum]
        assert (resample.counts[:, strata == stratum].sum(axis=1) == size - 1).all()
        np.testing.assert_allclose(drawn.sum(axis=1), size)  # rescaled to the stratum's size


def test_clusters_are_drawn_within_strata_and_their_moments_are_those_of_their_weightings():
    z, w = sample()
    clusters = np.arange(50) // 2
    resample = draw_resample(np.random.default_rng(1), 50, 4, clusters, clusters % 3)
    batch = resample.moments(NAMES, z, w)
    for k, weights in enumerate(resample.weightings(w)):
        np.testing.assert_allclose(weights[::2] * w[1::2], weights[1::2] * w[::2])
        np.testing.assert_allclose(batch.cross[k], moments_of(z, weights).cross, atol=1e-10)
        np.testing.assert_allclose(batch.weight_sum[k], weights.sum())


def test_a_stratum_of_one_unit_is_in_every_draw():
    resample = draw_resample(np.random.default_rng(1), 5, 20, strata=np.array([0, 1, 1, 1, 1]))
    assert (resample.weightings(np.ones(5))[:, 0] == 1).all()


def test_without_strata_the_stream_of_draws_is_what_it_was():
    counts = draw_resample(np.random.default_rng(5), 8, 2).counts
    rng = np.random.default_rng(5)
    expected = [np.bincount(rng.integers(8, size=8, dtype=np.uint16), minlength=8) for _ in range(2)]
    np.testing.assert_array_equal(counts, expected)
