"""The record of a run masks secrets and knows the versions."""

from __future__ import annotations

import pytest

from drivers.batch.record import PACKAGES, masked, package_versions, run_inputs
from drivers.client import load_client
from drivers.errors import ConfigError
from report_client import TINY, write_client
from source_tree import ROOT


@pytest.mark.parametrize("name", ["password", "DB_PASSWORD", "token", "api_key", "client_secret", "key"])
def test_a_value_with_a_secret_name_is_masked_at_any_depth(name):
    assert masked({"a": [{name: "hush"}]}) == {"a": [{name: "***"}]}


@pytest.mark.parametrize("name", ["client", "monkey", "keyboard", "wave", "findings_file"])
def test_a_value_with_an_ordinary_name_is_kept(name):
    assert masked({name: "shown"}) == {name: "shown"}


def test_versions_name_the_suite_the_interpreter_and_what_computes():
    assert set(package_versions()) == {"drivers", "python", *PACKAGES}


def test_inputs_are_named_relative_to_the_client_file(tmp_path):
    file = write_client(tmp_path / "clients" / "noordzee")
    record = run_inputs(load_client(file), "2024", file, {"wave": "2024"})
    assert [entry["name"] for entry in record["inputs"]] == ["client.toml", "survey.csv"]
    assert record["seed"] == 7
    assert str(tmp_path) not in str(record)


def test_a_survey_that_is_gone_is_a_fault_of_the_client_file(tmp_path):
    file = write_client(tmp_path)
    (tmp_path / "survey.csv").unlink()
    with pytest.raises(ConfigError, match=r"survey\.csv does not exist"):
        run_inputs(load_client(file), None, file, {})


def test_every_file_that_a_client_file_names_is_recorded():
    folder = ROOT / "data" / "sample" / "maasland-verzekeringen"
    record = run_inputs(load_client(folder / "client.toml"), None, TINY, {})
    named = {path.name for path in folder.iterdir() if path.suffix in (".csv", ".toml")}
    assert {entry["name"] for entry in record["inputs"]} == named
