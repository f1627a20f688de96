"""The pages of a report on the cases that a client file declares."""

from __future__ import annotations

from collections.abc import Callable

from drivers.analyses.findings import Findings
from drivers.present.changepage import change_page
from drivers.present.contracts_page import contracts_section
from drivers.present.employee_page import employees_page
from drivers.present.exit_page import choice_page
from drivers.present.language import Language
from drivers.present.parts import Section, drawn, pictured, with_own_text, words
from drivers.present.providers import provider_table
from drivers.present.sourcing_page import sourcing_section
from drivers.present.titles import CASE_TITLES, CASES
from drivers.present.verbs import explain


def case(findings: Findings, name: str) -> Section | None:
    """The page on one case, with its pictures drawn.

    None, which shows nothing, where the client file does not declare the case or leaves it out.

    Raises
    ------
    ValueError
        When there is no case of this name.
    """
    return drawn(undrawn_case(findings, name))


def undrawn_case(findings: Findings, name: str) -> Section | None:
    """The same, for documents that do not show its pictures."""
    if name not in CASES:
        raise ValueError(f"There is no case {name!r}. The cases are: {', '.join(CASES)}.")
    if name not in findings.house.sections:
        return None
    built = _BUILDERS[name](findings, Language(findings.language, findings.currency))
    return None if built is None else with_own_text(built, findings)


def _providers(findings: Findings, language: Language) -> Section | None:
    result, title = findings.cases.providers, language.say(CASE_TITLES["providers"])
    if result is None:
        reason = findings.unanswered.get("providers")
        return None if reason is None else Section("providers", title, language.say(reason))
    lead, *rest = [language.say(line) for line in explain(result)]
    tables = () if result.providers.empty else (provider_table(result, language),)
    return Section(
        "providers", title, lead, tuple(rest), pictures=(pictured("providers", result, findings, language),),
        tables=tables, methods=(language.say(result.method),), words=words(language),
    )  # fmt: skip


_BUILDERS: dict[str, Callable[[Findings, Language], Section | None]] = {
    "change": change_page,
    "sourcing": sourcing_section,
    "choice": choice_page,
    "contracts": contracts_section,
    "employees": employees_page,
    "providers": _providers,
}
