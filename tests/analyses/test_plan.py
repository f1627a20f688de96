from dataclasses import replace

import numpy as np
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import value_chain
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.initiative import triangular
from drivers.analyses.levers import driver_levers
from drivers.analyses.loyalty import retention_link
from drivers.analyses.plan import plan_return
from drivers.analyses.terms import ValueTerms
from drivers.errors import EstimationError
from made_surveys import made_survey, made_weights, with_answers, with_weights

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
SURE = {"d0": PlannedImprovement(0.5, 100_000.0), "d1": PlannedImprovement(0.25, 50_000.0)}
RICH = {
    "d0": PlannedImprovement(0.5, 100_000.0, 20_000.0, 0.2, 0.7, 0.6, 12),
    "d1": PlannedImprovement(0.25, 50_000.0, ramp_up_months=30),
}


@pytest.fixture(scope="module")
def survey():
    survey = with_weights(made_survey(600), made_weights(600))
    return with_answers(survey, margin=survey.answers["margin"].where(np.arange(600) % 9 > 0))


@pytest.fixture(scope="module")
def link(survey):
    return retention_link(survey, joint_resample(survey, draws=100))


@pytest.fixture(scope="module")
def rich(link):
    return plan_return(link, TERMS, RICH)


@pytest.mark.parametrize("timing", ["advance", "arrears", "renewal"])
@pytest.mark.parametrize("months", [12.0, 6.0])
def test_a_rise_that_is_there_at_once_is_worth_what_the_chain_says(link, timing, months):
    terms = replace(TERMS, timing=timing, period_months=months)
    plan = plan_return(link, terms, SURE).table.set_index("driver")
    chain = value_chain(link, terms, SURE, confidence=0.9)
    rows = chain.table.set_index("driver").loc[plan.index]
    for column in ("lifetime_value", "lifetime_value_low", "lifetime_value_high", "net_value", "net_value_low"):
        np.testing.assert_allclose(plan[column], rows[column].astype(float), rtol=1e-9)
    both = plan_return(link, terms, SURE).together.iloc[0]
    assert both["lifetime_value_high"] == pytest.approx(chain.together["lifetime_value_high"].iloc[0])


def by_hand(link, driver, plan):
    """Lifetime value and cost of a plan, customer by customer and year by year, from the sample's coefficients."""
    model, lever = link.model, driver_levers(link.model)[driver]
    margin = model.survey.answers["margin"].to_numpy()[model.index]
    low, high = plan.ends
    rise = plan.reach * (low + plan.improve + high) / 3
    months = np.arange(0.0005, 60, 0.001)
    grown = np.minimum(months / plan.ramp_up_months, 1).reshape(5, -1).mean(axis=1)
    worth, there, before = np.zeros(len(margin)), np.ones(len(margin)), np.ones(len(margin))
    for year in range(5):
        worth += (there - before) / 1.1**year
        moved = model.x.copy()
        moved[:, 1] = np.minimum(moved[:, 1] + grown[year] * rise * lever.slope.value, 10)
        there = there / (1 + np.exp(moved @ model.beta))
        before = before / (1 + np.exp(model.x @ model.beta))
    known = np.isfinite(margin)
    total = 10_000 * np.average((margin * worth)[known], weights=model.w[known])
    return total, plan.cost + sum(plan.yearly_cost / 1.1**t for t in range(5))


@pytest.mark.parametrize("driver", ["d0", "d1"])
def test_reach_growth_and_costs_are_those_of_explicit_customers_and_years(link, rich, driver):
    row = rich.table.set_index("driver").loc[driver]
    worth, cost = by_hand(link, driver, RICH[driver])
    assert row["lifetime_value"] == pytest.approx(worth, rel=1e-5)  # the growth is summed in small steps by hand
    assert row["total_cost"] == pytest.approx(cost)
    assert row["return_on_investment"] == pytest.approx((worth - cost) / cost, rel=1e-4)


