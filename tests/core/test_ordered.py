import numpy as np
import pytest
from scipy.optimize import approx_fprime
from statsmodels.miscmodels.ordinal_model import OrderedModel

from core.samples import golden
from drivers.core.binary import BinaryLogit
from drivers.core.design import sampling_design
from drivers.core.likelihood import unpacked, whole_maximum
from drivers.core.multinomial import MultinomialLogit
from drivers.core.ordered import OrderedLogit, ordered_fit


def housing():
    """Satisfaction, influence, kind of home and contact, and how many households gave each combination."""
    i = np.arange(72)
    infl, kind, contact = i // 3 % 3, i // 9 % 4, i // 36
    x = np.column_stack([infl == 1, infl == 2, kind == 1, kind == 2, kind == 3, contact == 1]).astype(float)
    reference = golden("outcomes").housing
    return reference, x, i % 3, np.array(reference["frequency"], dtype=float)


def test_the_ordered_logit_of_housing_is_that_of_polr():
    reference, x, y, w = housing()
    fit = ordered_fit(x, y, w)
    np.testing.assert_allclose(fit.slopes, reference["slopes"], atol=5e-7)  # all printed digits
    np.testing.assert_allclose(fit.cuts, reference["cuts"], atol=5e-7)
    np.testing.assert_allclose(fit.error, [*reference["slope_errors"], *reference["cut_errors"]], atol=5e-7)
    assert fit.deviance == pytest.approx(reference["deviance"], abs=5e-7)
    assert 1 - fit.loglik / fit.null_loglik == pytest.approx(reference["mcfadden"], abs=1e-8)


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(300, 3)) * [1.0, 10.0, 0.1] + [5.0, 0.0, 100.0]
    latent = x @ [0.8, 0.05, -3.0] + rng.logistic(size=300)
    return x, np.searchsorted(np.quantile(latent, [0.2, 0.5, 0.9]), latent), rng.integers(1, 4, 300).astype(float)


def test_whole_weights_are_repeated_rows_fitted_by_statsmodels(answers):
    x, y, w = answers
    rows = np.repeat(np.arange(300), w.astype(int))
    theirs = OrderedModel(y[rows], x[rows] - x.mean(axis=0), distr="logit").fit(disp=0, method="bfgs", gtol=1e-9)
    fit = ordered_fit(x - x.mean(axis=0), y, w)
    np.testing.assert_allclose(fit.slopes, theirs.params[:3], rtol=1e-4)  # their search stops earlier
    assert fit.loglik == pytest.approx(theirs.llf, abs=1e-6)
    np.testing.assert_allclose(fit.error[:3], theirs.bse[:3], rtol=1e-3)


def test_units_and_origins_of_columns_do_not_matter(answers):
    x, y, w = answers
    plain, moved = ordered_fit(x, y, w), ordered_fit(x * [2.0, 0.1, 30.0] - [1.0, 7.0, 2.0], y, w)
    np.testing.assert_allclose(moved.slopes * [2.0, 0.1, 30.0], plain.slopes, rtol=1e-8)
    assert moved.loglik == pytest.approx(plain.loglik, abs=1e-8)
    np.testing.assert_allclose(moved.error[:3] * [2.0, 0.1, 30.0], plain.error[:3], rtol=1e-8)


def test_turning_the_scale_round_turns_the_slopes_round(answers):
    x, y, w = answers
    plain, turned = ordered_fit(x, y, w), ordered_fit(x, 3 - y, w)
    np.testing.assert_allclose(turned.slopes, -plain.slopes, rtol=1e-8)
    np.testing.assert_allclose(turned.cuts, -plain.cuts[::-1], rtol=1e-8)


def test_design_errors_of_clusters_of_copies_are_those_of_one_copy(answers):
    x, y, _ = answers
    ones = np.ones(300)
    alone = ordered_fit(x, y, ones, sampling_design(ones))
    twice = np.repeat(np.arange(300), 2)
    copied = ordered_fit(x[twice], y[twice], np.ones(600), sampling_design(np.ones(600), clusters=twice))
    np.testing.assert_allclose(copied.error, alone.error, rtol=1e-8)
    np.testing.assert_allclose(alone.error[:3], ordered_fit(x, y, ones).error[:3], rtol=0.2)  # the model is true


@pytest.mark.parametrize("kind", ["binary", "ordered", "multinomial"])
def test_slopes_of_a_likelihood_are_its_derivatives(kind, answers):
    x, y, w = answers
    order = np.argsort(y, kind="stable")
    x, y, w = (x[order] - x.mean(axis=0)) / x.std(axis=0), y[order], w[order]
    made = {"binary": lambda: BinaryLogit(x, (y > 1).astype(float), w), "ordered": lambda: OrderedLogit(x, y, w),
            "multinomial": lambda: MultinomialLogit(x, y, w)}  # fmt: skip
    model = made[kind]()
    theta = 0.7 * whole_maximum(model) + 0.3 * model.null
    at = model.slopes(theta[None])
    gradient = approx_fprime(theta, lambda t: model.slopes(t[None]).loglik[0], 1e-6)
    np.testing.assert_allclose(at.gradient[0], gradient, atol=2e-2)  # a one-sided difference of steps of 1e-6
    information = -approx_fprime(theta, lambda t: model.slopes(t[None]).gradient[0], 1e-6)
    np.testing.assert_allclose(at.information[0], information, atol=2e-2)
    rows, packed = model.row_slopes(theta)
    np.testing.assert_allclose(w @ rows, at.gradient[0], atol=1e-9)
    np.testing.assert_allclose(unpacked(w @ packed, len(theta)), at.information[0], atol=1e-9)
