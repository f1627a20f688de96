"""What a batch tells while it runs and in the end: a bar and a table for a person, lines of JSON for a machine."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from tqdm import tqdm

from drivers.batch.failure import FOLDER
from drivers.batch.job import Job, Result
from drivers.errors import ReportError

_WIDTH = 110  # characters of a line of the table
_ELSE = "Failed in the notebook or the engine"
_MENDED = {
    "ConfigError": "Failed, to be mended in the client file or the command",
    "SurveyError": "Failed, to be mended in the data",
    "EstimationError": "Failed, to be mended in the data",
    "ReportError": _ELSE,
}
"""What failed by the class of its error, in the order of the table."""


class Teller:
    """Tells of a batch.

    Parameters
    ----------
    streams
        Where lines of JSON go.
    bar
        The progress bar; None without a terminal.
    """

    def __init__(self, streams: Sequence[IO[str]], bar: tqdm[Any] | None) -> None:
        self._streams, self._bar = streams, bar

    def started(self, job: Job) -> None:
        """A report was begun."""
        self._write("started", client=job.client, wave=job.wave)

    def ended(self, result: Result) -> None:
        """A report is done, skipped or failed."""
        known = {
            "folder": result.folder, "seconds": result.seconds, "memory_mb": result.memory, "error": result.error,
            "message": result.message,
        }  # fmt: skip
        self._write(result.status, client=result.client, wave=result.wave, **{k: v for k, v in known.items() if v})
        if self._bar is None:
            return
        self._bar.total = (self._bar.total or 0) + len(result.more)
        if result.failed:
            self._bar.write(f"failed: {named(result)}: {result.message}", file=sys.stderr)
        self._bar.update()

    def noticed(self, text: str) -> None:
        """Something about the run itself."""
        self._write("notice", message=text)
        if self._bar is not None:
            self._bar.write(f"drivers: {text}", file=sys.stderr)

    def summed_up(self, summary: dict[str, Any]) -> None:
        """The run has ended."""
        self._write("summary", **summary)

    def _write(self, event: str, **known: Any) -> None:  # noqa: ANN401 - plain values
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = json.dumps({"time": now, "event": event, **known}, ensure_ascii=False) + "\n"
        for stream in self._streams:
            stream.write(line)
            stream.flush()


@contextmanager
def teller(jobs: int, log: Path | None, *, terminal: bool) -> Iterator[Teller]:
    """A teller: with a bar on a terminal, else with lines of JSON on standard output; and with those in `log`.

    Raises
    ------
    ReportError
        When the log cannot be written.
    """
    with ExitStack() as stack:
        streams: list[IO[str]] = [] if terminal else [sys.stdout]
        if log is not None:
            streams.append(stack.enter_context(_opened(log)))
        tqdm.monitor_interval = 0  # no thread of its own
        bar = stack.enter_context(tqdm(total=jobs, desc="Reports", unit="", leave=False)) if terminal else None
        yield Teller(streams, bar)


def _opened(log: Path) -> IO[str]:
    try:
        return log.open("a", encoding="utf-8")
    except OSError as error:
        raise ReportError(f"The log {log} cannot be written: {error.strerror}. Choose another --json-log.") from error


def summary(results: Sequence[Result], seconds: float) -> dict[str, Any]:
    """How many reports are done, skipped and failed, in how long, and the most memory that one took."""
    counted = {s: sum(result.status == s for result in results) for s in ("done", "skipped", "failed")}
    rate = counted["done"] / seconds * 60 if seconds else 0.0
    most = max((result.memory for result in results), default=0.0)
    return {**counted, "seconds": round(seconds, 1), "reports_per_minute": round(rate, 2), "most_memory_mb": most}


def summary_table(results: Sequence[Result], told: dict[str, Any], out: Path) -> str:
    """The run as a person reads it in the morning: what failed, by who can mend it, then the slowest.

    Parameters
    ----------
    results
        How each report ended.
    told
        The sums, as `summary` gives them.
    out
        The folder of all reports, where more is kept of what failed.
    """
    took = _duration(told["seconds"])
    lines = [f"{told['done']} done, {told['skipped']} unchanged, {told['failed']} failed in {took}"]
    failed = sorted((r for r in results if r.failed), key=named)
    for title in dict.fromkeys(_MENDED.values()):
        lines += _told_failures(title, [r for r in failed if _MENDED.get(str(r.error), _ELSE) == title])
    if failed:
        again = "Once they are mended, the same command with --resume renders these alone."
        lines += ["", f"Reasons and notebooks are in {out / FOLDER}. {again}"]
    slow = sorted((r for r in results if r.status == "done"), key=lambda r: -r.seconds)[:5]
    if slow:
        width = max(len(named(r)) for r in slow)
        lines += ["", "Slowest:", *(f"  {named(r):<{width}}  {r.seconds:6.1f} s  {r.memory:6.0f} MB" for r in slow)]
    return "\n".join(lines)


def _told_failures(title: str, failed: Sequence[Result]) -> list[str]:
    if not failed:
        return []
    width = max(len(named(r)) for r in failed) + 4
    lines = ["", f"{title}:"]
    for result in failed:
        text = result.message.replace(result.client, Path(result.client).name)
        lines += textwrap.wrap(
            text, _WIDTH, initial_indent=f"  {named(result):<{width - 2}}", subsequent_indent=" " * width
        )
    return lines


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def named(result: Result) -> str:
    """A report by the folder of its client and its wave."""
    folder = Path(result.client).absolute().parent.name
    return f"{folder} {result.wave}" if result.wave else folder
