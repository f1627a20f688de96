"""What this machine lacks for reports, with the remedy."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from typing import Literal

import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from packaging.requirements import Requirement

from drivers.batch.execution import execute_notebook
from drivers.batch.hands import WarmHands
from drivers.batch.lock import held
from drivers.batch.notebook import default_notebook
from drivers.errors import DriversError

DISTRIBUTION = "satisfaction-drivers"
_LITTLE_ROOM = 1e9  # bytes


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: its state, and the remedy where it is not well."""

    state: Literal["well", "look", "ill"]
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state:<5} {self.what}{'. ' if self.remedy else ''}{self.remedy}"


def machine_checks(out: Path) -> Iterator[Check]:
    """Python, packages, kernel, fonts, the folder of reports, extras: what is well, what to look at, what is ill."""
    looks: tuple[Callable[[], Iterator[Check]], ...] = (
        _python,
        _packages,
        _extras,
        _notebook,
        _fonts,
        _byte_code,
        _kernel,
        _warm,
    )
    for look in looks:
        yield from look()
    yield from _folder(out)
    yield from _room(out)


def verdict(checks: Sequence[Check]) -> str:
    """The last line: how many are well, and whether reports can be made."""
    counted = {state: sum(check.state == state for check in checks) for state in ("well", "look", "ill")}
    can = "Reports cannot be made here." if counted["ill"] else "Reports can be made here."
    return f"{counted['well']} well, {counted['look']} to look at, {counted['ill']} ill. {can}"


def _python() -> Iterator[Check]:
    yield Check("well", f"Python {platform.python_version()} on {platform.system()}, {os.cpu_count()} processors")


def _packages() -> Iterator[Check]:
    for needed in _requirements(""):
        yield _installed(needed, "ill", f"Install it: pip install '{needed}'")


def _extras() -> Iterator[Check]:
    for needed in _requirements("cluster"):
        yield _installed(needed, "look", "Only --cluster needs it: pip install 'satisfaction-drivers[cluster]'")


def _requirements(extra: str) -> list[Requirement]:
    try:
        listed = [Requirement(line) for line in requires(DISTRIBUTION) or ()]
    except PackageNotFoundError:
        return []
    plain = [r for r in listed if r.marker is None or r.marker.evaluate({"extra": ""})]
    return (
        plain
        if not extra
        else [r for r in listed if r not in plain and r.marker and r.marker.evaluate({"extra": extra})]
    )


def _installed(needed: Requirement, otherwise: Literal["look", "ill"], remedy: str) -> Check:
    try:
        found = version(needed.name)
    except PackageNotFoundError:
        return Check(otherwise, f"{needed.name} is not installed", remedy)
    if found in needed.specifier:
        return Check("well", f"{needed.name} {found}")
    return Check(otherwise, f"{needed.name} is {found}; expected {needed.specifier}", remedy)


def _notebook() -> Iterator[Check]:
    try:
        yield Check("well", f"notebook of the report: {default_notebook().name}")
    except DriversError as error:
        yield Check("ill", str(error))


def _fonts() -> Iterator[Check]:
    from matplotlib import rcParams
    from matplotlib.font_manager import findfont

    for name in rcParams["font.sans-serif"]:
        try:
            findfont(name, fallback_to_default=False)
        except ValueError:
            continue
        yield Check("well", f"font of pictures: {name}")
        return
    yield Check("look", "no font without serifs is there", "Install DejaVu Sans or Liberation Sans.")


def _byte_code() -> Iterator[Check]:
    spec = importlib.util.find_spec("pandas")
    source = Path(spec.origin) if spec and spec.origin else None
    compiled = source is not None and Path(importlib.util.cache_from_source(str(source))).is_file()
    if compiled:
        yield Check("well", "byte-code of the packages is there")
    else:
        yield Check("look", "packages have no byte-code, so each start takes seconds more",
                    f"Run {sys.executable} -m compileall once, and unset PYTHONDONTWRITEBYTECODE.")  # fmt: skip


def _kernel() -> Iterator[Check]:
    with tempfile.TemporaryDirectory(prefix="drivers-") as home:
        notebook = Path(home) / "one.ipynb"
        cells = [new_code_cell("1")]  # type: ignore[no-untyped-call]
        notebook.write_text(nbformat.writes(new_notebook(cells=cells)), encoding="utf-8")  # type: ignore[no-untyped-call]
        try:
            execute_notebook(notebook, notebook.with_name("done.ipynb"), {}, progress=False)
            yield Check("well", "a kernel starts and answers")
        except DriversError as error:
            yield Check("ill", str(error))


def _warm() -> Iterator[Check]:
    if sys.platform != "linux":
        yield Check("look", "no warm engine on this system", "A batch starts a kernel for each report; that is slower.")
        return
    told: list[str] = []
    WarmHands(told.append).close()
    yield from (Check("look", text) for text in told)
    if not told:
        yield Check("well", "the warm server starts")


def _folder(out: Path) -> Iterator[Check]:
    try:
        with held(out / ".batch" / "lock", f"The folder {out}"):
            yield Check("well", f"{out} can be written")
    except DriversError as error:
        yield Check("ill", str(error))


def _room(out: Path) -> Iterator[Check]:
    there = next(folder for folder in (out.absolute(), *out.absolute().parents) if folder.is_dir())
    free = shutil.disk_usage(there).free
    if free < _LITTLE_ROOM:
        yield Check("look", f"{free / 1e9:.1f} GB is free for reports", "Make room: a report takes a few megabytes.")
    else:
        yield Check("well", f"{free / 1e9:.0f} GB is free for reports")
