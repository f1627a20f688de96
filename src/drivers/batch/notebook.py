"""The notebook that makes a report: where it is, and which parameters it takes."""

from __future__ import annotations

import difflib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import drivers
from drivers.batch.bundle import DOCUMENTS, FORMATS, report_formats
from drivers.errors import ConfigError, ReportError

NAME = "client_report.ipynb"


def default_notebook() -> Path:
    """Find the notebook of the client report in the installed package or else in the source tree.

    Raises
    ------
    ReportError
        If it is in neither, which means that the installation is broken.
    """
    package = Path(drivers.__file__).parent
    places = [package / "notebooks" / NAME, package.parents[1] / "notebooks" / NAME]
    for place in places:
        if place.is_file():
            return place
    raise ReportError(f"{NAME} is missing from this installation. Install satisfaction-drivers again.")


def wanted_formats(text: str | None, notebook: Path) -> tuple[str, ...]:
    """Say which files a bundle holds: those asked for, or without a word all that this notebook writes.

    Raises
    ------
    ConfigError
        When a format is not known.
    """
    if text is not None:
        return report_formats(text)
    return tuple(name for name in FORMATS if name not in DOCUMENTS or _writes_documents(notebook))


def _writes_documents(notebook: Path) -> bool:
    """Whether a cell writes the documents; of a file that cannot be read others say what is wrong."""
    try:
        cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
        return any("write_files(" in "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def template_safe(path: Path) -> str:
    """Write a path for papermill, which takes braces in it for fields to be filled in."""
    return str(path).replace("{", "{{").replace("}", "}}")


def check_parameters(notebook: Path, parameters: Mapping[str, object]) -> None:
    """Check that the notebook declares every parameter that it will be given.

    papermill only logs an unknown parameter, and the report would run on the notebook's defaults.

    Raises
    ------
    ConfigError
        If the file is not a notebook, a parameter is not declared in its cell tagged ``parameters``, or a value
        cannot be written down as JSON.
    """
    declared = _declared_parameters(notebook)
    for name, value in parameters.items():
        if name not in declared:
            raise ConfigError(_undeclared(notebook, name, declared))
        if not _is_plain(value):
            raise ConfigError(
                f"The parameter {name!r} is a {type(value).__name__}. Give text, a number, true, false or a list."
            )


def _declared_parameters(notebook: Path) -> list[str]:
    if not notebook.is_file():
        raise ConfigError(f"The notebook {notebook} does not exist. Give an .ipynb file with --notebook.")
    try:
        content = json.loads(notebook.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ConfigError(f"{notebook.name} is not a Jupyter notebook: {error}.") from error
    if not isinstance(content, dict) or content.get("nbformat") != 4:
        raise ConfigError(f"{notebook.name} is not a Jupyter notebook of format 4. Save it again in JupyterLab.")
    import papermill  # costs a second, which who only asks where the notebook is need not pay

    return list(papermill.inspect_notebook(template_safe(notebook)))


def _undeclared(notebook: Path, name: str, declared: list[str]) -> str:
    near = difflib.get_close_matches(name, declared, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"declared are: {', '.join(declared) or 'none'}."
    problem = f"{notebook.name} does not declare the parameter {name!r}; {hint}"
    return f'{problem} Assign it in the cell tagged "parameters".'


def _is_plain(value: Any) -> bool:  # noqa: ANN401 - any value may be asked about
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_plain(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return value is None or type(value) in (str, int, float, bool)
