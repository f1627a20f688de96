"""Where the warm engine cannot be, a kernel of its own takes its place, and an empty environment is no hindrance."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import drivers
from drivers.batch import hands
from drivers.batch.hands import ColdHands, WarmHands, chosen_hands
from drivers.batch.job import Job
from report_client import TINY, contents, write_client

linux = pytest.mark.skipif(sys.platform != "linux", reason="forks of a warm server are for Linux")
SOURCE = str(Path(drivers.__file__).parents[1])
FORKABLE = "import sys, threading; from drivers.batch.warm import may_fork; sys.stdout.write(str(may_fork()))"
THREADED = "import threading, time; threading.Thread(target=time.sleep, args=(600,), daemon=True).start()\n"


@pytest.fixture
def job(tmp_path):
    return Job(str(write_client(tmp_path / "client")), str(tmp_path / "reports"), str(TINY), "noordzee")


@linux
def test_a_server_with_a_thread_is_not_used_and_the_report_comes_from_a_kernel_of_its_own(monkeypatch, job, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(THREADED, encoding="utf-8")
    monkeypatch.setitem(hands.SERVER_ENVIRONMENT, "PYTHONPATH", f"{tmp_path / 'site'}{os.pathsep}{SOURCE}")
    told = []
    warm = WarmHands(told.append)
    try:
        result = warm.do(job, 120)
    finally:
        warm.close()
    assert told == ["The warm server did not start; every report starts a kernel of its own."]
    assert result.status == "done"


@linux
def test_a_server_that_is_gone_is_started_anew_until_it_is_gone_too_often_or_the_run_ends(monkeypatch, job):
    monkeypatch.setattr(hands, "_LIVES", 2)
    told = []
    warm = WarmHands(told.append)
    try:
        monkeypatch.setattr(warm, "_cold", Told())
        hands.end_process(warm._server.pid)
        assert warm.do(job, 120).status == "done"
        assert told == ["The warm server was gone and has been started anew."]
        hands.end_process(warm._server.pid)
        assert [warm.do(job, 120), warm.do(job, 120)] == ["cold", "cold"]
    finally:
        warm.close()
    assert told[1:] == ["The warm server is gone; from here every report starts a kernel of its own."]
    warm._serves, warm._lives = True, 1  # as where the run is stopped while its server is gone
    assert (warm._connected(), warm._serves, len(told)) == (None, False, 2)


class Told:
    def do(self, job, seconds):
        return "cold"

    def close(self):
        pass


@pytest.mark.parametrize(("engine", "system"), [("cold", "linux"), ("warm", "darwin"), ("warm", "win32")])
def test_without_forks_every_report_starts_a_process_of_its_own(monkeypatch, engine, system):
    monkeypatch.setattr(hands.sys, "platform", system)
    assert isinstance(chosen_hands(engine, pytest.fail), ColdHands)


@linux
def test_a_process_with_a_thread_may_not_fork():
    from drivers.batch.warm import may_fork

    stop = threading.Event()
    other = threading.Thread(target=stop.wait)
    other.start()
    try:
        assert not may_fork()
    finally:
        stop.set()
        other.join()
    command, environment = [sys.executable, "-c", FORKABLE], os.environ | hands.SERVER_ENVIRONMENT
    alone = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    assert alone.stdout == "True"


def test_a_batch_needs_nothing_of_its_environment_and_gives_the_same_bytes(tmp_path):
    write_client(tmp_path / "clients" / "curaçao", name="Curaçao & Zonen €")
    command = [sys.executable, "-m", "drivers.cli", "batch", "clients", "--notebook", str(TINY), "--out"]
    bare = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ} | {"PYTHONPATH": SOURCE}
    for name, environment in (("bare", bare), ("full", os.environ | {"PYTHONPATH": SOURCE})):
        ended = subprocess.run([*command, name], cwd=tmp_path, env=environment, capture_output=True, timeout=240)
        assert (ended.returncode, ended.stderr) == (0, b""), ended.stderr
        assert json.loads(ended.stdout.splitlines()[-1])["done"] == 1
    assert contents(tmp_path / "bare" / "curacao-zonen") == contents(tmp_path / "full" / "curacao-zonen")
