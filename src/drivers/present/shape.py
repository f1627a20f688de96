"""Shapes: what must be right, what counts both ways and what delights, in words, picture and table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.shape import DriverShapes
from drivers.present.drawing import whisker
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import rating, short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

_DETAILED = 3  # drivers told one by one; the picture has the rest
_CALLED = ("basic", "performance", "excitement")

_KINDS = {
    "basic": sentence("basic factor"),
    "performance": sentence("performance factor"),
    "excitement": sentence("excitement factor"),
    "none": sentence("hardly any effect"),
    "unclear": sentence("unclear"),
}
_REASONS = {
    "few_low": sentence("too few low ratings"),
    "few_middle": sentence("too few middle ratings"),
    "few_high": sentence("too few high ratings"),
    "two_answers": sentence("two different answers only"),
    "collinear": sentence("not to be told apart from another driver"),
    "not_shown": sentence("no effect shown"),
    "between": sentence("between two kinds"),
    "turned": sentence("satisfaction falls where the rating rises"),
    "": sentence(""),
}


@explain.register
def _(result: DriverShapes) -> tuple[Sentence, ...]:
    rows = result.table
    named = {kind: list(rows.loc[rows["shape"] == kind, "label"]) for kind in _LEADS}
    leads = [sentence(_LEADS[kind].template, names=names) for kind, names in named.items() if names]
    if not any(named[kind] for kind in _CALLED):
        leads.insert(0, _NOTHING)
    clear = rows[rows["shape"].isin(_CALLED)].head(_DETAILED)
    return (*leads, *(_detail(row) for _, row in clear.iterrows()), *_open(result), *_room(rows))


_NOTHING = sentence(
    "In these data no driver is shown to be one that must be right, one that counts both ways, or one that delights."
)
_LEADS = {
    "basic": sentence(
        "What must be right (basic factors; a low rating weighs at least twice as much as a high one): {names:list}."
    ),
    "excitement": sentence(
        "What delights (excitement factors; a high rating weighs at least twice as much as a low one): {names:list}."
    ),
    "performance": sentence("What counts both ways (performance factors): {names:list}."),
    "none": sentence("Neither a low nor a high rating goes with a difference worth naming: {names:list}."),
}


def _detail(row: pd.Series) -> Sentence:
    sides = sentence(
        "a low rating ({low} or lower) goes with {penalty:signed2} points of satisfaction ({a:signed2} to "
        "{b:signed2}), a high one ({high} or higher) with {reward:signed2} ({c:signed2} to {d:signed2}), each "
        "against a middle rating and the other drivers being equal",
        low=rating(row["low_highest"]),
        high=rating(row["high_lowest"]),
        penalty=-row["penalty"],
        a=-row["penalty_high"],
        b=-row["penalty_low"],
        reward=row["reward"],
        c=row["reward_low"],
        d=row["reward_high"],
    )
    return sentence("{label} ({kind}): {sides}.", label=row["label"], kind=_KINDS[row["shape"]], sides=sides)


def _open(result: DriverShapes) -> tuple[Sentence, ...]:
    """The drivers whose kind is unclear, by reason."""
    rows = result.table
    named = {why: list(rows.loc[rows["shape_reason"] == why, "label"]) for why in _OPEN}
    fewest = {"n": result.minimum_base}
    return tuple(
        sentence(_OPEN[why].template, names=names, **(fewest if why.startswith("few") else {}))
        for why, names in named.items()
        if names
    )


_OPEN = {
    "few_low": sentence(
        "Too few customers gave a low rating (fewer than {n:count}) to say what one goes with: {names:list}."
    ),
    "few_middle": sentence(
        "Too few customers gave a middle rating (fewer than {n:count}) to compare with: {names:list}."
    ),
    "few_high": sentence(
        "Too few customers gave a high rating (fewer than {n:count}) to say what one goes with: {names:list}."
    ),
    "between": sentence("An effect is shown, but not clearly of one kind: {names:list}."),
    "not_shown": sentence("No effect of its own is shown of a low or a high rating: {names:list}."),
    "turned": sentence(
        "Somewhere a higher rating goes with less satisfaction: {names:list}. Look into it before using it."
    ),
    "collinear": sentence("Not to be told apart from another driver, so without a kind: {names:list}."),
    "two_answers": sentence(
        "Only two different answers were given, so there is no middle to compare with: {names:list}."
    ),
}


def _room(rows: pd.DataFrame) -> tuple[Sentence, ...]:
    """Drivers that hardly have room: many give the highest answer already."""
    full = rows[rows["ceiling"].astype(bool)].sort_values("top_share", ascending=False, kind="stable")
    if not len(full):
        return ()
    if len(full) == 1:
        row = full.iloc[0]
        return (sentence(_FULL, share=row["top_share"], label=row["label"]),)
    return (sentence(_ALL_FULL, share=full["top_share"].min(), names=list(full["label"])),)


_FULL = "{share:percent} already give the highest answer on {label}, so for them there is no room left."
_ALL_FULL = (
    "{share:percent} or more already give the highest answer, so that for them there is no room left: {names:list}."
)


@plot.register
def _(result: DriverShapes, language: Language = ENGLISH) -> Figure:
    rows = result.table
    with figure_style():
        figure = new_figure(1.1 + 0.42 * len(rows))
        ax = figure.subplots()
        for place, (_, row) in enumerate(rows.iterrows()):
            if np.isfinite(row["penalty"]):
                _pair(ax, row, place)
        ax.axvline(0, color=INK, linewidth=0.9)
        ax.set_yticks(range(len(rows)), [short_label(label) for label in rows["label"]])
        ax.set(ylim=(len(rows) - 0.4, -0.6))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(language.say("Points of satisfaction against a middle rating"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 1)))
        _widened(ax, rows)
        right = ax.get_xlim()[1]
        for place, (_, row) in enumerate(rows.iterrows()):
            called = row["shape"] != "unclear"
            ax.text(
                right * 1.02, place, _kind(row, language), va="center", fontsize=8.5,
                color=INK if called else "#6b7a83", fontweight="bold" if row["shape"] in _CALLED else "normal",
            )  # fmt: skip
    return figure


def _pair(ax: Axes, row: pd.Series, place: int) -> None:
    """Penalty above reward, so that neither hides the other where both point the same way."""
    above, below = place - 0.18, place + 0.18
    ax.barh(above, -row["penalty"], color=WARM, height=0.36)
    ax.barh(below, row["reward"], color=ACCENT, height=0.36)
    whisker(ax, -row["penalty"], -row["penalty_high"], -row["penalty_low"], above)
    whisker(ax, row["reward"], row["reward_low"], row["reward_high"], below)


def _widened(ax: Axes, rows: pd.DataFrame) -> None:
    """An axis on which zero stands in the middle third, so that both sides can be read."""
    ends = rows[["penalty_low", "penalty_high", "reward_low", "reward_high"]].to_numpy(dtype=float)
    reach = float(np.nanmax(np.abs(ends))) if np.isfinite(ends).any() else 1.0
    ax.set_xlim(-1.08 * reach, 1.08 * reach)


def _kind(row: pd.Series, language: Language) -> str:
    if row["shape"] != "unclear":
        return language.say(_KINDS[row["shape"]])
    return language.say("unclear: {why}", why=_REASONS[row["shape_reason"]])


@legend.register
def _(result: DriverShapes) -> Sentence:
    return sentence(
        "Orange: a low rating, blue: a high one, each against a middle rating. In bold the kind, where the resamples "
        "agree on one."
    )


@table.register
def _(result: DriverShapes, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(shape=[_kind(row, language) for _, row in result.table.iterrows()])
    chosen = [
        "label", "low_base", "high_base", "penalty", "reward", "shape", "basic_probability", "performance_probability",
        "excitement_probability", "none_probability", "top_share",
    ]  # fmt: skip
    return printed(frame, chosen, language)
