import numpy as np
import pandas as pd
import pingouin
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.core.linear import linear_fit
from drivers.core.logit import inverse_logit, logit_coefficients, marginal_effects
from drivers.core.mediation import (
    MediatedEffects,
    linear_mediation,
    mediated_effects,
    mediator_slopes,
    vanishing_noise,
)
from drivers.core.moments import Moments

SEEDS = st.integers(0, 10_000)


def answered(seed=0, n=400, *, mediators=2):
    """Columns: one control, two drivers, mediators, outcome."""
    rng = np.random.default_rng(seed)
    control = rng.normal(size=n)
    x = rng.normal(size=(n, 2)) + 0.4 * control[:, None] + 0.5 * rng.normal(size=(n, 1))
    m = x @ rng.normal(size=(2, mediators)) + 0.3 * control[:, None] + rng.normal(size=(n, mediators))
    y = x @ [0.2, -0.4] + m @ rng.normal(size=mediators) + 0.2 * control + rng.normal(size=n)
    return np.column_stack([control, x, m, y])


def cross_of(z, w=None):
    names = tuple(f"z{j}" for j in range(z.shape[1]))
    return Moments.from_rows(names, z, np.ones(len(z)) if w is None else w).cross


@pytest.mark.parametrize("mediators", [1, 3])
def test_paths_are_those_of_pingouin(mediators):
    z = answered(3, mediators=mediators)
    m = [f"m{k}" for k in range(mediators)]
    frame = pd.DataFrame(z, columns=["control", "x0", "x1", *m, "y"])
    found = linear_mediation(cross_of(z), controls=1, mediators=mediators)
    for j, other in ((0, "x1"), (1, "x0")):
        peer = pingouin.mediation_analysis(frame, x=f"x{j}", m=m, y="y", covar=["control", other], n_boot=20, seed=1)
        coef = peer.set_index("path")["coef"]
        indirect = [coef["Indirect" if mediators == 1 else f"Indirect {name}"] for name in m]
        np.testing.assert_allclose(found.specific[j], indirect, atol=1e-10)
        np.testing.assert_allclose(found.a[j], [coef[f"{name} ~ X"] for name in m], atol=1e-10)
        assert found.direct[j] == pytest.approx(coef["Direct"], abs=1e-10)
        assert found.total[j] == pytest.approx(coef["Total"], abs=1e-10)


def test_the_published_example_of_pingouin_is_met():
    frame = pingouin.read_dataset("mediation")[["X", "M", "Y"]]
    found = linear_mediation(cross_of(frame.to_numpy(dtype=float)))
    # mediation_analysis' docstring, checked there against R's package mediation
    assert found.a[0, 0] == pytest.approx(0.561015, abs=1e-6)
    assert found.indirect[0] == pytest.approx(0.356522, abs=1e-6)
    assert found.direct[0] == pytest.approx(0.039604, abs=1e-6)
    assert found.total[0] == pytest.approx(0.396126, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.integers(1, 3))
def test_through_and_around_add_up_to_the_slope_without_the_mediators(seed, mediators):
    z = answered(seed, 60, mediators=mediators)
    cross = cross_of(z, np.random.default_rng(seed).choice([0.0, 0.5, 1.0, 3.0], len(z)))
    plain = [0, 1, 2, z.shape[1] - 1]
    found = linear_mediation(cross, controls=1, mediators=mediators)
    np.testing.assert_allclose(found.total, linear_fit(cross[np.ix_(plain, plain)]).slopes[1:], atol=1e-8)


def test_a_batch_holds_what_each_draw_gives_alone():
    crosses = np.stack([cross_of(answered(seed)) for seed in range(4)])
    found = linear_mediation(crosses, controls=1, mediators=2)
    for k, cross in enumerate(crosses):
        alone = linear_mediation(cross, controls=1, mediators=2)
        np.testing.assert_allclose(found.specific[k], alone.specific, atol=1e-12)
        np.testing.assert_allclose(found.direct[k], alone.direct, atol=1e-12)
    assert found.specific.shape == (4, 2, 2)
    assert found.indirect.shape == found.total.shape == (4, 2)


def test_the_gap_of_a_group_is_the_difference_of_its_means_and_splits_by_mediator():
    rng = np.random.default_rng(5)
    group = rng.integers(0, 2, 500).astype(float)
    m = rng.normal(size=(500, 3)) - group[:, None] * [0.8, 0.3, 0.0]
    y = m @ [1.0, 0.5, 0.7] - 0.2 * group + rng.normal(size=500)
    found = linear_mediation(cross_of(np.column_stack([group, m, y])), mediators=3)
    assert found.total[0] == pytest.approx(y[group == 1].mean() - y[group == 0].mean(), abs=1e-12)
    np.testing.assert_allclose(found.a[0], m[group == 1].mean(axis=0) - m[group == 0].mean(axis=0), atol=1e-12)
    np.testing.assert_allclose(found.specific[0], [-0.8, -0.15, 0.0], atol=0.2)  # three standard errors of 0.07


