"""The report of a client: one bundle a wave, from the notebook to the folder in its place."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from drivers.batch.bundle import DOCUMENTS, FORMATS, Bundle, bundle_folder, draft, folder_name
from drivers.batch.execution import execute_notebook
from drivers.batch.failure import failure_folder, kept_failure
from drivers.batch.notebook import check_parameters
from drivers.batch.record import run_inputs, run_outcome, write_record
from drivers.batch.secrecy import refuse_secrets
from drivers.batch.transcript import clean_transcript, write_transcript
from drivers.client.house import house_problems
from drivers.client.report import DECKS
from drivers.errors import ConfigError, DriversError, EstimationError, ReportError, SurveyError
from drivers.present.page import report_page
from drivers.survey.loading import load_survey

if TYPE_CHECKING:
    from nbformat import NotebookNode

    from drivers.client import Client

SOME_FAILED = 1


@dataclass(frozen=True, slots=True)
class Rendering:
    """How reports are rendered.

    Attributes
    ----------
    out
        The folder of all reports.
    formats
        Which files to keep in the bundle: names of ``bundle.FORMATS``. ``run.json`` is always there.
    notebook
        The notebook to execute; it declares the parameters ``client``, ``wave`` and ``findings_file``.
    progress
        Whether to draw a progress bar on stderr.
    engine
        Name of the papermill engine; None for a kernel in a process of its own.
    template
        PowerPoint file whose layouts the deck takes, before that of the client file; None for none.
    """

    out: Path
    formats: tuple[str, ...]
    notebook: Path
    progress: bool = False
    engine: str | None = None
    template: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the report of one wave ended: with a bundle or with an error, never with both."""

    wave: str | None
    bundle: Bundle | None = None
    error: DriversError | None = None


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return the code a run ends with: 0 all done, 1 some waves failed, else the gravest error's own code."""
    codes = [outcome.error.exit_code for outcome in outcomes if outcome.error]
    if len(codes) < len(outcomes):
        return SOME_FAILED if codes else 0
    return max(codes, default=0)


def render_waves(client: Client, waves: Sequence[str | None], how: Rendering) -> Iterator[Outcome]:
    """Render one report a wave; data that one wave cannot support do not stop the others.

    Raises
    ------
    ConfigError
        If the command or the client file is wrong, which would stop each wave alike, or if two waves would
        share a folder.
    """
    _refuse_shared_folders(waves)
    for wave in waves:
        try:
            bundle = render_report(client, wave, how)
        except (SurveyError, EstimationError, ReportError) as error:
            yield Outcome(wave, error=error)
        else:
            yield Outcome(wave, bundle=bundle)


def render_report(client: Client, wave: str | None, how: Rendering) -> Bundle:
    """Render the report of one wave into ``<out>/<client>/<wave>``, whole or not at all.

    Parameters
    ----------
    client
        What the client file says.
    wave
        The wave to report on; None for a survey without waves.
    how
        Where to, which files, from which notebook, and by which engine.

    Raises
    ------
    ConfigError, SurveyError, EstimationError
        What the survey, the notebook or the check of its parameters raised.
    ReportError
        If the kernel, the disk or the notebook fails. What stood in the folder before still stands there, and
        the notebook as far as it came is kept in ``<out>/_failed``.
    """
    folder = bundle_folder(how.out, client.slug, wave)
    client = _in_house_style(client, how.template)
    parameters = _parameters(client, wave, folder, how)
    check_parameters(how.notebook, parameters)
    load_survey(client, wave)  # refuses what cannot be used before a kernel starts or anything is written
    with draft(folder) as partial, kept_failure(partial, failure_folder(folder)):
        record = run_inputs(client, wave, how.notebook, _printed(parameters, client))
        with _named_from_here(client, parameters):
            executed = execute_notebook(
                how.notebook, partial / FORMATS["ipynb"], parameters, progress=how.progress, engine=how.engine
            )
        findings = _findings(partial, how.formats)
        _refuse_missing(partial, how.formats)
        transcript = clean_transcript(executed, {str(parameters["client"]): client.path.name})
        _write_documents(transcript, client, wave, partial)
        _drop_unwanted(partial, how.formats)
        write_record(partial, record | run_outcome(partial, findings))
        refuse_secrets(partial)
    return Bundle(folder, tuple(sorted(path.name for path in folder.iterdir())))


