"""The documents beside the page: which there are, and who writes each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from drivers.analyses.findings import Findings
from drivers.errors import ReportError

Writer = Callable[[Findings, Path], None]


def _deck(findings: Findings, file: Path) -> None:
    from drivers.present.deck import write_deck  # what a document is made with is loaded only where it is asked for

    write_deck(findings, file)


def _brief(findings: Findings, file: Path) -> None:
    from drivers.present.brief import write_brief

    write_brief(findings, file)


def _workbook(findings: Findings, file: Path) -> None:
    from drivers.present.workbook import write_workbook

    write_workbook(findings, file)


WRITERS: Mapping[str, Writer] = MappingProxyType({"deck.pptx": _deck, "brief.pdf": _brief, "tables.xlsx": _workbook})
"""Who writes the file of this name."""


def write_files(findings: Findings, files: Sequence[str] | None, template: str | Path | None = None) -> None:
    """Write these documents into the working folder; None writes none, so that a notebook can be run by hand.

    Parameters
    ----------
    findings
        What every document reads, and nothing else.
    files
        Names out of `WRITERS`.
    template
        PowerPoint file whose layouts the deck takes, before that of the client file; None for that of the client file.

    Raises
    ------
    ReportError
        When a name is not known.
    OSError
        When a file cannot be written.
    """
    if template is not None:
        findings = replace(findings, house=replace(findings.house, template=Path(template)))
    for name in files or ():
        if name not in WRITERS:
            raise ReportError(f"There is no document {name!r}. The documents are: {', '.join(WRITERS)}.")
        WRITERS[name](findings, Path(name))
