"""Newcomer: a survey file that has no client file yet, read and given a draft of one."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from drivers.client import Client
from drivers.client.problems import nearest_name
from drivers.client.source import FORMATS
from drivers.errors import ConfigError, DriversError, ReportError, SurveyError
from drivers.survey.delimited import found_separator
from drivers.survey.draft import Draft, Setting, client_draft
from drivers.survey.guess import survey_guess
from drivers.survey.sources import load_table
from drivers.survey.table import SurveyTable
from drivers.survey.toml import toml_text
from drivers.survey.workbook import sheet_sizes

FILE_NAME = "client.toml"
_SEPARATORS = (",", ";", "\t", "|")
_RIVAL = 4  # times smaller that a sheet may be to hold the answers after all
_HEADER = 65_536  # bytes of a csv file in which its first line is looked for


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A client file that was drafted: where it is, and what a person must decide."""

    path: Path
    decisions: tuple[str, ...]


def draft_client(survey: Path, folder: Path | None = None) -> Newcomer:
    """Which client file fits this survey file?

    Parameters
    ----------
    survey
        A survey of any supported kind.
    folder
        Where client.toml is written, whole or not at all; default: beside the survey.

    Raises
    ------
    ConfigError
        When the survey does not exist or is of no known kind, or client.toml is there already.
    SurveyError
        When the survey cannot be read.
    ReportError
        When the file cannot be written.
    """
    target = (survey.parent if folder is None else folder) / FILE_NAME
    _check_survey(survey)
    if target.exists() or target.is_symlink():
        raise _taken(target)
    table, settings = unknown_table(survey)
    draft = client_draft(survey_guess(table), _relative(survey, target.parent), settings)
    _write(draft, target)
    return Newcomer(target, draft.decisions)


def unknown_table(survey: Path) -> tuple[SurveyTable, Mapping[str, Setting]]:
    """What does this file hold, and which keys of ``[survey]`` does reading it take?

    Raises
    ------
    SurveyError
        When no separator and no usual encoding reads it.
    """
    first: DriversError | None = None
    for settings in _settings(survey):
        try:
            return load_table(_reading_client(survey, settings)), settings
        except (ConfigError, SurveyError) as error:
            first = first or error
    raise first or SurveyError(f"{survey.name} cannot be read.")


def _settings(survey: Path) -> Iterator[dict[str, Setting]]:
    """Ways to read this file, the likeliest first."""
    if survey.suffix.lower() == ".xlsx":
        yield _sheet_setting(survey)
        return
    separator = _separator(survey) if survey.suffix.lower() == ".csv" else None
    dialect = {"separator": Setting(separator)} if separator else {}
    yield dialect
    if survey.suffix.lower() in (".csv", ".sav", ".zsav", ".dta"):
        yield {**dialect, "encoding": Setting("cp1252")}


def _sheet_setting(survey: Path) -> dict[str, Setting]:
    """The sheet to read where there are several: the largest, or the first if it is half as large."""
    sizes = sheet_sizes(_reading_client(survey, {}))
    if len(sizes) < 2:
        return {}
    cells = {name: rows * columns for name, (rows, columns) in sizes.items()}
    first, largest = next(iter(cells)), max(cells, key=lambda name: cells[name])
    chosen = first if cells[first] * 2 >= cells[largest] and sizes[first][1] > 1 else largest
    others = [f'"{name}" ({rows:,} x {columns:,})' for name, (rows, columns) in sizes.items() if name != chosen]
    rows, columns = sizes[chosen]
    reason = f"the {'first' if chosen == first else 'largest'} sheet, {rows:,} rows x {columns:,} columns; not read: "
    rival = [name for name in cells if name != chosen and cells[name] * _RIVAL >= cells[chosen]]
    asked = f"Whether the answers are in sheet {toml_text(chosen)} (survey.sheet), or in " if rival else ""
    decision = asked + " or ".join(map(toml_text, rival)) + "." if rival else ""
    return {"sheet": Setting(chosen, reason + ", ".join(others), decision)}


def _separator(survey: Path) -> str | None:
    """The sign between the columns, where it is not the comma and the file does not say it itself.

    The one that divides the first rows evenly; else the one that stands most often in the first line, outside quotes.
    """
    try:
        with survey.open("rb") as file:
            raw = file.read(_HEADER)
    except OSError:
        return None  # the reader will say what is wrong
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", errors="ignore")
    if text.lstrip("ï»¿\"'").lower().startswith("sep="):
        return None
    whole = text if len(raw) < _HEADER else text[: text.rfind("\n") + 1]
    found = found_separator(whole)
    if found == ",":
        bare = "".join("".join(text.splitlines()[:1]).split('"')[::2])
        found = max(_SEPARATORS, key=bare.count)
    return None if found == "," else found


def _reading_client(survey: Path, settings: Mapping[str, Setting]) -> Client:
    """A client that says no more than where the survey is and how to read it."""
    document = {
        "client": survey.stem.strip() or "client",
        "survey": {"file": str(survey.absolute()), **{key: setting.value for key, setting in settings.items()}},
        "satisfaction": {"column": "satisfaction"},
        "drivers": {"items": {"driver": "driver"}},
    }
    return Client.model_validate(document)


def _check_survey(survey: Path) -> None:
    if survey.suffix.lower() not in FORMATS:
        kinds = ", ".join(FORMATS)
        raise ConfigError(f"{survey} is of no known kind; expected a survey as {kinds}. Export it as one of them.")
    if survey.is_dir():
        raise ConfigError(f"{survey} is a folder; expected a survey file. Name the file in it.")
    if not survey.exists():
        folder = survey.parent
        names = sorted(f.name for f in folder.iterdir() if f.suffix.lower() in FORMATS) if folder.is_dir() else []
        near = nearest_name(survey.name, names) if names else "Check the path."
        raise ConfigError(f"{survey} does not exist; expected a survey file. {near}")
    if not survey.is_file():
        raise ConfigError(f"{survey} is no ordinary file; expected a survey file. Copy it into one.")


def _relative(survey: Path, folder: Path) -> str:
    """The survey as seen from this folder; the whole path on another drive."""
    try:
        return Path(os.path.relpath(survey.resolve(), folder.resolve())).as_posix()
    except ValueError:
        return survey.resolve().as_posix()


def _taken(target: Path) -> ConfigError:
    return ConfigError(f"{target} exists and is not overwritten. Move it away, or name another folder with --out.")


def _write(draft: Draft, target: Path) -> None:
    """Write beside the target first, then link: whole or not at all, and never over another file."""
    part = target.with_name(f".{FILE_NAME}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(draft.text, encoding="utf-8", newline="\n")
        os.link(part, target)
    except FileExistsError as error:
        raise _taken(target) if target.exists() else _unwritable(target, error) from error
    except OSError as error:
        raise _unwritable(target, error) from error
    finally:
        with suppress(OSError):
            part.unlink()


def _unwritable(target: Path, error: OSError) -> ReportError:
    return ReportError(f"{target} cannot be written: {error.strerror or error}. Check the folder and your rights.")
