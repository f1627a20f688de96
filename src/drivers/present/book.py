"""A workbook under way: its formats, and client text that stays text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.numbers import get_currency_symbol
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from drivers.analyses.findings import Findings
from drivers.present.colours import readable
from drivers.present.language import Language
from drivers.present.style import INK
from drivers.wording import plain_text

_LONGEST = 32_767  # characters of a cell
_LINE = 15.0  # points
_OPTIONS = {  # text is text, and the file is made in memory
    "in_memory": True, "nan_inf_to_errors": False, "strings_to_formulas": False, "strings_to_numbers": False,
    "strings_to_urls": False,
}  # fmt: skip


class Book:
    """A workbook with the language and the house style of a report."""

    def __init__(self, file: Path, findings: Findings) -> None:
        self.workbook = Workbook(str(file), _OPTIONS)
        self.findings = findings
        self.language = Language(findings.language, findings.currency)
        self.accent = readable(findings.house.accent, "#ffffff", 4.5)
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}
        title = " ".join(filter(None, (findings.client, findings.wave)))
        self.workbook.set_properties({"title": plain(title), "created": datetime(1980, 1, 1)})

    def style(self, **properties: object) -> Format:
        """The format with these properties."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            font: dict[str, Any] = {"font_name": self.findings.house.font or "Calibri", "font_color": INK}
            self._formats[key] = self.workbook.add_format({**font, "valign": "top", **properties})
        return self._formats[key]

    def figure(self, how: str, **properties: object) -> Format:
        """The format of a number that is printed this way."""
        return self.style(num_format=number_format(how, self.language), align="right", **properties)

    def text(self, *, beside: bool = False) -> Format:
        """The format of a text; one that stands beside a number keeps away from it."""
        return self.style(text_wrap=True, indent=int(beside))

    def head(self, **properties: object) -> Format:
        """The format of the header of a column."""
        return self.style(bold=True, text_wrap=True, valign="bottom", bottom=2, bottom_color=self.accent, **properties)

    def sheet(self, name: str) -> Worksheet:
        """A new sheet, ready to be printed."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        mark = self.findings.house.confidential
        sheet.set_header(f"&L{_margin(self.findings.client)}" + (f"&R{_margin(mark)}" if mark else ""))
        sheet.set_footer(f"&L{_margin(name)}&R&P / &N")
        return sheet

    def paragraph(self, sheet: Worksheet, row: int, text: str, widths: list[float], **properties: object) -> None:
        """A text over the columns of these widths, in a row that is high enough for it."""
        made = self.style(text_wrap=True, **properties)
        size = float(str(properties.get("font_size", 11))) / 11
        sheet.set_row(row, size * row_height([(text, sum(widths) / size)]) + 2)
        sheet.merge_range(row, 0, row, len(widths) - 1, "", made)
        sheet.write_string(row, 0, plain(text), made)

    def link(self, sheet: Worksheet, row: int, column: int, name: str, text: str) -> None:
        """A link to the sheet of this name."""
        made = self.style(font_color=self.accent, underline=1)
        sheet.write_url(row, column, f"internal:'{name}'!A1", made, plain(text))


def row_height(cells: Iterable[tuple[str, float]]) -> float:
    """How high a row is, in points, in which these texts stand in columns of these widths."""
    return _LINE * max((sum(_lines(line, width) for line in text.split("\n")) for text, width in cells), default=1)


def _lines(text: str, width: float) -> int:
    return max(math.ceil(len(text) * _SPARE / (width - 1.0)), 1)


_SPARE = 1.08  # words do not fill a line


def plain(text: str) -> str:
    """Text that a cell can hold: without control characters, and not too long."""
    return plain_text(text)[:_LONGEST]


def number_format(how: str, language: Language) -> str:
    """The number format of a spreadsheet for numbers that a sentence prints this way."""
    name, digits = how.rstrip("0123456789"), int(how[len(how.rstrip("0123456789")) :] or 0)
    figure = "#,##0" + (f".{'0' * digits}" if digits else "")
    if name == "money":
        return _money(figure, language)
    if name == "p":
        return f'[<0.001]"<{language.figure(0.001, "number", 3)}";{figure}'
    return _FORMATS.get(name, "{figure}").format(figure=figure, least=f"{0.5 * 10.0**-digits:f}".rstrip("0"))


_FORMATS: Mapping[str, str] = {
    "percent": "{figure}%",
    "chance": '[>0.99]">99%";[<0.01]"<1%";0%',
    "signed": "[>={least}]+{figure};[<=-{least}]-{figure};{figure}",  # never -0.00
}


def _money(figure: str, language: Language) -> str:
    symbol = get_currency_symbol(language.currency, locale=language.locale).replace('"', "")
    if language.code == "nl" or symbol == language.currency:
        return f'"{symbol}"\u00a0{figure};"{symbol}"\u00a0-{figure}'
    return f'"{symbol}"{figure};-"{symbol}"{figure}'


def stored(value: float, how: str) -> float:
    """The number that a cell holds: percentage points as they are read, everything else as the result has it."""
    return 100.0 * value if how.startswith("pp") else value


def _margin(text: str) -> str:
    """Text for the margin of a printed page, where an ampersand would be a command."""
    return plain(" ".join(text.split()))[:60].replace("&", "&&")
