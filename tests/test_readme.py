"""README.md: what it tells a newcomer to type works, and what it points to is there."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from drivers.batch.bundle import FORMATS, RECORD
from drivers.batch.notebook import check_parameters
from drivers.cli import app
from source_tree import ROOT

PICTURE = "docs/report.png"
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
PYTHON = [block for language, block in BLOCKS if language == "python"]
COMMANDS = [line for language, block in BLOCKS if language == "sh" for line in block.splitlines() if line]


def check_make(*targets):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, flags=re.MULTILINE)] == []


def check_drivers(command, *arguments):
    told = CliRunner().invoke(app, [command, "--help"], catch_exceptions=False)
    assert told.exit_code == 0
    options = [argument.split("=")[0] for argument in arguments if argument.startswith("-")]
    assert set(options) <= set(re.findall(r"--[a-z-]+", told.stdout))
    assert [argument for argument in arguments if argument.endswith(".toml") and not (ROOT / argument).is_file()] == []


def check_papermill(notebook, _, *options):
    given = dict(zip(options[1::3], options[2::3], strict=True))
    assert set(options[::3]) == {"-p"}
    check_parameters(ROOT / notebook, given)
    assert (ROOT / given["client"]).is_file()


CHECKS = {"make": check_make, "drivers": check_drivers, "papermill": check_papermill}


def test_there_is_something_to_type():
    assert len(PYTHON) == 1
    assert {shlex.split(command)[0].removeprefix(".venv/bin/") for command in COMMANDS} == set(CHECKS)


@pytest.mark.parametrize("block", PYTHON, ids=range(len(PYTHON)))
def test_a_python_example_runs(block, tmp_path, monkeypatch, capsys):
    (tmp_path / "data").symlink_to(ROOT / "data")
    monkeypatch.chdir(tmp_path)
    exec(compile(block, "README.md", "exec"), {"__name__": "__main__"})
    assert "first_time_fix" in capsys.readouterr().out


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_exists_with_its_options(command):
    name, *arguments = shlex.split(command, comments=True)
    CHECKS[name.removeprefix(".venv/bin/")](*arguments)


@pytest.mark.parametrize("page", sorted(ROOT.glob("*.md")), ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page):
    linked = re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))
    local = {link for link in linked if not link.startswith("https:")}
    assert {link for link in local if not (ROOT / link).exists()} == set()


def test_the_picture_has_a_text_that_stands_for_it():
    assert re.search(rf"!\[[^\]]{{20,}}\]\({PICTURE}\)", TEXT)


def test_the_bundle_is_described_file_by_file():
    table = TEXT.partition("## What is in a bundle")[2].partition("\n## ")[0]
    assert set(re.findall(r"^\| `(\S+)` \|", table, flags=re.MULTILINE)) == {*FORMATS.values(), RECORD}


def test_every_exit_code_of_the_command_line_is_explained():
    told = CliRunner().invoke(app, ["report", "--help"]).stdout
    table = TEXT.partition("## Exit codes")[2].partition("\n## ")[0]
    codes = re.findall(r"^\| (\d) \|", table, flags=re.MULTILINE)
    assert codes == list("01234")
    assert all(re.search(rf"\b{code} \w", told) for code in codes)
