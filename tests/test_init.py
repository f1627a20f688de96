"""drivers init: a draft that says what is sure, never invents, and never writes over anything."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from drivers import cli
from drivers.client import load_client
from drivers.survey import newcomer
from drivers.survey.draft import client_draft
from drivers.survey.guess import survey_guess
from drivers.survey.table import SurveyTable
from drivers.survey.toml import toml_key, toml_text
from survey_files import FORMATS, write_survey

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"
SAMPLE = ROOT / "data" / "sample" / "noordzee-telecom" / "survey.csv"
SETS = (
    "ecsi_mobi/mobi.csv",
    "hbat/HBAT_with_splits.sav",
    "bank_weighted/bank_tidied.sav",
    "bank_weighted/satisfaction_labelled_imputed.sav",
    *(f"sfo_airport/{year}_SFO_Customer_Survey.csv" for year in (2014, 2015, 2016, 2017)),
    "telco_v11/telco_churn_customer.csv",
)


def run(*arguments: object):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], catch_exceptions=False)


def plain_frame(rows: int = 120) -> pd.DataFrame:
    """A survey about which nothing is doubtful."""
    rng = np.random.default_rng(11)
    items = {f"item_{name}": rng.integers(1, 11, rows).astype(float) for name in ("speed", "price", "staff", "shop")}
    return pd.DataFrame(
        {
            "customer_id": [f"c{place:04}" for place in range(rows)],
            "weight": rng.uniform(0.5, 1.5, rows).round(3),
            "region": rng.choice(["north", "south"], rows),
            "csat": rng.integers(1, 11, rows).astype(float),
            **items,
        }
    )


@pytest.fixture
def survey(tmp_path):
    return write_survey(plain_frame(), tmp_path / "in" / "survey.csv") if (tmp_path / "in").mkdir() is None else None


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", FORMATS)
def test_a_draft_without_doubts_passes_check_for_every_kind_of_file(tmp_path, kind):
    (tmp_path / "in").mkdir()
    survey = write_survey(plain_frame(), tmp_path / "in" / f"survey.{kind}")
    assert run("init", survey, "--out", tmp_path / "client").exit_code == 0
    result = run("check", tmp_path / "client" / "client.toml")
    assert result.exit_code == 0
    assert result.stdout.rstrip().endswith("no problems")
    client = load_client(tmp_path / "client" / "client.toml")
    assert client.survey.file == f"../in/survey.{kind}"
    assert (client.satisfaction.column, len(client.driver_names), client.drivers.scale) == ("csat", 4, (1, 10))


def test_the_draft_of_the_sample_passes_check(tmp_path):
    assert run("init", SAMPLE, "--out", tmp_path).exit_code == 0
    assert run("check", tmp_path / "client.toml").exit_code == 0
    client = load_client(tmp_path / "client.toml")
    assert client.survey.missing == (99,)
    assert client.loyalty is not None and (client.loyalty.left, client.loyalty.period_months) == (
        "left_within_12_months",
        12,
    )


@pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")
@pytest.mark.parametrize("name", SETS)
def test_the_draft_of_a_real_survey_is_toml_and_invents_nothing(tmp_path, name):
    assert run("init", DATA / name, "--out", tmp_path).exit_code == 0
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    assert (tmp_path / document["survey"]["file"]).resolve() == (DATA / name).resolve()
    assert not {"value", "plan", "currency", "minimum_base"} & set(document)
    assert "\n#  1. " in text


@pytest.mark.skipif(not DATA.is_dir(), reason="the real surveys are not beside the project")
@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("hbat/HBAT_with_splits.sav", 0, "no problems"),
        ("bank_weighted/bank_tidied.sav", 0, "267 with one on every driver too"),
        ("bank_weighted/satisfaction_labelled_imputed.sav", 0, "no problems"),
        ("ecsi_mobi/mobi.csv", 2, "satisfaction.column: is missing"),
        ("sfo_airport/2017_SFO_Customer_Survey.csv", 2, "satisfaction.column: is missing"),
        ("telco_v11/telco_churn_customer.csv", 2, "holds no driver"),
    ],
)
def test_check_asks_for_what_the_draft_left_open(tmp_path, name, code, said):
    run("init", DATA / name, "--out", tmp_path)
    result = run("check", tmp_path / "client.toml")
    assert result.exit_code == code
    assert said in result.output


def test_what_is_worth_money_is_left_to_a_person(tmp_path):
    run("init", SAMPLE, "--out", tmp_path)
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    assert '# margin_per_year = "margin"' in text
    assert "# discount_rate   =  " in text
    assert "value" not in tomllib.loads(text)


def test_the_client_file_stands_beside_the_survey_unless_told(survey):
    assert run("init", survey).stdout.startswith(str(survey.parent / "client.toml"))
    assert load_client(survey.parent / "client.toml").survey.file == "survey.csv"


def test_an_existing_client_file_is_named_and_stays_as_it_was(survey):
    (survey.parent / "client.toml").write_text("years of work")
    result = run("init", survey)
    assert result.exit_code == 2
    assert f"{survey.parent / 'client.toml'} exists and is not overwritten" in result.stderr
    assert (survey.parent / "client.toml").read_text() == "years of work"


def test_a_client_file_that_appears_meanwhile_is_not_overwritten(survey, monkeypatch):
    target = survey.parent / "client.toml"
    link = os.link

    def late(part, to):
        target.write_text("years of work")
        link(part, to)

    monkeypatch.setattr(newcomer.os, "link", late)
    result = run("init", survey)
    assert (result.exit_code, target.read_text()) == (2, "years of work")
    assert files(survey.parent) == {"survey.csv", "client.toml"}


def test_a_draft_that_cannot_be_written_leaves_nothing(survey, monkeypatch):
    def full(part, to):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(newcomer.os, "link", full)
    result = run("init", survey)
    assert result.exit_code == 4
    assert "No space left" in result.stderr
    assert files(survey.parent) == {"survey.csv"}


@pytest.mark.parametrize(
    ("name", "said"),
    [("nowhere.csv", 'Did you mean "survey.csv"?'), ("survey.doc", "no known kind"), ("folder.csv", "is a folder")],
)
def test_a_file_that_is_no_survey_is_wrong_usage(survey, name, said):
    (survey.parent / "folder.csv").mkdir()
    if name == "nowhere.csv":
        name = "survy.csv"
    result = run("init", survey.parent / name)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    assert said in result.stderr
    assert files(survey.parent) == {"survey.csv"}


def test_a_pipe_is_refused_before_it_is_read(tmp_path):
    os.mkfifo(tmp_path / "survey.csv")
    result = run("init", tmp_path / "survey.csv")
    assert (result.exit_code, "no ordinary file" in result.stderr) == (2, True)


@pytest.mark.parametrize("content", [b"", b"a,b,c\n", b"PK\x03\x04broken", b"csat,b\n1,2\n\x00,3\n"])
def test_an_unreadable_survey_ends_with_three_and_writes_nothing(tmp_path, content):
    name = "survey.xlsx" if content.startswith(b"PK") else "survey.csv"
    (tmp_path / name).write_bytes(content)
    result = run("init", tmp_path / name)
    assert (result.exit_code, len(result.stderr.strip().splitlines())) == (3, 1)
    assert files(tmp_path) == {name}


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_separator_of_a_csv_file_and_its_decimal_comma_are_found(tmp_path, separator):
    plain_frame().to_csv(tmp_path / "survey.csv", sep=separator, decimal=",", index=False)
    assert run("init", tmp_path / "survey.csv").exit_code == 0
    assert run("check", tmp_path / "client.toml").exit_code == 0


def test_a_file_in_windows_letters_is_read(tmp_path):
    frame = plain_frame().rename(columns={"item_price": "prijs_é"})
    frame.to_csv(tmp_path / "survey.csv", index=False, encoding="cp1252")
    assert run("init", tmp_path / "survey.csv").exit_code == 0
    assert "prijs_é" in load_client(tmp_path / "client.toml").driver_names


AWKWARD = (
    'quo"te',
    "line\nbreak",
    "back\\slash",
    "[brackets]",
    "a = 1 # no comment",
    "été 中文",
    "'''",
    '"""',
    "dot.ted",
)


