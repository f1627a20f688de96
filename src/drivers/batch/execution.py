"""The execution of a notebook by papermill, with what can go wrong said in the suite's own errors."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import papermill
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError

from drivers import errors
from drivers.batch.kernel import NAME, OwnKernel
from drivers.batch.notebook import template_safe
from drivers.batch.secrecy import hidden
from drivers.errors import DriversError, EngineError, ReportError

CELL_SECONDS = 1800
START_SECONDS = 120
_QUIET = "--log-level=50"  # the interrupt by which jupyter_client ends an idle kernel is no error to report


def execute_notebook(
    notebook: Path, target: Path, parameters: Mapping[str, object], *, progress: bool, engine: str | None = None
) -> NotebookNode:
    """Run the notebook in the folder of ``target`` and save it there cell by cell.

    Parameters
    ----------
    notebook
        The source; it is not changed.
    target
        Where the executed notebook goes. Its folder is the kernel's working folder. papermill changes the
        working folder of the whole process meanwhile, so a process executes one notebook at a time.
    parameters
        Plain values by name, checked before by ``notebook.check_parameters``.
    progress
        Whether papermill draws its progress bar on stderr.
    engine
        Name of the papermill engine; None for a kernel in a process of its own.

    Raises
    ------
    DriversError
        The error a cell raised, as the same class with the same message.
    ReportError
        Any other error of a cell, a dead kernel, or a cell over its time limit.
    """
    try:
        return _run(notebook, target, parameters, progress, engine)
    except PapermillExecutionError as error:
        raise _cell_error(error, notebook.name) from error
    except CellTimeoutError as error:
        raise ReportError(
            f"A cell of {notebook.name} ran longer than {CELL_SECONDS} seconds and was stopped. "
            "Lower `draws` in the client file, or divide the cell."
        ) from error
    except DeadKernelError as error:
        raise EngineError(
            f"The kernel died while it executed {notebook.name}. It may have run out of memory."
        ) from error
    except RuntimeError as error:  # nbclient's word for a kernel that does not answer
        raise EngineError(
            f"The kernel for {notebook.name} did not start: {error}. "
            "See that `python -m ipykernel --version` works in this environment."
        ) from error


def _run(
    notebook: Path, target: Path, parameters: Mapping[str, object], progress: bool, engine: str | None
) -> NotebookNode:
    with TemporaryDirectory() as home:  # no start-up file under the user's home may change a client's numbers
        executed: NotebookNode = papermill.execute_notebook(
            template_safe(notebook.resolve()),
            template_safe(target.resolve()),
            dict(parameters),
            engine_name=engine,
            kernel_name=NAME,
            language="python",
            progress_bar={"desc": "Rendering", "leave": False} if progress else False,
            cwd=target.resolve().parent,
            start_timeout=START_SECONDS,
            execution_timeout=CELL_SECONDS,
            kernel_manager_class=OwnKernel,
            extra_arguments=[f"--ipython-dir={home}", _QUIET],
        )
    return executed


def _cell_error(error: PapermillExecutionError, name: str) -> DriversError:
    known, message = getattr(errors, error.ename, None), hidden(error.evalue)
    if isinstance(known, type) and issubclass(known, DriversError):
        return known(message)
    said = message.strip().splitlines()
    return ReportError(
        f"Cell [{error.exec_count}] of {name} failed: {error.ename}: {said[-1] if said else 'no message'}. "
        "Open the notebook in JupyterLab and run it up to that cell."
    )
