"""Broken surveys: each is refused in one line, with exit code 2 or 3, before a kernel starts or a file is written."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from compound_files import AGILE_ENCRYPTION, compound_file
from drivers import cli
from drivers.batch import execution
from survey_files import CLIENT, survey_frame, write_survey

WRONG_FILE, WRONG_DATA = 2, 3
Case = tuple[str, Callable[[Path], object], int, str]
CASES: dict[str, Case] = {}


def broken(file: str, code: int, said: str):
    """Register a function that writes a broken survey, with the exit code and a part of the text to expect."""

    def register(write: Callable[[Path], object]) -> Callable[[Path], object]:
        CASES[write.__name__] = (file, write, code, said)
        return write

    return register


def frame_with(**columns: object) -> pd.DataFrame:
    return survey_frame().astype(object).assign(**columns)


def half(path: Path) -> None:
    write_survey(survey_frame(400), path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


# what lies there is no file, or not of its kind


@broken("survey.csv", WRONG_FILE, "does not exist")
def nothing(path):
    pass


@broken("survey.csv", WRONG_FILE, "is a folder")
def a_folder(path):
    path.mkdir()


@broken("survey.csv", WRONG_FILE, "is a pipe or a device")
def a_pipe(path):
    os.mkfifo(path)


@broken("survey.csv", WRONG_FILE, "is a pipe or a device")
def an_endless_device(path):
    path.symlink_to("/dev/zero")


@broken("survey.csv", WRONG_FILE, "does not exist")
def a_link_to_nothing(path):
    path.symlink_to(path.with_name("gone.csv"))


for kind in ("csv", "xlsx", "parquet", "sav", "zsav", "dta"):
    CASES[f"an_empty_{kind}"] = (f"survey.{kind}", Path.touch, WRONG_DATA, "is empty")
    CASES[f"noise_in_{kind}"] = (
        f"survey.{kind}",
        lambda path: path.write_bytes(np.random.default_rng(1).bytes(5000)),
        WRONG_DATA,
        "Export it again",
    )
for kind in ("xlsx", "parquet", "sav", "zsav", "dta"):
    CASES[f"half_a_{kind}"] = (f"survey.{kind}", half, WRONG_DATA, f"cannot be read as a .{kind} file")


@broken("survey.csv", WRONG_DATA, "ends in the middle of a row")
def half_a_csv(path):
    survey_frame().to_csv(path, index=False)
    path.write_text(path.read_text()[:-30])


@broken("survey.csv", WRONG_DATA, "no .csv file but an Excel workbook or another zip file. Rename it to .xlsx.")
def a_workbook_called_csv(path):
    path.write_bytes(write_survey(survey_frame(), path.with_name("other.xlsx")).read_bytes())


@broken("survey.xlsx", WRONG_DATA, "cannot be read as a .xlsx file")
def a_csv_called_xlsx(path):
    survey_frame().to_csv(path, index=False)


@broken("survey.dta", WRONG_DATA, "no .dta file but an SPSS file")
def an_spss_file_called_stata(path):
    path.write_bytes(write_survey(survey_frame(), path.with_name("other.sav")).read_bytes())


@broken("survey.csv", WRONG_DATA, "no .csv file but a web page")
def a_web_page(path):
    path.write_text("<!doctype html><table><tr><td>csat</td></tr></table>")


@broken("survey.xlsx", WRONG_DATA, "cannot be read as a .xlsx file")
def a_zip_that_is_no_workbook(path):
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("readme.txt", "no workbook")


@broken("survey.xlsx", WRONG_DATA, "would grow from")
def a_zip_bomb(path):
    write_survey(survey_frame(), path)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/bomb.xml", "w") as part:
        for _ in range(64):
            part.write(b"0" * 2**20)


@broken("survey.xlsx", WRONG_DATA, "protected by a password")
def a_workbook_with_a_password(path):
    """As Excel writes one: a compound file whose streams hold how it is encrypted, and the encrypted workbook."""
    agile = b"\x04\x00\x04\x00\x40\x00\x00\x00" + AGILE_ENCRYPTION
    package = (40_000).to_bytes(8, "little") + np.random.default_rng(2).bytes(40_000)
    path.write_bytes(compound_file({"EncryptionInfo": agile, "EncryptedPackage": package}))


@broken("survey.xlsx", WRONG_DATA, "Save it as .xlsx")
def a_workbook_of_before_2007(path):
    path.write_bytes(compound_file({"Workbook": b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(4000)}))


@broken("survey.csv", WRONG_DATA, "is no .csv file but an Excel workbook of before 2007, or an encrypted one")
def a_workbook_with_a_password_called_csv(path):
    a_workbook_with_a_password(path)


@broken("survey.xlsx", WRONG_DATA, "the sheet spans")
def a_workbook_with_one_cell_in_a_far_corner(path):
    book = openpyxl.Workbook(write_only=False)
    sheet = book.active
    for row in range(1, 6200):
        sheet.cell(row, 1, row)
    sheet.cell(1, 16384, "far")
    book.save(path)


@broken("survey.xlsx", WRONG_DATA, "is empty")
def an_empty_sheet(path):
    openpyxl.Workbook().save(path)


@broken("survey.xlsx", WRONG_DATA, "Expected a whole workbook with a sheet of answers")
def a_workbook_of_one_empty_chart(path):
    book = openpyxl.Workbook()
    book.create_chartsheet()
    book.remove(book.active)
    book.save(path)


def with_entities(path: Path, part: str) -> None:
    """Write a workbook of which this part calls upon entities that grow by ten at each step."""
    steps = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    whole = write_survey(survey_frame(), path.with_name("whole.xlsx"))
    with zipfile.ZipFile(whole) as book, zipfile.ZipFile(path, "w") as other:
        for name in book.namelist():
            text = book.read(name)
            if name == part:
                text = f'<!DOCTYPE x [<!ENTITY e0 "ha">{steps}]><x>&e9;</x>'.encode()
            other.writestr(name, text)
    whole.unlink()


for part in ("xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml", "xl/worksheets/sheet1.xml"):
    CASES[f"entities_in_{Path(part).stem}"] = (
        "survey.xlsx",
        lambda path, part=part: with_entities(path, part),
        WRONG_DATA,
        "Expected a whole workbook with a sheet of answers",
    )


@broken("survey.xlsx", WRONG_DATA, "never calculated")
def formulas_that_were_never_calculated(path):
    frame = frame_with(csat=[f"=MIN(10,{i})" for i in range(40)])
    frame.to_excel(path, index=False, engine="openpyxl")


@broken("survey.csv", WRONG_DATA, "cannot be read as a .csv file: it holds bytes of no text")
def bytes_of_no_text(path):
    path.write_bytes(survey_frame().to_csv(index=False).encode() + b"\x00\x01")


@broken("survey.csv", WRONG_DATA, "Set survey.encoding")
def letters_of_no_encoding(path):
    path.write_bytes(survey_frame().to_csv(index=False).encode() + b"\x81\x8d\x8f\x90\x9d")


# a table that is none


@broken("survey.csv", WRONG_DATA, "no rows")
def a_header_alone(path):
    path.write_text(",".join(survey_frame().columns) + "\n")


@broken("survey.csv", WRONG_DATA, "1 respondents answered on satisfaction; expected at least 10")
def one_row(path):
    survey_frame(3).iloc[2:].to_csv(path, index=False)


@broken("survey.csv", WRONG_FILE, "lacks 9 of the 10 columns that this client file uses")
def one_column(path):
    survey_frame()[["csat"]].to_csv(path, index=False)


@broken("survey.csv", WRONG_DATA, "has numbers where the column names should be")
def no_header(path):
    survey_frame().to_csv(path, index=False, header=False)


@broken("survey.csv", WRONG_FILE, 'has no column "csat"')
def ten_thousand_columns(path):
    wide = pd.DataFrame(np.ones((20, 10_000), dtype=int), columns=[f"question_{i}" for i in range(10_000)])
    survey_frame(20).drop(columns="csat").join(wide).to_csv(path, index=False)


@broken("survey.csv", WRONG_DATA, "Expected 10 fields in line 7, saw 11")
def a_row_too_long(path):
    lines = survey_frame().to_csv(index=False).splitlines()
    lines[6] += ",1"
    path.write_text("\n".join(lines) + "\n")


@broken("survey.csv", WRONG_DATA, "cannot be read as a .csv file")
def a_quote_that_never_closes(path):
    path.write_text(survey_frame().to_csv(index=False).replace("c007", '"c007'))


@broken("survey.csv", WRONG_DATA, "has answers but no name")
def a_column_without_a_name(path):
    path.write_text(survey_frame().to_csv(index=False).replace("weight", "", 1))


@broken("survey.csv", WRONG_FILE, "has none of the 10 columns")
def a_sentence(path):
    path.write_text("there are no answers here\nnor here\n")


# answers that cannot be used

ANSWERS: dict[str, tuple[dict[str, object], str]] = {
    "all_satisfaction_missing": ({"csat": np.nan}, "0 respondents answered on satisfaction"),
    "all_satisfaction_coded_missing": ({"csat": 99}, "0 respondents answered on satisfaction"),
    "constant_satisfaction": ({"csat": 8}, "everyone gave satisfaction 8"),
    "constant_drivers": ({"fix": 5, "friendly": 5}, "No driver has answers that differ"),
    "missing_drivers": ({"fix": np.nan, "friendly": ""}, "No driver has answers that differ"),
    "text_in_a_scale": ({"fix": "good"}, '"good" (40 times)'),
    "no_answer_in_words": ({"fix": ["weet niet"] * 4 + [5, 6] * 18}, 'survey.missing = [99, "weet niet"]'),
    "mixed_types": ({"fix": [1, "1-2", "x", True] * 10}, '"x" (10 times)'),
    "dates_in_a_scale": ({"fix": "2024-05-01"}, '"2024-05-01" (40 times)'),
    "infinite_answers": ({"fix": ["inf"] + [5, 6, 7] * 13}, '"inf" (1 time)'),
    "a_code_beyond_the_scale": ({"fix": [-1] + [5, 6, 7] * 13}, "-1 (1 time)"),
    "a_zero_below_the_scale": ({"fix": [0] * 3 + [5] * 37}, "0 (3 times)"),
    "an_eleven_for_blank": ({"intends": [11] * 2 + [5, 9] * 19}, "11 (2 times)"),
    "leaving_in_other_words": ({"gone": "maybe"}, "neither yes nor no"),
    "negative_weights": ({"weight": [-1] + [1] * 39}, "missing, infinite or negative"),
    "zero_weights": ({"weight": 0}, "so nobody counts"),
    "infinite_weights": ({"weight": ["inf"] + [1] * 39}, 'weights that are not numbers: "inf" (1 time), in row 2'),
    "weights_in_words": ({"weight": "heavy"}, 'weights that are not numbers: "heavy" (40 times)'),
    "weights_with_a_comma": ({"weight": "0,5"}, 'Set survey.decimal = ","'),
    "nameless_respondents": (
        {"customer_id": ["", *range(39)]},
        '1 row has no respondent in column "customer_id", in row 2;',
    ),
    "duplicated_ids": ({"customer_id": 7}, 'of one respondent according to column "customer_id"'),
    "amounts_in_words": ({"margin": "€ 12"}, '"€ 12" (40 times)'),
}
for name, (columns, said) in ANSWERS.items():
    CASES[name] = (
        "survey.csv",
        lambda path, columns=columns: frame_with(**columns).to_csv(path, index=False),
        WRONG_DATA,
        said,
    )


@broken("survey.csv", WRONG_FILE, "identifier")
def an_identifier_as_a_driver(path):
    frame_with(friendly=[f"name {i}" for i in range(40)]).to_csv(path, index=False)


@broken("survey.csv", WRONG_FILE, "It is the same as csat, or follows exactly from it: a part of the outcome")
def a_driver_that_is_the_outcome(path):
    survey_frame().assign(fix=lambda f: 11 - f["csat"]).to_csv(path, index=False)


@broken("survey.csv", WRONG_FILE, "It is the same as csat, or follows exactly from it: a part of the outcome")
def a_driver_that_is_the_outcome_recoded(path):
    survey_frame(80).assign(fix=lambda f: 1 + (f["csat"] >= 8)).to_csv(path, index=False)


@broken("survey.csv", WRONG_FILE, "It is the same as Solved first time")
def two_drivers_that_are_one(path):
    frame = survey_frame().assign(friendly=lambda f: f["friendly"] * 2)
    frame.assign(fix=frame["friendly"], friendly=frame["friendly"] / 2).to_csv(path, index=False)


@broken("survey.parquet", WRONG_DATA, 'column "fix"')
def lists_in_cells(path):
    pq.write_table(pa.Table.from_pandas(frame_with(fix=None)).drop(["fix"]).append_column("fix", [[[1, 2]] * 40]), path)


@pytest.fixture
def no_kernel(monkeypatch):
    """Fail where a report comes as far as its notebook."""

    def execute(*_arguments, **_options):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(execution.papermill, "execute_notebook", execute)


def test_there_are_forty_broken_surveys_and_more():
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", CASES)
@pytest.mark.usefixtures("no_kernel")
def test_a_broken_survey_is_refused_in_one_line_and_nothing_is_written(tmp_path, name):
    file, write, code, said = CASES[name]
    folder = tmp_path / "client"
    folder.mkdir()
    write(folder / file)
    (folder / "client.toml").write_text(CLIENT.format(file=file), encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))
    arguments = ["report", str(folder / "client.toml"), "--out", str(tmp_path / "reports")]
    result = CliRunner().invoke(cli.app, arguments, catch_exceptions=False)
    assert said in result.stderr
    assert result.exit_code == code
    assert result.stderr.startswith("drivers: ")
    assert len(result.stderr.splitlines()) == 1
    assert len(result.stderr) < 500
    assert "Traceback" not in result.output
    assert result.stdout == ""
    assert sorted(tmp_path.rglob("*")) == before


CLIENT_FILES = {
    "a_client_file_of_no_text": b"\xff\xfe\x00",
    "a_client_file_of_no_toml": b"client = ",
    "an_empty_client_file": b"",
    "a_client_file_with_an_unknown_key": CLIENT.format(file="survey.csv").replace("weight ", "wieght ").encode(),
    "a_wave_that_is_renamed_without_waves": CLIENT.format(file="survey.csv")
    .replace("[satisfaction]", "[survey.renamed.2024]\nfix = 'other'\n[satisfaction]")
    .encode(),
}


@pytest.mark.parametrize("name", [*CLIENT_FILES, "a_folder", "a_pipe", "nothing"])
@pytest.mark.usefixtures("no_kernel")
def test_a_broken_client_file_is_refused_and_nothing_is_written(tmp_path, name):
    path = tmp_path / "client.toml"
    if name in CLIENT_FILES:
        path.write_bytes(CLIENT_FILES[name])
    elif name != "nothing":
        {"a_folder": Path.mkdir, "a_pipe": os.mkfifo}[name](path)
    write_survey(survey_frame(), tmp_path / "survey.csv")
    before = sorted(tmp_path.rglob("*"))
    result = CliRunner().invoke(cli.app, ["report", str(path), "--out", str(tmp_path / "r")], catch_exceptions=False)
    assert result.exit_code == WRONG_FILE
    assert result.stderr.startswith(f"drivers: {path}")
    assert sorted(tmp_path.rglob("*")) == before


def test_a_workbook_whose_directory_lies_about_its_sizes_is_never_expanded_beyond_them(tmp_path):
    path = tmp_path / "survey.xlsx"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml", b"0" * 30_000_000)
    size = (30_000_000).to_bytes(4, "little")
    path.write_bytes(packed.getvalue().replace(size, (100).to_bytes(4, "little")))
    (tmp_path / "client.toml").write_text(CLIENT.format(file="survey.xlsx"), encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["report", str(tmp_path / "client.toml")], catch_exceptions=False)
    assert result.exit_code == WRONG_DATA
    assert "survey.xlsx cannot be read as a .xlsx file" in result.stderr
