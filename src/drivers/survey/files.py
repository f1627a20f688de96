"""Survey files before they are opened: whether they are files at all, of the kind they say, and safe to expand."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.source import FORMATS
from drivers.errors import ConfigError, SurveyError

EXPANDED_MOST = 2 * 1024**3
"""Bytes that a workbook may hold once expanded."""
EXPANDED_RATIO = 200
"""Times that a workbook above 20 MB may grow when expanded; honest ones grow some 5 to 30 times."""

_SMALL = 20 * 1024**2
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")  # compound files: Office before 2007, and encrypted workbooks
_KINDS = {
    b"PK\x03\x04": (".xlsx", "an Excel workbook or another zip file"),
    b"PAR1": (".parquet", "a Parquet file"),
    b"$FL2": (".sav", "an SPSS file"),
    b"$FL3": (".zsav", "a compressed SPSS file"),
    b"<stata_dta>": (".dta", "a Stata file"),
    _OLE: ("", "an Excel workbook of before 2007, or an encrypted one"),
    b"%PDF": ("", "a PDF document"),
    b"<html": ("", "a web page"),
    b"<!DOCTYPE": ("", "a web page"),
    b"\x1f\x8b": ("", "a gzip file"),
}


def check_file(client: Client) -> None:
    """Refuse a survey that is no file, not of the kind its ending says, or unsafe to expand.

    Raises
    ------
    ConfigError
        When nothing is there, or a folder, a pipe or a device: it is never opened.
    SurveyError
        When the file is empty, or its first bytes belong to another kind of file.
    """
    path = client.survey_path
    _check_regular(client, path)
    suffix, start = path.suffix.lower(), _first_bytes(client, path)
    if not start:
        raise SurveyError(f"{path.name} is empty; expected a row of column names and rows of answers. Export it again.")
    if suffix == ".xlsx":
        check_workbook(path, start)
    elif kind := _other_kind(start, suffix):
        raise SurveyError(f"{path.name} is no {suffix} file but {kind}. {_remedy(kind, suffix)}")


def check_workbook(path: Path, start: bytes) -> None:
    """Refuse a workbook that is encrypted, of an older kind, or would fill the memory; nothing is expanded for it.

    Raises
    ------
    SurveyError
        With the reason. The sizes are those of the zip file's directory, beyond which nothing is ever expanded.
    """
    if start.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
            raise SurveyError(f"{path.name} is protected by a password. Save a copy without the password.")
        raise SurveyError(f"{path.name} is an Excel workbook of before 2007 (.xls). Save it as .xlsx.")
    if not start.startswith(b"PK"):
        return  # said by the reader, which knows what a workbook must hold
    with zipfile.ZipFile(path) as book:
        if any(part.flag_bits & 1 for part in book.infolist()):
            raise SurveyError(f"{path.name} is protected by a password. Save a copy without the password.")
        expanded = sum(part.file_size for part in book.infolist())
    packed = max(path.stat().st_size, 1)
    if expanded > EXPANDED_MOST or (expanded > _SMALL and expanded > EXPANDED_RATIO * packed):
        raise SurveyError(
            f"{path.name} would grow from {packed / 1e6:,.1f} to {expanded / 1e6:,.0f} MB when read; expected at most "
            f"{EXPANDED_RATIO} times its size and {EXPANDED_MOST / 1024**3:.0f} GB. Save it as .csv or .parquet."
        )


def _check_regular(client: Client, path: Path) -> None:
    try:
        mode = path.stat().st_mode
    except OSError:
        raise _no_file(client, path) from None
    if stat.S_ISDIR(mode):
        text = f'"{client.survey.file}" is a folder; expected a survey file. Name the file in it.'
        raise client.error(Problem(("survey", "file"), text))
    if not stat.S_ISREG(mode):
        text = f'"{client.survey.file}" is a pipe or a device; expected a file on disk. Save the survey first.'
        raise client.error(Problem(("survey", "file"), text))


def _no_file(client: Client, path: Path) -> ConfigError:
    folder = path.parent
    if not folder.is_dir():
        text = f'"{client.survey.file}" lies in a folder that does not exist. Correct the path.'
    else:
        near = nearest_name(path.name, sorted(f.name for f in folder.iterdir() if f.suffix.lower() in FORMATS))
        text = f'"{client.survey.file}" does not exist; expected a survey file, relative to the client file. {near}'
    return client.error(Problem(("survey", "file"), text))


def _first_bytes(client: Client, path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(16)
    except OSError as error:
        text = f'"{client.survey.file}" cannot be read: {error.strerror or error}. Check the file and your rights.'
        raise client.error(Problem(("survey", "file"), text)) from error


def _other_kind(start: bytes, suffix: str) -> str | None:
    own = {".sav", ".zsav"} if suffix in (".sav", ".zsav") else {suffix}
    for magic, (ending, kind) in _KINDS.items():
        if start.lstrip(b"\xef\xbb\xbf").lower().startswith(magic.lower()) and ending not in own:
            return kind
    return None


def _remedy(kind: str, suffix: str) -> str:
    ending = next((ending for ending, name in _KINDS.values() if name == kind), "")
    return f"Rename it to {ending}." if ending else f"Export the survey as {suffix} again."
