from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import PlannedImprovement, value_chain
from drivers.analyses.importance import driver_importance
from drivers.analyses.intention import intention_link
from drivers.analyses.loyalty import retention_link
from drivers.analyses.movement import potential
from drivers.analyses.quality import answer_quality
from drivers.analyses.value import ValueTerms, satisfaction_value
from drivers.present.language import Language
from drivers.present.sentences import explain
from made_surveys import made_survey, with_answers

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
PLAN = {"d0": PlannedImprovement(0.5, 1000.0), "d1": PlannedImprovement(0.25, 1000.0)}
NAN = float("nan")


def said(result):
    return [Language("en").say(line) for line in explain(result)]


@pytest.fixture(scope="module")
def survey():
    return made_survey(600)


@pytest.fixture(scope="module")
def importance(survey):
    return driver_importance(survey, draws=50)


@pytest.fixture(scope="module")
def link(survey):
    return retention_link(survey, joint_resample(survey, draws=50))


@pytest.fixture(scope="module")
def value(link):
    return satisfaction_value(link, TERMS)


@pytest.fixture(scope="module")
def chain(link):
    return value_chain(link, TERMS, PLAN)


def changed(result, driver, **cells):
    """The same result with other cells in the row of one driver."""
    table = result.table.copy()
    for column, cell in cells.items():
        table.loc[table["driver"] == driver, column] = cell
    return replace(result, table=table)


def test_a_driver_that_is_nearly_always_first_is_called_the_strongest(importance):
    share = importance.table["share"][0]
    assert said(importance)[0].startswith(f"d0 is the strongest driver of satisfaction: {share:.0%} of what the")


def test_a_driver_that_is_first_by_chance_is_named_with_its_rivals(importance):
    alike = importance.differences.assign(difference_p_adjusted=[0.06, 0.001, 0.001])
    lead = said(replace(changed(importance, "d0", first_probability=0.6), differences=alike))[0]
    assert "cannot be told apart from d1" in lead
    assert "60%" in lead
    assert "d2" not in lead


def test_a_driver_that_is_often_first_without_rivals_is_probably_the_strongest(importance):
    assert "probably the strongest" in said(changed(importance, "d0", first_probability=0.6))[0]


def test_one_driver_is_not_called_the_strongest(survey):
    lead = said(driver_importance(replace(survey, drivers=("d0",)), draws=20))[0]
    assert lead == "d0 is the only driver measured."


def test_the_effect_of_a_point_is_told_with_its_interval(importance):
    row = importance.table.iloc[0]
    assert said(importance)[1] == (
        f"One point more on d0 goes with {row['slope']:.2f} points more satisfaction ({row['slope_low']:.2f} to "
        f"{row['slope_high']:.2f}), the other drivers being equal."
    )


def test_a_driver_that_lowers_satisfaction_is_told_to_lower_it(survey):
    turned = with_answers(survey, d0=11 - survey.answers["d0"])
    result = driver_importance(turned, draws=50)
    row = result.table.iloc[0]
    assert said(result)[1] == (
        f"One point more on d0 goes with {-row['slope']:.2f} points less satisfaction ({-row['slope_high']:.2f} to "
        f"{-row['slope_low']:.2f}), the other drivers being equal."
    )


@pytest.mark.parametrize(
    "cells",
    [
        {"slope": -0.5, "slope_low": -0.7, "slope_high": -0.3},
        {"slope_low": -0.1},
        {"vif": 30.0},
        {"vif": np.inf},
        {"slope_low": NAN, "slope_high": NAN},
    ],
    ids=["turned sign", "not shown", "collinear", "determined", "no interval"],
)
def test_no_effect_is_told_of_a_slope_that_is_not_the_drivers_own(importance, cells):
    assert not [line for line in said(changed(importance, "d0", **cells)) if "One point more on d0" in line]


def test_a_weak_driver_is_called_hardly_related_only_when_its_slope_may_be_zero(importance):
    weak = {"share_high": 0.1, "slope_low": -0.1, "slope_high": 0.1}
    assert said(changed(importance, "d2", **weak))[-1] == "d2: in these data hardly related to satisfaction."
    sure = said(changed(importance, "d2", **weak | {"slope_low": 0.05}))
    assert not [line for line in sure if "hardly related" in line]


def test_retention_is_told_in_percentage_points(link):
    effect, low, high = (100 * x for x in (link.marginal_effect, link.marginal_effect_low, link.marginal_effect_high))
    assert said(link)[0] == (
        f"Satisfied customers stay more often: one point of satisfaction goes with {effect:.1f} percentage points more "
        f"customers who stay ({low:.1f} to {high:.1f})."
    )


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0.01, 0.03, "Satisfied customers stay more often"),
        (-0.01, 0.03, "it is not shown that satisfied customers stay more often"),
        (-0.03, -0.01, "more satisfied customers leave more often"),
        (NAN, NAN, "cannot be said from these data"),
    ],
)
def test_retention_is_told_no_surer_than_its_interval(link, low, high, words):
    result = replace(link, marginal_effect_low=low, marginal_effect_high=high)
    assert words in said(result)[0]