def test_the_rise_at_which_a_plan_breaks_even_leaves_nothing(link, rich):
    row = rich.table.set_index("driver").loc["d1"]
    again = plan_return(link, TERMS, {"d1": replace(RICH["d1"], improve=row["break_even"])})
    assert again.table["net_value"].iloc[0] == pytest.approx(0, abs=1e-4 * row["total_cost"])


def test_a_plan_that_the_scale_ends_before_it_pays_breaks_even_nowhere(link):
    row = plan_return(link, TERMS, {"d0": PlannedImprovement(0.5, 1e12)}).table.iloc[0]
    assert np.isnan(row["break_even"])
    assert np.isnan(row["payback_years"])
    assert row["pays_probability"] == 0


def test_a_wider_range_of_the_rise_widens_the_interval_and_a_narrow_one_leaves_it(link):
    def width(low, high):
        plan = {"d0": PlannedImprovement(0.5, 100_000.0, improve_low=low, improve_high=high)}
        row = plan_return(link, TERMS, plan).table.iloc[0]
        return row["net_value_high"] - row["net_value_low"], row["net_value"]

    (sure, value), (near, _), (wide, same) = width(None, None), width(0.499, 0.501), width(0.1, 0.9)
    assert near == pytest.approx(sure, rel=0.02)
    assert wide > 1.3 * sure
    assert same == pytest.approx(value)


def test_triangular_draws_have_the_quantiles_of_scipy():
    from scipy.stats import triang

    u = np.linspace(0.01, 0.99, 25)
    expected = triang(c=0.25, loc=0.2, scale=0.8).ppf(u)
    np.testing.assert_allclose(triangular(u, 0.2, 1.0, mode=0.4), expected)


def test_each_bar_of_the_tornado_is_the_plan_computed_with_that_input(link):
    result = plan_return(link, TERMS, RICH)
    rows = result.tornado.set_index(["input", "label"])
    low = plan_return(link, TERMS, RICH | {"d0": replace(RICH["d0"], improve=0.2, improve_high=0.2)})
    assert rows.loc[("rise", "d0"), "net_low_end"].item() == pytest.approx(low.together["net_value"].iloc[0])
    rate = plan_return(link, replace(TERMS, discount_rate=0.12), RICH).together["net_value"].iloc[0]
    dear = {d: replace(p, cost=1.2 * p.cost, yearly_cost=1.2 * p.yearly_cost) for d, p in RICH.items()}
    plain = rows.droplevel("label")
    assert plain.loc["discount_rate", "net_high_end"] == pytest.approx(rate)
    costly = plan_return(link, TERMS, dear).together["net_value"].iloc[0]
    assert plain.loc["costs", "net_high_end"] == pytest.approx(costly)
    width = (result.tornado["net_high_end"] - result.tornado["net_low_end"]).abs()
    assert width.is_monotonic_decreasing


def test_a_rise_stops_at_the_top_of_the_scale_and_says_who_is_there_already(survey):
    answers = np.where(np.arange(600) % 5 == 0, 9.0, 10.0)
    high = with_answers(survey, d0=answers)
    link = retention_link(high, joint_resample(high, draws=20))
    row = plan_return(link, TERMS, {"d0": PlannedImprovement(0.5, 10.0)}).table.iloc[0]
    assert row["improvement"] == pytest.approx(row["room"])
    assert row["top_share"] == pytest.approx(np.average(answers == 10, weights=high.weights))
    assert row["needed_rise"] == pytest.approx(1)


def test_plans_without_a_cost_cannot_pay_or_fail(link):
    with pytest.raises(EstimationError, match="No plan has a cost"):
        plan_return(link, TERMS, {"d0": PlannedImprovement(0.5)})


def test_a_plan_for_nothing_has_no_return_but_a_net_value(link):
    row = plan_return(link, TERMS, {"d0": PlannedImprovement(0.5, 0.0)}).table.iloc[0]
    assert np.isnan(row["return_on_investment"])
    assert (row["break_even"], row["payback_years"]) == (0, 0)
    assert row["net_value"] == pytest.approx(row["lifetime_value"])