@contextmanager
def _named_from_here(client: Client, parameters: Mapping[str, object]) -> Iterator[None]:
    """Name the client's folder in an error as the caller named it, not as the notebook sees it from the bundle."""
    there, here = str(parameters["client"]), client.path.as_posix()
    try:
        yield
    except DriversError as error:
        text = str(error).replace(there, here)
        folder = there.removesuffix(client.path.name)
        raise type(error)(text.replace(folder, here.removesuffix(client.path.name))) from error


def _in_house_style(client: Client, template: Path | None) -> Client:
    """The client with this template, if one is given, refused where a file of the house style is not there."""
    if template is not None:
        if template.suffix.lower() not in DECKS or not template.is_file():
            raise ConfigError(
                f"--template {template} is no PowerPoint file that is there; expected one that ends in "
                f"{' or '.join(DECKS)}. Give its path from the folder in which the command is run."
            )
        client = client.with_template(template)
    if problems := list(house_problems(client)):
        raise client.error(*problems)
    return client


def _parameters(client: Client, wave: str | None, folder: Path, how: Rendering) -> dict[str, object]:
    """Name the client file relative to the bundle, so that no path of this machine enters the run."""
    given: dict[str, object] = {
        "client": _from_there(client.path, folder),
        "wave": wave,
        "findings_file": FORMATS["json"],
    }
    files = [FORMATS[name] for name in DOCUMENTS if name in how.formats]
    if files:
        given["files"] = files
    if how.template is not None:
        given["template"] = _from_there(how.template, folder)
    return given


def _from_there(file: Path, folder: Path) -> str:
    return Path(os.path.relpath(file.resolve(), folder.resolve())).as_posix()


def _printed(parameters: Mapping[str, object], client: Client) -> dict[str, object]:
    """The parameters as the bundle keeps them: of the client file its name only, for folders may name people."""
    named = {"template": Path(str(parameters["template"])).name} if "template" in parameters else {}
    return {**parameters, "client": client.path.name, **named}


def _findings(partial: Path, formats: tuple[str, ...]) -> dict[str, object]:
    file = partial / FORMATS["json"]
    if file.is_file():
        return dict(json.loads(file.read_text(encoding="utf-8")))
    if "json" in formats:
        raise ReportError(
            f"The notebook wrote no {file.name}. End it with `write_findings(findings, findings_file)`, "
            "or leave json out of --format."
        )
    return {}


def _refuse_missing(partial: Path, formats: tuple[str, ...]) -> None:
    absent = [FORMATS[name] for name in DOCUMENTS if name in formats and not (partial / FORMATS[name]).is_file()]
    if absent:
        raise ReportError(
            f"The notebook wrote no {', '.join(absent)}. End it with `write_files(findings, files, template)`, "
            "or leave them out of --format."
        )


def _write_documents(transcript: NotebookNode, client: Client, wave: str | None, partial: Path) -> None:
    page = report_page(transcript, client=client.client, wave=wave, language=client.language, house=client.house)
    (partial / FORMATS["html"]).write_text(page, encoding="utf-8", newline="\n")
    write_transcript(transcript, partial / FORMATS["ipynb"])


def _drop_unwanted(partial: Path, formats: tuple[str, ...]) -> None:
    for name in FORMATS.keys() - set(formats):
        (partial / FORMATS[name]).unlink(missing_ok=True)


def _refuse_shared_folders(waves: Sequence[str | None]) -> None:
    taken: dict[str, str | None] = {}
    for wave in waves:
        name = folder_name(wave)
        if name in taken:
            raise ConfigError(f"The waves {taken[name]!r} and {wave!r} share the folder {name!r}. Rename one.")
        taken[name] = wave