def test_twins_share_their_effect_and_a_constant_driver_has_none():
    z = answered(2)
    z = np.column_stack([z[:, 0], z[:, 1], z[:, 1], np.full(len(z), 4.0), z[:, 3:]])
    found = linear_mediation(cross_of(z), controls=1, mediators=2)
    np.testing.assert_allclose(found.specific[0], found.specific[1], atol=1e-10)
    assert found.direct[0] == pytest.approx(found.direct[1], abs=1e-10)
    assert found.total[2] == 0
    assert np.isfinite(found.specific).all()


def left_by(z, seed=1):
    """Leaving by the columns of `answered` without its outcome."""
    x = np.column_stack([np.ones(len(z)), z[:, :-1]])
    odds = x @ np.r_[-0.5, 0.1, 0.4, -0.3, np.full(x.shape[1] - 4, -0.7)]
    return x, (np.random.default_rng(seed).random(len(z)) < inverse_logit(odds)).astype(float)


def test_marginal_effects_are_those_of_statsmodels():
    x, y = left_by(answered(1))
    found = marginal_effects(x, np.ones((1, len(x))), logit_coefficients(x, y, np.ones((1, len(x))), np.zeros(6)))
    expected = sm.Logit(y, x).fit(disp=False).get_margeff(at="overall").margeff
    np.testing.assert_allclose(found[0], expected, atol=1e-7)  # its tolerance of the fit


def test_effects_on_a_probability_are_those_of_g_computation():
    z = answered(4, 300)
    x, y = left_by(z)
    w = np.random.default_rng(2).choice([0.0, 0.5, 1.0, 3.0], size=(3, len(x)))
    beta = logit_coefficients(x, y, w, np.zeros(6))
    names = tuple("cxzmn")
    a = mediator_slopes(Moments.from_weightings(names, z[:, :-1], w).cross, controls=1, mediators=2)
    found = mediated_effects(a, marginal_effects(x, w, beta), controls=1)
    step = 1e-5

    def moved(k, driver, mediators):
        at = x.copy()
        at[:, 2] += driver
        at[:, 4:] += mediators
        return np.average(inverse_logit(at @ beta[k]), weights=w[k])

    for k in range(3):
        rise = step * a[k, 0]
        direct, indirect = moved(k, step, 0 * rise) - moved(k, 0, 0 * rise), moved(k, step, rise) - moved(k, step, 0)
        assert found.direct[k, 0] == pytest.approx(direct / step, abs=1e-5)  # a finite step
        assert found.indirect[k, 0] == pytest.approx(indirect / step, abs=1e-5)
        assert found.total[k, 0] == pytest.approx((moved(k, step, rise) - moved(k, 0, 0)) / step, abs=1e-5)


def test_a_probability_that_hardly_bends_gives_the_effects_of_the_linear_model():
    rng = np.random.default_rng(0)
    z = answered(6, 4000)
    y = (rng.random(4000) < 0.5 + 0.02 * (z[:, 1] + z[:, 3])).astype(float)
    x = np.column_stack([np.ones(4000), z[:, :-1]])
    ones = np.ones((1, 4000))
    effects = marginal_effects(x, ones, logit_coefficients(x, y, ones, np.zeros(6)))[0]
    cross = cross_of(np.column_stack([z[:, :-1], y]))
    found = mediated_effects(mediator_slopes(cross[:-1, :-1], controls=1, mediators=2), effects, controls=1)
    linear = linear_mediation(cross, controls=1, mediators=2)
    np.testing.assert_allclose(found.direct, linear.direct, atol=5e-4)  # of effects of 0.02
    np.testing.assert_allclose(found.specific, linear.specific, atol=5e-4)


def test_without_the_vanishing_noise_nothing_is_left_around_the_mediator():
    z = answered(8, mediators=1)
    z[:, -1] = z[:, 1] + 0.6 * z[:, 2] + 0.5 * z[:, 3] * np.sign(linear_mediation(cross_of(z), controls=1).a[0, 0])
    cross = cross_of(z + np.random.default_rng(1).normal(size=z.shape))
    found = linear_mediation(cross, controls=1)
    unexplained = 1 - linear_fit(cross[:-1, :-1]).r_squared
    noise = vanishing_noise(found, unexplained)
    assert np.isfinite(noise).any()
    for j in np.flatnonzero(np.isfinite(noise)):
        clean = cross.copy()
        clean[3, 3] *= 1 - noise[j]
        assert linear_mediation(clean, controls=1).direct[j] == pytest.approx(0, abs=1e-10)


def test_effects_of_opposite_signs_do_not_vanish_by_noise():
    effects = MediatedEffects(np.array([[1.0], [1.0], [0.0]]), np.array([0.5]), np.array([-0.2, 0.5, 0.3]))
    np.testing.assert_array_equal(vanishing_noise(effects, np.array(0.4)), [np.nan, 0.2, np.nan])
