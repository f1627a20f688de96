"""tables.xlsx: every table of a report on its sheet, with numbers that can be computed with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.exceptions import XlsxWriterException

from drivers.analyses.findings import Findings
from drivers.errors import ReportError
from drivers.present.book import Book
from drivers.present.language import Language
from drivers.present.printing import Printed
from drivers.present.publication import published_names, published_section
from drivers.wording import sentence

_SHORT = {
    "summary": sentence("Key figures"),
    "potential": sentence("Potential"),
    "drivers": sentence("Drivers"),
    "robustness": sentence("Firmness"),
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
    table: Printed
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
        _write_contents(book, sheets)
        for made in sheets:
            _write_sheet(book, made)
        book.workbook.close()
    except XlsxWriterException as error:
        raise ReportError(f"tables.xlsx cannot be written: {error}. Check the logo in [report.brand].") from error


def report_sheets(findings: Findings) -> Iterator[Sheet]:
    """Every table that the page shows, in its order."""
    language = Language(findings.language, findings.currency)
    for name in published_names(findings):
        section = published_section(findings, name)
        for k, (table, finding, notes) in enumerate(_tables(section, language) if section else (), start=1):
            about = tuple(filter(None, (*notes, *_unit_notes(table, language), *section.methods, _source(findings))))
            stem = language.say(_SHORT[name])
            yield Sheet(f"{stem} {k}", f"{name}_{k}", section.title, finding, table, about)
