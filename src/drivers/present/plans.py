"""Whether plans pay and how a budget is split: in words, drawn, and as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.budget import BudgetSplit
from drivers.analyses.plan import PlanReturn
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

_FULL = 0.1  # share of customers at the top of the scale from which a reader must know


@explain.register
def _(result: PlanReturn) -> tuple[Sentence, ...]:
    plans = [row for _, row in result.table.iterrows()]
    lead = _verdict(result.together.iloc[0], result.terms.horizon_years, len(plans))
    return (
        lead,
        *(line for row in plans for line in _plan(row, result.terms.horizon_years)),
        *_depends(result.tornado),
        sentence(_CAVEAT),
    )


def _verdict(row: pd.Series, years: int, plans: int) -> Sentence:
    values = {"cost": row["total_cost"], "worth": row["lifetime_value"], "years": years, "net": row["net_value"]}
    values |= {"low": row["net_value_low"], "high": row["net_value_high"], "pays": row["pays_probability"]}
    if row["net_value_low"] > 0:
        return sentence(_PAYS if plans == 1 else _ALL_PAY, **values)
    if row["net_value_high"] < 0:
        return sentence(_LOSES if plans == 1 else _ALL_LOSE, **values)
    return sentence(_OPEN if plans == 1 else _ALL_OPEN, **values)


_PAYS = (
    "The plan pays, if customers follow it as they differ now: it costs {cost:money}, and {worth:money} of lifetime "
    "value over {years:count} years goes with it; net value {net:money} ({low:money} to {high:money})."
)
_ALL_PAY = (
    "The plans together pay, if customers follow them as they differ now: they cost {cost:money}, and {worth:money} of "
    "lifetime value over {years:count} years goes with them; net value {net:money} ({low:money} to {high:money})."
)
_LOSES = (
    "The plan does not pay: it costs {cost:money}, and {worth:money} of lifetime value over {years:count} years goes "
    "with it; net value {net:money} ({low:money} to {high:money})."
)
_ALL_LOSE = (
    "The plans together do not pay: they cost {cost:money}, and {worth:money} of lifetime value over {years:count} "
    "years goes with them; net value {net:money} ({low:money} to {high:money})."
)
_OPEN = (
    "Whether the plan pays is open: it costs {cost:money}, and {worth:money} of lifetime value over {years:count} "
    "years goes with it; net value {net:money} ({low:money} to {high:money}), probability that it pays {pays:chance}."
)
_ALL_OPEN = (
    "Whether the plans together pay is open: they cost {cost:money}, and {worth:money} of lifetime value over "
    "{years:count} years goes with them; net value {net:money} ({low:money} to {high:money}), probability that they "
    "pay {pays:chance}."
)


def _plan(row: pd.Series, years: int) -> tuple[Sentence, ...]:
    values = {"label": row["label"], "cost": row["total_cost"], "pays": row["pays_probability"], "years": years}
    values |= {"points": row["improvement"], "roi": row["return_on_investment"], "back": row["payback_years"]}
    values |= {"low": row["return_on_investment_low"], "high": row["return_on_investment_high"]}
    if not row["total_cost"] > 0:
        return (sentence("{label}: without a cost there is no return to compute.", label=row["label"]),)
    paid = np.isfinite(row["payback_years"])
    return (sentence(_PAID if paid else _NOT_PAID, **values), *_reach(row), _enough(row), *_ceiling(row))


_PAID = (
    "{label}, {points:number2} points more for {cost:money}: return {roi:percent} ({low:percent} to {high:percent}), "
    "paid back after {back:number1} years; probability that it pays {pays:chance}."
)
_NOT_PAID = (
    "{label}, {points:number2} points more for {cost:money}: return {roi:percent} ({low:percent} to {high:percent}), "
    "not paid back within {years:count} years; probability that it pays {pays:chance}."
)


def _reach(row: pd.Series) -> tuple[Sentence, ...]:
    """How many customers it reaches, where that is not all of them."""
    return (sentence(_REACHES, reach=row["reach"]),) if row["reach"] < 1 else ()


_REACHES = "It reaches {reach:percent} of the customers, and the rise is theirs."


def _enough(row: pd.Series) -> Sentence:
    if np.isfinite(row["break_even"]):
        return sentence(
            "It breaks even at a rise of {rise:number2} points of the mean.", rise=row["break_even"]
        )  # fmt: skip
    return sentence("No rise that the scale allows would pay for it.")


def _ceiling(row: pd.Series) -> tuple[Sentence, ...]:
    if row["top_share"] < _FULL or not np.isfinite(row["needed_rise"]):
        return ()
    return (
        sentence(
            "Of the customers {share:percent} already give it the highest mark; the others must rise by "
            "{needed:number2} points to lift the mean by {points:number2}.",
            share=row["top_share"],
            needed=row["needed_rise"],
            points=row["improvement"],
        ),
    )


def _depends(tornado: pd.DataFrame) -> tuple[Sentence, ...]:
    row = tornado.iloc[0]
    ends = sorted((float(row["net_low_end"]), float(row["net_high_end"])))
    return (
        sentence(
            "The net value depends most on this: {input}. Over its range the net value runs from {low:money} to "
            "{high:money}.",
            input=_input(row),
            low=ends[0],
            high=ends[1],
        ),
    )


_CAVEAT = (
    "The probability allows for the sample and for the stated range of a rise, if there is one; not for a plan that "
    "customers do not follow. It is an association until the plan is tested on a part of the customers."
)


def _input(row: pd.Series) -> Sentence:
    """An input of a tornado, with the range that it runs through."""
    ends = {"low": row["low_end"], "high": row["high_end"]}
    named = {"label": short_label(str(row["label"]), 26), **ends}
    return {
        "rise": sentence("rise of ‘{label}’ ({low:number2} to {high:number2})", **named),
        "slope": sentence("effect of ‘{label}’ on satisfaction ({low:number2} to {high:number2})", **named),
        "retention_effect": sentence(
            "effect of satisfaction on staying ({low:number2} to {high:number2} log-odds)", **ends
        ),
        "margin_effect": sentence("effect of satisfaction on margin ({low:money} to {high:money} a point)", **ends),
        "margin": sentence("margin per customer ({low:percent} to {high:percent} of it)", **ends),
        "discount_rate": sentence("discount rate ({low:percent1} to {high:percent1})", **ends),
        "costs": sentence("costs ({low:percent} to {high:percent} of them)", **ends),
    }[str(row["input"])]


@plot.register
def _(result: PlanReturn, language: Language = ENGLISH) -> Figure:
    frame, net = result.tornado, float(result.together["net_value"].iloc[0])
    names = [language.say(_input(row)) for _, row in frame.iterrows()]
    with figure_style():
        figure = new_figure(1.0 + 0.34 * len(frame))
        ax = figure.subplots()
        for place, (_, row) in enumerate(frame.iterrows()):
            for column, colour in (("net_low_end", WARM), ("net_high_end", ACCENT)):
                ax.plot([net, row[column]], [place, place], color=colour, linewidth=9, solid_capstyle="butt")
        ax.axvline(net, color=INK, linewidth=0.8)
        ax.axvline(0, color=MUTED, linewidth=1.2, linestyle="--")
        ax.set_yticks(range(len(frame)), [name[:1].upper() + name[1:] for name in names])
        ax.invert_yaxis()
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(language.say("Net value of all plans together"))
        ax.xaxis.set_major_locator(MaxNLocator(nbins=4))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.money(x)))
        ax.tick_params(axis="both", labelsize=8)
    return figure


@legend.register
def _(result: PlanReturn) -> Sentence:
    return sentence(
        "Net value with one input at its low end (orange) or its high end (blue), the others as expected; dashed line: "
        "nothing gained. Margin, costs and discount rate, and a rise without a stated range, go a fifth down and up."
    )


@table.register
def _(result: PlanReturn, language: Language = ENGLISH) -> Printed:
    chosen = [
        "label", "improvement", "total_cost", "net_value", "return_on_investment", "payback_years", "break_even",
        "pays_probability",
    ]  # fmt: skip
    return printed(result.table, chosen, language)


@explain.register
def _(result: BudgetSplit) -> tuple[Sentence, ...]:
    spent = result.table[result.table["amount"] > 0]
    rows = [sentence("{label} {amount:money}", label=row["label"], amount=row["amount"]) for _, row in spent.iterrows()]
    best = result.comparison.set_index("way").loc["best"]
    net = {"net": best["net_value"], "low": best["net_value_low"], "high": best["net_value_high"]}
    if best["net_value"] < 0:
        return (sentence(_NO_SPLIT, budget=result.budget, parts=_joined(rows), **net),)
    pays = sentence(_EARNS if best["net_value_low"] > 0 else _EARNS_OPEN, **net, chance=best["pays_probability"])
    if len(spent) == 1:
        return (sentence(_ALL_ON_ONE, budget=result.budget, label=spent["label"].iloc[0]), pays)
    values = {"more": result.more_than_top, "low": result.more_than_top_low, "high": result.more_than_top_high}
    better = sentence(_BETTER if result.more_than_top_low > 0 else _AS_GOOD, **values, label=result.top)
    return (sentence(_SPLIT, budget=result.budget, parts=_joined(rows)), better, pays)


def _joined(parts: list[Sentence]) -> Sentence:
    """Parts one after another, with commas."""
    whole = parts[0]
    for part in parts[1:]:
        whole = sentence("{before}, {after}", before=whole, after=part)
    return whole


_ALL_ON_ONE = "Of a budget of {budget:money}, all is best spent on {label}, if its effect fades as assumed."
_SPLIT = "A budget of {budget:money} is best split so, if the effects fade as assumed: {parts}."
_NO_SPLIT = (
    "No split of a budget of {budget:money} is expected to earn it back, if the effects fade as assumed: even at the "
    "best one ({parts}) the net value is {net:money} ({low:money} to {high:money})."
)
_EARNS = (
    "Spent so the budget earns itself back, if each amount brings the rise expected of it and customers follow as they "
    "differ now: net value {net:money} "
    "({low:money} to {high:money})."
)
_EARNS_OPEN = (
    "That the budget spent so earns itself back is not shown: net value {net:money} ({low:money} to {high:money}), "
    "probability that it pays {chance:chance}."
)
_BETTER = (
    "With that goes {more:money} more lifetime value than with all of it on {label} ({low:money} to {high:money})."
)
_AS_GOOD = (
    "That more goes with it than with all of it on {label} is not shown: {more:money} of lifetime value ({low:money} "
    "to {high:money})."
)


@table.register
def _(result: BudgetSplit, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["label", "amount", "budget_share", "improvement", "room"], language)
