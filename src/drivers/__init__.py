"""drivers: what really drives customer satisfaction, whether it keeps customers, and what that is worth.

Names are loaded on first use, so that ``import drivers`` and the command line start in a fraction of a second.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_HOME = {
    "Survey": "drivers.survey.survey",
}

__all__ = sorted([*_HOME, "__version__"])


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attribute can be anything
    if name not in _HOME:
        raise AttributeError(f"module 'drivers' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return list(__all__)
