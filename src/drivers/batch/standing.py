"""Whether a report that stands is still that of its input: the same files, notebook, versions and formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from drivers.batch.bundle import FORMATS, RECORD
from drivers.batch.record import file_hash, run_inputs
from drivers.client import Client

_COMPARED = ("schema_version", "client", "wave", "seed", "draws", "inputs", "notebook", "versions")


def unchanged(folder: Path, client: Client, wave: str | None, notebook: Path, formats: tuple[str, ...]) -> bool:
    """Does this bundle hold what would be rendered now, whole and untouched?

    Raises
    ------
    ConfigError
        When the client file or the survey is not there.
    """
    record = read_record(folder)
    if record is None or changed_outputs(folder, record):
        return False
    now = json.loads(json.dumps(run_inputs(client, wave, notebook, {})))
    there = {output["name"] for output in record["outputs"]}
    return there == {FORMATS[name] for name in formats} and all(record.get(key) == now[key] for key in _COMPARED)


def read_record(folder: Path) -> dict[str, Any] | None:
    """The run.json of a bundle; None where there is none that can be read."""
    try:
        record = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and _lists_files(record.get("outputs")) else None


def _lists_files(outputs: object) -> bool:
    return isinstance(outputs, list) and all(isinstance(o, dict) and {"name", "sha256"} <= o.keys() for o in outputs)


def changed_outputs(folder: Path, record: dict[str, Any]) -> list[str]:
    """Which files of a bundle are gone or are not those that its run wrote?"""
    return [output["name"] for output in record["outputs"] if not _as_written(folder / output["name"], output)]


def _as_written(file: Path, output: dict[str, Any]) -> bool:
    return file.is_file() and file_hash(file) == output["sha256"]
