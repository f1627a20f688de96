"""Codes: what a survey file writes for an answer, as the number it means."""

from __future__ import annotations

import datetime
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from numbers import Real

import numpy as np
import pandas as pd

from drivers.survey.table import Code, SurveyTable

EMPTY = frozenset({"", ".", "na", "n/a", "#n/a", "nan", "null"})
"""What software writes into an empty cell, in small letters."""

FLAGS: Mapping[str, float] = {
    **dict.fromkeys(("0", "false", "no", "nee"), 0.0),
    **dict.fromkeys(("1", "true", "yes", "ja"), 1.0),
}
"""What means no (0) and yes (1), in small letters."""

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_WHOLE = re.compile(r"([+-]?\d+)\.0*")


@dataclass(frozen=True, slots=True, eq=False)
class CodedColumn:
    """Numbers (n,), NaN where there is no answer.

    `unreadable` counts the codes that could not be read; `taken` counts the answers that codes for no answer took
    away, by code.
    """

    numbers: np.ndarray
    unreadable: Mapping[str, int]
    taken: Mapping[str, int]

    @property
    def coded_missing(self) -> int:
        """Answers that codes for no answer took away."""
        return sum(self.taken.values())


@dataclass(frozen=True, slots=True, eq=False)
class CodeReader:
    """Reads columns of one table, given which codes mean no answer and the decimal sign of texts."""

    table: SurveyTable
    missing: tuple[Code, ...] = ()
    decimal: str = "."

    def numbers(self, column: str, *, missing: bool = True) -> CodedColumn:
        """The numbers in this column. Without `missing` only empty cells and declared codes are no answer."""
        return self._column(column, partial(code_number, decimal=self.decimal), self.missing if missing else ())

    def flags(self, column: str) -> CodedColumn:
        """The yes (1) and no (0) in this column: by its value labels where they say so, else by its codes."""
        meanings = self.flag_meanings(column)

        def flag(code: object) -> float | None:
            number = code_number(code, self.decimal)  # "1,0" is 1 under a decimal comma
            return meanings.get(code_text(code if number is None else number).casefold())

        return self._column(column, flag, self.missing)

    def flag_meanings(self, column: str) -> Mapping[str, float | None]:
        """What each code of this column means, in small letters: no (0), yes (1) or neither (None)."""
        labels = self.table.value_labels.get(column, {})
        said = {code_text(code).casefold(): FLAGS.get(label.strip().casefold()) for code, label in labels.items()}
        return said if any(flag is not None for flag in said.values()) else FLAGS

    def taking(self, codes: tuple[Code, ...]) -> CodeReader:
        """The same reader, with these codes meaning no answer and no others."""
        return replace(self, missing=codes)

    def declares_missing(self, column: str, code: object) -> bool:
        """Does the survey file itself say that this code is no answer?"""
        number = code_number(code, self.decimal)
        ranges = self.table.declared_missing.get(column, ())
        return any(_within(value, low, high) for low, high in ranges for value in (code, number))

    def _column(self, column: str, meaning: Callable[[object], float | None], missing: tuple[Code, ...]) -> CodedColumn:
        which, found = pd.factorize(self.table.frame[column])  # decide once for each different code
        counts = np.bincount(which[which >= 0], minlength=len(found))
        numbers, unreadable, gone = np.full(len(found) + 1, np.nan), Counter[str](), Counter[str]()
        taken = missing_codes(missing, self.decimal)
        for place, (code, count) in enumerate(zip(found, counts, strict=True)):
            if _is_empty(code) or self.declares_missing(column, code):
                continue
            if {code_text(code), code_number(code, self.decimal)} & taken:
                gone[code_text(code)] += int(count)
            elif (number := meaning(code)) is None:
                unreadable[code_text(code)] += int(count)
            else:
                numbers[place] = number
        return CodedColumn(numbers[which], unreadable, gone)  # -1, an empty cell, is the last place: NaN


def missing_codes(missing: tuple[Code, ...], decimal: str = ".") -> frozenset[object]:
    """Each of these codes as the number and as the text that a survey file may write."""
    numbers = {code_number(code, decimal) for code in missing} - {None}
    return frozenset({code_text(code) for code in missing} | numbers)


def code_number(code: object, decimal: str = ".") -> float | None:
    """The finite number that this code is or writes; None if it is none."""
    if isinstance(code, str):
        text = code.strip()
        if decimal != ".":
            text = text.replace(".", "?").replace(decimal, ".")  # a dot is no decimal sign then
        return float(text) if _NUMBER.fullmatch(text) and math.isfinite(float(text)) else None
    if isinstance(code, (Real, Decimal, np.bool_)) and math.isfinite(code):
        return float(code)
    return None


def code_text(code: object) -> str:
    """Write this code as people write it: 2024 for 2024.0, the date of a midnight."""
    if isinstance(code, datetime.datetime):  # a pandas Timestamp is one too
        return str(code.date()) if code.time() == datetime.time() else code.isoformat(" ")
    if isinstance(code, float) and code.is_integer():
        return str(int(code))
    text = str(code).strip()
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def natural_order(code: object) -> tuple[tuple[int, float, str], ...]:
    """Sorts whole numbers by size, first of all; then names, by the numbers inside them too."""
    number = code_number(code)
    if number is not None:
        return ((0, number, ""),)
    parts = re.split(r"(\d+)", code_text(code).casefold())
    return tuple((1, float(p), "") if p.isdigit() else (2, 0.0, p) for p in parts if p)


def _is_empty(code: object) -> bool:
    return isinstance(code, str) and code.strip().casefold() in EMPTY


def _within(value: object, low: Code, high: Code) -> bool:
    if isinstance(low, str) or isinstance(high, str):
        return isinstance(value, str) and str(low).strip() <= value.strip() <= str(high).strip()
    return isinstance(value, float) and low <= value <= high
