"""Workbooks: one sheet of an xlsx file, with the values that its formulas had when it was saved."""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.parsers.expat import ExpatError

import openpyxl
import pandas as pd

from drivers.client import Client, Problem
from drivers.client.problems import nearest_name
from drivers.client.roles import column_roles
from drivers.errors import ConfigError, SurveyError
from drivers.survey.files import check_file
from drivers.survey.header import HeadedFrame, headed_frame
from drivers.survey.sheet import SheetCells, sheet_cells
from drivers.survey.table import SurveyTable
from drivers.wording import Sentence, sentence

_BROKEN = (  # what openpyxl raises on a broken workbook; on parts that are missing it trips over itself
    zipfile.BadZipFile,
    zlib.error,
    SyntaxError,  # what either library of XML calls a text that is none
    ExpatError,
    EOFError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,  # also of defusedxml, on entities
    OverflowError,
    NotImplementedError,
)


def xlsx_table(client: Client, path: Path) -> SurveyTable:
    """What does the sheet of this workbook hold?

    Raises
    ------
    ConfigError
        When the workbook has no sheet of that name, or the first, where none is named, is not the one of the answers.
    SurveyError
        When the workbook is broken, the sheet is empty or too large, or a formula was never calculated.
    """
    with _opened(path) as book:
        names = _sheet_names(book, path)
        sheet = _chosen_sheet(client, names, path)
        try:
            headed = _headed(book, sheet, path)
        except SurveyError:
            _check_first_sheet(client, book, None, path)
            raise
        _check_first_sheet(client, book, headed, path)
    notices = (*_sheet_notices(client, names, sheet), *headed.notices)
    return SurveyTable(
        headed.frame, path.name, headed.labels, notices=notices, twice=headed.twice, places=headed.places
    )


def sheet_sizes(client: Client) -> Mapping[str, tuple[int, int]]:
    """How many rows and columns does the table of each sheet have, its header counted? In the order of the workbook.

    Raises
    ------
    ConfigError
        When the survey is no file.
    SurveyError
        When the workbook is broken, encrypted or unsafe to expand.
    """
    path = client.survey_path
    with _readable(path):
        check_file(client)
    with _opened(path) as book:
        cells = {name: _cells(book, name, path) for name in _sheet_names(book, path)}
    return {name: (len(found.rows), found.width) for name, found in cells.items()}


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with warnings.catch_warnings(), path.open("rb") as file:  # openpyxl leaves a broken workbook open
        warnings.simplefilter("ignore", UserWarning)  # it speaks of styles and menus, which we do not read
        with _readable(path):
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Say in one line that the workbook is broken where it cannot be read."""
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


def _sheet_names(book: Any, path: Path) -> list[str]:  # noqa: ANN401 - openpyxl has no types
    names = [str(sheet.title) for sheet in book.worksheets]  # without sheets of charts
    if not names:
        raise SurveyError(f"{path.name} has no sheet of cells; expected one with answers. Export it again.")
    return names


def _chosen_sheet(client: Client, names: list[str], path: Path) -> str:
    sheet = client.survey.sheet or names[0]
    if sheet not in names:
        near = nearest_name(sheet, names)
        raise client.error(Problem(("survey", "sheet"), f'{path.name} has no sheet "{sheet}". {near}'))
    return sheet


def _cells(book: Any, sheet: str, path: Path) -> SheetCells:  # noqa: ANN401 - openpyxl has no types
    with _readable(path):
        return sheet_cells(book[sheet], path.name)


def _headed(book: Any, sheet: str, path: Path) -> HeadedFrame:  # noqa: ANN401 - openpyxl has no types
    cells = _cells(book, sheet, path)
    if cells.uncalculated:
        raise SurveyError(
            f"{path.name} holds formulas that were never calculated, so their answers are unknown. Open it in a "
            "spreadsheet, save it, and try again."
        )
    width = cells.width
    filled = [row + [None] * (width - len(row)) for row in cells.rows]
    return headed_frame(pd.DataFrame(filled, index=cells.numbers, dtype=object), path.name)


def _check_first_sheet(client: Client, book: Any, headed: HeadedFrame | None, path: Path) -> None:  # noqa: ANN401
    """Where no sheet is named and the first has none of the columns, say which sheet has them."""
    names = [str(sheet.title) for sheet in book.worksheets]
    used = {role.column for role in column_roles(client)}
    if client.survey.sheet or len(names) == 1 or (headed and used & set(headed.frame.columns)):
        return
    found = {name: len(_columns(book, name, path) & used) for name in names[1:]}
    best = max(found, key=lambda name: found[name])
    raise _other_sheet(client, names, best if found[best] else None, path)


def _columns(book: Any, sheet: str, path: Path) -> set[str]:  # noqa: ANN401 - openpyxl has no types
    """The columns of a sheet; none where it holds no table."""
    try:
        return {str(column) for column in _headed(book, sheet, path).frame.columns}
    except SurveyError:
        return set()


def _other_sheet(client: Client, names: list[str], best: str | None, path: Path) -> ConfigError:
    others = ", ".join(f'"{name}"' for name in names[1:])
    text = f'{path.name}: the first sheet, "{names[0]}", has none of the columns that this client file uses; '
    advice = f'sheet "{best}" has. Set sheet = "{best}".' if best else f"nor has {others}. Is it the right file?"
    return client.error(Problem(("survey", "sheet"), text + advice))


def _sheet_notices(client: Client, names: list[str], sheet: str) -> Iterator[Sentence]:
    if client.survey.sheet is None and len(names) > 1:
        others = [name for name in names if name != sheet]
        yield sentence(
            "Of the sheets in the workbook the first, {sheet}, is read, not {names:list}.", sheet=sheet, names=others
        )
