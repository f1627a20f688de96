"""What a result says, in words graded by how sure it is; never more than the interval allows."""

from __future__ import annotations

from functools import singledispatch

import numpy as np
import pandas as pd

from drivers.analyses.chain import ValueChain
from drivers.analyses.importance import COLLINEAR_VIF, DriverImportance
from drivers.analyses.intention import IntentionLink
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.movement import Potential
from drivers.analyses.quality import AnswerQuality
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.screening import AnswerScreening
from drivers.analyses.value import SatisfactionValue
from drivers.present.scrutiny import quality_lines, reliability_lines, screening_lines
from drivers.sentence import Sentence, sentence

LEADING = 0.90
"""From this probability of rank 1 on, one driver is called the strongest."""


@singledispatch
def explain(result: object) -> tuple[Sentence, ...]:
    """What a result says: the headline first, then what supports it.

    Raises
    ------
    TypeError
        When this kind of result has nothing to say.
    """
    raise TypeError(f"There are no sentences about a {type(result).__name__}. Give it a result of an analysis.")


@explain.register
def _(result: Potential) -> tuple[Sentence, ...]:
    rows = result.table.set_index("measure")
    share, rise, part = rows.loc["cross_validated"], rows.loc["rise"], rows.loc["rise_share"]
    values = {name: max(share[column], 0.0) for name, column in zip(("share", "low", "high"), _ENDS, strict=True)}
    values["aspects"] = len(result.aspects)
    spread = {"rise": rise["value"], "low": rise["value_low"], "high": rise["value_high"]}
    reach = sentence(
        _REACH if rise["value_low"] > 0 else _NO_REACH,
        now=result.mean,
        best=result.mean + result.rise,
        part=part["value"],
        **spread,
    )
    lead = _POTENTIAL_LEADS[result.verdict, result.certain]
    return (lead, sentence(_PREDICTED, **values), reach, *_POTENTIAL_ADVICE.get(result.verdict, ()))


_ENDS = ("value", "value_low", "value_high")
_REACH = (
    "If every aspect were rated as the best-served tenth of the customers rates it now, mean satisfaction would go "
    "from {now:number1} to {best:number1}: {rise:signed2} scale points ({low:signed2} to {high:signed2}), or "
    "{part:percent1} of the scale."
)
_NO_REACH = (
    "Even if every aspect were rated as the best-served tenth of the customers rates it now, it is not shown that mean "
    "satisfaction would rise from {now:number1}: {rise:signed2} scale points ({low:signed2} to {high:signed2}), or "
    "{part:percent1} of the scale."
)
_PREDICTED = (
    "Together the {aspects:count} measured aspects predict {share:percent1} of the differences in satisfaction between "
    "customers ({low:percent1} to {high:percent1})."
)
_POTENTIAL_LEADS = {
    ("undecided", False): sentence("These answers are too few to say whether the measured aspects matter."),
    ("wrong_aspects", True): sentence("You are measuring the wrong things."),
    ("wrong_aspects", False): sentence("You are probably measuring the wrong things."),
    ("at_ceiling", True): sentence("The measured aspects matter, but hardly any of them can still improve."),
    ("at_ceiling", False): sentence("The measured aspects matter, but there is little left to improve."),
    ("relevant", True): sentence("The measured aspects matter for satisfaction."),
    ("relevant", False): sentence("The measured aspects seem to matter for satisfaction; how much is not certain."),
}
_POTENTIAL_ADVICE: dict[str, tuple[Sentence, ...]] = {
    "wrong_aspects": (
        sentence(
            "Higher scores on these aspects hardly go with higher satisfaction. Ask customers first what does "
            "decide their satisfaction, and measure that in the next wave."
        ),
    ),
}


@explain.register
def _(result: DriverImportance) -> tuple[Sentence, ...]:
    table = result.table
    return (_leader(table), *_slopes(table), *_bottom(table))


