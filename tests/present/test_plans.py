from dataclasses import replace

import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.budget import budget_split
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
from drivers.analyses.plan import plan_return
from drivers.analyses.terms import ValueTerms
from drivers.analyses.whatif import simulate_plan, what_if
from drivers.present.language import Language
from drivers.present.style import svg_text
from drivers.present.verbs import explain, legend, plot, table
from made_surveys import made_survey

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
PLAN = {"d0": PlannedImprovement(0.5, 100_000.0), "d1": PlannedImprovement(0.25, 50_000.0)}


@pytest.fixture(scope="module")
def link():
    survey = made_survey(400)
    return retention_link(survey, joint_resample(survey, draws=30))


@pytest.fixture(scope="module")
def plan(link):
    return plan_return(link, TERMS, PLAN)


def said(result, code="en"):
    return [Language(code).say(line) for line in explain(result)]


def with_net(plan, low, high):
    return replace(plan, together=plan.together.assign(net_value_low=low, net_value_high=high))


@pytest.mark.parametrize(
    ("low", "high", "start"),
    [(1.0, 9.0, "The plans together pay, if"), (-9.0, -1.0, "The plans together do not"), (-1.0, 1.0, "Whether the")],
)
def test_the_verdict_says_no_more_than_the_interval(plan, low, high, start):
    assert said(with_net(plan, low, high))[0].startswith(start)


def test_one_plan_is_not_spoken_of_as_several(link):
    lines = said(plan_return(link, TERMS, {"d0": PLAN["d0"]}))
    assert not any("together" in line for line in lines)


def test_a_plan_that_is_not_paid_back_says_so_and_that_no_rise_would_do(link):
    lines = said(plan_return(link, TERMS, {"d0": PlannedImprovement(0.5, 1e12)}))
    assert any("not paid back within 5 years" in line for line in lines)
    assert "No rise that the scale allows would pay for it." in lines


def test_customers_at_the_top_are_told_of_only_where_they_are_many(plan):
    few = replace(plan, table=plan.table.assign(top_share=0.02))
    many = replace(plan, table=plan.table.assign(top_share=0.4, needed_rise=0.9))
    assert not any("highest mark" in line for line in said(few))
    assert sum("40% already give it the highest mark" in line for line in said(many)) == 2


def test_a_plan_for_nothing_has_no_return(link):
    lines = said(plan_return(link, TERMS, {"d0": PlannedImprovement(0.5, 0.0)}))
    assert any("no return to compute" in line for line in lines)


@pytest.mark.parametrize("code", ["en", "nl"])
def test_plan_budget_and_simulation_are_said_and_printed(link, plan, code):
    language = Language(code)
    split = budget_split(link, TERMS, PLAN, 600_000.0)
    changed = simulate_plan(what_if(link, TERMS), {"d0": 0.5, "d2": 99})
    for result in (plan, split, changed):
        assert all(said(result, code))
        printed = table(result, language)
        assert {len(row) for row in printed.rows} == {len(printed.headers)}
    assert language.say(legend(plan))
    assert svg_text(plot(plan, language), "a") == svg_text(plot(plan, language), "a")


def test_a_split_is_called_better_only_where_the_interval_shows_it(link):
    split = with_best(budget_split(link, TERMS, PLAN, 600_000.0), 5.0, 1.0, 9.0)
    assert "is not shown" in said(replace(split, more_than_top_low=-1.0))[1]
    assert said(replace(split, more_than_top_low=1.0))[1].startswith("With that goes")


def test_a_budget_for_one_driver_is_said_in_one_line(link):
    one = with_best(budget_split(link, TERMS, {"d0": PLAN["d0"]}, 1000.0), 5.0, 1.0, 9.0)
    assert said(one)[0].endswith("fades as assumed.")
    assert len(said(one)) == 2


def with_best(split, net, low, high):
    frame = split.comparison.copy()
    frame.loc[frame["way"] == "best", ["net_value", "net_value_low", "net_value_high"]] = net, low, high
    return replace(split, comparison=frame)


@pytest.mark.parametrize(
    ("net", "low", "high", "last"),
    [(5.0, 1.0, 9.0, "Spent so the budget earns itself back, if"), (5.0, -1.0, 9.0, "That the budget spent so earns")],
)
def test_a_budget_is_said_to_be_earned_back_only_where_the_interval_shows_it(link, net, low, high, last):
    assert said(with_best(budget_split(link, TERMS, PLAN, 600_000.0), net, low, high))[-1].startswith(last)


@pytest.mark.parametrize("drivers", [["d0"], ["d0", "d1"]])
def test_no_way_to_spend_a_budget_is_called_best_where_the_best_one_loses_money(link, drivers):
    split = budget_split(link, TERMS, {name: PLAN[name] for name in drivers}, 1e9)
    lines = said(split)
    assert len(lines) == 1
    assert lines[0].startswith("No split of a budget of €1,000,000,000 is expected to earn it back")
    assert "verdient het zich niet terug" in said(split, "nl")[0]


def test_a_simulation_without_a_shown_change_says_so(link):
    changed = simulate_plan(what_if(link, TERMS), {"d0": 0.5})
    lines = said(replace(changed, table=changed.table.assign(value_low=-1.0, value_high=1.0)))
    assert lines[0].startswith("No change of margin is shown")
    assert any("scale ends before" in line for line in said(simulate_plan(what_if(link, TERMS), {"d2": 99})))


@pytest.mark.parametrize(
    ("low", "high", "start"), [(1.0, 9.0, "This change pays"), (-1.0, 9.0, "Whether"), (-9.0, -1.0, "This change does")]
)
def test_a_simulation_is_said_to_pay_only_where_the_interval_shows_it(link, low, high, start):
    changed = simulate_plan(what_if(link, TERMS, PLAN), {"d0": 0.5})
    moved = changed.returns.assign(net_value_low=low, net_value_high=high)
    assert said(replace(changed, returns=moved))[1].startswith(start)


def test_a_simulation_is_not_said_to_pay_before_all_its_costs_are_known(link):
    changed = simulate_plan(what_if(link, TERMS), {"d0": 0.5, "d1": 0.5}, costs={"d0": 1.0})
    assert "cannot be said before the cost of d1 is known" in said(changed)[1]
    assert "pas te zeggen als de kosten van d1 bekend zijn" in said(changed, "nl")[1]