def test_suppressed_groups_are_not_compared(link):
    groups = link.groups.assign(suppressed=[True, False, False])
    assert any("of the dissatisfied" in line for line in said(link))
    assert not any("dissatisfied" in line for line in said(replace(link, groups=groups)))


@pytest.mark.parametrize(("low", "shown"), [(1.0, True), (-1.0, False), (NAN, False)])
def test_an_extra_value_is_claimed_only_when_its_interval_is_above_zero(value, low, shown):
    lead = said(replace(value, extra_yearly_low=low))[0]
    assert lead.startswith("Satisfied customers are worth") == shown
    assert ("not shown" in lead) != shown


def test_a_plan_is_told_with_its_cost_and_chance(chain):
    row = chain.table.set_index("driver").loc["d0"]
    lead = said(chain)[0]
    assert lead.startswith("0.50 points more on d0 goes with €")
    assert "the plan costs €1,000" in lead
    assert row["pays_probability"] == 1
    assert any(line.startswith("0.25 points more on d1") for line in said(chain))


@pytest.mark.parametrize("low", [-1.0, NAN])
def test_no_gain_is_claimed_of_a_driver_whose_interval_reaches_zero(chain, low):
    lines = said(changed(chain, "d0", yearly_margin_low=low))
    assert lines[0].startswith("0.50 points more on d0: no gain is shown")


@pytest.mark.parametrize(("low", "words"), [(1.0, "together go with"), (-1.0, "no gain is shown"), (NAN, "no gain is")])
def test_all_plans_together_are_claimed_no_surer_than_their_interval(chain, low, words):
    together = chain.together.assign(lifetime_value_low=low)
    assert words in said(replace(chain, together=together))[2]


def test_a_single_plan_is_not_told_twice(link):
    assert not any("together" in line for line in said(value_chain(link, TERMS, {"d0": PlannedImprovement(0.5, 1.0)})))


def test_without_a_plan_the_most_valuable_driver_is_told(link):
    chain = value_chain(link, TERMS)
    assert said(chain)[0].startswith(f"0.50 points more on {chain.table['label'][0]}")


@pytest.mark.parametrize(
    ("verdict", "certain", "words"),
    [
        ("wrong_aspects", True, "You are measuring the wrong things."),
        ("wrong_aspects", False, "You are probably measuring the wrong things."),
        ("at_ceiling", True, "hardly any of them can still improve"),
        ("relevant", True, "The measured aspects matter for satisfaction."),
        ("relevant", False, "how much is not certain"),
    ],
)
def test_the_verdict_leads(survey, verdict, certain, words):
    share = 0.01 if verdict == "wrong_aspects" else 0.4
    result = replace(potential(survey, draws=20), verdict=verdict, certain=certain, cross_validated=share)
    lines = said(result)
    assert words in lines[0]
    assert any("Ask customers first" in line for line in lines) == (verdict == "wrong_aspects")


def test_aspects_that_predict_but_do_not_lift_are_not_called_the_wrong_things(survey):
    result = replace(potential(survey, draws=20), verdict="wrong_aspects", certain=True)
    assert result.cross_validated > result.bar
    lines = said(result)
    assert "wrong things" not in lines[0]
    assert "a scale may run the other way round" in lines[-1]


def test_a_predicted_share_below_zero_is_printed_as_none(survey):
    result = potential(survey, draws=20)
    table = result.table.copy()
    table.loc[table["measure"] == "cross_validated", ["value", "value_low"]] = -0.02
    assert "predict 0.0% of the differences" in said(replace(result, table=table))[1]


def test_a_rise_that_is_not_shown_is_told_so(survey):
    result = potential(survey, draws=20)
    assert "would go from" in said(result)[2]
    table = result.table.copy()
    table.loc[table["measure"] == "rise", "value_low"] = -0.1
    assert "it is not shown that mean satisfaction would rise" in said(replace(result, table=table))[2]


def test_an_intention_is_told_to_be_no_behaviour(survey):
    result = intention_link(survey, "intent", joint_resample(survey, draws=20))
    assert said(result)[0].startswith(f"One point of satisfaction goes with +{result.slope:.2f} points of intent")
    assert "An intention is not behaviour" in said(result)[1]
    assert "not shown" in said(replace(result, slope_low=-0.1))[0]


def test_quality_names_the_column_with_most_missing_answers(survey):
    lines = said(answer_quality(with_answers(survey, d1=survey.answers["d1"].where(np.arange(600) % 4 > 0))))
    assert "d1 was left open most: 25.0%." in lines
    assert not any("left open" in line for line in said(answer_quality(survey)))


def test_what_is_no_result_has_no_sentences():
    with pytest.raises(TypeError, match="DataFrame"):
        explain(pd.DataFrame())
