"""A night: the reports of many clients, unattended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.batch.bundle import clear_leftovers
from drivers.batch.failure import forget_reason, keep_reason
from drivers.batch.hands import Hands, chosen_hands
from drivers.batch.job import Job, Result
from drivers.batch.journal import Journal
from drivers.batch.listing import listed_clients, planned_jobs
from drivers.batch.lock import held
from drivers.batch.notebook import default_notebook, wanted_formats
from drivers.batch.overview import write_overview
from drivers.batch.schedule import Limits, run_jobs
from drivers.batch.settings import Engine
from drivers.batch.telling import Teller, summary, summary_table, teller

STATE = ".batch"
"""Folder in that of all reports with the lock and the journal of a run."""


@dataclass(frozen=True, slots=True)
class Night:
    """How a batch is run.

    Attributes
    ----------
    out
        The folder of all reports.
    limits
        Workers, tries and time.
    engine
        "warm" or "cold".
    cluster
        Address of a Dask scheduler whose workers do the jobs; None does them here.
    log
        File to which lines of JSON are added; None writes none.
    terminal
        Whether a person watches.
    """

    out: Path
    limits: Limits
    engine: Engine = "warm"
    cluster: str | None = None
    log: Path | None = None
    terminal: bool = False


def listed_jobs(clients: Path, only: str | None, like: Job) -> tuple[Job, ...]:
    """The jobs of the clients in a folder or list, all like this one.

    Raises
    ------
    ConfigError
        When there is no client, or two clients would share a folder.
    """
    return planned_jobs(listed_clients(clients, only), like)


def job_like(out: Path, wave: str | None, formats: str | None, notebook: Path | None, *, resume: bool) -> Job:
    """What the jobs of a command line have in common.

    Raises
    ------
    ConfigError
        When there is no such format.
    """
    source = (notebook or default_notebook()).resolve()
    return Job("", str(out), str(source), "", wave, formats=wanted_formats(formats, source), resume=resume)


def render_batch(jobs: Sequence[Job], night: Night) -> tuple[tuple[Result, ...], str]:
    """Render every report; returns how each ended, and the table for a person.

    A run of the same jobs that was killed is finished: what it had done is left if its input is unchanged.

    Raises
    ------
    ReportError
        When another run uses the folder, or it cannot be written.
    """
    state, start = night.out / STATE, time.perf_counter()
    with held(state / "lock", f"The folder {night.out}"), teller(len(jobs), night.log, terminal=night.terminal) as told:
        clear_leftovers(night.out)
        journal = Journal(state, jobs)
        if journal.before:
            done = sum(map(len, journal.before.values()))
            told.noticed(f"An earlier run of the same jobs was cut off; the {done} reports it had done are kept.")
        known = [replace(job, before=journal.before.get(job.client, ())) for job in jobs]
        results = _rendered(known, night, journal, told)
        journal.close()
        write_overview(night.out)
        sums = summary(results, time.perf_counter() - start)
        told.summed_up(sums)
    return results, summary_table(results, sums, night.out)


def _rendered(jobs: Sequence[Job], night: Night, journal: Journal, told: Teller) -> tuple[Result, ...]:
    results: list[Result] = []
    with closing(run_jobs(jobs, _hands(night, told), night.limits, told.started)) as ended:
        for result in ended:
            (keep_reason if result.failed else forget_reason)(night.out, result)
            journal.note(result)
            told.ended(result)
            results.append(result)
    return tuple(results)


def _hands(night: Night, told: Teller) -> Hands:
    if not night.cluster:
        return chosen_hands(night.engine, told.noticed)
    from drivers.batch.cluster import ClusterHands  # loads what workers compute with, as nothing else here does

    return ClusterHands(night.cluster, night.engine, told.noticed)


def exit_status(results: Sequence[Result]) -> int:
    """The code a batch ends with: 0 all done, 1 some failed, else the gravest error's own code."""
    codes = [result.exit_code for result in results if result.failed]
    if len(codes) < len(results):
        return 1 if codes else 0
    return max(codes, default=0)
