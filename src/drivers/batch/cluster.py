"""Jobs on more than one machine, by dask.distributed: a worker renders, the bundle comes back and is put in place here.

Client files, surveys and the notebook must be found under the same paths on every machine (a shared disk, or the same
image). Reports need no shared disk: they travel as bytes and appear here whole or not at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from drivers.batch.bundle import draft, folder_name
from drivers.batch.failure import FOLDER
from drivers.batch.hands import ColdHands, died
from drivers.batch.job import Job, Result
from drivers.batch.work import standing_report
from drivers.errors import ConfigError, DriversError, ReportError


class ClusterHands:
    """Workers of a Dask cluster; each job runs there in a process of its own.

    Parameters
    ----------
    address
        Address of the scheduler, such as ``tcp://10.0.0.1:8786``.

    Raises
    ------
    ConfigError
        When dask.distributed is not installed, or nobody answers at the address.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError as error:
            raise ConfigError(
                "--cluster needs dask.distributed. Install it: pip install 'satisfaction-drivers[cluster]'"
            ) from error
        try:
            self._client: Any = Client(address, set_as_default=False)
        except (OSError, ValueError) as error:
            raise ConfigError(f"No Dask scheduler answers at {address}: {error}. Check the address.") from error

    def do(self, job: Job, seconds: float | None) -> Result:
        """Do the job on a worker and put its report in place here."""
        from distributed import CancelledError, KilledWorker

        try:
            standing = standing_report(job)
        except DriversError:
            standing = None  # the worker says why, as it does of every other failure
        if standing is not None:
            return standing
        future = self._client.submit(remote_job, job.line(), seconds, pure=False)
        try:
            line, files = future.result()
        except (KilledWorker, CancelledError):
            return replace(died(job, 1, 0.0), message="The worker of the cluster died with the report.")
        return _placed(Result.read(line), Path(job.out), files)

    def close(self) -> None:
        """Leave the cluster; it goes on without us."""
        self._client.close()


def remote_job(line: str, seconds: float | None) -> tuple[str, dict[str, bytes]]:
    """On a worker: do the job in a folder of its own; returns the result and every file that it made."""
    with TemporaryDirectory(prefix="drivers-") as home:
        result = ColdHands().do(replace(Job.read(line), out=home), seconds)
        made = (path for path in Path(home).rglob("*") if path.is_file())
        files = {path.relative_to(home).as_posix(): path.read_bytes() for path in made}
    return result.line(), files


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
