"""The what-if sheet: what a spreadsheet program computes from it is what `simulate_plan` says."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace

import numpy as np
import openpyxl
import pytest

from drivers.analyses.scenariodraws import scenario_draws
from drivers.analyses.whatif import MEASURES, simulate_plan
from drivers.core.packing import packed
from drivers.present.workbook import write_workbook

TOP = 6  # row of the first driver
ONLY_PLAN = ("plan",)


@pytest.fixture(scope="module")
def findings(sample_findings):
    found = sample_findings["2025"]
    return replace(found, language="en", house=replace(found.house, sections=ONLY_PLAN))


@pytest.fixture(scope="module")
def gappy(findings):
    """The same with a draw in which there is no finite answer beyond two points of satisfaction."""
    given = findings.what_if
    responses = scenario_draws(given).responses.copy()
    responses[3, 1:, :] = np.nan
    return replace(findings, what_if=replace(given, responses=packed(responses)))


@pytest.fixture(scope="module")
def soffice():
    found = shutil.which("soffice")
    if found is None:
        pytest.skip("soffice, which recalculates the sheet, is not installed")
    return found


def recalculated(findings, soffice, folder, changes, costs):
    """What LibreOffice computes once these changes and costs are typed; openpyxl drops every stored answer."""
    file = folder / "typed.xlsx"
    write_workbook(findings, file)
    book = openpyxl.load_workbook(file)
    sheet = book["What if"]
    for row, driver in enumerate(findings.what_if.table["driver"], start=TOP):
        sheet.cell(row, 5).value = changes.get(driver, 0.0)
        sheet.cell(row, 8).value, sheet.cell(row, 9).value = costs.get(driver, (None, None))
    book.save(file)
    made = folder / "made"
    command = [soffice, "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", str(made), str(file)], check=True, capture_output=True, timeout=300)
    return openpyxl.load_workbook(made / file.name, data_only=True)["What if"]


def results(sheet, drivers):
    """The rows of the answers: the four measures, then the four amounts of a return."""
    start = TOP + drivers + 3
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=start, max_row=start + 10, max_col=7)]
    return rows[:4], rows[4][0], rows[6:10]


SCENARIOS = {
    "small": ({0: 0.5, 1: 0.4}, {0: (250_000.0, 0.0), 1: (180_000.0, 12_000.0)}),
    "mixed": ({0: 0.7, 2: -0.8, 3: 1.2, 5: 99.0}, {0: (1e6, 2e5), 2: (5e5, 0.0), 5: (0.0, 1e4)}),
    "down": ({0: -1.0, 1: -0.9}, {0: (1000.0, 0.0)}),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_spreadsheet_program_computes_what_simulate_plan_says(findings, gappy, soffice, tmp_path, name):
    given = gappy if name == "mixed" else findings
    drivers = list(given.what_if.table["driver"])
    changes = {drivers[k]: change for k, change in SCENARIOS[name][0].items()}
    costs = {driver: (0.0, 0.0) for driver in drivers} | {drivers[k]: c for k, c in SCENARIOS[name][1].items()}
    sheet = recalculated(given, soffice, tmp_path, changes, costs)
    once, yearly = ({driver: cost[k] for driver, cost in costs.items()} for k in (0, 1))
    said = simulate_plan(given, changes, costs=once, yearly_costs=yearly)
    measures, warning, returns = results(sheet, len(drivers))
    table, paid = said.table.set_index("measure"), said.returns.iloc[0]
    assert not warning
    for row, measure in zip(measures, MEASURES, strict=True):
        times = 100.0 if measure == "retention" else 1.0
        found = table.loc[measure]
        assert row[3:6] == pytest.approx([times * found[f"value{end}"] for end in ("", "_low", "_high")], rel=1e-6)
        assert row[6] == pytest.approx(found["positive_probability"], abs=1e-9)
    assert returns[0][3] == pytest.approx(paid["total_cost"], rel=1e-9)
    for row, amount in ((1, "net_value"), (2, "return_on_investment")):
        expected = [paid[f"{amount}{end}"] for end in ("", "_low", "_high")]
        if np.isnan(expected).all():
            assert returns[row][3:6] == [None] * 3 or returns[row][3:6] == [""] * 3
        else:
            assert returns[row][3:6] == pytest.approx(expected, rel=1e-6)
    assert returns[3][3] == pytest.approx(paid["pays_probability"], abs=1e-9)


def test_a_change_too_far_from_today_gets_a_warning_and_no_answer(findings, soffice, tmp_path):
    changes = {driver: -9.0 for driver in findings.what_if.table["driver"]}
    measures, warning, returns = results(recalculated(findings, soffice, tmp_path, changes, {}), len(changes))
    assert warning.startswith("Further from today than these answers can tell")
    assert not [cell for row in measures for cell in row[3:] if cell not in (None, "")]
    assert not [cell for row in returns[1:] for cell in row[3:] if cell not in (None, "")]


@pytest.fixture(scope="module")
def written(findings, tmp_path_factory):
    file = tmp_path_factory.mktemp("written") / "tables.xlsx"
    write_workbook(findings, file)
    return file


def test_without_recalculation_the_sheet_shows_what_goes_with_no_change(findings, written):
    sheet = openpyxl.load_workbook(written, data_only=True)["What if"]
    now = findings.what_if.now.iloc[0]
    measures, warning, returns = results(sheet, len(findings.what_if.table))
    assert not warning
    assert measures[0][1:3] == pytest.approx([now["mean_satisfaction"]] * 2)
    assert measures[1][1:3] == pytest.approx([now["yearly_retention"]] * 2)
    told = simulate_plan(findings, {}).table
    for row, (_, found) in zip(measures, told.iterrows(), strict=True):
        assert row[3:6] == [found["value"], found["value_low"], found["value_high"]] == [0, 0, 0]
    assert returns[0][3] == 0


def test_only_changes_and_costs_can_be_typed_and_changes_stay_on_the_scale(findings, written):
    sheet = openpyxl.load_workbook(written)["What if"]
    rows = range(TOP, TOP + len(findings.what_if.table))
    open_cells = {c.coordinate for row in sheet.iter_rows() for c in row if not c.protection.locked}
    assert sheet.protection.sheet
    assert open_cells == {f"{column}{row}" for row in rows for column in "EHI"}
    rules = {
        str(rule.sqref): (rule.type, rule.formula1, rule.formula2) for rule in sheet.data_validations.dataValidation
    }
    assert rules[f"E{TOP}"] == ("decimal", f"$C${TOP}", f"$D${TOP}")
    assert rules[f"H{TOP}"][:2] == ("decimal", "0")


def test_costs_start_as_the_client_file_plans_them(findings, written):
    sheet = openpyxl.load_workbook(written)["What if"]
    for row, (_, lever) in enumerate(findings.what_if.table.iterrows(), start=TOP):
        planned = [lever[name] for name in ("cost", "yearly_cost", "improvement")]
        shown = [sheet.cell(row, column).value for column in (8, 9, 10)]
        assert shown == [None if np.isnan(x) else pytest.approx(x) for x in planned]


def test_the_draws_are_hidden_and_no_function_is_newer_than_excel_2010(written):
    book = openpyxl.load_workbook(written)
    assert book["Draws behind what if"].sheet_state == "hidden"
    formulas = [c.value for s in book.worksheets for row in s.iter_rows() for c in row if c.data_type == "f"]
    assert len(formulas) > 1000
    assert not [f for f in formulas if "_xlfn" in f or "LET(" in f or "LAMBDA" in f]


def test_there_is_no_such_sheet_without_amounts_or_where_the_plan_is_left_out(findings, tmp_path):
    for k, bare in enumerate(
        (
            replace(findings, what_if=None),
            replace(findings, house=replace(findings.house, sections=("drivers",))),
        )
    ):
        write_workbook(bare, tmp_path / f"{k}.xlsx")
        assert "What if" not in openpyxl.load_workbook(tmp_path / f"{k}.xlsx").sheetnames
