"""Texts of a client that attack whoever opens a document: in every file they are nothing but text."""

from __future__ import annotations

import io
import json
import re
import zipfile

import openpyxl
import pptx
import pypdf
import pytest
from lxml import etree
from typer.testing import CliRunner

from browser.conftest import PHONE, browser_page, chromium
from drivers import cli
from drivers.wording import plain_text
from hostile_client import CLIENT, LABELS, MARK, VALUES, WAVE, write_hostile_client
from report_client import members

__all__ = ["browser_page", "chromium"]
FILES = {"report.html", "report.ipynb", "findings.json", "deck.pptx", "brief.pdf", "tables.xlsx", "run.json"}
STEERING = re.compile("[\u202a-\u202e\u2066-\u2069\x07]")
IDENTITY = re.compile(rb"ZQ\d{6}")
ACTIVE = ("script", "img", "iframe", "object", "embed", "form", "link", "base", "meta")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    client = write_hostile_client(folder / "client")
    done = CliRunner().invoke(cli.app, ["report", str(client), "--out", str(folder / "reports")])
    assert done.exit_code == 0, done.output
    return folder / "reports"


@pytest.fixture(scope="module")
def bundle(out):
    return next(out.rglob("report.html")).parent


def squeezed(text):
    """The text without blanks, and without the places where a long word may be broken."""
    return "".join(plain_text(text).replace("\u200b", "").split())


def page_of(file):
    return etree.HTML(file.read_text(encoding="utf-8"))


def page_text(file):
    page = page_of(file)
    for element in page.iter("script", "style"):
        element.text = ""
    return " ".join(page.itertext())


def deck_text(file):
    found = []
    for slide in pptx.Presentation(str(file)).slides:
        found += [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
        found += [str(name) for s in slide.shapes if s.has_chart for p in s.chart.plots for name in p.categories]
        found.append(slide.notes_slide.notes_text_frame.text)
    return " ".join(found)


def brief_text(file):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


def cells_of(data):
    return [cell for sheet in openpyxl.load_workbook(data) for row in sheet.iter_rows() for cell in row]


def workbook_text(file):
    return " ".join(str(cell.value) for cell in cells_of(file) if cell.data_type != "f" and cell.value is not None)


def strings_in(value):
    if isinstance(value, dict):
        return [text for key, each in value.items() for text in (key, *strings_in(each))]
    if isinstance(value, list):
        return [text for each in value for text in strings_in(each)]
    return [value] if isinstance(value, str) else []


def json_text(file):
    return " ".join(strings_in(json.loads(file.read_text(encoding="utf-8"))))


TEXTS = {
    "report.html": page_text,
    "deck.pptx": deck_text,
    "brief.pdf": brief_text,
    "tables.xlsx": workbook_text,
    "findings.json": json_text,
}


def everything(out):
    return [found for file in out.rglob("*") if file.is_file() for found in members(file.name, file.read_bytes())]


def test_every_document_is_made_in_a_folder_that_is_safe_everywhere(out, bundle):
    assert {file.name for file in bundle.iterdir()} == FILES
    for name in bundle.relative_to(out).parts:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert {file.name for file in out.parent.iterdir()} == {"client", "reports"}


@pytest.mark.parametrize("name", TEXTS)
def test_a_document_prints_them_as_plain_text(bundle, name):
    text = squeezed(TEXTS[name](bundle / name))
    marks = () if name == "findings.json" else (MARK,)
    groups = VALUES[:2] if name in ("report.html", "tables.xlsx", "findings.json") else ()
    wanted = (*LABELS, CLIENT, WAVE, *marks, *groups)
    assert [each for each in wanted if squeezed(each) not in text] == []


def test_a_group_below_the_minimum_base_and_the_one_that_would_tell_its_size_have_no_number_anywhere(bundle):
    for name in ("report.html", "deck.pptx", "brief.pdf", "tables.xlsx"):
        text = squeezed(TEXTS[name](bundle / name))
        assert [value for value in VALUES[2:] if squeezed(value) in text] == [], name
    found = json.loads((bundle / "findings.json").read_text(encoding="utf-8"))["segments"][0]["groups"]
    hidden = [group for group in found if group["segment_group"] in VALUES[2:]]
    assert len(hidden) == 2
    for group in hidden:
        assert not [value for value in group.values() if isinstance(value, (int, float)) and value is not True]


def test_no_file_holds_a_sign_that_turns_text_around_or_rings(out):
    found = []
    for name, data in everything(out):
        if name.endswith((".html", ".json", ".ipynb", ".xml")):
            found += [name for _ in STEERING.findall(data.decode("utf-8"))]
    assert found == []


def test_the_record_of_the_run_keeps_the_names_as_they_are(bundle):
    record = json.loads((bundle / "run.json").read_text(encoding="utf-8"))
    assert (record["client"], record["wave"]) == (CLIENT, WAVE)


@pytest.mark.parametrize("place", ["report.html", "index.html"])
def test_a_page_has_no_element_or_address_of_theirs(out, bundle, place):
    page = page_of(bundle / place if place == "report.html" else out / place)
    held = [element for element in page.iter(*ACTIVE) if element.tag not in ("meta", "script")]
    assert held == []
    assert [element for element in page.iter("script") if "alert(1)" in "".join(element.itertext())] == []
    assert [name for element in page.iter() for name in element.attrib if name.startswith("on")] == []


def test_a_sheet_computes_nothing_that_a_client_wrote(bundle):
    written = [cell for cell in cells_of(bundle / "tables.xlsx") if cell.data_type == "f"]
    assert written
    assert [cell for cell in written if str(cell.value).startswith((*LABELS, *VALUES, CLIENT, WAVE, "=1+1 "))] == []
    assert [cell for cell in written if "HYPERLINK" in str(cell.value) or "alert" in str(cell.value)] == []
    with zipfile.ZipFile(bundle / "deck.pptx") as deck:
        sheets = [deck.read(name) for name in deck.namelist() if name.endswith(".xlsx")]
    assert sheets
    assert [cell.value for sheet in sheets for cell in cells_of(io.BytesIO(sheet)) if cell.data_type == "f"] == []


def test_every_xml_part_can_be_read_and_points_nowhere_outside(out):
    for name, data in everything(out):
        if name.endswith((".xml", ".rels")):
            root = etree.fromstring(data)
            assert [each for each in root.iter() if each.get("TargetMode") == "External"] == [], name


def test_a_brief_holds_no_action(bundle):
    reader = pypdf.PdfReader(bundle / "brief.pdf")
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(reader.trailer["/Root"])
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", ())]
    assert [link for link in links if "/URI" in link.get("/A", {})] == []


def test_no_respondent_is_named_in_any_file_or_archive_in_it(out):
    assert [name for name, data in everything(out) if IDENTITY.search(data)] == []


@pytest.mark.parametrize("place", ["report.html", "index.html"])
def test_a_browser_runs_nothing_asks_for_nothing_and_shows_all_of_it_on_a_phone(browser_page, out, bundle, place):
    shown = browser_page(bundle / place if place == "report.html" else out / place, **PHONE)
    heard = []
    shown.page.on("dialog", lambda dialog: heard.append(dialog.message))
    shown.page.evaluate("() => document.querySelectorAll('details').forEach(folded => folded.open = true)")
    assert (heard, shown.troubles, shown.requests) == ([], [], [])
    assert shown.page.evaluate("document.documentElement.scrollWidth") <= PHONE["viewport"]["width"]
    assert squeezed(CLIENT) in squeezed(shown.page.inner_text("body"))
