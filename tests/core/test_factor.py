import numpy as np
import pytest

from core.samples import reference_cross
from drivers.core.battery import omega_total, one_factor_loadings
from drivers.core.dominance import general_dominance
from drivers.core.factor import (
    first_explained,
    first_factor_shares,
    general_factor,
    minres_loadings,
    specific_correlations,
    with_factor,
    with_score,
)
from drivers.core.linear import linear_fit
from drivers.core.moments import correlation_matrix

LOADINGS = np.array([0.8, 0.7, 0.6, 0.5, 0.75])


def one_factor(own, tie=0.0, error=0.4):
    """Correlations of drivers on one factor and an outcome of slopes `own` on them and `tie` on the factor."""
    r = np.outer(LOADINGS, LOADINGS)
    np.fill_diagonal(r, 1.0)
    joint = r @ own + tie * LOADINGS
    whole = own @ r @ own + 2 * tie * (own @ LOADINGS) + tie**2 + error
    return np.block([[r, joint[:, None]], [joint[None], np.array([[whole]])]])


def test_loadings_are_those_of_least_squares():
    r = correlation_matrix(reference_cross("attitude"))[:-1, :-1]
    np.testing.assert_allclose(minres_loadings(r), one_factor_loadings(r), atol=1e-7)


def test_saturation_is_omega_total():
    cross = reference_cross("attitude")
    assert general_factor(cross).saturation == pytest.approx(omega_total(correlation_matrix(cross)[:-1, :-1]), abs=1e-2)


def test_the_loadings_of_one_factor_are_found():
    factor = general_factor(one_factor(np.zeros(5)))
    np.testing.assert_allclose(factor.loadings, LOADINGS, atol=1e-8)
    r = one_factor(np.zeros(5))[:-1, :-1]
    np.testing.assert_allclose(factor.weights, np.linalg.solve(r, LOADINGS), atol=1e-7)
    assert factor.determinacy == pytest.approx(LOADINGS @ np.linalg.solve(r, LOADINGS), abs=1e-7)
    assert factor.saturation == pytest.approx(LOADINGS.sum() ** 2 / r.sum(), abs=1e-8)


def test_a_driver_that_runs_the_other_way_loads_negatively_and_changes_nothing_else():
    cross = one_factor(np.array([0.3, 0.0, 0.0, 0.2, 0.0]))
    turn = np.diag([1.0, -1.0, 1.0, 1.0, 1.0, 1.0])
    plain, turned = general_factor(cross), general_factor(turn @ cross @ turn)
    np.testing.assert_allclose(turned.loadings, plain.loadings * [1, -1, 1, 1, 1], atol=1e-8)
    assert turned.saturation == pytest.approx(plain.saturation)


def test_a_batch_is_each_of_its_own():
    crosses = np.stack([one_factor(own) for own in np.eye(5) * 0.4])
    batch = general_factor(crosses)
    together = specific_correlations(with_score(crosses, batch))
    for k, cross in enumerate(crosses):
        alone = general_factor(cross)
        np.testing.assert_allclose(batch.loadings[k], alone.loadings, atol=1e-7)
        np.testing.assert_allclose(together[k], specific_correlations(with_score(cross, alone)), atol=1e-7)


def test_the_explanation_divides_into_the_factor_and_what_drivers_have_of_their_own():
    cross = one_factor(np.array([0.3, 0.0, 0.1, 0.2, 0.0]))
    bordered = with_factor(cross, general_factor(cross))
    own = general_dominance(bordered, controls=1)
    assert first_explained(bordered) + own.sum() == pytest.approx(float(linear_fit(cross).r_squared), abs=1e-9)
    scored = with_score(cross, general_factor(cross))
    rest = general_dominance(scored, controls=1)
    assert first_explained(scored) + rest.sum() == pytest.approx(float(linear_fit(cross).r_squared), abs=1e-9)


def test_drivers_without_an_effect_have_nothing_of_their_own():
    """Satisfaction follows the first and fourth driver; the factor goes with it through these two only."""
    slopes = np.array([0.3, 0.0, 0.0, 0.2, 0.0])
    cross = one_factor(slopes)
    bordered = with_factor(cross, general_factor(cross))
    own = general_dominance(bordered, controls=1)
    np.testing.assert_allclose(own[[1, 2, 4]], 0.0, atol=1e-8)
    expected = slopes**2 * (1 - LOADINGS**2) / cross[-1, -1]
    np.testing.assert_allclose(own, expected, atol=1e-8)
    assert first_explained(bordered) == pytest.approx((slopes @ LOADINGS) ** 2 / cross[-1, -1], abs=1e-8)


def test_satisfaction_that_follows_the_factor_alone_leaves_drivers_no_correlation():
    cross = one_factor(np.zeros(5), tie=0.8)
    factor = general_factor(cross)
    np.testing.assert_allclose(specific_correlations(with_score(cross, factor)), 0.0, atol=1e-7)
    assert first_explained(with_score(cross, factor)) == pytest.approx(float(linear_fit(cross).r_squared), abs=1e-9)


def test_units_do_not_matter():
    cross = one_factor(np.array([0.3, 0.0, 0.1, 0.2, 0.0]))
    units = np.diag([1.0, 20.0, 0.1, 3.0, 1.0, 5.0])
    scaled = units @ cross @ units
    for border in (with_score, with_factor):
        plain = general_dominance(border(cross, general_factor(cross)), controls=1)
        np.testing.assert_allclose(
            general_dominance(border(scaled, general_factor(scaled)), controls=1), plain, atol=1e-9
        )


def test_a_constant_driver_loads_nothing_and_breaks_nothing():
    cross = np.delete(np.delete(one_factor(np.array([0.3, 0.0, 0.1, 0.2, 0.0])), 4, 0), 4, 1)
    wide = np.insert(np.insert(cross, 2, 0.0, axis=0), 2, 0.0, axis=1)
    factor = general_factor(wide)
    assert factor.loadings[2] == 0.0
    np.testing.assert_allclose(np.delete(factor.loadings, 2), general_factor(cross).loadings, atol=1e-8)
    assert np.isfinite(with_score(wide, factor)).all()


def test_the_first_factor_of_equal_correlations_is_known():
    r = np.full((4, 4), 0.5)
    np.fill_diagonal(r, 1.0)
    np.testing.assert_allclose(first_factor_shares(np.stack([r, np.eye(4)])), [2.5 / 4, 0.25])
