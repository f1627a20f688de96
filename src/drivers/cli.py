"""The command line: parse, call, print, exit code. It decides nothing.

Everything heavy is imported inside the commands, so that ``--help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from drivers import __version__
from drivers.errors import DriversError

if TYPE_CHECKING:
    from drivers.batch.report import Outcome, Rendering

_FORMATS = typer.Option(
    "--format", help="html, json, ipynb, pptx, pdf, xlsx, divided by commas.", show_default="what the notebook writes"
)

STOPPED = 130
"""What a shell gives a command that Ctrl-C ended."""

app = typer.Typer(
    name="drivers",
    help="What really drives customer satisfaction, whether it keeps customers, and what that is worth.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Engine(StrEnum):
    """What executes the notebooks of a batch."""

    warm = "warm"
    cold = "cold"


def main() -> None:
    """Run the command line; this is the console script ``drivers``."""
    app()


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"drivers {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Take the options that belong to no command."""


@app.command()
def report(  # noqa: PLR0913 - a parameter for each option
    client: Annotated[Path, typer.Argument(metavar="CLIENT", help="The client file, client.toml.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder of all reports.")] = Path("reports"),
    wave: Annotated[str | None, typer.Option(help="One wave only.", show_default="every wave")] = None,
    formats: Annotated[str | None, _FORMATS] = None,
    notebook: Annotated[
        Path | None, typer.Option(help="Another notebook to render.", show_default="the client report")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option(help="A PowerPoint file whose layouts the deck takes.", show_default="that of the client file"),
    ] = None,
    quiet: Annotated[bool, typer.Option("--quiet", help="No progress bar.")] = False,
) -> None:
    """Render a client's report: one folder a wave, its page's path printed.

    Exit codes: 0 done, 1 some waves failed and the rest are done, 2 wrong usage or client file, 3 unusable data,
    4 the engine failed.
    """
    with _refusals():
        how = _rendering(formats, notebook, template, out=out, progress=_is_terminal() and not quiet)
        told = [_told(outcome) for outcome in _outcomes(client, wave, how)]

        from drivers.batch.overview import write_overview
        from drivers.batch.report import exit_code

        write_overview(out)
        raise typer.Exit(exit_code(told))


@app.command()
def batch(  # noqa: PLR0913 - a parameter for each option
    clients: Annotated[Path, typer.Argument(help="A folder with client files, or a list of them.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder of all reports.")] = Path("reports"),
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="Reports side by side.", show_default="processors, or threads of the cluster"),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Leave reports of unchanged input as they stand.")] = False,
    only: Annotated[str | None, typer.Option(help="Pattern of the clients' folder names.", show_default="all")] = None,
    wave: Annotated[str | None, typer.Option(help="One wave only.", show_default="every wave")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be rendered, and render nothing.")] = False,
    json_log: Annotated[Path | None, typer.Option(help="Add lines of JSON to this file.", show_default=False)] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds that one report may take.")] = 1800,
    retries: Annotated[int, typer.Option(min=0, help="New tries where the engine failed.")] = 1,
    formats: Annotated[str | None, _FORMATS] = None,
    notebook: Annotated[
        Path | None, typer.Option(help="Another notebook to render.", show_default="the client report")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="warm: forks of one server; cold: a new kernel each.")] = Engine.warm,
    cluster: Annotated[
        str | None, typer.Option(help="Address of a Dask scheduler.", show_default="this machine")
    ] = None,
) -> None:
    """Render the reports of many clients, side by side; a client that fails does not stop the others.

    Exit codes: 0 done, 1 some failed and the rest are done; where all failed 2 wrong usage or client files, 3 unusable
    data, 4 the engine failed.
    """
    with _refusals():
        from drivers.batch.night import Night, exit_status, job_like, listed_jobs, render_batch
        from drivers.batch.schedule import Limits

        planned = listed_jobs(clients, only, job_like(out, wave, formats, notebook, resume=resume))
        if dry_run:
            from drivers.batch.plan import plan_text

            typer.echo(plan_text(planned))
            return
        limits = Limits(jobs, retries, timeout)
        terminal = _is_terminal() and sys.stdout.isatty()
        with _stopped_by_hand():
            results, table = render_batch(planned, Night(out, limits, engine.value, cluster, json_log, terminal))
        if terminal or exit_status(results):
            typer.echo(table, err=not terminal)  # which cron mails, and only when something failed
        raise typer.Exit(exit_status(results))


