"""What is guessed of unknown surveys: right, uncertain and wrong, set by set."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from drivers.client import load_client
from drivers.survey.dates import ISO, day_formats
from drivers.survey.decisions import missing_codes
from drivers.survey.guess import survey_guess
from drivers.survey.loading import load_survey
from drivers.survey.newcomer import draft_client, unknown_table
from drivers.survey.survey import Scale
from drivers.survey.table import SurveyTable
from drivers.survey.usual import scale_guess

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
real = pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")


@cache
def guess_of(path: Path):
    return survey_guess(unknown_table(path)[0])


def named(guess, certain: bool) -> dict[str, list[str]]:
    """Columns by role, of the guesses that are certain or of the others."""
    roles: dict[str, list[str]] = {}
    for found in guess.guesses:
        if found.certain == certain:
            roles.setdefault(found.role, []).append(found.column.name)
    return roles


def numbered(name: str, count: int) -> list[str]:
    return [f"{name}{place}" for place in range(1, count + 1)]


SFO_Q7 = "ART FOOD STORE SIGN WALKWAYS SCREENS INFODOWN INFOUP WIFI ROADS PARK AIRTRAIN LTPARKING RENTAL"
SFO_DRIVERS = [
    *(f"Q7{item}" for item in SFO_Q7.split()),
    *(f"Q9{item}" for item in ("BOARDING", "AIRTRAIN", "RENTAL", "FOOD", "RESTROOM")),
]
BANK = ["Fees", "Interest", "Phone", "Branch", "Online", "ATM"]
SAMPLE_QUESTIONS = (
    "first_time_fix promise_kept empathy knowledge proactive_information one_customer_view clear_bill "
    "ease_of_reaching talk_time greeting waiting_music opening_hours menu_choices name_mentioned script_followed "
    "call_back_offer sound_quality closing website_referral confirmation_mail"
)

# What the README of each set and its client file under tests/clients say is right, and is guessed without doubt.
RIGHT = {
    "ecsi_mobi/mobi.csv": {
        "driver": [*numbered("IMAG", 5), *numbered("PERQ", 7), *numbered("PERV", 2)],
    },
    "hbat/HBAT_with_splits.sav": {
        "respondent": ["id"],
        "outcome": ["x19"],
        "intention": ["x20"],
        "driver": [f"x{place}" for place in range(6, 19)],
        "segment": ["x1", "x2", "x3", "x4", "x5"],
    },
    "bank_weighted/bank_tidied.sav": {"outcome": ["Overall"], "driver": BANK},
    "bank_weighted/satisfaction_labelled_imputed.sav": {"outcome": ["Overall"], "driver": BANK},
    "sfo_airport/2014_SFO_Customer_Survey.csv": {
        "respondent": ["RESPNUM"],
        "weight": ["WEIGHT"],
        "driver": SFO_DRIVERS,
        "segment": ["AREA"],
    },
    "sfo_airport/2015_SFO_Customer_Survey.csv": {
        "respondent": ["RESPNUM"],
        "weight": ["WEIGHT"],
        "driver": SFO_DRIVERS,
        "segment": ["BAREA"],
    },
    "sfo_airport/2016_SFO_Customer_Survey.csv": {
        "respondent": ["*RESPNUM"],
        "weight": ["WEIGHT"],
        "driver": SFO_DRIVERS,
        "segment": ["BAREA"],
    },
    "sfo_airport/2017_SFO_Customer_Survey.csv": {
        "respondent": ["RESPNUM"],
        "weight": ["WEIGHT"],
        "intention": ["NETPRO"],
        "driver": SFO_DRIVERS,
        "segment": ["DAY", "BAREA"],
    },
    "telco_v11/telco_churn_customer.csv": {
        "respondent": ["Customerid"],
        "left": ["ChurnLabel"],
        "post": ["ChurnScore", "ChurnCategory"],
        "outcome": ["SatisfactionScore"],
        "segment": [
            "Gender",
            "SeniorCitizen",
            "Married",
            "MultipleLines",
            "InternetService",
            "InternetType",
            "Contract",
            "PaymentMethod",
        ],
    },
}
# What is guessed and left to a person; the first of each role is the truth where one of them is.
UNCERTAIN = {
    "ecsi_mobi/mobi.csv": {"outcome": numbered("CUSA", 3), "intention": numbered("CUSL", 3)},
    "hbat/HBAT_with_splits.sav": {"intention": ["x21"]},
    "bank_weighted/bank_tidied.sav": {"respondent": ["ID"], "weight": ["weight"]},
    "bank_weighted/satisfaction_labelled_imputed.sav": {"respondent": ["ID"]},
    "sfo_airport/2014_SFO_Customer_Survey.csv": {"strata": ["STRATA"], "outcome": ["Q7ALL", "Q9ALL"]},
    "sfo_airport/2015_SFO_Customer_Survey.csv": {"strata": ["STRATA"], "outcome": ["Q7ALL", "Q9ALL"]},
    "sfo_airport/2016_SFO_Customer_Survey.csv": {"strata": ["STRATA"], "outcome": ["Q7ALL", "Q9ALL"]},
    "sfo_airport/2017_SFO_Customer_Survey.csv": {"strata": ["STRATA"], "outcome": ["Q7ALL", "Q9ALL"]},
    "telco_v11/telco_churn_customer.csv": {"revenue": ["TotalRevenue", "Cltv"], "control": ["TenureInMonths"]},
}
# What is guessed without doubt and is wrong: expectations and complaints are no aspects of the service, and whether a
# customer considers an alliance is an intention, no group.
WRONG = {
    "ecsi_mobi/mobi.csv": {"driver": [*numbered("CUEX", 3), "CUSCO"]},
    "hbat/HBAT_with_splits.sav": {"segment": ["x23"]},
}


@real
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_certain_in_a_real_survey_is_right_but_for_the_known_errors(name):
    certain = named(guess_of(DATA / name), certain=True)
    wrong = WRONG.get(name, {})
    assert {role: [c for c in columns if c not in wrong.get(role, [])] for role, columns in certain.items()} == RIGHT[
        name
    ]
    assert {role: [c for c in certain[role] if c in columns] for role, columns in wrong.items()} == wrong


@real
@pytest.mark.parametrize("name", RIGHT)
def test_what_is_doubtful_in_a_real_survey_is_left_to_a_person(name):
    doubtful = named(guess_of(DATA / name), certain=False)
    doubtful.pop("driver", None)  # ratings that stand alone
    assert doubtful == UNCERTAIN[name]


@real
@pytest.mark.parametrize(
    ("name", "column", "scale", "certain"),
    [
        ("ecsi_mobi/mobi.csv", "CUSA1", Scale(1, 10), True),  # nobody gave it less than 4, but its neighbours
        ("hbat/HBAT_with_splits.sav", "x19", Scale(0, 10), True),
        ("bank_weighted/bank_tidied.sav", "Branch", Scale(1, 7), True),  # nobody gave it 7
        ("sfo_airport/2014_SFO_Customer_Survey.csv", "Q7ALL", Scale(1, 5), False),
        ("sfo_airport/2017_SFO_Customer_Survey.csv", "Q7ALL", Scale(1, 5), True),
        ("sfo_airport/2017_SFO_Customer_Survey.csv", "NETPRO", Scale(0, 10), False),
        ("telco_v11/telco_churn_customer.csv", "SatisfactionScore", Scale(1, 5), True),
    ],
)
def test_the_scale_of_a_real_question_is_found(name, column, scale, certain):
    found = guess_of(DATA / name).scales[column]
    assert (found.scale, found.certain) == (scale, certain)


@real
def test_the_codes_of_the_airport_are_found_and_left_to_a_person():
    said, far, doubtful = missing_codes(guess_of(DATA / "sfo_airport/2017_SFO_Customer_Survey.csv"))
    frame = pd.read_csv(DATA / "sfo_airport/2017_SFO_Customer_Survey.csv", dtype=str, encoding="latin-1")
    assert said == {"Blank": int((frame["Q7ALL"] == "Blank").sum())}
    assert far == {}
    assert set(doubtful) == {0, 6, 11}
    assert doubtful[11] == int((frame["NETPRO"] == "11").sum()) == 84


def test_the_sample_is_guessed_as_its_client_file_says():
    guess = guess_of(ROOT / "data" / "sample" / "noordzee-telecom" / "survey.csv")
    assert named(guess, certain=True) == {
        "respondent": ["customer_id"],
        "weight": ["weight"],
        "wave": ["wave"],
        "left": ["left_within_12_months"],
        "outcome": ["csat"],
        "driver": SAMPLE_QUESTIONS.split(),
        "segment": ["age_group", "contract", "region"],
    }
    assert named(guess, certain=False) == {"margin": ["margin"], "control": ["tenure"]}
    assert {found.scale for found in guess.scales.values()} == {Scale(1, 10)}
    assert set(missing_codes(guess)[1]) == {99}


@pytest.mark.parametrize(
    ("values", "scale", "certain", "codes"),
    [
        ([1, 2, 3, 4, 5], Scale(1, 5), True, set()),
        ([1, 2, 3, 4, 5, 6, 7], Scale(1, 7), True, set()),
        ([*range(11)], Scale(0, 10), True, set()),  # 0 is an answer here
        ([*range(1, 11), 99], Scale(1, 10), True, {99}),
        ([*range(1, 11), -1, 98], Scale(1, 10), True, {-1, 98}),
        ([*range(0, 12)], Scale(0, 10), False, {11}),
        ([0, 1, 2, 3, 4, 5, 6], Scale(1, 5), False, {0, 6}),
        ([0, 1, 2, 3, 4, 5], Scale(1, 5), False, {0}),
        ([1, 2, 3, 4, 5, 6], Scale(1, 7), False, set()),  # or 1 to 5 and a code: nobody can tell
        ([4, 5, 6, 7, 8, 9, 10], Scale(1, 10), False, set()),
        ([2, 3, 4], Scale(1, 5), False, set()),
        ([1, 2, 3, 4, 5, 9], Scale(1, 5), False, {9}),
    ],
)
def test_the_scale_of_answers_without_labels(values, scale, certain, codes):
    found = scale_guess(dict.fromkeys(map(float, values), 10))
    assert (found.scale, found.certain, set(found.codes)) == (scale, certain, codes)


@pytest.mark.parametrize("values", [[1, 2, 3, 500], [18, 25, 40], [0, 1, 2, 3, 17], [-5, 1, 2, 3]])
def test_numbers_on_no_usual_scale_have_none(values):
    assert scale_guess(dict.fromkeys(map(float, values), 10)) is None


def test_labels_at_both_ends_settle_the_scale_whatever_was_answered():
    found = scale_guess({2.0: 5, 3.0: 5}, {0.0: "helemaal niet", 10.0: "zeer"})
    assert (found.scale, found.certain) == (Scale(0, 10), True)


def dutch_survey(folder: Path) -> Path:
    """A Dutch SPSS export: question texts as labels, one labelled code for no answer that is not declared."""
    rng = np.random.default_rng(3)
    n = 400
    items = {f"v12_{place}": rng.integers(1, 11, n).astype(float) for place in range(1, 6)}
    items["v12_2"][:17] = 99
    frame = pd.DataFrame(
        {
            "respnr": np.arange(1, n + 1, dtype=float),
            "golf": rng.choice([2023.0, 2024.0], n),
            "v11": rng.integers(3, 10, n).astype(float),
            **items,
            "v20": rng.integers(0, 11, n).astype(float),
            "regio": rng.choice([1.0, 2.0, 3.0], n),
            "opgezegd": rng.choice([0.0, 1.0], n),
            "weegfactor": rng.uniform(0.4, 1.6, n),
        }
    )
    ends = {1: "Zeer ontevreden", 10: "Zeer tevreden", 99: "Weet niet / n.v.t."}
    labels = {
        "v11": "Hoe tevreden bent u over het geheel genomen over ons?",
        "v20": "Hoe waarschijnlijk is het dat u ons aanbeveelt?",
    }
    labels |= {f"v12_{place}": f"Tevredenheid over de service, deel {place}" for place in range(1, 6)}
    path = folder / "klanten.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=[labels.get(column, "") for column in frame],
        variable_value_labels={
            "v11": ends,
            **{f"v12_{place}": ends for place in range(1, 6)},
            "regio": {1: "Noord", 2: "Zuid", 3: "West"},
            "opgezegd": {0: "nee", 1: "ja"},
        },
    )
    return path


def test_a_dutch_survey_is_understood(tmp_path):
    guess = guess_of(dutch_survey(tmp_path))
    assert named(guess, certain=True) == {
        "respondent": ["respnr"],
        "weight": ["weegfactor"],
        "wave": ["golf"],
        "left": ["opgezegd"],
        "outcome": ["v11"],
        "intention": ["v20"],
        "driver": numbered("v12_", 5),
        "segment": ["regio"],
    }
    assert guess.language == "nl"
    assert guess.scales["v11"].scale == Scale(1, 10)  # its labels, though the answers run from 3 to 9
    assert missing_codes(guess)[0] == {99.0: 17}


def table_of(**columns) -> SurveyTable:
    return SurveyTable(pd.DataFrame(columns), "made.csv")


ROWS = 200
RNG = np.random.default_rng(5)
RATINGS = {f"item_{place}": RNG.integers(1, 8, ROWS).astype(float) for place in range(4)}


def test_a_body_weight_is_no_certain_survey_weight():
    guess = survey_guess(table_of(weight=RNG.normal(75, 10, ROWS).round(1), **RATINGS))
    assert not guess.of("weight", certain=True)
    assert "mean near 1" in guess.of("weight")[0].reason


def test_of_two_weights_neither_is_certain():
    weights = {name: RNG.uniform(0.5, 1.5, ROWS) for name in ("weight", "weight_trimmed")}
    assert [g.certain for g in survey_guess(table_of(**weights, **RATINGS)).of("weight")] == [False, False]


def test_counts_and_ages_are_no_ratings():
    counts = {"number_of_calls": RNG.integers(0, 11, ROWS).astype(float), "age": RNG.integers(1, 8, ROWS).astype(float)}
    assert {*counts} & set(survey_guess(table_of(**counts, **RATINGS)).scales) == set()


def test_two_scales_side_by_side_are_two_batteries():
    wide = {f"rating_{place}": RNG.integers(1, 11, ROWS).astype(float) for place in range(3)}
    scales = survey_guess(table_of(**RATINGS, **wide)).scales
    assert {scales[name].scale for name in RATINGS} == {Scale(1, 7)}
    assert {scales[name].scale for name in wide} == {Scale(1, 10)}


def test_groups_that_are_numbered_and_labelled_are_no_ratings():
    region = RNG.integers(1, 6, ROWS).astype(float)
    table = SurveyTable(
        pd.DataFrame({"region": region, **RATINGS}),
        "made.sav",
        value_labels={
            "region": {float(code): name for code, name in enumerate(["N", "E", "S", "W", "Centre"], start=1)}
        },
    )
    guess = survey_guess(table)
    assert [g.column.name for g in guess.of("segment")] == ["region"]
    assert "region" not in guess.scales


def test_what_is_known_after_leaving_is_never_a_driver():
    late = {"churned": RNG.choice(["yes", "no"], ROWS), "churn_risk": RNG.integers(1, 8, ROWS).astype(float)}
    guess = survey_guess(table_of(**late, **RATINGS))
    assert [g.column.name for g in guess.of("left", certain=True)] == ["churned"]
    assert [g.column.name for g in guess.of("post")] == ["churn_risk"]
    assert "churn_risk" not in {g.column.name for g in guess.of("driver")}


def test_a_decimal_comma_is_seen():
    comma = survey_guess(table_of(weight=[f"{w:.2f}".replace(".", ",") for w in RNG.uniform(0.5, 1.5, ROWS)]))
    assert comma.decimal == ","
    assert comma.of("weight", certain=True)
    assert survey_guess(table_of(weight=[f"{w:.2f}" for w in RNG.uniform(0.5, 1.5, ROWS)])).decimal == "."


@pytest.mark.parametrize("labels", [{float(k): str(k - 1) for k in range(1, 12)}, {1.0: "0 - bad", 11.0: "10 - good"}])
def test_a_scale_from_0_to_10_that_is_stored_as_1_to_11_is_drafted_as_it_is_labelled(tmp_path, labels):
    rng = np.random.default_rng(0)
    names = ("tevredenheid", "prijs", "service", "snelheid")
    frame = pd.DataFrame({name: rng.integers(1, 12, 300).astype(float) for name in names})
    pyreadstat.write_sav(frame, tmp_path / "survey.sav", variable_value_labels=dict.fromkeys(names, labels))
    draft_client(tmp_path / "survey.sav", tmp_path / "client")
    client = load_client(tmp_path / "client" / "client.toml")
    assert client.satisfaction.column == "tevredenheid"
    assert client.satisfaction.scale == client.drivers.scale == (0, 10)
    assert load_survey(client).answers.to_numpy().min() == 0


def made(name, values, **more):
    """Guesses of one column beside four ratings: what it is for and whether that is certain."""
    guess = survey_guess(SurveyTable(pd.DataFrame({name: values, **more, **RATINGS}), "made.csv"))
    return [(g.role, g.certain) for g in guess.guesses if g.column.name == name]


@pytest.mark.parametrize(
    "name", ["resp", "respnr", "RespNr", "nr", "Nr.", "nummer", "volgnr", "ResponseId", "respondentnummer", "record_no"]
)
def test_a_number_of_its_own_in_every_row_is_the_respondent(name):
    assert made(name, np.arange(4001.0, 4001 + ROWS)) == [("respondent", True)]


def test_a_number_that_repeats_or_has_no_name_is_no_certain_respondent():
    assert made("nr", np.arange(ROWS) // 2 + 1.0) == []
    assert made("x", np.arange(1.0, ROWS + 1)) == [("respondent", False)]
    assert made("amount", np.linspace(0, 80, ROWS)) == []
    assert made("nr", np.arange(1.0, ROWS + 1), key=np.arange(1.0, ROWS + 1)) == [("respondent", False)]


@pytest.mark.parametrize(
    ("name", "values", "found"),
    [
        ("duration_seconds", RNG.integers(60, 900, ROWS).astype(float), [("duration", True)]),
        ("Duration (in seconds)", RNG.integers(60, 900, ROWS).astype(float), [("duration", True)]),
        ("invulduur", RNG.integers(60, 900, ROWS).astype(float), [("duration", True)]),
        ("klantduur", RNG.integers(1, 90, ROWS).astype(float), [("control", False)]),
        ("te_duur", RNG.integers(1, 8, ROWS).astype(float), [("driver", True)]),
        ("interviewdatum", ["2025-05-01", "2025-05-02"] * (ROWS // 2), [("date", True)]),
        ("datum", ["01-05-2025", "31-05-2025"] * (ROWS // 2), [("date", True)]),
        ("datum", ["01-05-2025", "02-05-2025"] * (ROWS // 2), [("date", False)]),  # or is May the day?
        ("date", ["01/05/2025", "02/05/2025"] * (ROWS // 2), [("date", False)]),
        ("geboortedatum", ["01-05-1985", "31-05-1970"] * (ROWS // 2), []),
        ("stratum", RNG.integers(1, 5, ROWS).astype(float), [("strata", False)]),
        ("Q5_NPS_GROUP", RNG.choice(["Promoter", "Passive", "Detractor"], ROWS), []),
        ("q3", RNG.choice(["Zeer slecht", "Slecht", "Matig", "Goed", "Zeer goed"], ROWS), [("words", True)]),
    ],
)
def test_days_durations_strata_and_words_of_scales_are_seen(name, values, found):
    assert made(name, values) == found


@pytest.mark.parametrize(
    ("names", "language"),
    [
        (("tevredenheid", "prijs_kwaliteit", "wachttijd"), "nl"),
        (("satisfaction", "price_quality", "waiting_time"), "en"),
        (("Q1", "Q2", "Q3_ON_DE"), None),
    ],
)
def test_the_language_is_seen_in_the_names_of_columns_alone(names, language):
    frame = pd.DataFrame({name: RNG.integers(1, 8, ROWS).astype(float) for name in names})
    assert survey_guess(SurveyTable(frame, "made.csv")).language == language


def test_a_recommendation_from_1_to_10_is_asked_about():
    scales = survey_guess(table_of(nps=RNG.integers(1, 11, ROWS).astype(float), **RATINGS)).scales
    assert (scales["nps"].scale, scales["nps"].certain) == (Scale(0, 10), False)


@pytest.mark.parametrize(
    ("texts", "forms"),
    [
        (["2025-05-01", "2025-05-31 10:20:30"], (ISO,)),
        (["01-05-2025", "31-05-2025"], ("%d-%m-%Y",)),
        (["31/05/2025 09:15"], ("%d/%m/%Y %H:%M",)),
        (["05/31/2025"], ("%m/%d/%Y",)),
        (["05/06/2025"], ("%d/%m/%Y", "%m/%d/%Y")),
        (["31-05-2025", "no day"], ()),
        (["1234", "5678"], ()),
        ([], ()),
    ],
)
def test_the_form_of_dates_is_told_where_it_can_be(texts, forms):
    assert day_formats(texts) == forms
