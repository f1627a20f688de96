"""Curves: whether effects flatten or steepen, in words, picture and table."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from drivers.analyses.curves import EffectCurves
from drivers.present.drawing import NumberTicks
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

_DRAWN = 6
_ACROSS = 3
_BENDS = {
    "diminishing": sentence("flattens"),
    "increasing": sentence("steepens"),
    "other": sentence("bends"),
    "none": sentence("no bend shown"),
    "untested": sentence("straight line only"),
}


@explain.register
def _(result: EffectCurves) -> tuple[Sentence, ...]:
    rows = result.table
    if (rows["bend"] == "untested").all():
        return (sentence("There are too few answers, or too few different ones, to tell whether effects bend."),)
    told = [_told(row) for _, row in rows[rows["bend"].isin(list(_TOLD))].iterrows()]
    if told:
        return tuple(told)
    return (sentence("For no driver is it shown that its effect bends: straight lines are used for all."),)


def _told(row: pd.Series) -> Sentence:
    values = {"label": row["label"], "lower": row["lower_slope"], "upper": row["upper_slope"]}
    values |= {"a": row["lower_slope_low"], "b": row["lower_slope_high"]}
    return sentence(_TOLD[row["bend"]].template, **values, c=row["upper_slope_low"], d=row["upper_slope_high"])


_TOLD = {
    "diminishing": sentence(
        "{label}: the effect flattens. One point more goes with {lower:signed2} points of satisfaction in the lower "
        "half of the ratings ({a:signed2} to {b:signed2}), and with {upper:signed2} in the upper half ({c:signed2} to "
        "{d:signed2})."
    ),
    "increasing": sentence(
        "{label}: the effect steepens. One point more goes with {lower:signed2} points of satisfaction in the lower "
        "half of the ratings ({a:signed2} to {b:signed2}), and with {upper:signed2} in the upper half ({c:signed2} to "
        "{d:signed2})."
    ),
    "other": sentence(
        "{label}: the effect is no straight line, but it is not shown that it flattens or steepens. One point more "
        "goes with {lower:signed2} points of satisfaction in the lower half of the ratings ({a:signed2} to "
        "{b:signed2}), and with {upper:signed2} in the upper half ({c:signed2} to {d:signed2})."
    ),
}


BENT = tuple(_TOLD)
"""What a curve is called that is no straight line."""


@plot.register
def _(result: EffectCurves, language: Language = ENGLISH) -> Figure:
    rows = result.table.head(_DRAWN)
    down = -(-len(rows) // _ACROSS)
    with figure_style():
        figure = new_figure(0.5 + 2.0 * down)
        axes = figure.subplots(down, min(_ACROSS, len(rows)), squeeze=False, sharey=True)
        flat = list(axes.ravel())
        for ax, (_, row) in zip(flat, rows.iterrows(), strict=False):
            _curve(ax, result.points[result.points["driver"] == row["driver"]], row, language)
        for ax in flat[len(rows) :]:
            ax.set_visible(False)
        figure.supylabel(language.say("Satisfaction"), fontsize=9)
    return figure


def _curve(ax: Axes, points: pd.DataFrame, row: pd.Series, language: Language) -> None:
    bent = row["bend"] in _TOLD
    colour = WARM if bent else ACCENT
    ax.fill_between(
        points["rating"], points["predicted_low"], points["predicted_high"], color=colour, alpha=0.18, linewidth=0
    )
    ax.plot(points["rating"], points["predicted"], color=colour, linewidth=2)
    ax.set_title(short_label(row["label"], 28), fontsize=8.5, loc="left")
    ax.text(0.97, 0.05, language.say(_BENDS[row["bend"]]), transform=ax.transAxes, fontsize=8, ha="right", color=colour)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=6))
    ax.xaxis.set_major_formatter(NumberTicks(language))
    ax.yaxis.set_major_formatter(NumberTicks(language))
    ax.tick_params(labelsize=8)


@legend.register
def _(result: EffectCurves) -> Sentence:
    return sentence(
        "Mean satisfaction at each rating of a driver, the others at their means; only where ten customers or more "
        "answered. Band: the interval. Orange: the effect bends."
    )


@table.register
def _(result: EffectCurves, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(bend=[language.say(_BENDS[bend]) for bend in result.table["bend"]])
    return printed(frame, ["label", "lower_slope", "upper_slope", "slope_change", "bend_p", "bend"], language)
