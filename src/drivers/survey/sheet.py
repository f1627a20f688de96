"""Sheet: the cells of one sheet of an open workbook, read in one pass over its XML.

openpyxl knows the workbook: its sheets, shared strings, date formats and epoch. Its own reader of cells makes an
element tree of each and takes more than twice as long for the same values.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from drivers.errors import SurveyError

CELLS_MOST = 100_000_000
"""Cells that a sheet may span; one filled cell in a far corner spans 17,000 million."""

_DIGITS = "0123456789"


@dataclass(frozen=True, slots=True)
class SheetCells:
    """The rows in which something stands.

    `rows` run up to their last filled cell; `numbers` are their numbers in the sheet, from 1; `uncalculated` says that
    there are formulas, none of which has a value. Some may be without one on purpose, as =IF(A1="","",A1) is.
    """

    rows: list[list[Any]]
    numbers: list[int]
    uncalculated: bool

    @property
    def width(self) -> int:
        """Columns up to the last filled cell of the longest row."""
        return max(map(len, self.rows), default=0)


def sheet_cells(sheet: Any, source: str) -> SheetCells:  # noqa: ANN401 - openpyxl has no types
    """What stands in the cells of this sheet of a workbook that was opened read-only?

    Raises
    ------
    SurveyError
        When the sheet spans more cells than can be held.
    """
    reader = _SheetReader(sheet, source)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_entities
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with sheet._get_source() as xml:
        parser.ParseFile(xml)
    return SheetCells(reader.rows, reader.numbers, reader.formulas and not reader.calculated)


def _refuse_entities(*_declaration: object) -> None:
    """No sheet declares a document type; entities that grow when they are expanded come with one."""
    raise ValueError("it declares a document type, which no workbook needs")


class _SheetReader:
    """Collects cells as the parser meets them; what is called for each cell is kept short."""

    def __init__(self, sheet: Any, source: str) -> None:  # noqa: ANN401 - openpyxl has no types
        self.rows: list[list[Any]] = []
        self.numbers: list[int] = []
        self.formulas = self.calculated = False
        self._source = source
        self._value = _value_reader(sheet)
        self._columns: dict[str, int] = {}
        self._row: list[Any] = []
        self._number = self._widest = 0
        self._attributes: dict[str, str] = {}
        self._texts: list[str] = []
        self._listening = self._phonetic = False
        self._cell = self._number_or_code = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if name == self._cell:
            self._attributes = attributes
        elif name == self._number_or_code:
            self._listening = True
        else:
            self._start_other(name, attributes)

    def text(self, text: str) -> None:
        """Text stands between two elements."""
        if self._listening:
            self._texts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if name == self._number_or_code:
            self._listening = False
        elif name == self._cell:
            if self._texts:
                self._end_cell("".join(self._texts))
                self._texts.clear()
        else:
            self._end_other(name.rpartition(":")[2])

    def _start_other(self, name: str, attributes: dict[str, str]) -> None:
        prefix, colon, tag = name.rpartition(":")
        if tag == "row":
            self._row = []
            self._number = int(float(attributes.get("r", self._number + 1)))
        elif tag == "t":
            self._listening = not self._phonetic
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "f":
            self.formulas = True
            self._attributes = {**self._attributes, "f": ""}
            self.calculated |= self._attributes.get("t") == "str"
        elif tag == "worksheet":
            self._cell, self._number_or_code = f"{prefix}{colon}c", f"{prefix}{colon}v"

    def _end_other(self, tag: str) -> None:
        if tag == "t":
            self._listening = False
        elif tag == "rPh":
            self._phonetic = False
        elif tag == "row":
            self._end_row()

    def _end_cell(self, text: str) -> None:
        cell, row = self._attributes, self._row
        column = len(row)
        if "r" in cell:
            letters = cell["r"].rstrip(_DIGITS)
            column = self._columns.get(letters, -1)
            if column < 0:
                column = self._columns[letters] = column_index_from_string(letters) - 1
        if "f" in cell:
            self.calculated = True
        if column >= len(row):
            row.extend([None] * (column + 1 - len(row)))
        row[column] = self._value(text, cell.get("t", "n"), int(cell.get("s", 0)))

    def _end_row(self) -> None:
        row = self._row
        while row and row[-1] in (None, ""):
            row.pop()
        if not row:
            return
        self.rows.append(row)
        self.numbers.append(self._number)
        self._widest = max(self._widest, len(row))
        if self._widest * len(self.rows) > CELLS_MOST:
            raise SurveyError(
                f"{self._source}: the sheet spans {len(self.rows):,} rows or more and {self._widest:,} columns; "
                f"expected at most {CELLS_MOST:,} cells. Remove what stands far outside the table."
            )


def _value_reader(sheet: Any) -> Callable[[str, str, int], Any]:  # noqa: ANN401 - openpyxl has no types
    """What reads the text of a cell of this kind and style as its value."""
    book, strings = sheet.parent, sheet._shared_strings

    def value(text: str, kind: str, style: int) -> Any:  # noqa: ANN401 - whatever stands in a cell
        if kind == "n":
            number = int(text) if text.lstrip("-").isdigit() else float(text)
            return _moment(book, number, style) if style in book._date_formats else number
        if kind == "s":
            return strings[int(text)]
        if kind == "b":
            return bool(int(text))
        return from_ISO8601(text) if kind == "d" else text

    return value


def _moment(book: Any, number: float, style: int) -> Any:  # noqa: ANN401 - openpyxl has no types
    """The date, time or duration that this number is; what a spreadsheet shows where it is none."""
    try:
        return from_excel(number, book.epoch, timedelta=style in book._timedelta_formats)
    except (OverflowError, ValueError):
        return "#VALUE!"