def test_names_from_the_survey_are_data_whatever_they_hold(tmp_path):
    rng = np.random.default_rng(1)
    columns = {name: rng.integers(1, 11, 90).astype(float) for name in AWKWARD}
    frame = pd.DataFrame({"csat": rng.integers(1, 11, 90).astype(float), **columns, "bell\x07 id": range(90)})
    frame.to_parquet(tmp_path / "survey.parquet")
    assert run("init", tmp_path / "survey.parquet").exit_code == 0
    assert load_client(tmp_path / "client.toml").driver_names == AWKWARD
    result = run("check", tmp_path / "client.toml")
    assert result.exit_code == 0
    assert "\x07" not in result.stdout


@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1, max_size=40))
def test_any_text_survives_as_toml(text):
    assert tomllib.loads(f"a = {toml_text(text)}  # {toml_text(text)}")["a"] == text
    assert list(tomllib.loads(f"{toml_key(text)} = 1")) == [text]


@given(st.lists(st.text(min_size=1, max_size=12).filter(str.strip), min_size=1, max_size=6, unique=True))
def test_a_draft_is_always_toml(names):
    rng = np.random.default_rng(len(names))
    frame = pd.DataFrame({name: rng.integers(1, 6, 40).astype(float) for name in names})
    tomllib.loads(client_draft(survey_guess(SurveyTable(frame, names[0])), names[-1]).text)


