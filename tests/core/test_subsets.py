import numpy as np
import pytest
import statsmodels.api as sm

from core.samples import golden
from drivers.core.binary import BinaryLogit
from drivers.core.likelihood import whole_maximum
from drivers.core.multinomial import MultinomialLogit
from drivers.core.ordered import OrderedLogit
from drivers.core.subsets import subset_fits
from drivers.core.worth import conditional_gains, dominance_proportions, shapley_values
from drivers.errors import EstimationError


def unit(x):
    return (x - x.mean(axis=0)) / x.std(axis=0)


def columns(name, data=None):
    reference = getattr(golden("outcomes"), name)
    data = reference["data"] if data is None else data
    return reference, np.column_stack([data[d] for d in reference["drivers"]]).astype(float)


def attitude_hi():
    data = golden("attitude").data
    reference, x = columns("attitude_hi", data)
    return reference, x, (np.array(data["rating"]) >= 65).astype(float)


@pytest.fixture(scope="module")
def weighted():
    rng = np.random.default_rng(4)
    x = rng.normal(size=(400, 5)) + 0.6 * rng.normal(size=(400, 1))
    latent = x @ [0.9, 0.5, 0.3, 0.1, 0.0] + rng.logistic(size=400)
    return unit(x), latent, rng.uniform(0.5, 2.0, 400)


def each(columns):
    return [[j] for j in range(columns)]


def test_the_logit_dominance_of_attitude_is_that_of_domir():
    reference, x, y = attitude_hi()
    fits = subset_fits(BinaryLogit(unit(x), y, np.ones(30)), each(3))
    assert fits.mcfadden[-1] == pytest.approx(reference["mcfadden"], abs=1e-10)
    np.testing.assert_allclose(shapley_values(fits.mcfadden), reference["general"], atol=1e-10)
    np.testing.assert_allclose(conditional_gains(fits.mcfadden), reference["conditional"], atol=1e-9)


def test_the_logit_dominance_of_birthwt_is_that_of_domir():
    reference, x = columns("birthwt")
    y = np.array(reference["data"]["low"], dtype=float)
    fits = subset_fits(BinaryLogit(unit(x), y, np.ones(len(y))), each(5))
    assert fits.mcfadden[-1] == pytest.approx(reference["mcfadden"], abs=1e-9)
    np.testing.assert_allclose(shapley_values(fits.mcfadden), reference["general"], atol=1e-8)  # glm stops at 1e-8
    np.testing.assert_allclose(conditional_gains(fits.mcfadden), reference["conditional"], atol=1e-8)
    expected = np.array(reference["complete"], dtype=float)
    np.testing.assert_array_equal(dominance_proportions(fits.mcfadden), expected)


def test_every_subset_has_the_fit_of_a_weighted_statsmodels_refit(weighted):
    x, latent, w = weighted
    y = (latent > 0).astype(float)
    fits = subset_fits(BinaryLogit(x, y, w), each(5))
    for code in range(32):
        design = np.column_stack([np.ones(400), x[:, [j for j in range(5) if code >> j & 1]]])
        fit = sm.GLM(y, design, family=sm.families.Binomial(), freq_weights=w).fit(tol=1e-12)
        assert fits.loglik[code] / fits.null_loglik == pytest.approx(fit.llf / fits.null_loglik, abs=1e-7)
        model = BinaryLogit(x, y, w)
        p1, p0 = (np.average(fit.fittedvalues[y == v], weights=w[y == v]) for v in (1, 0))
        assert model.tjur(fits.theta[[code]])[0] == pytest.approx(
            p1 - p0, abs=1e-5
        )  # of an estimate one step from its end


def test_nagelkerke_and_cox_and_snell_are_those_of_their_formulas(weighted):
    x, latent, w = weighted
    fits = subset_fits(BinaryLogit(x, (latent > 0).astype(float), w), each(5))
    n = w.sum()
    cox_snell = 1 - np.exp(2 / n * (fits.null_loglik - fits.loglik))
    np.testing.assert_allclose(fits.cox_snell, cox_snell, atol=1e-12)
    np.testing.assert_allclose(fits.nagelkerke, cox_snell / (1 - np.exp(2 / n * fits.null_loglik)), atol=1e-12)


def test_the_ordered_dominance_of_housing_is_that_of_domir_with_factors_as_one_driver():
    reference = golden("outcomes").housing
    i = np.arange(72)
    infl, kind, contact = i // 3 % 3, i // 9 % 4, i // 36
    x = np.column_stack([infl == 1, infl == 2, kind == 1, kind == 2, kind == 3, contact == 1]).astype(float)
    order = np.argsort(i % 3, kind="stable")
    model = OrderedLogit(x[order], (i % 3)[order], np.array(reference["frequency"], dtype=float)[order])
    fits = subset_fits(model, [[0, 1], [2, 3, 4], [5]])
    assert fits.mcfadden[-1] == pytest.approx(reference["mcfadden"], abs=1e-8)
    np.testing.assert_allclose(shapley_values(fits.mcfadden), reference["general"], atol=1e-8)  # polr stops at 1e-8
    np.testing.assert_allclose(conditional_gains(fits.mcfadden), reference["conditional"], atol=1e-8)
    complete = dominance_proportions(fits.mcfadden)
    assert complete[0, 1] == complete[0, 2] == complete[1, 2] == 1.0


