"""Lifetimes of customers, under contract and without: in words, picture and tables."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.contract import ContractLifetime
from drivers.analyses.hazard import HazardLifetime
from drivers.analyses.purchases import PurchaseLifetime
from drivers.present.drawing import NumberTicks, arms
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence


@explain.register
def _(result: ContractLifetime) -> tuple[Sentence, ...]:
    return (_worth_of_new(result), *_endless(result), _tenure(result), *_one_rate(result))


def _named(values: pd.DataFrame, counted: str) -> dict[str, float] | None:
    row = values[values["counted"] == counted]
    if not len(row):
        return None
    found = row.iloc[0]
    return {"value": found["lifetime_value"], "low": found["lifetime_value_low"], "high": found["lifetime_value_high"]}


def _worth_of_new(result: ContractLifetime | HazardLifetime) -> Sentence:
    values = result.values.set_index("counted")["lifetime_value"]
    return sentence(
        "A new customer is worth {value:money} over {years:count} years ({low:money} to {high:money}), discounted; "
        "{plain:money} without discounting, or {yearly:money} a year as equal amounts.",
        **(_named(result.values, "discounted") or {}),
        years=result.terms.horizon_years,
        plain=values["undiscounted"],
        yearly=values["yearly"],
    )


def _endless(result: ContractLifetime) -> tuple[Sentence, ...]:
    found = _named(result.values, "endless")
    return () if found is None else (sentence(_ENDLESS, **found),)


_ENDLESS = "Without an end to the years that would be {value:money} ({low:money} to {high:money})."


def _tenure(result: ContractLifetime) -> Sentence:
    seen = result.table[result.table["period_retention"].notna()]
    values = {"first": seen["period_retention"].iloc[0], "last": seen["period_retention"].iloc[-1], "n": len(seen)}
    return sentence(_RISES if result.rises else _FLAT, **values)


_RISES = (
    "Customers who have been there longer renew more often: {first:percent1} at the first renewal, {last:percent1} at "
    "renewal {n:count}. That need not be growing loyalty: those who leave easily leave first."
)
_FLAT = (
    "It is not shown that customers renew more often the longer they are there: {first:percent1} renewed at the first "
    "renewal, {last:percent1} at renewal {n:count}."
)


def _one_rate(result: ContractLifetime) -> tuple[Sentence, ...]:
    first, average = _named(result.values, "first_retention"), _named(result.values, "constant_retention")
    if not result.rises or first is None or average is None:
        return ()
    return (sentence(_CONSTANT, first=first["value"], average=average["value"]),)


_CONSTANT = (
    "One constant retention rate would miss this: at that of the first renewal a customer would come out at "
    "{first:money}, at the average rate at {average:money}."
)


@explain.register
def _(result: PurchaseLifetime) -> tuple[Sentence, ...]:
    values = result.values.set_index("counted")["lifetime_value"]
    present = sentence(
        "The coming {years:count} years a present customer brings {value:money} of margin on average ({low:money} to "
        "{high:money}), discounted; {plain:money} without discounting, or {yearly:money} a year as equal amounts.",
        **(_named(result.values, "present") or {}),
        years=result.terms.horizon_years,
        plain=values["present_undiscounted"],
        yearly=values["present_yearly"],
    )
    new = sentence(
        "A new customer brings {value:money} ({low:money} to {high:money}) after the first purchase.",
        **(_named(result.values, "new") or {}),
    )
    alive = sentence(
        "Of the customers who bought more than once an estimated {share:percent} still buy. Of those who bought once "
        "it cannot be told.",
        share=result.alive,
    )
    return (present, new, alive)


@explain.register
def _(result: HazardLifetime) -> tuple[Sentence, ...]:
    tenure = result.table.set_index("term").loc["log_renewal"]
    low, high = tenure["log_odds_low"], tenure["log_odds_high"]
    said = sentence(_LONGER_LESS if high < 0 else _LONGER_MORE if low > 0 else _LONGER_OPEN)
    return (_worth_of_new(result), said, *_shown_terms(result))


_LONGER_LESS = "At equal characteristics customers leave less often the longer they are there."
_LONGER_MORE = "At equal characteristics customers leave more often the longer they are there."
_LONGER_OPEN = "It is not shown that leaving changes with tenure at equal characteristics."


def _shown_terms(result: HazardLifetime) -> tuple[Sentence, ...]:
    rows = result.table.iloc[2:]
    less = list(rows.loc[rows["log_odds_high"] < 0, "term"])
    more = list(rows.loc[rows["log_odds_low"] > 0, "term"])
    lines = [sentence("More of {names:list} goes with leaving less often.", names=less)] if less else []
    lines += [sentence("More of {names:list} goes with leaving more often.", names=more)] if more else []
    return tuple(lines)


@plot.register
def _(result: HazardLifetime, language: Language = ENGLISH) -> Figure:
    with figure_style():
        figure = new_figure(3.4)
        ax = figure.subplots()
        _curve(ax, result.curve)
        _renewal_axes(ax, len(result.curve), language)
    return figure


@legend.register
def _(result: HazardLifetime) -> Sentence:
    return sentence(
        "Line: share of new customers left, by the model. {base:count} customers; band with {confidence:percent} "
        "interval.",
        base=result.base,
        confidence=result.confidence,
    )


@table.register
def _(result: HazardLifetime, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["term", "log_odds", "log_odds_low", "log_odds_high", "odds_ratio"], language)


@plot.register
def _(result: ContractLifetime, language: Language = ENGLISH) -> Figure:
    seen = result.table[result.table["survival"].notna()]
    with figure_style():
        figure = new_figure(3.4)
        ax = figure.subplots()
        _curve(ax, result.table[result.table["fitted_survival"].notna()])
        ax.errorbar(
            seen["renewal"], seen["survival"], yerr=arms(seen, "survival"), fmt="o", color=WARM, capsize=3, markersize=5
        )
        _renewal_axes(ax, len(result.table), language)
    return figure


def _renewal_axes(ax: Axes, renewals: int, language: Language) -> None:
    ax.set(ylim=(0, 1.02), xlim=(-0.2, renewals + 0.4))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10))
    ax.xaxis.set_major_formatter(NumberTicks(language))
    ax.set_xlabel(language.say("Renewals since the start"))
    ax.set_ylabel(language.say("Share of customers left"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))


def _curve(ax: Axes, rows: pd.DataFrame) -> None:
    renewals = [0, *rows["renewal"]]
    low, high = ([1.0, *rows[f"fitted_survival_{end}"]] for end in ("low", "high"))
    ax.fill_between(renewals, low, high, color=ACCENT, alpha=0.15, linewidth=0)
    ax.plot(renewals, [1.0, *rows["fitted_survival"]], color=ACCENT, linewidth=2.2)


@plot.register
def _(result: PurchaseLifetime, language: Language = ENGLISH) -> Figure:
    rows, places = result.table, np.arange(len(result.table))
    with figure_style():
        figure = new_figure(3.2)
        ax = figure.subplots()
        ax.bar(places, rows["observed_customers"], color=MUTED, width=0.66)
        ax.plot(places, rows["expected_customers"], "D", color=ACCENT, markersize=6)
        ax.set_xticks(places, list(rows["repeat_group"]))
        ax.set_ylim(0, None)
        ax.grid(axis="x", visible=False)
        ax.set_xlabel(language.say("Repeat purchases"))
        ax.set_ylabel(language.say("Customers"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "count", 0)))
    return figure


@legend.register
def _(result: ContractLifetime) -> Sentence:
    return sentence(_OBSERVED if result.model == "curve" else _DOTS, base=result.base, confidence=result.confidence)


_DOTS = (
    "Dots: customers left, as observed. Line: the model, over the horizon. {base:count} customers of the history; "
    "dots and band with {confidence:percent} intervals."
)
_OBSERVED = (
    "Dots and line: customers left, as observed. {base:count} customers of the history, with {confidence:percent} "
    "intervals."
)


@legend.register
def _(result: PurchaseLifetime) -> Sentence:
    return sentence(
        "Bars: customers by number of repeat purchases, as observed. Diamonds: what the model expects. {base:count} "
        "customers of the history.",
        base=result.base,
    )


@table.register
def _(result: ContractLifetime, language: Language = ENGLISH) -> Printed:
    spreads = [f"{name}{end}" for name in _CURVES for end in ("", "_low", "_high")]
    return printed(result.table, ["renewal", "at_risk", *spreads], language)


_CURVES = ("period_retention", "survival", "fitted_survival")


@table.register
def _(result: PurchaseLifetime, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["repeat_group", "observed_customers", "expected_customers"], language)


def worth_table(result: ContractLifetime | PurchaseLifetime, language: Language) -> Printed:
    """Lifetime value of one customer by the way it is counted."""
    names = [language.say(_COUNTED[counted]) for counted in result.values["counted"]]
    columns = ["counted", "lifetime_value", "lifetime_value_low", "lifetime_value_high"]
    worth = printed(result.values.assign(counted=names), columns, language)
    return replace(worth, caption=language.say("Lifetime value of one customer, counted in several ways"))


_COUNTED = {
    "discounted": sentence("New customer, discounted"),
    "undiscounted": sentence("New customer, without discounting"),
    "yearly": sentence("New customer, a year as equal amounts"),
    "endless": sentence("New customer, without an end to the years"),
    "constant_retention": sentence("For comparison: average retention in all years"),
    "first_retention": sentence("For comparison: retention of the first renewal in all years"),
    "present": sentence("Present customer, discounted"),
    "present_undiscounted": sentence("Present customer, without discounting"),
    "present_yearly": sentence("Present customer, a year as equal amounts"),
    "new": sentence("New customer, after the first purchase, discounted"),
}
