"""The summary: what a board reads if it reads nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.findings import Findings
from drivers.analyses.reasons import NOT_ASKED
from drivers.present.language import Language
from drivers.present.printing import HIGH, LOW, Cell, Number, number_cell
from drivers.present.verbs import explain
from drivers.present.verdict import verdict_sentence
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True)
class Card:
    """One key figure: what it is, how much, and between which ends."""

    label: str
    value: str
    interval: str


def summary_lines(findings: Findings) -> tuple[Sentence, ...]:
    """The headline of each answered question, and what to do first."""
    lead, *support = explain(findings.potential)
    if findings.importance is None:
        lines = [lead, support[0], support[-1]]
    else:
        lines = [explain(findings.importance)[0], support[0]]
        lines += [explain(findings.priorities)[0]] if findings.priorities else []
    lines += [explain(result)[0] for result in findings.segments if result.differing]
    for result in (findings.loyalty, findings.value, findings.plan or findings.chain):
        if result is not None:
            lines.append(explain(result)[0])
    if findings.cases.change is not None:
        lines.append(verdict_sentence(findings.cases))
    lines += [explain(result)[0] for result in _of_cases(findings)]
    lines += [explain(result)[0] for result in _of_customers(findings)]
    if findings.net_promoter is not None:
        lines.append(explain(findings.net_promoter)[0])
    if findings.loyalty is None and findings.intention is not None:
        lines.append(explain(findings.intention)[0])
    if findings.checks.failed:
        lines.append(explain(findings.checks)[0])
    return (*lines, *_open_questions(findings), _intervals(findings), *_money_intervals(findings))


def _of_cases(findings: Findings) -> tuple[object, ...]:
    """What the client file asks beside satisfaction; of sites the money too, where it is counted."""
    found = findings.cases
    results = (found.choice, found.contracts, found.site_gap, found.sourcing, found.providers, found.employees)
    return tuple(result for result in results if result is not None)


def _of_customers(findings: Findings) -> tuple[object, ...]:
    """How long customers stay, where nothing is known of who leaves in a period; what they spend."""
    known = findings.behaviour
    time = known.survival if findings.loyalty is None and known.penalised is None else None
    return tuple(result for result in (time, known.spending) if result is not None)


def _open_questions(findings: Findings) -> tuple[Sentence, ...]:
    """Why a question that the client file asks has no answer."""
    reasons = {findings.unanswered[name] for name in ("loyalty", "value") if name in findings.unanswered}
    return tuple(reason for reason in reasons if reason not in NOT_ASKED.values())


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
