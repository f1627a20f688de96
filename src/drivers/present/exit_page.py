"""The page on who stays, who switches and who takes the work back."""

from __future__ import annotations

from drivers.analyses.findings import Findings
from drivers.present.captions import captioned, titled
from drivers.present.choice import contrast_table
from drivers.present.language import Language
from drivers.present.parts import Section, pictured, words
from drivers.present.titles import CASE_TITLES
from drivers.present.verbs import explain
from drivers.wording import sentence


def choice_page(findings: Findings, language: Language) -> Section | None:
    """The page, with the early warning where it was asked for; the reason where the data carry none."""
    title, found, warning = language.say(CASE_TITLES["choice"]), findings.cases.choice, findings.cases.early_warning
    if found is None:
        reason = findings.unanswered.get("choice")
        return None if reason is None else Section("choice", title, language.say(reason))
    lead, *rest = [language.say(line) for line in explain(found)]
    missed = [language.say(findings.unanswered[name]) for name in ("early_warning",) if name in findings.unanswered]
    warned = [language.say(line) for line in explain(warning)] if warning is not None else missed
    listed = (titled(warning, language),) if warning is not None and warning.table["warned"].any() else ()
    methods = [language.say(part.method) for part in (found, warning) if part is not None]
    return Section(
        "choice", title, lead, (*rest, *warned), pictures=(pictured("choice", found, findings, language),),
        tables=(captioned(contrast_table(found, language), _APART, language), *listed),
        methods=tuple(methods), words=words(language),
    )  # fmt: skip


_APART = sentence("What sets the decisions apart")
