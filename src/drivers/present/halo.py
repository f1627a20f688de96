"""The general impression behind the ratings, in words, picture and table; completes the verbs."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.halo import RatingHalo
from drivers.present.drawing import bars
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence


@explain.register
def _(result: RatingHalo) -> tuple[Sentence, ...]:
    """How much goes with a general impression, and what is left of single aspects."""
    if np.isnan(result.saturation):
        return (_TOO_FEW,)
    if not result.general:
        return (sentence(_NONE, first=result.first_factor),)
    lead = sentence(
        _GENERAL,
        share=result.general_share,
        low=result.general_share_low,
        high=result.general_share_high,
        first=result.first_factor,
        most=result.general_most,
    )
    return (lead, _beyond(result.table), *_other_first(result.table))


_TOO_FEW = sentence("The aspects are too few to tell a general impression from what each has of its own.")
_NONE = (
    "No general impression can be told from what the aspects have of their own ({first:percent} of the differences in "
    "the ratings lie on one factor): the shares stay as they are."
)
_GENERAL = (
    "{share:percent} ({low:percent} to {high:percent}) of what the aspects explain runs through a general impression: "
    "who rates one aspect high tends to rate them all high ({first:percent} of the differences in the ratings lie on "
    "one factor). One survey cannot tell whether it colours the ratings, or service is good or bad all round; if it "
    "colours satisfaction too, it can be up to {most:percent}."
)


def _beyond(rows: pd.DataFrame) -> Sentence:
    names = list(rows.sort_values("specific_rank", kind="stable").loc[lambda r: r["adds"].eq(True), "label"])
    if not names:
        return _NOTHING_OWN
    if len(names) == len(rows):
        return _ALL_OWN
    return sentence(_ONE_OWN if len(names) == 1 else _SOME_OWN, names=names)


_NOTHING_OWN = sentence(
    "Then no aspect is shown to add anything of its own: their order may be that of how closely each moves with the "
    "rest."
)
_ALL_OWN = sentence("Even then every aspect is shown to add something of its own.")
_ONE_OWN = "Even then {names:list} is shown to add something of its own; for the other aspects that is not shown."
_SOME_OWN = "Even then {names:list} are shown to add something of their own; for the other aspects that is not shown."


def _other_first(rows: pd.DataFrame) -> tuple[Sentence, ...]:
    """Where another aspect that is shown to add something comes first beyond the general impression."""
    first, beyond = rows.iloc[0], rows.loc[rows["specific_rank"].idxmin()]
    if not beyond["adds"] or beyond["driver"] == first["driver"]:
        return ()
    return (sentence(_OTHER_FIRST, label=beyond["label"], first=first["label"], rank=first["specific_rank"]),)


_OTHER_FIRST = "Beyond the general impression {label} comes first; {first} is then at place {rank:count}."


@plot.register
def _(result: RatingHalo, language: Language = ENGLISH) -> Figure:
    shown = result.table.assign(label=[short_label(label) for label in result.table["label"]])
    with figure_style():
        figure = new_figure(0.9 + 0.34 * len(shown))
        ax = figure.subplots()
        bars(ax, shown, "specific_share", np.where(shown["adds"].eq(True), ACCENT, MUTED))
        ax.plot(shown["share"], range(len(shown)), "D", color=INK, markerfacecolor="white", markersize=5)
        ax.set(xlim=(0, None), ylabel="")
        ax.set_xlabel(language.say("Share of the explained differences, beyond the general impression"))
        ax.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))  # 2.5% would be printed as 2%
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 0)))
    return figure


@table.register
def _(result: RatingHalo, language: Language = ENGLISH) -> Printed:
    frame = result.table.drop(
        columns=["share_low", "share_high", "specific_correlation_low", "specific_correlation_high"]
    )
    chosen = ["label", "share", "rank", "specific_share", "specific_rank", "adds"]
    return printed(frame, chosen if result.general else chosen[:3], language)


@legend.register
def _(result: RatingHalo) -> Sentence:
    return sentence(
        "Bars: shares beyond the general impression; in colour: an aspect that is shown to add something of its own. "
        "Diamonds: the shares in this report."
    )
