import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.samples import answers, cross_of, fitted_r_squared, generated, golden, reference_cross
from drivers.core.dominance import general_dominance
from drivers.core.relative import logit_relative_weights, relative_weights
from drivers.core.resample import draw_resample

seeds = st.integers(0, 10_000)


@pytest.mark.parametrize("name", ["attitude", "mtcars"])
def test_relative_weights_equal_relaimpo_genizi(name):
    np.testing.assert_allclose(relative_weights(reference_cross(name)), golden(name).genizi, atol=1e-11)


def test_relative_weights_equal_rwa():
    np.testing.assert_allclose(relative_weights(reference_cross("mtcars")), golden("mtcars").rwa, atol=1e-13)
    ten = golden("mtcars").ten
    np.testing.assert_allclose(relative_weights(reference_cross("mtcars", ten["drivers"])), ten["rwa"], atol=1e-13)
    readme = golden("mtcars").small[-1]
    weights = relative_weights(reference_cross("mtcars", readme["drivers"]))
    np.testing.assert_allclose(weights, readme["rwa"], atol=6e-8)


@given(seeds, st.integers(1, 8))
def test_relative_weights_sum_to_r_squared(seed, p):
    z = generated(seed, p)
    assert relative_weights(cross_of(z)).sum() == pytest.approx(fitted_r_squared(z, range(p)), abs=1e-12)


@given(seeds)
def test_two_drivers_have_their_lmg_shares_not_halves(seed):
    cross = cross_of(generated(seed, 2))
    np.testing.assert_allclose(relative_weights(cross), general_dominance(cross), atol=1e-12)


def test_duplicates_have_equal_weights_and_the_sum_stays_r_squared():
    z = generated(4, 3)
    weights = relative_weights(cross_of(z[:, [0, 0, 1, 2, 3]]))
    assert weights[0] == pytest.approx(weights[1], abs=1e-10)
    assert weights.sum() == pytest.approx(fitted_r_squared(z, (0, 1, 2)), abs=1e-10)


def test_a_batch_gives_what_its_members_give():
    cross = np.stack([cross_of(generated(seed, 5)) for seed in range(4)])
    np.testing.assert_allclose(relative_weights(cross)[2], relative_weights(cross[2]), atol=1e-13)


def test_a_constant_driver_has_no_weight():
    z = generated(4, 3)
    z[:, 0] = 2.2
    assert relative_weights(cross_of(z))[0] == 0


def test_relative_weights_of_a_logit_are_those_of_tonidandel_and_lebreton():
    """The rwa package's rwa_logit on attitude: rating of 65 or more."""
    data, reference = golden("attitude").data, golden("outcomes").attitude_hi
    x = np.column_stack([data[name] for name in reference["drivers"]]).astype(float)
    y = (np.array(data["rating"]) >= 65).astype(float)
    found = logit_relative_weights(x, y, np.ones(30))
    np.testing.assert_allclose(found, reference["relative_weights"], atol=1e-9)


def test_relative_weights_of_a_logit_count_weights_as_rows_and_know_no_units():
    rng = np.random.default_rng(3)
    x = rng.normal(size=(200, 3)) + rng.normal(size=(200, 1))
    y = (x.sum(axis=1) + rng.logistic(size=200) > 0).astype(float)
    w = np.arange(200) % 3 + 1.0
    rows = np.repeat(np.arange(200), w.astype(int))
    found = logit_relative_weights(x, y, w)
    np.testing.assert_allclose(logit_relative_weights(x[rows], y[rows], np.ones(len(rows))), found, atol=1e-10)
    np.testing.assert_allclose(logit_relative_weights(x * [1, 50, 0.1] + 7, y, w), found, atol=1e-10)


def johnson_parts(z):
    """Loadings (p, p) on the orthogonalised drivers and standardised slopes (p,) on them."""
    r = np.corrcoef(z.T)
    values, vectors = np.linalg.eigh(r[:-1, :-1])
    root = (vectors * np.sqrt(values)) @ vectors.T
    return root, np.linalg.solve(root, r[:-1, -1])


def textbook_errors(z):
    """flipRegression's errors: as if the orthogonalised drivers were given, so that only the slopes on them vary."""
    loadings, beta = johnson_parts(z)
    n, p = len(z), len(beta)
    error = np.sqrt((1 - beta @ beta) / (n - p))
    return np.sqrt(loadings**4 @ (error**4 * (2 + 4 * (beta / error) ** 2)))


def delta_errors(z):
    """Errors by the delta method: slopes of the weights in every cross-product, times each row's influence."""
    centred = z - z.mean(axis=0)
    n, cross = len(z), centred.T @ centred
    influence = np.zeros((n, z.shape[1] - 1))
    for a in range(z.shape[1]):
        for b in range(a + 1):
            step = 1e-5 * np.sqrt(cross[a, a] * cross[b, b])
            shift = np.zeros_like(cross)
            shift[a, b] = shift[b, a] = step
            slope = (relative_weights(cross + shift) - relative_weights(cross - shift)) / (2 * step)
            influence += (centred[:, a] * centred[:, b] - cross[a, b] / n)[:, None] * slope
    return np.sqrt((influence**2).sum(axis=0))


def test_the_formula_that_others_use_is_the_one_we_compare_with():
    published = [0.1087616526, 0.0316812198, 0.0672955304, 0.0486726847, 0.0195067606, 0.0191596026]
    np.testing.assert_allclose(textbook_errors(answers("attitude")[1]), published, atol=1e-9)


def test_the_spread_of_resamples_is_the_error_of_relative_weights_and_the_usual_formula_is_not():
    def survey(seed, n=500):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(n, 3)) @ np.array([[1, 0.8, 0.7], [0, 0.6, 0.3], [0, 0, 0.6]])
        return np.column_stack([x, x @ [0.5, 0.4, 0.3] + rng.normal(size=n)])

    truth = np.std([relative_weights(cross_of(survey(s))) for s in range(800)], axis=0)
    resampled, delta, textbook = [], [], []
    for seed in range(20):
        z = survey(seed)
        draws = draw_resample(np.random.default_rng(seed), len(z), 400).moments(tuple("abcy"), z, np.ones(len(z)))
        resampled.append(relative_weights(draws.cross).std(axis=0))
        delta.append(delta_errors(z))
        textbook.append(textbook_errors(z))
    np.testing.assert_allclose(np.mean(resampled, axis=0), truth, rtol=0.12)  # 800 seeds: 2.5% each
    np.testing.assert_allclose(np.mean(delta, axis=0), np.mean(resampled, axis=0), rtol=0.08)
    assert (np.abs(np.mean(textbook, axis=0) / truth - 1) > 0.2).any()
