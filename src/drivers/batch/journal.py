"""The journal of a batch: what is done, on disk before the next job starts, so that a killed run can be finished."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import drivers
from drivers.batch.job import Job, Result

NAME = "journal.jsonl"


class Journal:
    """What the run of these jobs has done, and what an earlier run of the same jobs did before it was killed.

    Parameters
    ----------
    folder
        Where the journal stands.
    jobs
        The jobs of this run: a journal of other jobs is no matter of theirs.
    """

    def __init__(self, folder: Path, jobs: Sequence[Job]) -> None:
        self._file, self._plan = folder / NAME, _plan(jobs)
        self.before = _done_before(self._file, self._plan)
        if not self.before:
            folder.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps({"plan": self._plan}) + "\n", encoding="utf-8")

    def note(self, result: Result) -> None:
        """Write down a result; failures are tried again by the next run and stay out."""
        if result.failed:
            return
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write(result.line())
            stream.flush()
            os.fsync(stream.fileno())

    def close(self) -> None:
        """Forget it: the run has come to its end."""
        self._file.unlink(missing_ok=True)


def _plan(jobs: Sequence[Job]) -> str:
    told = json.dumps([drivers.__version__, *(asdict(job) for job in jobs)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _done_before(file: Path, plan: str) -> dict[str, tuple[str, ...]]:
    """Waves done by client file ("" for a survey without waves); empty for another plan or no readable journal."""
    try:
        head, *lines = file.read_text(encoding="utf-8").splitlines()
        if json.loads(head).get("plan") != plan:
            return {}
    except (OSError, ValueError):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for line in lines:
        try:
            result = Result.read(line)
        except (ValueError, TypeError):
            continue  # the line during which the run was killed
        found[result.client] = (*found.get(result.client, ()), result.wave or "")
    return found
