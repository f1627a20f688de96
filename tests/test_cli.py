"""The command line: what it prints where, and how it ends."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from drivers import __version__, cli
from drivers.batch import execution
from report_client import TINY, contents, write_client, write_notebook

THREE = ("--format", "html,json,ipynb")  # what the tiny notebook can be asked for


def run(*arguments: object):
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def calls(monkeypatch):
    """Replace papermill by a note of what it was asked."""
    noted: list[dict[str, object]] = []

    def execute(*arguments, **options):
        noted.append({"notebook": arguments[0], "parameters": arguments[2], **options})
        raise RuntimeError("not executed in this test")

    monkeypatch.setattr(execution.papermill, "execute_notebook", execute)
    return noted


@pytest.fixture
def client(tmp_path):
    return write_client(tmp_path / "clients" / "noordzee", waves=("2023", "2024"))


@pytest.mark.parametrize("arguments", [["--help"], ["report", "--help"], []])
def test_help_is_plain_text_on_stdout(arguments):
    result = run(*arguments)
    assert result.exit_code == (0 if arguments else 2)
    assert "Usage: drivers" in result.output


def test_help_names_every_option_and_exit_code():
    text = run("report", "--help").stdout
    assert all(
        word in text for word in ("CLIENT", "--out", "--wave", "--format", "--notebook", "--template", "--quiet")
    )
    assert all(f"{code} " in text for code in range(5))


def test_the_version_is_printed():
    assert run("--version").stdout == f"drivers {__version__}\n"


def test_starting_the_command_line_loads_nothing_heavy():
    heavy = {"pandas", "numpy", "papermill", "nbconvert", "pydantic", "IPython", "rich"}
    check = f"import sys, drivers.cli; print(sorted({heavy!r} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, text=True).stdout.strip() == "[]"


def test_every_wave_is_rendered_and_its_page_printed_one_a_line(client, tmp_path):
    out = tmp_path / "reports"
    result = run("report", client, "--out", out, "--notebook", TINY, *THREE)
    pages = [out / "noordzee" / wave / "report.html" for wave in ("2023", "2024")]
    assert result.exit_code == 0
    assert result.stdout.splitlines() == list(map(str, pages))
    assert all(page.is_file() for page in pages)
    assert result.stderr == ""


def test_one_wave_may_be_chosen(client, tmp_path, calls):
    run("report", client, "--out", tmp_path / "reports", "--wave", "2024", "--notebook", TINY, *THREE)
    assert [call["parameters"]["wave"] for call in calls] == ["2024"]


def test_a_survey_without_waves_gives_one_report(tmp_path, calls):
    client = write_client(tmp_path / "clients" / "noordzee")
    run("report", client, "--out", tmp_path / "reports", "--notebook", TINY, *THREE)
    assert [call["parameters"]["wave"] for call in calls] == [None]


def test_the_client_report_is_the_default_notebook(client, tmp_path, calls):
    run("report", client, "--out", tmp_path / "reports", "--wave", "2024")
    assert calls[0]["notebook"].endswith("client_report.ipynb")


@pytest.mark.parametrize(
    ("terminal", "quiet", "shown"), [(True, [], True), (False, [], False), (True, ["--quiet"], False)]
)
def test_progress_is_shown_on_a_terminal_only(client, tmp_path, calls, monkeypatch, terminal, quiet, shown):
    monkeypatch.setattr(cli, "_is_terminal", lambda: terminal)
    run("report", client, "--out", tmp_path / "reports", "--wave", "2024", "--notebook", TINY, *THREE, *quiet)
    assert bool(calls[0]["progress_bar"]) is shown


def test_an_error_in_a_cell_ends_with_its_own_code_as_plain_text(client, tmp_path):
    out = tmp_path / "reports"
    run("report", client, "--out", out, "--wave", "2024", "--notebook", TINY, *THREE)
    before = contents(out / "noordzee")
    own = write_notebook(
        tmp_path / "own.ipynb", "from drivers.errors import SurveyError", "raise SurveyError('Too few.')"
    )
    result = run("report", client, "--out", out, "--wave", "2024", "--notebook", own)
    assert result.exit_code == 3
    assert result.stderr == "drivers: wave 2024: Too few.\n"
    assert result.stdout == ""
    assert contents(out / "noordzee") == before


def test_a_wave_that_fails_does_not_stop_the_others(client, tmp_path):
    own = write_notebook(
        tmp_path / "own.ipynb",
        "from drivers.errors import EstimationError",
        "if wave == '2023':\n    raise EstimationError('Too few.')",
    )
    result = run("report", client, "--out", tmp_path / "reports", "--notebook", own, "--format", "html")
    assert result.exit_code == 1
    assert result.stderr == "drivers: wave 2023: Too few.\n"
    assert result.stdout.splitlines() == [str(tmp_path / "reports" / "noordzee" / "2024" / "report.html")]


def test_a_foreign_folder_is_not_overwritten(client, tmp_path):
    foreign = tmp_path / "reports" / "noordzee" / "2024"
    foreign.mkdir(parents=True)
    (foreign / "thesis.docx").write_text("years of work")
    result = run("report", client, "--out", tmp_path / "reports", "--wave", "2024", "--notebook", TINY, *THREE)
    assert result.exit_code == 4
    assert "is not a report" in result.stderr
    assert list(contents(tmp_path / "reports")) == ["noordzee/2024/thesis.docx"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--format", "docx"], "Choose from html, json, ipynb, pptx, pdf, xlsx"),
        (["--notebook", "nowhere.ipynb"], "does not exist"),
        (["--colour"], "No such option"),
    ],
)
def test_wrong_usage_ends_with_two_and_writes_nothing(client, tmp_path, arguments, said):
    result = run("report", client, "--out", tmp_path / "reports", *arguments)
    assert result.exit_code == 2
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert not (tmp_path / "reports").exists()


def test_a_missing_client_file_ends_with_two(tmp_path):
    result = run("report", tmp_path / "client.toml")
    assert result.exit_code == 2
    assert "does not exist" in result.stderr


@pytest.mark.parametrize("module", ["drivers", "drivers.cli"])
def test_the_command_line_runs_as_a_module_too(module):
    told = subprocess.run([sys.executable, "-m", module, "--version"], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == f"drivers {__version__}"
