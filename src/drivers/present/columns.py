"""A printed table in a spreadsheet: a column for each number, with the ends of its interval beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from drivers.present.book import Book, plain, row_height, stored
from drivers.present.language import Language
from drivers.present.printing import HIGH, LOW, Cell, Number, Printed

_LONGEST_HEADER = 250  # characters; a table takes no more
_EMPTY = ("", "–")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet: its header, its cells, and how wide it is in characters."""

    header: str
    cells: tuple[str | Number | None, ...]
    width: float


def numbers_in(column: Column) -> list[Number]:
    """The numbers in a column."""
    return [cell for cell in column.cells if isinstance(cell, Number)]


def name_of(number: Number) -> str:
    """What kind of number this is: percent, pp, money."""
    return number.how.rstrip("0123456789")


def sheet_columns(printed: Printed, language: Language) -> list[Column]:
    """The columns of this table, where each holds one number or text at most."""
    found: list[Column] = []
    for j, header in enumerate(printed.headers):
        cells = [row[j] for row in printed.rows]
        parts = dict.fromkeys(n.part for cell in cells if isinstance(cell, Cell) for n in cell.numbers)
        ordered = sorted(parts, key=lambda part: _ORDER.get(part, len(_ORDER)))
        for k, part in enumerate(ordered or [""]):
            held = tuple(_held(cell, part, first=k == 0) for cell in cells)
            name = _part_header(header, part, language)
            found.append(Column(name, held, _width(name, held)))
    return _unlike(found)


_ORDER = {"": 0, LOW: 1, HIGH: 2}


def _held(cell: str, part: str, *, first: bool) -> str | Number | None:
    """What stands in the column of this part: its number; where the cell has no number, its text in the first."""
    numbers = cell.numbers if isinstance(cell, Cell) else ()
    number = next((n for n in numbers if n.part == part), None)
    if number is None:
        return cell if first and not numbers and cell not in _EMPTY else None
    if math.isinf(number.value):
        return str(cell)
    return None if math.isnan(number.value) else number


def _part_header(header: str, part: str, language: Language) -> str:
    if part == LOW:
        return language.say("{header}, from", header=header)
    if part == HIGH:
        return language.say("{header}, to", header=header)
    return f"{header}: {part}" if part else header


def _width(header: str, cells: tuple[str | Number | None, ...]) -> float:
    """Room for the longest text, and for the longest word of the header."""
    texts = [len(cell) for cell in cells if isinstance(cell, str)] + [len(word) for word in header.split()]
    return min(1.1 * max([*texts, 10]) + 3.0, 46.0)


def _unlike(columns: list[Column]) -> list[Column]:
    """The columns under headers that differ, whatever their case, as a table of a spreadsheet needs."""
    taken: set[str] = set()
    made = []
    for column in columns:
        stem = name = " ".join(plain(column.header).split())[:_LONGEST_HEADER] or "–"
        while name.casefold() in taken:
            name = f"{stem} ({len(taken) + 1})"
        taken.add(name.casefold())
        made.append(Column(name, column.cells, column.width))
    return made


def write_columns(book: Book, sheet: Worksheet, row: int, columns: list[Column], name: str) -> int:
    """Write these columns as a table of this name, headers first; the row below it."""
    rows = len(columns[0].cells)
    sheet.set_row(row, row_height([(c.header, c.width) for c in columns]))
    for j, column in enumerate(columns):
        sheet.set_column(j, j, column.width)
        sheet.write_string(row, j, column.header, _head(book, column, j))
        for i, cell in enumerate(column.cells, start=row + 1):
            _write(book, sheet, (i, j), cell)
    for i in range(rows):
        sheet.set_row(
            row + 1 + i, row_height([(str(c.cells[i]), c.width) for c in columns if isinstance(c.cells[i], str)])
        )
    if rows:
        heads = [{"header": c.header, "header_format": _head(book, c, j)} for j, c in enumerate(columns)]
        sheet.add_table(row, 0, row + rows, len(columns) - 1, {"columns": heads, "name": name, "style": None})
    return row + rows + 1


def _head(book: Book, column: Column, place: int) -> object:
    numeric = bool(numbers_in(column))
    return book.head(align="right" if numeric else "left", indent=0 if numeric or not place else 1)


def _write(book: Book, sheet: Worksheet, place: tuple[int, int], cell: str | Number | None) -> None:
    if isinstance(cell, Number):
        sheet.write_number(*place, stored(cell.value, cell.how), book.figure(cell.how))
    elif cell is not None:
        sheet.write_string(*place, plain(cell), book.text(beside=place[1] > 0))
