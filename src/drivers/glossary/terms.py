"""What a column of a result is: its meaning, its unit, and how reports print its header."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal[
    "text",
    "count",
    "share",
    "percentage points",
    "points",
    "fine points",
    "probability",
    "rank",
    "money",
    "price",
    "ratio",
    "coefficient",
    "yes/no",
]


@dataclass(frozen=True, slots=True)
class Term:
    """One column: `meaning` is for the reference page, the headers are for tables in reports."""

    name: str
    meaning: str
    unit: Unit
    header_en: str
    header_nl: str


def term(name: str, unit: Unit, meaning: str, header_en: str, header_nl: str) -> Term:
    """One column."""
    return Term(name, meaning, unit, header_en, header_nl)


def spread(name: str, unit: Unit, meaning: str, header_en: str, header_nl: str) -> tuple[Term, ...]:
    """A number and the two ends of its interval."""
    return (
        term(name, unit, meaning, header_en, header_nl),
        term(f"{name}_low", unit, f"Lower end of the interval of {name}.", f"{header_en}, from", f"{header_nl}, van"),
        term(f"{name}_high", unit, f"Upper end of the interval of {name}.", f"{header_en}, to", f"{header_nl}, tot"),
    )
