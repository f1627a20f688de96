"""Lifetime value under contract: the published cohorts, closed forms, simulated truth, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.cohorts import cohort_losses
from drivers.analyses.contract import fit_contract_lifetime
from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.core.contract import cohort_survival, fit_beta_geometric, observed_hazard, rise_p_value
from drivers.core.lifetime import curve_multiple, value_multiple
from drivers.errors import EstimationError
from drivers.present.verbs import explain

# Survivors of 1,000 customers after 0 to 12 renewals: Fader and Hardie (2007), "How to project customer retention".
HIGH = [1000, 869, 743, 653, 593, 551, 517, 491, 468, 445, 427, 409, 394]
REGULAR = [1000, 631, 468, 382, 326, 289, 262, 241, 223, 207, 194, 183, 173]
TERMS = LifetimeTerms(100.0, discount_rate=0.1, horizon_years=5)


def table(survivors, **columns):
    return pd.DataFrame({"renewal": range(len(survivors)), "customers": survivors, **columns})


def worth(result, counted="discounted"):
    return result.values.set_index("counted").loc[counted, "lifetime_value"]


@pytest.mark.parametrize(("survivors", "lifetime"), [(HIGH, 5.92225), (REGULAR, 3.69491)])
def test_discounted_lifetimes_of_the_published_cohorts_are_worth_their_margin(survivors, lifetime):
    result = fit_contract_lifetime(table(survivors[:8]), TERMS)
    assert worth(result, "endless") == pytest.approx(100 * lifetime, abs=1e-3)
    assert result.rises
    assert result.base == 1000


@pytest.mark.parametrize("survivors", [HIGH, REGULAR])
def test_four_years_forecast_the_twelfth_within_three_points(survivors):
    terms = LifetimeTerms(100.0, discount_rate=0.1, horizon_years=12)
    forecast = fit_contract_lifetime(table(survivors[:8]), terms).table.set_index("renewal")["fitted_survival"]
    assert forecast.loc[12] == pytest.approx(survivors[12] / 1000, abs=0.02)  # README: within 2 points at 12 years


@pytest.mark.parametrize(
    ("survivors", "too_low"), [(HIGH, 0.20), (REGULAR, 0.365)]
)  # README of the data: constant churn at the first-year rate is 20% and 36% too low
def test_constant_churn_at_the_first_rate_is_too_low_by_the_published_part(survivors, too_low):
    retention = survivors[1] / survivors[0]
    endless = 100 * value_multiple(np.array(retention), discount_rate=0.1)
    result = fit_contract_lifetime(table(survivors[:8]), TERMS)
    assert 1 - endless / worth(result, "endless") == pytest.approx(too_low, abs=0.005)


@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
def test_a_constant_curve_gives_the_closed_form_of_each_convention(timing):
    curve = 0.8 ** np.arange(8)
    closed = value_multiple(np.array(0.8), discount_rate=0.1, horizon_years=7, timing=timing)
    assert curve_multiple(curve, discount_rate=0.1, timing=timing) == pytest.approx(closed)


@pytest.mark.parametrize(("timing", "published"), [("advance", 366.6667), ("arrears", 333.3333), ("renewal", 266.6667)])
def test_the_three_conventions_are_those_of_fader_and_hardie(timing, published):
    assert 100 * value_multiple(np.array(0.8), discount_rate=0.1, timing=timing) == pytest.approx(published, abs=1e-4)


def test_the_margin_multiples_are_those_of_gupta_and_lehmann():
    retention, rate = np.array([0.6, 0.7, 0.8, 0.9]), (0.10, 0.12, 0.14, 0.16)
    published = [[1.2, 1.75, 2.667, 4.5], [1.154, 1.667, 2.5, 4.091], [1.111, 1.591, 2.353, 3.75]]
    published.append([1.071, 1.522, 2.222, 3.462])
    for row, d in zip(published, rate, strict=True):
        assert value_multiple(retention, discount_rate=d, timing="renewal") == pytest.approx(row, abs=5e-4)


def test_the_observed_curve_is_that_of_kaplan_and_meier():
    lost, kept = np.array([10.0, 8.0, 5.0]), np.array([20.0, 15.0, 42.0])
    hazard = observed_hazard(lost, kept)
    assert hazard == pytest.approx([10 / 100, 8 / 70, 5 / 47])  # by hand: those seen shorter leave the base


def test_the_curve_in_money_is_the_discounted_sum_of_who_is_left():
    result = fit_contract_lifetime(table(HIGH[:8]), TERMS, model="curve")
    by_hand = sum(100 * HIGH[t] / 1000 / 1.1**t for t in range(5))
    assert worth(result) == pytest.approx(by_hand)
    assert worth(result, "undiscounted") == pytest.approx(sum(HIGH[:5]) / 10)
    assert worth(result, "yearly") * sum(1.1**-t for t in range(5)) == pytest.approx(by_hand)


def test_monthly_contracts_discount_by_the_month_and_earn_a_twelfth():
    terms = LifetimeTerms(1200.0, discount_rate=0.1, horizon_years=1, unit="month")
    survivors = [1000 - 20 * t - 5 * (t > 3) for t in range(13)]
    by_hand = sum(100 * survivors[t] / 1000 / 1.1 ** (t / 12) for t in range(12))
    assert worth(fit_contract_lifetime(table(survivors), terms, model="curve")) == pytest.approx(by_hand)


def test_cohorts_seen_for_different_times_are_added():
    cohorts = pd.concat([table([100, 70, 60], cohort="old"), table([50, 40], cohort="new")])
    lost, kept = cohort_losses(cohorts)
    assert lost.tolist() == [40, 10]
    assert kept.tolist() == [40, 60]


def test_constant_retention_is_warned_of_where_retention_rises():
    constant = fit_contract_lifetime(table(REGULAR[:8]), TERMS, model="constant")
    assert [n.kind for n in constant.notices] == ["constant_retention"]
    assert "63.1%" in str(constant.notices[0])
    assert fit_contract_lifetime(table(REGULAR[:8]), TERMS).notices == ()


def test_nothing_is_said_to_rise_where_churn_is_constant():
    flat = fit_contract_lifetime(table([1024, 512, 256, 128, 64]), TERMS, model="constant")
    assert not flat.rises
    assert flat.notices == ()
    assert any("not shown" in str(line) for line in explain(flat))


def cohort(rng, n, seen, alpha, beta):
    """Losses and survivors of n simulated customers of known truth."""
    leaving = rng.geometric(rng.beta(alpha, beta, n) if beta else np.full(n, alpha))
    lost = np.bincount(leaving[leaving <= seen], minlength=seen + 1)[1:]
    return [n, *(n - np.cumsum(lost))]


def test_a_rise_is_found_in_one_of_twenty_cohorts_without_one():
    rng, found = np.random.default_rng(8), []
    for _ in range(100):
        lost, kept = cohort_losses(table(cohort(rng, 800, 6, 0.2, None)))
        try:
            found.append(rise_p_value(lost, kept, fit_beta_geometric(lost, kept).log_likelihood) < 0.05)
        except EstimationError:  # retention falls in this sample
            found.append(False)
    assert np.mean(found) < 0.05 + 3 * np.sqrt(0.05 * 0.95 / 100)


def test_intervals_cover_the_true_value_as_often_as_they_say():
    alpha, beta = 0.8, 2.5
    truth = 100 * curve_multiple(cohort_survival(np.array([alpha, beta]), 10), discount_rate=0.1)
    terms, rng, covered = LifetimeTerms(100.0, discount_rate=0.1, horizon_years=10), np.random.default_rng(4), []
    for _ in range(80):
        result = fit_contract_lifetime(table(cohort(rng, 500, 6, alpha, beta)), terms, draws=400)
        row = result.values.iloc[0]
        covered.append(row["lifetime_value_low"] <= truth <= row["lifetime_value_high"])
    assert np.mean(covered) == pytest.approx(0.95, abs=3 * np.sqrt(0.95 * 0.05 / 80))


@pytest.mark.parametrize(
    ("cohorts", "terms", "model", "words"),
    [
        (table(HIGH)[["renewal"]], TERMS, "contract", "no column customers"),
        (table(HIGH)[:0], TERMS, "contract", "is empty"),
        (table(HIGH)[1:], TERMS, "contract", "does not run from renewal 0"),
        (table([100, 110]), TERMS, "contract", "only fall"),
        (table([100, 90.5, 80]), TERMS, "contract", "whole"),
        (table([100, 90]), TERMS, "contract", "at least 2"),
        (table([100, 100, 100]), TERMS, "contract", "Nobody left"),
        (table([1024, 512, 256, 128]), TERMS, "contract", "did not converge"),
        (table(HIGH[:4]), TERMS, "curve", "seen for 3 renewals, but the horizon has 5"),
        (table(HIGH), LifetimeTerms(1.0, 0.1, 5, unit="week"), "contract", "month, quarter or year"),
    ],
)
def test_cohorts_that_cannot_carry_the_model_are_refused(cohorts, terms, model, words):
    with pytest.raises(EstimationError, match=words):
        fit_contract_lifetime(cohorts, terms, model=model)
