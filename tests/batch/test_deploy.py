"""The files in deploy/: each runs its command in the environment that its scheduler gives."""

from __future__ import annotations

import configparser
import json
import os
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from report_client import write_client

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
COMMAND = "/opt/drivers/.venv/bin/drivers"
CLIENTS = "/srv/drivers"
CACHE = "/var/cache/drivers"
pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not DEPLOY.is_dir(), reason="schedulers of Linux, in a source tree"
)


@pytest.fixture
def server(tmp_path):
    """A machine as the files take it to be: a folder with clients, the command, a cache, an empty home."""
    write_client(tmp_path / "srv" / "clients" / "aalst", name="Aalst")
    (tmp_path / "home").mkdir()
    command = tmp_path / "drivers"
    source = shlex.quote(str(ROOT / "src"))
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH={source} exec {shlex.quote(sys.executable)} -m drivers.cli "$@"\n', encoding="utf-8"
    )
    command.chmod(0o755)
    return tmp_path


def here(server, text):
    """The text of a file with the paths of this machine."""
    for there, path in ((COMMAND, server / "drivers"), (CLIENTS, server / "srv"), (CACHE, server / "cache")):
        text = text.replace(there, str(path))
    return text


def run(command, environment, folder):
    """Run a line of shell with this environment and no other, where no person watches."""
    return subprocess.run(
        ["/bin/sh", "-c", command], env=environment, cwd=folder, stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip


def summary(text):
    return json.loads(text.splitlines()[-1])


def all_done(server, ended, told):
    assert (ended.returncode, ended.stderr) == (0, "")
    assert (summary(told)["event"], summary(told)["done"]) == ("summary", 1)
    page = (server / "srv" / "reports" / "aalst" / "all" / "report.html").read_text(encoding="utf-8")
    assert "Aalst" in page
    assert list((server / "home").iterdir()) == [], "no cache may depend on the home of a user who has none"


def test_the_line_of_cron_runs_with_what_cron_gives(server):
    lines = [line for line in here(server, (DEPLOY / "crontab").read_text()).splitlines() if not line.startswith("#")]
    environment = dict(line.split("=", 1) for line in lines[:-1])
    fields = lines[-1].split(maxsplit=5)
    assert fields[:5] == ["0", "2", "*", "*", "*"]
    command = fields[5]
    assert "%" not in command, "cron reads % as the end of the line"
    given = {"HOME": str(server / "home"), "LOGNAME": "drivers", "SHELL": "/bin/sh", "PATH": "/usr/bin:/bin"}
    ended = run(command, given | environment, server / "home")
    assert ended.stdout == "", "cron would send it by mail every night"
    all_done(server, ended, (server / "srv" / "nightly.jsonl").read_text(encoding="utf-8"))
    assert list((server / "cache").glob("fontlist*")), "matplotlib keeps its list of fonts where the line says"


def test_cron_mails_what_failed_and_why(server):
    (server / "srv" / "clients" / "aalst" / "client.toml").write_text("client = 7", encoding="utf-8")
    command = here(server, (DEPLOY / "crontab").read_text()).splitlines()[-1].split(maxsplit=5)[5]
    ended = run(command, {"HOME": str(server / "home"), "PATH": "/usr/bin:/bin"}, server / "home")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "0 done, 0 unchanged, 1 failed" in ended.stderr
    assert "  aalst  client.toml" in ended.stderr


def unit(server, name):
    read = configparser.ConfigParser(interpolation=None, strict=True)
    read.optionxform = str
    read.read_string(here(server, (DEPLOY / "systemd" / name).read_text()))
    return read


def test_the_service_of_systemd_runs_with_its_own_environment_alone(server):
    service = unit(server, "drivers.service")["Service"]
    name, value = service["Environment"].split("=", 1)
    ended = run(service["ExecStart"], {name: value}, service["WorkingDirectory"])
    all_done(server, ended, ended.stdout)
    assert service["SuccessExitStatus"] == "1", "a night with a broken client is no broken service"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_finds_no_fault_in_the_units(server):
    for name in ("drivers.service", "drivers.timer"):
        (server / name).write_text(here(server, (DEPLOY / "systemd" / name).read_text()), encoding="utf-8")
    units = [str(server / "drivers.service"), str(server / "drivers.timer")]
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
    when = unit(server, "drivers.timer")["Timer"]["OnCalendar"]
    read = subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, text=True, check=False)
    assert read.returncode == 0
    (server / "drivers.service").write_text("[Service]\nExecStart=/no/such/command\n", encoding="utf-8")
    broken = subprocess.run(["systemd-analyze", "verify", units[0]], capture_output=True, text=True, check=False)
    assert broken.returncode != 0


