"""The failure of a report: what is kept for the person who must find out why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from drivers.batch.bundle import FORMATS, abandoned, folder_name
from drivers.batch.job import Result
from drivers.batch.secrecy import hidden
from drivers.errors import DriversError, ReportError

FOLDER = "_failed"
REASON = "reason.txt"


@contextmanager
def kept_failure(partial: Path, kept: Path) -> Iterator[None]:
    """Keep the notebook of a failed block in the folder ``kept``; forget it there when the block succeeds.

    Parameters
    ----------
    partial
        The folder in which the notebook is executed.
    kept
        Where the notebook, as far as it came, goes with ``reason.txt``.
    """
    try:
        yield
    except DriversError as error:
        _keep(partial / FORMATS["ipynb"], kept, error)
        raise
    _forget(kept)


def failure_folder(bundle: Path) -> Path:
    """Say where a failure of ``<out>/<client>/<wave>`` is kept: in ``<out>/_failed/<client>/<wave>``."""
    return bundle.parents[1] / FOLDER / bundle.parent.name / bundle.name


def keep_reason(out: Path, result: Result) -> None:
    """Keep why a report of a batch failed, with its notebook as far as it came where the process was killed."""
    kept, wave = _kept(out, result), "*" if result.wave is None else folder_name(result.wave)
    left = tuple((out / result.slug).glob(f".{wave}.partial"))
    if not left and _tells(kept, result):
        return  # the process itself kept it, with the notebook
    _forget(kept)
    kept.mkdir(parents=True)
    for partial in left:
        with suppress(ReportError), abandoned(partial):  # another run may render that wave now
            _copy(partial / FORMATS["ipynb"], kept)
    _write_reason(kept, f"{result.error}: {result.message}")


def forget_reason(out: Path, result: Result) -> None:
    """Forget an earlier failure of a report that is there now, and one of its client that came before any wave."""
    _forget(_kept(out, result))
    _forget(out / FOLDER / result.slug / folder_name(None))


def _kept(out: Path, result: Result) -> Path:
    return out / FOLDER / result.slug / folder_name(result.wave)


def _tells(kept: Path, result: Result) -> bool:
    """Whether the reason that is kept is this one, and not that of another night."""
    try:
        return (kept / REASON).read_text(encoding="utf-8").startswith(f"{result.error}: {result.message}\n")
    except OSError:
        return False


def _keep(notebook: Path, kept: Path, error: DriversError) -> None:
    _forget(kept)
    if not notebook.is_file():
        return
    kept.mkdir(parents=True)
    _copy(notebook, kept)
    _write_reason(kept, f"{type(error).__name__}: {' '.join(hidden(str(error)).split())}")


def _write_reason(kept: Path, reason: str) -> None:
    name = FORMATS["ipynb"]
    remedy = f"Open {name} beside this file: its last executed cell shows where it stopped.\n"
    text = f"{reason}\n{remedy if (kept / name).is_file() else ''}"
    (kept / REASON).write_text(text, encoding="utf-8", newline="\n")


def _copy(notebook: Path, kept: Path) -> None:
    if not notebook.is_file():
        return
    text = notebook.read_text(encoding="utf-8", errors="replace")  # the process may have been killed while it wrote
    (kept / notebook.name).write_text(hidden(text), encoding="utf-8", newline="\n")


def _forget(kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    with suppress(OSError):  # a folder that holds other failures stays
        kept.parent.rmdir()
        kept.parents[1].rmdir()
