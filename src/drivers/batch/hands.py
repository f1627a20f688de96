"""Who does the jobs of a batch: a new process for each, or forks of a warm server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from subprocess import PIPE
from threading import Lock
from typing import Protocol

import psutil

from drivers.batch.job import Job, Result
from drivers.batch.settings import SERVER_ENVIRONMENT, WARM, Engine

_GONE_SECONDS = 5
_LIVES = 3
"""How many servers one batch starts: where they are killed that often, the machine has no room for them."""


class Hands(Protocol):
    """Does one job at a time, from several threads at once."""

    @property
    def places(self) -> int:
        """How many jobs it is wise to do side by side."""

    def do(self, job: Job, seconds: float | None) -> Result:
        """Do the job within this time (None: however long it takes); an end that nobody wished is a result too."""

    def close(self) -> None:
        """End every process that is left."""


class ColdHands:
    """A new Python process for each job, with a kernel of its own."""

    places = os.cpu_count() or 1

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[str]] = set()
        self._closed, self._starting = False, Lock()

    def do(self, job: Job, seconds: float | None) -> Result:
        """Do the job in a new process."""
        start = time.perf_counter()
        process = self._started()
        if process is None:
            return died(job, 1, 0.0)
        try:
            told, _ = process.communicate(replace(job, engine=None).line(), timeout=seconds)
        except subprocess.TimeoutExpired:
            end_process(process.pid)
            process.communicate()
            return over_time(job, seconds, time.perf_counter() - start)
        finally:
            self._running.discard(process)
        lines = told.strip().splitlines()
        if process.returncode == 0 and lines:
            return Result.read(lines[-1])
        return died(job, process.returncode, time.perf_counter() - start)

    def close(self) -> None:
        """End the processes that still run, and start no more."""
        with self._starting:  # a process that is about to run is seen
            self._closed = True
        for process in tuple(self._running):
            end_process(process.pid)

    def _started(self) -> subprocess.Popen[str] | None:
        command = [sys.executable, "-m", "drivers.batch.worker", str(os.getpid())]
        with self._starting:
            if self._closed:
                return None
            process = subprocess.Popen(
                command, stdin=PIPE, stdout=PIPE, text=True, encoding="utf-8", start_new_session=True
            )
            self._running.add(process)
        return process


class WarmHands:
    """Forks of a server that has imported everything; new processes where it cannot start or is gone too often.

    Parameters
    ----------
    notify
        Takes one sentence where the server is not used, or no longer.
    """

    places = ColdHands.places

    def __init__(self, notify: Callable[[str], None]) -> None:
        self._notify, self._cold = notify, ColdHands()
        self._folder = tempfile.TemporaryDirectory(prefix="drivers-")
        self._lives, self._closed = _LIVES, False
        self._server: subprocess.Popen[str] | None = None
        self._calling, self._spawning = Lock(), Lock()
        self._serves = self._started()
        if not self._serves:
            notify("The warm server did not start; every report starts a kernel of its own.")

    def do(self, job: Job, seconds: float | None) -> Result:
        """Do the job in a fork of the server."""
        start = time.perf_counter()
        connection = self._connected()
        if connection is None:
            return self._cold.do(job, seconds)
        process = 0
        try:
            with connection, connection.makefile("rw", encoding="utf-8", newline="\n") as stream:
                connection.settimeout(seconds)
                process = int(stream.readline() or 0)
                stream.write(replace(job, engine=WARM).line())
                stream.flush()
                told, status = stream.readline(), stream.readline()
        except TimeoutError:
            end_process(process)
            return over_time(job, seconds, time.perf_counter() - start)
        except OSError:
            told, status = "", ""
        if told.startswith("{"):
            return Result.read(told)
        return died(job, int((told or status).strip() or 1), time.perf_counter() - start)

    def close(self) -> None:
        """End the server and every process that it forked, and start no more."""
        with self._spawning:  # a server that is about to run is seen
            self._closed = True
        if self._server is not None:
            _ended(self._server)
        self._cold.close()
        self._folder.cleanup()

    def _connected(self) -> socket.socket | None:
        with self._calling:  # where the server is gone, one caller starts it anew and the others wait for that
            while self._serves:
                connection = socket.socket(socket.AF_UNIX)
                try:
                    connection.connect(self._path)
                except OSError:
                    connection.close()
                    self._serves = self._started_anew()
                else:
                    return connection
        return None

    def _started_anew(self) -> bool:
        if self._closed:
            return False
        if self._server is not None:
            _ended(self._server)
        if self._lives and self._started():
            self._notify("The warm server was gone and has been started anew.")
            return True
        self._notify("The warm server is gone; from here every report starts a kernel of its own.")
        return False

    @property
    def _path(self) -> str:
        """The socket of the server that was started last: each has its own, for a killed one leaves it behind."""
        return str(Path(self._folder.name) / f"server-{self._lives}")

    def _started(self) -> bool:
        environment = {**os.environ, **SERVER_ENVIRONMENT}
        with self._spawning:
            if self._closed:
                return False
            self._lives -= 1
            command = [sys.executable, "-m", "drivers.batch.server", self._path, str(os.getpid())]
            self._server = subprocess.Popen(command, env=environment, stdout=PIPE, text=True, start_new_session=True)
        if self._server.stdout is not None and self._server.stdout.readline().strip() == "ready":
            return True
        _ended(self._server)
        return False


def chosen_hands(engine: Engine, notify: Callable[[str], None]) -> Hands:
    """The hands of an engine; the warm one needs Linux."""
    return WarmHands(notify) if engine == "warm" and sys.platform == "linux" else ColdHands()


def over_time(job: Job, limit: float | None, seconds: float) -> Result:
    """The result of a job that was stopped at its limit."""
    message = (
        f"The report took longer than {limit:g} seconds and was stopped with all its processes. "
        "Raise --timeout, or lower `draws` in the client file."
    )
    return Result(
        job.client,
        job.slug,
        job.wave,
        "failed",
        error="ReportError",
        message=message,
        exit_code=4,
        seconds=round(seconds, 2),
    )


def died(job: Job, status: int, seconds: float) -> Result:
    """The result of a job whose process ended without one."""
    how = f"was killed by signal {-status}" if status < 0 else f"ended with status {status}"
    message = f"The process of the report {how}. It may have run out of memory; see the system's log."
    return Result(
        job.client, job.slug, job.wave, "failed", error="EngineError", message=message, exit_code=4, engine_fault=True,
        seconds=round(seconds, 2),
    )  # fmt: skip


def _ended(process: subprocess.Popen[str]) -> None:
    end_process(process.pid)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def end_process(number: int) -> None:
    """Kill a process and everything that it started."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(number)
        all_of_it = [*process.children(recursive=True), process]
        for each in all_of_it:
            with suppress(psutil.NoSuchProcess):
                each.kill()
        psutil.wait_procs(all_of_it, timeout=_GONE_SECONDS)