def test_no_answer_of_a_respondent_is_in_the_draft(tmp_path):
    frame = plain_frame()
    frame["name"] = [f"Person {place}" for place in range(len(frame))]
    frame["csat"] = frame["csat"].astype(object)
    frame.loc[3, "csat"] = "call Mrs Jansen"
    write_survey(frame, tmp_path / "survey.csv")
    run("init", tmp_path / "survey.csv")
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    assert "Person" not in text and "Jansen" not in text and "c0003" not in text


def test_labelled_codes_for_no_answer_are_set_to_missing(tmp_path):
    frame = plain_frame()
    frame.loc[:9, "csat"] = 11.0
    labels = {"csat": {1: "zeer slecht", 10: "zeer goed", 11: "weet niet"}}
    pyreadstat.write_sav(frame, str(tmp_path / "survey.sav"), variable_value_labels=labels)
    run("init", tmp_path / "survey.sav")
    client = load_client(tmp_path / "client.toml")
    assert (client.survey.missing, client.satisfaction.scale) == ((11,), (1, 10))


def test_more_ratings_than_all_subsets_can_be_gone_through_of_are_drafted_all_the_same(tmp_path):
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({f"item_{place}": rng.integers(1, 11, 60).astype(float) for place in range(31)})
    frame.to_parquet(tmp_path / "survey.parquet")
    run("init", tmp_path / "survey.parquet")
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    assert all(f"item_{place}" in text for place in range(31))
    assert "at most" not in text


def book_of(path: Path, **sheets: pd.DataFrame) -> Path:
    with pd.ExcelWriter(path, engine="openpyxl") as book:
        for name, frame in sheets.items():
            frame.to_excel(book, sheet_name=name, index=False)
    return path


COVER = pd.DataFrame({"Customer survey": ["held in May", "by us"]})
CODES = pd.DataFrame({"column": list(plain_frame()), "meaning": "text"})


def test_the_sheet_that_holds_the_answers_is_found_and_the_others_are_named(tmp_path):
    book_of(tmp_path / "survey.xlsx", Cover=COVER, Data=plain_frame(), Codes=CODES)
    assert run("init", tmp_path / "survey.xlsx").exit_code == 0
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    assert 'not read: "Cover" (3 x 1), "Codes" (9 x 2)' in text
    assert load_client(tmp_path / "client.toml").survey.sheet == "Data"
    assert run("check", tmp_path / "client.toml").stdout.rstrip().endswith("no problems")


def test_of_two_sheets_of_answers_the_first_is_read_and_a_person_is_asked(tmp_path):
    book_of(tmp_path / "survey.xlsx", **{"2024": plain_frame(100), "2025": plain_frame()})
    run("init", tmp_path / "survey.xlsx")
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    assert load_client(tmp_path / "client.toml").survey.sheet == "2024"
    assert 'Whether the answers are in sheet "2024" (survey.sheet), or in "2025".' in text


