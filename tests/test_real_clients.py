"""Every real set has a client file, and gives the numbers and warnings of its README and expected.json."""

import json
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from drivers import driver_importance, load_client, load_survey, net_promoter
from drivers.analyses.quality import answer_quality
from drivers.errors import ConfigError, DriversError
from drivers.survey.sources import load_table
from drivers.survey.survey import Scale

HERE = Path(__file__).resolve().parent
DATA = HERE.parents[1] / "shared" / "data"
CLIENTS = sorted((HERE / "clients").glob("*.toml"))
WAVES = ("2014", "2015", "2016", "2017")
NAMES = {"Q9BOARDING": "CL_BOARD", "Q9RESTROOM": "CL_REST", "Q10SAFE": "SAFE", "Q14FIND": "FIND", "Q14PASSTHRU": "PASS"}
pytestmark = [
    pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project"),
    pytest.mark.filterwarnings("ignore::drivers.errors.DriversWarning"),  # of missing answers and of overlap
]


@cache
def client_of(name):
    return load_client(HERE / "clients" / f"{name}.toml")


@cache
def survey_of(name):
    return load_survey(client_of(name))


@cache
def expected(name):
    return json.loads((DATA / name / "expected.json").read_text(encoding="utf-8"))


def changed(folder, name, *changes):
    """The survey of this client file after these changes of its text."""
    text = (HERE / "clients" / f"{name}.toml").read_text(encoding="utf-8").replace("../../../shared", str(DATA.parent))
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    (folder / "client.toml").write_text(text, encoding="utf-8")
    return load_survey(load_client(folder / "client.toml"))


def test_every_set_has_a_client_file_and_every_client_file_a_set():
    files = [tomllib.loads(path.read_text(encoding="utf-8"))["survey"]["file"] for path in CLIENTS]
    assert {Path(file).parent.name for file in files} == {folder.name for folder in DATA.iterdir() if folder.is_dir()}


@pytest.mark.parametrize("name", [path.stem for path in CLIENTS if path.stem != "ltv_classics"])
def test_every_client_file_but_one_gives_a_survey(name):
    survey = survey_of(name)
    assert survey.drivers
    assert survey.not_asked == ()
    assert not [notice for notice in survey.notices if "No scale is declared" in str(notice)] or name == "telco_v11"


# airport: four waves, weights, codes


def column_name(column):
    return NAMES.get(column, {"Q7WALKWAYS": "WALKWAY"}.get(column, column.removeprefix("Q7")))


@cache
def importance_of(wave):
    """Of who answered everything, as the reference numbers are."""
    return driver_importance(replace(survey_of(f"sfo_airport_{wave}"), missing_policy="complete"), draws=100)


@pytest.mark.parametrize("wave", WAVES)
def test_the_shares_of_an_airport_wave_are_those_computed_elsewhere(wave):
    survey, reference = survey_of(f"sfo_airport_{wave}"), expected("sfo_airport")["waves"][wave]["drivers_w"]
    assert survey.complete((survey.outcome, *survey.drivers)).sum() == reference["n"]
    result = importance_of(wave)
    assert (result.base, result.r_squared) == (reference["n"], pytest.approx(reference["r2"], abs=1e-6))
    table = result.table.set_index("driver")
    for column, row in table.iterrows():
        numbers = reference["table"][column_name(column)]
        assert row["share"] == pytest.approx(numbers["shapley_pct"] / 100, abs=1e-5)
        assert row["relative_weight"] == pytest.approx(numbers["rw_pct"] / 100, abs=1e-5)
        assert row["slope"] == pytest.approx(numbers["b"], abs=1e-5)
    assert [column_name(c) for c in table.index[:3]] == reference["top3_by_importance"]


