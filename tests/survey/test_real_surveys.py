import json
from pathlib import Path

import numpy as np
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.loyalty import retention_link
from drivers.client import load_client
from drivers.errors import ConfigError, EstimationError, SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.survey import Scale

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT.parent / "shared" / "data").is_dir(), reason="the real surveys are not beside the project"
)


def survey_of(name: str):
    return load_survey(load_client(ROOT / "tests" / "clients" / f"{name}.toml"))


def changed(folder, name: str, *changes: tuple[str, str]):
    """The survey of this client file after these changes of its text."""
    text = (ROOT / "tests" / "clients" / f"{name}.toml").read_text(encoding="utf-8")
    text = text.replace("../../../shared", (ROOT.parent / "shared").as_posix())
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "client.toml").write_text(text, encoding="utf-8")
    return load_survey(load_client(folder / "client.toml"))


def expected(name: str):
    return json.loads((ROOT.parent / "shared" / "data" / name / "expected.json").read_text(encoding="utf-8"))


def test_the_mobile_phone_survey_is_read_whole():
    survey = survey_of("ecsi_mobi")
    assert (survey.base, survey.outcome, len(survey.drivers)) == (250, "CUSA1", 14)
    assert not survey.answers.isna().any(axis=None)
    assert set(survey.scales.values()) == {Scale(1, 10)}
    assert survey.notices == ()


def test_the_mobile_phone_index_is_the_mean_of_three_columns():
    survey = survey_of("ecsi_mobi_index")
    assert survey.outcome == "satisfaction"
    assert survey.answers["satisfaction"][0] == pytest.approx((6 + 4 + 7) / 3)


def test_the_supplier_survey_is_read_from_spss():
    survey = survey_of("hbat")
    assert (survey.base, survey.outcome, len(survey.drivers)) == (100, "x19", 13)
    assert survey.labels["x20"] == "X20 - Likely to Recommend"
    assert survey.scales["x7"] == Scale(0, 10)
    assert survey.notices == ()


ITEMS = {"Q9BOARDING": "CL_BOARD", "Q9RESTROOM": "CL_REST", "Q10SAFE": "SAFE", "Q14FIND": "FIND", "Q14PASSTHRU": "PASS"}
ITEMS |= {"Q7WALKWAYS": "WALKWAY"} | {f"Q7{n}": n for n in ("ART", "FOOD", "STORE", "SIGN", "SCREENS", "WIFI")}


@pytest.mark.parametrize("wave", ["2014", "2015", "2016", "2017"])
def test_the_airport_has_the_weighted_means_and_bases_without_blank_and_never_used(wave):
    survey, published = survey_of(f"sfo_airport_{wave}"), expected("sfo_airport")["waves"][wave]
    assert survey.base == published["rows"]
    outcome = survey.answers[survey.outcome]
    assert outcome.notna().sum() == published["n_overall"]
    assert np.average(outcome.dropna(), weights=survey.weights[outcome.notna()]) == pytest.approx(
        published["mean_w"], abs=5e-6
    )
    for column, name in ITEMS.items():
        known = survey.answers[column].notna()
        mean = np.average(survey.answers[column][known], weights=survey.weights[known])
        assert mean == pytest.approx(published["item_means_w"][name], abs=5e-5)
    columns = (survey.outcome, *survey.drivers)
    assert survey.complete(columns).sum() == published["drivers_w"]["n"]


def test_recommendation_of_the_airport_keeps_0_and_6_and_loses_11():
    survey = survey_of("sfo_airport_2017")
    answers = survey.answers["NETPRO"]
    assert answers.notna().sum() == expected("sfo_airport")["nps_2017_w"]["n"] == 2746
    assert (answers == 0).sum() == 17
    assert (answers == 6).sum() == 130
    net = (answers >= 9).astype(float) - (answers <= 6)
    known = answers.notna()
    assert 100 * np.average(net[known], weights=survey.weights[known]) == pytest.approx(40.398, abs=5e-4)
    assert [str(notice) for notice in survey.notices] == [
        "Answers to Would recommend the airport that equal a code of survey.missing, yet are answers there and count: "
        "147."
    ]


def test_undeclared_codes_of_the_airport_stop_the_run_with_their_counts(tmp_path):
    with pytest.raises(SurveyError) as caught:
        changed(tmp_path, "sfo_airport_2017", ('missing    = [0, 6, "Blank"]', ""), ("missing         = [11]", ""))
    text = str(caught.value)
    assert "14 columns cannot be used as they are" in text
    assert (
        '12 columns have answers outside their scale 1 to 5: 6 (2,482 times), 0 (992 times), in "Q7ART", "Q7FOOD", '
        '"Q7STORE" and 9 more. If they mean no answer, set survey.missing = [0, 6]; if the scale is wider, correct '
        "drivers.scale."
    ) in text
    assert 'column "Q7ALL" (The airport as a whole) has answers that are not numbers: "Blank" (143 times)' in text
    assert 'Set survey.missing = ["Blank"] if they mean no answer' in text
    assert len(text.splitlines()) == 4
    assert 'column "NETPRO" (Would recommend the airport) has answers outside its scale 0 to 10: 11 (84 times)' in text
    assert "loyalty.missing" in text


def test_leaving_the_telecom_provider_is_read_from_yes_and_no():
    survey = survey_of("telco_v11")
    assert survey.base == 7043
    assert survey.answers["left"].mean() == pytest.approx(expected("telco_v11")["churn_rate"], abs=5e-6)


def test_satisfaction_that_separates_leavers_is_told_and_not_fitted():
    survey = survey_of("telco_v11")
    with pytest.raises(EstimationError) as caught:
        retention_link(survey, joint_resample(survey, draws=100))
    assert str(caught.value).startswith(
        "Satisfaction almost separates those who left from those who stayed: only at 3 are both found"
    )
    assert "recorded after the decision to leave" in str(caught.value)


@pytest.mark.parametrize("column", ["ChurnScore", "ChurnCategory", "ChurnLabel"])
def test_what_the_telecom_provider_knows_only_afterwards_is_no_driver(tmp_path, column):
    table = (ROOT / "tests" / "clients" / "telco_v11.toml").read_text(encoding="utf-8").partition("[loyalty]")[2]
    leave_out = (table, '\nintention = "Cltv"\n')
    with pytest.raises(ConfigError, match=f"drivers.items.{column}: Its name or label says that it is known only once"):
        changed(tmp_path, "telco_v11", ("[drivers.items]", f'[drivers.items]\n{column} = "x"'), leave_out)


def test_the_bank_survey_is_read_with_its_weights_and_the_raters_of_several_banks(tmp_path):
    columns = ("Fees", "Interest", "Phone", "Branch", "Online", "ATM")
    file = (ROOT.parent / "shared" / "data" / "bank_weighted" / "bank_tidied.sav").as_posix()
    items = "\n".join(f'{column} = "{column}"' for column in columns)
    (tmp_path / "client.toml").write_text(
        f'client = "Bank"\n[survey]\nfile = "{file}"\n[satisfaction]\ncolumn = "Overall"\nscale = [1, 7]\n'
        f"[drivers]\nscale = [1, 7]\n[drivers.items]\n{items}\n",
        encoding="utf-8",
    )
    survey = load_survey(load_client(tmp_path / "client.toml"))
    assert survey.complete(("Overall", *columns)).sum() == 267
