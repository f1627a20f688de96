"""Lifetime value with covariates: person-periods written out and fitted by statsmodels, simulated truth, refusals."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from drivers.analyses.hazard import fit_hazard_lifetime
from drivers.analyses.lifetime_terms import LifetimeTerms
from drivers.errors import EstimationError
from drivers.present.verbs import explain

TERMS = LifetimeTerms(100.0, discount_rate=0.1, horizon_years=5)
TRUTH = (-1.0, -0.5, -0.8)  # intercept, log of the renewal, contract


def followed(rng, n, seen=6):
    """Customers of known truth, each seen for 1 to `seen` renewals."""
    contract, most = rng.integers(0, 2, n), rng.integers(1, seen + 1, n)
    renewals, left = np.zeros(n, dtype=int), np.zeros(n, dtype=int)
    for i in range(n):
        for t in range(1, most[i] + 1):
            renewals[i] = t
            if rng.random() < 1 / (1 + np.exp(-(TRUTH[0] + TRUTH[1] * np.log(t) + TRUTH[2] * contract[i]))):
                left[i] = 1
                break
    return pd.DataFrame({"renewals": renewals, "left": left, "contract": contract})


@pytest.fixture(scope="module")
def customers():
    return followed(np.random.default_rng(2), 800)


@pytest.fixture(scope="module")
def result(customers):
    return fit_hazard_lifetime(customers, TERMS, ["contract"], draws=300)


def test_the_coefficients_are_those_of_a_logit_on_the_renewals_written_out(customers, result):
    rows = [
        (1.0, np.log(t), c.contract, float(c.left == 1 and t == c.renewals))
        for c in customers.itertuples()
        for t in range(1, c.renewals + 1)
    ]
    x = np.array(rows)
    fitted = sm.GLM(x[:, 3], x[:, :3], family=sm.families.Binomial()).fit(tol=1e-12)
    assert result.table["log_odds"].to_numpy() == pytest.approx(fitted.params, abs=1e-7)


def test_the_value_is_the_mean_over_customers_of_their_discounted_curves(customers, result):
    b0, b1, b2 = result.table["log_odds"]
    worth = []
    for contract in customers["contract"]:
        left, total = 1.0, 100.0
        for t in range(1, 5):
            left *= 1 - 1 / (1 + np.exp(-(b0 + b1 * np.log(t) + b2 * contract)))
            total += 100 * left / 1.1**t
        worth.append(total)
    assert result.values["lifetime_value"][0] == pytest.approx(np.mean(worth))


def test_the_sentences_follow_the_intervals(result):
    said = [str(line) for line in explain(result)]
    assert "less often the longer they are there" in said[1]
    assert said[2] == "More of contract goes with leaving less often."


def test_intervals_cover_the_true_coefficients():
    covered = np.zeros(3)
    for seed in range(25):
        found = fit_hazard_lifetime(followed(np.random.default_rng(seed), 400), TERMS, ["contract"], draws=200).table
        covered += (found["log_odds_low"] <= np.array(TRUTH)) & (found["log_odds_high"] >= np.array(TRUTH))
    assert (covered / 25 > 0.95 - 3 * np.sqrt(0.95 * 0.05 / 25)).all()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda c: c.drop(columns="contract"), "no column contract"),
        (lambda c: c.assign(renewals=0), "whole numbers of 1 or more"),
        (lambda c: c.assign(left=2), "left 0 or 1"),
        (lambda c: c.assign(contract=np.nan), "empty cells"),
        (lambda c: c.assign(left=0), "ended in leaving, or those that went through, number 0"),
        (lambda c: c.assign(contract=c["left"] * 1.0, renewals=1), "separate"),
    ],
)
def test_customers_that_cannot_carry_the_model_are_refused(customers, change, words):
    with pytest.raises(EstimationError, match=words):
        fit_hazard_lifetime(change(customers), TERMS, ["contract"])
