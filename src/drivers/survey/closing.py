"""Closing rows: notes, totals and means that stand below the answers and are no respondents."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from drivers.errors import SurveyError
from drivers.survey.codes import code_number

_LAST = 5  # rows at the end among which totals are looked for
_WIDE = 3  # columns of a table below which a note is looked for
_FEWEST = 5  # answers that show what a column holds
_ROUNDED = 0.005  # of a mean that is printed with two decimals
_CALLED = re.compile(
    r"(eind|sub|grand |sub-)?tota(al|l|len|ls)|som|sum|gem(iddelden?)?|mean|average|avg|mediaan|median|minimum|maximum|"
    r"aantal|count|n ?=|basis?|base|st\w*[ .]*dev\w*|standa(ard|rd) ?(afwijking|deviation)|top ?[23]( box)?"
)


def notes_below(body: pd.DataFrame) -> int:
    """How many of the last rows hold a note: a sentence in the first column, and nothing else?"""
    notes = 0
    if body.shape[1] < _WIDE:
        return notes
    for row in range(len(body) - 1, max(len(body) - _LAST, _FEWEST) - 1, -1):
        cells = body.iloc[row]
        if cells.notna().sum() != 1 or not isinstance(cells.iloc[0], str) or " " not in cells.iloc[0].strip():
            break
        notes += 1
    return notes


def check_closing(frame: pd.DataFrame, places: np.ndarray, source: str) -> None:
    """Refuse rows of totals at the end: they are called so, and hold numbers that the rows above give.

    Raises
    ------
    SurveyError
        With the number of each such row, and what it is called.
    """
    found = list(_closing_rows(frame))
    if not found:
        return
    called = " and ".join(f'row {places[row]:,} ("{word}")' for row, word in found)
    several = "hold totals or means of the rows above and are no respondents. Remove them from the file."
    one = "holds a total or mean of the rows above and is no respondent. Remove it from the file."
    raise SurveyError(f"{source}: {called} {several if len(found) > 1 else one}")


def _closing_rows(frame: pd.DataFrame) -> Iterator[tuple[int, str]]:
    first = max(len(frame) - _LAST, _FEWEST)
    called = {row: word for row in range(first, len(frame)) if (word := _name(frame, row))}
    if called:
        above = frame.iloc[: min(called)]
        yield from ((row, word) for row, word in called.items() if _sums_up(frame.iloc[row], above))


def _name(frame: pd.DataFrame, row: int) -> str | None:
    """What a row of totals is called; None where no cell says that it is one."""
    texts = (cell.strip() for cell in frame.iloc[row] if isinstance(cell, str))
    return next((text for text in texts if _CALLED.fullmatch(text.casefold().rstrip(" .:"))), None)


def _sums_up(row: pd.Series, above: pd.DataFrame) -> bool:
    """Is a number in this row a count, sum or mean of the numbers above it, or no whole one where all are?"""
    return any(
        (number := _number(cell)) is not None and _is_summary(number, above[column]) for column, cell in row.items()
    )


def _is_summary(number: float, above: pd.Series) -> bool:
    counts = above.value_counts()
    read = [(n, count) for code, count in counts.items() if (n := _number(code)) is not None]
    others = np.repeat([n for n, _ in read], [count for _, count in read])
    if len(others) < _FEWEST:
        return False
    if number % 1 and not (others % 1).any():
        return True
    outside = not others.min() <= number <= others.max()
    return bool(outside and np.isclose(number, [others.sum(), len(others), others.std(ddof=1)], atol=_ROUNDED).any())


def _number(cell: object) -> float | None:
    number = code_number(cell)
    return code_number(cell, ",") if number is None else number