def test_the_multinomial_fit_is_that_of_statsmodels_and_with_two_classes_the_logit(weighted):
    x, latent, w = weighted
    y = np.searchsorted([-0.5, 0.8], latent)
    fits = subset_fits(MultinomialLogit(x, y, np.ones(400)), each(5))
    for code in (0, 5, 31):
        design = np.column_stack([np.ones(400), x[:, [j for j in range(5) if code >> j & 1]]])
        expected = sm.MNLogit(y, design).fit(disp=0, tol=1e-12).llf
        assert fits.loglik[code] / fits.null_loglik == pytest.approx(expected / fits.null_loglik, abs=1e-7)
    two = (latent > 0).astype(np.int64)
    logit = subset_fits(BinaryLogit(x, two.astype(float), w), each(5))
    choice = subset_fits(MultinomialLogit(x, two, w), each(5))
    np.testing.assert_allclose(choice.mcfadden, logit.mcfadden, atol=1e-8)


def test_an_ordered_logit_of_two_classes_is_the_logit(weighted):
    x, latent, w = weighted
    order = np.argsort(latent > 0, kind="stable")
    y = (latent > 0)[order]
    ordered = subset_fits(OrderedLogit(x[order], y.astype(np.int64), w[order]), each(5))
    logit = subset_fits(BinaryLogit(x[order], y.astype(float), w[order]), each(5))
    np.testing.assert_allclose(ordered.mcfadden, logit.mcfadden, atol=1e-8)


def test_only_the_ratios_of_weights_matter_and_whole_weights_are_repeated_rows(weighted):
    x, latent, _ = weighted
    y = (latent > 0).astype(float)
    w = np.arange(400) % 3 + 1.0
    fits = subset_fits(BinaryLogit(x, y, w), each(5)).mcfadden
    np.testing.assert_allclose(subset_fits(BinaryLogit(x, y, 1e5 * w), each(5)).mcfadden, fits, atol=1e-9)
    rows = np.repeat(np.arange(400), w.astype(int))
    repeated = subset_fits(BinaryLogit(x[rows], y[rows], np.ones(len(rows))), each(5)).mcfadden
    np.testing.assert_allclose(repeated, fits, atol=1e-9)


def test_a_column_of_nobody_is_in_every_model(weighted):
    x, latent, w = weighted
    y = (latent > 0).astype(float)
    held = subset_fits(BinaryLogit(x, y, w), [[1], [2], [3], [4]])
    whole = subset_fits(BinaryLogit(x, y, w), each(5))
    np.testing.assert_allclose(held.loglik, whole.loglik[1::2], atol=1e-6)


def test_exact_duplicates_share_equally_and_a_constant_driver_gets_nothing(weighted):
    x, latent, w = weighted
    doubled = np.column_stack([x[:, [0]], x[:, [0]], x[:, [1]], np.zeros(400)])
    fits = subset_fits(BinaryLogit(doubled, (latent > 0).astype(float), w), each(4))
    first, second, _, nothing = shapley_values(fits.mcfadden)
    assert first == pytest.approx(second, abs=1e-7)
    assert nothing == pytest.approx(0.0, abs=1e-9)


SEPARATED = "separate the answers of the outcome"


@pytest.mark.parametrize("model", ["binary", "ordered", "multinomial"])
def test_separated_answers_are_refused_whatever_the_model(model):
    x = unit(np.random.default_rng(1).normal(size=(80, 2)))
    y = np.searchsorted([-0.5, 0.5], x[:, 0])
    order = np.argsort(y, kind="stable")
    x, y, w = x[order], y[order], np.ones(80)
    made = {
        "binary": lambda: BinaryLogit(x, (y > 1).astype(float), w),
        "ordered": lambda: OrderedLogit(x, y, w),
        "multinomial": lambda: MultinomialLogit(x, y, w),
    }
    with pytest.raises(EstimationError, match=SEPARATED):
        subset_fits(made[model](), each(2))


def test_answers_separated_but_for_ties_are_refused():
    x = np.column_stack([np.r_[np.zeros(30), np.ones(30)], np.random.default_rng(3).normal(size=60)])
    y = np.r_[np.zeros(30), np.tile([0.0, 1.0], 15)]
    with pytest.raises(EstimationError, match=SEPARATED):
        whole_maximum(BinaryLogit(unit(x), y, np.ones(60)))


def test_a_strong_driver_that_does_not_separate_is_fitted():
    rng = np.random.default_rng(6)
    x = unit(rng.normal(size=(3000, 1)))
    y = (8 * x[:, 0] + rng.logistic(size=3000) > 0).astype(float)
    fit = sm.Logit(y, sm.add_constant(x)).fit(disp=0, tol=1e-12)
    np.testing.assert_allclose(whole_maximum(BinaryLogit(x, y, np.ones(3000))), fit.params, rtol=1e-6)


def test_more_than_sixteen_players_are_refused():
    rng = np.random.default_rng(0)
    model = BinaryLogit(rng.normal(size=(50, 17)), (rng.random(50) > 0.5).astype(float), np.ones(50))
    with pytest.raises(EstimationError, match="at most 16"):
        subset_fits(model, each(17))
