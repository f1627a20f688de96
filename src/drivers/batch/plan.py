"""The plan of a batch: what it would do, without doing it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from drivers.batch.bundle import bundle_folder
from drivers.batch.job import Job
from drivers.batch.standing import unchanged
from drivers.client import load_client
from drivers.errors import DriversError
from drivers.survey.waves import report_waves


def plan_text(jobs: Sequence[Job]) -> str:
    """What a batch would do, a line for each report; a client that cannot be reported on is named with the reason."""
    return "\n".join(line for job in jobs for line in _planned(job))


def _planned(job: Job) -> list[str]:
    try:
        client = load_client(job.client)
        waves = report_waves(client, job.wave)
        folders = [bundle_folder(Path(job.out), client.slug, wave) for wave in waves]
        left = [
            job.resume and unchanged(folder, client, wave, Path(job.notebook), job.formats)
            for wave, folder in zip(waves, folders, strict=True)
        ]
    except DriversError as error:
        return [f"fails   {job.client}: {' '.join(str(error).split())}"]
    return [f"{'keep' if kept else 'render':<7} {folder}" for folder, kept in zip(folders, left, strict=True)]
