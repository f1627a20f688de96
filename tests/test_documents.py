"""The documents of one bundle, as a reader opens them: the same numbers in all, and the same bytes each time."""

from __future__ import annotations

import csv
import json
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pptx
import pypdf
import pytest
from typer.testing import CliRunner

from drivers import cli
from drivers.present.language import Language
from quick_clients import quick_client
from report_client import contents, members
from source_tree import ROOT

SURVEY = ROOT / "data" / "sample" / "noordzee-telecom" / "survey.csv"
DUTCH = Language("nl", "EUR")
FILES = {"report.html", "report.ipynb", "findings.json", "deck.pptx", "brief.pdf", "tables.xlsx", "run.json"}


def rendered(out, client):
    done = CliRunner().invoke(cli.app, ["report", str(client), "--wave", "2025", "--out", str(out)])
    assert done.exit_code == 0, done.output
    return out / "noordzee-telecom" / "2025"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    return quick_client("noordzee-telecom", tmp_path_factory.mktemp("client"))


@pytest.fixture(scope="module")
def bundle(client, tmp_path_factory):
    return rendered(tmp_path_factory.mktemp("reports"), client)


@pytest.fixture(scope="module")
def found(bundle):
    return json.loads((bundle / "findings.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def headline_numbers(found):
    """The key figures with the ends of their intervals, at full precision: how each is printed, and its numbers."""
    share = next(row for row in found["potential"]["table"] if row["measure"] == "cross_validated")
    link, worth, first = found["loyalty"], found["value"], found["importance"]["table"][0]
    return {
        "mean satisfaction": ("number1", [found["potential"]["mean"]]),
        "explained share": ("percent1", [share["value"], share["value_low"], share["value_high"]]),
        "first driver's share": ("percent", [first["share"], first["share_low"], first["share_high"]]),
        "retention": ("pp1", [link[f"marginal_effect{end}"] for end in ("", "_low", "_high")]),
        "extra value": ("money", [worth[f"extra_yearly{end}"] for end in ("", "_low", "_high")]),
    }


class _Visible(HTMLParser):
    def __init__(self):
        super().__init__()
        self.said, self._hidden = [], False

    def handle_starttag(self, tag, attrs):
        self._hidden = tag in ("script", "style")

    def handle_endtag(self, tag):
        self._hidden = False

    def handle_data(self, data):
        if not self._hidden:
            self.said.append(data)


def page_text(file):
    parser = _Visible()
    parser.feed(file.read_text(encoding="utf-8"))
    return " ".join(parser.said)


def deck_text(file):
    shapes = [shape for slide in pptx.Presentation(str(file)).slides for shape in slide.shapes]
    cells = [cell.text for shape in shapes if shape.has_table for cell in shape.table.iter_cells()]
    return " ".join([*(shape.text_frame.text for shape in shapes if shape.has_text_frame), *cells])


def brief_text(file):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(file).pages)


TEXTS = {"report.html": page_text, "deck.pptx": deck_text, "brief.pdf": brief_text}


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def test_the_bundle_holds_all_documents(bundle):
    assert {file.name for file in bundle.iterdir()} == FILES


@pytest.mark.parametrize("name", TEXTS)
def test_a_document_for_readers_prints_the_key_figures_of_findings_json(bundle, headline_numbers, name):
    text = plain(TEXTS[name](bundle / name))
    for what, (how, numbers) in headline_numbers.items():
        for number in numbers:
            printed = plain(DUTCH.format_field(number, how))
            assert re.search(rf"(?<![\d.,]){re.escape(printed)}(?![\d])", text), f"{what}: {printed} is not in {name}"


def test_the_workbook_holds_the_key_figures_as_numbers(bundle, headline_numbers):
    book = openpyxl.load_workbook(bundle / "tables.xlsx", data_only=True, read_only=True)
    cells = {
        value
        for sheet in book.worksheets
        for row in sheet.iter_rows(values_only=True)
        for value in row
        if isinstance(value, (int, float))
    }
    for what, (how, numbers) in headline_numbers.items():
        for number in (100 * x if how.startswith("pp") else x for x in numbers):
            assert any(value == pytest.approx(number, rel=1e-12) for value in cells), f"{what}: {number}"


def test_the_same_input_gives_the_same_bytes_in_every_file_whatever_folder_the_command_runs_in(
    client, bundle, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    again = contents(rendered(Path("elsewhere"), os.path.relpath(client)))
    assert set(again) == FILES
    assert {name for name, data in contents(bundle).items() if again[name] != data} == set()


def test_the_record_names_the_hash_of_every_document(bundle):
    record = json.loads((bundle / "run.json").read_text(encoding="utf-8"))
    assert {entry["name"] for entry in record["outputs"]} == FILES - {"run.json"}


def test_no_customer_of_the_survey_is_named_in_any_file_or_archive_in_it(bundle):
    with SURVEY.open(encoding="utf-8") as file:
        customers = {row["customer_id"] for row in csv.DictReader(file)}
    assert len(customers) > 1000
    said = [found for file in bundle.iterdir() for found in members(file.name, file.read_bytes())]
    named = re.compile(rb"[A-Z]{2}\d{6}")
    assert all(named.fullmatch(customer.encode()) for customer in customers)
    assert [name for name, data in said if {code.decode() for code in named.findall(data)} & customers] == []
