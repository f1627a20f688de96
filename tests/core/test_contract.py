"""Renewals under contract: the published cohorts of Fader and Hardie (2007), closed forms, and simulated truth."""

import numpy as np
import pytest

from drivers.core.contract import cohort_retention, cohort_survival, expected_lifetime, fit_beta_geometric
from drivers.errors import EstimationError

# Survivors of 1,000 customers after 0 to 7 renewals: Fader and Hardie (2007), "How to project customer retention".
HIGH = np.array([1000, 869, 743, 653, 593, 551, 517, 491])
REGULAR = np.array([1000, 631, 468, 382, 326, 289, 262, 241])
# Survival after 1 to 12 renewals at the maximum: R, optim on the same cohorts.
HIGH_CURVE = [
    0.85067932, 0.74685948, 0.66978904, 0.60991918, 0.56183431, 0.52221558,
    0.48890642, 0.46043966, 0.43577957, 0.41417237, 0.39505530, 0.37799903,
]  # fmt: skip
REGULAR_CURVE = [
    0.62670605, 0.47381933, 0.38797396, 0.33206792, 0.29234711, 0.26245583,
    0.23902363, 0.22008498, 0.20441080, 0.19119021, 0.17986501, 0.17003747,
]  # fmt: skip


def cohort(survivors):
    """A cohort's table as customers lost at, and kept after, each renewal."""
    kept = np.zeros(len(survivors) - 1)
    kept[-1] = survivors[-1]
    return -np.diff(survivors), kept


@pytest.mark.parametrize(
    ("survivors", "parameters", "log_likelihood", "curve"),
    [
        (HIGH, (0.6680890, 3.8061002), -1611.15815, HIGH_CURVE),
        (REGULAR, (0.7040772, 1.1820429), -1680.26519, REGULAR_CURVE),
    ],
)
def test_the_published_cohorts_are_reproduced(survivors, parameters, log_likelihood, curve):
    fit = fit_beta_geometric(*cohort(survivors))
    assert fit.parameters == pytest.approx(parameters, rel=2e-5)  # flat maximum: both optimisers stop near it
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-4)
    assert cohort_survival(fit.parameters, 12)[1:] == pytest.approx(curve, abs=2e-7)


@pytest.mark.parametrize(("survivors", "parameters"), [(HIGH, (1.280976, 7.790382)), (REGULAR, (0.763665, 1.295830))])
def test_four_years_give_the_published_parameters(survivors, parameters):
    assert fit_beta_geometric(*cohort(survivors[:5])).parameters == pytest.approx(parameters, rel=1e-5)


def test_discounted_lifetimes_equal_the_published_ones():
    high, regular = (fit_beta_geometric(*cohort(s)).parameters for s in (HIGH, REGULAR))
    assert expected_lifetime(np.stack([high, regular]), 0.10) == pytest.approx([5.92225, 3.69491], abs=1e-5)
    # "Just before the n-th renewal" of Fader and Hardie (2010) is after n - 1 renewals here: n = 7 and n = 8.
    assert expected_lifetime(high, 0.10, renewals=6) == pytest.approx(7.344720, abs=5e-6)
    assert expected_lifetime(high, 0.10, renewals=7) == pytest.approx(7.529627, abs=5e-6)


def test_a_lifetime_is_the_discounted_sum_of_the_curve():
    parameters, rate = np.array([0.7, 2.5]), 0.08
    curve = cohort_survival(parameters, 4000)
    discount = (1 + rate) ** -np.arange(4001)
    assert expected_lifetime(parameters, rate) == pytest.approx(curve @ discount, rel=1e-9)
    later = curve[3:] / curve[2]  # after two renewals, from the third on
    assert expected_lifetime(parameters, rate, renewals=2) == pytest.approx(later @ discount[: len(later)], rel=1e-9)


def test_retention_rises_with_tenure_and_makes_the_curve():
    parameters = np.array([[0.7, 2.5], [3.0, 9.0]])
    rates = cohort_retention(parameters, 20)
    assert (np.diff(rates, axis=1) > 0).all()
    assert cohort_survival(parameters, 20)[:, 1:] == pytest.approx(np.cumprod(rates, axis=1))


def test_customers_seen_for_different_times_count_as_long_as_they_were_seen():
    rng = np.random.default_rng(3)
    alpha, beta, n = 1.2, 4.0, 200_000
    leaving = rng.geometric(rng.beta(alpha, beta, n))
    seen = rng.integers(1, 9, n)
    lost = np.bincount(leaving[leaving <= seen], minlength=9)[1:9]
    kept = np.bincount(seen[leaving > seen], minlength=9)[1:9]
    fit = fit_beta_geometric(lost, kept)
    error = np.sqrt(np.diag(fit.covariance))
    assert (np.abs(np.log(fit.parameters) - np.log([alpha, beta])) < 4 * error).all()
    assert error.max() < 0.1


def test_one_step_draws_are_close_to_refits():
    rng = np.random.default_rng(5)
    lost, kept = cohort(REGULAR)
    weights = np.concatenate([lost, kept]).astype(float)
    fit = fit_beta_geometric(lost, kept)
    draws = rng.multinomial(1000, weights / weights.sum(), 60).astype(float)
    refits = np.array([fit_beta_geometric(d[:7], d[7:]).parameters for d in draws])
    lifetimes = [expected_lifetime(p, 0.1) for p in (fit.drawn(draws, weights), refits)]
    assert lifetimes[0].std() == pytest.approx(lifetimes[1].std(), rel=0.1)
    assert np.abs(lifetimes[0] - lifetimes[1]).max() < 0.2 * lifetimes[1].std()


@pytest.mark.parametrize(
    ("lost", "kept", "words"),
    [
        ([10], [90], "at least 2"),
        ([0, 0, 0], [0, 0, 100], "Nobody left"),
        ([100, 0], [0, 0], "everybody left at once"),
        ([-1, 2], [0, 9], "0 or more"),
        ([512, 256, 128, 64], [0, 0, 0, 64], "did not converge"),  # constant churn
        ([100, 200, 300], [0, 0, 400], "did not converge"),  # churn that rises with tenure
    ],
)
def test_renewals_that_cannot_carry_the_model_are_refused(lost, kept, words):
    with pytest.raises(EstimationError, match=words):
        fit_beta_geometric(np.array(lost), np.array(kept))


def test_without_discounting_the_sum_has_no_end():
    with pytest.raises(EstimationError, match="above 0"):
        expected_lifetime(np.array([1.0, 2.0]), 0.0)
