"""Dates: how the days in a column of an unknown survey are written."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

_DAYS = ("%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%m/%d/%Y", "%m-%d-%Y", "%Y/%m/%d", "%d-%m-%y", "%d/%m/%y", "%m/%d/%y")
_TIMES = ("", " %H:%M", " %H:%M:%S")
_SAMPLE = 200  # different texts that are tried
_FIRST, _LAST = datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)

ISO = "2025-03-31"
"""The form that needs no ``survey.date_format``."""


def day_formats(texts: Iterable[str]) -> tuple[str, ...]:
    """In which forms can all of these texts be days? `ISO`, or patterns of strptime; none where some is no day.

    More than one where the texts do not tell day from month.
    """
    tried = list(dict.fromkeys(text.strip() for text in texts))[:_SAMPLE]
    if not tried:
        return ()
    if all(_is_day(text, None) for text in tried):
        return (ISO,)
    forms = (day + time for day in _DAYS for time in _TIMES)
    return tuple(form for form in forms if all(_is_day(text, form) for text in tried))


def _is_day(text: str, form: str | None) -> bool:
    try:
        moment = datetime.datetime.strptime(text, form) if form else datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return _FIRST <= moment.date() <= _LAST