@pytest.mark.parametrize("wave", WAVES)
def test_an_airport_wave_has_the_published_outcome_and_shows_the_base_of_every_item(wave):
    survey, published = survey_of(f"sfo_airport_{wave}"), expected("sfo_airport")["waves"][wave]
    quality = answer_quality(survey).table.set_index("column")
    assert survey.base == published["rows"]
    assert quality.loc[survey.outcome, "base"] == published["n_overall"]
    assert quality.loc[survey.outcome, "mean"] == pytest.approx(published["mean_w"], abs=5e-6)
    for column in [c for c in survey.drivers if c.startswith("Q7")]:
        missing = published["item_missing"][column_name(column)]
        assert quality.loc[column, "missing_share"] == pytest.approx(missing, abs=5e-5)
        assert quality.loc[column, "mean"] == pytest.approx(published["item_means_w"][column_name(column)], abs=5e-5)


@pytest.mark.parametrize(("item", "name"), [("Q7WIFI", "WIFI"), ("Q7ALL", "ALL"), ("Q10SAFE", "SAFE")])
def test_what_changed_at_the_airport_from_2014_to_2017_is_what_was_published(item, name):
    means, errors = [], []
    for wave in ("2014", "2017"):
        survey = survey_of(f"sfo_airport_{wave}")
        known = survey.answers[item].notna()
        x, w = survey.answers[item][known].to_numpy(), survey.weights[known]
        means.append(np.average(x, weights=w))
        base = w.sum() ** 2 / (w**2).sum()  # Kish
        errors.append(np.sqrt(np.average((x - means[-1]) ** 2, weights=w) / base))
    published = expected("sfo_airport")["change_2014_2017"][name]
    assert means[1] - means[0] == pytest.approx(published["delta"], abs=5e-5)
    assert (means[1] - means[0]) / np.hypot(*errors) == pytest.approx(published["z"], rel=0.01)  # n or n - 1


def test_the_score_of_the_airport_is_40_and_not_42(tmp_path):
    published = expected("sfo_airport")["nps_2017_w"]
    result = net_promoter(survey_of("sfo_airport_2017"), "NETPRO")
    assert result.base == published["n"]
    assert 100 * result.score == pytest.approx(published["nps"], abs=5e-4)
    wrong = expected("sfo_airport")["nps_2017_WRONG_blank11_as_promoter"]["nps"]
    assert abs(100 * result.score - wrong) > 1.7
    with pytest.raises(DriversError, match=r"outside its scale 0 to 10: 11 \(84 times\)"):
        changed(tmp_path, "sfo_airport_2017", ("missing         = [11]", ""))


UNSCALED = (("scale  = [1, 5]\n", ""), ("scale = [1, 5]\n", ""))


@pytest.mark.parametrize(("wave", "six", "zero"), [("2014", "2,982", "1,053"), ("2015", "", ""), ("2016", "", "")])
def test_the_codes_of_the_airport_stop_the_run_without_scale_or_label(tmp_path, wave, six, zero):
    codes = ("missing    = [0, 6]", "missing = []")
    with pytest.raises(DriversError) as caught:
        changed(tmp_path, f"sfo_airport_{wave}", codes, *UNSCALED)
    text = str(caught.value)
    assert f"13 columns have no scale, and answers beside 1 to 5 that look like codes for no answer: 6 ({six}" in text
    assert f"0 ({zero}" in text
    assert 'in "Q7ALL", "Q7ART", "Q7FOOD" and 10 more. If they mean no answer, set survey.missing = [0, 6]' in text
    assert len(text.splitlines()) == 1
    survey = changed(tmp_path, f"sfo_airport_{wave}", *UNSCALED)
    assert survey.complete((survey.outcome, *survey.drivers)).sum() == importance_of(wave).base


def test_0_and_6_of_a_recommendation_without_scale_are_asked_and_not_taken(tmp_path):
    with pytest.raises(DriversError) as caught:
        changed(tmp_path, "sfo_airport_2017", ("intention_scale = [0, 10]\n", ""), ('nps             = "NETPRO"\n', ""))
    assert str(caught.value).endswith(
        'column "NETPRO" (Would recommend the airport) has no scale, and codes of survey.missing among its other '
        "answers, 1 to 10: 6 (130 times), 0 (17 times). If they are answers, set loyalty.intention_scale = [0, 10]; if "
        "they mean no answer, set loyalty.missing = [11, 0, 6]."
    )


# bank


