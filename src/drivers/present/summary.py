"""The summary: what a board reads if it reads nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.findings import Findings
from drivers.present.language import Language
from drivers.present.sentences import explain
from drivers.sentence import Sentence


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure: what it is, how much, and between which ends."""

    label: str
    value: str
    interval: str


def summary_lines(findings: Findings) -> tuple[Sentence, ...]:
    """The headline of each answered question, and what to do first."""
    lead, *support = explain(findings.potential)
    if findings.potential.verdict == "wrong_aspects":
        lines = [lead, support[0], support[-1]]
    else:
        lines = [explain(findings.importance)[0] if findings.importance else lead, support[0]]
    for result in (findings.loyalty, findings.value, findings.chain):
        if result is not None:
            lines.append(explain(result)[0])
    if findings.loyalty is None and findings.intention is not None:
        lines.append(explain(findings.intention)[0])
    return tuple(lines)


def summary_cards(findings: Findings, language: Language) -> tuple[Card, ...]:
    """The key figures with their intervals."""
    rows = findings.potential.table.set_index("measure")
    share = rows.loc["cross_validated"]
    cards = [
        Card(language.say("mean satisfaction"), language.figure(findings.potential.mean, "number", 1), _scale(findings, language)),
        _card(language, "of the differences predicted by the aspects", "percent1",
              share["value"], share["value_low"], share["value_high"]),
    ]  # fmt: skip
    if findings.loyalty is not None:
        link = findings.loyalty
        cards.append(
            _card(language, "percentage points of retention for one point of satisfaction", "pp1",
                  link.marginal_effect, link.marginal_effect_low, link.marginal_effect_high)
        )  # fmt: skip
    if findings.value is not None:
        value = findings.value
        cards.append(
            _card(language, "a year: extra value of the satisfied customers", "money",
                  value.extra_yearly, value.extra_yearly_low, value.extra_yearly_high)
        )  # fmt: skip
    return tuple(cards)


def _card(language: Language, label: str, how: str, value: float, low: float, high: float) -> Card:
    value, low, high = (max(x, 0.0) if how.startswith("percent") else x for x in (value, low, high))
    interval = language.say(
        "{low} to {high}", low=language.format_field(low, how), high=language.format_field(high, how)
    )
    return Card(language.say(label), language.format_field(value, how), interval)


def _scale(findings: Findings, language: Language) -> str:
    scale = findings.potential.scale
    return language.say("on a scale of {low:number} to {high:number}", low=scale.low, high=scale.high)
