"""Employees by layer, and what the floor, the board and the customers see: words, pictures and tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from drivers.analyses.layers import LayerSatisfaction
from drivers.analyses.perception import BOARD, CUSTOMERS, INFORMATION, PerceptionGaps
from drivers.present.drawing import NumberTicks, arms
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()
MOST_TOLD = 3
_MARKS = ("o", "s", "^", "D", "v", "P")
_COLOURS = (ACCENT, WARM, MUTED, INK, "#7a5195", "#5b8c2a")
_CLIENTS = sentence("Customers")
_BELOW = sentence("All below the board")


@explain.register
def _(result: LayerSatisfaction) -> tuple[Sentence, ...]:
    told = tuple(_differences(result)) if result.pairs["shown"].any() else (_level(result),)
    return (*told, *_hidden(result))


def _differences(result: LayerSatisfaction) -> Iterator[Sentence]:
    shown = result.pairs[result.pairs["shown"]]
    rows = [_turned(row) for _, row in shown.sort_values("p_adjusted", kind="stable").iterrows()]
    means = result.table.set_index("layer")["layer_mean"]
    first = rows[0]
    yield sentence(
        "Layers differ on “{question}”: the mean is {low:number1} for {lower} and {high:number1} for {upper}, a "
        "difference of {gap:number1} points ({least:number1} to {most:number1}).",
        question=result.question,
        high=means[first["upper"]],
        low=means[first["lower"]],
        **first,
    )
    if len(rows) > 1:
        pairs = [sentence("{upper} against {lower}", upper=r["upper"], lower=r["lower"]) for r in rows[1:]]
        yield sentence("A difference is shown too for {pairs:list}.", pairs=pairs)
    if not result.pairs["shown"].all():
        yield sentence("Between the other layers no difference is shown, which does not prove that they are alike.")


def _turned(row: pd.Series) -> dict[str, object]:
    """A difference with the layer of the higher mean first."""
    value, ends = row["layer_difference"], (row["layer_difference_low"], row["layer_difference_high"])
    names = (row["layer"], row["other_layer"])
    if value < 0:
        value, ends, names = -value, (-ends[1], -ends[0]), names[::-1]
    return {"upper": names[0], "lower": names[1], "gap": value, "least": ends[0], "most": ends[1]}


def _level(result: LayerSatisfaction) -> Sentence:
    rows = result.table.sort_values("layer_mean", kind="stable")
    lowest, highest = rows.iloc[0], rows.iloc[-1]
    return sentence(
        "That layers differ on “{question}” is not shown: means run from {low:number1} ({lower}) to {high:number1} "
        "({upper}). The intervals leave room for a difference of {room:number1} points.",
        question=result.question,
        low=lowest["layer_mean"],
        lower=lowest["layer"],
        high=highest["layer_mean"],
        upper=highest["layer"],
        room=float(np.nanmax(np.abs(result.pairs[["layer_difference_low", "layer_difference_high"]].to_numpy()))),
    )


def _hidden(result: LayerSatisfaction) -> tuple[Sentence, ...]:
    if not result.hidden:
        return ()
    return (
        sentence(
            "Not shown: {names:list}, as fewer than {least:count} answered, or all alike. Nobody of these counts in "
            "any number on employees.",
            names=result.hidden,
            least=result.minimum_base,
        ),
    )


@explain.register
def _(result: PerceptionGaps) -> tuple[Sentence, ...]:
    return (*_information(result), *_board(result), *_customers(result), *_untold(result), *_reading(result))


def _of_kind(result: PerceptionGaps, kind: str) -> pd.DataFrame:
    rows = result.gaps[result.gaps["gap_kind"] == kind]
    return rows.loc[rows["view_gap"].abs().sort_values(ascending=False, kind="stable").index]


def _information(result: PerceptionGaps) -> Iterator[Sentence]:
    for _, row in _of_kind(result, INFORMATION).iterrows():
        values = {"board": result.board, "down": row["layer_mean"], "up": row["other_mean"]}
        if row["shown"]:
            yield sentence(_INFORMED, **values, **_size(row))
        else:
            yield sentence(_ALIKE_INFORMED, **values)


_INFORMED = (
    "Information that comes down gets {down:number1} from all below the board, information that comes up {up:number1} "
    "from {board}: a gap of {gap:number1} points ({least:number1} to {most:number1})."
)
_ALIKE_INFORMED = (
    "Information that comes down gets {down:number1} from all below the board, information that comes up {up:number1} "
    "from {board}; that these differ is not shown."
)


def _size(row: pd.Series) -> dict[str, float]:
    """The size of a gap with its interval, whatever its sign."""
    ends = sorted(np.sign(row["view_gap"]) * row[["view_gap_low", "view_gap_high"]].to_numpy(dtype=float))
    return {"gap": abs(row["view_gap"]), "least": ends[0], "most": ends[1]}


def _board(result: PerceptionGaps) -> Iterator[Sentence]:
    rows = _of_kind(result, BOARD)
    values = {"board": result.board, "floor": result.floor}
    if not result.board_told:
        yield sentence("What {board} sees is not shown, so that nobody's answer can be told from it.", **values)
    for _, row in rows[rows["shown"]][:MOST_TOLD].iterrows():
        means = {"own": row["layer_mean"], "other": row["other_mean"]}
        yield sentence(_GAP, question=row["staff_question"], **values, **means, **_size(row))
    if rows["shown"].sum() > MOST_TOLD:
        more = rows[rows["shown"]]["staff_question"][MOST_TOLD:]
        yield sentence("A gap is shown too on {names:list}.", names=_quoted(more))
    alike = rows[~rows["shown"]]["staff_question"]
    if len(alike):
        yield sentence(_NO_GAP, names=_quoted(alike), **values)


def _quoted(names: pd.Series) -> list[Sentence]:
    return [sentence("“{name}”", name=name) for name in names]


_GAP = (
    "“{question}” gets {own:number1} from {board} and {other:number1} from {floor}: a gap of {gap:number1} points "
    "({least:number1} to {most:number1})."
)
_NO_GAP = "No gap between {board} and {floor} is shown on {names:list}."


def _customers(result: PerceptionGaps) -> Iterator[Sentence]:
    rows = result.gaps[result.gaps["gap_kind"] == CUSTOMERS]
    for question, own in rows.groupby("staff_question", sort=False):
        shown = own[own["shown"]]
        values = {"question": question, "mean": own["other_mean"].iloc[0]}
        if shown.empty:
            yield sentence(_SEEN, **values)
            continue
        above, below = shown[shown["view_gap"] > 0], shown[shown["view_gap"] < 0]
        others = _OTHERS if len(shown) < len(own) else sentence("")
        if len(above):
            yield sentence(_ABOVE, **values, names=_with_means(above), others=sentence("") if len(below) else others)
        if len(below):
            yield sentence(_UNDER, **values, names=_with_means(below), others=others)


_OTHERS = sentence(" Of the other layers no difference with the customers is shown.")


def _with_means(rows: pd.DataFrame) -> list[Sentence]:
    return [sentence("{layer} ({mean:number1})", layer=r["layer"], mean=r["layer_mean"]) for _, r in rows.iterrows()]


_SEEN = "On “{question}”, customers themselves give {mean:number1}; that any layer sees it otherwise is not shown."
_ABOVE = "On “{question}”, customers themselves give {mean:number1}; more favourable than that: {names:list}.{others}"
_UNDER = "On “{question}”, customers themselves give {mean:number1}; less favourable than that: {names:list}.{others}"


def _untold(result: PerceptionGaps) -> tuple[Sentence, ...]:
    if not result.hidden:
        return ()
    names = [sentence("“{name}”", name=name) for name in result.hidden]
    return (sentence("Not shown, as too few of any layer answered: {names:list}.", names=names),)


def _reading(result: PerceptionGaps) -> tuple[Sentence, ...]:
    if not result.gaps["shown"].any():
        return ()
    return (sentence("A gap says that two sides see it differently, not who is right."),)


@plot.register
def _(result: LayerSatisfaction, language: Language = ENGLISH) -> Figure:
    rows = result.table
    with figure_style():
        figure = new_figure(1.1 + 0.45 * len(rows))
        ax = figure.subplots()
        _dots(ax, rows, np.arange(len(rows)), 0)
        ax.set_yticks(range(len(rows)), [short_label(name) for name in rows["layer"]])
        _framed(ax, result, len(rows))
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(short_label(result.question))
    return figure


@plot.register
def _(result: PerceptionGaps, language: Language = ENGLISH) -> Figure:
    questions = list(dict.fromkeys(result.table["staff_question"]))
    sides = list(dict.fromkeys(result.table["layer"]))
    with figure_style():
        figure = new_figure(1.5 + 0.62 * len(questions))
        ax = figure.subplots()
        for k, side in enumerate(sides):
            rows = result.table[result.table["layer"] == side]
            places = np.array([questions.index(q) for q in rows["staff_question"]])
            shift = (k - (len(sides) - 1) / 2) * 0.7 / len(sides)
            _dots(ax, rows, places + shift, k, short_label(side or language.say(_CLIENTS)))
        ax.set_yticks(range(len(questions)), [short_label(question) for question in questions])
        _framed(ax, result, len(questions))
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Mean answer"))
        figure.legend(loc="outside upper center", ncols=min(len(sides), 5), frameon=False, fontsize=9)
    return figure


def _dots(ax: Axes, rows: pd.DataFrame, places: np.ndarray, kind: int, label: str = "") -> None:
    """Means with their intervals, one mark for each kind of side."""
    ax.errorbar(
        rows["layer_mean"].to_numpy(), places, xerr=arms(rows, "layer_mean"), fmt=_MARKS[kind % len(_MARKS)],
        color=_COLOURS[kind % len(_COLOURS)], markersize=6, capsize=2, linewidth=1.2, label=label or None,
    )  # fmt: skip


def _framed(ax: Axes, result: LayerSatisfaction | PerceptionGaps, rows: int) -> None:
    """The whole scale along the axis, first row on top."""
    ax.set(xlim=(result.scale_low, result.scale_high), ylim=(rows - 0.5, -0.5))
    ax.grid(axis="y", visible=False)


@legend.register
def _(result: LayerSatisfaction) -> Sentence:
    return sentence("Each mark: the mean of a layer, on the whole scale.")


@legend.register
def _(result: PerceptionGaps) -> Sentence:
    return sentence("Each mark: the mean of a layer or of the customers, on the whole scale.")


@table.register
def _(result: LayerSatisfaction, language: Language = ENGLISH) -> Printed:
    return printed(result.table, list(result.table), language)


@table.register
def _(result: PerceptionGaps, language: Language = ENGLISH) -> Printed:
    below, customers = language.say(_BELOW), language.say(_CLIENTS)
    frame = result.gaps.assign(
        layer=[name or below for name in result.gaps["layer"]],
        other_layer=[name or customers for name in result.gaps["other_layer"]],
    )
    columns = ["staff_question", "layer", "other_layer", "layer_mean", "other_mean"]
    return printed(frame, [*columns, "view_gap", "view_gap_low", "view_gap_high", "shown"], language)
