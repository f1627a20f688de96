"""A frame as a printed table: headers and cells in the language of the report, with the numbers behind the cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from string import Formatter

import pandas as pd

from drivers.glossary import GLOSSARY, Term
from drivers.present.language import Language
from drivers.wording import Sentence, sentence

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
class Number:
    """A number behind a printed cell.

    Attributes
    ----------
    value
        As the result has it: a share is a fraction.
    how
        How it is printed, as in a sentence: percent1, money, count.
    part
        What it is beside the column's own number: `LOW` or `HIGH`, or a header of its own. Empty: the number itself.
    """

    value: float
    how: str
    part: str = ""


LOW, HIGH = "low", "high"


class Cell(str):
    """The text of a cell that keeps the numbers behind it, for documents that can compute with them."""

    __slots__ = ("numbers",)
    numbers: tuple[Number, ...]

    def __new__(cls, text: str, *numbers: Number) -> Cell:
        """A text with its numbers."""
        made = super().__new__(cls, text)
        made.numbers = numbers
        return made


@dataclass(frozen=True, slots=True)
class Printed:
    """A table ready to print: headers, rows of text, which columns hold numbers, and what it is called.

    A cell that shows numbers is a `Cell`, which keeps them.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]
    caption: str = ""


_TEXTS = ("text", "yes/no")
_YES, _NO = sentence("Yes"), sentence("No")


def printed(frame: pd.DataFrame, columns: list[str], language: Language) -> Printed:
    """These columns; the ends of an interval stand in brackets behind their value, in one cell."""
    shown = [c for c in columns if not (c.endswith(_ENDS) and c.rpartition("_")[0] in columns)]
    rows = tuple(tuple(_spread_cell(row, column, language) for column in shown) for _, row in frame.iterrows())
    terms = [GLOSSARY[c] for c in shown]
    return Printed(headers(terms, language), rows, tuple(t.unit not in _TEXTS for t in terms))


_ENDS = ("_low", "_high")


def _spread_cell(row: pd.Series, column: str, language: Language) -> str:
    term, ends = GLOSSARY[column], [column + end for end in _ENDS if column + end in row.index]
    if term.unit in _TEXTS:
        return _text(row[column], term, language)
    return number_cell([_number(row[name]) for name in (column, *ends)], _FORMATS[term.unit], language)


def number_cell(values: float | Sequence[float], how: str, language: Language) -> Cell:
    """A number, or a number with the two ends of its interval, as one cell; without ends where there is none."""
    given = [float(x) for x in values] if isinstance(values, Sequence) else [float(values)]
    value, *ends = (_figure(x, how, language) for x in given)
    text = language.spread(value, *ends) if ends and _DASH not in ends else value
    return Cell(text, *(Number(x, how, part) for x, part in zip(given, ("", LOW, HIGH), strict=False)))


def range_cell(low: float, high: float, how: str, language: Language) -> Cell:
    """From lowest to highest; one number where they are equal in print."""
    ends = [_figure(float(x), how, language) for x in (low, high)]
    text = ends[0] if ends[0] == ends[1] else "–".join(ends)
    return Cell(text, Number(float(low), how, LOW), Number(float(high), how, HIGH))


def said_cell(said: Sentence, language: Language, **parts: str) -> Cell:
    """A sentence of numbers as one cell.

    Its first number is the cell's own, those named low and high are the ends of its interval; `parts` says under which
    header each other one stands.
    """
    fields = list(_fields(said))
    known = {fields[0][0]: "", "low": LOW, "high": HIGH, **parts}
    return Cell(language.say(said), *(Number(value, how, known[name]) for name, how, value in fields))


def _fields(said: Sentence) -> Iterator[tuple[str, str, float]]:
    """Name, format and value of each number in a sentence; those of a sentence within it have its name."""
    for _, name, how, _ in Formatter().parse(said.template):
        value = said.values[name] if name else None
        if isinstance(value, Sentence):
            yield from ((str(name), inner, number) for _, inner, number in _fields(value))
        elif name and how:
            yield name, how, float(str(value))


def p_cell(p: float, language: Language) -> Cell:
    """A p-value with three decimals."""
    text = language.say("below {p:number3}", p=0.001) if p < 0.001 else language.figure(p, "number", 3)
    return Cell(text, Number(float(p), "p3"))


_DASH = "–"


def headers(terms: list[Term], language: Language) -> tuple[str, ...]:
    """The headers of these columns."""
    return tuple(t.header_nl if language.code == "nl" else t.header_en for t in terms)


def _text(value: object, term: Term, language: Language) -> str:
    if term.unit == "text":
        return str(value)
    return _DASH if value is None else language.say(_YES if value else _NO)


def _number(value: object) -> float:
    return float("nan") if value is None or value is pd.NA else float(str(value))


def _figure(number: float, how: str, language: Language) -> str:
    return "∞" if number in (float("inf"), float("-inf")) else language.format_field(number, how)
