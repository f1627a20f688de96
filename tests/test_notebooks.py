"""The notebooks: tidy as files, and the client report runs by hand as well as by command."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from drivers import find_client, load_client
from quick_clients import quick_client

ROOT = Path(__file__).parents[1]
REPORT = ROOT / "notebooks" / "client_report.ipynb"
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def cells(notebook: Path, kind: str):
    return [cell for cell in nbformat.read(notebook, as_version=4).cells if cell.cell_type == kind]


def tagged(notebook: Path, tag: str):
    return [c for c in nbformat.read(notebook, as_version=4).cells if tag in c.metadata.get("tags", [])]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_stored_without_output_and_runs_on_any_python3(notebook):
    nbformat.validate(nbformat.read(notebook, as_version=4))
    assert nbformat.read(notebook, as_version=4).metadata.kernelspec.name == "python3"
    assert not [cell.id for cell in cells(notebook, "code") if cell.outputs or cell.execution_count]


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_calls_and_prose_but_no_definitions(notebook):
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
    for cell in cells(notebook, "code"):
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, definitions)], cell.id


def test_the_report_declares_the_parameters_of_every_run():
    (cell,) = tagged(REPORT, "parameters")
    names = [node.targets[0].id for node in ast.parse(cell.source).body]
    assert names == ["client", "wave", "findings_file", "files", "template"]
    assert all("#" in line for line in cell.source.splitlines())


def test_every_prose_cell_of_the_report_is_for_the_analyst_and_stays_off_the_page():
    assert tagged(REPORT, "analyst") == cells(REPORT, "markdown")


def test_every_section_of_the_report_has_a_note_before_it():
    everything = nbformat.read(REPORT, as_version=4).cells
    for before, cell in pairwise(everything):
        assert not cell.source.startswith("section(") or before.cell_type == "markdown"


def by_papermill(name, out, *given, folder="."):
    """A notebook run by plain papermill in this folder of the project."""
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(ROOT / "notebooks" / f"{name}.ipynb")]
    return subprocess.run([*command, str(out), *given], cwd=ROOT / folder, capture_output=True, text=True)


def shown_by(name, tmp_path, *given, client=None, folder="."):
    """What each cell shows: for this sample on few draws, or for the client that the notebook itself names."""
    out = tmp_path / "out.ipynb"
    if client is not None:
        given = ("-p", "client", os.path.relpath(quick_client(client, tmp_path / "client"), ROOT / folder), *given)
    result = by_papermill(name, out, *given, folder=folder)
    assert result.returncode == 0, result.stderr
    return {cell.id: cell.outputs for cell in cells(out, "code")}


@pytest.mark.parametrize("folder", [".", "notebooks"])
def test_the_report_runs_by_plain_papermill_from_either_folder(folder, tmp_path):
    assert shown_by("client_report", tmp_path, client="noordzee-telecom", folder=folder)
    assert not [path for path in (ROOT / folder).iterdir() if path.name == "findings.json"]


@pytest.mark.parametrize("folder", [".", "notebooks"])
@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_client_that_a_notebook_names_is_found_from_either_folder(notebook, folder, monkeypatch):
    monkeypatch.chdir(ROOT / folder)
    (cell,) = tagged(notebook, "parameters")
    names = {}
    exec(cell.source, names)
    assert load_client(find_client(names["client"])).survey_path.is_file()


def test_the_guide_to_a_plan_that_worked_ends_with_a_verdict_that_points_to_it(tmp_path):
    shown = shown_by("plan_that_worked", tmp_path, client="noordzee-telecom", folder="notebooks")
    assert "measuring the wrong things" in shown["wrong"][0].data["text/html"]
    assert "<svg" in shown["plan"][0].data["text/html"]
    assert "Dit wijst op het plan" in shown["page"][0].data["text/html"]


def test_the_guide_to_changes_of_the_drivers_runs_and_shows_its_panel(tmp_path):
    shown = shown_by("what_if", tmp_path, client="noordzee-telecom")
    assert "of margin in the first year" in shown["call"][0].data["text/html"]
    assert "application/vnd.jupyter.widget-view+json" in shown["panel"][0].data
    assert shown["same"][0].data["text/plain"] == "{}"


def test_the_guide_to_the_number_of_respondents_runs_with_other_expectations(tmp_path):
    shown = shown_by("how_many_respondents", tmp_path, "-p", "power", "0.9", client="noordzee-telecom")
    assert "<svg" in shown["expected"][0].data["text/html"]
    assert "chance of 90%" in shown["sentences"][0].data["text/plain"]


def test_the_guide_on_onshore_and_offshore_answers_its_question_for_the_sample(tmp_path):
    shown = shown_by("onshore_or_offshore", tmp_path, client="maasland-verzekeringen", folder="notebooks")
    for name, said in {
        "gap": "27% lower than onshore", "talk": "less satisfied customers", "money": "Offshoring does not pay"
    }.items():  # fmt: skip
        assert said in shown[name][0].data["text/html"], name


def test_the_start_page_names_every_other_notebook():
    prose = " ".join(cell.source for cell in cells(ROOT / "notebooks" / "start.ipynb", "markdown"))
    assert [path.stem for path in NOTEBOOKS if path.stem != "start" and f"({path.name})" not in prose] == []


@pytest.mark.parametrize(
    ("guide", "client", "words"),
    [
        ("recommend_provider", "noordzee-telecom", r"Add a table [providers]"),
        ("switch_or_backsource", "noordzee-telecom", r"Add [choice]"),
        ("onshore_or_offshore", "vecht-it", r"Add a table [sourcing]"),
        ("floor_and_board", "vecht-it", r"Add a table [employees]"),
        ("plan_that_worked", "vecht-it", r"names no wave column"),
    ],
)
def test_a_guide_says_what_a_client_without_its_table_must_add(guide, client, words, tmp_path):
    file = ROOT / "data" / "sample" / client / "client.toml"
    result = by_papermill(guide, tmp_path / "out.ipynb", "-p", "client", str(file))
    assert result.returncode == 1
    assert words in result.stderr


def test_the_guide_on_providers_runs_and_names_the_worst_attribute_of_the_client_that_it_names(tmp_path):
    shown = shown_by("recommend_provider", tmp_path, folder="notebooks")
    assert "score worst on Komt zelf met verbeteringen" in shown["profile"][0].data["text/html"]
