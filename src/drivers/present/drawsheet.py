"""The hidden sheet behind a what-if: every draw, with the formulas that carry a change through it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from drivers.analyses.scenariodraws import scenario_draws
from drivers.analyses.whatif import MEASURES, WhatIf
from drivers.present.book import Book

SOUND = 0.9
"""Below this share of draws with a number there is no interval, as in every estimate of the report."""

_GAIN, _FIRST, _REST, _WEIGHTS, _FOUND, _SLOPES = 0, 1, 2, 3, 7, 10  # columns, counted from 0
_COUNT, _LOW, _HIGH, _CHANGES, _SAMPLE = 1, 2, 5, 8, 9  # rows, counted from 0
_CUBIC = (
    "=-({t}-1)*({t}-2)*({t}-3)/6",
    "={t}*({t}-2)*({t}-3)/2",
    "=-{t}*({t}-1)*({t}-3)/2",
    "={t}*({t}-1)*({t}-2)/6",
)
_END = (
    "=IF({n}<{least},\"\",IF({k}>={n},SMALL({all},{n}),SMALL({all},{k})+MIN(MAX("
    "(NORMSINV({place}/({n}+1))-NORMSINV({k}/({n}+1)))/(NORMSINV(({k}+1)/({n}+1))-NORMSINV({k}/({n}+1))),0),1)"
    "*(SMALL({all},{k}+1)-SMALL({all},{k}))))"
)  # fmt: skip
"""An end of a percentile interval: between two order statistics on the normal scale."""


@dataclass(frozen=True, slots=True)
class DrawSheet:
    """Where the answers of a sheet of draws stand; formulas for other sheets."""

    name: str
    draws: int

    def value(self, measure: str) -> str:
        """The change in the sample."""
        return self._cell(measure, _SAMPLE)

    def low(self, measure: str) -> str:
        """The lower end of its interval."""
        return self._cell(measure, _LOW + 2)

    def high(self, measure: str) -> str:
        """The upper end."""
        return self._cell(measure, _HIGH + 2)

    def share_above(self, measure: str, limit: str) -> str:
        """The share of the draws above this limit."""
        column = xl_col_to_name(_column(measure))
        found = f"'{self.name}'!${column}${_SAMPLE + 2}:${column}${_SAMPLE + 1 + self.draws}"
        return f'COUNTIF({found},">"&{limit})/COUNT({found})'

    def _cell(self, measure: str, row: int) -> str:
        return f"'{self.name}'!${xl_col_to_name(_column(measure))}${row + 1}"


def _column(measure: str) -> int:
    place = MEASURES.index(measure)
    return _FOUND + place - 1 if place else _GAIN


def write_draws(book: Book, name: str, given: WhatIf, changes: list[str]) -> DrawSheet:
    """Write the sheet of this name; `changes` are the cells with the change of each driver.

    Until somebody types a change it holds what goes with none.
    """
    sheet = book.workbook.add_worksheet(name, _PlainFormulas)
    sheet.hide()
    made = DrawSheet(name, given.draws)
    for column, cell in enumerate(changes, start=_SLOPES):
        sheet.write_formula(_CHANGES, column, f"={cell}", None, 0)
    for measure in MEASURES:
        _write_ends(sheet, measure, given)
    known = scenario_draws(given)
    numbers = _short(np.column_stack([known.slopes, known.responses.reshape(len(known.responses), -1)]))
    for row, (values, responses) in enumerate(zip(numbers, known.responses, strict=True), start=_SAMPLE):
        for column, value in enumerate(values.tolist(), start=_SLOPES):
            if math.isfinite(value):
                sheet.write_number(row, column, value)
        _write_draw(sheet, row, given, responses)
    return made


class _PlainFormulas(Worksheet):  # type: ignore[misc]  # the library has no types
    """A sheet whose formulas are written as they are: none has a function newer than Excel 2016 to be marked."""

    def _prepare_formula(self, formula: str, *_: object) -> str:
        return formula.removeprefix("=")


def _short(values: np.ndarray) -> np.ndarray:
    """The values with nine digits, all that 32 bits hold: a file of half the size."""
    power = 10.0 ** (8 - np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values)))))
    return np.asarray(np.round(values * power) / power)


def _write_draw(sheet: Worksheet, row: int, given: WhatIf, responses: np.ndarray) -> None:
    """The change of satisfaction in a draw, the four gains around it, and what goes with them."""
    drivers, line, still = len(given.table), row + 1, round(-given.first_gain / given.gain_step)
    ends = xl_col_to_name(_SLOPES), xl_col_to_name(_SLOPES + drivers - 1)
    gain = f"=SUMPRODUCT(${ends[0]}${_CHANGES + 1}:${ends[1]}${_CHANGES + 1},{ends[0]}{line}:{ends[1]}{line})"
    at = f"MIN(MAX((A{line}-({given.first_gain!r}))/{given.gain_step!r},0),{given.gains - 1})"
    first = min(still // 3, (given.gains - 2) // 3) * 3
    sheet.write_formula(row, _GAIN, gain, None, 0)
    sheet.write_formula(row, _FIRST, f"=3*MIN(INT({at}/3),{(given.gains - 2) // 3})", None, first)
    sheet.write_formula(row, _REST, f"={at}-B{line}", None, still - first)
    for k, weight in enumerate(_CUBIC):
        sheet.write_formula(row, _WEIGHTS + k, weight.format(t=f"C{line}"), None, float(k == still - first))
    for k, values in enumerate(responses):
        start = _SLOPES + drivers + k * given.gains
        known = f"${xl_col_to_name(start)}{line}:${xl_col_to_name(start + given.gains - 1)}{line}"
        sheet.write_formula(row, _FOUND + k, _between(known, line, values), None, _cached(values[still]))


def _between(known: str, line: int, values: np.ndarray) -> str:
    """The cubic through four gains; nothing where one of them has no number."""
    four = [f"INDEX({known},$B{line}+{k + 1})" for k in range(4)]
    total = "+".join(f"${xl_col_to_name(_WEIGHTS + k)}{line}*{cell}" for k, cell in enumerate(four))
    return f"={total}" if np.isfinite(values).all() else f'=IF(COUNT({four[0]}:{four[3]})<4,"",{total})'


def _cached(value: float) -> float | str:
    return float(value) if math.isfinite(value) else ""


def _write_ends(sheet: Worksheet, measure: str, given: WhatIf) -> None:
    """The interval of a measure: how many draws have a number, and the order statistics at its ends."""
    column = _column(measure)
    name = xl_col_to_name(column)
    n, everything = f"${name}${_COUNT + 1}", f"${name}${_SAMPLE + 2}:${name}${_SAMPLE + 1 + given.draws}"
    sheet.write_formula(_COUNT, column, f"=COUNT({everything})", None, given.draws)
    tail = (1.0 - given.confidence) / 2.0
    for top, level in ((_LOW, tail), (_HIGH, 1.0 - tail)):
        place, k = f"${name}${top + 1}", f"${name}${top + 2}"
        exact = min(max((given.draws + 1) * level, 1.0), float(given.draws))
        sheet.write_formula(top, column, f"=MIN(MAX(({n}+1)*{level!r},1),{n})", None, exact)
        sheet.write_formula(top + 1, column, f"=INT({place}+1E-9)", None, int(exact + 1e-9))
        least = max(2.0, SOUND * given.draws)
        end = _END.format(n=n, least=least, k=k, place=place, all=everything)
        sheet.write_formula(top + 2, column, end, None, 0)
