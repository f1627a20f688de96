import json
from types import SimpleNamespace

import numpy as np
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import value_chain
from drivers.analyses.findings import client_findings
from drivers.analyses.improvement import PlannedImprovement
from drivers.analyses.loyalty import retention_link
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
