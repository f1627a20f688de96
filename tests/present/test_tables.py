import warnings

import pandas as pd
import pytest

from drivers.analyses.basis import joint_resample
from drivers.analyses.chain import PlannedImprovement, value_chain
from drivers.analyses.groups import Thresholds
from drivers.analyses.importance import driver_importance
from drivers.analyses.loyalty import retention_link
from drivers.analyses.movement import potential
from drivers.analyses.quality import answer_quality
from drivers.analyses.value import ValueTerms, satisfaction_value
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.verbs import table
from made_surveys import made_survey, with_answers

TERMS = ValueTerms(margin="margin", discount_rate=0.1, horizon_years=5, customers=10_000)
DUTCH = Language("nl")


@pytest.fixture(scope="module")
def survey():
    return made_survey(600)


@pytest.fixture(scope="module")
def results(survey):
    resample = joint_resample(survey, draws=50)
    link = retention_link(survey, resample, limits=Thresholds(7, 6))  # nobody is in between
    return {
        "quality": answer_quality(survey),
        "potential": potential(survey, resample),
        "importance": driver_importance(survey, resample),
        "loyalty": link,
        "value": satisfaction_value(link, TERMS),
        "chain": value_chain(link, TERMS, {"d0": PlannedImprovement(0.5, 1000.0)}),
    }


def rows_of(printed):
    return {row[0]: dict(zip(printed.headers, row, strict=True)) for row in printed.rows}


@pytest.mark.parametrize("name", ["quality", "potential", "importance", "loyalty", "value", "chain"])
@pytest.mark.parametrize("code", ["en", "nl"])
def test_every_row_has_a_cell_under_every_header(results, name, code):
    printed = table(results[name], Language(code))
    assert printed.rows
    assert {len(row) for row in printed.rows} == {len(printed.headers)} == {len(printed.numeric)}
    assert not [cell for row in printed.rows for cell in row if cell in ("nan", "None", "<NA>", "inf", "")]


def test_headers_are_those_of_the_glossary_in_the_language_of_the_report(results):
    share = GLOSSARY["share"]
    assert share.header_en in table(results["importance"]).headers
    assert share.header_nl in table(results["importance"], DUTCH).headers


def test_drivers_are_printed_largest_first_with_their_numbers(results):
    printed = rows_of(table(results["importance"]))
    frame = results["importance"].table
    assert list(printed) == frame["label"].tolist()
    row = printed["d0"]
    assert row[GLOSSARY["share"].header_en] == "{:.1%} ({:.1%}–{:.1%})".format(
        *frame.loc[0, ["share", "share_low", "share_high"]]
    )
    assert row[GLOSSARY["slope"].header_en].startswith(f"{frame['slope'][0]:.2f} (")
    assert row[GLOSSARY["letters"].header_en] == "A"


def test_numbers_are_written_in_the_language_of_the_report(results):
    frame = results["importance"].table
    row = rows_of(table(results["importance"], DUTCH))["d0"]
    assert row[GLOSSARY["share"].header_nl].startswith(f"{frame['share'][0]:.1%} (".replace(".", ","))


def test_the_rise_is_printed_in_points_and_the_rest_in_per_cent(results):
    rise = results["potential"].rise
    cells = [row[1] for row in table(results["potential"]).rows]
    assert cells[3].startswith(f"{rise:.2f} (")
    assert [c.endswith("%)") for c in cells] == [True, True, True, False, True]


@pytest.mark.parametrize("name", ["loyalty", "value"])
def test_a_suppressed_group_is_a_row_of_dashes(results, name):
    rows = table(results[name]).rows
    assert [set(row[1:]) for row in rows if row[0] == "In between"] == [{"–"}]
    assert all("–" not in row for row in rows if row[0] != "In between")


def test_costs_are_printed_only_when_a_plan_has_one(survey, results):
    cost = GLOSSARY["cost"].header_en
    assert rows_of(table(results["chain"]))["d0"][cost] == "€1,000"
    link = results["loyalty"]
    assert cost not in table(value_chain(link, TERMS, {"d0": PlannedImprovement(0.5)})).headers


def test_an_infinite_inflation_is_printed_as_such(survey):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        result = driver_importance(with_answers(survey, d2=survey.answers["tenure"] / 10), draws=20)
    assert rows_of(table(result))["d2"][GLOSSARY["vif"].header_en] == "∞"


def test_what_is_no_result_has_no_table():
    with pytest.raises(TypeError, match="DataFrame"):
        table(pd.DataFrame())


@pytest.mark.parametrize(
    ("code", "ends", "printed"),
    [
        ("nl", ("1,9", "9,3"), "5 (1,9–9,3)"),
        ("nl", ("-0,2", "7,6"), "5 (-0,2 tot 7,6)"),
        ("en", ("-12.2", "-6.4"), "5 (-12.2 to -6.4)"),
    ],
)
def test_a_dash_never_stands_beside_a_minus(code, ends, printed):
    assert Language(code).spread("5", *ends) == printed
