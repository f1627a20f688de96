"""The answer in one sentence and the findings that matter most: chosen by rules on the numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from drivers.analyses.findings import Findings
from drivers.analyses.loyalty import RetentionLink
from drivers.present.sentences import explain
from drivers.present.verdict import verdict_sentence
from drivers.wording import Sentence, sentence

MOST_FINDINGS = 3
MOST_NAMED = 3
"""Aspects that the answer names; the section on priorities has them all."""


def relevant(findings: Findings) -> bool:
    """Whether the measured aspects matter and a ranking of them is drawn."""
    return findings.potential.verdict == "relevant" and findings.importance is not None


def any_beyond_noise(findings: Findings) -> bool:
    """Whether some driver accounts for more than chance could."""
    return findings.importance is not None and bool(findings.importance.table["beyond_noise"].any())


def stay_shown(link: RetentionLink | None) -> bool:
    """Whether it is shown that satisfied customers stay more often."""
    return link is not None and link.marginal_effect_low > 0


def called_first(findings: Findings) -> pd.DataFrame:
    """The aspects that are called first, largest gain first; none where no ranking is drawn."""
    if findings.priorities is None or not any_beyond_noise(findings):
        return pd.DataFrame(columns=["driver", "label"])
    table = findings.priorities.table
    return table[table["call"] == "fix_first"]


def quoted(labels: list[str]) -> list[Sentence]:
    """Labels as they stand in a list of a sentence."""
    return [sentence("‘{label}’", label=label) for label in labels]


def answer(findings: Findings) -> Sentence:
    """What is the answer to the question of this client, in one sentence?"""
    return next(_answers(findings))


def main_findings(findings: Findings) -> tuple[Sentence, ...]:
    """Which findings matter most to this client: three at most, each with its interval and, where known, its money."""
    said = answer(findings)
    return tuple(line for line in _candidates(findings) if line != said)[:MOST_FINDINGS]


def other_findings(findings: Findings) -> tuple[Sentence, ...]:
    """The headlines of the other answered questions."""
    said = (answer(findings), *main_findings(findings))
    return tuple(line for line in _candidates(findings) if line not in said)


def _answers(findings: Findings) -> Iterator[Sentence]:
    """What could be the answer, best first."""
    found = findings.cases
    if not relevant(findings):
        yield explain(findings.potential)[0]
    if found.change_verdict in ("plan", "against") and found.plan_effect is not None:
        effect = found.plan_effect
        ends = {"value": effect.effect, "low": effect.effect_low, "high": effect.effect_high}
        yield sentence(_WORKED if found.change_verdict == "plan" else _BACKFIRED, **ends)
    if found.sourcing is not None and _clear(found.sourcing.table.iloc[0], "net_yearly"):
        yield explain(found.sourcing)[0]
    if found.choice is not None and found.choice.shown:
        yield explain(found.choice)[0]
    if len(first := called_first(findings)):
        yield _begin(findings, quoted(list(first["label"])[:MOST_NAMED]))
    yield explain(findings.importance or findings.potential)[0]


def _begin(findings: Findings, names: list[Sentence]) -> Sentence:
    if stay_shown(findings.loyalty):
        return sentence(_BEGIN_STAY if len(names) == 1 else _BEGIN_ALL_STAY, names=names)
    return sentence(_BEGIN if len(names) == 1 else _BEGIN_ALL, names=names)


_WORKED = (
    "The plan seems to have worked: held against the others, satisfaction of the customers whom it reached went up by "
    "{value:number2} points ({low:number2} to {high:number2})."
)
_BACKFIRED = (
    "The plan seems to have done the opposite of what it was for: held against the others, satisfaction of the "
    "customers whom it reached went down ({value:signed2} points, {low:signed2} to {high:signed2})."
)
_BEGIN = (
    "Begin with {names:list}: it matters more to satisfaction than the average aspect, and customers rate it lower."
)
_BEGIN_STAY = (
    "Begin with {names:list}: it matters more to satisfaction than the average aspect, customers rate it lower, and "
    "satisfied customers stay more often."
)
_BEGIN_ALL = (
    "Begin with {names:list}: they matter more to satisfaction than the average aspect, and customers rate them lower."
)
_BEGIN_ALL_STAY = (
    "Begin with {names:list}: they matter more to satisfaction than the average aspect, customers rate them lower, and "
    "satisfied customers stay more often."
)


def _clear(row: pd.Series, name: str) -> bool:
    return bool(row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0)


def _candidates(findings: Findings) -> Iterator[Sentence]:
    """Every finding, the most important first."""
    return (line for rule in _RULES for line in rule(findings))


def _matter(findings: Findings) -> Iterator[Sentence]:
    """How much the aspects predict, where that is the news."""
    if not relevant(findings):
        yield explain(findings.potential)[1]


def _change(findings: Findings) -> Iterator[Sentence]:
    """What the plan brought in money where it is the answer; else whether it was the plan."""
    found = findings.cases
    if found.change_verdict in ("plan", "against") and relevant(findings):
        yield from () if found.plan_worth is None else (explain(found.plan_worth)[0],)
    elif found.change is not None and (found.plan_effect is not None or found.change_verdict != "none"):
        yield verdict_sentence(found)


def _unchanged(findings: Findings) -> Iterator[Sentence]:
    found = findings.cases
    if found.change is not None and found.plan_effect is None and found.change_verdict == "none":
        yield verdict_sentence(found)


def _drivers(findings: Findings) -> Iterator[Sentence]:
    """What drives satisfaction most, with the money that goes with it."""
    if not relevant(findings) or findings.importance is None:
        return
    lead = explain(findings.importance)[0]
    top = str(findings.importance.table["driver"].iloc[0])
    rows = None if findings.chain is None else findings.chain.table[findings.chain.table["driver"] == top]
    if rows is None or not len(rows) or not any_beyond_noise(findings) or not rows["yearly_margin_low"].iloc[0] > 0:
        yield lead
        return
    yield sentence(_TWO, first=lead, second=sentence(_MARGIN, **margin_values(findings, rows.iloc[0])))


def margin_values(findings: Findings, row: pd.Series) -> dict[str, object]:
    """The rise of a driver, and the margin that goes with it in the first year."""
    margin = {"margin": row["yearly_margin"], "low": row["yearly_margin_low"], "high": row["yearly_margin_high"]}
    return {"label": row["label"], "rise": _rise(findings, row), **margin}


def _rise(findings: Findings, row: pd.Series) -> Sentence:
    """A rise in scale points, or in percentage points of yes where the scale runs from 0 to 1."""
    levers = pd.DataFrame(columns=["driver"]) if findings.what_if is None else findings.what_if.table
    scales = levers[levers["driver"] == row["driver"]]
    if len(scales) and (scales["scale_low"].iloc[0], scales["scale_high"].iloc[0]) == (0, 1):
        return sentence("{points:pp1} percentage points more", points=row["improvement"])
    return sentence("{points:number2} points more", points=row["improvement"])


_TWO = "{first} {second}"
_MARGIN = "{rise} on ‘{label}’ goes with {margin:money} more margin in the first year ({low:money} to {high:money})."


def _loyalty(findings: Findings) -> Iterator[Sentence]:
    """Whether satisfied customers stay, with what they are worth."""
    told = [explain(result)[0] for result in (findings.loyalty, findings.value) if result is not None]
    if len(told) > 1:
        yield sentence(_TWO, first=told[0], second=told[1])
    else:
        yield from told


def _first(findings: Findings) -> Iterator[Sentence]:
    """What to fix first, where the answer does not say it for sure."""
    if relevant(findings) and findings.priorities is not None and any_beyond_noise(findings):
        first = called_first(findings)
        if first.empty or first["fix_first_probability"].min() < _SURE:
            yield explain(findings.priorities)[0]


_SURE = 0.99


def _predicted(findings: Findings) -> Iterator[Sentence]:
    """How much the aspects predict where that is no news; how far they reach where they do not matter."""
    yield explain(findings.potential)[1 if relevant(findings) else 2]


def _plan(findings: Findings) -> Iterator[Sentence]:
    result = findings.plan or findings.chain
    if result is not None:
        yield explain(result)[0]


def _offshore(findings: Findings) -> Iterator[Sentence]:
    """How far satisfaction differs where the business case is the answer; else the business case."""
    case, gap = findings.cases.sourcing, findings.cases.site_gap
    told = case is not None and explain(case)[0] != answer(findings)
    yield from (explain(result)[0] for result in ((case, gap) if told else (gap,)) if result is not None)


def _choice(findings: Findings) -> Iterator[Sentence]:
    """What goes most clearly with staying; else whether anything does."""
    result = findings.cases.choice
    if result is None:
        return
    rows = result.effects[(result.effects["decision"] == "stay") & ~result.effects["held"].astype(bool)]
    shown = rows[(rows["decision_effect_p"] < 1 - result.confidence) & (rows["decision_effect_low"] > 0)]
    if not result.shown or shown.empty:
        yield explain(result)[0]
        return
    row = shown.loc[shown["decision_effect"].idxmax()]
    ends = {"low": row["decision_effect_low"], "high": row["decision_effect_high"]}
    yield sentence(_STAYING, label=row["label"], effect=row["decision_effect"], **ends)


_STAYING = (
    "One point more on ‘{label}’, the other scales being equal, goes with {effect:pp1} percentage points more "
    "organisations that stay ({low:pp1} to {high:pp1})."
)


def _cases(findings: Findings) -> Iterator[Sentence]:
    """Headlines of groups that differ and of the other declared cases."""
    found = findings.cases
    groups = tuple(result for result in findings.segments if result.differing)
    asked = (*groups, found.contracts, found.providers, found.employees)
    yield from (explain(result)[0] for result in asked if result is not None)


def _others(findings: Findings) -> Iterator[Sentence]:
    """Headlines of what else is known of customers."""
    known = findings.behaviour
    time = known.survival if findings.loyalty is None and known.penalised is None else None
    intention = findings.intention if findings.loyalty is None else None
    asked = (time, known.spending, findings.net_promoter, intention)
    yield from (explain(result)[0] for result in asked if result is not None)


_RULES: tuple[Callable[[Findings], Iterator[Sentence]], ...] = (
    _matter,
    _change,
    _offshore,
    _choice,
    _drivers,
    _loyalty,
    _plan,
    _first,
    _cases,
    _predicted,
    _unchanged,
    _others,
)
