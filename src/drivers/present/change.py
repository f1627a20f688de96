"""What changed since an earlier wave and where the change comes from: in words, drawn, and as tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.change import WaveChange
from drivers.analyses.decomposition import ChangeDecomposition
from drivers.glossary import GLOSSARY
from drivers.present.drawing import whisker
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, headers, number_cell, said_cell
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()
ALPHA = 0.05
_NAMED = 3  # aspects that a sentence names
_SEEN = 0.005  # points that are not printed as 0.00


@explain.register
def _(result: WaveChange) -> tuple[Sentence, ...]:
    row = result.table.iloc[0]
    raw = {"before": result.before, "first": row["mean_before"], "second": row["mean_after"]}
    rose, fell = row["mean_change_low"] > 0, row["mean_change_high"] < 0
    lead = sentence(_ROSE if rose else _FELL if fell else _STAYED, **raw, **spread_values(row, "mean_change"))
    return (lead, *_alike(result, row), *_aspects(result))


_ROSE = (
    "Mean satisfaction rose since wave {before}, from {first:number2} to {second:number2}: {value:signed2} "
    "({low:signed2} to {high:signed2})."
)
_FELL = (
    "Mean satisfaction fell since wave {before}, from {first:number2} to {second:number2}: {value:signed2} "
    "({low:signed2} to {high:signed2})."
)
_STAYED = (
    "No change of mean satisfaction is shown since wave {before}, from {first:number2} to {second:number2}: "
    "{value:signed2} ({low:signed2} to {high:signed2})."
)


def _alike(result: WaveChange, row: pd.Series) -> tuple[Sentence, ...]:
    if not result.mix:
        return (sentence("How far another mix of customers did it is not known: the client file names no mix."),)
    shown = row["same_mix_change_low"] > 0 or row["same_mix_change_high"] < 0
    values = {"mix": list(result.mix), **spread_values(row, "same_mix_change")}
    return (sentence(_SAME_MIX if shown else _NOT_AT_SAME_MIX, **values),)


_SAME_MIX = (
    "With the same mix of customers ({mix:list}) the change is {value:signed2} ({low:signed2} to {high:signed2})."
)
_NOT_AT_SAME_MIX = (
    "With the same mix of customers ({mix:list}) no change is shown: {value:signed2} ({low:signed2} to {high:signed2})."
)


def _aspects(result: WaveChange) -> tuple[Sentence, ...]:
    rows = result.table[result.table["measure_kind"] == "driver"]
    if rows.empty:
        return (sentence("The two waves asked no aspect in common, so aspects cannot be compared."),)
    moved = rows[rows["same_mix_p"] < ALPHA].sort_values("same_mix_p")
    if moved.empty:
        return (
            sentence("Of the {n:count} aspects that both waves asked, none is shown to have changed.", n=len(rows)),
        )
    names = [
        sentence("{label} ({value:signed2})", label=row["label"], value=row["same_mix_change"])
        for _, row in moved.head(_NAMED).iterrows()
    ]
    if len(moved) <= _NAMED:
        return (sentence(_THESE, n=len(rows), names=names),)
    return (sentence(_SOME, n=len(rows), moved=len(moved), names=names),)


_THESE = (
    "Of the {n:count} aspects that both waves asked, these are shown to have changed at the same mix: {names:list}."
)
_SOME = (
    "Of the {n:count} aspects that both waves asked, {moved:count} are shown to have changed at the same mix, above "
    "all {names:list}."
)


def spread_values(row: pd.Series, name: str) -> dict[str, float]:
    """A number of this row and the ends of its interval, as the values of a sentence."""
    return {"value": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]}


@table.register
def _(result: WaveChange, language: Language = ENGLISH) -> Printed:
    names = ["label", "mean_before", "mean_after", "mean_change", "same_mix_change"]
    shown = names if result.mix else names[:-1]
    rows = tuple(
        (row["label"], *(change_cell(row, name, language) for name in shown[1:])) for _, row in result.table.iterrows()
    )
    return Printed(headers([GLOSSARY[n] for n in shown], language), rows, (False, *[True] * (len(shown) - 1)))


def change_cell(row: pd.Series, name: str, language: Language) -> str:
    """A mean or a change, with its interval where it has one; leaving as a share, in percentage points."""
    left = row["measure_kind"] == "left"
    if f"{name}_low" not in row.index:
        changed = name.endswith("_change")
        how = ("pp1" if changed else "percent1") if left else ("signed2" if changed else "number2")
        return number_cell(row[name], how, language)
    return said_cell(sentence(_SHARE_SPREAD if left else _POINTS_SPREAD, **spread_values(row, name)), language)


def _part_spread(row: pd.Series) -> Sentence:
    return sentence(_POINTS_SPREAD, value=row["part"], low=row["low"], high=row["high"])


_POINTS_SPREAD = "{value:signed2} ({low:signed2} to {high:signed2})"
_SHARE_SPREAD = "{value:pp1} ({low:pp1} to {high:pp1}) pp"


@explain.register
def _(result: ChangeDecomposition) -> tuple[Sentence, ...]:
    parts = result.parts.set_index("change_part")
    change, levels, mix, weights = (parts.loc[name] for name in ("change", "levels", "mix", "importance"))
    lead = sentence(
        "Of a change of {change:signed2} among those who answered everything, {levels:signed2} ({low:signed2} to "
        "{high:signed2}) comes with other ratings of the aspects, and {mix:signed2} ({mix_low:signed2} to "
        "{mix_high:signed2}) with other customers.",
        change=change["value"],
        levels=levels["value"],
        low=levels["value_low"],
        high=levels["value_high"],
        mix=mix["value"],
        mix_low=mix["value_low"],
        mix_high=mix["value_high"],
    )
    return (lead, *_levels(result), _weights(result, weights))


def _levels(result: ChangeDecomposition) -> tuple[Sentence, ...]:
    rows = result.table[result.table["measure_kind"] == "driver"]
    shown = rows[(rows["level_part_low"] > 0) | (rows["level_part_high"] < 0)]
    shown = shown[shown["level_part"].abs() >= _SEEN]
    if shown.empty:
        return ()
    largest = shown.reindex(shown["level_part"].abs().sort_values(ascending=False).index).head(_NAMED)
    names = [
        sentence("{label} ({value:signed2})", label=row["label"], value=row["level_part"])
        for _, row in largest.iterrows()
    ]
    return (sentence("The ratings that moved it most: {names:list}.", names=names),)


def _weights(result: ChangeDecomposition, weights: pd.Series) -> Sentence:
    values = spread_values(weights, "value")
    if result.importance_p < ALPHA:
        return sentence(_OTHER_WEIGHTS, **values)
    return sentence(_SAME_WEIGHTS, **values)


_OTHER_WEIGHTS = (
    "What drives satisfaction has changed too: one point of the aspects does not go with the same satisfaction as "
    "before. At the earlier ratings that comes to {value:signed2} ({low:signed2} to {high:signed2})."
)
_SAME_WEIGHTS = (
    "That the aspects weigh otherwise than before is not shown; at the earlier ratings it comes to {value:signed2} "
    "({low:signed2} to {high:signed2})."
)

_PARTS = {
    "change": sentence("Change in all"),
    "mix": sentence("Other mix of customers"),
    "importance": sentence("Aspects weigh otherwise"),
    "joint": sentence("Ratings and weights together"),
}


@plot.register
def _(result: ChangeDecomposition, language: Language = ENGLISH) -> Figure:
    rows = _bars(result, language)
    colours = {"change": INK, "driver": ACCENT, "mix": WARM}
    with figure_style():
        figure = new_figure(1.0 + 0.3 * len(rows))
        ax = figure.subplots()
        for place, (_, row) in enumerate(rows.iterrows()):
            ax.barh(place, row["part"], height=0.62, color=colours.get(str(row["bar"]), MUTED))
            whisker(ax, row["part"], row["low"], row["high"], place)
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.axhline(0.5, color=MUTED, linewidth=0.8, linestyle=":")
        ax.set_yticks(range(len(rows)), [short_label(str(label)) for label in rows["label"]])
        ax.set(ylim=(len(rows) - 0.5, -0.5))
        ax.grid(axis="y", visible=False)
        ax.set_xlabel(language.say("Points of mean satisfaction"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "signed", 2)))
    return figure


def _bars(result: ChangeDecomposition, language: Language) -> pd.DataFrame:
    """The change in all, then its parts: levels of the drivers, largest first, the mix, and the rest."""
    parts = result.parts.set_index("change_part")

    def whole(name: str) -> dict[str, object]:
        row = parts.loc[name]
        said = {"bar": name, "label": language.say(_PARTS[name])}
        return {**said, "part": row["value"], "low": row["value_low"], "high": row["value_high"]}

    drivers = result.table[result.table["measure_kind"] == "driver"]
    order = drivers.reindex(drivers["level_part"].abs().sort_values(ascending=False).index)
    levels = [
        {"bar": "driver", "label": row["label"], "part": row["level_part"], "low": row["level_part_low"],
         "high": row["level_part_high"]}
        for _, row in order.iterrows()
    ]  # fmt: skip
    mix = [whole("mix")] if np.any(parts.loc["mix", ["value", "value_low"]] != 0) else []
    return pd.DataFrame([whole("change"), *levels, *mix, whole("importance"), whole("joint")])


@legend.register
def _(result: ChangeDecomposition) -> Sentence:
    return sentence(
        "Below the dotted line the parts, which add up to the change since wave {before}: other ratings of each aspect "
        "(blue), other customers (orange), the rest (grey).",
        before=result.before,
    )


@table.register
def _(result: ChangeDecomposition, language: Language = ENGLISH) -> Printed:
    rows = tuple(
        (str(row["label"]), said_cell(_part_spread(row), language)) for _, row in _bars(result, language).iterrows()
    )
    return Printed(headers([GLOSSARY["change_part"], GLOSSARY["mean_change"]], language), rows, (False, True))
