"""Jobs on a Dask cluster: a real one of two worker processes on this machine."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import psutil
import pytest

from drivers.batch.cluster import ClusterHands, remote_job
from drivers.errors import ConfigError, EngineError
from report_client import contents, write_client, write_notebook

pytest.importorskip("distributed", reason="dask.distributed is an optional extra")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are watched as Linux shows them")
CLUSTER = """\
from distributed import LocalCluster
if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        input()
"""
DONE = "import json; open(findings_file, 'w').write(json.dumps({'exclusions': [], 'warnings': []}));"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    script = tmp_path_factory.mktemp("cluster") / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    process = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process.stdout.readline().strip()
    process.communicate("\n", timeout=60)


def batch(home, out, *more):
    base = [sys.executable, "-m", "drivers.cli", "batch", "clients", "--out", out, "--notebook", "shown.ipynb"]
    return subprocess.Popen([*base, *more], cwd=home, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def ended(process):
    told, said = process.communicate(timeout=240)
    return process.returncode, [json.loads(line) for line in told.splitlines()], said


def reports(home, out):
    return {name: data for name, data in contents(home / out).items() if not name.startswith(".batch/")}


def test_a_cluster_gives_the_bytes_that_this_machine_gives_and_a_broken_client_stops_nobody(cluster, tmp_path):
    write_client(tmp_path / "clients" / "aalst", name="Aalst", waves=("2024", "2025"))
    write_client(tmp_path / "clients" / "breda", name="Breda")
    write_client(tmp_path / "clients" / "cadzand", name="Cadzand")
    (tmp_path / "clients" / "breda" / "survey.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (tmp_path / "clients" / "cadzand" / "client.toml").write_text("client = 7\n", encoding="utf-8")
    write_notebook(tmp_path / "shown.ipynb", "import drivers\ndrivers.load_survey(drivers.load_client(client))", DONE)
    here, far = ended(batch(tmp_path, "here")), ended(batch(tmp_path, "far", "--cluster", cluster))
    assert (here[0], far[0]) == (1, 1), far[2]
    assert (far[1][-1]["done"], far[1][-1]["failed"]) == (2, 2)
    assert reports(tmp_path, "far") == reports(tmp_path, "here")
    reasons = {name for name in reports(tmp_path, "far") if name.endswith("reason.txt")}
    assert reasons == {"_failed/breda/all/reason.txt", "_failed/cadzand/all/reason.txt"}
    again = ended(batch(tmp_path, "far", "--cluster", cluster, "--resume"))
    assert (again[1][-1]["skipped"], again[1][-1]["failed"]) == (2, 2)


def test_a_report_whose_worker_is_killed_comes_back_whole_from_another(cluster, tmp_path):
    marker = tmp_path / "process"
    busy = (
        f"import os, pathlib, time\nmarker = pathlib.Path({str(marker)!r})\n"
        "if not marker.exists():\n    marker.write_text(str(os.getpid()))\n    time.sleep(120)"
    )
    for name in ("aalst", "breda"):
        write_client(tmp_path / "clients" / name, name=name.title())
    write_notebook(tmp_path / "shown.ipynb", "'one'", busy, "'two'", DONE)
    running = batch(tmp_path, "far", "--cluster", cluster)
    worker, report = wait_for(lambda: family_of(marker))
    worker.kill()
    code, told, said = ended(running)
    assert code == 0, (told, said)
    assert told[-1]["done"] == 2
    assert reports(tmp_path, "far").keys() == {
        f"{name}/all/{file}" for name in ("aalst", "breda") for file in FILES
    } | {"index.html"}
    assert wait_for(lambda: not report.is_running() or report.status() == psutil.STATUS_ZOMBIE)
    ended(batch(tmp_path, "here"))
    assert reports(tmp_path, "far") == reports(tmp_path, "here")


FILES = ("findings.json", "report.html", "report.ipynb", "run.json")


def wait_for(condition, seconds=120):
    end = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.1)
    return found


def family_of(marker):
    """The worker of the cluster above the process that wrote its number, and that process."""
    if not marker.is_file() or not (number := marker.read_text()):
        return None
    process = psutil.Process(int(number))
    return next(one for one in process.parents() if "spawn_main" in " ".join(one.cmdline())), process


def test_a_night_whose_cluster_is_gone_is_finished_here(tmp_path):
    for name in ("aalst", "breda"):
        write_client(tmp_path / "clients" / name, name=name.title())
    begun = tmp_path / "begun"
    first = (
        f"import pathlib, time\nbegun = pathlib.Path({str(begun)!r})\n"
        "if not begun.exists():\n    begun.touch()\n    time.sleep(120)"
    )
    write_notebook(tmp_path / "shown.ipynb", first, DONE)
    script = tmp_path / "cluster.py"
    script.write_text(CLUSTER, encoding="utf-8")
    cluster = subprocess.Popen([sys.executable, script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    running = batch(tmp_path, "far", "--cluster", cluster.stdout.readline().strip(), "--jobs", "1")
    wait_for(begun.exists)
    for process in (*psutil.Process(cluster.pid).children(recursive=True), psutil.Process(cluster.pid)):
        process.kill()
    cluster.communicate()
    code, told, said = ended(running)
    assert (code, told[-1]["done"]) == (0, 2), (told, said)


def test_where_no_scheduler_answers_the_run_ends_with_code_4_and_a_remedy(tmp_path):
    write_client(tmp_path / "clients" / "aalst", name="Aalst")
    write_notebook(tmp_path / "shown.ipynb", DONE)
    code, told, said = ended(batch(tmp_path, "far", "--cluster", "tcp://127.0.0.1:1"))
    assert (code, told) == (4, [])
    assert "No Dask scheduler answers at tcp://127.0.0.1:1: Connection refused. See that `dask scheduler`" in said
    assert "Traceback" not in said


def test_what_is_no_address_is_a_wrong_command():
    with pytest.raises(ConfigError, match=r"--cluster nonsense is no address: .*Write tcp://HOST:8786"):
        ClusterHands("nonsense", "warm", print)


def test_without_the_extra_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigError, match=r"pip install 'satisfaction-drivers\[cluster\]'"):
        ClusterHands("tcp://127.0.0.1:1", "warm", print)


def test_a_worker_of_another_version_does_nothing():
    with pytest.raises(EngineError, match=r"the worker has satisfaction-drivers .*, this machine 0\.0\.0"):
        remote_job("0.0.0", "{}", "cold", None)
