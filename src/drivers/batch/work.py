"""The work of a batch: one job, done in a fresh process, with every way in which it can end as a result."""

from __future__ import annotations

import os
import platform
import resource
import sys
import time
import traceback
from dataclasses import replace
from pathlib import Path

from drivers.batch.bundle import bundle_folder
from drivers.batch.job import Job, Result
from drivers.batch.report import Rendering, render_report
from drivers.batch.secrecy import hidden
from drivers.batch.standing import unchanged
from drivers.client import Client, load_client
from drivers.errors import ConfigError, DriversError, EngineError
from drivers.survey.waves import report_waves


def do_job(job: Job) -> Result:
    """Render the report of a job; whatever goes wrong is in the result."""
    start = time.perf_counter()
    try:
        result = _rendered(job)
    except DriversError as error:
        result = _failure(job, error, str(error), error.exit_code)
    except Exception as error:  # noqa: BLE001 - the batch goes on, and says that this one is a fault of the suite
        traceback.print_exc()
        text = f"An error that the suite did not foresee: {type(error).__name__}: {error}. Please report it."
        result = _failure(job, error, text, DriversError.exit_code)
    return replace(result, seconds=round(time.perf_counter() - start, 2), memory=_memory())


def standing_report(job: Job) -> Result | None:
    """The result of a job whose report is left as it stands; None where it is to be rendered.

    Raises
    ------
    ConfigError, SurveyError
        When the client file or its survey is wrong.
    """
    client = load_client(job.client)
    one, more = _one_wave(job, client)
    return _standing(one, client, more)


def _rendered(job: Job) -> Result:
    _go_home(job)
    client = load_client(job.client)
    one, more = _one_wave(job, client)
    if (standing := _standing(one, client, more)) is not None:
        return standing
    how = Rendering(Path(one.out), one.formats, Path(one.notebook), engine=one.engine)
    try:
        bundle = render_report(client, one.wave, how)
    except DriversError as error:
        return replace(_failure(one, error, str(error), error.exit_code), more=more)
    return Result(one.client, one.slug, one.wave, "done", str(bundle.headline), more=more)


def _go_home(job: Job) -> None:
    try:
        os.chdir(job.home or ".")
    except OSError as error:
        raise ConfigError(
            f"The machine {platform.node()} has no folder {job.home}: {error.strerror}. "
            "Every machine of a cluster must find the client files under the same paths."
        ) from error


def _one_wave(job: Job, client: Client) -> tuple[Job, tuple[str, ...]]:
    waves = report_waves(client, job.wave) if job.every_wave else (job.wave,)
    return job.for_wave(waves[0]), tuple(wave for wave in waves[1:] if wave is not None)


def _standing(job: Job, client: Client, more: tuple[str, ...]) -> Result | None:
    folder = bundle_folder(Path(job.out), client.slug, job.wave)
    left = job.resume or (job.wave or "") in job.before
    if not left or not unchanged(folder, client, job.wave, Path(job.notebook), job.formats):
        return None
    return Result(job.client, job.slug, job.wave, "skipped", str(folder), more=more)


def _failure(job: Job, error: Exception, text: str, code: int) -> Result:
    message = " ".join(hidden(text).split())
    return Result(
        job.client, job.slug, job.wave, "failed", error=type(error).__name__, message=message, exit_code=code,
        engine_fault=isinstance(error, EngineError),
    )  # fmt: skip


def _memory() -> float:
    unit = 1 if sys.platform == "darwin" else 1024  # what ru_maxrss counts
    most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return round(most * unit / 1e6, 1)
