"""Parameters are checked before a kernel starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from drivers.batch import notebook as notebook_module
from drivers.batch.notebook import check_parameters, default_notebook
from drivers.errors import ConfigError, ReportError
from report_client import TINY, write_notebook


def test_declared_parameters_with_plain_values_pass():
    check_parameters(TINY, {"client": "client.toml", "wave": None, "findings_file": "findings.json"})


def test_an_undeclared_parameter_is_refused_with_the_nearest_declared_one(tmp_path):
    file = write_notebook(tmp_path / "own.ipynb", parameters=("client", "waves", "findings_file"))
    with pytest.raises(ConfigError, match="does not declare the parameter 'wave'; did you mean 'waves'"):
        check_parameters(file, {"client": "client.toml", "wave": None})


def test_a_notebook_without_a_tagged_cell_is_refused(tmp_path):
    file = tmp_path / "own.ipynb"
    file.write_text(TINY.read_text().replace('"parameters"', '"other"'))
    with pytest.raises(ConfigError, match="declared are: none"):
        check_parameters(file, {"client": "client.toml"})


@pytest.mark.parametrize("value", [Path("a"), {1: 2}, (1, 2), [object()], b"x"])
def test_a_value_that_is_not_plain_is_refused(value):
    with pytest.raises(ConfigError, match="Give text, a number"):
        check_parameters(TINY, {"wave": value})


@pytest.mark.parametrize("value", ["007", "no", 7, 0.5, True, None, ["a", 1], {"a": [None]}])
def test_a_plain_value_passes(value):
    check_parameters(TINY, {"wave": value})


@pytest.mark.parametrize("text", ["not json", "[1]", "{}", '{"nbformat": 3, "cells": []}'])
def test_a_file_that_is_no_notebook_is_refused(tmp_path, text):
    file = tmp_path / "own.ipynb"
    file.write_text(text)
    with pytest.raises(ConfigError, match="is not a Jupyter notebook"):
        check_parameters(file, {"client": "client.toml"})


def test_a_missing_notebook_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="does not exist"):
        check_parameters(tmp_path / "none.ipynb", {})


def test_braces_in_a_folder_name_are_not_taken_for_fields(tmp_path):
    folder = tmp_path / "{client}"
    folder.mkdir()
    check_parameters(write_notebook(folder / "own.ipynb"), {"client": "client.toml"})


def test_the_default_notebook_is_found():
    assert default_notebook().name == "client_report.ipynb"


def test_an_installation_without_the_notebook_says_what_is_missing(monkeypatch):
    monkeypatch.setattr(notebook_module, "NAME", "absent.ipynb")
    with pytest.raises(ReportError, match=r"absent\.ipynb is missing from this installation"):
        default_notebook()
