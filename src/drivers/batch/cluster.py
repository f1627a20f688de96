"""Jobs on more than one machine, by dask.distributed: a worker renders, the bundle comes back and is put in place here.

Client files, surveys and the notebook must be found under the same paths on every machine (a shared disk, or the same
image). Reports need no shared disk: they travel as bytes and appear here whole or not at all.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock
from typing import Any

import drivers
from drivers.batch.bundle import draft, folder_name
from drivers.batch.failure import FOLDER
from drivers.batch.hands import Hands, chosen_hands, died
from drivers.batch.job import Job, Result
from drivers.batch.settings import Engine
from drivers.batch.work import standing_report
from drivers.errors import ConfigError, DriversError, EngineError, ReportError

_CONNECT_SECONDS = 10
_starting = Lock()


class ClusterHands:
    """Workers of a Dask cluster; each job runs there in a process of its own.

    Parameters
    ----------
    address
        Address of the scheduler, such as ``tcp://10.0.0.1:8786``.
    engine
        "warm" or "cold": how the workers do the jobs. A warm worker keeps a server of its own.
    notify
        Takes one sentence where the cluster has no worker yet.

    Raises
    ------
    ConfigError
        When dask.distributed is not installed, or the address is none.
    EngineError
        When nobody answers at the address.
    """

    def __init__(self, address: str, engine: Engine, notify: Callable[[str], None]) -> None:
        self._engine: Engine = engine
        self._client: Any = _connected(address)
        if not self._threads():
            notify(f"The cluster at {address} has no worker yet; reports wait for the first.")

    @property
    def places(self) -> int:
        """As many jobs side by side as the workers have threads now."""
        return self._threads() or os.cpu_count() or 1

    def do(self, job: Job, seconds: float | None) -> Result:
        """Do the job on a worker and put its report in place here."""
        if (standing := _standing(job)) is not None:
            return standing
        line = replace(job, home=str(Path.cwd())).line()
        try:
            sent = self._client.submit(remote_job, drivers.__version__, line, self._engine, seconds, pure=False)
            line, files = sent.result()
        except Exception as error:  # noqa: BLE001 - whatever the cluster raises, the other reports go on
            return replace(died(job, 1, 0.0), message=_cluster_fault(error))
        return _placed(Result.read(line), Path(job.out), files)

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        self._client.close()

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())


def remote_job(version: str, line: str, engine: Engine, seconds: float | None) -> tuple[str, dict[str, bytes]]:
    """On a worker: do the job in a folder of its own; returns the result and every file that it made.

    Raises
    ------
    EngineError
        When the worker has another version of the suite than the caller, for its numbers may differ.
    """
    if version != drivers.__version__:
        raise EngineError(f"the worker has satisfaction-drivers {drivers.__version__}, this machine {version}")
    with TemporaryDirectory(prefix="drivers-") as home:
        result = _hands(engine).do(replace(Job.read(line), out=home), seconds)
        made = (path for path in Path(home).rglob("*") if path.is_file())
        files = {path.relative_to(home).as_posix(): path.read_bytes() for path in made}
    return result.line(), files


def _hands(engine: Engine) -> Hands:
    with _starting:  # a worker with several threads starts one server
        return _started_hands(engine)


@cache
def _started_hands(engine: Engine) -> Hands:
    return chosen_hands(engine, logging.getLogger(__name__).warning)


def _connected(address: str) -> Any:  # noqa: ANN401 - distributed is untyped
    try:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port
    except ImportError as error:
        raise ConfigError(
            "--cluster needs dask.distributed. Install it: pip install 'satisfaction-drivers[cluster]'"
        ) from error
    try:
        place = get_address_host_port(address)
    except ValueError as error:
        raise ConfigError(f"--cluster {address} is no address: {error}. Write tcp://HOST:8786.") from error
    try:
        socket.create_connection(place, timeout=_CONNECT_SECONDS).close()  # the client of Dask complains for long
        return Client(address, timeout=_CONNECT_SECONDS, set_as_default=False)
    except OSError as error:
        raise EngineError(
            f"No Dask scheduler answers at {address}: {error.strerror or error}. "
            "See that `dask scheduler` runs there and that this machine may reach it."
        ) from error


def _standing(job: Job) -> Result | None:
    """The report that may be left as it stands here, where the workers do not see it."""
    try:
        return standing_report(job) if job.resume or job.before else None
    except DriversError:
        return None  # the worker says why, as it does of every other failure


def _cluster_fault(error: Exception) -> str:
    told = " ".join(str(error).split()) or type(error).__name__
    return f"The cluster did not do the report: {told}. See that every worker has this version of the suite and lives."


def _placed(result: Result, out: Path, files: Mapping[str, bytes]) -> Result:
    folder = out / result.slug / folder_name(result.wave)
    if result.failed:
        _write({name: data for name, data in files.items() if name.startswith(f"{FOLDER}/")}, out)
        return result
    home = folder.relative_to(out).as_posix()
    try:
        with draft(folder) as partial:
            _write({n.removeprefix(f"{home}/"): data for n, data in files.items() if n.startswith(f"{home}/")}, partial)
    except ReportError as error:
        return replace(result, status="failed", error="ReportError", message=str(error), exit_code=4)
    headline = folder / Path(result.folder).name if result.folder and Path(result.folder).suffix else folder
    return replace(result, folder=str(headline))


def _write(files: Mapping[str, bytes], home: Path) -> None:
    for name, data in files.items():
        file = home / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)
