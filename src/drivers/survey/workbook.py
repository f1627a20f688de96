"""Workbooks: one sheet of an xlsx file, with the values that its formulas had when it was saved."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
import pandas as pd

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.errors import SurveyError
from drivers.survey.header import headed_frame
from drivers.survey.table import SurveyTable
from drivers.wording import Sentence, sentence

_BROKEN = (  # what openpyxl raises on a broken workbook; on parts that are missing it trips over itself
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,  # also of defusedxml, on entities
    OverflowError,
    NotImplementedError,
)

CELLS_MOST = 100_000_000
"""Cells that a sheet may span; one filled cell in a far corner spans 17,000 million."""


def xlsx_table(client: Client, path: Path) -> SurveyTable:
    """What does the sheet of this workbook hold?

    Raises
    ------
    ConfigError
        When the workbook has no sheet of that name.
    SurveyError
        When the workbook is broken, the sheet is empty or too large, or a formula was never calculated.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # openpyxl speaks of styles and menus, which we do not read
        book = _opened(path, values=True)
        try:
            sheet = _sheet_name(client, book, path)
            cells = _cells(_sheet_rows(book[sheet], path), path.name)
        finally:
            book.close()
        if _holds_formulas(path):
            _check_formulas(path, sheet, cells)
    headed = headed_frame(cells, path.name)
    notices = (*_sheet_notices(client, book, sheet), *headed.notices)
    return SurveyTable(headed.frame, path.name, headed.labels, notices=notices, twice=headed.twice)


def _opened(path: Path, *, values: bool) -> Any:  # noqa: ANN401 - openpyxl has no types
    with _readable(path):
        return openpyxl.load_workbook(path, read_only=True, data_only=values, keep_links=False)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say in one line that the workbook is broken where openpyxl cannot read it."""
    try:
        yield
    except _BROKEN as error:
        raise SurveyError(
            f"{path.name} cannot be read as a .xlsx file: {_reason(error, path)}. Expected a whole workbook with "
            "a sheet of answers. Export it again, or save that sheet as .csv."
        ) from error


def _reason(error: Exception, path: Path) -> str:
    if isinstance(error, (AttributeError, TypeError)):
        return "a part of it is missing or broken"  # the text is about the code of openpyxl
    first = str(error).strip().partition("\n")[0]  # the lines after it point at a traceback
    return " ".join(first.replace(str(path), path.name).split()).rstrip(".")


def _sheet_name(client: Client, book: Any, path: Path) -> str:  # noqa: ANN401 - openpyxl has no types
    names = [sheet.title for sheet in book.worksheets]  # without sheets of charts
    if not names:
        raise SurveyError(f"{path.name} has no sheet of cells; expected one with answers. Export it again.")
    sheet = client.survey.sheet or names[0]
    if sheet not in names:
        near = nearest_name(sheet, names)
        raise client.error(Problem(("survey", "sheet"), f'{path.name} has no sheet "{sheet}". {near}'))
    return str(sheet)


def _sheet_rows(sheet: Any, path: Path) -> list[list[Any]]:  # noqa: ANN401 - openpyxl has no types
    with _readable(path):
        return list(_filled_rows(sheet))


def _cells(rows: list[list[Any]], source: str) -> pd.DataFrame:
    width = max((len(row) for row in rows), default=0)
    if width * len(rows) > CELLS_MOST:
        raise SurveyError(
            f"{source}: the sheet spans {len(rows):,} rows and {width:,} columns; expected at most {CELLS_MOST:,} "
            "cells. Remove what stands far outside the table."
        )
    return pd.DataFrame([row + [None] * (width - len(row)) for row in rows], dtype=object)


def _filled_rows(sheet: Any) -> Iterator[list[Any]]:  # noqa: ANN401 - openpyxl has no types
    """The rows in which something stands, up to their last filled cell."""
    sheet.reset_dimensions()  # files of other tools state wrong ones
    for values in sheet.iter_rows(values_only=True):
        row = list(values)
        while row and row[-1] in (None, ""):
            row.pop()
        if row:
            yield row


def _holds_formulas(path: Path) -> bool:
    with zipfile.ZipFile(path) as book:
        sheets = [part for part in book.namelist() if part.startswith("xl/worksheets/") and part.endswith(".xml")]
        return any(_mentions_formula(book, sheet) for sheet in sheets)


def _mentions_formula(book: zipfile.ZipFile, part: str) -> bool:
    tail = b""
    with book.open(part) as sheet:
        while chunk := sheet.read(1 << 20):
            if b"<f>" in tail + chunk or b"<f " in tail + chunk:
                return True
            tail = chunk[-3:]
    return False


def _check_formulas(path: Path, sheet: str, cells: pd.DataFrame) -> None:
    """Refuse formulas without a value: a tool wrote them and no spreadsheet ever calculated them."""
    book = _opened(path, values=False)
    try:
        rows = _sheet_rows(book[sheet], path)
    finally:
        book.close()
    if _uncalculated(rows, cells):
        raise SurveyError(
            f"{path.name} holds formulas that were never calculated, so their answers are unknown. Open it in a "
            "spreadsheet, save it, and try again."
        )


def _uncalculated(rows: list[list[Any]], cells: pd.DataFrame) -> bool:
    """Is there no formula with a value? Some may be without one on purpose, as =IF(A1="","",A1) is."""
    values = cells.to_numpy()
    places = [(i, j) for i, row in enumerate(rows) for j, cell in enumerate(row) if str(cell).startswith("=")]
    if len(rows) > len(values):
        return bool(places)  # whole rows without a value
    return bool(places) and all(j >= values.shape[1] or values[i, j] is None for i, j in places)


def _sheet_notices(client: Client, book: Any, sheet: str) -> Iterator[Sentence]:  # noqa: ANN401 - openpyxl has no types
    if client.survey.sheet is None and len(book.worksheets) > 1:
        names = [other.title for other in book.worksheets if other.title != sheet]
        yield sentence(
            "Of the sheets in the workbook the first, {sheet}, is read, not {names:list}.", sheet=sheet, names=names
        )
