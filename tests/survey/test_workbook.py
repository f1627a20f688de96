import datetime
import re
import zipfile

import numpy as np
import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from drivers.errors import SurveyError
from drivers.survey.loading import load_survey
from drivers.survey.sheet import sheet_cells
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


def rewritten(path, change):
    """Write the parts of this workbook anew after a change of their texts by name."""
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w") as book:
        for name, text in parts.items():
            book.writestr(name, text)


def calculated(path, cell, value):
    """Write into this workbook what a spreadsheet would have kept of a formula: its value."""

    def change(parts):
        sheet = parts["xl/worksheets/sheet1.xml"]
        kept = re.sub(rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v(?: ?/>|></v>)', rf"\g<1><v>{value}</v>", sheet)
        assert kept != sheet
        parts["xl/worksheets/sheet1.xml"] = kept

    rewritten(path, change)


def prefixed(parts):
    """Every element of the sheets under a prefix, as some tools write them."""
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = re.sub(r"<(/?)(\w)", r"<\1x:\2", parts[name]).replace("xmlns=", "xmlns:x=")


def shared(parts):
    """Strings in a table of their own, as spreadsheets keep them."""
    strings = []

    def share(found):
        strings.append(found[3])
        return f'<c {found[1]}t="s"{found[2]}><v>{len(strings) - 1}</v></c>'

    cell = re.compile(r'<c ([^>]*)t="inlineStr"([^>]*)><is>(.*?)</is></c>', re.S)
    for name in [name for name in parts if name.startswith("xl/worksheets/sheet")]:
        parts[name] = cell.sub(share, parts[name])
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    link = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    table = "".join(f"<si>{text}</si>" for text in strings)
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}" count="{len(strings)}">{table}</sst>'
    override = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace("</Types>", override)
    relation = f'<Relationship Id="rIdS" Type="{link}" Target="/xl/sharedStrings.xml"/></Relationships>'
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace("</Relationships>", relation)


def test_a_formula_left_empty_on_purpose_is_an_empty_cell_where_others_have_values(client):
    book_of(client.survey_path, [["csat", "fix"], ['=IF(1=1,"","x")', "=1+1"], [3, 4]])
    with pytest.raises(SurveyError, match="never calculated"):
        load_table(client)
    calculated(client.survey_path, "B2", 2)
    assert load_table(client).frame.to_dict("list") == {"csat": [np.nan, 3], "fix": [2, 4]}


def every_kind_of_cell(path):
    """A sheet of texts, numbers, dates, times, errors, gaps and styles, beside a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["text", "007", " x ", None, "1,5", "<&>", "line\nbreak", ""])
    sheet.append([1, -2, 0.5, 1e-7, 2**60, True, False, "#N/A"])
    sheet.append([datetime.date(2025, 5, 1), datetime.datetime(2025, 5, 1, 12, 30), datetime.time(10, 30)])
    sheet.append([datetime.timedelta(hours=30), 45000, 45000, 3.5, -1, None])
    for cell, form in {"B4": "0.00", "C4": "[$-413]d mmm yyyy;@", "D4": '"m"0', "E4": "yyyy"}.items():
        sheet[cell].number_format = form
    sheet["H9"] = CellRichText("a ", TextBlock(InlineFont(b=True), "bold"), " z")
    sheet.merge_cells("A11:C12")
    sheet["A11"] = "merged"
    book.create_sheet("hidden").sheet_state = "hidden"
    book["hidden"]["C3"] = 7
    book.save(path)


def sheets_of(path):
    """Rows by their number, as we read them and as openpyxl does, sheet by sheet."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    ours, theirs = [], []
    for sheet in book.worksheets:
        cells = sheet_cells(sheet, path.name)
        ours.append(dict(zip(cells.numbers, cells.rows, strict=True)))
        sheet.reset_dimensions()
        rows = {place: shortened(row) for place, row in enumerate(sheet.iter_rows(values_only=True), start=1)}
        theirs.append({place: row for place, row in rows.items() if row})
    book.close()
    return ours, theirs


def typed(sheets):
    return [{place: [(type(cell), cell) for cell in row] for place, row in rows.items()} for rows in sheets]


@pytest.mark.parametrize("change", [dict, shared])
@pytest.mark.filterwarnings("ignore:Cell E4 is marked as a date")
def test_cells_are_read_as_openpyxl_reads_them(tmp_path, change):
    every_kind_of_cell(tmp_path / "kinds.xlsx")
    rewritten(tmp_path / "kinds.xlsx", change)
    ours, theirs = sheets_of(tmp_path / "kinds.xlsx")
    assert sum(map(len, ours)) == 7
    assert typed(ours) == typed(theirs)


def test_elements_with_a_prefix_are_read_as_those_without(tmp_path):
    every_kind_of_cell(tmp_path / "kinds.xlsx")
    plain = sheets_of(tmp_path / "kinds.xlsx")[0]
    rewritten(tmp_path / "kinds.xlsx", prefixed)
    assert sheets_of(tmp_path / "kinds.xlsx")[0] == plain


def test_cells_out_of_order_stand_where_their_reference_says(client):
    book_of(client.survey_path, [["a", "b", "c"], [1, 2, 3]])

    def swapped(parts):
        sheet = parts["xl/worksheets/sheet1.xml"]
        first, last = (re.search(rf'<c r="{cell}".*?</c>', sheet)[0] for cell in ("A2", "C2"))
        parts["xl/worksheets/sheet1.xml"] = sheet.replace(first, "#").replace(last, first).replace("#", last)

    rewritten(client.survey_path, swapped)
    assert load_table(client).frame.to_dict("list") == {"a": [1], "b": [2], "c": [3]}


def shortened(row):
    row = list(row)
    while row and row[-1] in (None, ""):
        row.pop()
    return row


def test_two_header_rows_more_of_a_panel_tool_become_labels(tmp_path):
    client = client_of(tmp_path)
    lines = survey_frame().to_csv(index=False).splitlines()
    texts = ",".join(f"Text of {name}" for name in survey_frame().columns)
    imports = ",".join(['"{""ImportId"":""QID""}"'] * 10)
    client.survey_path.write_text("\n".join([lines[0], texts, imports, *lines[1:]]) + "\n")
    survey = load_survey(client)
    assert survey.base == 40
    assert survey.labels["csat"] == "Text of csat"
