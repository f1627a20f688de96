"""Notices: what a reader of a result must know."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

from drivers.errors import CollinearityWarning, DataWarning, DriversWarning, SmallBaseWarning
from drivers.wording import Sentence

_CLASSES: dict[str, type[DriversWarning]] = {
    "small_base": SmallBaseWarning,
    "collinear": CollinearityWarning,
    "dependent": CollinearityWarning,
    "twins": CollinearityWarning,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know; `kind` is its name in findings.json."""

    kind: str
    sentence: Sentence

    def __str__(self) -> str:
        return str(self.sentence)


def warn_of(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Issue each notice as a warning of its class, for whoever works without the report; returns them."""
    for notice in notices:
        warnings.warn(str(notice), _CLASSES.get(notice.kind, DataWarning), stacklevel=3)
    return notices
