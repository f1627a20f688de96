"""What to do on Monday: plain advice that follows from the numbers, never surer than their intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pandas as pd

from drivers.analyses.findings import Findings
from drivers.present.headlines import any_beyond_noise, called_first, margin_values, quoted, relevant, stay_shown
from drivers.wording import Sentence, sentence

MOST_ADVICE = 4
_NAMED = 3  # aspects that one piece of advice names
_REACHED = 0.9  # share of the customers from which a plan has nobody left to be extended to


def monday_lines(findings: Findings) -> tuple[Sentence, ...]:
    """What should be done first, or found out first: two to four pieces of advice, the most urgent first.

    Association is advice to try something and to compare, never a promise of what follows.
    """
    found = [line for rule in _RULES for line in rule(findings)]
    return tuple(found[:MOST_ADVICE])


def _measure(findings: Findings) -> Iterator[Sentence]:
    """What to find out where the measured aspects cannot be acted on."""
    verdict, base = findings.potential.verdict, findings.potential.base
    if verdict == "undecided":
        yield sentence(_MORE_ANSWERS, base=base)
    elif verdict == "at_ceiling":
        yield sentence("Hold what is good. Spend nothing extra on raising these aspects: there is little left to gain.")
    elif verdict == "wrong_aspects":
        yield sentence(_ASK)
        yield sentence(_NO_MONEY, aspects=len(findings.potential.aspects))
    elif not any_beyond_noise(findings):
        yield sentence(_NO_ASPECT)
        yield sentence(_ASK)


_MORE_ANSWERS = (
    "Collect more answers first: {base:count} do not tell whether the measured aspects matter, so do not act on their "
    "order yet."
)
_ASK = (
    "Ask customers, in open questions, what does decide their satisfaction, and put that in the next wave of the "
    "survey."
)
_NO_MONEY = (
    "Put no money into raising the {aspects:count} aspects measured now: that satisfaction would rise much with them "
    "is not shown."
)
_NO_ASPECT = "Act on none of the measured aspects yet: none accounts for more than chance could."


def _sourcing(findings: Findings) -> Iterator[Sentence]:
    case = findings.cases.sourcing
    if case is None:
        return
    away, home = (row for _, row in case.table.iterrows())
    if away["net_yearly_low"] > 0:
        yield sentence(_TRY_AWAY, **_net(away))
    elif away["net_yearly_high"] >= 0:
        yield sentence(_AWAY_OPEN, **_net(away))
    elif home["net_yearly_low"] > 0:
        yield sentence(_COME_HOME, **_net(home))
    else:
        yield sentence(_STAY_HOME, **_loss(away, "net_yearly"))


def _loss(row: pd.Series, name: str) -> dict[str, float]:
    """A negative amount as what it takes, with its ends."""
    return {"loss": -row[name], "low": -row[f"{name}_high"], "high": -row[f"{name}_low"]}


def _net(row: pd.Series) -> dict[str, float]:
    return {"net": row["net_yearly"], "low": row["net_yearly_low"], "high": row["net_yearly_high"]}


_TRY_AWAY = (
    "Move a part of the contacts offshore as a trial, and follow satisfaction and leaving: {net:money} a year is left "
    "({low:money} to {high:money}), if customers follow as they differ now."
)
_AWAY_OPEN = (
    "Decide nothing on offshoring yet: whether it pays is open ({net:money} a year, {low:money} to {high:money}). Try "
    "it with a part of the contacts."
)
_COME_HOME = (
    "Move no more contacts offshore, and try with one line of work what coming home brings: it leaves {net:money} a "
    "year ({low:money} to {high:money}), if customers follow as they differ now."
)
_STAY_HOME = (
    "Move no more contacts offshore: on balance it costs {loss:money} a year ({low:money} to {high:money}), if "
    "customers follow as they differ now."
)


def _change(findings: Findings) -> Iterator[Sentence]:
    """What to do with a plan that has been judged."""
    effect, verdict = findings.cases.plan_effect, findings.cases.change_verdict
    if effect is None:
        return
    if verdict == "against":
        yield sentence("Extend the plan no further, and find out first why satisfaction went down where it came.")
    elif verdict != "plan":
        yield sentence("Extend the plan no further yet: that it raised satisfaction is not shown.")
    elif effect.reached_share < _REACHED:
        yield sentence(_EXTEND, share=1 - effect.reached_share)


_EXTEND = (
    "Extend the plan step by step to the {share:percent} of the customers whom it has not reached, and keep asking "
    "those who wait: so you see whether it works there too."
)


def _warned(findings: Findings) -> Iterator[Sentence]:
    warning = findings.cases.early_warning
    if warning is None or not warning.useful or warning.stayers:
        return
    if number := int(warning.table["warned"].sum()):
        yield sentence(_CALL_ONE if number == 1 else _CALL, number=number, average=warning.average)


_CALL = (
    "Call the {number:count} organisations on the early-warning list: the chance that they leave is shown to be above "
    "the average of {average:percent}."
)
_CALL_ONE = (
    "Call the one organisation on the early-warning list: the chance that it leaves is shown to be above the average "
    "of {average:percent}."
)


def _fix(findings: Findings) -> Iterator[Sentence]:
    """Which aspect comes first, with what goes with it; where none does, between which to choose."""
    if not relevant(findings) or not any_beyond_noise(findings) or findings.priorities is None:
        return
    first = called_first(findings)
    if len(first):
        yield _worth(findings, first)
        return
    table = findings.priorities.table
    near = table[table["effect_shown"] & (table["gain_low"] > 0)].head(_NAMED)
    if len(near) > 1:
        yield sentence(_CHOOSE, names=quoted(list(near["label"])))
    elif len(near):
        yield sentence("Look at ‘{label}’ first: only there a gain is shown.", label=near["label"].iloc[0])


def _worth(findings: Findings, first: pd.DataFrame) -> Sentence:
    """Advice to begin with these aspects, the first with the margin or the satisfaction that goes with it."""
    names = list(first["label"])[: _NAMED + 1]
    order = sentence(_THEN if len(names) > 1 else _FIRST, label=names[0], others=quoted(names[1:]))
    chain, top = findings.chain, first.iloc[0]
    rows = None if chain is None else chain.table[chain.table["driver"] == top["driver"]]
    if rows is not None and len(rows) and rows["yearly_margin_low"].iloc[0] > 0:
        return sentence(_WITH_MARGIN, order=order, **margin_values(findings, rows.iloc[0]))
    gain = {f"gain{end}": top[f"gain{end}"] / 10 for end in ("", "_low", "_high")}
    return sentence(_WITH_GAIN, order=order, **gain) if top["gain_low"] > 0 else order


_FIRST = "Fix ‘{label}’ first."
_THEN = "Fix ‘{label}’ first, then {others:list}."
_WITH_MARGIN = (
    "{order} {rise} on ‘{label}’ goes with {margin:money} more margin in the first year ({low:money} to {high:money})."
)
_WITH_GAIN = (
    "{order} Each tenth of the way to the highest rating goes with {gain:number1} points more satisfaction of 100 "
    "({gain_low:number1} to {gain_high:number1})."
)
_CHOOSE = (
    "Choose between {names:list} together with those who do the work: a gain is shown for each, which comes first is "
    "not."
)


def _plan(findings: Findings) -> Iterator[Sentence]:
    """What to do with the plans, by their net value; without a plan, how to try."""
    if findings.plan is None:
        if relevant(findings) and any_beyond_noise(findings):
            yield sentence(_TRY)
        return
    row = findings.plan.together.iloc[0]
    one = len(findings.plan.table) == 1
    net = {"net": row["net_value"], "low": row["net_value_low"], "high": row["net_value_high"]}
    years = findings.plan.terms.horizon_years
    if row["net_value_low"] > 0:
        yield sentence(_START if one else _START_ALL, **net, years=years)
    elif row["net_value_high"] < 0:
        yield sentence(_HOLD if one else _HOLD_ALL, **_loss(row, "net_value"), years=years)
    else:
        yield sentence(_TEST if one else _TEST_ALL, **net, years=years)


_TRY = (
    "Try an improvement with a part of the customers first and compare them with the rest: a survey shows what goes "
    "together, not what causes what."
)
_START = (
    "Start the planned improvement with a part of the customers and compare them with the rest: it pays ({net:money} "
    "net over {years:count} years, {low:money} to {high:money}) only if customers follow it as they differ now."
)
_START_ALL = (
    "Start the planned improvements with a part of the customers and compare them with the rest: together they pay "
    "({net:money} net over {years:count} years, {low:money} to {high:money}) only if customers follow them as they "
    "differ now."
)
_TEST = (
    "Test the planned improvement on half of the sites or teams first: whether it pays is open ({net:money} net over "
    "{years:count} years, {low:money} to {high:money})."
)
_TEST_ALL = (
    "Test the planned improvements on half of the sites or teams first: whether they pay together is open ({net:money} "
    "net over {years:count} years, {low:money} to {high:money})."
)
_HOLD = (
    "Do not start the planned improvement at these costs: it loses {loss:money} net over {years:count} years "
    "({low:money} to {high:money})."
)
_HOLD_ALL = (
    "Do not start the planned improvements together at these costs: they lose {loss:money} net over {years:count} "
    "years ({low:money} to {high:money})."
)


def _staying(findings: Findings) -> Iterator[Sentence]:
    """What a link to leaving asks for where it is not as expected, or where nothing else can be done."""
    link = findings.loyalty
    if link is None:
        return
    if not stay_shown(link):
        yield sentence("Ask customers who left why they did: that satisfaction would have kept them is not shown.")
    elif not relevant(findings):
        ends = {"low": link.marginal_effect_low, "high": link.marginal_effect_high}
        yield sentence(_CALL_BACK, effect=link.marginal_effect, **ends)


_CALL_BACK = (
    "Call dissatisfied customers back meanwhile and ask why: one point less satisfaction goes with {effect:pp1} "
    "percentage points more customers who leave ({low:pp1} to {high:pp1})."
)


def _finance(findings: Findings) -> Iterator[Sentence]:
    worth = findings.plan or findings.chain or findings.value
    if worth is not None:
        years, costs = worth.terms.horizon_years, findings.plan is not None or findings.cases.sourcing is not None
        yield sentence(_FINANCE_COSTS if costs else _FINANCE, years=years)


_FINANCE = (
    "Have finance check what the amounts rest on: the margin per customer, the discount rate and "
    "the horizon of {years:count} years."
)
_FINANCE_COSTS = (
    "Have finance check what the amounts rest on: the margin per customer, the costs, the discount rate and "
    "the horizon of {years:count} years."
)


def _leave(findings: Findings) -> Iterator[Sentence]:
    """Aspects of which no effect is shown in any way."""
    if not relevant(findings) or findings.importance is None or not any_beyond_noise(findings):
        return
    rows = findings.importance.table
    flat = rows[~rows["beyond_noise"].astype(bool) & (rows["slope_low"] <= 0) & (rows["slope_high"] >= 0)]
    if 0 < len(flat) <= _NAMED:
        yield sentence(_FLAT, names=quoted(list(flat["label"])))
    elif len(flat):
        yield sentence(_MANY_FLAT, number=len(flat))


_FLAT = "Put no extra money into {names:list} for now: no effect on satisfaction is shown."
_MANY_FLAT = "Put no extra money for now into the {number:count} aspects of which no effect on satisfaction is shown."


_RULES: tuple[Callable[[Findings], Iterator[Sentence]], ...] = (
    _measure,
    _sourcing,
    _change,
    _warned,
    _fix,
    _plan,
    _staying,
    _finance,
    _leave,
)
