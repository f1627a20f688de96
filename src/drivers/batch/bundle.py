"""The bundle of one report: which folder it is, and how it appears there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from drivers.batch.lock import held
from drivers.client.folders import safe_folder
from drivers.errors import ConfigError, ReportError

FORMATS = {
    "html": "report.html",
    "json": "findings.json",
    "ipynb": "report.ipynb",
    "pptx": "deck.pptx",
    "pdf": "brief.pdf",
    "xlsx": "tables.xlsx",
}
DOCUMENTS = ("pptx", "pdf", "xlsx")
"""Formats that the notebook itself writes beside findings.json."""

RECORD = "run.json"
_DYING = 2.0  # seconds in which a process that was killed lets go of its report


@dataclass(frozen=True, slots=True)
class Bundle:
    """A finished report.

    Parameters
    ----------
    folder
        Where it stands: ``<out>/<client>/<wave>``.
    files
        The names of its files in that folder, ``run.json`` included, in alphabetical order.
    """

    folder: Path
    files: tuple[str, ...]

    def __repr__(self) -> str:
        """Return the headline."""
        return f"Bundle({self.folder.as_posix()}: {', '.join(self.files)})"

    @property
    def headline(self) -> Path:
        """What a person opens: the page, or the folder where no page was asked for."""
        page = FORMATS["html"]
        return self.folder / page if page in self.files else self.folder


def report_formats(text: str) -> tuple[str, ...]:
    """Read which files a list of formats asks for.

    Parameters
    ----------
    text
        Names divided by commas, as on the command line: ``"html,json"``.

    Raises
    ------
    ConfigError
        If the list is empty or holds a name that is not known.
    """
    wanted = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    unknown = [name for name in wanted if name not in FORMATS]
    if unknown or not wanted:
        problem = f"The format {unknown[0]!r} is not known" if unknown else "No format is given"
        raise ConfigError(f"{problem}. Choose from {', '.join(FORMATS)}, divided by commas.")
    return wanted


def folder_name(wave: str | None) -> str:
    """Name the folder of a wave with a-z, 0-9 and hyphens, never empty; ``all`` without waves."""
    return "all" if wave is None else safe_folder(wave, "wave")


def bundle_folder(out: Path, client_slug: str, wave: str | None) -> Path:
    """Say where the bundle of this client and wave stands.

    Raises
    ------
    ConfigError
        If the client's slug would lead out of ``out``.
    """
    home = out / client_slug
    if home.resolve().parent != out.resolve() or home.name != client_slug:
        raise ConfigError(f"The client's folder name {client_slug!r} leads out of {out}. Change `client`.")
    return home / folder_name(wave)


@contextmanager
def draft(folder: Path) -> Iterator[Path]:
    """Give a hidden folder beside ``folder`` that takes its place when the block ends without an error.

    The draft lies at the same depth as the final folder, so relative paths written in it stay true. Whatever
    happens, the draft is gone afterwards; if the block fails, what stood at ``folder`` still stands there.

    Raises
    ------
    ReportError
        If something that is not a report stands at ``folder``, or the disk refuses.
    """
    partial = folder.with_name(f".{folder.name}.partial")
    with held(_lock(folder), f"The report {folder}"):
        yield from _drafted(folder, partial)


def _drafted(folder: Path, partial: Path) -> Iterator[Path]:
    try:
        _refuse_foreign(folder)
        _clear_leftovers(folder, partial)
        partial.mkdir(parents=True)
        yield partial
        _publish(partial, folder)
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {folder}: {error.strerror or error}. "
            "See that the folder can be written, the disk has room, and no other run renders the same wave."
        ) from error
    finally:
        shutil.rmtree(partial, ignore_errors=True)
        with suppress(OSError):
            folder.parent.rmdir()


def write_whole(file: Path, text: str) -> None:
    """Write a file whose readers find the text before or this one, never half of it.

    Raises
    ------
    OSError
        When the folder cannot be written.
    """
    partial = file.with_name(f".{file.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    partial.replace(file)


def _lock(folder: Path) -> Path:
    """The lock of a bundle, beside those of this user's other runs: a report's own folder holds nothing but reports."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"drivers-locks-{user}" / name


def clear_leftovers(out: Path) -> None:
    """Clear up after a run that was killed, wherever in the folder of all reports it was.

    A good bundle that stood aside when the run died is put back.
    """
    for leftover in (*out.glob("*/.*.partial"), *out.glob("*/.*.old")):
        with suppress(ReportError), abandoned(leftover):  # a report that is rendered now is nobody's leftover
            pass


@contextmanager
def abandoned(leftover: Path) -> Iterator[None]:
    """Hold what a killed run of a wave left while the block looks at it, then clear it up.

    Raises
    ------
    ReportError
        When it is no leftover: the run that writes it goes on.
    """
    name = leftover.name.removeprefix(".").rpartition(".")[0]
    folder = leftover.with_name(name)
    with held(_lock(folder), f"The report {folder}", patience=_DYING):
        yield
        _clear_leftovers(folder, folder.with_name(f".{name}.partial"))


def _refuse_foreign(folder: Path) -> None:
    if not folder.is_symlink() and (not folder.exists() or (folder / RECORD).is_file()):
        return
    raise ReportError(
        f"{folder} exists and is not a report (it holds no {RECORD}), so nothing was written. "
        "Move it away, or choose another folder with --out."
    )


def _clear_leftovers(folder: Path, partial: Path) -> None:
    """Remove what a killed run of this wave left; put the good bundle back if it died between two renames."""
    old = _aside(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    for leftover in (partial, old):
        if leftover.exists():
            shutil.rmtree(leftover)


def _publish(partial: Path, folder: Path) -> None:
    for path in sorted(partial.rglob("*")):
        _flush(path)
    _flush(partial)
    old = _aside(folder)
    if folder.exists():
        folder.rename(old)
    partial.rename(folder)
    _flush(folder.parent)
    shutil.rmtree(old, ignore_errors=True)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.old")


def _flush(path: Path) -> None:
    if path.is_dir() and os.name != "posix":  # only POSIX can flush a folder
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
