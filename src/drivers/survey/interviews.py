"""Interviews: how long each respondent took, and whether the date of the interview can be."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.client import Client
from drivers.errors import SurveyError
from drivers.survey.codes import EMPTY, CodeReader, code_text
from drivers.survey.table import SurveyTable


@dataclass(frozen=True, slots=True, eq=False)
class Interviews:
    """How the answers came about; the dates themselves are not kept.

    Attributes
    ----------
    durations
        Array (n,) in the unit of the survey, NaN where unknown; None where the client file names no such column.
    impossible
        Boolean array (n,): a date that is none, or lies outside the fieldwork; None where no column is named.
    lags
        Array (n,), days from the interview to the day on which the customer left, NaN where one of the two is unknown;
        None where the client file names no such column.
    """

    durations: np.ndarray | None = None
    impossible: np.ndarray | None = None
    lags: np.ndarray | None = None

    def rows(self, chosen: np.ndarray) -> Interviews:
        """The same of these respondents only. `chosen` is boolean, (n,)."""
        parts = (self.durations, self.impossible, self.lags)
        return Interviews(*(None if part is None else part[chosen] for part in parts))


def read_interviews(client: Client, reader: CodeReader) -> Interviews:
    """How long did each respondent take, and when?

    Raises
    ------
    SurveyError
        When durations are no numbers, or most dates cannot be read.
    """
    return Interviews(_durations(client, reader), _impossible(client, reader), _lags(client, reader))


def _durations(client: Client, reader: CodeReader) -> np.ndarray | None:
    column = client.survey.duration
    if column is None:
        return None
    read = reader.numbers(column)
    if read.unreadable:
        raise SurveyError(
            f'{reader.table.source}: column "{column}" (survey.duration) has values that are not numbers, such as '
            f'"{next(iter(read.unreadable))}". Expected seconds or minutes. Convert them, or leave the key out.'
        )
    return read.numbers


def _impossible(client: Client, reader: CodeReader) -> np.ndarray | None:
    column = client.survey.date
    if column is None:
        return None
    which, found = pd.factorize(reader.table.frame[column])
    day = _day_reader(client.survey.date_format)
    days = [None if _absent(reader, column, code) else day(code) for code in found]
    asked = [not _absent(reader, column, code) for code in found]
    counts = np.bincount(which[which >= 0], minlength=len(found))
    unreadable = np.array([a and d is None for a, d in zip(asked, days, strict=True)], dtype=bool)
    if counts[unreadable].sum() * 2 > counts[np.array(asked, dtype=bool)].sum():
        example = code_text(found[int(np.argmax(unreadable))])
        raise SurveyError(
            f'{reader.table.source}: most dates in column "{column}" (survey.date) cannot be read, such as '
            f'"{example}". Expected 2025-03-31. Say how they are written, e.g. survey.date_format = "%d-%m-%Y".'
        )
    wrong = unreadable | np.array([d is not None and _outside(client, d) for d in days], dtype=bool)
    return np.asarray(np.append(wrong, False)[which])  # the place -1 is of an empty cell


def _lags(client: Client, reader: CodeReader) -> np.ndarray | None:
    asked, gone = client.survey.date, client.loyalty.left_date if client.loyalty else None
    if asked is None or gone is None:
        return None
    left = _ordinals(client, reader, gone)
    filled = sum(not _absent(reader, gone, code) for code in reader.table.frame[gone])
    if np.isfinite(left).sum() * 2 < filled:
        raise SurveyError(
            f'{reader.table.source}: most dates in column "{gone}" (loyalty.left_date) cannot be read. Expected them '
            "as in survey.date, such as 2025-03-31. Write both alike, and say how with survey.date_format."
        )
    return np.asarray(left - _ordinals(client, reader, asked))


def _ordinals(client: Client, reader: CodeReader, column: str) -> np.ndarray:
    """The day (n,) in each row of a column as a number; NaN where there is none."""
    which, found = pd.factorize(reader.table.frame[column])
    day = _day_reader(client.survey.date_format)
    days = [None if _absent(reader, column, code) else day(code) for code in found]
    numbers = np.array([*(np.nan if d is None else float(d.toordinal()) for d in days), np.nan])
    return np.asarray(numbers[which])  # the place -1 is of an empty cell


def _outside(client: Client, day: datetime.date) -> bool:
    fieldwork = client.survey.fieldwork
    return fieldwork is not None and not fieldwork[0] <= day <= fieldwork[1]


def _absent(reader: CodeReader, column: str, code: object) -> bool:
    text = code_text(code)
    coded = {code_text(missing) for missing in reader.missing}
    return text.casefold() in EMPTY or text in coded or reader.declares_missing(column, code)


def _day_reader(pattern: str | None) -> Callable[[object], datetime.date | None]:
    def day(code: object) -> datetime.date | None:
        if isinstance(code, datetime.datetime):
            return code.date()
        if isinstance(code, datetime.date):
            return code
        text = code_text(code)
        try:
            moment = datetime.datetime.strptime(text, pattern) if pattern else datetime.datetime.fromisoformat(text)
        except ValueError:
            return None
        return moment.date()

    return day


def respondent_codes(client: Client, table: SurveyTable) -> np.ndarray | None:
    """Who answered each row, as codes (n,); None where the client file names no respondent."""
    if client.survey.respondent is None:
        return None
    column = table.frame[client.survey.respondent]
    codes, found = pd.factorize(column.where(column.astype(str).str.strip() != ""))
    nameless = codes < 0
    codes[nameless] = len(found) + np.arange(nameless.sum())
    return np.asarray(codes)
