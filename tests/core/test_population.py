import numpy as np
import pytest

from drivers.core.linear import linear_fit
from drivers.core.population import drawn_answers, explained_shares, sampled_cross, stated_population
from drivers.errors import EstimationError

SHARES = {"a": 0.5, "b": 0.3, "c": 0.2}


@pytest.mark.parametrize("overlap", [0.0, 0.3, 0.5])
@pytest.mark.parametrize("noise", [0.2, 0.5, 0.9])
def test_stated_shares_and_noise_are_the_populations(overlap, noise):
    made = stated_population(shares=SHARES, noise=noise, overlap=overlap)
    np.testing.assert_allclose(made.shares, [0.5, 0.3, 0.2], atol=1e-6)
    assert linear_fit(made.covariance).r_squared == pytest.approx(1 - noise)
    assert made.drivers == ("a", "b", "c")


def test_without_overlap_a_share_is_the_squared_slope():
    made = stated_population(shares=SHARES, noise=0.5, overlap=0.0)
    np.testing.assert_allclose(made.slopes**2 / (made.slopes**2).sum(), [0.5, 0.3, 0.2], atol=1e-6)


def test_stated_slopes_are_the_populations():
    made = stated_population(slopes={"a": 0.4, "b": -0.1}, overlap=0.4)
    np.testing.assert_allclose(made.slopes, [0.4, -0.1], atol=1e-12)


def test_shares_are_brought_to_one():
    np.testing.assert_allclose(stated_population(shares={"a": 3, "b": 1}).shares, [0.75, 0.25], atol=1e-6)


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        ({}, "not both"),
        ({"shares": SHARES, "slopes": SHARES}, "not both"),
        ({"shares": {}}, "not both"),
        ({"shares": {"a": -1, "b": 2}}, "negative"),
        ({"shares": {"a": 1, "b": 0}, "overlap": 0.8}, "cannot be reached"),
        ({"shares": SHARES, "noise": 0}, "noise"),
        ({"shares": SHARES, "overlap": 1}, "overlap"),
        ({"slopes": {"a": 0, "b": 0}}, "All slopes are 0"),
    ],
)
def test_a_statement_that_cannot_be_met_is_refused_with_the_reason(stated, text):
    with pytest.raises(EstimationError, match=text):
        stated_population(**stated)


def test_sampled_cross_products_are_those_of_normal_samples():
    made = stated_population(shares=SHARES, overlap=0.4)
    rng = np.random.default_rng(0)
    fast = sampled_cross(rng, made.covariance, 40, 4000)
    rows = [drawn_answers(rng, made, 40) for _ in range(4000)]
    slow = np.array([(r - r.mean(axis=0)).T @ (r - r.mean(axis=0)) for r in rows])
    np.testing.assert_allclose(fast.mean(axis=0), 39 * made.covariance, rtol=0.03)  # some five Monte-Carlo errors
    np.testing.assert_allclose(fast.std(axis=0), slow.std(axis=0), rtol=0.06)
    ours, theirs = explained_shares(fast), explained_shares(slow)
    np.testing.assert_allclose(ours.mean(axis=0), theirs.mean(axis=0), atol=0.02)
    np.testing.assert_allclose(ours.std(axis=0), theirs.std(axis=0), rtol=0.08)
