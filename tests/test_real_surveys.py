"""Real surveys, end to end, against numbers that others computed."""

import json
import warnings
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.miscmodels.ordinal_model import OrderedModel

from drivers.analyses.basis import joint_resample, linear_basis
from drivers.analyses.findings import client_findings
from drivers.analyses.intention import intention_link
from drivers.analyses.segments import segment_importance
from drivers.analyses.spending import spending_link
from drivers.analyses.topmarks import top_marks
from drivers.client import load_client
from drivers.core.interval import first_probability
from drivers.core.relative import relative_weights
from drivers.errors import DriversWarning
from drivers.present.language import Language
from drivers.present.sections import SECTIONS, section
from drivers.present.sentences import explain
from drivers.survey.loading import load_survey
from drivers.survey.sources import load_table
from drivers.survey.survey import Scale

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
CASES = {  # client file: data set, its key in expected.json
    "ecsi_mobi": ("ecsi_mobi", "drivers_CUSA1"),
    "ecsi_mobi_index": ("ecsi_mobi", "drivers_satindex"),
    "hbat": ("hbat", "drivers"),
}
TELCO = {"telco_v11": ("telco_v11", "")}
INTERVALS = ("ecsi_mobi_index", "hbat")  # expected_intervals.json is of the index and of x19
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")


@cache
def expected(name, file="expected.json"):
    return json.loads((DATA / (CASES | TELCO)[name][0] / file).read_text(encoding="utf-8"))


def client_of(name):
    return load_client(HERE / "clients" / f"{name}.toml")


@cache
def survey_of(name):
    return load_survey(client_of(name))


@cache
def findings_of(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DriversWarning)
        return client_findings(survey_of(name), client_of(name))


def drivers_of(name):
    return findings_of(name).importance.table.set_index("driver")


@pytest.mark.parametrize("name", CASES)
def test_shares_slopes_and_correlations_are_those_computed_elsewhere(name):
    table, reference = drivers_of(name), expected(name)[CASES[name][1]]
    r2 = reference["r2"]
    assert set(table.index) == set(reference["table"])
    for driver, numbers in reference["table"].items():
        row = table.loc[driver]
        assert row["share_of_variance"] == pytest.approx(numbers["shapley"], abs=1e-5)  # five printed decimals
        assert row["share"] == pytest.approx(numbers["shapley_pct"] / 100, abs=1e-5)
        assert row["relative_weight"] == pytest.approx(numbers["rw_pct"] / 100, abs=1e-5)
        assert row["relative_weight"] * r2 == pytest.approx(numbers["rw"], abs=1e-5)
        assert row["slope"] == pytest.approx(numbers["b"], abs=1e-5)
        assert row["standardised"] == pytest.approx(numbers["beta"], abs=1e-5)
        assert row["correlation"] == pytest.approx(numbers["r"], abs=1e-5)
        assert row["vif"] == pytest.approx(numbers["vif"], abs=1e-4)
        assert row["mean"] == pytest.approx(numbers["mean"], abs=1e-3)


@pytest.mark.parametrize("name", CASES)
def test_r_squared_and_its_adjustment_are_those_computed_elsewhere(name):
    findings, reference = findings_of(name), expected(name)[CASES[name][1]]
    rows = findings.potential.table.set_index("measure")["value"]
    assert findings.importance.base == reference["n"]
    assert findings.importance.r_squared == pytest.approx(reference["r2"], abs=1e-6)  # six printed decimals
    assert rows["r_squared"] == pytest.approx(reference["r2"], abs=1e-6)
    assert rows["adjusted"] == pytest.approx(reference["adj_r2"], abs=1e-6)


@pytest.mark.parametrize("name", INTERVALS)
def test_intervals_of_relative_weights_are_within_two_points(name):
    table = drivers_of(name)
    for driver, (_, low, high, _) in expected(name, "expected_intervals.json")["share"].items():
        # two bootstraps of other seeds and 1,000 draws
        assert 100 * table.loc[driver, "relative_weight_low"] == pytest.approx(low, abs=2)
        assert 100 * table.loc[driver, "relative_weight_high"] == pytest.approx(high, abs=2)


@pytest.mark.parametrize("name", INTERVALS)
def test_the_probability_of_the_largest_relative_weight_is_within_two_points(name):
    survey = survey_of(name)
    basis = linear_basis(survey)
    draws = basis.resampled(survey, joint_resample(survey, draws=10_000))
    found = dict(zip(basis.drivers, first_probability(relative_weights(basis.cross(draws))), strict=True))
    for driver, (_, _, _, probability) in expected(name, "expected_intervals.json")["share"].items():
        assert found[driver] == pytest.approx(probability, abs=0.02)  # their 1,000 draws: 1.6 points at worst


