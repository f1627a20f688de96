"""The start-up of a run: how Jupyter's packages and others are imported."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

GRAMMAR = "rfc3987_syntax"


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import papermill and nbconvert in this block without the grammar of international web addresses.

    jsonschema, which checks notebooks, builds 35 parsers for such addresses when it is imported: 1.3 of 2.6 seconds
    on the machine this was measured on (jsonschema issue 1428). No field of a notebook is one, and jsonschema does
    without where the package is absent.
    """
    if GRAMMAR in sys.modules:
        yield
        return
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]  # the import system's own sign for "absent"
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]


@contextmanager
def as_in_a_kernel() -> Iterator[None]:
    """Let libraries that ask as they are imported whether they serve a notebook hear yes.

    pandas takes 20 as the largest number of columns shown in a notebook, and what fits in a terminal elsewhere.
    """
    builtins.get_ipython = lambda: SimpleNamespace(kernel=None)  # type: ignore[attr-defined]
    try:
        yield
    finally:
        del builtins.get_ipython  # type: ignore[attr-defined]
