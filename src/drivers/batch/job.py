"""A job: one report to render in a process of its own, and how it ended; both travel as one line of JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, Self


class _Line:
    """What can be written on one line and read back."""

    __slots__ = ()

    def line(self) -> str:
        """As one line of JSON, with its end."""
        return json.dumps(asdict(self), ensure_ascii=False) + "\n"  # type: ignore[call-overload]

    @classmethod
    def read(cls, line: str) -> Self:
        """Read back what `line` wrote."""
        found: dict[str, Any] = json.loads(line)
        return cls(**{key: tuple(value) if isinstance(value, list) else value for key, value in found.items()})


@dataclass(frozen=True, slots=True)
class Job(_Line):
    """One report to render.

    Attributes
    ----------
    client, out, notebook
        Paths of the client file, of the folder of all reports and of the notebook, as the caller names them.
    slug
        Name of the client's folder in that of all reports.
    wave
        The wave; None for a survey without waves.
    every_wave
        Whether the waves are still to be looked up: this job then renders the first and hands back the others.
    formats
        Files of the bundle.
    resume
        Whether a report of unchanged input is left as it stands.
    before
        Waves that a killed run of the same jobs had done ("" for a survey without waves): left as they stand if the
        input is unchanged.
    engine
        Name of the papermill engine that executes the notebook: None for a kernel of its own.
    home
        Folder in which relative paths start; None for the one that the process was started in.
    """

    client: str
    out: str
    notebook: str
    slug: str
    wave: str | None = None
    every_wave: bool = True
    formats: tuple[str, ...] = ("html", "json", "ipynb")
    resume: bool = False
    before: tuple[str, ...] = ()
    engine: str | None = None
    home: str | None = None

    def for_wave(self, wave: str | None) -> Job:
        """The same job on one wave."""
        return replace(self, wave=wave, every_wave=False)


@dataclass(frozen=True, slots=True)
class Result(_Line):
    """How a job ended.

    Attributes
    ----------
    client, slug, wave
        The path of the client file, the name of its folder, and the wave; None where there is none, or it was not
        reached.
    status
        "done", "skipped" (unchanged) or "failed".
    folder
        The bundle; None where it failed.
    error, message, exit_code
        Class of the error, its text in one line, and the code it stands for.
    engine_fault
        Whether the engine failed and not the data, so that another try may succeed.
    more
        Waves of this client that are still to be rendered.
    seconds, memory
        Time that the process took for it, and the most memory it held, in megabytes (10**6 bytes).
    """

    client: str
    slug: str
    wave: str | None
    status: str
    folder: str | None = None
    error: str | None = None
    message: str = ""
    exit_code: int = 0
    engine_fault: bool = False
    more: tuple[str, ...] = ()
    seconds: float = 0.0
    memory: float = 0.0

    @property
    def failed(self) -> bool:
        """Whether there is no report."""
        return self.status == "failed"
