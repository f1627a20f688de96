"""`drivers verify`: a bundle that is what its run wrote is told so, and each thing that is not is named."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from drivers.batch.report import Rendering, render_report
from drivers.cli import app
from drivers.client import load_client
from report_client import TINY, write_client


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    home = tmp_path_factory.mktemp("made")
    client = load_client(write_client(home / "client"))
    return home, render_report(client, None, Rendering(home / "reports", ("html", "json", "ipynb"), TINY)).folder


@pytest.fixture
def here(made, tmp_path):
    """A copy of the client and of its bundle."""
    home, bundle = made
    shutil.copytree(home / "client", tmp_path / "client")
    shutil.copytree(bundle, tmp_path / "bundle")
    return tmp_path


def verified(here, *more, client=True):
    given = ["--client", str(here / "client" / "client.toml"), "--notebook", str(TINY)] if client else []
    told = CliRunner().invoke(app, ["verify", str(here / "bundle"), *given, *more])
    lines = told.output.splitlines()
    differ = [line.removeprefix("DIFFERS").strip() for line in lines if line.startswith("DIFFERS")]
    return told.exit_code, differ, [line.removeprefix("same").strip() for line in lines if line.startswith("same")]


def test_a_bundle_as_it_was_made_is_the_same_in_all(here):
    code, differ, same = verified(here)
    assert (code, differ) == (0, [])
    assert {"report.html", "findings.json", "report.ipynb", "input survey.csv", "input tiny.ipynb"} <= set(same)
    assert "version of pandas" in same


def test_a_new_run_gives_the_same_bytes_and_leaves_the_bundle(here):
    before = {file.name: file.read_bytes() for file in (here / "bundle").iterdir()}
    code, differ, same = verified(here, "--rerun")
    assert (code, differ) == (0, [])
    assert [line for line in same if line.endswith("rendered again")] == [
        f"{name} rendered again" for name in ("findings.json", "report.html", "report.ipynb", "run.json")
    ]
    assert {file.name: file.read_bytes() for file in (here / "bundle").iterdir()} == before


def test_a_changed_byte_a_missing_file_and_a_stranger_are_named(here):
    page = here / "bundle" / "report.html"
    page.write_bytes(page.read_bytes()[:-1] + b"!")
    (here / "bundle" / "report.ipynb").unlink()
    (here / "bundle" / "notes.txt").write_text("mine", encoding="utf-8")
    assert verified(here, client=False)[:2] == (
        1,
        ["report.html: changed since the run", "report.ipynb: missing", "notes.txt: no file of the run"],
    )


def test_a_changed_input_is_named_and_without_the_client_nobody_asks(here):
    with (here / "client" / "survey.csv").open("a", encoding="utf-8") as file:
        file.write("9,9,\n")
    assert verified(here)[:2] == (1, ["input survey.csv: changed since the run"])
    assert verified(here, client=False)[:2] == (0, [])


def test_an_input_that_the_run_did_not_have_is_named(here):
    (here / "client" / "survey.csv").rename(here / "client" / "answers.csv")
    file = here / "client" / "client.toml"
    file.write_text(file.read_text(encoding="utf-8").replace("survey.csv", "answers.csv"), encoding="utf-8")
    both = "not an input of both the run and now"
    assert verified(here)[:2] == (
        1,
        ["input client.toml: changed since the run", f"input answers.csv: {both}", f"input survey.csv: {both}"],
    )


def test_another_version_of_a_package_is_named(here):
    record = here / "bundle" / "run.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    told["versions"]["pandas"] = "0.1"
    record.write_text(json.dumps(told), encoding="utf-8")
    code, differ, _ = verified(here)
    assert code == 1
    assert [line.split(" then")[0] for line in differ] == ["version of pandas: 0.1"]


def test_a_record_that_was_made_to_fit_is_found_out_by_a_new_run(here):
    from drivers.batch.record import file_hash

    page, record = here / "bundle" / "report.html", here / "bundle" / "run.json"
    page.write_bytes(page.read_bytes() + b"<!-- -->")
    told = json.loads(record.read_text(encoding="utf-8"))
    next(one for one in told["outputs"] if one["name"] == "report.html")["sha256"] = file_hash(page)
    record.write_text(json.dumps(told), encoding="utf-8")
    assert verified(here)[0] == 0
    code, differ, _ = verified(here, "--rerun")
    assert code == 1
    assert differ == ["report.html rendered again: other bytes", "run.json rendered again: other bytes"]


@pytest.mark.parametrize("record", [None, "{", "[]", '{"outputs": 3}', '{"outputs": [{"name": "report.html"}]}'])
def test_what_is_no_bundle_is_refused(here, record):
    (here / "bundle" / "run.json").unlink()
    if record is not None:
        (here / "bundle" / "run.json").write_text(record, encoding="utf-8")
    told = CliRunner().invoke(app, ["verify", str(here / "bundle")])
    assert told.exit_code == 2
    assert "is no report: it holds no readable run.json. Name the folder of one wave." in told.output


def test_a_new_run_without_a_client_is_refused(here):
    told = CliRunner().invoke(app, ["verify", str(here / "bundle"), "--rerun"])
    assert told.exit_code == 2
    assert "Name it with --client." in told.output
