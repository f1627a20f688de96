"""The packaging: what is declared, locked, licensed and offered by make agrees with itself."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import drivers
from source_tree import MODULES, ROOT, imports

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
DIRECT = [Requirement(text) for text in PROJECT["dependencies"]]
DEVELOPMENT = [Requirement(text) for text in PROJECT["optional-dependencies"]["dev"]]
OPTIONAL = [Requirement(text) for text in PROJECT["optional-dependencies"]["cluster"]]
CONDA_NAMES = {"matplotlib": "matplotlib-base", "seaborn": "seaborn-base"}  # without a Qt and a statsmodels of theirs
PIP_ONLY = {"typst"}  # conda-forge has the program under this name; pip brings the binding with `-e .`
CARD = ("jupyterlab", "pandas", "statsmodels", "seaborn", "pingouin", "papermill", "pytest")
COMES_WITH = {
    "IPython": "ipykernel",
    "jupyter_client": "ipykernel",
    "traitlets": "ipykernel",
    "markupsafe": "jinja2",
    "nbclient": "papermill",
    "nbformat": "nbconvert",
    "pydantic_core": "pydantic",
    "PIL": "matplotlib",
    "pptx": "python-pptx",
}
STARTED_NOT_IMPORTED = {"jupyterlab", "pytest"}


def locked() -> dict[str, list[tuple[str, int]]]:
    """Each package of the lock: its pinned versions (one for each marker), and how many hashes each has."""
    pins: dict[str, list[tuple[str, int]]] = {}
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8").replace("\\\n", " ")
    for line in text.splitlines():
        if found := re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", line):
            pins.setdefault(canonicalize_name(found[1]), []).append((found[2], line.count("--hash=sha256:")))
    return pins


def test_the_conda_environment_asks_for_what_the_project_asks_for():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    packages = [text for text in environment["dependencies"] if isinstance(text, str)]
    asked = {r.name: r.specifier for r in map(Requirement, packages)}
    assert asked.pop("pip") == ""
    assert asked.pop("python") == PROJECT["requires-python"]
    assert asked == {CONDA_NAMES.get(r.name, r.name): r.specifier for r in DIRECT if r.name not in PIP_ONLY}
    assert environment["dependencies"][-1] == {"pip": ["-e ."]}


def test_the_conda_environment_comes_from_one_channel():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    assert environment["channels"] == ["conda-forge", "nodefaults"]


@pytest.mark.parametrize("package", CARD)
def test_every_package_of_the_card_is_declared_and_used(package):
    assert package in {r.name for r in (*DIRECT, *DEVELOPMENT)}
    used = {name.split(".")[0] for module in MODULES for name in imports(module)}
    assert package in used or package in STARTED_NOT_IMPORTED


def test_what_the_source_imports_is_declared_or_comes_with_what_is():
    used = {name.split(".")[0] for module in MODULES for name in imports(module)} - {
        "drivers",
        *sys.stdlib_module_names,
    }
    assert {COMES_WITH.get(name, name) for name in used} <= {r.name for r in (*DIRECT, *OPTIONAL)}


def test_what_is_optional_is_there_for_the_tests_too():
    assert {r.name for r in OPTIONAL} <= {r.name for r in DEVELOPMENT}
    assert not {r.name for r in OPTIONAL} & {r.name for r in DIRECT}


@pytest.mark.parametrize("requirement", [*DIRECT, *DEVELOPMENT], ids=lambda r: r.name)
def test_the_lock_pins_every_direct_dependency_within_its_bounds_and_by_hash(requirement):
    pins = locked()[canonicalize_name(requirement.name)]
    assert all(pin in requirement.specifier for pin, _ in pins)
    assert all(hashes for _, hashes in pins)


def test_everything_in_the_lock_is_pinned_by_hash():
    bare = [name for name, pins in locked().items() if not all(hashes for _, hashes in pins)]
    assert bare == []


@pytest.mark.parametrize("target", ["help", "report", "test", "lint", "lab", "bench", "docs", "lock"])
def test_make_offers(target):
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    phony = next(line for line in lines if line.startswith(".PHONY:")).split()
    assert target in phony
    assert [line for line in lines if re.match(rf"{target}:.*## \w", line)], "without a text that make help shows"


def test_the_licence_is_bsd_with_three_clauses():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert text.startswith("BSD 3-Clause License\n")
    assert "Neither the name of the copyright holder" in " ".join(text.split())
    assert (PROJECT["license"], PROJECT["license-files"]) == ("BSD-3-Clause", ["LICENSE"])


def test_there_is_one_version_and_the_source_has_it():
    tool = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert PROJECT["dynamic"] == ["version"]
    assert tool["hatch"]["version"]["path"] == "src/drivers/__init__.py"
    assert version(PROJECT["name"]) == drivers.__version__
    assert f"## [{drivers.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_build_server_runs_the_tests_and_ends_as_they_do(tmp_path):
    script = tmp_path / ".ci" / "run"
    script.parent.mkdir()
    script.write_text((ROOT / ".ci" / "run").read_text(encoding="utf-8"), encoding="utf-8")
    script.chmod((ROOT / ".ci" / "run").stat().st_mode)
    for code in (0, 1):
        (tmp_path / "Makefile").write_text(f"test:\n\t@echo tested; exit {code}\n", encoding="utf-8")
        clean = {"PATH": os.environ["PATH"]}  # no CI: nothing is installed
        done = subprocess.run([script], cwd="/", env=clean, capture_output=True, text=True)
        assert done.stdout.splitlines()[0] == "tested"
        assert bool(done.returncode) is bool(code)
