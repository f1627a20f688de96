"""The transcript: the executed notebook, cleaned so that it is the same at each run and tells nothing private."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from drivers.wording import escaped, plain_text

KEPT_METADATA = ("kernelspec", "language_info")
DROPPED_METADATA = ("papermill", "execution")
_ADDRESS = re.compile(r" at 0x[0-9a-f]+", re.IGNORECASE)


def clean_transcript(executed: NotebookNode, shortened: Mapping[str, str]) -> NotebookNode:
    """Return a copy without clock, random ids, paths of the machine, tracebacks or messages on stderr.

    ``shortened`` gives a path among the parameters and what stands in its place: folders may name people.
    """
    metadata = {key: executed.metadata[key] for key in KEPT_METADATA if key in executed.metadata}
    cells = [_clean_cell(cell, number, shortened) for number, cell in enumerate(executed.cells, start=1)]
    return _node({"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": cells})


def write_transcript(transcript: NotebookNode, file: Path) -> None:
    """Write the transcript as the notebook that a reader can open."""
    text: str = nbformat.writes(transcript)  # type: ignore[no-untyped-call]
    file.write_text(escaped(text) + "\n", encoding="utf-8", newline="\n")


def _clean_cell(cell: NotebookNode, number: int, shortened: Mapping[str, str]) -> NotebookNode:
    tidy = _node({**cell, "id": f"cell-{number:03d}"})
    if "injected-parameters" in cell.metadata.get("tags", ()):
        for path, name in shortened.items():
            tidy.source = tidy.source.replace(path, name)
    tidy.metadata = {key: value for key, value in cell.metadata.items() if key not in DROPPED_METADATA and value}
    if cell.cell_type == "code":
        tidy.outputs = [_clean_output(output) for output in cell.outputs if output.get("name") != "stderr"]
    return tidy


def _clean_output(output: NotebookNode) -> NotebookNode:
    tidy = _node(output)
    if tidy.output_type == "error":
        tidy.traceback = []
    elif tidy.output_type == "stream":
        tidy.text = _readable(tidy.text, "text/plain")
    else:
        tidy.data.update({kind: _readable(text, kind) for kind, text in tidy.data.items() if isinstance(text, str)})
    return tidy


def _readable(text: str, kind: str) -> str:
    """An output that turns around no text after it, wherever the notebook is opened."""
    return plain_text(_without_addresses(text) if kind == "text/plain" else text)


def _node(content: Mapping[str, object]) -> NotebookNode:
    """Copy plain content into nbformat's own kind of dict."""
    node: NotebookNode = nbformat.from_dict(dict(content))  # type: ignore[no-untyped-call]
    return node


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub("", text)
