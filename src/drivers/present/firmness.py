"""How firm the ranking is, in words, picture and table: hidden causes and other ways of computing.

Completes `explain`, `plot`, `table` and `legend`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.robustness import DriverRobustness
from drivers.analyses.variants import WITHOUT_DRIVER
from drivers.glossary import GLOSSARY
from drivers.present.drawing import whisker
from drivers.present.figures import ENGLISH, plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, headers, printed, range_cell
from drivers.present.ranking import LEADING
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

WANDERING = 3
"""Places over which a driver must move to be named as the least firm."""

_WAYS = {
    WITHOUT_DRIVER: sentence("one of the other drivers not asked"),
    "without_outliers": sentence("without unusual answers"),
    "without_straightliners": sentence("without the same answer throughout"),
    "without_flagged": sentence("without anyone who stands out"),
    "policy_complete": sentence("complete cases only"),
    "policy_available": sentence("all available answers"),
    "policy_imputed": sentence("open answers imputed"),
    "policy_not_applicable": sentence("open answers as not applicable"),
    "unweighted": sentence("without weights"),
    "relative_weights": sentence("relative weights"),
}


@explain.register
def _(result: DriverRobustness) -> tuple[Sentence, ...]:
    """Whether another way of computing, and then whether a hidden cause, would overturn the ranking."""
    return (*_leader(result), *_places(result), *_hidden(result), *_fragile(result))


def _leader(result: DriverRobustness) -> tuple[Sentence, ...]:
    values = {"label": result.leader, "n": result.leader_ways, "k": result.leader_stays}
    if len(result.table) == 1:
        return ()
    stays = result.leader_stays == result.leader_ways
    chance = sentence(_CHANCE, label=result.leader, probability=result.first_probability)
    doubt = (chance,) if result.first_probability < LEADING else ()
    firm = sentence(_FIRM_ONCE if result.leader_ways == 1 else _FIRM, **values)
    return (firm if stays else sentence(_LOOSE, **values), *_others(result), *doubt)


_FIRM = "The first place of {label} does not depend on how it is computed: it comes first in all {n:count} other ways."
_FIRM_ONCE = "The first place of {label} does not depend on how it is computed: it comes first in the other way too."
_LOOSE = (
    "The first place of {label} depends on how it is computed: it comes first in {k:count} of {n:count} other ways."
)
_CHANCE = "Chance is another matter: {label} is first in {probability:chance} of the resamples."


def _others(result: DriverRobustness) -> tuple[Sentence, ...]:
    """Who else comes first, and where."""
    moved = result.ways[result.ways["same_leader"].eq(False)]
    return tuple(
        sentence("{label} comes first {names:list}.", label=label, names=[_where(row) for _, row in rows.iterrows()])
        for label, rows in moved.groupby("leader", sort=False)
    )


def _where(row: pd.Series) -> Sentence:
    if row["variant"] == WITHOUT_DRIVER:
        return sentence("if {label} had not been asked", label=row["left_out"])
    return _WHERE[row["variant"]]


_WHERE = {
    "without_outliers": sentence("without unusual answers"),
    "without_straightliners": sentence("without those who gave the same answer throughout"),
    "without_flagged": sentence("without anyone who stands out on a check"),
    "policy_complete": sentence("with complete cases only"),
    "policy_available": sentence("with all available answers"),
    "policy_imputed": sentence("with open answers imputed"),
    "policy_not_applicable": sentence("with open answers taken as not applicable"),
    "unweighted": sentence("without weights"),
    "relative_weights": sentence("by relative weights"),
}


def _places(result: DriverRobustness) -> tuple[Sentence, ...]:
    """Whether the first three hold, and whose place moves most."""
    if len(result.table) < WANDERING:
        return ()
    changed, ways = int(result.ways["order_changes"].eq(True).sum()), len(result.ways)
    order = sentence(_ORDER_CHANGES, k=changed, n=ways) if changed else _ORDER_STAYS
    moves = result.table["rank_worst"] - result.table["rank_best"]
    row = result.table.loc[moves.idxmax()]
    least = sentence(_WANDERS, label=row["label"], best=row["rank_best"], worst=row["rank_worst"])
    return (order, *([least] if moves.max() >= WANDERING else []))


_ORDER_STAYS = sentence("The first three are the same, in the same order, in every way.")
_ORDER_CHANGES = "In {k:count} of {n:count} ways the first three are others, or in another order."
_WANDERS = "The place of {label} is the least firm: from {best:count} to {worst:count}."


def _hidden(result: DriverRobustness) -> tuple[Sentence, ...]:
    """How strong a cause that was not asked must be to overturn the effect of the first driver."""
    row = result.table.iloc[0]
    values = {name: row[name] for name in ("label", "benchmark")}
    if not row["robustness_value_shown"] > 0:
        return (sentence(_NOTHING, label=row["label"]),)
    needed = sentence(
        _NEEDED,
        label=row["label"],
        value=row["robustness_value"],
        low=row["robustness_value_low"],
        high=row["robustness_value_high"],
        shown=row["robustness_value_shown"],
    )
    if not row["benchmark"]:
        return (needed,)
    if np.isnan(row["left_effect_low"]):
        return (needed, sentence(_OVERLAP, **values))
    low, high = row["left_effect_low"], row["left_effect_high"]
    if row["fragile"]:
        return (needed, sentence(_WOULD_DO, **values, low=low, high=high))
    low, high = sorted((abs(low), abs(high)))
    values |= {"left": abs(row["left_effect"]), "slope": abs(row["slope"]), "low": low, "high": high}
    return (needed, sentence(_WOULD_LEAVE, **values))


_NOTHING = "An effect of {label} of its own is not shown to begin with, so a hidden cause has nothing to take away."
_NEEDED = (
    "To take the effect of {label} to zero, a cause that was not asked must explain {value:percent} ({low:percent} to "
    "{high:percent}) of what the other drivers leave open, of {label} and of satisfaction alike; from {shown:percent} "
    "on it would no longer be shown. This says how strong such a cause must be, not whether there is one."
)
_OVERLAP = (
    "{label} and {benchmark} overlap so much that a hidden cause like {benchmark} could account for all of that effect."
)
_WOULD_DO = (
    "A hidden cause as strong as {benchmark}, the measured driver whose like would take most away, would be enough: an "
    "effect would not be shown any more ({low:signed2} to {high:signed2} points)."
)
_WOULD_LEAVE = (
    "A hidden cause as strong as {benchmark}, the measured driver whose like would take most away, would leave "
    "{left:number2} of the {slope:number2} points of that effect ({low:number2} to {high:number2})."
)


def _fragile(result: DriverRobustness) -> tuple[Sentence, ...]:
    """Other effects that are shown, and would not be under a hidden cause like a measured driver."""
    judged = result.table.iloc[1:]
    judged = judged[judged["fragile"].notna()]
    weak = list(judged.loc[judged["fragile"].eq(True), "label"])
    if weak:
        return (sentence(_FRAGILE, names=weak),)
    return (sentence(_NONE_FRAGILE, n=len(judged)),) if len(judged) > 1 else ()


_FRAGILE = (
    "Do not build on the effect of one point of these alone: {names:list}. A hidden cause as strong as a measured "
    "driver would be enough for it not to be shown any more."
)
_NONE_FRAGILE = (
    "The effects of the {n:count} other drivers that have one of their own would still be shown under a hidden cause "
    "as strong as a measured driver."
)


@plot.register
def _(result: DriverRobustness, language: Language = ENGLISH) -> Figure:
    with figure_style():
        rows, ways = result.table, [w for w in _MARKERS if w in set(result.variants["variant"])]
        figure = new_figure(1.5 + 0.42 * len(rows))
        ax = figure.subplots()
        for place, (_, row) in enumerate(rows.iterrows()):
            found = result.variants[result.variants["driver"] == row["driver"]].set_index("variant")["share"]
            _row(ax, place, row, found, ways)
        ax.set_yticks(range(len(rows)), [short_label(label) for label in rows["label"]])
        ax.set(ylim=(len(rows) - 0.45, -0.55), xlim=(0, None), ylabel="")
        ax.set_xlabel(language.say("Share of the explained differences in satisfaction"))
        ax.xaxis.set_major_locator(MaxNLocator(steps=[1, 2, 5, 10]))  # 2.5% would be printed as 2%
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 0)))
        ax.grid(axis="y", visible=False)
        keys = _keys(ways, WITHOUT_DRIVER in set(result.variants["variant"]), language)
        figure.legend(handles=keys, loc="outside lower center", ncols=2, frameon=False, fontsize=8)
    return figure


_MARKERS = {  # shapes differ as well as colours, so that neither is needed to tell them apart
    "without_outliers": ("^", "#d55e00"),
    "without_straightliners": ("s", "#009e73"),
    "without_flagged": ("D", "#cc79a7"),
    "policy_complete": ("P", "#56b4e9"),
    "policy_available": ("X", "#0072b2"),
    "policy_imputed": ("*", "#332288"),
    "policy_not_applicable": ("P", "#56b4e9"),
    "unweighted": ("v", "#e69f00"),
    "relative_weights": ("o", "#000000"),
}
_RANGE = "#cfdbe0"


def _row(ax: Axes, place: int, row: pd.Series, found: pd.Series, ways: list[str]) -> None:
    """One driver: the report above, the other ways in a lane below it, each with a height of its own."""
    if WITHOUT_DRIVER in found.index:
        alone = found.loc[[WITHOUT_DRIVER]]
        ax.barh(place + 0.12, alone.max() - alone.min(), 0.5, left=alone.min(), color=_RANGE, linewidth=0)
    whisker(ax, row["share"], row["share_low"], row["share_high"], place - 0.22)
    ax.plot([row["share"]], [place - 0.22], "o", color=ACCENT, markersize=6.5, clip_on=False)
    for lane, way in enumerate(ways):
        if way in found.index:
            marker, colour = _MARKERS[way]
            height = place + 0.02 + 0.3 * (lane / max(len(ways) - 1, 1))
            ax.plot([found[way]], [height], marker, color=colour, markersize=4.2, markeredgewidth=0, clip_on=False)


def _keys(ways: list[str], left_out: bool, language: Language) -> list[Line2D | Patch]:
    report = Line2D([], [], color=INK, marker="o", markerfacecolor=ACCENT, markeredgecolor=ACCENT)
    report.set_label(language.say("in this report, with its interval"))
    others: list[Line2D | Patch] = [Patch(color=_RANGE, label=language.say(_WAYS[WITHOUT_DRIVER]))] if left_out else []
    for way in ways:
        marker, colour = _MARKERS[way]
        others.append(Line2D([], [], linestyle="", marker=marker, color=colour, label=language.say(_WAYS[way])))
    return [report, *others]


@table.register
def _(result: DriverRobustness, language: Language = ENGLISH) -> Printed:
    """The range over all ways stands in one cell; the robustness value and what is left have their intervals."""
    frame = result.table.drop(columns=["share_low", "share_high"])
    chosen = [
        "label", "share", "share_least", "rank", "rank_best", "robustness_value", "robustness_value_shown", "slope",
        "benchmark", "left_effect", "fragile",
    ]  # fmt: skip
    whole = printed(frame, chosen, language)
    shares, places = (_cells(frame, pair, language) for pair in (("share_least", "share_most"), _RANKS))
    rows = [(*r[:2], s, r[3], p, *r[5:]) for r, s, p in zip(whole.rows, shares, places, strict=True)]
    return Printed(headers([GLOSSARY[c] for c in chosen], language), tuple(rows), whole.numeric)


_RANKS = ("rank_best", "rank_worst")


def _cells(frame: pd.DataFrame, pair: tuple[str, str], language: Language) -> list[str]:
    """From lowest to highest, for each driver."""
    how = "count" if pair == _RANKS else "percent1"
    return [range_cell(row[pair[0]], row[pair[1]], how, language) for _, row in frame.iterrows()]


@legend.register
def _(result: DriverRobustness) -> Sentence:
    return sentence(
        "Dot with line: the share in this report; symbols below it: the share in other ways of computing; band: its "
        "range if one of the other drivers had not been asked. Symbols that lie together: it makes no difference."
    )
