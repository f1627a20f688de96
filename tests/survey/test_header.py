"""The row that names the columns, the rows of question texts below it, and the totals at the end."""

import numpy as np
import openpyxl
import pandas as pd
import pytest

from drivers.errors import SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.sources import load_table
from survey_files import client_of, survey_frame


def table_of(folder, *lines):
    client = client_of(folder)
    client.survey_path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_table(client)


def refusal(folder, *lines) -> str:
    with pytest.raises(SurveyError) as caught:
        table_of(folder, *lines)
    return str(caught.value)


ANSWERS = [f"c{i},{i % 5 + 1},{i % 3 + 2},{['north', 'south'][i % 2]}" for i in range(30)]


def test_a_first_row_of_texts_that_are_answers_is_refused_and_shows_none_of_them(tmp_path):
    rows = ["Jansen,tevreden,north,ja", "Smit,ontevreden,south,nee"] * 5
    text = refusal(tmp_path, "Jansen,tevreden,north,nee", *rows)
    assert "has answers where the column names should be" in text
    assert not [answer for answer in ("Jansen", "tevreden", "north") if answer in text]


def test_an_address_is_no_column_name(tmp_path):
    assert "column names should be" in refusal(tmp_path, "a.jansen@post.example,7,8", *["b@post.example,3,4"] * 9)


def test_columns_of_a_question_with_several_answers_may_be_called_like_them(tmp_path):
    rows = [f"{i},{'Radio' * (i % 2)},{'Krant' * (i % 3 == 0)}" for i in range(20)]
    assert list(table_of(tmp_path, "id,Radio,Krant", *rows).frame) == ["id", "Radio", "Krant"]


@pytest.mark.parametrize(
    "closing",
    [
        ["Gemiddelde,2.97,3.01,"],
        ["Totaal,90,90,30"],
        ["Mean:,3,3.03,", "N =,30,30,", "Std. deviation,1.4384,0.82,"],
        [",,,", "TOTAL,90,,"],
        [",90,90,Total"],
    ],
)
def test_totals_below_the_answers_stop_the_run_with_their_row(tmp_path, closing):
    text = refusal(tmp_path, "id,csat,fix,region", *ANSWERS, *closing)
    first = 32 + sum(not row.strip(",") for row in closing)
    assert text.startswith(f"survey.csv: row {first} (")
    assert "no respondent" in text
    assert text.count("row 3") == sum(bool(row.strip(",")) for row in closing)


def test_a_mean_in_a_workbook_is_found_at_its_row_of_the_sheet(tmp_path):
    book = openpyxl.Workbook()
    for row in (
        ["Survey"],
        [],
        ["id", "csat", "fix"],
        *([f"c{i}", i % 5 + 1, 3] for i in range(31)),
        ["Gem.", 2.97, 3],
    ):
        book.active.append(row)
    book.save(tmp_path / "survey.xlsx")
    with pytest.raises(SurveyError, match=r'survey.xlsx: row 35 \("Gem."\) holds a total or mean'):
        load_table(client_of(tmp_path, None, file="survey.xlsx"))


@pytest.mark.parametrize("last", ["Totaal,4,3,north", "c30,4,3,Total", "c30,5,2,gemiddeld"])
def test_a_respondent_whose_answers_are_answers_is_no_total(tmp_path, last):
    assert len(table_of(tmp_path, "id,csat,fix,region", *ANSWERS, last).frame) == 31


def questioned(rows=("Respondent", "Hoe tevreden bent u?", "Snel geholpen?", "Vriendelijk?", "Regio")):
    return [f"c{i},{i % 5 + 1},{i % 3 + 2},{i % 4 + 1},north" for i in range(20)], ",".join(rows)


def test_one_row_of_question_texts_becomes_labels_with_a_notice(tmp_path):
    answers, texts = questioned()
    table = table_of(tmp_path, "id,q1,q2,q3,region", texts, *answers)
    assert len(table.frame) == 20
    assert table.variable_labels["q1"] == "Hoe tevreden bent u?"
    assert table.numbers[0] == 3
    assert [str(n) for n in table.notices] == ["Rows below the column names that hold the texts of the questions: 1."]


@pytest.mark.parametrize(
    "first", ["c99,weet niet,weet niet,weet niet,north", "c99,n.v.t.,weet niet,geen mening,north", "c99,goed,goed,3,x"]
)
def test_a_respondent_who_answers_in_words_is_no_row_of_questions(tmp_path, first):
    answers, _ = questioned()
    assert len(table_of(tmp_path, "id,q1,q2,q3,region", first, *answers).frame) == 21


