import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.samples import (
    answers,
    cross_of,
    fitted_r_squared,
    generated,
    golden,
    moments_of,
    reference_cross,
    table,
)
from drivers.core.dominance import complete_dominance, dominance_statistics, general_dominance
from drivers.core.resample import from_indices
from drivers.errors import EstimationError

PRINTED = 1e-11  # attitude's numbers are printed to twelve decimals, mtcars' to fifteen significant digits
seeds = st.integers(0, 10_000)
sizes = st.integers(1, 6)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_shares_equal_relaimpo_lmg(name):
    statistics = dominance_statistics(reference_cross(name))
    np.testing.assert_allclose(statistics.general, golden(name).lmg, atol=PRINTED)
    assert statistics.r_squared == pytest.approx(golden(name).r_squared, abs=PRINTED)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_conditional_dominance_equals_domir(name):
    np.testing.assert_allclose(
        dominance_statistics(reference_cross(name)).conditional, golden(name).conditional, atol=PRINTED
    )


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_complete_dominance_equals_domir(name):
    np.testing.assert_allclose(complete_dominance(reference_cross(name)), table(golden(name).complete), atol=1e-15)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_weighted_shares_equal_relaimpo(name):
    weighted = golden(name).weighted
    statistics = dominance_statistics(reference_cross(name, weights=weighted["weights"]))
    np.testing.assert_allclose(statistics.general, weighted["lmg"], atol=PRINTED)
    assert statistics.r_squared == pytest.approx(weighted["r_squared"], abs=1e-10)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_shares_beside_a_control_equal_relaimpo_always(name):
    always = golden(name).always
    cross = reference_cross(name, [always["control"], *always["drivers"]])
    statistics = dominance_statistics(cross, controls=1)
    np.testing.assert_allclose(statistics.general, always["lmg"], atol=1e-11)
    assert statistics.r_squared == pytest.approx(always["sum"], abs=1e-11)


def test_shares_of_ten_drivers_equal_relaimpo():
    ten = golden("mtcars").ten
    np.testing.assert_allclose(general_dominance(reference_cross("mtcars", ten["drivers"])), ten["lmg"], atol=1e-13)


@pytest.mark.parametrize("model", golden("mtcars").small, ids=lambda model: "+".join(model["drivers"]))
def test_small_models_equal_the_published_examples(model):
    cross = reference_cross("mtcars", model["drivers"])
    statistics = dominance_statistics(cross)
    assert statistics.r_squared == pytest.approx(model["r_squared"], abs=6e-8)
    np.testing.assert_allclose(statistics.general, model["lmg"], atol=6e-8)
    if "conditional" in model:
        np.testing.assert_allclose(statistics.conditional, model["conditional"], atol=6e-8)
        np.testing.assert_allclose(complete_dominance(cross), table(model["complete"]), atol=1e-15)


def test_bootstrap_shares_equal_relaimpo_on_the_same_draws():
    names, z = answers("mtcars")
    stored = golden("mtcars").boot_random
    resample = from_indices(np.array(stored["indices_1based"]) - 1)
    statistics = dominance_statistics(resample.moments(names, z, np.ones(len(z))).cross)
    np.testing.assert_allclose(statistics.general, stored["lmg"], atol=1e-8)
    np.testing.assert_allclose(statistics.r_squared, stored["r_squared"], atol=1e-8)


def test_bootstrap_of_residuals_equals_relaimpo_on_the_same_draws():
    _, z = answers("mtcars")
    stored = golden("mtcars").boot_fixed
    x = np.column_stack([np.ones(len(z)), z[:, :-1]])
    fitted = x @ np.linalg.lstsq(x, z[:, -1])[0]
    residual = z[:, -1] - fitted
    outcomes = fitted + residual[np.array(stored["indices_1based"]) - 1]
    cross = np.stack([cross_of(np.column_stack([z[:, :-1], y])) for y in outcomes])
    np.testing.assert_allclose(general_dominance(cross), stored["lmg"], atol=1e-8)


@given(seeds, sizes)
def test_shares_sum_to_r_squared(seed, p):
    z = generated(seed, p)
    statistics = dominance_statistics(cross_of(z))
    assert statistics.general.sum() == pytest.approx(fitted_r_squared(z, range(p)), abs=1e-12)
    np.testing.assert_allclose(statistics.conditional.mean(axis=-1), statistics.general, atol=1e-14)


@given(seeds, sizes)
def test_conditional_dominance_starts_with_first_and_ends_with_last_shares(seed, p):
    z = generated(seed, p)
    conditional = dominance_statistics(cross_of(z)).conditional
    for i in range(p):
        others = [j for j in range(p) if j != i]
        last = fitted_r_squared(z, range(p)) - fitted_r_squared(z, others)
        assert conditional[i, 0] == pytest.approx(fitted_r_squared(z, [i]), abs=1e-12)
        assert conditional[i, -1] == pytest.approx(last, abs=1e-12)


