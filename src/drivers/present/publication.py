"""The sections of a report in the order that the client file asks, for documents that are not made cell by cell."""

from __future__ import annotations

from drivers.analyses.findings import Findings
from drivers.present.cases import undrawn_case
from drivers.present.parts import Section
from drivers.present.sections import undrawn_section
from drivers.present.titles import CASES


def published_section(findings: Findings, name: str) -> Section | None:
    """The section or case of this name, its pictures drawn when looked at; None where nothing of it is shown."""
    return undrawn_case(findings, name) if name in CASES else undrawn_section(findings, name)
