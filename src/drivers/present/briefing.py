"""What a brief says: the summary, its pictures, the cases and how sure all this is, out of the same findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from drivers.analyses.findings import Findings
from drivers.analyses.plan import PlanReturn
from drivers.present.language import Language
from drivers.present.methods import method_section
from drivers.present.missing import ranking_lines
from drivers.present.parts import Section, pictured, with_own_text
from drivers.present.printing import printed
from drivers.present.sections import section
from drivers.present.titles import CASE_TITLES, CASES, TITLES
from drivers.present.verbs import explain
from drivers.present.verdict import verdict_sentence
from drivers.wording import Sentence, sentence

MOST_PLATES = 4
"""More do not fit in four pages."""
FEW_PLATES = 2
"""Where no ranking is drawn, so that what must be said first is not buried."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """Everything that a brief prints, in the order of its pages.

    Attributes
    ----------
    summary
        The first page; None where the client file leaves it out.
    certainty
        What the numbers rest on.
    plates
        Sections with one picture or table each, in the client's order.
    cases
        Headlines of declared cases that have no picture and that the first page has not.
    methods
        Title and text of the small print.
    """

    summary: Section | None
    certainty: Section
    plates: tuple[Section, ...]
    cases: tuple[Section, ...]
    methods: tuple[tuple[str, str], ...]


def findings_briefing(findings: Findings) -> Briefing:
    """What does a board need of these findings on two to four pages?"""
    language, shown = Language(findings.language, findings.currency), findings.house.sections
    drawn, summary = _drawn(findings), section(findings, "summary")
    plates = tuple(_plate(name, drawn[name], findings, language) for name in shown if name in drawn)
    cases = (_case(name, findings, language) for name in shown if name in CASES and name not in drawn)
    return Briefing(
        summary=summary,
        certainty=_certainty(findings, summary, language),
        plates=plates,
        cases=tuple(case for case in cases if case is not None and (case.own or case.lead not in _said(summary))),
        methods=tuple(_methods(plates, findings, language)),
    )


# how sure


def _certainty(findings: Findings, summary: Section | None, language: Language) -> Section:
    """What the numbers rest on: what must be known, answers, the firmness of the ranking, checks."""
    known, said = () if summary is None else summary.notices, _said(summary)
    told = bool(known) and any(notice.kind == "missing" for notice in findings.notices)
    sets = _certain_lines(findings, told)
    kept = ([text for line in lines if (text := language.say(line)) not in said] for lines in sets)
    lines = (*known, *(" ".join(texts) for texts in kept if texts))
    return with_own_text(Section("quality", language.say(_HOW_SURE), paragraphs=lines), findings)


def _said(summary: Section | None) -> set[str]:
    """What the first page says already."""
    return set() if summary is None else {summary.lead, *(line for _, lines in summary.lists for line in lines)}


def _certain_lines(findings: Findings, told: bool) -> Iterator[tuple[Sentence, ...]]:
    shown = findings.house.sections
    if "quality" in shown:
        yield explain(findings.quality)
        yield _left_open(findings, told)
    if "robustness" in shown and findings.robustness is not None:
        yield explain(findings.robustness)[:1]
    if "checks" in shown:
        yield explain(findings.checks)
    yield (ASSOCIATION,)


def _left_open(findings: Findings, told: bool) -> tuple[Sentence, ...]:
    """What missing answers cost, where no notice has told that, and what they mean for the ranking."""
    if findings.missing is None:
        return ()
    return ranking_lines(findings.missing) if told else explain(findings.missing)


_HOW_SURE = sentence("How sure is this?")
ASSOCIATION = sentence(
    "What goes together here need not be cause and effect: only a trial, or a plan followed up, can show that."
)


# pictures


def _drawn(findings: Findings) -> dict[str, object]:
    """The results to draw by section: those that weigh most for a board, as many as fit."""
    shown = set(findings.house.sections)
    found = {name: result(findings) for name, result in _PICTURES.items() if name in shown}
    answered = [(name, result) for name, result in found.items() if result is not None]
    return dict(answered[: FEW_PLATES if findings.importance is None else MOST_PLATES])


def _change(findings: Findings) -> object:
    """The effect of the plan where the verdict rests on it, else the parts of the change."""
    found = findings.cases
    return found.plan_effect if found.change_verdict in ("plan", "against") else found.decomposition


_PICTURES: dict[str, Callable[[Findings], object]] = {  # what weighs most comes first
    "potential": lambda findings: findings.potential if findings.importance is None else None,
    "drivers": lambda findings: findings.importance,
    "priorities": lambda findings: findings.priorities,
    "plan": lambda findings: findings.plan or findings.chain,
    "change": _change,
    "sourcing": lambda findings: findings.cases.site_gap,
    "choice": lambda findings: findings.cases.choice,
    "contracts": lambda findings: findings.cases.contracts,
    "loyalty": lambda findings: findings.loyalty or findings.behaviour.penalised or findings.behaviour.survival,
    "value": lambda findings: findings.value or findings.contract or findings.purchases,
    "providers": lambda findings: findings.cases.providers,
    "employees": lambda findings: findings.cases.employees,
}


def _plate(name: str, result: object, findings: Findings, language: Language) -> Section:
    """The section as a brief has it: its sentence with one picture, or with a table where that says more."""
    lead = verdict_sentence(findings.cases) if name == "change" else explain(result)[0]
    made = Section(
        name, _title(name, language), language.say(lead),
        pictures=() if isinstance(result, PlanReturn) else (pictured(name, result, findings, language),),
        tables=(printed(result.table, _OF_PLANS, language),) if isinstance(result, PlanReturn) else (),
        methods=(language.say(result.method),),  # type: ignore[attr-defined]
    )  # fmt: skip
    return with_own_text(made, findings)


_OF_PLANS = ["label", "total_cost", "net_value", "payback_years", "pays_probability"]


def _title(name: str, language: Language) -> str:
    return language.say(TITLES[name] if name in TITLES else CASE_TITLES[name])


# cases


def _case(name: str, findings: Findings, language: Language) -> Section | None:
    """The headline of a case, or why it has no answer; None where the client file does not declare it."""
    result = _PICTURES[name](findings)
    if name == "change" and findings.cases.change is not None:
        lead: Sentence | None = verdict_sentence(findings.cases)
    else:
        lead = findings.unanswered.get(name) if result is None else explain(result)[0]
    if lead is None:
        return None
    return with_own_text(Section(name, _title(name, language), language.say(lead)), findings)


# small print


def _methods(plates: tuple[Section, ...], findings: Findings, language: Language) -> Iterator[tuple[str, str]]:
    """The small print: how everything was computed, then each picture."""
    if "method" not in findings.house.sections:
        return
    whole = method_section(findings, language)
    yield "", whole.lead
    yield from (("", own) for own in with_own_text(replace(whole, own=()), findings).own)
    yield from ((plate.title, method) for plate in plates for method in plate.methods)