@pytest.mark.parametrize("command", ["check", "report"])
def test_a_first_sheet_without_the_columns_is_told_with_the_sheet_that_has_them(tmp_path, command):
    book_of(tmp_path / "survey.xlsx", Cover=COVER, Data=plain_frame(), Codes=CODES)
    run("init", tmp_path / "survey.xlsx")
    path = tmp_path / "client.toml"
    path.write_text("\n".join(line for line in path.read_text().splitlines() if not line.startswith("sheet")))
    result = run(command, path)
    assert result.exit_code == 2
    assert 'survey.sheet: survey.xlsx: the first sheet, "Cover", has none of the columns' in result.stderr
    assert result.stderr.endswith('sheet "Data" has. Set sheet = "Data".\n')
    book_of(tmp_path / "survey.xlsx", Cover=COVER, Codes=CODES)
    assert 'nor has "Codes". Is it the right file?' in run(command, path).stderr
    openpyxl.Workbook().save(tmp_path / "survey.xlsx")
    assert "survey.xlsx is empty" in run(command, path).stderr


def test_an_empty_first_sheet_is_told_with_the_sheet_that_has_the_columns(tmp_path):
    book_of(tmp_path / "survey.xlsx", Empty=pd.DataFrame(), Data=plain_frame())
    run("init", tmp_path / "survey.xlsx")
    client = tmp_path / "client.toml"
    client.write_text("\n".join(line for line in client.read_text().splitlines() if not line.startswith("sheet")))
    assert 'sheet "Data" has. Set sheet = "Data".' in run("check", client).stderr


def test_columns_of_one_stem_are_drafted_as_batteries_for_a_person_to_judge(tmp_path):
    rng = np.random.default_rng(5)
    names = ["csat", *(f"image{i}" for i in range(1, 4)), *(f"value{i}" for i in range(1, 3))]
    write_survey(pd.DataFrame(rng.integers(1, 11, (90, 6)).astype(float), columns=names), tmp_path / "survey.csv")
    run("init", tmp_path / "survey.csv")
    text = (tmp_path / "client.toml").read_text(encoding="utf-8")
    drafted = text.split("# [drivers.batteries]")[1].splitlines()[1:3]
    assert tomllib.loads("\n".join(line.removeprefix("# ") for line in drafted)) == {
        "image": ["image1", "image2", "image3"],
        "value": ["value1", "value2"],
    }
    kept = (
        text.replace("# [drivers.batteries]", "[drivers.batteries]").replace("# image", "image").replace("# val", "val")
    )
    (tmp_path / "client.toml").write_text(kept, encoding="utf-8")
    assert list(load_client(tmp_path / "client.toml").drivers.batteries) == ["image", "value"]


def test_an_export_of_qualtrics_is_drafted_with_the_texts_of_its_questions(tmp_path):
    frame = plain_frame().drop(columns=["region", "weight"])
    renamed = dict(zip(frame, ["ResponseId", "Q1", "Q2_1", "Q2_2", "Q2_3", "Q2_4"], strict=True))
    texts = ["Response ID", "How satisfied are you overall?", *(f"Rate us: - {item}" for item in ("a", "b", "c", "d"))]
    head = pd.DataFrame([texts, [f'{{"ImportId":"{name}"}}' for name in frame]], columns=list(frame))
    pd.concat([head, frame.astype(object)]).rename(columns=renamed).to_csv(tmp_path / "survey.csv", index=False)
    run("init", tmp_path / "survey.csv")
    client = load_client(tmp_path / "client.toml")
    assert (client.satisfaction.column, client.survey.respondent) == ("Q1", "ResponseId")
    assert client.drivers.items["Q2_3"].label == "Rate us: - c"
    assert "# How the file was read: Rows below the column names" in (tmp_path / "client.toml").read_text()
    assert run("check", tmp_path / "client.toml").exit_code == 0


def test_days_and_durations_of_interviews_are_drafted_with_their_form(tmp_path):
    frame = plain_frame().assign(datum=["28-02-2025", "01-03-2025"] * 60, invulduur=np.arange(60.0, 180.0))
    write_survey(frame, tmp_path / "survey.csv")
    run("init", tmp_path / "survey.csv")
    survey = load_client(tmp_path / "client.toml").survey
    assert (survey.date, survey.date_format, survey.duration) == ("datum", "%d-%m-%Y", "invulduur")
    assert run("check", tmp_path / "client.toml").exit_code == 0