@pytest.mark.parametrize(("weights", "key"), [('weight = "w"\n', "weighted"), ("", "unweighted")])
def test_the_relative_weights_of_the_bank_fixture_are_those_of_r(tmp_path, weights, key):
    survey = changed(tmp_path, "bank_fixture", ('weight = "w"\n', weights))
    result, reference = driver_importance(survey, draws=100), expected("bank_weighted")["thirdparty_ria"][key]
    row = result.table.set_index("driver").loc["v3"]
    assert result.base == 327
    assert result.r_squared == pytest.approx(reference["r2"], abs=5e-7)
    assert 100 * row["relative_weight"] == pytest.approx(reference["v3_pct"], abs=5e-6)
    assert round(reference["v3_pct"], 4) == {"weighted": 80.6574, "unweighted": 84.2543}[key]


def test_the_bank_without_scales_is_read_on_the_seven_points_of_which_nobody_gave_7_to_two(tmp_path):
    survey = changed(tmp_path, "bank_missing", ("scale = [1, 7]\n", ""))
    assert survey.scales["Branch"] == Scale(1, 6)
    assert str(survey.notices[0]).startswith(
        "No scale is declared for Overall, Fees, Interest, Phone, Online (1–7) and Branch, ATM (1–6); "
    )


# supplier, telecom provider


def test_the_scales_of_the_supplier_are_those_of_labels_at_their_ends():
    survey, declared = survey_of("hbat_labels"), survey_of("hbat")
    assert set(survey.scales.values()) == {Scale(0, 10)}
    assert survey.answers.equals(declared.answers)
    assert survey.notices == ()


def test_every_column_that_is_known_only_after_leaving_is_refused_in_one_line(tmp_path):
    late = "\n".join(f'{column} = "x"' for column in ("ChurnScore", "ChurnCategory"))
    with pytest.raises(ConfigError) as caught:
        changed(tmp_path, "telco_v11", ("[drivers.items]", f"[drivers.items]\n{late}"))
    (line,) = str(caught.value).splitlines()
    assert (
        '2 columns are refused, "ChurnScore", "ChurnCategory". Of each: Its name or label says that it is known only'
        in line
    )


# purchases and renewals: no survey


def table_of(folder, file):
    path = folder / "client.toml"
    text = (HERE / "clients" / "ltv_classics.toml").read_text(encoding="utf-8")
    text = text.replace(
        "../../../shared/data/ltv_classics/cdnow_customers_summary_with_transactions.csv", str(DATA / file)
    )
    path.write_text(text, encoding="utf-8")
    return load_table(load_client(path))


def test_purchases_without_a_survey_are_read_and_give_no_drivers():
    table = load_table(client_of("ltv_classics")).frame
    assert len(table) == expected("ltv_classics")["elog"]["customers"] == 2357
    assert (table["x"].astype(float) > 0).sum() == expected("ltv_classics")["gg_n"] == 946
    with pytest.raises(ConfigError, match='no column "satisfaction"') as caught:
        load_survey(client_of("ltv_classics"))
    assert caught.value.exit_code == 2


def test_the_transactions_are_those_that_were_published(tmp_path):
    table, published = table_of(tmp_path, "ltv_classics/cdnowElog.csv").frame, expected("ltv_classics")["elog"]
    assert (len(table), table["masterid"].nunique()) == (published["rows"], published["customers"])
    assert table["sales"].astype(float).sum() == pytest.approx(published["sales"], abs=0.005)
    days = table["date"].str.replace(r"(\d{4})(\d\d)(\d\d)", r"\1-\2-\3", regex=True)
    assert (days.min(), days.max()) == (published["first"], published["last"])


def test_the_renewals_rise_with_tenure_as_published(tmp_path):
    curve = table_of(tmp_path, "ltv_classics/sbg_retention_fader_hardie.csv").frame.astype(float)
    for group in ("highend", "regular"):
        left = curve[group] / 1000
        for year, (_, actual) in expected("ltv_classics")["sbg"][group]["forecast_vs_actual_8_12"].items():
            assert left[int(year)] == pytest.approx(actual, abs=1e-9)
        rates = (left.shift(-1) / left).dropna()
        assert rates.iloc[-1] > rates.iloc[0] + 0.08
        assert rates.corr(rates.index.to_series(), method="spearman") > 0.85
