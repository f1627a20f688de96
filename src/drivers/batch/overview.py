"""The overview of a folder of reports: reads what stands in it, and writes index.html beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from pathlib import Path
from typing import Any

from drivers.analyses.overview import Satisfaction, satisfaction_change
from drivers.batch.bundle import FORMATS, RECORD, write_whole
from drivers.batch.failure import FOLDER as FAILED
from drivers.batch.failure import REASON
from drivers.errors import ConfigError, ReportError
from drivers.present.language import Language
from drivers.present.overview import Row, overview_page

NAME = "index.html"
_INDEX = "satisfaction_index"


def write_overview(out: Path) -> Path | None:
    """Write the overview of all reports in this folder; it takes the place of an earlier one at once.

    Returns
    -------
    Path or None
        Where it stands; None where there is nothing to list.

    Raises
    ------
    ReportError
        When a record cannot be read, or the folder not be written.
    """
    rows = folder_rows(out)
    if not rows:
        return None
    code = Counter(row.language for row in rows if row.status != "failed").most_common(1)
    page = overview_page(rows, Language(code[0][0] if code else "en"))
    try:
        write_whole(out / NAME, page)
    except OSError as error:
        raise ReportError(
            f"{out / NAME} cannot be written: {error.strerror or error}. See that the disk has room."
        ) from error
    return out / NAME


def folder_overview(out: Path) -> Path:
    """Write the overview of a folder that a person names.

    Raises
    ------
    ConfigError
        When there is no report in it.
    """
    page = write_overview(out)
    if page is None:
        raise ConfigError(f"{out} holds no report. Name the folder that was given as --out.")
    return page


def folder_rows(out: Path) -> tuple[Row, ...]:
    """A row for each report that stands in this folder or failed, by client and wave, with changes between waves."""
    standing = {(f.parents[1].name, f.parent.name): _read(f) for f in out.glob(f"[!._]*/[!.]*/{RECORD}")}
    failed = {(f.parents[1].name, f.parent.name): f for f in (out / FAILED).glob(f"*/*/{REASON}")}
    rows: list[Row] = []
    for _, places in groupby(sorted(standing.keys() | failed.keys(), key=_natural), key=lambda place: place[0]):
        known = [(place, standing.get(place), failed.get(place)) for place in places]
        rows += _with_changes([_row(out, place, record, reason) for place, record, reason in known])
    return tuple(rows)


def _row(out: Path, place: tuple[str, str], record: Mapping[str, Any] | None, reason: Path | None) -> Row:
    said = "" if reason is None else _first_line(reason)
    if record is None:
        wave = None if place[1] == "all" else place[1]
        return Row(place[0], wave, "failed", said, "en", links=_links(out, out / FAILED / place[0] / place[1]))
    summary = record.get("summary") or {}
    folder = out / place[0] / place[1]
    return Row(
        client=str(record["client"]),
        wave=record["wave"],
        status="done" if reason is None else "stale",
        headline=said or str(summary.get("headline", "")),
        language="en" if said else str(summary.get("language", "en")),
        satisfaction=_satisfaction(summary.get("satisfaction")),
        base=summary.get("base"),
        links=_links(out, folder),
    )


def _with_changes(rows: Sequence[Row]) -> Iterator[Row]:
    yield rows[0]
    for before, after in pairwise(rows):
        both = (before.satisfaction, after.satisfaction)
        yield after if None in both else replace(after, change=satisfaction_change(*both))  # type: ignore[arg-type]


def _natural(place: tuple[str, str]) -> tuple[str, list[tuple[int, str]]]:
    """Waves by the numbers in their names: wave 2 before wave 10."""
    parts = re.findall(r"\d+|\D+", place[1])
    return place[0], [(int(part), "") if part.isdigit() else (-1, part) for part in parts]


def _links(out: Path, folder: Path) -> dict[str, str]:
    there = {name: folder / file for name, file in {**FORMATS, "txt": REASON}.items() if (folder / file).is_file()}
    return {name: file.relative_to(out).as_posix() for name, file in there.items()}


def _satisfaction(found: Mapping[str, Any] | None) -> Satisfaction | None:
    if not found or found["error"] is None:
        return None
    ends = (found["level_low"], found["level_high"])
    return Satisfaction(found["level"], *ends, found["error"], tuple(found["asked"]), found["confidence"])


def record_summary(findings: Mapping[str, Any]) -> dict[str, Any]:
    """What run.json keeps of the findings for the overview: the headline, the satisfaction index, the base."""
    if "headline" not in findings:
        return {}
    measures = findings.get("measures") or {}
    rows = [row for row in measures.get("table", ()) if row["measure"] == _INDEX]
    index = {
        **{name: rows[0][name] for name in ("level", "level_low", "level_high")},
        "error": rows[0]["level_error"],
        "asked": [part["asked"] for part in measures["parts"]],
        "confidence": measures["confidence"],
    } if rows else None  # fmt: skip
    about = {"headline": findings["headline"], "language": findings["language"]}
    return about | {"satisfaction": index, "base": findings["quality"]["base"]}


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found: Mapping[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ReportError(f"{file} cannot be read: {error}. Render that report again.") from error
    return found


def _first_line(file: Path) -> str:
    lines = file.read_text(encoding="utf-8").splitlines()
    return lines[0] if lines else ""