@given(seeds)
def test_orthogonal_drivers_have_their_squared_correlations_as_shares(seed):
    z = generated(seed, 4)
    x, _ = np.linalg.qr(z[:, :-1] - z[:, :-1].mean(axis=0))
    z = np.column_stack([x, z[:, -1]])
    expected = np.corrcoef(z.T)[:-1, -1] ** 2
    np.testing.assert_allclose(general_dominance(cross_of(z)), expected, atol=1e-12)


@given(seeds, st.floats(1e-3, 1e3), st.floats(-1e4, 1e4))
def test_shares_do_not_depend_on_unit_or_origin(seed, unit, origin):
    z = generated(seed, 3)
    changed = z.copy()
    changed[:, 1] = unit * changed[:, 1] + origin
    changed[:, -1] = -unit * changed[:, -1] - origin
    np.testing.assert_allclose(general_dominance(cross_of(changed)), general_dominance(cross_of(z)), atol=1e-8)


@given(seeds, st.floats(1e-6, 1e6))
def test_only_the_ratios_of_weights_matter(seed, factor):
    z = generated(seed, 3)
    w = np.random.default_rng(seed).uniform(0.1, 3, len(z))
    np.testing.assert_allclose(
        general_dominance(cross_of(z, factor * w)), general_dominance(cross_of(z, w)), atol=1e-12
    )


@given(seeds)
def test_whole_weights_are_repeated_rows(seed):
    z = generated(seed, 3, n=40)
    w = np.random.default_rng(seed).integers(0, 4, len(z))
    np.testing.assert_allclose(
        general_dominance(cross_of(z, w.astype(float))),
        general_dominance(cross_of(np.repeat(z, w, axis=0))),
        atol=1e-12,
    )


@given(seeds)
def test_the_order_of_drivers_or_rows_does_not_matter(seed):
    z = generated(seed, 5)
    rng = np.random.default_rng(seed)
    order = rng.permutation(5)
    moved = rng.permutation(z, axis=0)[:, [*order, 5]]
    np.testing.assert_allclose(general_dominance(cross_of(moved)), general_dominance(cross_of(z))[order], atol=1e-12)


@given(seeds)
def test_duplicates_share_equally_and_the_sum_stays_r_squared(seed):
    z = generated(seed, 3)
    shares = general_dominance(cross_of(np.insert(z, 1, z[:, 0], axis=1)))
    assert shares[0] == pytest.approx(shares[1], abs=1e-10)
    assert shares.sum() == pytest.approx(fitted_r_squared(z, (0, 1, 2)), abs=1e-10)


def test_a_duplicate_of_the_only_driver_halves_its_share():
    z = generated(7, 1)
    share = general_dominance(cross_of(z))[0]
    np.testing.assert_allclose(general_dominance(cross_of(z[:, [0, 0, 1]])), share / 2, atol=1e-12)


def test_a_noise_driver_has_almost_no_share():
    z = generated(7, 3, n=50_000)
    z[:, 1] = np.random.default_rng(9).normal(size=len(z))
    z[:, 2] = z[:, 2] + 1.0
    noise = cross_of(np.column_stack([z[:, :3], z[:, 0] + z[:, 2]]))
    assert general_dominance(noise)[1] < 1e-3  # its expectation is about 1 / n


def test_one_driver_has_all_of_r_squared():
    statistics = dominance_statistics(cross_of(generated(1, 1)))
    assert statistics.general.shape == (1,)
    assert statistics.conditional.shape == (1, 1)
    assert statistics.general[0] == pytest.approx(statistics.r_squared, abs=1e-15)


def test_controls_that_determine_a_driver_leave_it_no_share():
    z = generated(3, 3)
    z[:, 1] = 2.0 * z[:, 0] + 1.0
    np.testing.assert_allclose(general_dominance(cross_of(z), controls=1)[0], 0.0, atol=1e-12)


def test_weightings_are_another_batch_axis():
    z = generated(3, 4)
    w = np.random.default_rng(1).uniform(0, 2, (5, len(z)))
    batch = general_dominance(moments_of(z).from_weightings(tuple("abcde"), z, w).cross)
    np.testing.assert_allclose(batch[3], general_dominance(cross_of(z, w[3])), atol=1e-12)


@settings(max_examples=25)
@given(seeds, st.integers(2, 5))
def test_complete_dominance_counts_the_models_in_which_one_adds_more(seed, p):
    z = generated(seed, p, n=30)
    proportion = complete_dominance(cross_of(z))
    others = list(range(2, p))
    ahead = []
    for code in range(2 ** len(others)):
        rest = [other for place, other in enumerate(others) if code >> place & 1]
        ahead.append(fitted_r_squared(z, [0, *rest]) > fitted_r_squared(z, [1, *rest]))
    assert proportion[0, 1] == pytest.approx(np.mean(ahead))
    assert np.isnan(np.diagonal(proportion)).all()


def test_ties_count_for_neither_in_complete_dominance():
    z = generated(5, 2)
    proportion = complete_dominance(cross_of(z[:, [0, 0, 1, 2]]))
    assert proportion[0, 1] == proportion[1, 0] == 0


def test_too_many_drivers_for_complete_dominance_are_refused():
    with pytest.raises(EstimationError, match=r"23 drivers .* at most 22"):
        complete_dominance(np.eye(24))