def _leader(table: pd.DataFrame) -> Sentence:
    top = table.iloc[0]
    values = {"label": top["label"], "share": top["share"], "low": top["share_low"], "high": top["share_high"]}
    if len(table) == 1:
        return sentence("{label} is the only driver measured.", label=top["label"])
    if top["first_probability"] >= LEADING:
        return sentence(
            "{label} is the strongest driver of satisfaction: {share:percent} of what the drivers explain "
            "({low:percent} to {high:percent}).",
            **values,
        )
    rivals = list(table.loc[table["letters"].str.contains("A", regex=False), "label"])[1:]
    values |= {"probability": top["first_probability"]}
    return sentence(_CONTESTED, rivals=rivals, **values) if rivals else sentence(_PROBABLE, **values)


_CONTESTED = (
    "{label} comes first among the drivers of satisfaction with {share:percent} of what they explain ({low:percent} to "
    "{high:percent}), but cannot be told apart from {rivals:list}: it is first in {probability:chance} of the "
    "resamples."
)
_PROBABLE = (
    "{label} is probably the strongest driver of satisfaction: {share:percent} of what the drivers explain "
    "({low:percent} to {high:percent}), first in {probability:chance} of the resamples."
)


def _slopes(table: pd.DataFrame) -> tuple[Sentence, ...]:
    """The effect of one point for the leading drivers whose slope is shown and their own."""
    own = (table["slope_low"] * table["slope_high"] > 0) & (table["slope"] * table["correlation"] > 0)
    clear = table[own & (table["rank"] <= 5) & (table["vif"] <= COLLINEAR_VIF)].head(3)
    return tuple(_slope(row) for _, row in clear.iterrows())


def _slope(row: pd.Series) -> Sentence:
    low, high = sorted((abs(row["slope_low"]), abs(row["slope_high"])))
    values = {"label": row["label"], "slope": abs(row["slope"]), "low": low, "high": high}
    return sentence(_MORE if row["slope"] > 0 else _LESS, **values)


_MORE = (
    "One point more on {label} goes with {slope:number2} points more satisfaction ({low:number2} to "
    "{high:number2}), the other drivers being equal."
)
_LESS = (
    "One point more on {label} goes with {slope:number2} points less satisfaction ({low:number2} to "
    "{high:number2}), the other drivers being equal."
)


def _bottom(table: pd.DataFrame) -> tuple[Sentence, ...]:
    weak = table[(table["share_high"] < 1 / (2 * len(table))) & (table["slope_low"] <= 0) & (table["slope_high"] >= 0)]
    if weak.empty:
        return ()
    return (sentence("{names:list}: in these data hardly related to satisfaction.", names=list(weak["label"])),)


@explain.register
def _(result: RetentionLink) -> tuple[Sentence, ...]:
    low, high = result.marginal_effect_low, result.marginal_effect_high
    values = {"effect": result.marginal_effect, "low": low, "high": high}
    kept = sentence("Over the period {share:percent1} of the customers stayed.", share=result.retention)
    if not low <= high:
        return (sentence("How far satisfaction keeps customers cannot be said from these data."), kept)
    if low > 0:
        lead = sentence(
            "Satisfied customers stay more often: one point of satisfaction goes with {effect:pp1} percentage points "
            "more customers who stay ({low:pp1} to {high:pp1}).",
            **values,
        )
    elif high < 0:
        lead = sentence(
            "In these data more satisfied customers leave more often: one point goes with {effect:pp1} percentage "
            "points ({low:pp1} to {high:pp1}). Find out why before acting on satisfaction.",
            **values,
        )
    else:
        lead = sentence(
            "In these data it is not shown that satisfied customers stay more often: one point goes with {effect:pp1} "
            "percentage points ({low:pp1} to {high:pp1}).",
            **values,
        )
    return (lead, kept, *_group_gap(result.groups))


