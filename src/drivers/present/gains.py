"""What keeping customers gains, in words: loyalty, intention, value and the chain from a driver to money.

Completes `explain`; the intervals grade the words.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from drivers.analyses.chain import ValueChain
from drivers.analyses.intention import IntentionLink
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.value import SatisfactionValue
from drivers.present.sentences import explain
from drivers.wording import Sentence, sentence


@explain.register
def _(result: RetentionLink) -> tuple[Sentence, ...]:
    low, high = result.marginal_effect_low, result.marginal_effect_high
    values = {"effect": result.marginal_effect, "low": low, "high": high}
    kept = sentence(
        "In {months:number} months {share:percent1} of the customers stayed.",
        months=result.period_months,
        share=result.retention,
    )
    if not low <= high:
        return (sentence("How far satisfaction keeps customers cannot be said from these data."), kept)
    lead = sentence(_STAY if low > 0 else _LEAVE if high < 0 else _NOT_SHOWN, **values)
    return (lead, kept, *_group_gap(result.groups))


_STAY = (
    "Satisfied customers stay more often: one point of satisfaction goes with {effect:pp1} percentage points more "
    "customers who stay ({low:pp1} to {high:pp1})."
)
_LEAVE = (
    "In these data more satisfied customers leave more often: one point goes with {effect:pp1} percentage points "
    "of retention ({low:pp1} to {high:pp1}). Find out why before acting on satisfaction."
)
_NOT_SHOWN = (
    "In these data it is not shown that satisfied customers stay more often: one point goes with {effect:pp1} "
    "percentage points of retention ({low:pp1} to {high:pp1})."
)


def _group_gap(groups: pd.DataFrame) -> tuple[Sentence, ...]:
    rows = groups.set_index("group")
    if rows.loc[["satisfied", "dissatisfied"], "suppressed"].any():
        return ()
    happy, unhappy = rows.loc["satisfied"], rows.loc["dissatisfied"]
    return (
        sentence(
            "Of the satisfied customers {happy:percent1} stayed ({a:percent1} to {b:percent1}), of the dissatisfied "
            "{unhappy:percent1} ({c:percent1} to {d:percent1}).",
            happy=happy["retention"],
            a=happy["retention_low"],
            b=happy["retention_high"],
            unhappy=unhappy["retention"],
            c=unhappy["retention_low"],
            d=unhappy["retention_high"],
        ),
    )


@explain.register
def _(result: IntentionLink) -> tuple[Sentence, ...]:
    values = {"slope": result.slope, "low": result.slope_low, "high": result.slope_high, "name": result.intention}
    shown = result.slope_low > 0 or result.slope_high < 0
    return (sentence(_INTENTION if shown else _NO_INTENTION, **values), sentence(_NO_BEHAVIOUR))


_INTENTION = "One point of satisfaction goes with {slope:signed2} points of {name} ({low:signed2} to {high:signed2})."
_NO_INTENTION = (
    "In these data it is not shown that satisfaction goes with {name}: {slope:signed2} points a point "
    "({low:signed2} to {high:signed2})."
)
_NO_BEHAVIOUR = "An intention is not behaviour: no money is computed from it."


@explain.register
def _(result: SatisfactionValue) -> tuple[Sentence, ...]:
    less = result.extra_yearly_high < 0
    values = _spread(result, "extra_yearly", "value", turned=less)
    happy = result.table.set_index("group").loc["satisfied"]
    each = abs(result.extra_per_customer) if less else result.extra_per_customer
    parts = {"years": result.terms.horizon_years, "reference": result.reference, "each": each}
    parts |= _spread(result, "extra_total", "total", turned=less)
    counts = {} if happy["suppressed"] else {"number": happy["customers"], "all": result.terms.customers}
    lead = sentence(_EXTRA if result.extra_yearly_low > 0 else _NO_EXTRA, **values)
    if less:
        lead = sentence(_LESS if result.terms.spent else _FEWER, **values)
        built = sentence(_BUILT_DOWN if counts else _BUILT_DOWN_HIDDEN, **parts, **counts)
        return (lead, built, *_spending(result), sentence(_BETWEEN_CUSTOMERS))
    together = sentence(_BUILT_UP if counts else _BUILT_UP_HIDDEN, **parts, **counts)
    return (lead, together, *_spending(result), sentence(_BETWEEN_CUSTOMERS))


def _spending(result: SatisfactionValue) -> tuple[Sentence, ...]:
    """What satisfaction goes with in margin, and which of the two the amounts count; nothing where margin stays."""
    if not result.terms.spent:
        return ()
    low, high = result.margin_effect_low, result.margin_effect_high
    values = {"effect": result.margin_effect, "low": low, "high": high}
    lead = sentence(_BRING_MORE if low > 0 else _BRING_LESS if high < 0 else _BRING_OPEN, **values)
    return (lead, sentence(_COUNT_BOTH if result.terms.kept else _COUNT_MARGIN))


_BRING_MORE = (
    "More satisfied customers bring more margin: one point of satisfaction goes with {effect:money} a year for each "
    "customer ({low:money} to {high:money})."
)
_BRING_LESS = (
    "In these data more satisfied customers bring less margin: one point of satisfaction goes with {effect:money} a "
    "year for each customer ({low:money} to {high:money}). Find out why before acting on satisfaction."
)
_BRING_OPEN = (
    "That more satisfied customers bring more or less margin is not shown: one point of satisfaction goes with "
    "{effect:money} a year for each customer ({low:money} to {high:money})."
)
_COUNT_BOTH = "The amounts count both: who stays, and what customers bring in a year."
_COUNT_MARGIN = (
    "The amounts count only what customers bring in a year; who stays is taken as today, whatever satisfaction does to "
    "it."
)


def _spread(result: SatisfactionValue, field: str, name: str, *, turned: bool) -> dict[str, float]:
    """An amount with its ends; those of a loss as what it takes away, where they are `turned`."""
    value, low, high = (getattr(result, f"{field}{end}") for end in ("", "_low", "_high"))
    return {name: -value, "low": -high, "high": -low} if turned else {name: value, "low": low, "high": high}


_BUILT_UP = (
    "How that is built up: over {years:count} years the {number:count} satisfied customers (of {all:count}) are "
    "together worth {total:money} more ({low:money} to {high:money}) than the same customers at the average mark of "
    "the dissatisfied, {reference:number1}. That is {each:money} for each of them; as equal yearly amounts it is the "
    "figure above."
)
_BUILT_UP_HIDDEN = (
    "How that is built up: over {years:count} years the satisfied customers are together worth {total:money} more "
    "({low:money} to {high:money}) than the same customers at the average mark of the dissatisfied, "
    "{reference:number1}. That is {each:money} for each of them; as equal yearly amounts it is the figure above."
)
_EXTRA = (
    "Satisfied customers are worth {value:money} a year more than if they were dissatisfied ({low:money} to "
    "{high:money})."
)
_LESS = (
    "In these data satisfied customers are worth less than if they were dissatisfied: {value:money} a year "
    "({low:money} to {high:money}). Find out why before acting on satisfaction."
)
_FEWER = (
    "In these data satisfied customers are worth {value:money} a year less than if they were dissatisfied ({low:money} "
    "to {high:money}), as they leave more often. Find out why before acting on satisfaction."
)
_BUILT_DOWN = (
    "How that is built up: over {years:count} years the {number:count} satisfied customers (of {all:count}) are "
    "together worth {total:money} less ({low:money} to {high:money}) than the same customers at the average mark of "
    "the dissatisfied, {reference:number1}. That is {each:money} less for each of them; as equal yearly amounts it is "
    "the figure above."
)
_BUILT_DOWN_HIDDEN = (
    "How that is built up: over {years:count} years the satisfied customers are together worth {total:money} less "
    "({low:money} to {high:money}) than the same customers at the average mark of the dissatisfied, "
    "{reference:number1}. That is {each:money} less for each of them; as equal yearly amounts it is the figure above."
)
_NO_EXTRA = (
    "In these data it is not shown that satisfied customers are worth more: {value:money} a year ({low:money} to "
    "{high:money})."
)
_BETWEEN_CUSTOMERS = (
    "It goes with satisfaction between customers of today; that a plan brings it is shown only by testing the plan."
)


@explain.register
def _(result: ValueChain) -> tuple[Sentence, ...]:
    table, years = result.table, result.terms.horizon_years
    planned = [_gain(row, years) for _, row in table[table["planned"]].iterrows()]
    together = [_together(row, years) for _, row in result.together.iterrows() if len(planned) > 1]
    return (*(planned or [_gain(table.iloc[0], years)]), *together, *_diminishing(result), *_others(table))


def _diminishing(result: ValueChain) -> tuple[Sentence, ...]:
    """What the top of the scale does to larger gains; nothing where no gain is shown or nobody is near the top."""
    if not (result.table["yearly_margin_low"] > 0).any():
        return ()
    values = {"share": result.top_share, "times": result.doubled}
    if result.doubled_high < _WORTH_TELLING:
        return (sentence(_DIMINISH, **values, low=result.doubled_low, high=result.doubled_high),)
    return (sentence(_AT_TOP, share=result.top_share),) if result.top_share >= _MANY else ()


_WORTH_TELLING = 1.9  # twice the gain for nearly twice the value is no diminishing that a plan must know
_MANY = 0.1  # share of customers at the top of the scale from which a reader must know
_DIMINISH = (
    "Returns diminish: {share:percent} of the customers already give satisfaction the highest mark, and twice the "
    "largest gain goes with {times:number2} times its lifetime value ({low:number2} to {high:number2})."
)
_AT_TOP = "Of the customers {share:percent} already give satisfaction the highest mark; they cannot rise."


def _others(table: pd.DataFrame) -> tuple[Sentence, ...]:
    """What is assumed of drivers without a plan, and which drivers show no gain, or a loss."""
    rest = table[~table["planned"]]
    lines = []
    if len(rest):
        most = rest["improvement"].max()
        lines.append(sentence(_ASSUMED_LESS if rest["improvement"].min() < most else _ASSUMED, points=most))
    vague = table[(table["yearly_margin_low"] <= 0) & (table["yearly_margin_high"] >= 0)]
    lost = table[table["yearly_margin_high"] < 0]
    if len(vague):
        lines.append(sentence("For {names:list} no gain is shown.", names=list(vague["label"])))
    if len(lost):
        lines.append(sentence("Higher ratings of {names:list} go with a loss of margin.", names=list(lost["label"])))
    return tuple(lines)


_ASSUMED = "For drivers without a plan a rise of {points:number2} points is assumed, to compare them."
_ASSUMED_LESS = (
    "For drivers without a plan a rise of {points:number2} points is assumed, to compare them, or less where the scale "
    "ends before."
)


def _gain(row: pd.Series, years: int) -> Sentence:
    values = {"points": row["improvement"], "label": row["label"], "margin": row["yearly_margin"], "years": years}
    values |= {"low": row["yearly_margin_low"], "high": row["yearly_margin_high"], "worth": row["lifetime_value"]}
    values |= {"from_": row["lifetime_value_low"], "to": row["lifetime_value_high"]}
    if row["yearly_margin_high"] < 0:
        return sentence(_LOSS, **values)
    if not row["yearly_margin_low"] > 0:
        return sentence(_NO_GAIN, **values)
    if row["cost"] is None or np.isnan(float(row["cost"])):
        return sentence(_WORTH, **values)
    values |= {"cost": row["cost"], "pays": row["pays_probability"]}
    return sentence(_WORTH_AND_COST, **values)


_LOSS = (
    "{points:number2} points more on {label} goes with a loss: {margin:money} of margin in the first year ({low:money} "
    "to {high:money})."
)
_NO_GAIN = (
    "{points:number2} points more on {label}: no gain is shown ({margin:money} in the first year, {low:money} to "
    "{high:money})."
)
_WORTH = (
    "{points:number2} points more on {label} goes with {margin:money} more margin in the first year ({low:money} to "
    "{high:money}) and {worth:money} of lifetime value over {years:count} years, discounted ({from_:money} to "
    "{to:money})."
)
_WORTH_AND_COST = (
    "{points:number2} points more on {label} goes with {margin:money} more margin in the first year ({low:money} to "
    "{high:money}) and {worth:money} of lifetime value over {years:count} years, discounted ({from_:money} to "
    "{to:money}); the plan costs {cost:money}. Probability that it pays in those years, if satisfaction follows and as "
    "far as the sample is the only doubt: {pays:chance}."
)


def _together(row: pd.Series, years: int) -> Sentence:
    values = {"worth": row["lifetime_value"], "low": row["lifetime_value_low"], "high": row["lifetime_value_high"]}
    if row["lifetime_value_high"] < 0:
        return sentence(_ALL_LOSS, **values, years=years)
    if not row["lifetime_value_low"] > 0:
        return sentence(_ALL_NOTHING, **values)
    if row["cost"] is None or np.isnan(float(row["cost"])):
        return sentence(_ALL, **values, years=years)
    return sentence(_ALL_AND_COST, **values, years=years, cost=row["cost"], pays=row["pays_probability"])


_ALL = (
    "All planned improvements together go with {worth:money} of lifetime value over {years:count} years ({low:money} "
    "to {high:money})."
)
_ALL_AND_COST = (
    "All planned improvements together go with {worth:money} of lifetime value over {years:count} years ({low:money} "
    "to {high:money}) and cost {cost:money}; probability that they pay: {pays:chance}."
)
_ALL_LOSS = (
    "All planned improvements together go with a loss: {worth:money} of lifetime value over {years:count} years "
    "({low:money} to {high:money})."
)
_ALL_NOTHING = (
    "For all planned improvements together no gain is shown: {worth:money} of lifetime value ({low:money} to "
    "{high:money})."
)
