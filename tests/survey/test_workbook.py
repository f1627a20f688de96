import datetime

import openpyxl
import pandas as pd
import pytest

from drivers.errors import SurveyError
from drivers.survey import workbook
from drivers.survey.loading import load_survey
from drivers.survey.sources import load_table
from survey_files import client_of, survey_frame


def book_of(path, rows, merged=()):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    book.save(path)


@pytest.fixture
def client(tmp_path):
    return client_of(tmp_path, None, file="survey.xlsx")


@pytest.fixture
def answers():
    frame = survey_frame().astype(object).where(survey_frame().notna(), None)
    return [list(frame.columns), *frame.values.tolist()]


def test_merged_titles_above_the_header_are_skipped_with_a_notice(client, answers):
    titles = [["Customer survey 2025"], [], ["Confidential", None, "Wave 1"]]
    book_of(client.survey_path, [*titles, *answers], merged=["A1:F1"])
    survey = load_survey(client)
    assert survey.base == 40
    assert str(survey.notices[0]) == "Rows of titles above the column names that were skipped: 2."


def test_rows_that_repeat_the_header_are_no_respondents(client, answers):
    book_of(client.survey_path, [*answers[:20], answers[0], *answers[20:], answers[0]])
    survey = load_survey(client)
    assert survey.base == 40
    assert str(survey.notices[0]) == "Rows that repeat the column names and are no answers: 2."


def test_numbers_stored_as_text_are_numbers(client, answers):
    book_of(client.survey_path, [answers[0], *([None if c is None else str(c) for c in row] for row in answers[1:])])
    assert load_survey(client).answers["csat"].sum() == survey_frame()["csat"].sum()


def test_dates_are_dates_and_no_answers(client, answers):
    book_of(client.survey_path, [answers[0], *([*row[:4], datetime.date(2025, 5, 1), *row[5:]] for row in answers[1:])])
    with pytest.raises(SurveyError, match=r'answers that are not numbers: "2025-05-01" \(40 times\)'):
        load_survey(client)


def test_the_first_of_several_sheets_is_read_with_a_notice(client, answers):
    book_of(client.survey_path, answers)
    book = openpyxl.load_workbook(client.survey_path)
    book.create_sheet("Codebook").append(["column"])
    book.save(client.survey_path)
    assert (
        str(load_table(client).notices[0]) == "Of the sheets in the workbook the first, Sheet, is read, not Codebook."
    )


def test_a_formula_left_empty_on_purpose_is_an_empty_cell_where_others_have_values(client):
    rows = [["a", "b"], ['=IF(1=1,"","x")', "=1+1"]]
    values = [["a", "b"], [None, 2]]
    book_of(client.survey_path, rows)
    workbook._check_formulas(client.survey_path, "Sheet", pd.DataFrame(values, dtype=object))
    with pytest.raises(SurveyError, match="never calculated"):
        workbook._check_formulas(client.survey_path, "Sheet", pd.DataFrame(values[:1], dtype=object))


def test_two_header_rows_more_of_a_panel_tool_become_labels(tmp_path):
    client = client_of(tmp_path)
    lines = survey_frame().to_csv(index=False).splitlines()
    texts = ",".join(f"Text of {name}" for name in survey_frame().columns)
    imports = ",".join(['"{""ImportId"":""QID""}"'] * 10)
    client.survey_path.write_text("\n".join([lines[0], texts, imports, *lines[1:]]) + "\n")
    survey = load_survey(client)
    assert survey.base == 40
    assert survey.labels["csat"] == "Text of csat"
