"""What a plan did, and what that is worth: in words, drawn, and as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.differences import FEW_UNITS, PlanEffect
from drivers.analyses.followup import LoyaltyChange, PlanWorth
from drivers.analyses.rates import RateChanges
from drivers.glossary import GLOSSARY
from drivers.present.change import ALPHA, change_cell, spread_values
from drivers.present.drawing import arms
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.printing import Printed, headers, number_cell, p_cell, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()


@explain.register
def _(result: PlanEffect) -> tuple[Sentence, ...]:
    effect = {"value": result.effect, "low": result.effect_low, "high": result.effect_high, "before": result.before}
    lead = sentence(_MORE if result.effect_low > 0 else _LESS if result.effect_high < 0 else _NO_MORE, **effect)
    return (lead, *_overall(result), *_moved(result), *_left(result), _trend(result), *_few(result))


_MORE = (
    "Since wave {before}, held against the others, satisfaction of the customers whom the plan reached went up: "
    "{value:signed2} points ({low:signed2} to {high:signed2})."
)
_LESS = (
    "Since wave {before}, held against the others, satisfaction of the customers whom the plan reached went down: "
    "{value:signed2} points ({low:signed2} to {high:signed2})."
)
_NO_MORE = (
    "That satisfaction of the customers whom the plan reached moved otherwise than that of the others is not shown: "
    "{value:signed2} points ({low:signed2} to {high:signed2}) since wave {before}."
)


def _overall(result: PlanEffect) -> tuple[Sentence, ...]:
    if result.effect_low <= 0 <= result.effect_high:
        return ()
    return (
        sentence(
            "The plan reaches {share:percent} of the customers; over all of them that is {value:signed2} points "
            "({low:signed2} to {high:signed2}).",
            share=result.reached_share,
            value=result.overall,
            low=result.overall_low,
            high=result.overall_high,
        ),
    )


def _moved(result: PlanEffect) -> tuple[Sentence, ...]:
    rows = result.table[result.table["measure_kind"] == "driver"]
    moved = rows[rows["plan_p"] < ALPHA].sort_values("plan_p")
    if rows.empty:
        return ()
    if moved.empty:
        return (sentence("Of no aspect it is shown that it moved otherwise among those reached."),)
    names = [
        sentence("{label} ({value:signed2})", label=row["label"], value=row["plan_difference"])
        for _, row in moved.iterrows()
    ]
    return (sentence("Aspects that moved otherwise among those reached: {names:list}.", names=names),)


def _left(result: PlanEffect) -> tuple[Sentence, ...]:
    """Whether those reached left more or less often than the others, where leaving is known."""
    return tuple(
        sentence(
            _LEFT_LESS if row["plan_difference_high"] < 0 else _LEFT_MORE if row["plan_difference_low"] > 0 else _LEFT,
            **spread_values(row, "plan_difference"),
        )
        for _, row in result.table[result.table["measure_kind"] == "left"].iterrows()
    )


_LEFT_LESS = (
    "Leaving went down among those reached, held against the others: {value:pp1} percentage points ({low:pp1} to "
    "{high:pp1})."
)
_LEFT_MORE = (
    "Leaving went up among those reached, held against the others: {value:pp1} percentage points ({low:pp1} to "
    "{high:pp1})."
)
_LEFT = (
    "That leaving moved otherwise among those reached is not shown: {value:pp1} percentage points ({low:pp1} to "
    "{high:pp1})."
)


def _trend(result: PlanEffect) -> Sentence:
    if result.parallel is None:
        return sentence(_UNKNOWN)
    if not result.parallel:
        row = result.trends.iloc[result.trends["trend"].abs().argmax()]
        return sentence(_APART, wave=row["wave"], **spread_values(row, "trend"))
    return sentence(_ALIKE, least=result.detectable, before=result.before)


_UNKNOWN = (
    "Whether both groups would have moved alike without the plan cannot be checked: no wave before the last one before "
    "the plan says who was to be reached."
)
_APART = (
    "Before the plan the groups had moved apart already, by {value:signed2} points since wave {wave} ({low:signed2} to "
    "{high:signed2}), so the difference cannot be put down to the plan."
)
_ALIKE = (
    "It is the plan's work if both groups would have moved alike without it. That they moved apart before wave "
    "{before} is not shown, but a difference below some {least:number2} points would often go unseen."
)


def _few(result: PlanEffect) -> tuple[Sentence, ...]:
    if result.units is None or result.units >= FEW_UNITS:
        return ()
    return (
        sentence(
            "The plan was rolled out over {units:count} units only; with fewer than {least:count} the interval is too "
            "narrow to be relied on.",
            units=result.units,
            least=FEW_UNITS,
        ),
    )


GROUPS = {"reached": sentence("Reached by the plan"), "others": sentence("Not reached")}


@plot.register
def _(result: PlanEffect, language: Language = ENGLISH) -> Figure:
    waves = list(dict.fromkeys(result.lines["wave"]))
    with figure_style():
        figure = new_figure(3.0)
        ax = figure.subplots()
        for group, colour, mark, shift in (("reached", ACCENT, "o", -0.02), ("others", MUTED, "s", 0.02)):
            own = result.lines[result.lines["reached_group"] == group]
            _line(ax, own, colour, mark, shift)
            last = result.lines[(result.lines["reached_group"] == group) & (result.lines["wave"] == waves[-1])].iloc[0]
            spot = (len(waves) - 1 + shift, last["group_mean"])
            ax.annotate(language.say(GROUPS[group]), spot, (12, 0), textcoords="offset points", va="center", fontsize=9)
        ax.axvline(waves.index(result.before) + 0.5, color=INK, linewidth=0.9, linestyle="--")
        ax.set_xticks(range(len(waves)), waves)
        ax.set(xlim=(-0.3, len(waves) - 0.35))
        ax.set_ylabel(language.say("Mean satisfaction"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "number", 1)))
        ax.grid(axis="x", visible=False)
    return figure


def _line(ax: Axes, rows: pd.DataFrame, colour: str, mark: str, shift: float) -> None:
    places = np.arange(len(rows)) + shift
    ax.errorbar(
        places, rows["group_mean"], yerr=arms(rows, "group_mean"), color=colour, marker=mark, capsize=3, linewidth=2
    )


@legend.register
def _(result: PlanEffect) -> Sentence:
    return sentence(
        "Mean satisfaction by wave of customers whom the plan reaches and of others, as answered; the dashed line: the "
        "plan. The axis does not start at zero."
    )


@table.register
def _(result: PlanEffect, language: Language = ENGLISH) -> Printed:
    names = ["label", "reached_change", "other_change", "plan_difference", "plan_p"]
    rows = tuple(
        (row["label"], *(change_cell(row, n, language) for n in names[1:-1]), p_cell(row["plan_p"], language))
        for _, row in result.table.iterrows()
    )
    return Printed(headers([GLOSSARY[n] for n in names], language), rows, (False, True, True, True, True))


@explain.register
def _(result: RateChanges) -> tuple[Sentence, ...]:
    lines = []
    for _, row in result.table.iterrows():
        if np.isnan(row["rate_change"]):
            lines.append(sentence(_NO_RATE, label=row["label"], least=result.minimum_base))
            continue
        rates = {"label": row["label"], "first": row["rate_before"], "second": row["rate_after"]}
        shown = row["rate_change_low"] > 0 or row["rate_change_high"] < 0
        lines.append(sentence(_RATE if shown else _SAME_RATE, **rates, **spread_values(row, "rate_change")))
    return tuple(lines)


_NO_RATE = "{label}: fewer than {least:count} customers in one of the waves, so there is no rate to compare."
_RATE = (
    "{label}: from {first:percent1} to {second:percent1}, a change of {value:pp1} percentage points ({low:pp1} to "
    "{high:pp1}). What did it does not follow from these answers."
)
_SAME_RATE = (
    "{label}: {first:percent1} and {second:percent1}; no change is shown, {value:pp1} percentage points ({low:pp1} to "
    "{high:pp1})."
)


@table.register
def _(result: RateChanges, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["label", "base_before", "base", "rate_before", "rate_after", "rate_change"], language)


@explain.register
def _(result: LoyaltyChange) -> tuple[Sentence, ...]:
    rows = result.table.set_index("measure")
    return (_stay(result, rows.loc["marginal_effect"]),)


def _stay(result: LoyaltyChange, row: pd.Series) -> Sentence:
    lows = (row["value_before_low"], row["value_after_low"])
    ends = {
        "first_low": lows[0],
        "first_high": row["value_before_high"],
        "low": lows[1],
        "high": row["value_after_high"],
    }
    values = {
        "before": result.before,
        "after": result.after,
        "first": row["value_before"],
        "second": row["value_after"],
    }
    return sentence(_STAY if min(lows) > 0 else _MAY_STAY, **values, **ends)


_STAY = (
    "In both waves satisfied customers stay more often: one point more goes with {first:pp1} percentage points of "
    "retention in wave {before} ({first_low:pp1} to {first_high:pp1}) and with {second:pp1} in wave {after} ({low:pp1} "
    "to {high:pp1})."
)
_MAY_STAY = (
    "That satisfied customers stay more often is not shown in both waves: one point more goes with {first:pp1} "
    "percentage points of retention in wave {before} ({first_low:pp1} to {first_high:pp1}) and with {second:pp1} in "
    "wave {after} ({low:pp1} to {high:pp1})."
)
_MEASURES = {
    "marginal_effect": (sentence("Percentage points of retention for one point of satisfaction"), "pp1"),
    "extra_yearly": (sentence("Extra value of the satisfied customers, a year"), "money"),
}


@table.register
def _(result: LoyaltyChange, language: Language = ENGLISH) -> Printed:
    names = ("value_before", "value_after", "value_change")
    rows = []
    for _, row in result.table.iterrows():
        said, how = _MEASURES[row["measure"]]
        rows.append((language.say(said), *(_spread_cell(row, name, how, language) for name in names)))
    terms = [GLOSSARY[n] for n in ("measure", *names)]
    return Printed(headers(terms, language), tuple(rows), (False, True, True, True))


def _spread_cell(row: pd.Series, name: str, how: str, language: Language) -> str:
    return number_cell([row[f"{name}{end}"] for end in ("", "_low", "_high")], how, language)


@explain.register
def _(result: PlanWorth) -> tuple[Sentence, ...]:
    row = result.table.iloc[0]
    values = spread_values(row, "plan_yearly")
    shown = row["plan_yearly_low"] > 0
    return (sentence(_WORTH if shown else _NO_WORTH, years=result.terms.horizon_years, **values),)


_WORTH = (
    "If customers stay as their satisfaction lets expect, what the plan added to it is worth {value:money} of lifetime "
    "value a year over {years:count} years ({low:money} to {high:money}), costs not counted."
)
_NO_WORTH = (
    "That the plan brought lifetime value through satisfaction is not shown: {value:money} a year over {years:count} "
    "years ({low:money} to {high:money}), costs not counted."
)


@table.register
def _(result: PlanWorth, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["plan_yearly", "plan_total", "positive_probability"], language)
