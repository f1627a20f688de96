import numpy as np
import pytest
import statsmodels.api as sm

from drivers.core.design import linearised_covariance, sampling_design
from drivers.core.logit import inverse_logit, logit_coefficients
from drivers.core.polytomous import average_effects, class_chances, multinomial_coefficients, multinomial_influence


@pytest.fixture(scope="module")
def answers():
    rng = np.random.default_rng(4)
    x = np.column_stack([np.ones(300), rng.normal(5, 2, 300), rng.normal(0, 30, 300)])
    theta = np.array([[1.0, -0.4, 0.01], [2.0, -0.6, 0.0]])
    chance = class_chances(x, theta[None])[:, 0].T
    y = (chance.cumsum(axis=1) < rng.random((300, 1))).sum(axis=1)
    return x, y


def fitted(x, y, w=None):
    w = np.ones((1, len(y))) if w is None else w
    return multinomial_coefficients(x, y, w, np.zeros((int(y.max()), x.shape[1])))


def test_chances_add_up_to_one_and_survive_large_log_odds():
    chance = class_chances(np.array([[1.0, 900.0]]), np.array([[[0.0, 1.0], [0.0, -1.0]]]))
    assert chance[:, 0, 0] == pytest.approx([0.0, 1.0, 0.0], abs=1e-12)


def test_coefficients_are_those_of_statsmodels(answers):
    x, y = answers
    found = sm.MNLogit(y, x).fit(disp=0, tol=1e-12).params
    assert fitted(x, y)[0] == pytest.approx(np.asarray(found).T, abs=1e-7)  # the tolerance of their Newton steps


def test_effects_are_those_of_statsmodels(answers):
    x, y = answers
    found = sm.MNLogit(y, x).fit(disp=0).get_margeff().margeff
    effects = average_effects(x, np.ones((1, len(y))), fitted(x, y))[0, :, 1:]
    assert effects == pytest.approx(np.asarray(found).T, abs=1e-8)
    assert effects.sum(axis=0) == pytest.approx(0.0, abs=1e-12)


def test_effects_are_differences_of_mean_chances(answers):
    x, y = answers
    theta, step = fitted(x, y), 1e-5
    more, less = x.copy(), x.copy()
    more[:, 1] += step
    less[:, 1] -= step
    rise = (class_chances(more, theta) - class_chances(less, theta)).mean(axis=2)[:, 0] / (2 * step)
    found = average_effects(x, np.ones((1, len(y))), theta)[0, :, 1]
    assert found == pytest.approx(rise, abs=1e-8)  # error of the central difference


def test_robust_and_clustered_errors_are_those_of_statsmodels(answers):
    x, y = answers
    influence = multinomial_influence(x, y, np.ones(len(y)), fitted(x, y)[0])
    model, groups = sm.MNLogit(y, x), np.arange(len(y)) // 3
    plain = np.asarray(model.fit(disp=0, cov_type="HC0").bse).T.ravel()
    assert np.sqrt(np.diagonal(influence.T @ influence)) == pytest.approx(plain, rel=1e-5)
    how = {"groups": groups, "use_correction": False}
    clustered = np.asarray(model.fit(disp=0, cov_type="cluster", cov_kwds=how).bse).T.ravel()
    design = sampling_design(np.ones(len(y)), clusters=groups)
    errors = np.sqrt(np.diagonal(linearised_covariance(influence, design)) * 99 / 100)  # the design's 100 / 99 undone
    assert errors == pytest.approx(clustered, rel=1e-5)


def test_whole_weights_are_repeated_rows(answers):
    x, y = answers
    w = np.random.default_rng(1).integers(0, 4, len(y))
    rows = np.repeat(np.arange(len(y)), w)
    assert fitted(x, y, w[None].astype(float))[0] == pytest.approx(fitted(x[rows], y[rows])[0], abs=1e-8)


def test_every_weighting_has_its_own_fit(answers):
    x, y = answers
    w = np.random.default_rng(2).exponential(size=(5, len(y)))
    together = fitted(x, y, w)
    alone = np.stack([fitted(x, y, one[None])[0] for one in w])
    assert together == pytest.approx(alone, abs=1e-8)


def test_with_two_classes_it_is_the_logit(answers):
    x, y = answers
    two = (y > 0).astype(int)
    found = fitted(x, two)[0, 0]
    assert found == pytest.approx(logit_coefficients(x, two, np.ones((1, len(two))), np.zeros(3))[0], abs=1e-7)
    assert class_chances(x, found[None, None])[1, 0] == pytest.approx(inverse_logit(x @ found))


def test_draws_without_a_finite_maximum_are_missing(answers):
    x, y = answers
    w = np.ones((3, len(y)))
    w[1, y == 2] = 0.0  # a class that did not come up
    w[2] = np.where((y == 1) == (x[:, 1] > 5), 1.0, 0.0)  # separated
    found = fitted(x, y, w)
    assert np.isfinite(found[0]).all()
    assert np.isnan(found[1]).all()
    assert np.isnan(found[2]).all()


def test_no_draws_give_no_coefficients(answers):
    x, y = answers
    assert fitted(x, y, np.ones((0, len(y)))).shape == (0, 2, 3)
