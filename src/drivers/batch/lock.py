"""One run at a time: who holds a folder, and the refusal of whoever comes second.

The operating system lets go of a lock when its holder dies, however it dies, so no lock is ever stale. The note beside
it only tells a person who holds it.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from drivers.errors import ReportError


@contextmanager
def held(file: Path, what: str, *, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock in this file while the block runs.

    Parameters
    ----------
    file
        The lock; its folder is made. A note with the holder stands beside it as long as it is held.
    what
        What is locked, for the refusal: ``"The folder reports"``.
    patience
        Seconds to wait for a holder, such as a process that was killed and is about to be gone.

    Raises
    ------
    ReportError
        When another process holds it, or the folder cannot be written.
    """
    note = file.with_suffix(".holder.json")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(file, timeout=patience)
        lock.acquire()
    except Timeout as error:
        raise ReportError(f"{what} is in use by another run{_holder(note)}. Wait until it has ended.") from error
    except OSError as error:
        raise ReportError(f"{what} cannot be locked: {error.strerror or error}. See that it can be written.") from error
    try:
        with suppress(OSError):
            note.write_text(json.dumps(_myself()), encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def _myself() -> dict[str, object]:
    return {
        "process": os.getpid(),
        "machine": platform.node(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _holder(note: Path) -> str:
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        return f" (process {known['process']} on {known['machine']}, since {known['since']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
