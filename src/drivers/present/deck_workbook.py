"""The sheet behind a chart: the numbers of that chart and nothing else; text stays text, and bytes stay the same."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from datetime import datetime

import xlsxwriter

SHEET = "Sheet1"
STAMP = datetime(1980, 1, 1)
"""The date in every file: no clock, so that the same findings give the same bytes."""

Row = Sequence[str | float | None]


def chart_workbook(rows: Sequence[Row]) -> bytes:
    """A workbook of these rows; a text that begins with = is no formula."""
    file = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as book:
        book.set_properties({"created": STAMP})
        sheet = book.add_worksheet(SHEET)
        sheet.set_column(0, 0, 40)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(r, c, value)
                elif value is not None and math.isfinite(value):
                    sheet.write_number(r, c, value)
    return file.getvalue()


def column_range(column: int, first: int, last: int) -> str:
    """Where a column of the sheet stands, rows counted from 1: Sheet1!$B$2:$B$9."""
    letter = chr(ord("A") + column)
    return f"{SHEET}!${letter}${first}:${letter}${last}"
