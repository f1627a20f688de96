"""The summary: what a board reads if it reads nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.findings import Findings
from drivers.analyses.reasons import NOT_ASKED
from drivers.present.headlines import answer, main_findings, other_findings
from drivers.present.language import Language
from drivers.present.monday import monday_lines
from drivers.present.printing import HIGH, LOW, Cell, Number, number_cell
from drivers.present.verbs import explain
from drivers.wording import Sentence, sentence

__all__ = [
    "Card", "closing_lines", "main_findings", "monday_lines", "summary_cards", "summary_lines", "summary_lists",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure: what it is, how much, and between which ends."""

    label: str
    value: str
    interval: str


def summary_lines(findings: Findings) -> tuple[Sentence, ...]:
    """The answer in one sentence, then what else was found, what is open and how to read the intervals."""
    failed = (explain(findings.checks)[0],) if findings.checks.failed else ()
    return (answer(findings), *other_findings(findings), *failed, *_open_questions(findings), *closing_lines(findings))


def summary_lists(findings: Findings, language: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What stands below the answer, each list under its heading: the main findings, Monday, what else was found."""
    lists = (
        (_FOUND, main_findings(findings)),
        (_MONDAY, monday_lines(findings)),
        (_BESIDE, summary_lines(findings)[1 : -len(closing_lines(findings))]),
    )
    return tuple((language.say(head), tuple(language.say(line) for line in lines)) for head, lines in lists if lines)


_FOUND = sentence("What matters most")
_MONDAY = sentence("What to do on Monday")
_BESIDE = sentence("Also in this report")


def _open_questions(findings: Findings) -> tuple[Sentence, ...]:
    """Why a question that the client file asks has no answer."""
    reasons = {findings.unanswered[name] for name in ("loyalty", "value") if name in findings.unanswered}
    return tuple(reason for reason in reasons if reason not in NOT_ASKED.values())


def closing_lines(findings: Findings) -> tuple[Sentence, ...]:
    """How to read the intervals, and their bases."""
    return (_intervals(findings), *_money_intervals(findings))


def _intervals(findings: Findings) -> Sentence:
    values = {"confidence": findings.confidence, "base": findings.potential.base}
    several = findings.quality.repeated
    if findings.loyalty is None:
        return sentence(_BASE_OF_SEVERAL if several else _BASE, **values)
    return sentence(_BASES_OF_SEVERAL if several else _BASES, **values, loyal=findings.loyalty.base)


_BASE = "In brackets: {confidence:percent} intervals. Base: {base:count} respondents."
_BASE_OF_SEVERAL = "In brackets: {confidence:percent} intervals. Base: {base:count} questionnaires."
_BASES = (
    "In brackets: {confidence:percent} intervals. Base: {base:count} respondents on the drivers, {loyal:count} on "
    "loyalty."
)
_BASES_OF_SEVERAL = (
    "In brackets: {confidence:percent} intervals. Base: {base:count} questionnaires on the drivers, {loyal:count} on "
    "loyalty."
)


def _money_intervals(findings: Findings) -> tuple[Sentence, ...]:
    """The level of intervals of money, where it is another."""
    worth = findings.value or findings.chain
    if worth is None or worth.confidence == findings.confidence:
        return ()
    return (sentence("Amounts of money have {confidence:percent} intervals.", confidence=worth.confidence),)


_SHARE = sentence("of the differences predicted by the aspects")
_EFFECT = sentence("percentage points of retention for one point of satisfaction")
_SCORE = sentence("net promoter score")
_EXTRA = sentence("a year: extra value of the satisfied customers")


def summary_cards(findings: Findings, language: Language) -> tuple[Card, ...]:
    """The key figures with their intervals."""
    share = findings.potential.table.set_index("measure").loc["cross_validated"]
    values = [max(float(share[c]), 0.0) for c in ("value", "value_low", "value_high")]
    cards = [_mean_card(findings, language), _card(language, _SHARE, "percent1", *values)]
    link, worth = findings.loyalty, findings.value
    if link is not None:
        spread = (link.marginal_effect, link.marginal_effect_low, link.marginal_effect_high)
        cards.append(_card(language, _EFFECT, "pp1", *spread))
    if (score := findings.net_promoter) is not None:
        cards.append(_card(language, _SCORE, "pp1", score.score, score.score_low, score.score_high))
    if worth is not None:
        cards.append(
            _card(language, _EXTRA, "money", worth.extra_yearly, worth.extra_yearly_low, worth.extra_yearly_high)
        )
    return tuple(cards)


def _card(language: Language, label: Sentence, how: str, *spread: float) -> Card:
    value, low, high = (language.format_field(x, how) for x in spread)
    numbers = (Number(x, how, part) for x, part in zip(spread, ("", LOW, HIGH), strict=True))
    return Card(language.say(label), Cell(value, *numbers), language.say("{low} to {high}", low=low, high=high))


def _mean_card(findings: Findings, language: Language) -> Card:
    scale = findings.potential.scale
    return Card(
        label=language.say("mean satisfaction"),
        value=number_cell(findings.potential.mean, "number1", language),
        interval=language.say("on a scale of {low:number} to {high:number}", low=scale.low, high=scale.high),
    )
