import math
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from drivers.errors import ReportError
from drivers.present.book import number_format
from drivers.present.language import Language
from drivers.present.printing import HIGH, LOW, Cell, number_cell
from drivers.present.publication import published_section
from drivers.present.workbook import write_workbook

HOSTILE = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "{{7*7}}",
    "+1",
    "-1",
    "@x",
    "a\u202eb",
    "L" * 300,
    "emoji 🙂",
    "bell \u0007 rings",
    "_x0041_",
]
FORMULAS = ("Wat als", "Trekkingen achter wat als")


def shown_workbook(findings, folder, **options):
    file = folder / "tables.xlsx"
    write_workbook(findings, file)
    return openpyxl.load_workbook(file, **options)


@pytest.fixture(scope="module")
def findings(sample_findings):
    return sample_findings["2025"]


@pytest.fixture(scope="module")
def book(findings, tmp_path_factory):
    return shown_workbook(findings, tmp_path_factory.mktemp("book"))


def cells_of(book):
    return [(sheet, cell) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]


def table_rows(sheet):
    """The rows of the one table of a sheet, under its headers."""
    (listed,) = sheet.tables.values()
    head, *rows = ([cell.value for cell in row] for row in sheet[listed.ref])
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.mark.parametrize("wave", ["2024", "2025"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_table_that_the_page_shows_has_a_sheet_of_its_own(sample_findings, tmp_path, wave, language):
    findings = replace(sample_findings[wave], language=language)
    sections = [published_section(findings, name) for name in findings.house.sections]
    tables = [
        t for s in sections if s for t in (*(p.data for p in s.pictures), *s.tables, *([s.cards] if s.cards else []))
    ]
    book = shown_workbook(findings, tmp_path)
    assert sum(len(sheet.tables) for sheet in book.worksheets) == len([t for t in tables if t is not None])
    assert len({name for sheet in book.worksheets for name in sheet.tables}) == len(tables)


def test_numbers_are_those_of_the_result_with_the_ends_of_intervals_in_columns(book, findings):
    rows = table_rows(book["Drivers 1"])
    for row, (_, found) in zip(rows, findings.importance.table.iterrows(), strict=True):
        assert row["Aspect"] == found["label"]
        for end, name in (("", ""), ("_low", ", van"), ("_high", ", tot")):
            assert row[f"Aandeel in de verklaring{name}"] == pytest.approx(found[f"share{end}"], rel=1e-12)


def test_shares_money_and_chances_have_formats(book):
    formats = {cell.number_format for _, cell in cells_of(book) if isinstance(cell.value, (int, float))}
    assert {"#,##0.0%", '"€"\u00a0#,##0;"€"\u00a0-#,##0', '[>0.99]">99%";[<0.01]"<1%";0%', "#,##0"} <= formats


@pytest.mark.parametrize(
    ("how", "language", "expected"),
    [
        ("money", Language("en", "GBP"), '"£"#,##0;-"£"#,##0'),
        ("money2", Language("nl", "USD"), '"US$"\u00a0#,##0.00;"US$"\u00a0-#,##0.00'),
        ("percent1", Language(), "#,##0.0%"),
        ("signed2", Language(), "[>=0.005]+#,##0.00;[<=-0.005]-#,##0.00;#,##0.00"),
        ("p3", Language("nl"), '[<0.001]"<0,001";#,##0.000'),
        ("pp1", Language(), "#,##0.0"),
    ],
)
def test_a_number_format_says_what_a_sentence_prints(how, language, expected):
    assert number_format(how, language) == expected


def test_percentage_points_are_stored_as_they_are_read_and_named(book, findings):
    row = table_rows(book["Plan 2"])[0]
    header = next(name for name in row if name.startswith("Behoud") and name.endswith("procentpunt"))
    assert row[header] == pytest.approx(100 * findings.chain.table["retention_gain"].iloc[0], rel=1e-12)
    assert any(str(c.value).startswith("In procentpunten") and header in c.value for r in book["Plan 2"] for c in r)


def test_nothing_is_an_error_or_a_formula_outside_the_what_if_sheets(book):
    for sheet, cell in cells_of(book):
        assert cell.data_type != "e", (sheet.title, cell.coordinate)
        assert cell.data_type != "f" or sheet.title in FORMULAS, (sheet.title, cell.coordinate)


def test_the_first_sheet_leads_to_every_other(book):
    first = book.worksheets[0]
    links = {cell.hyperlink.location for row in first.iter_rows() for cell in row if cell.hyperlink}
    visible = [sheet.title for sheet in book.worksheets[1:] if sheet.sheet_state == "visible"]
    assert links == {f"'{name}'!A1" for name in visible}
    assert all(book[name]["A1"].hyperlink.location == "'Inhoud'!A1" for name in visible)


def test_names_of_sheets_fit_and_differ(book):
    names = [name.casefold() for name in book.sheetnames]
    assert len(names) == len(set(names))
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)


def test_every_sheet_is_ready_to_print(book):
    for sheet in book.worksheets[:-1]:
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.oddHeader.left.text == "Noordzee Telecom"
        assert sheet.freeze_panes


def test_sections_come_in_the_order_of_the_house_and_the_mark_is_on_every_sheet(findings, tmp_path):
    house = replace(findings.house, sections=("value", "drivers"), confidential="A & B only")
    book = shown_workbook(replace(findings, house=house), tmp_path)
    assert book.sheetnames == ["Inhoud", "Waarde", "Drivers 1", "Drivers 2"]
    assert "A & B only" in [cell.value for cell in book["Inhoud"]["A"]]
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as parts:
        assert all("&amp;&amp; B only" in parts.read(f"xl/worksheets/sheet{k}.xml").decode() for k in range(1, 5))


def test_two_runs_give_the_same_bytes(findings, tmp_path):
    for name in ("one", "two"):
        write_workbook(findings, tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_hostile_text_stays_text(findings, tmp_path):
    frame = findings.importance.table
    labels = [HOSTILE[k % len(HOSTILE)] for k in range(len(frame))]
    given = findings.what_if.table
    house = replace(findings.house, sections=("drivers", "plan"), confidential=HOSTILE[1])
    hostile = replace(
        findings,
        client=HOSTILE[1],
        house=house,
        importance=replace(findings.importance, table=frame.assign(label=labels)),
        what_if=replace(findings.what_if, table=given.assign(label=labels[: len(given)])),
    )
    book = shown_workbook(hostile, tmp_path)
    kept = [re.sub("[\u202e\u0007]", "", label) for label in labels]
    assert [row["Aspect"] for row in table_rows(book["Drivers 1"])] == kept
    assert [row[0].value for row in book["Wat als"].iter_rows(min_row=6, max_row=5 + len(given))] == kept[: len(given)]
    assert all(c.data_type == "s" for _, c in cells_of(book) if isinstance(c.value, str) and c.value in kept)
    assert book["Inhoud"]["A1"].data_type == "s"


def test_a_long_label_as_a_header_leaves_a_table_that_opens(findings, tmp_path):
    segment = findings.segments[0]
    names = dict(
        zip(dict.fromkeys(segment.table["segment_group"]), ["N" * 300, "N" * 299 + "o", "=x", "b\u0007"], strict=False)
    )
    renamed = replace(
        segment,
        table=segment.table.assign(segment_group=segment.table["segment_group"].map(names)),
        groups=segment.groups.assign(segment_group=segment.groups["segment_group"].map(names)),
    )
    house = replace(findings.house, sections=("groups",))
    book = shown_workbook(replace(findings, segments=(renamed,), house=house), tmp_path)
    (listed,) = book["Groepen"].tables.values()
    heads = [column.name for column in listed.tableColumns]
    assert len({head.casefold() for head in heads}) == len(heads)
    assert max(map(len, heads)) <= 255
    assert [cell.value for cell in book["Groepen"][listed.ref][0]] == heads


def test_what_is_not_known_is_an_empty_cell(findings, tmp_path):
    frame = findings.importance.table.copy()
    frame.loc[frame.index[0], ["slope", "slope_low", "slope_high", "vif"]] = [math.nan, math.nan, math.nan, math.inf]
    gap = replace(findings, importance=replace(findings.importance, table=frame))
    row = table_rows(shown_workbook(gap, tmp_path)["Drivers 1"])[0]
    assert [row[name] for name in row if name.startswith("Effect")] == [None] * 3
    assert row[next(name for name in row if "VIF" in name)] == "∞"


def test_a_logo_stands_on_the_first_sheet_with_alternative_text(findings, tmp_path):
    from matplotlib.figure import Figure

    Figure((1, 1)).savefig(tmp_path / "logo.png")
    house = replace(findings.house, sections=("drivers",), logo=tmp_path / "logo.png")
    write_workbook(replace(findings, house=house), tmp_path / "tables.xlsx")
    with zipfile.ZipFile(tmp_path / "tables.xlsx") as parts:
        assert 'descr="Noordzee Telecom"' in parts.read("xl/drawings/drawing1.xml").decode()


def test_a_logo_that_is_no_picture_is_refused_by_name(findings, tmp_path):
    (tmp_path / "logo.png").write_text("no picture")
    house = replace(findings.house, sections=("drivers",), logo=tmp_path / "logo.png")
    with pytest.raises(ReportError, match=r"\[report\.brand\]"):
        write_workbook(replace(findings, house=house), tmp_path / "tables.xlsx")


def test_every_number_that_a_table_prints_is_behind_its_cell(findings):
    """A cell that prints digits in a numeric column keeps its numbers, or the workbook would hold text."""
    bare = []
    for name in findings.house.sections:
        section = published_section(findings, name)
        for printed in (*(p.data for p in section.pictures), *section.tables) if section else ():
            for row in printed.rows:
                cells = zip(row, printed.numeric, printed.headers, strict=True)
                bare += [(h, c) for c, n, h in cells if n and not isinstance(c, Cell) and re.match(r"^[\d+−€-]", c)]
    assert {header for header, _ in bare} <= {"Kans op elke rang"}, bare


def test_a_cell_with_an_interval_keeps_its_three_numbers():
    cell = number_cell([0.3, 0.2, 0.4], "percent1", Language())
    assert cell == "30.0% (20.0%–40.0%)"
    assert [(n.value, n.part) for n in cell.numbers] == [(0.3, ""), (0.2, LOW), (0.4, HIGH)]