def test_the_steps_of_the_workflow_render_what_it_keeps(server):
    workflow = yaml.safe_load((DEPLOY / "github" / "nightly.yml").read_text(encoding="utf-8"))
    (job,) = workflow["jobs"].values()
    assert all("@" in step["uses"] for step in job["steps"] if "uses" in step), "an action without a version changes"
    set_up, render = [step["run"] for step in job["steps"] if "run" in step]
    asked = subprocess.run(["make", "--dry-run", *set_up.split()[1:]], cwd=ROOT, capture_output=True, check=False)
    assert set_up.startswith("make ")
    assert asked.returncode == 0
    checkout = server / "srv"
    (checkout / "data").mkdir()
    (checkout / "clients").rename(checkout / "data" / "sample")
    (checkout / ".venv" / "bin").mkdir(parents=True)
    (checkout / ".venv" / "bin" / "drivers").symlink_to(server / "drivers")
    given = {"HOME": str(server / "home"), "PATH": os.defpath, "CI": "true", "MPLCONFIGDIR": str(server / "cache")}
    ended = subprocess.run(
        ["bash", "-e", "-c", render], cwd=checkout, env=given, capture_output=True, text=True, timeout=300, check=False
    )  # what GitHub does with a line of `run`
    kept = next(step["with"]["path"] for step in job["steps"] if "upload-artifact" in step.get("uses", ""))
    all_done(server, ended, ended.stdout)
    assert (checkout / kept / "nightly.jsonl").read_text(encoding="utf-8") == ended.stdout


def dag_of(path, monkeypatch):
    """What the file tells Airflow, by stand-ins for the two classes that it takes from it."""
    told = {}

    class Dag:
        def __init__(self, **how):
            told["dag"] = how

        def __enter__(self):
            return self

        def __exit__(self, *_):
            return None

    def operator(**how):
        told.setdefault("tasks", []).append(how)

    names = ("airflow", "airflow.sdk", "airflow.providers", "airflow.providers.standard",
             "airflow.providers.standard.operators", "airflow.providers.standard.operators.bash")  # fmt: skip
    modules = {name: ModuleType(name) for name in names}
    modules["airflow.sdk"].DAG = Dag
    modules[names[-1]].BashOperator = operator
    for name, module in modules.items():
        monkeypatch.setitem(sys.modules, name, module)
    runpy.run_path(str(path))
    return told


def test_the_task_of_airflow_runs_its_command(server, monkeypatch):
    monkeypatch.setenv("DRIVERS", str(server / "drivers"))
    monkeypatch.setenv("DRIVERS_HOME", str(server / "srv"))
    told = dag_of(DEPLOY / "airflow" / "drivers_nightly.py", monkeypatch)
    (task,) = told["tasks"]
    assert told["dag"]["catchup"] is False, "last month's nights are not made up for"
    assert told["dag"]["max_active_runs"] == 1
    assert task["append_env"] is True
    worker = {"HOME": str(server / "home"), "PATH": os.defpath}
    ended = run(task["bash_command"], worker | task["env"], task["cwd"])
    all_done(server, ended, ended.stdout)


def test_every_file_is_told_of_in_the_readme():
    readme = (DEPLOY / "README.md").read_text(encoding="utf-8")
    files = {
        p.relative_to(DEPLOY).as_posix() for p in DEPLOY.rglob("*") if p.is_file() and "__pycache__" not in p.parts
    }
    assert {name for name in files - {"README.md"} if f"`{name}`" not in readme} == set()
