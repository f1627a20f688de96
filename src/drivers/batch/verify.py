"""Whether a bundle is what its run wrote, from the input that it names, and whether a new run gives the same bytes."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drivers.batch.bundle import FORMATS, RECORD
from drivers.batch.record import file_hash, package_versions, run_inputs
from drivers.batch.report import Rendering, render_report
from drivers.batch.standing import changed_outputs, read_record
from drivers.client import Client
from drivers.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was compared: what, whether it is the same, and what that means."""

    what: str
    same: bool
    meaning: str = ""

    def __str__(self) -> str:
        return f"{'same' if self.same else 'DIFFERS':<8} {self.what}{': ' if self.meaning else ''}{self.meaning}"


def bundle_findings(folder: Path, client: Client | None, notebook: Path, *, rerun: bool) -> Iterator[Finding]:
    """What of this bundle is as its run.json says?

    Parameters
    ----------
    folder
        The bundle.
    client
        The client file that it was made from; without it only the files of the bundle are compared, for run.json
        names input files and holds their hashes, but not where they are.
    notebook
        The notebook that it was made with.
    rerun
        Whether to render it anew, elsewhere, and to compare every byte; needs the client.

    Raises
    ------
    ConfigError
        When the folder is no bundle, or a new run is asked for without a client.
    ReportError, SurveyError, EstimationError
        When the new run fails.
    """
    record = read_record(folder)
    if record is None:
        raise ConfigError(f"{folder} is no report: it holds no readable {RECORD}. Name the folder of one wave.")
    if rerun and client is None:
        raise ConfigError("A new run needs the client file. Name it with --client.")
    yield from _outputs(folder, record)
    yield from _versions(record)
    if client is not None:
        yield from _inputs(record, client, notebook)
    if client is not None and rerun:
        yield from _rendered_again(folder, record, client, notebook)


def _outputs(folder: Path, record: dict[str, Any]) -> Iterator[Finding]:
    changed = set(changed_outputs(folder, record))
    written = [output["name"] for output in record["outputs"]]
    for name in written:
        how = "changed since the run" if (folder / name).is_file() else "missing"
        yield Finding(name, name not in changed, how if name in changed else "")
    there = {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
    yield from (Finding(name, same=False, meaning="no file of the run") for name in sorted(there - {*written, RECORD}))


def _versions(record: dict[str, Any]) -> Iterator[Finding]:
    now, then = package_versions(), record.get("versions", {})
    for name in sorted(now):
        was = then.get(name, "none")
        same = now[name] == was
        yield Finding(f"version of {name}", same, "" if same else f"{was} then, {now[name]} now")


def _inputs(record: dict[str, Any], client: Client, notebook: Path) -> Iterator[Finding]:
    now = run_inputs(client, record.get("wave"), notebook, {})
    then, current = _hashes(record.get("inputs"), record.get("notebook")), _hashes(now["inputs"], now["notebook"])
    for name in (*current, *sorted(then.keys() - current.keys())):
        same = then.get(name) == current.get(name)
        how = "changed since the run" if name in then and name in current else "not an input of both the run and now"
        yield Finding(f"input {name}", same, "" if same else how)


def _hashes(inputs: object, notebook: object) -> dict[str, str]:
    entries = [*(inputs if isinstance(inputs, list) else ()), notebook]
    return {entry["name"]: entry["sha256"] for entry in entries if isinstance(entry, dict)}


def _rendered_again(folder: Path, record: dict[str, Any], client: Client, notebook: Path) -> Iterator[Finding]:
    names = {output["name"] for output in record["outputs"]}
    formats = tuple(key for key, name in FORMATS.items() if name in names)
    with tempfile.TemporaryDirectory(prefix="drivers-") as home:
        again = render_report(client, record.get("wave"), Rendering(Path(home), formats, notebook)).folder
        for name in (*sorted(names), RECORD):
            same = (folder / name).is_file() and file_hash(folder / name) == file_hash(again / name)
            yield Finding(f"{name} rendered again", same, "" if same else "other bytes")
