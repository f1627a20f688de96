"""The page on kinds of contract."""

from __future__ import annotations

from drivers.analyses.findings import Findings
from drivers.present.contracts import balance_table, kinds_table, slopes_table
from drivers.present.language import Language
from drivers.present.parts import Section, pictured, words
from drivers.present.titles import CASE_TITLES
from drivers.present.verbs import explain


def contracts_section(findings: Findings, language: Language) -> Section | None:
    """The page; the reason where the data carry none, nothing where the client file does not ask."""
    title, found = language.say(CASE_TITLES["contracts"]), findings.cases.contracts
    if found is None:
        reason = findings.unanswered.get("contracts")
        return None if reason is None else Section("contracts", title, language.say(reason))
    lead, *rest = [language.say(line) for line in explain(found)]
    slopes = () if found.moderation.empty else (slopes_table(found, language),)
    tables = (kinds_table(found, language), *slopes, *((balance_table(found, language),) if found.held else ()))
    return Section(
        "contracts", title, lead, tuple(rest), pictures=(pictured("contracts", found, findings, language),),
        tables=tables, methods=(language.say(found.method),), words=words(language),
    )  # fmt: skip
