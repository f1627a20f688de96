"""Lifetime value without contract: the published CDNOW customers, simulated truth, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.analyses.purchases import fit_purchase_lifetime
from drivers.core.purchases import expected_purchases, repeat_probability
from drivers.errors import EstimationError
from purchase_histories import purchase_histories

CDNOW = Path(__file__).parents[3] / "shared/data/ltv_classics/cdnow_customers_summary_with_transactions.csv"
TRUTH = (0.8, 6.0, 0.9, 2.5)
TERMS = LifetimeTerms(0.3, discount_rate=0.1, horizon_years=1, unit="week")


@pytest.fixture(scope="module")
def histories():
    return purchase_histories(np.random.default_rng(1), 1500, TRUTH)


@pytest.fixture(scope="module")
def result(histories):
    return fit_purchase_lifetime(histories, TERMS, draws=200)


def test_the_published_customers_of_cdnow_have_their_published_parameters():
    if not CDNOW.is_file():
        pytest.skip("the real purchases are not beside the project")
    names = {"x": "repeats", "t_x": "last", "T": "observed", "zbar": "amount"}
    found = fit_purchase_lifetime(pd.read_csv(CDNOW).rename(columns=names), TERMS)
    published = [0.243, 4.414, 0.793, 2.426, 6.25, 3.74, 15.44]
    assert found.parameters["fitted_value"].to_numpy() == pytest.approx(published, rel=0.01)
    assert found.table["observed_customers"].tolist() == [1411, 439, 214, 100, 62, 38, 29, 64]
    assert found.correlation == pytest.approx(0.1139, abs=1e-4)
    assert [notice.kind for notice in found.notices] == ["related_amounts"]


def test_the_chances_of_each_number_of_repeats_add_up_and_have_the_expected_mean():
    parameters, time = np.array([0.243, 4.414, 0.793, 2.426]), np.array([39.0])
    chances = np.array([repeat_probability(parameters, x, time)[0] for x in range(300)])
    assert chances.sum() == pytest.approx(1.0)
    assert chances @ np.arange(300) == pytest.approx(expected_purchases(parameters, time)[0])


def test_the_mean_over_customers_is_the_value_of_a_present_one(result):
    assert result.customers["lifetime_value"].mean() == pytest.approx(result.values["lifetime_value"].iloc[0])


def test_a_value_is_purchases_times_amount_times_margin_from_the_middle_of_the_year(result):
    found = result.customers
    by_hand = found["further_purchases"] * found["expected_amount"] * 0.3
    assert found["lifetime_value"].to_numpy() == pytest.approx(by_hand.to_numpy() / np.sqrt(1.1))
    plain = result.values.set_index("counted").loc["present_undiscounted", "lifetime_value"]
    assert plain == pytest.approx(by_hand.mean())


def test_an_interval_is_as_wide_as_that_of_refits(histories):
    one_step = fit_purchase_lifetime(histories, TERMS, draws=1000).values.iloc[0]
    rng = np.random.default_rng(6)
    refits = [
        fit_purchase_lifetime(histories.iloc[rng.integers(0, 1500, 1500)], TERMS, draws=2).values["lifetime_value"][0]
        for _ in range(20)
    ]
    width = one_step["lifetime_value_high"] - one_step["lifetime_value_low"]
    assert width == pytest.approx(2 * 1.96 * np.std(refits), rel=0.45)  # 20 refits know their spread to 16%


def test_intervals_cover_the_true_value_of_a_new_customer():
    parameters, amount = np.array(TRUTH), 6.0 * 15.0 / 3.0
    truth = 0.3 * amount * expected_purchases(parameters, np.array([365.25 / 7]))[0] / np.sqrt(1.1)
    covered = []
    for seed in range(20):
        found = fit_purchase_lifetime(purchase_histories(np.random.default_rng(seed), 1000, TRUTH), TERMS, draws=200)
        row = found.values.set_index("counted").loc["new"]
        covered.append(row["lifetime_value_low"] <= truth <= row["lifetime_value_high"])
    assert np.mean(covered) > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 20)


def test_a_horizon_far_beyond_what_was_seen_is_said(histories):
    far = LifetimeTerms(0.3, discount_rate=0.1, horizon_years=5, unit="week")
    assert "beyond_history" in [n.kind for n in fit_purchase_lifetime(histories, far, draws=100).notices]


def test_amounts_that_fall_with_frequency_are_warned_of(histories):
    less = histories.assign(amount=histories["amount"] * (1 + histories["repeats"]) ** -0.5)
    assert "spends less" in str(fit_purchase_lifetime(less, TERMS, draws=100).notices[0])


@pytest.mark.parametrize(
    ("change", "terms", "words"),
    [
        (lambda h: h.drop(columns="amount"), TERMS, "no column amount"),
        (lambda h: h.assign(repeats=0.0, last=0.0), TERMS, "Nobody bought again"),
        (lambda h: h.assign(amount=-1.0), TERMS, "Amounts must be above 0"),
        (lambda h: h, LifetimeTerms(30.0, 0.1, 1, unit="week"), "share of the amount"),
    ],
)
def test_histories_that_cannot_carry_the_models_are_refused(histories, change, terms, words):
    with pytest.raises(EstimationError, match=words):
        fit_purchase_lifetime(change(histories), terms)