QUALTRICS = (
    "StartDate,ResponseId,Q1,Q2_1,Q2_2",
    'Start Date,Response ID,"<p>How satisfied are you&nbsp;with <b>us</b>?\n</p>","Rate, please - Price",Service',
    '"{""ImportId"":""startDate"",""timeZone"":""Europe/Amsterdam""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""QID1""}","{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}"',
)


def test_the_three_header_rows_of_qualtrics_are_names_texts_and_nothing(tmp_path):
    rows = [f"2025-05-0{i % 9 + 1} 10:00,R_{i},{i % 5 + 1},{i % 4 + 1},{i % 3 + 1}" for i in range(20)]
    table = table_of(tmp_path, *QUALTRICS, *rows)
    assert (len(table.frame), table.frame["Q1"][0]) == (20, "1")
    assert table.variable_labels["Q1"] == "How satisfied are you with us ?"
    assert table.variable_labels["Q2_1"] == "Rate, please - Price"


def test_import_ids_without_texts_are_skipped(tmp_path):
    table = table_of(tmp_path, QUALTRICS[0], QUALTRICS[2], *["2025-05-01,R_1,5,4,3"] * 9)
    assert (len(table.frame), dict(table.variable_labels)) == (9, {})


def test_rows_keep_the_number_they_have_in_the_file(tmp_path):
    table = table_of(tmp_path, "", "a,b", "", "1,2", ",", "3,4")
    assert table.numbers.tolist() == [4, 6]
    assert table.rows(np.array([False, True])).numbers.tolist() == [6]


def test_the_rows_of_an_spss_file_are_counted(tmp_path):
    table = load_table(client_of(tmp_path, survey_frame(), file="survey.sav"))
    assert table.numbers.tolist() == list(range(1, 41))
    assert table.rows(np.arange(40) > 37).numbers.tolist() == [39, 40]


def test_titles_do_not_hide_the_answers(tmp_path):
    client = client_of(tmp_path, None, file="survey.xlsx")
    frame = survey_frame()
    with pd.ExcelWriter(client.survey_path, engine="openpyxl") as book:
        frame.to_excel(book, index=False, startrow=3)
        book.sheets["Sheet1"].cell(1, 1, "Wave 1")
    assert load_table(client).numbers[0] == 5
    assert load_survey(client).base == 40


# what spreadsheets and people write around the table of a csv file

CSV = ["id,csat,fix,region", *ANSWERS]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;\r"])
def test_the_line_in_which_a_spreadsheet_says_its_separator_is_followed(tmp_path, line):
    table = table_of(tmp_path, line, *(row.replace(",", ";") for row in CSV))
    assert list(table.frame) == ["id", "csat", "fix", "region"]
    assert (len(table.frame), table.notices, table.numbers[0]) == (30, (), 3)


@pytest.mark.parametrize("sign", [",", ";"])
def test_titles_above_the_table_of_a_csv_file_are_skipped(tmp_path, sign):
    table = table_of(tmp_path, "Customer survey 2025", "", *(row.replace(",", sign) for row in CSV))
    assert (list(table.frame), len(table.frame)) == (["id", "csat", "fix", "region"], 30)
    assert "Rows of titles above the column names that were skipped: 1." in [str(n) for n in table.notices]
    assert table.numbers[0] == 4


def test_a_comma_in_each_number_does_not_part_the_columns_of_semicolons(tmp_path):
    table = table_of(tmp_path, "id;csat;fix;margin", *(f"c{i};{i % 5 + 1};{i % 3 + 2};1.234,50" for i in range(30)))
    assert list(table.frame) == ["id", "csat", "fix", "margin"]


@pytest.mark.parametrize("note", ["Source: panel of May 2025,,,", "Source: panel of May 2025"])
def test_notes_below_the_answers_are_skipped_with_a_notice(tmp_path, note):
    table = table_of(tmp_path, *CSV, note)
    assert len(table.frame) == 30
    assert [str(n) for n in table.notices] == ["Rows of notes below the answers that were skipped: 1."]


def test_a_respondent_who_answered_nothing_is_no_note(tmp_path):
    assert len(table_of(tmp_path, *CSV, "c30,,,").frame) == 31