@pytest.mark.parametrize("name", INTERVALS)
def test_the_interval_of_r_squared_is_within_two_points(name):
    row = findings_of(name).potential.table.set_index("measure").loc["r_squared"]
    low, high = expected(name, "expected_intervals.json")["r2_ci"]
    assert row["value_percentile_low"] == pytest.approx(low, abs=0.02)
    assert row["value_percentile_high"] == pytest.approx(high, abs=0.02)


@pytest.mark.parametrize("name", CASES)
def test_every_section_of_the_report_is_printed(name):
    findings = findings_of(name)
    assert findings.potential.verdict == "relevant"
    for title in SECTIONS:
        assert len(section(findings, title)._repr_html_()) > 100


def test_the_loyalty_index_follows_the_satisfaction_index_as_computed_elsewhere():
    survey, reference = survey_of("ecsi_mobi_index"), expected("ecsi_mobi")["loyalty_on_sat"]
    mobi = pd.read_csv(DATA / "ecsi_mobi" / "mobi.csv")
    loyal = survey.answers.assign(loyalty=mobi[["CUSL1", "CUSL2", "CUSL3"]].mean(axis=1))
    link = intention_link(replace(survey, answers=loyal), "loyalty", joint_resample(survey, draws=20))
    assert link.slope == pytest.approx(reference["b"]["SAT"], abs=1e-6)  # six printed decimals
    assert link.r_squared == pytest.approx(reference["r2"], abs=1e-6)


def test_likely_to_recommend_follows_satisfaction_as_computed_elsewhere():
    link, reference = findings_of("hbat").intention, expected("hbat")["recommend_on_sat"]
    assert link.slope == pytest.approx(reference["b"]["x19"], abs=1e-6)
    assert link.r_squared == pytest.approx(reference["r2"], abs=1e-6)


def test_likely_to_purchase_follows_satisfaction_as_computed_elsewhere():
    client, reference = client_of("hbat"), expected("hbat")["repurchase_on_sat"]
    asked = client.loyalty.model_copy(update={"intention": "x21"})
    survey = load_survey(client.model_copy(update={"loyalty": asked}))
    link = intention_link(survey, "x21", joint_resample(survey, draws=20))
    assert link.slope == pytest.approx(reference["b"]["x19"], abs=1e-6)
    assert link.r_squared == pytest.approx(reference["r2"], abs=1e-6)


@pytest.mark.parametrize("column", ["x20", "x21"])
def test_whole_marks_of_the_supplier_survey_have_the_ordered_logit_of_statsmodels(column):
    frame = load_table(client_of("hbat")).frame
    survey = survey_of("hbat")
    # marks in whole points, those of 5 and less joined with 6, and of 9 with 8: enough in each class to compare
    marks = np.clip(np.round(frame[column].to_numpy(dtype=float)), 6, 8)
    scales = {**survey.scales, "marks": Scale(0, 8)}
    found = top_marks(replace(survey, answers=survey.answers.assign(marks=marks), scales=scales), "marks")
    model = OrderedModel(marks, survey.answers[["x19"]].to_numpy(), distr="logit")
    other = model.fit(method="bfgs", disp=False, maxiter=500)
    assert found.odds_ratio == pytest.approx(float(np.exp(other.params[0])), rel=1e-3)  # their gradient is numerical
    assert found.odds_ratio_low > 1
    assert found.effect_low > 0


def test_the_supplier_survey_warns_of_overlap_and_a_turned_sign():
    findings = findings_of("hbat")
    notices = {n.kind: n.sentence.values for n in findings.importance.notices}
    labels = findings.importance.table.set_index("driver")["label"]
    assert set(notices["collinear"]["names"]) == {labels["x11"], labels["x17"], labels["x18"]}
    assert list(notices["sign_flip"]["names"]) == [labels["x7"]]
    assert drivers_of("hbat").loc[["x11", "x17", "x18"], "vif"].between(33, 45).all()


@pytest.mark.parametrize("code", ["en", "nl"])
def test_the_supplier_report_never_sells_worse_e_commerce(code):
    findings = findings_of("hbat")
    row = drivers_of("hbat").loc["x7"]
    assert row["slope_high"] < 0 < row["correlation"]
    said = [Language(code).say(s) for s in explain(findings.importance)]
    assert not [line for line in said if row["label"] in line]
    notice = next(n for n in findings.importance.notices if n.kind == "sign_flip")
    assert {"en": "no reason to make it worse", "nl": "geen reden"}[code] in Language(code).say(notice.sentence)


