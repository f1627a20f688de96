"""One picture per result: what the sentence says, with its interval."""

from __future__ import annotations

from functools import singledispatch

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.chain import ValueChain
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.movement import Potential
from drivers.analyses.value import SatisfactionValue
from drivers.present.drawing import NumberTicks, arms, bars, whisker
from drivers.present.language import Language
from drivers.present.names import group_name, short_label
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure

ENGLISH = Language()


@singledispatch
def plot(result: object, language: Language = ENGLISH) -> Figure:
    """The picture of a result.

    Raises
    ------
    TypeError
        When this kind of result has no picture.
    """
    raise TypeError(f"There is no picture of a {type(result).__name__}. Use table() or explain().")


@plot.register
def _(result: Potential, language: Language = ENGLISH) -> Figure:
    rows = result.table.set_index("measure")
    with figure_style():
        figure = new_figure(2.5)
        upper, lower = figure.subplots(2, 1)
        share = rows.loc["cross_validated"]
        sns.barplot(x=[max(share["value"], 0.0)], y=[""], color=ACCENT, ax=upper, width=0.4)
        whisker(upper, share["value"], share["value_low"], share["value_high"], 0)
        upper.axvline(result.bar, color=WARM, linestyle="--", linewidth=1.2)
        upper.set(xlim=(0, 1), ylabel="")
        upper.set_xlabel(language.say("Share of the differences in satisfaction that the aspects predict"))
        upper.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 0)))
        upper.text(
            result.bar + 0.012, -0.34, language.say("bar: {bar:percent}", bar=result.bar), color=WARM, fontsize=8
        )
        _reach(lower, result, rows.loc["rise"], language)
    return figure


def _reach(ax: Axes, result: Potential, rise: pd.Series, language: Language) -> None:
    now, best = result.mean, result.mean + result.rise
    ax.plot([now, best], [0, 0], color=ACCENT, linewidth=6, solid_capstyle="butt")
    whisker(ax, best, now + rise["value_low"], now + rise["value_high"], 0)
    ax.plot([now], [0], "o", color=INK, markersize=8)
    ax.set(xlim=(result.scale.low, result.scale.high), ylim=(-0.75, 0.75), yticks=[])
    ax.annotate(language.say("now {x:number1}", x=now), (now, 0.26), ha="center", fontsize=9)
    ax.annotate(language.say("then {x:number1}", x=best), (best, -0.5), ha="center", fontsize=9)
    ax.xaxis.set_major_formatter(NumberTicks(language))
    ax.set_xlabel(language.say("Mean satisfaction now, and with every aspect at the level of the best-served tenth"))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", visible=False)


@plot.register
def _(result: RetentionLink, language: Language = ENGLISH) -> Figure:
    curve, groups = result.curve, result.groups[~result.groups["suppressed"]]
    with figure_style():
        figure = new_figure(3.4)
        ax = figure.subplots()
        ax.fill_between(
            curve["satisfaction"],
            curve["retention_low"],
            curve["retention_high"],
            color=ACCENT,
            alpha=0.15,
            linewidth=0,
        )
        sns.lineplot(data=curve, x="satisfaction", y="retention", color=ACCENT, linewidth=2.2, ax=ax)
        ax.errorbar(
            groups["mean_satisfaction"],
            groups["retention"],
            yerr=arms(groups, "retention"),
            fmt="o",
            color=WARM,
            capsize=3,
            markersize=6,
        )
        for _, row in groups.iterrows():
            spot = (row["mean_satisfaction"], row["retention_low"])
            ax.annotate(
                group_name(row["group"], language),
                spot,
                (0, -12),
                textcoords="offset points",
                ha="center",
                fontsize=8,
                color=WARM,
            )
        ax.set(ylim=(0, 1.02))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=10))
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Satisfaction"))
        ax.set_ylabel(language.say("Share of customers who stay"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))
    return figure


@plot.register
def _(result: SatisfactionValue, language: Language = ENGLISH) -> Figure:
    table = result.table[~result.table["suppressed"]].iloc[::-1].reset_index(drop=True)
    table["label"] = [group_name(g, language) for g in table["group"]]
    with figure_style():
        figure = new_figure(2.3)
        ax = figure.subplots()
        bars(ax, table, "lifetime_value", np.where(table["group"] == "satisfied", ACCENT, MUTED))
        ax.set(xlim=(0, None), ylabel="")
        ax.set_xlabel(language.say("Lifetime value per customer"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.money(x)))
    return figure


@plot.register
def _(result: ValueChain, language: Language = ENGLISH) -> Figure:
    steps = [
        f"{short_label(row['label'])} ({language.figure(row['improvement'], 'signed', 2)})"
        for _, row in result.table.iterrows()
    ]
    table = result.table.assign(label=steps)
    with figure_style():
        figure = new_figure(0.9 + 0.34 * len(table))
        ax = figure.subplots()
        bars(ax, table, "yearly_margin", np.where(table["yearly_margin_low"] > 0, ACCENT, MUTED))
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.set(ylabel="")
        ax.set_xlabel(language.say("Margin in the first year that goes with the improvement"))
        ax.xaxis.set_major_locator(MaxNLocator(nbins=5))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.money(x)))
        ax.tick_params(axis="x", labelsize=8)
    return figure
