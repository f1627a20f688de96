import numpy as np
import pytest
from scipy.optimize import minimize
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import survdiff

from drivers.core.cox import Followed, fit_cox, log_rank_scores
from drivers.core.design import linearised_covariance, sampling_design


def sample(n=300, seed=0, *, weighted=False, late=True):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2)) * [1.0, 20.0] + [5.0, 100.0]
    entry = rng.integers(0, 5, n).astype(float) if late else np.full(n, -1.0)
    time = np.maximum(entry, 0) + 1 + np.floor(rng.exponential(8 * np.exp(-0.5 * (x[:, 0] - 5))))
    w = rng.uniform(0.5, 3.0, n) if weighted else np.ones(n)
    return x, Followed(time, entry, rng.random(n) < 0.7, rng.integers(0, 2, n), w)


def reference(x, f, **keys):
    # half a unit later: statsmodels has who enters at a time at risk in that time, R and this module after it
    entry = None if f.entry.min() < 0 else f.entry + 0.5
    return PHReg(f.time, x, status=f.event.astype(float), entry=entry, strata=f.strata, ties="efron", **keys).fit()


@pytest.mark.parametrize("late", [True, False])
def test_the_estimate_and_its_information_are_those_of_statsmodels(late):
    x, f = sample(late=late)
    fit, other = fit_cox(x, f), reference(x, f)
    np.testing.assert_allclose(fit.beta, other.params, rtol=1e-7)
    np.testing.assert_allclose(np.sqrt(np.diag(np.linalg.inv(fit.information))), other.bse, rtol=1e-6)


def loglik(beta, x, f):
    """Efron's weighted partial likelihood, written out event by event."""
    total = 0.0
    for s in np.unique(f.strata):
        for t in np.unique(f.time[f.event & (f.strata == s)]):
            risk = (f.strata == s) & (f.entry < t) & (f.time >= t)
            dead = risk & f.event & (f.time == t)
            e = f.w * np.exp(x @ beta)
            count, mean = int(dead.sum()), f.w[dead].mean()
            total += float((f.w[dead] * (x[dead] @ beta)).sum())
            for turn in range(count):
                total -= mean * np.log(e[risk].sum() - turn / count * e[dead].sum())
    return total


def test_the_weighted_estimate_is_the_maximum_of_the_likelihood_written_out():
    x, f = sample(80, weighted=True)
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    found = minimize(lambda b: -loglik(b, z, f), np.zeros(2), method="BFGS", options={"gtol": 1e-7})
    np.testing.assert_allclose(fit_cox(z, f).beta, found.x, atol=1e-5)  # the step of a numerical gradient


def test_influence_is_what_a_little_weight_moves():
    x, f = sample(120, weighted=True)
    fit, step = fit_cox(x, f), 1e-5
    for i in (0, 5, 40, 119):
        w = f.w.copy()
        w[i] += step
        moved = (fit_cox(x, Followed(f.time, f.entry, f.event, f.strata, w)).beta - fit.beta) / step * f.w[i]
        np.testing.assert_allclose(fit.influence[i], moved, rtol=2e-3, atol=1e-8)


def test_only_ratios_of_weights_and_no_unit_matters():
    x, f = sample(weighted=True)
    fit = fit_cox(x, f)
    heavier = Followed(f.time * 30, f.entry * 30, f.event, f.strata, f.w * 9)
    other = fit_cox(x * [10.0, 0.1] + 3.0, heavier)
    np.testing.assert_allclose(other.beta, fit.beta / [10.0, 0.1], rtol=1e-8)
    np.testing.assert_allclose(other.influence, fit.influence / [10.0, 0.1], atol=1e-9)


def test_rows_written_down_twice_in_one_cluster_are_no_surer():
    x, f = sample(late=False)
    f = Followed(f.time + np.arange(300) / 1000, f.entry, f.event, f.strata, f.w)  # no ties, so copies alone tie
    alone = linearised_covariance(fit_cox(x, f).influence, sampling_design(np.ones(300)))
    twice = np.repeat(np.arange(300), 2)
    copied = fit_cox(x[twice], Followed(*(part[twice] for part in (f.time, f.entry, f.event, f.strata, f.w))))
    both = linearised_covariance(copied.influence, sampling_design(np.ones(600), clusters=twice))
    np.testing.assert_allclose(np.diag(both), np.diag(alone), rtol=0.05)  # Efron takes half of a pair off the second


def test_a_group_that_never_leaves_has_no_finite_estimate():
    x = np.column_stack([np.arange(60) % 2]).astype(float)
    f = Followed(np.arange(1.0, 61), np.full(60, -1.0), x[:, 0] == 1, np.zeros(60, dtype=int), np.ones(60))
    assert np.isnan(fit_cox(x, f).beta).all()


def test_a_hazard_ratio_that_fades_is_found_and_a_constant_one_is_not():
    rng = np.random.default_rng(3)
    n = 4000
    x = rng.integers(0, 2, (n, 1)).astype(float)
    u = rng.exponential(size=n)
    rate = np.where(x[:, 0] == 1, 3.0, 1.0)
    fading = np.where(u / rate < 0.3, u / rate, 0.3 + (u - 0.3 * rate))  # after 0.3 both leave at a rate of 1
    for time, shown in ((fading, True), (u / rate, False)):
        f = Followed(time, np.full(n, -1.0), time < 2, np.zeros(n, dtype=int), np.ones(n))
        fit = fit_cox(x, f)
        error = np.sqrt(linearised_covariance(fit.drift_influence, sampling_design(np.ones(n)))[0, 0])
        assert (abs(fit.drift[0]) > 3 * error) == shown
        assert not shown or fit.drift[0] < 0


def test_the_score_test_of_groups_is_the_log_rank_test_but_for_the_variance_of_ties():
    _, f = sample(late=False)
    f = Followed(f.time + np.arange(300) / 1000, f.entry, f.event, np.zeros(300, dtype=int), f.w)
    group = np.arange(300) % 2
    score, parts = log_rank_scores(group[:, None].astype(float), f)
    covariance = linearised_covariance(parts, sampling_design(np.ones(300)))
    chi2 = float(score[0] ** 2 / covariance[0, 0])
    assert parts.sum(axis=0) == pytest.approx(score)
    assert chi2 == pytest.approx(survdiff(f.time, f.event, group)[0], rel=0.15, abs=0.05)  # robust against model-based
