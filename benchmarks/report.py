"""Where the seconds of one report go: start-up, kernel, each cell, page; and whole runs of the command."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from drivers import client_findings, load_client, load_survey, section
from drivers.present.sections import SECTIONS

SAMPLE = Path(__file__).parents[1] / "data" / "sample" / "noordzee-telecom" / "client.toml"
COMMAND = Path(sys.executable).with_name("drivers")
IMPORTS = ("drivers", "pandas", "statsmodels.api", "pingouin", "seaborn", "papermill", "nbconvert")


def seconds_of(arguments: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def show(name: str, seconds: float) -> None:
    print(f"{name:<44} {seconds:7.2f} s")


def commands() -> None:
    show("python -c pass", seconds_of([sys.executable, "-c", "pass"]))
    for module in IMPORTS:
        show(f"python -c 'import {module}'", seconds_of([sys.executable, "-c", f"import {module}"]))
    show("drivers report --help", seconds_of([str(COMMAND), "report", "--help"]))
    with tempfile.TemporaryDirectory() as folder:
        whole = [str(COMMAND), "report", str(SAMPLE), "--wave", "2025", "--out", folder, "--quiet"]
        show("drivers report, one wave, whole process", seconds_of(whole))
        cells = json.loads(next(Path(folder).rglob("findings.json")).read_text(encoding="utf-8"))
        print(f"  (base {cells['importance']['base']}, {cells['draws']} draws)")


def inside() -> None:
    """The same work in this process, imports done."""
    start = time.perf_counter()
    client = load_client(SAMPLE)
    survey = load_survey(client, "2025")
    show("load_client and load_survey", time.perf_counter() - start)
    start = time.perf_counter()
    findings = client_findings(survey, client)
    show("client_findings", time.perf_counter() - start)
    start = time.perf_counter()
    for name in SECTIONS:
        section(findings, name)._repr_html_()
    show("all sections as HTML", time.perf_counter() - start)


if __name__ == "__main__":
    commands()
    inside()
