"""The employees of the sample insurer: the files are the generator's, and the report finds the truth in them."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from drivers.analyses.findings import Findings
from drivers.client import load_client
from drivers.present.cases import case
from drivers.simulate.employee_sample import write_employees
from drivers.simulate.employees import LAYERS, employee_truth
from drivers.simulate.insurer_sample import INSURER_SEED
from drivers.survey.loading import load_survey
from staff_files import staff_case

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "maasland-verzekeringen"
LABELS = dict(zip(("de vloer", "de teamleiders", "verkoop en kantoor", "de directie"), LAYERS, strict=True))


@pytest.fixture(scope="module")
def found():
    return staff_case(load_survey(load_client(SAMPLE / "client.toml")))


@pytest.fixture(scope="module")
def truth():
    return employee_truth()


def test_the_files_are_what_the_generator_writes_from_the_seed(tmp_path):
    text = write_employees(tmp_path, INSURER_SEED + 2)
    for name in ("employees.csv", "team_results.csv"):
        assert (tmp_path / name).read_bytes() == (SAMPLE / name).read_bytes(), name
    assert text.strip() in (SAMPLE / "README.md").read_text(encoding="utf-8")


def test_the_truth_is_that_of_the_article(truth):
    told = {"floor": 7.3, "team_lead": 7.1, "sales_office": 6.0}
    assert {k: truth.means["work_satisfaction"][k] for k in told} == pytest.approx(told, abs=0.05)
    assert truth.means["information_down"]["floor"] == pytest.approx(8.0, abs=0.05)
    assert truth.means["information_up"]["board"] == pytest.approx(5.0, abs=0.05)


def test_satisfaction_of_every_layer_lies_in_its_interval(found, truth):
    for row in found.employees.table.itertuples():
        assert row.layer_mean_low <= truth.means["work_satisfaction"][LABELS[row.layer]] <= row.layer_mean_high


def test_information_comes_down_better_than_up_by_the_true_gap(found, truth):
    (row,) = found.perception.gaps[found.perception.gaps["gap_kind"] == "information"].itertuples()
    gap = truth.means["information_down"]["floor"] - truth.means["information_up"]["board"]
    assert row.shown
    assert row.view_gap_low <= gap <= row.view_gap_high


def test_floor_and_board_differ_where_they_do_and_nowhere_else(found):
    gaps = found.perception.gaps
    board = gaps[gaps["gap_kind"] == "board"].set_index("staff_question")["shown"]
    assert board["De directie weet wat er speelt"]
    assert board["Klanten zijn tevreden over het contact"]
    assert not board["De systemen werken"]
    customers = gaps[gaps["gap_kind"] == "customers"].set_index(["staff_question", "layer"])["shown"]
    assert not customers["Klanten zijn tevreden over het contact", "de vloer"]
    assert customers["Klanten zijn tevreden over het contact", "de directie"]


def test_what_goes_with_teams_lies_in_its_interval(found, truth):
    names = {"customers": "customer_satisfaction", "absence": "absence", "turnover": "turnover"}
    for row in found.team_link.table.itertuples():
        assert row.shown
        assert row.team_slope_low <= truth.slopes[names[row.team_result]] <= row.team_slope_high
    first = found.agreement.table.iloc[0]
    assert first["icc1_low"] <= truth.icc1 <= first["icc1_high"]


def test_no_code_of_a_team_is_in_any_answer(found):
    frames = [found.employees.table, found.perception.gaps, found.agreement.table, found.team_link.table]
    assert not [
        f for f in frames if f.astype(str).apply(lambda column: column.str.fullmatch(r"T\d\d")).to_numpy().any()
    ]


def test_the_page_is_there_where_the_client_file_declares_it_and_not_elsewhere(sample_findings, found):
    telecom: Findings = sample_findings["2025"]
    assert case(telecom, "employees") is None
    page = case(replace(telecom, cases=found, language="nl"), "employees")
    assert page is not None
    assert page.title == "Zien de werkvloer en de directie hetzelfde?"
    assert (len(page.pictures), len(page.tables), len(page.methods)) == (2, 2, 4)
    refused = replace(telecom, unanswered={**telecom.unanswered, "employees": found.employees.method})
    assert case(refused, "employees").pictures == ()


def test_the_guide_runs_and_shows_its_pictures(tmp_path):
    guide, out = SAMPLE.parents[2] / "notebooks" / "floor_and_board.ipynb", tmp_path / "out.ipynb"
    command = [sys.executable, "-m", "papermill", "--no-progress-bar", str(guide), str(out)]
    result = subprocess.run(command, cwd=SAMPLE.parents[2], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    shown = {cell.id: cell.outputs for cell in nbformat.read(out, as_version=4).cells if cell.cell_type == "code"}
    assert all("<svg" in shown[name][0].data["text/html"] for name in ("layers", "views"))
    assert "40 teams count" in shown["sentences"][0].data["text/plain"]
