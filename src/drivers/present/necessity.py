"""Necessary conditions: without which rating hardly anybody is satisfied, in words, picture and tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from drivers.analyses.necessity import WORTH, NecessaryConditions
from drivers.glossary import GLOSSARY
from drivers.present.drawing import NumberTicks
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import rating, short_label
from drivers.present.printing import Printed, headers, number_cell, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence


@explain.register
def _(result: NecessaryConditions) -> tuple[Sentence, ...]:
    shown = result.table[result.table["necessary"].astype(bool)]
    if not len(shown):
        return (_NOTHING,)
    return (*(_condition(row, result.satisfied) for _, row in shown.iterrows()), _READING)


_NOTHING = sentence(
    "No driver is shown to be one without which customers are not satisfied: satisfied customers with a low rating are "
    "not clearly rarer than chance and a straight line make them."
)
_READING = sentence(
    "So a rating from there on seems needed, but it is not enough by itself, and it is no proof of cause. A limit like "
    "this rests on a few customers."
)


def _condition(row: pd.Series, satisfied: float) -> Sentence:
    values = {"below": row["below_base"], "label": row["label"], "x": rating(row["required"]), "y": rating(satisfied)}
    if row["exceptions"] == 0:
        return sentence(_NOBODY, **values)
    return sentence(_HARDLY, **values, n=row["exceptions"], share=row["exceptions"] / row["below_base"])


_NOBODY = "Of the {below:count} customers who rated {label} below {x}, nobody was satisfied ({y} or higher)."
_HARDLY = (
    "Of the {below:count} customers who rated {label} below {x}, only {n:count} ({share:percent1}) were satisfied ({y} "
    "or higher)."
)


@plot.register
def _(result: NecessaryConditions, language: Language = ENGLISH) -> Figure:
    rows = result.table
    with figure_style():
        figure = new_figure(0.9 + 0.34 * len(rows))
        ax = figure.subplots()
        colours = np.where(rows["necessary"].astype(bool), ACCENT, MUTED)
        ax.barh(range(len(rows)), rows["tolerant_effect"].fillna(0.0), color=colours, height=0.66)
        ax.axvline(WORTH, color=WARM, linestyle="--", linewidth=1.2)
        ax.set_yticks(range(len(rows)), [short_label(label) for label in rows["label"]])
        ax.set(ylim=(len(rows) - 0.4, -0.6), xlim=(0, 1))
        ax.grid(axis="y", visible=False)
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Empty part of the corner: low rating, yet satisfied"))
    return figure


@legend.register
def _(result: NecessaryConditions) -> Sentence:
    return sentence(
        "In colour: more empty than chance and a straight line make it. Dashed line: the least that is worth telling. "
        "A ceiling has no interval; it was tested on random orders."
    )


@table.register
def _(result: NecessaryConditions, language: Language = ENGLISH) -> Printed:
    chosen = [
        "label", "base", "ceiling_effect", "tolerant_effect", "permutation_p", "line_p", "necessary", "required",
        "below_base", "exceptions",
    ]  # fmt: skip
    return printed(result.table, chosen, language)


def bottleneck_table(result: NecessaryConditions, language: Language) -> Printed:
    """The rating needed at each level of satisfaction, for the conditions shown."""
    rows = result.table[result.table["necessary"].astype(bool)]
    cells = result.bottlenecks.set_index(["driver", "outcome_level"])
    levels = list(dict.fromkeys(result.bottlenecks["outcome_level"]))
    lines = tuple(
        (
            number_cell(level, "percent", language),
            *(_needed(cells.loc[(driver, level), "required_level"], language) for driver in rows["driver"]),
        )
        for level in levels
    )
    first = headers([GLOSSARY["outcome_level"]], language)
    names = [language.say("{label}: rating needed", label=label) for label in rows["label"]]
    caption = language.say("Rating needed for each level of satisfaction")
    return Printed((*first, *names), lines, (True,) * (1 + len(rows)), caption)


def _needed(level: float, language: Language) -> str:
    return language.say("not needed") if np.isnan(level) else number_cell(level, "percent", language)
