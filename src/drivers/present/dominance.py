"""Dominance: its table, and what each driver adds by the number of others already in the model."""

from __future__ import annotations

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.dominance import DriverDominance
from drivers.present.drawing import NumberTicks
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()
LEADING = 4
"""Drivers with a colour of their own; more lines cannot be told apart, the others are grey."""
_STYLES = ((ACCENT, "o"), (WARM, "s"), (INK, "^"), ("#7a5195", "D"))


@table.register
def _(result: DriverDominance, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(dominance=[language.say(LEVEL_NAMES[level]) for level in result.table["dominance"]])
    chosen = ["label", "other_label", "dominance", "complete_share", "complete_reproduced", "general_reproduced"]
    return printed(frame, chosen, language)


LEVEL_NAMES = {
    "complete": sentence("Complete"),
    "conditional": sentence("Conditional"),
    "general": sentence("General"),
    "none": sentence("None"),
}


@plot.register
def _(result: DriverDominance, language: Language = ENGLISH) -> Figure:
    gains = result.conditional.groupby("driver")["mean_gain"].mean().sort_values(ascending=False, kind="stable")
    with figure_style():
        figure = new_figure(4.0)
        ax = figure.subplots()
        for place, driver in reversed(list(enumerate(gains.index))):
            rows = result.conditional[result.conditional["driver"] == driver]
            colour, mark = _STYLES[place] if place < LEADING else (MUTED, None)
            name = short_label(rows["label"].iloc[0]) if place < LEADING else None
            ax.plot(rows["others"], rows["mean_gain"], color=colour, marker=mark, linewidth=1.4, label=name)
        ax.set(ylim=(0, None))
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Number of other drivers in the model already"))
        ax.set_ylabel(language.say("Differences explained in addition"))
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))
        handles, labels = ax.get_legend_handles_labels()
        ax.legend(handles[::-1], labels[::-1], frameon=False, fontsize=9)
    return figure


@legend.register
def _(_: DriverDominance) -> Sentence:
    return sentence(
        "Each line: a driver, the four with the largest shares in colour. A line that lies above another everywhere "
        "dominates it on average at every number of others (conditional dominance). Without intervals; how often an "
        "order comes out again is in the table."
    )
