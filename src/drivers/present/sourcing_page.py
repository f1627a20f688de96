"""The page on onshore and offshore: the gap, talk time, and what going or coming home costs."""

from __future__ import annotations

from drivers.analyses.findings import Findings
from drivers.present.captions import captioned
from drivers.present.language import Language
from drivers.present.offshoring import case_paragraphs
from drivers.present.parts import Section, pictured, words
from drivers.present.sourcing import gap_paragraphs, route_table
from drivers.present.titles import CASE_TITLES
from drivers.present.verbs import explain
from drivers.wording import sentence

_OPEN = ("talk_time", "sourcing_case")
"""Parts of the page that may have no answer of their own."""
_ROUTES = sentence("What the gap in satisfaction goes along")


def sourcing_section(findings: Findings, language: Language) -> Section | None:
    """The gap with what it goes along, talk time, the business case; None where the client file does not ask."""
    cases, title = findings.cases, language.say(CASE_TITLES["sourcing"])
    gap, talk, money = cases.site_gap, cases.talk_time, cases.sourcing
    if gap is None:
        reason = findings.unanswered.get("sourcing")
        return None if reason is None else Section("sourcing", title, language.say(reason))
    told = [result for result in (gap, talk, money) if result is not None]
    said = (
        *gap_paragraphs(gap),
        *(() if talk is None else (explain(talk),)),
        *(case_paragraphs(money) if money else ()),
    )
    lead, *rest = [" ".join(language.say(line) for line in lines) for lines in said if lines]
    reasons = [language.say(findings.unanswered[name]) for name in _OPEN if name in findings.unanswered]
    second = () if money is None else (pictured("sourcing-case", money, findings, language),)
    shown = gap.shown and not gap.paths.empty
    return Section(
        "sourcing", title, lead, (*rest, *reasons),
        pictures=(pictured("sourcing", gap, findings, language), *second),
        tables=(captioned(route_table(gap, language), _ROUTES, language),) if shown else (),
        methods=tuple(language.say(result.method) for result in told), words=words(language),
    )  # fmt: skip
