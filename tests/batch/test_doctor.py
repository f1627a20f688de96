"""`drivers doctor`: what is well is told, and what is not comes with its remedy and its exit code."""

from __future__ import annotations

import shutil
import sys
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace

import pytest
from packaging.requirements import Requirement
from typer.testing import CliRunner

from drivers.batch import doctor, hands
from drivers.cli import app
from drivers.errors import EngineError, ReportError

COSTLY = ("_kernel", "_warm")


@pytest.fixture
def quick(monkeypatch):
    """No process is started."""
    for name in COSTLY:
        monkeypatch.setattr(doctor, name, lambda: iter(()))


def told(out):
    ended = CliRunner().invoke(app, ["doctor", "--out", str(out)])
    return ended.exit_code, ended.output.splitlines()


def test_a_machine_that_is_well_can_make_reports(tmp_path):
    code, lines = told(tmp_path / "reports")
    assert code == 0
    assert "well  a kernel starts and answers" in lines
    assert "well  notebook of the report: client_report.ipynb" in lines
    assert any(line.startswith("well  pandas ") for line in lines)
    assert lines[-1].endswith(" 0 ill. Reports can be made here.")
    if sys.platform == "linux":
        assert "well  the warm server starts" in lines


def test_a_folder_that_cannot_be_written_is_ill(quick, tmp_path):
    (tmp_path / "reports").write_text("a file", encoding="utf-8")
    code, lines = told(tmp_path / "reports")
    assert code == 4
    assert any(line.startswith("ill   The folder ") and "See that it can be written." in line for line in lines)
    assert lines[-1].endswith(" 1 ill. Reports cannot be made here.")


def test_a_package_that_is_missing_or_old_is_ill_and_an_extra_only_worth_a_look(quick, monkeypatch, tmp_path):
    needed = ["pandas>=3", "papermill>=2.7", "numpy>=2", 'distributed>=2026; extra == "cluster"']
    found = {"pandas": "2.2.0", "numpy": "2.4.0"}

    def version(name):
        if name not in found:
            raise PackageNotFoundError(name)
        return found[name]

    monkeypatch.setattr(doctor, "requires", lambda _: needed)
    monkeypatch.setattr(doctor, "version", version)
    code, lines = told(tmp_path)
    assert code == 4
    assert "ill   pandas is 2.2.0; expected >=3. Install it: pip install 'pandas>=3'" in lines
    assert "ill   papermill is not installed. Install it: pip install 'papermill>=2.7'" in lines
    assert "well  numpy 2.4.0" in lines
    assert (
        "look  distributed is not installed. Only --cluster needs it: pip install 'satisfaction-drivers[cluster]'"
        in lines
    )


def test_a_requirement_of_another_system_is_not_looked_for(monkeypatch):
    monkeypatch.setattr(doctor, "requires", lambda _: ["numpy", 'colorama; sys_platform == "none"'])
    assert doctor._requirements("") == [Requirement("numpy")]


def test_fonts_and_byte_code_that_are_missing_are_worth_a_look(quick, monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("matplotlib").rcParams, "font.sans-serif", ["No Such Font"])
    monkeypatch.setattr(doctor.importlib.util, "cache_from_source", lambda _: str(tmp_path / "none.pyc"))
    code, lines = told(tmp_path)
    assert code == 0
    assert "look  no font without serifs is there. Install DejaVu Sans or Liberation Sans." in lines
    assert any("have no byte-code" in line and "-m compileall once" in line for line in lines)
    assert " 2 to look at, 0 ill. " in lines[-1]


def test_a_disk_that_is_nearly_full_is_worth_a_look(quick, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=3e8))
    _, lines = told(tmp_path / "no" / "such" / "folder")
    assert "look  0.3 GB is free for reports. Make room: a report takes a few megabytes." in lines


def test_a_kernel_or_a_notebook_that_is_not_there_is_ill(monkeypatch, tmp_path):
    def no_kernel(*_, **__):
        raise EngineError("The kernel for one.ipynb did not start.")

    def no_notebook():
        raise ReportError("client_report.ipynb is missing from this installation.")

    monkeypatch.setattr(doctor, "_warm", lambda: iter(()))
    monkeypatch.setattr(doctor, "execute_notebook", no_kernel)
    monkeypatch.setattr(doctor, "default_notebook", no_notebook)
    code, lines = told(tmp_path)
    assert code == 4
    assert "ill   The kernel for one.ipynb did not start." in lines
    assert "ill   client_report.ipynb is missing from this installation." in lines


@pytest.mark.skipif(sys.platform != "linux", reason="the warm server is for Linux")
def test_a_server_that_does_not_start_is_worth_a_look(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor, "_kernel", lambda: iter(()))
    monkeypatch.setitem(hands.SERVER_ENVIRONMENT, "PYTHONHASHSEED", "none")  # Python refuses to start with it
    code, lines = told(tmp_path)
    assert code == 0
    assert "look  The warm server did not start; every report starts a kernel of its own." in lines
