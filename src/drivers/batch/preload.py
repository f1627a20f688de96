"""What a report loads and works out each time: done once, in the server, so that its forks find it done."""

from __future__ import annotations

import importlib

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import drivers
from drivers.batch.notebook import check_parameters, default_notebook
from drivers.present.page import report_page

LIBRARIES = (
    "statsmodels.api",
    "seaborn",
    "pingouin",
    "matplotlib.pyplot",
    "matplotlib.backends.backend_agg",
    "matplotlib.backends.backend_svg",
    "pandas.io.formats.html",
    "pandas.io.formats.string",
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.oinspect",
    "IPython.core.pylabtools",
)
"""What the cells of a report and their kernel import, now or on first use. matplotlib's inline backend is not among
them: it ties itself to the shell as it is imported."""


def warm_up() -> None:
    """Import every library of a report, and use once what prepares itself on first use.

    Nothing is drawn, read or fitted: open figures, file handles and threads would be in every fork.
    """
    for name in LIBRARIES:
        importlib.import_module(name)
    for name in drivers.__all__:
        getattr(drivers, name)
    check_parameters(default_notebook(), {})
    page = new_notebook(cells=[new_markdown_cell("word"), new_code_cell("0")])  # type: ignore[no-untyped-call]
    nbformat.validate(page)
    report_page(page, client="", wave=None, language="en")
