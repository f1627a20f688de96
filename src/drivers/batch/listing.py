"""Which clients a batch is about: the client files of a folder or of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatch
from pathlib import Path

from drivers.batch.job import Job
from drivers.client import load_client
from drivers.client.folders import safe_folder
from drivers.errors import ConfigError

NAME = "client.toml"


def listed_clients(source: Path, only: str | None = None) -> tuple[Path, ...]:
    """The client files of a folder (every ``client.toml`` in it or below, in alphabetical order) or of a list.

    Parameters
    ----------
    source
        A folder, or a text file with the path of one client file on each line; relative paths start at the list.
        Empty lines and lines that start with # count for nothing.
    only
        Pattern of the folder names of the clients that are wanted, such as ``"noord*"``; None takes all.

    Raises
    ------
    ConfigError
        When there is no such folder or list, or no client in it.
    """
    found = _in_folder(source) if source.is_dir() else _in_list(source)
    wanted = tuple(file for file in found if only is None or fnmatch(file.absolute().parent.name, only))
    if not wanted:
        matching = f" whose folder matches {only!r}" if only else ""
        raise ConfigError(f"{source} names no client file{matching}. Give a folder with {NAME} files, or a list.")
    return wanted


def planned_jobs(files: Sequence[Path], like: Job) -> tuple[Job, ...]:
    """One job for each client file, all like this one.

    Raises
    ------
    ConfigError
        When two clients would share a folder. A client file that is wrong is no matter of the others: its job fails.
    """
    jobs = tuple(replace(like, client=str(file), slug=_slug(file)) for file in files)
    taken: dict[str, str] = {}
    for job in jobs:
        other = taken.setdefault(job.slug, job.client)
        if other != job.client:
            raise ConfigError(f"{other} and {job.client} would share the folder {job.slug!r}. Change `client` in one.")
    return jobs


def _slug(file: Path) -> str:
    try:
        return load_client(file).slug
    except ConfigError:
        return safe_folder(file.absolute().parent.name, "client")


def _in_folder(folder: Path) -> list[Path]:
    hidden = {file for file in folder.rglob(NAME) if any(p.startswith(".") for p in file.relative_to(folder).parts)}
    return sorted(set(folder.rglob(NAME)) - hidden)


def _in_list(file: Path) -> list[Path]:
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise ConfigError(
            f"{file} cannot be read: {error.strerror}. Give a folder or a list of client files."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(
            f"{file} is no list of client files: it is not UTF-8 text. Give one path on each line."
        ) from error
    named = [line.strip() for line in lines]
    return list(dict.fromkeys(file.parent / name for name in named if name and not name.startswith("#")))
