import numpy as np
import pytest

from drivers.core.binary import BinaryLogit
from drivers.core.expansion import Expansion
from drivers.core.multinomial import MultinomialLogit
from drivers.core.ordered import OrderedLogit
from drivers.core.orders import all_sets, ordered_sets, sampling_error
from drivers.core.subsets import subset_fits
from drivers.core.worth import owen_weights, shapley_values, shapley_weights

BLOCKS = [[0], [1], [2], [3, 4]]


def sample(kind, n=500):
    rng = np.random.default_rng(11)
    x = rng.normal(size=(n, 5)) + 0.7 * rng.normal(size=(n, 1))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    latent = x @ [0.7, 0.4, 0.0, 0.3, 0.1] + rng.logistic(size=n)
    y = np.searchsorted({"binary": [0.0], "ordered": [-1.5, 0.0, 1.0], "multinomial": [-1.0, 1.0]}[kind], latent)
    order = np.argsort(y, kind="stable")
    return x[order], y[order], rng.uniform(0.5, 2.0, n)


def model_of(kind, x, y, w):
    if kind == "binary":
        return BinaryLogit(x, y.astype(float), w)
    return OrderedLogit(x, y, w) if kind == "ordered" else MultinomialLogit(x, y, w)


@pytest.mark.parametrize("kind", ["binary", "ordered", "multinomial"])
def test_shares_in_draws_are_those_of_fitting_every_set_again(kind):
    x, y, w = sample(kind)
    model = model_of(kind, x, y, w)
    fits = subset_fits(model, BLOCKS)
    weightings = np.random.default_rng(5).multinomial(500, np.full(500, 1 / 500), size=60) * w
    expansion = Expansion(model, fits, y)
    found = expansion.values(expansion.sums(weightings))
    refits = [subset_fits(model_of(kind, x, y, row), BLOCKS) for row in weightings]
    values = np.array([shapley_values(one.loglik) for one in refits])
    expected, shares = (v / v.sum(axis=1, keepdims=True) for v in (values, found.values))
    error = np.sqrt(((shares - expected) ** 2).mean(axis=0))
    # 500 answers: below a tenth of what the draws themselves vary, for a driver that does nothing an eighth
    assert (error < 0.125 * expected.std(axis=0)).all()
    assert (error < 0.003).all()
    np.testing.assert_allclose(found.null_loglik, [one.null_loglik for one in refits], rtol=1e-9)


def test_the_draw_that_is_the_sample_gives_the_sample():
    x, y, w = sample("ordered")
    model = model_of("ordered", x, y, w)
    expansion = Expansion(model, subset_fits(model, BLOCKS), y)
    found = expansion.values(expansion.sums(np.stack([w, 3 * w])))
    np.testing.assert_allclose(found.values[0], expansion.sample, rtol=1e-9)
    np.testing.assert_allclose(
        found.values[1] / found.values[1].sum(), expansion.sample / expansion.sample.sum(), atol=5e-3
    )


def test_held_columns_are_in_every_draw():
    x, y, w = sample("binary")
    model = model_of("binary", x, y, w)
    blocks = [[1], [2], [3]]
    weightings = np.random.default_rng(6).multinomial(500, np.full(500, 1 / 500), size=40) * w
    expansion = Expansion(model, subset_fits(model, blocks), y)
    found = expansion.values(expansion.sums(weightings)).values
    values = np.array([shapley_values(subset_fits(model_of("binary", x, y, row), blocks).loglik) for row in weightings])
    assert (np.sqrt(((found - values) ** 2).mean(axis=0)) < 0.06 * values.std(axis=0)).all()


@pytest.mark.parametrize("unions", [[[0, 1, 2, 3, 4, 5]], [[0, 4], [1, 2, 3], [5]]])
def test_values_along_orders_add_up_and_approach_those_of_all_sets(unions):
    worth = np.random.default_rng(1).normal(size=64)
    plan = ordered_sets(np.random.default_rng(2), unions, 3000)
    found = plan.divide @ worth[plan.sets]
    assert found.sum() == pytest.approx(worth[-1] - worth[0], abs=1e-12)
    error = sampling_error(plan, worth[plan.sets])
    assert (np.abs(found - owen_weights(6, unions) @ worth) < 5 * error + 1e-12).all()


def test_what_depends_on_the_number_of_players_alone_is_divided_exactly():
    plan = ordered_sets(np.random.default_rng(2), [range(7)], 1)
    size = np.bitwise_count(plan.sets).astype(float)
    np.testing.assert_allclose(plan.divide @ size**2, np.full(7, 7.0), atol=1e-12)


def test_sets_along_orders_give_the_shares_of_all_sets():
    rng = np.random.default_rng(9)
    x = rng.normal(size=(600, 9)) + 0.7 * rng.normal(size=(600, 1))
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    y = (x @ np.linspace(0, 0.9, 9) + rng.logistic(size=600) > 0).astype(np.int64)
    blocks, weights = [[j] for j in range(9)], shapley_weights(9)
    model = BinaryLogit(x, y.astype(float), np.ones(600))
    exact = Expansion(model, subset_fits(model, blocks, all_sets(weights)), y)
    plan = ordered_sets(np.random.default_rng(1), [range(9)], 2)
    some = Expansion(model, subset_fits(model, blocks, plan), y)
    assert len(plan.sets) < 200
    total = exact.sample.sum()
    assert np.abs(some.sample - exact.sample).max() / total < 2e-3  # a fifth of a percentage point
    assert np.abs(some.sample - exact.sample).max() < 4 * some.error.max()
    assert exact.error.max() == 0.0
