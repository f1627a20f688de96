import numpy as np
import pytest
from scipy import stats

from drivers.core.imputation import imputed_answers
from drivers.core.resample import draw_resample
from drivers.core.rubin import pooled_estimate
from drivers.errors import EstimationError

SLOPES = np.array([0.4, 0.3, 0.2])


def ratings(rng, n):
    x = np.clip(
        np.rint(6.5 + 1.7 * rng.normal(size=(n, 3)) @ np.array([[1, 0.5, 0.4], [0, 0.87, 0.3], [0, 0, 0.87]])), 1, 10
    )
    return np.column_stack([x, 6.5 + (x - 6.5) @ SLOPES + rng.normal(size=n)])


def opened(rng, z):
    """Missing at random: the more satisfied, the more often the first is open; the second for a fifth."""
    z = z.copy()
    z[rng.random(len(z)) < 1 / (1 + np.exp(0.4 - 0.7 * (z[:, 3] - 6.5))), 0] = np.nan
    z[rng.random(len(z)) < 0.2, 1] = np.nan
    return z


def fitted(z):
    x = np.column_stack([np.ones(len(z)), z[:, :-1]])
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ z[:, -1]
    variance = ((z[:, -1] - x @ beta) ** 2).sum() / (len(z) - x.shape[1])
    return beta[1:], variance * np.diagonal(inverse)[1:]


def pooled(imputation, n):
    fits = [fitted(imputation.completed(k)) for k in range(len(imputation))]
    return pooled_estimate(np.array([b for b, _ in fits]), np.array([v for _, v in fits]), n - 4.0)


@pytest.fixture(scope="module")
def simulated():
    """Pooled slopes, whether their intervals cover the truth, and slopes of complete cases, on 60 surveys."""
    estimates, covered, complete = [], [], []
    for seed in range(60):
        rng = np.random.default_rng(seed)
        z = opened(rng, ratings(rng, 400))
        found = pooled(imputed_answers(rng, z, np.ones(400)), 400)
        estimates.append(found.estimate)
        covered.append(np.abs(found.estimate - SLOPES) < stats.t.ppf(0.975, found.freedom) * found.error)
        complete.append(fitted(z[~np.isnan(z).any(axis=1)])[0])
    return np.array(estimates), np.array(covered), np.array(complete)


def test_slopes_are_recovered_where_complete_cases_are_biased(simulated):
    estimates, _, complete = simulated
    assert estimates.mean(axis=0) == pytest.approx(SLOPES, abs=0.02)  # four standard errors of the mean
    assert complete.mean(axis=0)[0] < SLOPES[0] - 0.03


def test_intervals_cover_the_truth_as_often_as_they_say(simulated):
    assert simulated[1].mean() > 0.90  # 180 intervals: 0.95 less three standard errors
    assert simulated[1].mean() < 0.995


def test_imputed_answers_are_answers_that_were_given():
    rng = np.random.default_rng(2)
    z = opened(rng, ratings(rng, 200))
    imputation = imputed_answers(rng, z, np.ones(200), count=3)
    for k in range(3):
        whole = imputation.completed(k)
        assert (whole[~np.isnan(z)] == z[~np.isnan(z)]).all()
        assert set(whole[:, 0]) <= set(z[~np.isnan(z[:, 0]), 0])


def test_the_same_generator_gives_the_same_answers():
    z = opened(np.random.default_rng(2), ratings(np.random.default_rng(2), 100))
    first, again, other = (imputed_answers(np.random.default_rng(s), z, np.ones(100), count=2).cells for s in (5, 5, 6))
    assert (first == again).all()
    assert (first != other).any()


def test_weights_say_whose_relation_is_imputed():
    rng = np.random.default_rng(0)
    x = rng.normal(size=2000)
    heavy = rng.random(2000) < 0.5
    z = np.column_stack([np.where(heavy, x, -x) + 0.1 * rng.normal(size=2000), x])
    z[:600, 0] = np.nan
    imputation = imputed_answers(rng, z, np.where(heavy, 1.0, 1e-6), count=2)
    assert np.corrcoef(imputation.completed(0)[:600].T)[0, 1] > 0.9


def test_units_are_drawn_whole_so_that_clusters_widen_the_spread():
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(12), 50)
    z = np.column_stack([rng.normal(size=12)[unit] + 0.1 * rng.normal(size=600), rng.normal(size=600)])
    z[rng.random(600) < 0.5, 0] = np.nan
    spread = [
        imputed_answers(np.random.default_rng(1), z, np.ones(600), units=u).cells.mean(axis=1).std()
        for u in (unit, None)
    ]
    assert spread[0] > 2 * spread[1]


def test_units_are_drawn_within_strata_so_that_differences_between_strata_are_no_chance():
    rng = np.random.default_rng(3)
    unit = np.repeat(np.arange(24), 25)
    z = np.column_stack([3.0 * (unit // 2) + 0.1 * rng.normal(size=600), rng.normal(size=600)])
    z[rng.random(600) < 0.5, 0] = np.nan
    spread = [
        imputed_answers(np.random.default_rng(1), z, np.ones(600), units=unit, strata=s).cells.mean(axis=1).std()
        for s in (unit // 2, None)
    ]
    assert spread[0] < 0.5 * spread[1]  # what is left is the chance of the donors, who may be of any stratum


def test_every_stratum_keeps_its_weight_in_every_completion():
    """With the stratum itself as a predictor, the imputed mean moves by chance within strata alone: brute force."""
    rng = np.random.default_rng(5)
    strata = np.repeat(np.arange(4), [4, 8, 20, 40])
    z = np.column_stack([rng.normal(size=72), 10.0 * strata])
    z[::2, 0] = np.nan
    drawn = draw_resample(np.random.default_rng(9), 72, 1, strata=strata).weightings(np.ones(72))[0]
    givers = (drawn > 0) & ~np.isnan(z[:, 0])
    cells = imputed_answers(np.random.default_rng(9), z, np.ones(72), strata=strata, count=1).cells[0]
    assert set(cells) <= set(z[givers, 0])
    assert np.bincount(strata, drawn) == pytest.approx([4, 8, 20, 40])


def test_exact_duplicates_and_constants_do_not_stop_it():
    rng = np.random.default_rng(1)
    x = rng.integers(1, 8, 60).astype(float)
    z = np.column_stack([x, x, np.full(60, 3.0), x + rng.normal(size=60)])
    z[:9, 0] = z[20:25, 1] = z[30:33, 2] = np.nan
    whole = imputed_answers(rng, z, np.ones(60), count=2).completed(1)
    assert np.isfinite(whole).all()
    assert (whole[:, 2] == 3).all()
    assert np.abs(whole[:, 0] - whole[:, 1]).mean() < 0.2


def test_a_column_that_nobody_answered_is_refused():
    with pytest.raises(EstimationError, match="Nobody answered one of the columns"):
        imputed_answers(np.random.default_rng(1), np.array([[1.0, np.nan], [2.0, np.nan]]), np.ones(2))
