"""The page of a report on what changed since an earlier wave, and whether it was the plan."""

from __future__ import annotations

from drivers.analyses.cases import Cases
from drivers.analyses.findings import Findings
from drivers.present.captions import titled
from drivers.present.language import Language
from drivers.present.parts import Section, pictured, words
from drivers.present.titles import CASE_TITLES
from drivers.present.verbs import explain
from drivers.present.verdict import verdict_sentence
from drivers.wording import Sentence, sentence


def change_page(findings: Findings, language: Language) -> Section | None:
    """What changed, and was it the plan? None where the client file has no [change]."""
    found, title = findings.cases, language.say(CASE_TITLES["change"])
    if found.change is None:
        reason = findings.unanswered.get("change")
        return None if reason is None else Section("change", title, language.say(reason))
    results = (found.decomposition, found.plan_effect)
    drawn = tuple(
        pictured(name, result, findings, language)
        for name, result in zip(("change", "plan-effect"), results, strict=True)
        if result is not None
    )
    told = (found.change, found.decomposition, found.plan_effect, found.rate_changes, found.loyalty_change)
    methods = [part.method for part in (*told, found.plan_worth) if part is not None]
    return Section(
        "change", title, language.say(verdict_sentence(found)),
        tuple(language.say(line) for line in _lines(findings)),
        pictures=drawn,
        tables=(titled(found.change, language),),
        methods=tuple(language.say(method) for method in methods),
        words=words(language),
    )  # fmt: skip


def _lines(findings: Findings) -> tuple[Sentence, ...]:
    """What stands below the verdict: the change, its parts, the plan, rates, loyalty and money."""
    found = findings.cases
    told = (found.change, found.decomposition, found.plan_effect, found.rate_changes, found.loyalty_change)
    lines = [line for part in (*told, found.plan_worth) if part is not None for line in _said(found, part)]
    reason = findings.unanswered.get("plan_effect")
    return (*lines, *_worth_of_satisfied(found), *(() if reason is None else (reason,)))


def _said(found: Cases, part: object) -> tuple[Sentence, ...]:
    """What is said of a part; of the plan not again what the verdict says already."""
    said = explain(part)
    return said[1:] if part is found.plan_effect and found.change_verdict in ("plan", "against") else said


def _worth_of_satisfied(found: Cases) -> tuple[Sentence, ...]:
    """What satisfied customers are worth in both waves; told beside a plan only."""
    if found.loyalty_change is None or found.plan_effect is None:
        return ()
    rows = found.loyalty_change.table.set_index("measure")
    if "extra_yearly" not in rows.index:
        return ()
    row = rows.loc["extra_yearly"]
    return (
        sentence(
            "All satisfied customers together are worth {second:money} of lifetime value a year more than if they were "
            "dissatisfied ({low:money} to {high:money}); in wave {before} it was {first:money} ({first_low:money} to "
            "{first_high:money}).",
            before=found.loyalty_change.before,
            first=row["value_before"],
            first_low=row["value_before_low"],
            first_high=row["value_before_high"],
            second=row["value_after"],
            low=row["value_after_low"],
            high=row["value_after_high"],
        ),
    )
