import numpy as np
import pytest
from scipy.optimize import minimize

from drivers.core.firth import firth_logit
from drivers.errors import EstimationError


def penalised(beta, x, y, w):
    eta = x @ beta
    p = 1 / (1 + np.exp(-eta))
    information = (x * (w * p * (1 - p))[:, None]).T @ x
    return w @ (y * eta - np.logaddexp(0, eta)) + 0.5 * np.linalg.slogdet(information)[1]


def sample(n=120, seed=0):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.ones(n), rng.integers(1, 6, n), rng.normal(5, 2, n)])
    y = (rng.random(n) < 1 / (1 + np.exp(x[:, 1] - 3))).astype(float)
    return x, y, rng.choice([0.5, 1.0, 2.0], n)


def test_a_table_of_two_by_two_gets_half_an_answer_in_each_cell():
    x = np.column_stack([np.ones(30), np.repeat([0.0, 1.0], [12, 18])])
    y = np.r_[np.repeat([1.0, 0.0], [5, 7]), np.zeros(18)]  # nobody of the second group: the logit diverges
    found = firth_logit(x, y, np.ones(30))
    odds = [5.5 / 7.5, 0.5 / 18.5]
    assert found.beta == pytest.approx([np.log(odds[0]), np.log(odds[1] / odds[0])], abs=1e-7)


def test_the_estimate_maximises_the_penalised_likelihood_also_with_weights():
    x, y, w = sample()
    scaled = w / w.mean()
    best = minimize(lambda b: -penalised(b, x, y, scaled), np.zeros(3), method="BFGS", options={"gtol": 1e-9})
    found = firth_logit(x, y, w)
    assert found.beta == pytest.approx(best.x, abs=1e-5)
    assert found.loglik - np.log(np.prod(1 / x.std(axis=0)[1:])) == pytest.approx(-best.fun, abs=1e-7)


@pytest.mark.parametrize("inflation", [1.0, 2.5])
def test_at_the_ends_of_an_interval_the_profile_has_fallen_by_half_a_chi_square(inflation):
    x, y, w = sample()
    scaled = w / w.mean()
    found = firth_logit(x, y, w, inflation=inflation)
    top = penalised(found.beta, x, y, scaled)
    for end in (found.low[1], found.high[1]):
        rest = minimize(lambda b, e=end: -penalised(np.array([b[0], e, b[1]]), x, y, scaled), found.beta[[0, 2]])
        assert 2 * (top + rest.fun) == pytest.approx(3.841459 * inflation, abs=1e-3)


def test_separated_answers_have_a_finite_estimate_and_interval():
    x = np.column_stack([np.ones(40), np.repeat([1.0, 2.0, 3.0, 4.0], 10)])
    y = np.repeat([1.0, 1.0, 0.0, 0.0], 10)
    found = firth_logit(x, y, np.ones(40))
    assert np.isfinite([found.low[1], found.high[1]]).all()
    assert found.low[1] < found.beta[1] < found.high[1] < 0


def test_units_of_a_column_and_of_weights_do_not_matter():
    x, y, w = sample()
    one, other = firth_logit(x, y, w), firth_logit(x * [1, 100, 1] + [0, 7, 0], y, 3 * w)
    assert other.beta[1:] * [100, 1] == pytest.approx(one.beta[1:], abs=1e-6)
    assert other.high[1:] * [100, 1] == pytest.approx(one.high[1:], abs=1e-5)


def test_a_large_sample_gives_the_ordinary_logit():
    x, y, _ = sample(20_000)
    rows = np.arange(20_000)
    found = firth_logit(x[rows], y[rows], np.ones(20_000))
    assert found.beta[1] == pytest.approx(-1.0, abs=0.05)


def test_columns_that_determine_one_another_are_refused():
    x, y, w = sample()
    with pytest.raises(EstimationError, match="determine one another"):
        firth_logit(np.column_stack([x, x[:, 1]]), y, w)
