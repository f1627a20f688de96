"""The start-up of a run: what Jupyter's packages load and a report never uses is left out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

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
