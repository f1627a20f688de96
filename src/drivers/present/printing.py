"""A frame as a printed table: headers, units and numbers in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from drivers.glossary import GLOSSARY, Term
from drivers.present.language import Language
from drivers.wording import sentence

_FORMATS = {
    "count": "count",
    "share": "percent1",
    "percentage points": "pp1",
    "points": "number1",
    "fine points": "number2",
    "probability": "chance",
    "rank": "count",
    "money": "money",
    "price": "money2",
    "ratio": "number1",
    "coefficient": "number2",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A table ready to print: headers, rows of text, which columns hold numbers, and what it is called."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str = ""


_YES, _NO = sentence("Yes"), sentence("No")


def printed(frame: pd.DataFrame, columns: list[str], language: Language) -> Printed:
    """These columns; the ends of an interval stand in brackets behind their value, in one cell."""
    shown = [c for c in columns if not (c.endswith(_ENDS) and c.rpartition("_")[0] in columns)]
    rows = tuple(tuple(_spread_cell(row, column, language) for column in shown) for _, row in frame.iterrows())
    terms = [GLOSSARY[c] for c in shown]
    return Printed(headers(terms, language), rows, tuple(t.unit not in ("text", "yes/no") for t in terms))


_ENDS = ("_low", "_high")


def _spread_cell(row: pd.Series, column: str, language: Language) -> str:
    value, *ends = (
        _cell(row[name], GLOSSARY[name], language)
        for name in (column, *(column + end for end in _ENDS))
        if name in row.index
    )
    return language.spread(value, *ends) if ends and _DASH not in ends else value


_DASH = "–"


def headers(terms: list[Term], language: Language) -> tuple[str, ...]:
    """The headers of these columns."""
    return tuple(t.header_nl if language.code == "nl" else t.header_en for t in terms)


def _cell(value: object, term: Term, language: Language) -> str:
    if term.unit == "text":
        return str(value)
    if term.unit == "yes/no":
        return "–" if value is None else language.say(_YES if value else _NO)
    number = float("nan") if value is None or value is pd.NA else float(str(value))
    if number in (float("inf"), float("-inf")):
        return "∞"
    return language.format_field(number, _FORMATS[term.unit])
