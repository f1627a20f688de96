"""The failure of a report: what is kept for the person who must find out why."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from drivers.batch.bundle import FORMATS, folder_name
from drivers.batch.job import Result
from drivers.errors import DriversError

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
    kept = _kept(out, result)
    if (kept / REASON).is_file() and not result.engine_fault:
        return  # the process itself kept it, with the notebook
    kept.mkdir(parents=True, exist_ok=True)
    wave = "*" if result.wave is None else folder_name(result.wave)
    for notebook in (out / result.slug).glob(f".{wave}.partial/{FORMATS['ipynb']}"):
        shutil.move(notebook, kept / notebook.name)
    (kept / REASON).write_text(f"{result.error}: {result.message}\n", encoding="utf-8")


def forget_reason(out: Path, result: Result) -> None:
    """Forget an earlier failure of a report that is there now."""
    _forget(_kept(out, result))


def _kept(out: Path, result: Result) -> Path:
    return out / FOLDER / result.slug / folder_name(result.wave)


def _keep(notebook: Path, kept: Path, error: DriversError) -> None:
    _forget(kept)
    if not notebook.is_file():
        return
    kept.mkdir(parents=True)
    shutil.copyfile(notebook, kept / notebook.name)
    reason = " ".join(str(error).split())
    remedy = f"Open {notebook.name} beside this file: its last executed cell shows where it stopped."
    (kept / REASON).write_text(f"{type(error).__name__}: {reason}\n{remedy}\n", encoding="utf-8")


def _forget(kept: Path) -> None:
    shutil.rmtree(kept, ignore_errors=True)
    with suppress(OSError):  # a folder that holds other failures stays
        kept.parent.rmdir()
        kept.parents[1].rmdir()
