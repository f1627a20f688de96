"""tables.xlsx: every table of a report on its sheet, with numbers that can be computed with."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.worksheet import Worksheet

from drivers.analyses.findings import Findings
from drivers.analyses.whatif import WhatIf
from drivers.errors import ReportError
from drivers.glossary import GLOSSARY
from drivers.present.book import Book, plain, row_height
from drivers.present.columns import Column, name_of, numbers_in, sheet_columns, write_columns
from drivers.present.language import Language
from drivers.present.parts import Section
from drivers.present.printing import HIGH, LOW, Number, Printed, headers
from drivers.present.publication import published_section
from drivers.present.scenariosheet import WHAT_IF, write_scenario
from drivers.present.style import INK
from drivers.present.summary import Card
from drivers.wording import sentence

SHORT = {
    "summary": sentence("Key figures"),
    "potential": sentence("Potential"),
    "drivers": sentence("Drivers"),
    "robustness": sentence("Robustness"),
    "shape": sentence("Shape"),
    "priorities": sentence("Priorities"),
    "groups": sentence("Groups"),
    "loyalty": sentence("Loyalty"),
    "value": sentence("Value"),
    "plan": sentence("Plan"),
    "change": sentence("Change"),
    "choice": sentence("Choice"),
    "contracts": sentence("Contracts"),
    "sourcing": sentence("Sites"),
    "providers": sentence("Providers"),
    "employees": sentence("Employees"),
    "checks": sentence("Checks"),
    "quality": sentence("Data quality"),
    "method": sentence("Method"),
}
_CONTENTS = sentence("Contents")
_WIDEST, _NARROWEST = 120.0, 90.0  # characters of a line of text above and below a table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the report, with what stands above and below it."""

    name: str
    key: str
    question: str
    finding: str
    columns: tuple[Column, ...]
    notes: tuple[str, ...]


def write_workbook(findings: Findings, file: Path) -> None:
    """Write every table of the report as a workbook.

    Raises
    ------
    ReportError
        When the logo is no picture that a workbook can hold.
    OSError
        When the file cannot be written.
    """
    book = Book(file, findings)
    sheets = list(report_sheets(findings))
    try:
        asked = findings.what_if if "plan" in findings.house.sections else None
        _write_contents(book, sheets, asked)
        for made in sheets:
            _write_sheet(book, made)
        if asked is not None:
            write_scenario(book, asked, book.language.say(_CONTENTS))
        book.workbook.close()
    except XlsxWriterException as error:
        raise ReportError(f"tables.xlsx cannot be written: {error}. Check the logo in [report.brand].") from error


def report_sheets(findings: Findings) -> Iterator[Sheet]:
    """Every table that the page shows, in its order."""
    language = Language(findings.language, findings.currency)
    for name in findings.house.sections:
        if (section := published_section(findings, name)) is not None:
            yield from _section_sheets(section, language.say(SHORT[name]), _said_source(findings, language), language)


def _section_sheets(section: Section, stem: str, source: str, language: Language) -> Iterator[Sheet]:
    found = list(_tables(section, language))
    for k, (table, finding, caption) in enumerate(found, start=1):
        yield Sheet(
            name=f"{stem} {k}" if len(found) > 1 else stem,
            key=f"{section.name}_{k}",
            question=section.title,
            finding=finding,
            columns=tuple(sheet_columns(table, language)),
            notes=(caption or source, *section.methods),
        )


def _said_source(findings: Findings, language: Language) -> str:
    return language.say("Source of the answers: {source}.", source=findings.source)


def _tables(section: Section, language: Language) -> Iterator[tuple[Printed, str, str]]:
    """Each table of a section, with what it says and what stands under it."""
    if section.cards:
        yield _figures(section.cards, language), section.lead, ""
    for picture in section.pictures:
        if picture.data is not None:
            yield picture.data, picture.alternative, picture.caption
    for table in section.tables:
        yield table, table.caption or language.say(_SHOWN, columns=list(table.headers)), ""


_SHOWN = "In this table: {columns:list}."


def _figures(cards: tuple[Card, ...], language: Language) -> Printed:
    """The key figures as a table."""
    rows = tuple((card.label, card.value) for card in cards)
    return Printed(headers([GLOSSARY["measure"], GLOSSARY["value"]], language), rows, (False, True))


def _write_sheet(book: Book, made: Sheet) -> None:
    sheet = book.sheet(made.name)
    widths = _line_widths([column.width for column in made.columns])
    book.link(sheet, 0, 0, book.language.say(_CONTENTS), f"← {book.language.say(_CONTENTS)}")
    book.paragraph(sheet, 1, made.question, widths, bold=True, font_size=16)
    book.paragraph(sheet, 2, made.finding, widths)
    below = write_columns(book, sheet, _HEAD, list(made.columns), made.key)
    sheet.freeze_panes(_HEAD + 1, 1)
    sheet.repeat_rows(_HEAD)
    for row, note in enumerate((*unit_notes(made.columns, book.language), *made.notes), start=below + 1):
        book.paragraph(sheet, row, note, widths, font_size=9, font_color=INK)


