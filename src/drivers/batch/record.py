"""The record of a run: what went in, with what, and what came out. It knows no clock and no machine."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import drivers
from drivers.batch.bundle import RECORD
from drivers.errors import ConfigError

if TYPE_CHECKING:
    from drivers.client import Client

SCHEMA_VERSION = 1
PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "statsmodels",
    "seaborn",
    "matplotlib",
    "pingouin",
    "papermill",
    "nbconvert",
)
_SECRET = re.compile(r"pass(word|phrase)?|token|secret|credential|(^|_)key($|_)", re.IGNORECASE)


def run_inputs(client: Client, wave: str | None, notebook: Path, parameters: Mapping[str, object]) -> dict[str, object]:
    """Record what went in: the client, the parameters with secrets masked, and each file by name and hash.

    Raises
    ------
    ConfigError
        If the client file or the survey is not there.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        "client": client.client,
        "wave": wave,
        "parameters": masked(parameters),
        "seed": client.seed,
        "draws": client.draws,
        "inputs": [_input(file) for file in (client.path, *client.data_paths)],
        "notebook": {"name": notebook.name, "sha256": file_hash(notebook)},
        "versions": package_versions(),
    }


def run_outcome(folder: Path, findings: Mapping[str, object]) -> dict[str, object]:
    """Record what came out: rows dropped and why, warnings, and each file of the folder by its hash."""
    return {
        "exclusions": findings.get("exclusions", []),
        "warnings": findings.get("warnings", []),
        "outputs": [_output(file, folder) for file in _files(folder)],
        "status": "done",
    }


def write_record(folder: Path, record: Mapping[str, object]) -> None:
    """Write ``run.json``; without it no folder counts as a bundle."""
    text = json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False)
    (folder / RECORD).write_text(text + "\n", encoding="utf-8", newline="\n")


def masked(value: object) -> object:
    """Replace each value whose name looks like a secret by asterisks."""
    if isinstance(value, Mapping):
        return {key: "***" if _SECRET.search(str(key)) else masked(item) for key, item in value.items()}
    return [masked(item) for item in value] if isinstance(value, list) else value


def package_versions() -> dict[str, str]:
    """Look up the versions of what computes the numbers."""
    own = {"drivers": drivers.__version__, "python": platform.python_version()}
    return own | {name: version(name) for name in PACKAGES}


def _files(folder: Path) -> Iterable[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path != folder / RECORD)


def _output(file: Path, folder: Path) -> dict[str, object]:
    name = file.relative_to(folder).as_posix()
    return {"name": name, "sha256": file_hash(file), "bytes": file.stat().st_size}


def _input(file: Path) -> dict[str, object]:
    if not file.is_file():
        raise ConfigError(f"{file} does not exist. Check the client file.")
    return {"name": file.name, "sha256": file_hash(file)}


def file_hash(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
