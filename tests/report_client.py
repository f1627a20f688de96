"""A client folder for tests of the report: as small as a client can be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

TINY = Path(__file__).parent / "batch" / "notebooks" / "tiny.ipynb"
CLIENT = """\
client = "{name}"
language = "nl"
seed = 7

[survey]
file = "survey.csv"
{wave}

[satisfaction]
column = "csat"
scale = [1, 10]

[drivers]
scale = [1, 10]
[drivers.items]
service = "Service"
"""


def write_client(folder: Path, *, name: str = "Noordzee", waves: tuple[str, ...] = ()) -> Path:
    """Write client.toml and survey.csv: forty answers a wave."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"{5 + i % 5},{4 + i % 6},{wave}" for wave in waves or ("",) for i in range(40)]
    (folder / "survey.csv").write_text("\n".join(["csat,service,wave", *rows]) + "\n", encoding="utf-8")
    file = folder / "client.toml"
    file.write_text(CLIENT.format(name=name, wave='wave = "wave"' if waves else ""), encoding="utf-8")
    return file


def write_notebook(file: Path, *sources: str, parameters: tuple[str, ...] = ()) -> Path:
    """Write a notebook with these cells after a cell that declares the parameters."""
    names = parameters or ("client", "wave", "findings_file")
    first = new_code_cell("\n".join(f"{name} = None" for name in names), metadata={"tags": ["parameters"]})
    cells = [first, *map(new_code_cell, sources)]
    kernel: dict[str, Any] = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    file.write_text(nbformat.writes(new_notebook(cells=cells, metadata=kernel)), encoding="utf-8")
    return file


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative path, for comparing folders byte by byte."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def members(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """A file and, where it is an archive, everything in it down to the sheets behind charts."""
    yield name, data
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.namelist():
                yield from members(f"{name}!{member}", archive.read(member))
