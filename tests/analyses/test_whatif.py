import json
from types import SimpleNamespace

import numpy as np
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import value_chain
from drivers.analyses.findings import client_findings
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
from drivers.analyses.plan import plan_return
from drivers.analyses.terms import ValueTerms
from drivers.analyses.whatif import WhatIf, simulate_plan, what_if
from drivers.errors import EstimationError
from drivers.present.document import findings_document
from drivers.wording import sentence
from made_surveys import made_client, made_survey, made_weights, with_weights

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
CHAIN = {"satisfaction": "satisfaction_gain", "retention": "retention_gain"}


@pytest.fixture(scope="module")
def link():
    survey = with_weights(made_survey(600), made_weights(600))
    return retention_link(survey, joint_resample(survey, draws=100))


@pytest.fixture(scope="module")
def given(link):
    return what_if(link, TERMS)


@pytest.mark.parametrize("points", [0.1, 0.5, 1.0, 2.0])
def test_a_simulation_gives_the_numbers_of_the_chain(link, given, points):
    plan = {"d0": PlannedImprovement(points), "d1": PlannedImprovement(points / 2)}
    whole = value_chain(link, TERMS, plan, confidence=0.9).together.iloc[0]
    found = simulate_plan(given, {"d0": points, "d1": points / 2}).table.set_index("measure")
    for measure, row in found.iterrows():
        name = CHAIN.get(measure, measure)
        expected = [whole[name], whole[f"{name}_low"], whole[f"{name}_high"]]
        np.testing.assert_allclose(row[["value", "value_low", "value_high"]].astype(float), expected, rtol=1e-3)


def test_no_change_changes_nothing(given):
    found = simulate_plan(given, {"d0": 0.0}).table
    np.testing.assert_allclose(found[["value", "value_low", "value_high"]], 0, atol=1e-9)
    assert simulate_plan(given, {}).changes.empty


def test_lower_ratings_lose_what_higher_ones_would_bring_or_more(given):
    up, down = (simulate_plan(given, {"d0": x}).table.set_index("measure")["value"] for x in (0.5, -0.5))
    assert (down < 0).all()
    assert -down["retention"] > up["retention"]  # nobody is too satisfied to fall


def test_findings_json_alone_gives_the_same_numbers():
    survey = made_survey(300)
    findings = client_findings(survey, made_client(survey))
    stored = json.loads(json.dumps(findings_document(findings)))["what_if"]
    again = WhatIf(**{name: stored[name] for name in WhatIf.__slots__} | {"table": findings.what_if.table})
    for changes in ({"d0": 0.5}, {"d1": -0.3, "d2": 0.2}):
        ours, theirs = simulate_plan(findings, changes), simulate_plan(again, changes)
        np.testing.assert_array_equal(ours.table["value_low"], theirs.table["value_low"])
    assert {type(stored[name]) for name in ("slopes", "responses")} == {str}


def test_a_change_stops_where_the_scale_ends(given):
    row = given.table.set_index("driver").loc["d2"]
    changes = simulate_plan(given, {"d2": 99}).changes.iloc[0]
    assert changes["asked_change"] == 99
    assert changes["change"] == pytest.approx(row["scale_high"] - row["mean"])


def test_what_cannot_be_simulated_is_said(given):
    with pytest.raises(EstimationError, match="“d9” is no driver"):
        simulate_plan(given, {"d9": 1})
    with pytest.raises(EstimationError, match="is no number"):
        simulate_plan(given, {"d0": float("nan")})
    with pytest.raises(EstimationError, match="is no number"):
        simulate_plan(given, {"d0": "0.5"})
    with pytest.raises(EstimationError, match="Make the changes smaller"):
        simulate_plan(given, {"d0": -5, "d1": -5, "d2": -5})
    reason = sentence("No amount is put on these aspects.")
    with pytest.raises(EstimationError, match=r"Nothing can be simulated\. No amount"):
        simulate_plan(SimpleNamespace(what_if=None, unanswered={"plan": reason}), {"d0": 1})


def test_a_scenario_that_is_the_plan_costs_and_returns_what_the_plan_does(link):
    plan = {"d0": PlannedImprovement(0.5, 20_000.0, 3_000.0), "d1": PlannedImprovement(0.2, 5_000.0)}
    whole = plan_return(link, TERMS, plan, confidence=0.9).together.iloc[0]
    found = simulate_plan(what_if(link, TERMS, plan), {"d0": 0.5, "d1": 0.2}).returns.iloc[0]
    assert found["total_cost"] == pytest.approx(whole["total_cost"], rel=1e-12)
    for name in ("net_value", "return_on_investment"):
        ours, theirs = ([row[name], row[f"{name}_low"], row[f"{name}_high"]] for row in (found, whole))
        np.testing.assert_allclose(ours, theirs, rtol=2e-3)
    assert found["pays_probability"] == pytest.approx(whole["pays_probability"], abs=0.02)


def test_yearly_costs_are_discounted_from_the_start_of_each_year(link):
    found = simulate_plan(what_if(link, TERMS), {"d0": 0.5}, costs={"d0": 100.0}, yearly_costs={"d0": 10.0})
    assert found.returns["total_cost"].iloc[0] == pytest.approx(100 + sum(10 / 1.1**year for year in range(5)))


def test_a_cost_counts_for_a_driver_that_is_raised_and_for_no_other(link):
    given = what_if(link, TERMS, {d: PlannedImprovement(0.5, 1_000.0) for d in ("d0", "d1", "d2")})
    found = simulate_plan(given, {"d0": 0.1, "d1": -0.1, "d2": 0.0})
    assert found.changes["cost"].tolist() == [1_000.0, 0.0, 0.0]
    assert found.returns["total_cost"].iloc[0] == 1_000.0
    assert simulate_plan(given, {"d0": 0.1}, costs={"d0": 5.0}).returns["total_cost"].iloc[0] == 5.0


def test_a_cost_that_nobody_knows_counts_as_nothing_and_is_marked(link):
    found = simulate_plan(what_if(link, TERMS), {"d0": 0.1})
    assert found.changes["cost"].isna().all()
    row = found.returns.iloc[0]
    assert row["total_cost"] == 0
    assert np.isnan(row["return_on_investment"])
    assert row["net_value"] == found.table.set_index("measure").loc["lifetime_value", "value"]


def test_a_cost_that_is_no_amount_or_of_no_driver_is_refused(given):
    for cost in (-1.0, float("nan"), "5"):
        with pytest.raises(EstimationError, match="is no amount of 0 or more"):
            simulate_plan(given, {"d0": 0.1}, costs={"d0": cost})
    with pytest.raises(EstimationError, match="“d9” is no driver"):
        simulate_plan(given, {"d0": 0.1}, yearly_costs={"d9": 1.0})


def test_the_table_holds_the_answers_that_were_given_and_the_plan(link):
    rows = what_if(link, TERMS, {"d0": PlannedImprovement(99.0, 10.0, improve_low=0.2)}).table.set_index("driver")
    answers = link.model.survey.answers[["d0", "d1", "d2"]]
    counted = answers[link.model.survey.weights > 0]
    assert rows["lowest_answer"].tolist() == counted.min().tolist()
    assert rows["highest_answer"].tolist() == counted.max().tolist()
    assert rows.loc["d0", "improvement"] == pytest.approx(rows.loc["d0", "scale_high"] - rows.loc["d0", "mean"])
    assert rows.loc["d1", ["improvement", "cost", "yearly_cost"]].isna().all()
