"""The ranking of the drivers: its words, picture and table; never surer than letters, ranks and noise allow."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.cautions import COLLINEAR_VIF
from drivers.analyses.importance import DriverImportance
from drivers.glossary import GLOSSARY
from drivers.present.drawing import bars
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, headers, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

LEADING = 0.90
"""From this probability of rank 1 on, one driver without rivals is called the strongest."""

MOST_BARS = 30
"""Drivers in the picture; the table has them all."""

_NAMED = 8  # drivers that a sentence names; of more it gives the number
_RANKS = 3  # ranks that a cell names
_RARE = 0.005  # ranks that are rarer are not named


@explain.register
def _(result: DriverImportance) -> tuple[Sentence, ...]:
    rows = result.table
    if not rows["beyond_noise"].any():
        return (sentence(_NOISE_ONLY, noise=result.noise_share), *_together(rows))
    beyond = rows[rows["beyond_noise"]]
    return (_leader(result), *_slopes(rows), *_together(rows), *_noise(result), *_bottom(beyond, len(rows)))


_NOISE_ONLY = (
    "None of these drivers accounts for more than pure noise could ({noise:percent1} of the explanation): the order "
    "among them means nothing, and none should be acted on."
)


def _together(rows: pd.DataFrame) -> tuple[Sentence, ...]:
    """Groups of drivers that count as one."""
    grouped = rows[rows["members"].astype(bool)]
    return tuple(sentence(_GROUPED, names=list(names)) for names in grouped["members"])


_GROUPED = "{names:list} count as one driver, because they cannot be told apart in these answers."


def _noise(result: DriverImportance) -> tuple[Sentence, ...]:
    """Which drivers account for more than a driver of pure noise."""
    rows = result.table
    within = list(rows.loc[~rows["beyond_noise"], "label"])
    if within:
        return (sentence(_WITHIN, names=_few(within), noise=result.noise_share),)
    return (sentence(_ALL_BEYOND, drivers=len(rows), noise=result.noise_share),) if len(rows) > 1 else ()


_ALL_BEYOND = (
    "All {drivers:count} drivers account for more than chance: a driver of pure noise would get up to {noise:percent1} "
    "of the explanation."
)
_WITHIN = (
    "{names:list}: not shown to account for more than chance; a driver of pure noise would get up to {noise:percent1} "
    "of the explanation."
)


def _leader(result: DriverImportance) -> Sentence:
    rows = result.table
    top = rows.iloc[0]
    values = {"label": top["label"], "share": top["share"], "low": top["share_low"], "high": top["share_high"]}
    if len(rows) == 1:
        return sentence("{label} is the only driver measured.", label=top["label"])
    rivals = list(rows.loc[_alike(result), "label"])[1:]
    if top["first_probability"] >= LEADING and not rivals:
        return sentence(
            "{label} is the strongest driver of satisfaction: {share:percent} of what the drivers explain "
            "({low:percent} to {high:percent}).",
            **values,
        )
    values |= {"probability": top["first_probability"]}
    return sentence(_CONTESTED, rivals=_few(rivals), **values) if rivals else sentence(_PROBABLE, **values)


_CONTESTED = (
    "{label} comes first among the drivers of satisfaction with {share:percent} of what they explain ({low:percent} to "
    "{high:percent}), but cannot be told apart from {rivals:list}: it is first in {probability:chance} of the "
    "resamples."
)
_PROBABLE = (
    "{label} is probably the strongest driver of satisfaction: {share:percent} of what the drivers explain "
    "({low:percent} to {high:percent}), first in {probability:chance} of the resamples."
)


def _slopes(rows: pd.DataFrame) -> tuple[Sentence, ...]:
    """The effect of one point for the leading drivers whose slope is shown and their own."""
    shown = (rows["slope_low"] * rows["slope_high"] > 0) & (rows["slope"] * rows["correlation"] > 0)
    own = shown & rows["beyond_noise"] & ~rows["suppressor"]
    clear = rows[own & (rows["rank"] <= 5) & (rows["vif"] <= COLLINEAR_VIF)].head(3)
    return tuple(_slope(row) for _, row in clear.iterrows())


def _slope(row: pd.Series) -> Sentence:
    low, high = sorted((abs(row["slope_low"]), abs(row["slope_high"])))
    label = sentence("each of {names:list}", names=list(row["members"])) if row["members"] else row["label"]
    values = {"label": label, "slope": abs(row["slope"]), "low": low, "high": high}
    return sentence(_MORE if row["slope"] > 0 else _LESS, **values)


_MORE = (
    "One point more on {label} goes with {slope:number2} points more satisfaction ({low:number2} to "
    "{high:number2}), the other drivers being equal."
)
_LESS = (
    "One point more on {label} goes with {slope:number2} points less satisfaction ({low:number2} to "
    "{high:number2}), the other drivers being equal."
)


def _bottom(rows: pd.DataFrame, count: int) -> tuple[Sentence, ...]:
    """Drivers without an effect of their own, and drivers that are hardly related to satisfaction at all."""
    flat = (rows["slope_low"] <= 0) & (rows["slope_high"] >= 0) & (rows["vif"] <= COLLINEAR_VIF)
    weak = flat & (rows["share_high"] < 1 / (2 * count))
    lines = []
    if (flat & ~weak).any():
        lines.append(sentence(_BORROWED, names=_few(list(rows.loc[flat & ~weak, "label"]))))
    if weak.any():
        lines.append(
            sentence(
                "{names:list}: in these data hardly related to satisfaction.", names=_few(list(rows.loc[weak, "label"]))
            )
        )
    return tuple(lines)


_BORROWED = (
    "{names:list}: go with satisfaction, but mainly because they move with the other drivers; an effect of their own "
    "is not shown."
)


def _alike(result: DriverImportance) -> pd.Series:
    """Which rows cannot be told apart from the first one, itself included."""
    pairs = result.differences[result.differences["difference_p_adjusted"] < 1.0 - result.confidence]
    first = result.table["driver"].iloc[0]
    apart = {*pairs.loc[pairs["driver"] == first, "other"], *pairs.loc[pairs["other"] == first, "driver"]}
    return ~result.table["driver"].isin(apart)


def _few(names: list[str]) -> list[str | Sentence]:
    """Names for a sentence: of too many the first ones, and how many more there are."""
    if len(names) <= _NAMED:
        return list(names)
    return [*names[: _NAMED - 1], sentence("{more:count} others", more=len(names) - _NAMED + 1)]


@plot.register
def _(result: DriverImportance, language: Language = ENGLISH) -> Figure:
    ranked = bool(result.table["beyond_noise"].any())
    rows = result.table.head(MOST_BARS)
    rows = rows.assign(label=[short_label(label) for label in rows["label"]])
    with figure_style():
        figure = new_figure(0.9 + 0.34 * len(rows))
        ax = figure.subplots()
        leaders = _alike(result).head(MOST_BARS) & rows["beyond_noise"]
        bars(ax, rows, "share", np.where(leaders, ACCENT, MUTED))
        top = float(np.nanmax(rows["share_high"]))
        if np.isfinite(result.noise_share):
            ax.axvline(result.noise_share, color=WARM, linestyle="--", linewidth=1.2)
        for i, letters in enumerate(rows["letters"] if ranked else ()):
            ax.text(top * 1.04, i, letters, va="center", fontsize=9, color=INK)
        room = 1.14 + 0.022 * max(map(len, rows["letters"]))
        ax.set(xlim=(0, max(top, result.noise_share) * room), ylabel="")
        ax.set_xlabel(language.say("Share of the explained differences in satisfaction"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 0)))
    return figure


@table.register
def _(result: DriverImportance, language: Language = ENGLISH) -> Printed:
    """Shares, ranks and slopes; without ranks where no driver goes beyond noise."""
    chosen = ["label", "share", "rank", "letters", "beyond_noise", "mean", "slope", "vif"]
    if not result.table["beyond_noise"].any():
        return printed(result.table, [c for c in chosen if c not in ("rank", "letters")], language)
    whole, place = printed(result.table, chosen, language), chosen.index("letters")
    chances = _rank_cells(result, language)
    (header,) = headers([GLOSSARY["rank_probability"]], language)
    return Printed(
        (*whole.headers[:place], header, *whole.headers[place:]),
        tuple((*row[:place], cell, *row[place:]) for row, cell in zip(whole.rows, chances, strict=True)),
        (*whole.numeric[:place], True, *whole.numeric[place:]),
    )


def _rank_cells(result: DriverImportance, language: Language) -> list[str]:
    """The likeliest ranks of each driver in order, with their probabilities."""
    cells = []
    for driver in result.table["driver"]:
        rows = result.rank_probabilities[result.rank_probabilities["driver"] == driver]
        likely = rows[rows["rank_probability"] >= _RARE].nlargest(_RANKS, "rank_probability").sort_values("rank")
        pairs = zip(likely["rank"], likely["rank_probability"], strict=True)
        cells.append(", ".join(language.say("{rank:count} ({chance:chance})", rank=r, chance=c) for r, c in pairs))
    return cells


@legend.register
def _(result: DriverImportance) -> Sentence:
    if not result.table["beyond_noise"].any():
        return sentence(_LINE_ONLY, confidence=result.confidence)
    values = {"confidence": result.confidence, "shown": MOST_BARS, "all": len(result.table)}
    return sentence(_PART, **values) if len(result.table) > MOST_BARS else sentence(_WHOLE, **values)


_LINE_ONLY = "Dashed line: what a driver of pure noise would get at most (in {confidence:percent} of such surveys)."
_WHOLE = (
    "In colour: the first driver and those that cannot be told apart from it. Drivers that share a letter cannot be "
    "told apart. Dashed line: what a driver of pure noise would get at most (in {confidence:percent} of such surveys)."
)
_PART = (
    "The first {shown:count} of {all:count} drivers. In colour: the first driver and those that cannot be told apart "
    "from it. Drivers that share a letter cannot be told apart. Dashed line: what a driver of pure noise would get at "
    "most (in {confidence:percent} of such surveys)."
)