def test_no_effect_of_its_own_is_sold_of_drivers_that_measure_the_same():
    findings = findings_of("hbat")
    labels = findings.importance.table.set_index("driver")["label"]
    said = [s for s in explain(findings.importance) if s.template.startswith("One point more")]
    assert said
    assert {s.values["label"] for s in said}.isdisjoint(labels[["x11", "x17", "x18"]])


def test_the_checks_of_the_supplier_survey_find_overlap_a_turned_sign_and_few_firms():
    found = findings_of("hbat").checks.table.set_index("check")
    assert dict(found["status"])["collinearity"] == "fail"
    assert found.loc["collinearity", "number"] == pytest.approx(44.0, abs=0.05)  # README: 44
    assert (found.loc["signs", "status"], found.loc["signs", "number"]) == ("warn", 1)
    assert "E-commerce" in str(found.loc["signs", "found"])
    assert found.loc["enough_respondents", "status"] == "warn"  # 100 firms for 13 drivers


def test_telecom_customers_with_a_long_contract_are_moved_less_by_referrals():
    survey = survey_of("telco_v11")
    found = segment_importance(survey, "Contract", joint_resample(survey, draws=100), columns=2)
    slopes = found.table.set_index(["driver", "segment_group"])["slope"]["NumberOfReferrals"]
    answers, codes = survey.answers, survey.segments["Contract"].codes
    columns = [*survey.controls, *survey.drivers]
    for place, name in enumerate(survey.segments["Contract"].groups):
        rows = answers[codes == place]
        x = np.column_stack([np.ones(len(rows)), rows[columns]])
        own = np.linalg.lstsq(x, rows[survey.outcome].to_numpy(), rcond=None)[0]
        assert slopes[name] == pytest.approx(own[1 + columns.index("NumberOfReferrals")], rel=1e-6)
    assert found.differing == ("NumberOfReferrals",)
    assert slopes["Month-to-Month"] > slopes["One Year"] > slopes["Two Year"]


def test_separated_telecom_customers_get_a_penalised_fit_that_is_named_and_no_claim_on_their_value():
    findings = findings_of("telco_v11")
    assert findings.loyalty is None
    assert findings.value is None
    found = findings.behaviour.penalised
    assert found.overlap == (3.0,)  # README: everyone left at 1 and 2, nobody at 4 and 5
    assert found.table.set_index("term")["log_odds"].abs().max() < 20
    assert found.levels["retention"].to_numpy() == pytest.approx([0, 0, 2236 / 2665, 1, 1])
    shown = section(findings, "loyalty")
    assert "cannot be judged" in shown.lead
    assert "satisfaction was asked when or after customers left" in " ".join(shown.paragraphs)
    assert "Firth" in " ".join(shown.methods)


def test_telecom_customers_stay_as_long_as_computed_elsewhere_and_nothing_is_claimed_of_it():
    findings, reference = findings_of("telco_v11"), expected("telco_v11")["km_survival"]
    found = findings.behaviour.survival
    curve = found.curve[found.curve["group"] == "all"].set_index("time")["still_there"]
    for month, share in reference.items():
        assert curve[float(month)] == pytest.approx(share, abs=5e-6)  # five printed decimals
    assert found.separated
    assert not len(found.model)
    assert not found.terms.asked_first
    text = " ".join(section(findings, "loyalty").paragraphs)
    assert "Whether satisfied customers stay longer cannot be judged" in text
    assert "84.3% were still there after 12 months, 78.9% after 24 months and 59.3% after 72 months" in text


@pytest.mark.parametrize("held", [True, False])
def test_telecom_satisfaction_is_not_said_to_drive_customer_value(held):
    survey = survey_of("telco_v11")
    survey = survey if held else replace(survey, controls=())
    found = spending_link(survey, "Cltv", joint_resample(survey, draws=200))
    if not held:
        assert found.added_share == pytest.approx(
            expected("telco_v11")["corr_cltv"]["SatisfactionScore"] ** 2, abs=2e-5
        )
    said = " ".join(str(line) for line in explain(found))
    assert "spend more:" not in said.replace("hardly spend more:", "")
    assert ("it is not shown" if held else "it does not decide what they spend") in said


def test_no_internet_is_a_group_of_the_telecom_customers():
    assert "None" in survey_of("telco_v11").segments["InternetType"].groups