_HEAD = 4  # row of the headers, counted from 0


def _line_widths(widths: list[float]) -> list[float]:
    """Widths of the columns that a line of text stands over: neither too short to read nor too long."""
    shown = 1
    while shown < len(widths) and sum(widths[: shown + 1]) <= _WIDEST:
        shown += 1
    return widths[:shown] + [_PLAIN_WIDTH] * math.ceil(max(_NARROWEST - sum(widths[:shown]), 0) / _PLAIN_WIDTH)


_PLAIN_WIDTH = 8.43  # characters, of a column whose width nobody set


def unit_notes(columns: Iterable[Column], language: Language) -> Iterator[str]:
    """What the numbers of these columns are, where a reader of a spreadsheet might take them for something else."""
    columns = list(columns)
    held = {name_of(n) for column in columns for n in numbers_in(column)}
    if any(n.part == LOW for column in columns for n in numbers_in(column)):
        yield language.say("Beside a number: from where to where its interval runs.")
    if points := list(_in_points(columns)):
        yield language.say("In percentage points: {names:list}.", names=points)
    if "money" in held:
        yield language.say(_AMOUNTS, currency=language.currency)
    if "chance" in held:
        yield language.say("A probability comes from the resamples: above 99% and below 1% it is not known further.")
    if any(cell is None for column in columns if numbers_in(column) for cell in column.cells):
        yield language.say("An empty cell: there is no such number.")


def _in_points(columns: list[Column]) -> Iterator[str]:
    """Headers of the columns in percentage points; where a column has other numbers too, names of the rows in them."""
    rows: dict[str, None] = {}
    for column in columns:
        inside = [isinstance(cell, Number) and name_of(cell) == "pp" for cell in column.cells]
        if sum(inside) < len(numbers_in(column)):
            rows |= {str(columns[0].cells[i]): None for i, points in enumerate(inside) if points}
        elif any(inside) and not any(n.part in (LOW, HIGH) for n in numbers_in(column)):
            yield column.header
    yield from rows


_AMOUNTS = "Amounts are in {currency} and unrounded; the report rounds them to three digits."


def _write_contents(book: Book, sheets: list[Sheet], asked: WhatIf | None) -> None:
    """The first sheet: what this is about, and where each table is."""
    findings, language = book.findings, book.language
    sheet = book.sheet(language.say(_CONTENTS))
    widths = [26.0, 44.0, 70.0]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    book.paragraph(sheet, 0, findings.client, widths, bold=True, font_size=20)
    about = [line for line in _about(findings, language) if line]
    for row, line in enumerate(about, start=1):
        book.paragraph(sheet, row, line, widths, bold=line == findings.house.confidential)
    row = len(about) + 2
    for column, said in enumerate((_SHEET, _QUESTION, _ANSWER)):
        sheet.write_string(row, column, language.say(said), book.head(align="left"))
    lines = [(made.name, made.question, made.finding) for made in sheets]
    if asked is not None:
        lines.append((language.say(WHAT_IF), language.say(_IF_QUESTION), language.say(_IF_ANSWER)))
    for place, (name, question, answer) in enumerate(lines, start=row + 1):
        book.link(sheet, place, 0, name, name)
        sheet.set_row(place, row_height([(question, widths[1]), (answer, widths[2])]))
        sheet.write_string(place, 1, plain(question), book.text())
        sheet.write_string(place, 2, plain(answer), book.text())
    sheet.freeze_panes(row + 1, 0)
    _insert_logo(book, sheet, row + len(lines) + 2)


_IF_QUESTION = sentence("What would go with a change?")
_IF_ANSWER = sentence("Type changes and costs yourself: satisfaction, retention, margin and value follow by formulas.")


_SHEET, _QUESTION, _ANSWER = sentence("Sheet"), sentence("Question"), sentence("What it shows")


def _about(findings: Findings, language: Language) -> Iterator[str]:
    """What a reader must know before the tables."""
    yield findings.house.confidential or ""
    yield language.say("Tables of the report on customer satisfaction")
    yield language.say("Wave {wave}", wave=findings.wave) if findings.wave else ""
    yield language.say(
        "Base: {base:count} complete answers; {draws:count} resamples, {confidence:percent} intervals unless a table "
        "says otherwise.",
        base=findings.potential.base,
        draws=findings.draws,
        confidence=findings.confidence,
    )
    yield _said_source(findings, language)


def _insert_logo(book: Book, sheet: Worksheet, row: int) -> None:
    """The client's logo, where it is a picture that a spreadsheet takes."""
    logo = book.findings.house.logo
    if logo is not None and logo.suffix.lower() != ".svg":
        sheet.insert_image(row, 0, str(logo), {"description": plain(book.findings.client), "object_position": 2})
