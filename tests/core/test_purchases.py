"""Purchases without contract: the published CDNOW figures, simulated truth, and histories that cannot be."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers.core.purchases import (
    alive_probability,
    expected_amount,
    expected_purchases,
    fit_amounts,
    fit_purchases,
    further_purchases,
)
from drivers.errors import EstimationError

CDNOW = Path(__file__).parents[3] / "shared/data/ltv_classics/cdnow_customers_summary_with_transactions.csv"
PUBLISHED = np.array([0.243, 4.414, 0.793, 2.426])  # Fader, Hardie and Lee (2005), table 2


@pytest.fixture(scope="module")
def cdnow():
    if not CDNOW.is_file():
        pytest.skip("the real purchases are not beside the project")
    return pd.read_csv(CDNOW)


def test_the_published_parameters_of_cdnow_are_reproduced(cdnow):
    fit = fit_purchases(cdnow["x"], cdnow["t_x"], cdnow["T"])
    assert fit.parameters == pytest.approx([0.24259, 4.41353, 0.79289, 2.42575], rel=1e-4)
    assert fit.log_likelihood == pytest.approx(-9582.426, abs=1e-3)


def test_the_published_amounts_of_cdnow_are_reproduced(cdnow):
    repeat = cdnow[cdnow["x"] > 0]
    fit = fit_amounts(repeat["x"], repeat["zbar"])
    assert len(repeat) == 946
    assert fit.parameters == pytest.approx([6.25, 3.74, 15.44], rel=0.002)
    assert fit.log_likelihood == pytest.approx(-4055.923, abs=1e-3)


def test_further_purchases_of_one_customer_equal_the_published_figure():
    history = (np.array([2.0]), np.array([30.43]), np.array([38.86]))
    assert further_purchases(PUBLISHED, history, 39)[0] == pytest.approx(1.226, abs=5e-4)


def test_expected_purchases_of_a_new_customer_equal_the_published_figures():
    weeks = np.array([0.1429, 1, 3, 31.8571, 32, 78])
    published = [0.0078, 0.0532, 0.1506, 1.0405, 1.0437, 1.8576]
    estimate = np.array([0.24259, 4.41353, 0.79289, 2.42575])  # the published ones are rounded to three decimals
    assert expected_purchases(estimate, weeks) == pytest.approx(published, rel=3e-4, abs=6e-5)  # printed decimals


def test_a_customer_of_btyd_has_its_published_figures():
    parameters = np.array([0.242598, 4.413684, 0.79299, 2.426167])
    history = (np.array([26.0]), np.array([30.85714]), np.array([31.0]))
    assert further_purchases(parameters, history, 52)[0] == pytest.approx(25.75659, abs=1e-3)
    assert alive_probability(parameters, *history)[0] == pytest.approx(0.968852, abs=1e-6)


def simulated(rng, n, r, alpha, a, b):
    """Histories of customers of known truth, bought and gone one event at a time."""
    rate, gone = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    end = rng.uniform(20, 40, n)
    x, last, time, alive = np.zeros(n), np.zeros(n), np.zeros(n), np.ones(n, dtype=bool)
    while alive.any():
        time = time + rng.exponential(1 / rate)
        bought = alive & (time <= end)
        x, last = x + bought, np.where(bought, time, last)
        alive = bought & (rng.random(n) >= gone)
    return x, last, end


def test_simulated_buyers_give_back_their_truth():
    truth = (0.8, 6.0, 0.9, 2.5)
    fit = fit_purchases(*simulated(np.random.default_rng(11), 5_000, *truth))
    error = np.sqrt(np.diag(fit.covariance))
    assert (np.abs(np.log(fit.parameters) - np.log(truth)) < 4 * error).all()
    assert error.max() < 0.4


def test_weights_count_equal_rows():
    rng = np.random.default_rng(2)
    x, last, end = simulated(rng, 1500, 0.8, 6.0, 0.9, 2.5)
    twice = rng.integers(1, 3, len(x))
    repeated = [np.repeat(v, twice) for v in (x, last, end)]
    weighted, plain = fit_purchases(x, last, end, twice.astype(float)), fit_purchases(*repeated)
    assert weighted.parameters == pytest.approx(plain.parameters, rel=1e-4)
    assert weighted.covariance == pytest.approx(plain.covariance, rel=1e-3)


def test_amounts_lie_between_the_customers_mean_and_everybodys():
    parameters = np.array([6.25, 3.74, 15.44])
    everybody = 6.25 * 15.44 / 2.74
    amount = expected_amount(parameters, np.array([0, 1, 50]), np.array([0.0, 100.0, 100.0]))
    assert amount[0] == pytest.approx(everybody)
    assert everybody < amount[1] < amount[2] < 100


def test_amounts_without_a_finite_mean_are_refused():
    with pytest.raises(EstimationError, match="no finite"):
        expected_amount(np.array([2.0, 0.9, 10.0]), np.array([1.0]), np.array([5.0]))


@pytest.mark.parametrize(
    ("x", "last", "end", "words"),
    [
        ([1.0, 0.0], [5.0, 0.0], [4.0, 9.0], "1 purchase histories are impossible"),
        ([1.5, 0.0], [5.0, 0.0], [9.0, 9.0], "impossible"),
        ([2.0, 0.0], [0.0, 0.0], [9.0, 9.0], "impossible"),
        ([0.0, 0.0], [0.0, 0.0], [9.0, 9.0], "Nobody bought again"),
    ],
)
def test_histories_that_cannot_be_are_refused(x, last, end, words):
    with pytest.raises(EstimationError, match=words):
        fit_purchases(np.array(x), np.array(last), np.array(end))