def _group_gap(groups: pd.DataFrame) -> tuple[Sentence, ...]:
    rows = groups.set_index("group")
    if rows.loc[["satisfied", "dissatisfied"], "suppressed"].any():
        return ()
    kept = {"happy": rows.loc["satisfied", "retention"], "unhappy": rows.loc["dissatisfied", "retention"]}
    return (
        sentence("Of the satisfied customers {happy:percent1} stayed, of the dissatisfied {unhappy:percent1}.", **kept),
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
_NO_BEHAVIOUR = "An intention is not behaviour: no euros are computed from it."


@explain.register
def _(result: SatisfactionValue) -> tuple[Sentence, ...]:
    values = {"value": result.extra_yearly, "low": result.extra_yearly_low, "high": result.extra_yearly_high}
    one = sentence(
        "That is {value:money} of lifetime value for each satisfied customer ({low:money} to {high:money}), over "
        "{years:count} years.",
        value=result.extra_per_customer,
        low=result.extra_per_customer_low,
        high=result.extra_per_customer_high,
        years=result.terms.horizon_years,
    )
    lead = sentence(_EXTRA if result.extra_yearly_low > 0 else _NO_EXTRA, **values)
    return (lead, one, sentence(_BETWEEN_CUSTOMERS))


_EXTRA = (
    "Satisfied customers are worth {value:money} a year more than if they were dissatisfied ({low:money} to "
    "{high:money})."
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
    top = result.table.iloc[0]
    said = [_gain(row) for _, row in result.table[result.table["planned"]].iterrows()] or [_gain(top)]
    vague = list(result.table.loc[result.table["yearly_margin_low"] <= 0, "label"])
    tail = [sentence("For {names:list} no gain is shown.", names=vague)] if vague else []
    several = int(result.table["planned"].sum()) > 1
    together = [_together(row) for _, row in result.together.iterrows() if several]
    return (*said[:1], *together, *said[1:], *tail)


def _gain(row: pd.Series) -> Sentence:
    values = {"points": row["improvement"], "label": row["label"], "margin": row["yearly_margin"]}
    values |= {"low": row["yearly_margin_low"], "high": row["yearly_margin_high"], "worth": row["lifetime_value"]}
    values |= {"from_": row["lifetime_value_low"], "to": row["lifetime_value_high"]}
    if not row["yearly_margin_low"] > 0:
        return sentence(
            "{points:number2} points more on {label}: no gain is shown ({margin:money} a year, {low:money} "
            "to {high:money}).",
            **values,
        )
    if row["cost"] is None or np.isnan(float(row["cost"])):
        return sentence(_WORTH, **values)
    values |= {"cost": row["cost"], "pays": row["pays_probability"]}
    return sentence(_WORTH_AND_COST, **values)


_WORTH = (
    "{points:number2} points more on {label} goes with {margin:money} more margin in a year ({low:money} to "
    "{high:money}) and {worth:money} of lifetime value ({from_:money} to {to:money})."
)
_WORTH_AND_COST = (
    "{points:number2} points more on {label} goes with {margin:money} more margin in a year ({low:money} to "
    "{high:money}) and {worth:money} of lifetime value ({from_:money} to {to:money}); the plan costs {cost:money}. "
    "Probability that it pays, if satisfaction follows: {pays:chance}."
)


def _together(row: pd.Series) -> Sentence:
    values = {"worth": row["lifetime_value"], "low": row["lifetime_value_low"], "high": row["lifetime_value_high"]}
    return sentence(_ALL if row["lifetime_value_low"] > 0 else _ALL_NOTHING, **values)


_ALL = "All planned improvements together go with {worth:money} of lifetime value ({low:money} to {high:money})."
_ALL_NOTHING = (
    "For all planned improvements together no gain is shown: {worth:money} of lifetime value ({low:money} to "
    "{high:money})."
)


explain.register(AnswerQuality, quality_lines)
explain.register(AnswerScreening, screening_lines)
explain.register(BatteryReliability, reliability_lines)
