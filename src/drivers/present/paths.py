"""Which aspects work through others, and whether customers say what matters: words, pictures and tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.paths import PathModel
from drivers.analyses.stated import StatedImportance
from drivers.present.drawing import NumberTicks, whisker
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.ranking import LEADING
from drivers.present.scatter import MapStyle, map_figure
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()


def _on_satisfaction(result: PathModel) -> pd.DataFrame:
    return result.effects[result.effects["target"] == result.effects["target"].iloc[0]]


@explain.register
def _(result: PathModel) -> tuple[Sentence, ...]:
    frame = _on_satisfaction(result)
    row = frame.iloc[0]
    values = {"label": row["label"], "effect": row["point_effect"], "low": row["point_effect_low"]}
    values |= {"high": row["point_effect_high"], "p": row["first_probability"]}
    sure = row["first_probability"] >= LEADING or len(frame) == 1
    own = (frame["direct_effect_low"] > 0) | (frame["direct_effect_high"] < 0)
    through = list(frame.loc[(frame["indirect_effect_low"] > 0) & ~own, "label"])
    lines = [sentence(_LARGEST if sure else _PERHAPS, **values)]
    lines += [sentence(_THROUGH, names=through)] if through else []
    absent = list(frame.loc[(frame["total_effect_low"] <= 0) & (frame["total_effect_high"] >= 0), "label"])
    if absent:
        lines.append(sentence("No effect on satisfaction is shown, in total, of {names:list}.", names=absent))
    return (*lines, _ARROWS)


_LARGEST = (
    "Counting what works through other aspects, {label} has the largest effect: one point more (of 100) goes with "
    "{effect:number2} points of satisfaction ({low:number2} to {high:number2})."
)
_PERHAPS = (
    "Counting what works through other aspects, {label} comes first: one point more (of 100) goes with "
    "{effect:number2} points of satisfaction ({low:number2} to {high:number2}); its effect is the largest in "
    "{p:chance} of the resamples."
)
_THROUGH = "Only through other aspects, as no effect of its own beside that is shown: {names:list}."
_ARROWS = sentence(
    "Which aspect leads to which is the client's assumption: the data give the strength of an arrow only."
)


@table.register
def _(result: PathModel, language: Language = ENGLISH) -> Printed:
    chosen = ["label", "direct_effect", "indirect_effect", "total_effect", "point_effect"]
    return printed(_on_satisfaction(result), chosen, language)


@plot.register
def _(result: PathModel, language: Language = ENGLISH) -> Figure:
    frame = _on_satisfaction(result).reset_index(drop=True)
    places = [str(i) for i in range(len(frame))]
    with figure_style():
        figure = new_figure(1.2 + 0.38 * len(frame))
        ax = figure.subplots()
        parts = {"direct_effect": (ACCENT, _DIRECT), "indirect_effect": (MUTED, _INDIRECT)}
        start = np.zeros(len(frame))
        for column, (colour, name) in parts.items():
            width = frame[column].to_numpy(dtype=float)
            ax.barh(places, width, left=start, color=colour, height=0.62, label=language.say(name))
            start = start + width
        for i, row in frame.iterrows():
            whisker(ax, row["total_effect"], row["total_effect_low"], row["total_effect_high"], int(str(i)))
        ax.set_yticks(range(len(frame)), [short_label(label) for label in frame["label"]])
        ax.invert_yaxis()
        ax.set_xlabel(language.say("Effect on satisfaction, in standard deviations"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 1)))
        ax.grid(axis="y", visible=False)
        ax.legend(loc="lower right", frameon=False, fontsize=8.5)
        sns.despine(ax=ax, left=True)
    return figure


_DIRECT, _INDIRECT = sentence("directly"), sentence("through other aspects")


@legend.register
def _(result: PathModel) -> Sentence:
    return sentence("Line: the interval of the two together.")


@explain.register
def _(result: StatedImportance) -> tuple[Sentence, ...]:
    low, high = result.rank_correlation_low, result.rank_correlation_high
    values = {"r": result.rank_correlation, "low": low, "high": high}
    lead = sentence(_ALIKE if low > 0 else _AGAINST if high < 0 else _NOT_ALIKE, **values)
    hidden, stakes = (list(result.table.loc[result.table["kind"] == k, "label"]) for k in ("hidden", "table_stakes"))
    lines = [sentence(_HIDDEN, names=hidden)] if hidden else []
    lines += [sentence(_STAKES, names=stakes)] if stakes else []
    return (lead, *lines)


_ALIKE = (
    "What customers call important and what goes with their satisfaction come in a like order: rank correlation "
    "{r:number2} ({low:number2} to {high:number2})."
)
_NOT_ALIKE = (
    "It is not shown that customers call important what goes with their satisfaction: rank correlation {r:number2} "
    "({low:number2} to {high:number2})."
)
_AGAINST = (
    "Customers call important what goes least with their satisfaction: rank correlation {r:number2} ({low:number2} to "
    "{high:number2})."
)
_HIDDEN = "Hidden drivers, which go with satisfaction more than customers say: {names:list}."
_STAKES = (
    "Called important, while few differences in satisfaction go with it: {names:list}. That may be taken for granted: "
    "no reason to save on it."
)


@table.register
def _(result: StatedImportance, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(kind=[language.say(_KINDS[kind]) for kind in result.table["kind"]])
    return printed(frame, ["label", "stated", "stated_rank", "derived", "rank", "kind"], language)


_KINDS = {
    "hidden": sentence("Hidden driver"),
    "core": sentence("Important in both"),
    "minor": sentence("Minor in both"),
    "table_stakes": sentence("Table stakes"),
    "undecided": sentence("Undecided"),
}
_KIND_COLOURS = {"hidden": WARM, "core": ACCENT}


@plot.register
def _(result: StatedImportance, language: Language = ENGLISH) -> Figure:
    frame = result.table
    style = MapStyle(
        x="stated",
        y="derived",
        x_ends=("stated_low", "stated_high"),
        y_ends=("derived_low", "derived_high"),
        corners=[language.say(_KINDS[kind]) for kind in ("hidden", "core", "minor", "table_stakes")],
        colours=[_KIND_COLOURS.get(kind, MUTED) for kind in frame["kind"]],
        filled=[True] * len(frame),
        lines=(float(frame["stated"].mean()), float(frame["derived"].mean())),
    )
    with figure_style():
        figure, ax = map_figure(frame, style)
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Importance that customers state, from 0 to 100"))
        ax.set_ylabel(language.say("Share of the explained differences in satisfaction"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))
    return figure


@legend.register
def _(result: StatedImportance) -> Sentence:
    return sentence("Orange: hidden drivers; blue: important in both. Dashed: the means of all aspects.")