@app.command()
def verify(
    bundle: Annotated[Path, typer.Argument(help="The folder of one wave's report.", show_default=False)],
    client: Annotated[
        Path | None, typer.Option(help="The client file, to compare the input.", show_default=False)
    ] = None,
    notebook: Annotated[
        Path | None, typer.Option(help="Another notebook than the client report.", show_default="the client report")
    ] = None,
    rerun: Annotated[bool, typer.Option("--rerun", help="Render it anew and compare every byte.")] = False,
) -> None:
    """Hold a report against its run.json: are its files, its input and the packages those of the run?

    Exit codes: 0 all the same, 1 something differs, 2 wrong usage, 3 and 4 the new run failed.
    """
    with _refusals():
        from drivers.batch.notebook import default_notebook
        from drivers.batch.verify import bundle_findings
        from drivers.client import load_client

        loaded = load_client(client) if client else None
        found = []
        for finding in bundle_findings(bundle, loaded, notebook or default_notebook(), rerun=rerun):
            typer.echo(str(finding))
            found.append(finding.same)
        raise typer.Exit(0 if all(found) else 1)


@app.command()
def doctor(out: Annotated[Path, typer.Option(help="The folder of all reports.")] = Path("reports")) -> None:
    """Look at what reports need on this machine, and say the remedy of what is missing.

    Exit codes: 0 all well (or only worth a look), 4 something is ill.
    """
    with _refusals():
        from drivers.batch.startup import quick_imports

        with quick_imports():
            from drivers.batch.doctor import machine_checks, verdict

        checks = []
        for check in machine_checks(out):
            typer.echo(str(check))
            checks.append(check)
        typer.echo(verdict(checks))
        raise typer.Exit(4 if any(check.state == "ill" for check in checks) else 0)


@app.command()
def index(
    folder: Annotated[Path, typer.Argument(help="The folder of all reports.")] = Path("reports"),
) -> None:
    """Write index.html, the overview of all reports in a folder; `report` and `batch` do so by themselves.

    Exit codes: 0 done, 2 no report in the folder, 4 not writable.
    """
    with _refusals():
        from drivers.batch.overview import folder_overview

        typer.echo(folder_overview(folder))


@app.command()
def init(
    survey: Annotated[Path, typer.Argument(metavar="FILE", help="A survey of any kind.", show_default=False)],
    out: Annotated[
        Path | None, typer.Option(help="The folder for client.toml.", show_default="that of the survey")
    ] = None,
) -> None:
    """Draft a client file for an unknown survey: what is sure, what is doubtful, what a person must decide.

    Exit codes: 0 done, 2 wrong usage or a client file that is there already, 3 unreadable survey, 4 not writable.
    """
    with _refusals():
        from drivers.survey.newcomer import draft_client

        newcomer = draft_client(survey, out)
        things = "1 thing" if len(newcomer.decisions) == 1 else f"{len(newcomer.decisions)} things"
        typer.echo(f"{newcomer.path}: {things} to decide, listed at its top")


@app.command()
def check(
    client: Annotated[Path, typer.Argument(metavar="CLIENT", help="The client file, client.toml.", show_default=False)],
) -> None:
    """Read and check a client file with its survey, and print what every column holds.

    Exit codes: 0 no problems (there may be warnings), 2 wrong usage or client file, 3 unusable data.
    """
    with _refusals():
        from drivers.analyses.codebook import client_codebook
        from drivers.client import load_client
        from drivers.present.codebook import codebook_text

        loaded = load_client(client)
        codebook = client_codebook(loaded)
        typer.echo(codebook_text(codebook, f"{loaded.client}: {loaded.survey.file}"))
        raise typer.Exit(codebook.exit_code)


def _rendering(formats: str | None, own: Path | None, template: Path | None, *, out: Path, progress: bool) -> Rendering:
    from drivers.batch.startup import quick_imports

    with quick_imports():
        from drivers.batch.notebook import default_notebook, wanted_formats
        from drivers.batch.report import Rendering

    source = own or default_notebook()
    return Rendering(out, wanted_formats(formats, source), source, progress, template=template)


def _outcomes(file: Path, wave: str | None, how: Rendering) -> Iterator[Outcome]:
    from drivers.batch.report import render_waves
    from drivers.client import load_client
    from drivers.survey.waves import report_waves

    client = load_client(file)
    return render_waves(client, report_waves(client, wave), how)


def _is_terminal() -> bool:
    return sys.stderr.isatty()


def _told(outcome: Outcome) -> Outcome:
    if outcome.bundle:
        typer.echo(outcome.bundle.headline)
    if outcome.error:
        about = f"wave {outcome.wave}: " if outcome.wave else ""
        typer.echo(f"drivers: {about}{outcome.error}", err=True)
    return outcome


@contextmanager
def _stopped_by_hand() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("drivers: stopped; reports that were done stay. The same command finishes the rest.", err=True)
        raise typer.Exit(STOPPED) from None


@contextmanager
def _refusals() -> Iterator[None]:
    """Print an error that the suite raised on purpose, and end with its exit code."""
    try:
        yield
    except DriversError as error:
        typer.echo(f"drivers: {error}", err=True)
        raise typer.Exit(error.exit_code) from error


if __name__ == "__main__":
    main()
