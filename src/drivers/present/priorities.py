"""What to fix first: its words, its map and its table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.priorities import DriverPriorities
from drivers.present.drawing import NumberTicks
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.printing import Printed, printed
from drivers.present.scatter import MapStyle, map_figure
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, MUTED, WARM, figure_style
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

CORNERS = (sentence("Fix first"), sentence("Keep up"), sentence("Low priority"), sentence("Possible overkill"))
_NEAR = 0.50  # probability from which an aspect is worth naming as nearly first


@explain.register
def _(result: DriverPriorities) -> tuple[Sentence, ...]:
    frame = result.table
    first, rivals = (frame[frame["call"] == call] for call in ("fix_first", "rival"))
    lead = _first(result, first) if len(first) else _nothing(result)
    beside = (sentence(_RIVALS, names=list(rivals["label"])),) if len(rivals) else ()
    return (*lead, *beside, *_gain(result), *_barred(frame), *_corners(frame))


def _first(result: DriverPriorities, first: pd.DataFrame) -> tuple[Sentence, ...]:
    chances = zip(first["label"], first["fix_first_probability"], strict=True)
    names = [sentence("{label} (probability {p:chance})", label=label, p=p) for label, p in chances]
    if result.lines != "mean":
        return (sentence(_FIRST_LINES, names=names),)
    return (sentence(_FIRST if len(first) == 1 else _FIRST_ALL, names=names),)


_FIRST = "Fix first: {names:list}. It matters more than the average aspect and is rated lower."
_FIRST_ALL = "Fix first: {names:list}. They matter more than the average aspect and are rated lower."
_FIRST_LINES = "Fix first: {names:list}. By the lines of the map it matters more and is rated lower."
_RIVALS = "Not clearly behind: {names:list}. That less is to be gained there is not shown."


def _nothing(result: DriverPriorities) -> tuple[Sentence, ...]:
    lead = sentence(
        "Nothing can be called first: no aspect lies in the corner of what matters more and is rated lower with a "
        "probability of {bar:percent} or more.",
        bar=result.bar,
    )
    shown = result.table[result.table["effect_shown"]]
    near = shown[shown["fix_first_probability"] >= _NEAR].nlargest(1, "fix_first_probability")
    nearest = (
        sentence(
            "Nearest to it comes {label} (probability {p:chance}).", label=row["label"], p=row["fix_first_probability"]
        )
        for _, row in near.iterrows()
    )
    return (lead, *nearest)


def _gain(result: DriverPriorities) -> tuple[Sentence, ...]:
    """With which aspect most is to be gained, if that is shown to be anything."""
    frame = result.table[result.table["effect_shown"] & (result.table["gain_low"] > 0)]
    if frame.empty:
        return ()
    row = frame.iloc[0]
    values = {
        "label": row["label"],
        "gain": row["gain"] / 10,
        "low": row["gain_low"] / 10,
        "high": row["gain_high"] / 10,
    }
    values |= {"p": row["first_gain_probability"]}
    return (sentence(_MOST if row["first_gain_probability"] >= result.bar else _PERHAPS, **values),)


_MOST = (
    "Most is to be gained with {label}: every tenth of the way from its mean to the highest rating goes with "
    "{gain:number1} points more satisfaction of 100 ({low:number1} to {high:number1})."
)
_PERHAPS = (
    "Perhaps most is to be gained with {label}: every tenth of the way from its mean to the highest rating goes with "
    "{gain:number1} points more satisfaction of 100 ({low:number1} to {high:number1}); that gain is the largest in "
    "{p:chance} of the resamples."
)


def _barred(frame: pd.DataFrame) -> tuple[Sentence, ...]:
    """Aspects that look first, but whose effect is not shown or turns round."""
    barred = frame[(frame["fix_first_probability"] >= _NEAR) & ~frame["effect_shown"]]
    if barred.empty:
        return ()
    return (sentence(_BARRED, names=list(barred["label"])),)


_BARRED = (
    "Not recommended, though rated low: {names:list}. It is not shown that satisfaction rises with it by itself and "
    "also with the other aspects held equal."
)


def _corners(frame: pd.DataFrame) -> tuple[Sentence, ...]:
    kept, less = (list(frame.loc[frame["call"] == call, "label"]) for call in ("keep_up", "possible_overkill"))
    lines = [sentence("Keep up: {names:list}. Of more effect, and rated higher.", names=kept)] if kept else []
    if less:
        lines.append(
            sentence("Rated higher, but of less effect: {names:list}. No reason to do worse there.", names=less)
        )
    return tuple(lines)


@table.register
def _(result: DriverPriorities, language: Language = ENGLISH) -> Printed:
    share = ["derived"] if result.importance == "share" else []
    chosen = [
        "label", *share, "effect", "performance", "fix_first_probability", "keep_up_probability",
        "low_priority_probability", "possible_overkill_probability", "gain",
    ]  # fmt: skip
    return printed(result.table, chosen, language)


_COLOURS = {"fix_first": WARM, "rival": WARM, "keep_up": ACCENT}


@plot.register
def _(result: DriverPriorities, language: Language = ENGLISH) -> Figure:
    frame, middle = result.table, result.crossing.set_index("measure")["value"]
    share = result.importance == "share"
    style = MapStyle(
        x="performance",
        y="derived" if share else "effect",
        x_ends=("performance_low", "performance_high"),
        y_ends=("derived_low", "derived_high") if share else ("effect_low", "effect_high"),
        corners=[language.say(name) for name in CORNERS],
        colours=[_COLOURS.get(call, MUTED) for call in frame["call"]],
        filled=list(frame["call"] != "rival"),
        lines=(middle["performance"], middle["importance"]),
    )
    with figure_style():
        figure, ax = map_figure(frame, style)
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Mean rating, from 0 (lowest answer) to 100 (highest)"))
        ax.set_ylabel(language.say(AXES[result.importance]))
        digits = ("percent", 0) if share else ("number", 2)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, *digits)))
        _levels(ax, result.levels, language)
    return figure


AXES = {
    "effect": sentence("Points of satisfaction that go with one point"),
    "total_effect": sentence("Points of satisfaction that go with one point, in total"),
    "share": sentence("Share of the explained differences in satisfaction"),
}


def _levels(ax: Axes, levels: tuple[float, ...], language: Language) -> None:
    """Lines of equal gain: effect times room."""
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    x = np.linspace(left, min(right, 99.5), 200)
    for level in levels:
        y = level / (100.0 - x)
        inside = (y > bottom) & (y < top)
        if inside.any():
            ax.plot(x[inside], y[inside], color=MUTED, linewidth=1.0, linestyle=":", zorder=1)
            place = int(0.8 * inside.sum())
            gain = language.figure(level, "signed", 0 if level == round(level) else 1 if level >= 0.1 else 2)
            ax.text(x[inside][place], y[inside][place], gain, fontsize=7.5, color=MUTED, va="bottom", ha="right")
    ax.set(xlim=(left, right), ylim=(bottom, top))


@legend.register
def _(result: DriverPriorities) -> Sentence:
    if result.levels:
        return sentence(
            "Orange: fix first (open: not clearly behind it); blue: keep up. Lines through a point: its intervals. "
            "Dashed: between high and low; dotted: equal gain, in points of satisfaction of 100."
        )
    return sentence(
        "Orange: fix first (open: not clearly behind it); blue: keep up. Lines through a point: its intervals. Dashed: "
        "between high and low."
    )
