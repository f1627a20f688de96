"""Groups of customers: what is said of them, their picture and their table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.equality import ALL, MEAN
from drivers.analyses.segments import SegmentImportance
from drivers.glossary import GLOSSARY
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, headers, number_cell, p_cell, said_cell
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()
MOST_TOLD = 3
MOST_DRAWN = 6
"""Groups beyond which a picture cannot be read; the table has them all."""
_MARKS = ("o", "s", "^", "D", "v", "P")
_COLOURS = (ACCENT, WARM, INK, MUTED, "#7a5195", "#5b8c2a")


@explain.register
def _(result: SegmentImportance) -> tuple[Sentence, ...]:
    return (_lead(result), *_pairs(result), *_unseen(result), _means(result), *_left_out(result))


def groups_lines(results: Sequence[SegmentImportance]) -> list[Sentence]:
    """What is said of several divisions into groups: those without a difference once, together."""
    alike = [result for result in results if not _differs(result)]
    if len(alike) < 2:
        return [line for result in results for line in explain(result)]
    lines = [line for result in results if _differs(result) for line in explain(result)]
    level = [result for result in alike if not _means_differ(result)]
    lines.append(sentence(_ALL_ALIKE, segments=[result.label for result in alike]))
    lines += _unseen_in(alike)
    lines += [_means(result) for result in alike if _means_differ(result)]
    lines += [sentence(_ALL_LEVEL, segments=[result.label for result in level])] if level else []
    return lines + list(dict.fromkeys(line for result in alike for line in _left_out(result)))


_ALL_ALIKE = "By {segments:list}, no difference is shown between the groups in what drives satisfaction."
_ALL_LEVEL = "That mean satisfaction differs by {segments:list} is not shown."
_ALL_UNSEEN = (
    "That does not prove that they are alike: to be shown here with a chance of 80%, a difference has to be some "
    "{least:number2} to {most:number2} points of satisfaction for one point of a driver."
)


def _unseen_in(alike: Sequence[SegmentImportance]) -> tuple[Sentence, ...]:
    """How large a difference would have been seen, from the division that shows most to the one that shows least."""
    known = sorted((result for result in alike if np.isfinite(result.detectable)), key=lambda one: one.detectable)
    if not known or round(known[0].detectable, 2) == round(known[-1].detectable, 2):
        return _unseen(known[-1]) if known else ()
    return (sentence(_ALL_UNSEEN, least=known[0].detectable, most=known[-1].detectable),)


def _differs(result: SegmentImportance) -> bool:
    return bool(result.differing) or bool(result.tests.set_index("test").loc[ALL, "shown"])


def _means_differ(result: SegmentImportance) -> bool:
    return bool(result.tests.set_index("test").loc[MEAN, "shown"])


def _labels(result: SegmentImportance) -> dict[str, str]:
    return dict(zip(result.table["driver"], result.table["label"], strict=True))


def _lead(result: SegmentImportance) -> Sentence:
    labels = _labels(result)
    if result.differing:
        return sentence(_DIFFER, segment=result.label, names=[labels[d] for d in result.differing])
    overall = result.tests.set_index("test").loc[ALL, "shown"]
    return sentence(_TOGETHER if overall else _ALIKE, segment=result.label)


_DIFFER = "By {segment}, satisfaction is not driven alike in all groups: what differs is the effect of {names:list}."
_TOGETHER = (
    "By {segment}, the effects of the drivers taken together differ between the groups, but that is shown of no "
    "driver alone."
)
_ALIKE = "By {segment}, no difference is shown between the groups in what drives satisfaction."


def _pairs(result: SegmentImportance) -> tuple[Sentence, ...]:
    """For the drivers that differ, the two groups that lie furthest apart."""
    rows = result.differences[result.differences["shown"]]
    slopes = result.table.set_index(["driver", "segment_group"])["slope"]
    lines = []
    for driver in result.differing[:MOST_TOLD]:
        own = rows[rows["driver"] == driver]
        if own.empty:
            continue
        row = own.loc[own["slope_difference"].abs().idxmax()]
        lines.append(_pair(row, slopes[driver]))
    return tuple(lines)


def _pair(row: pd.Series, slopes: pd.Series) -> Sentence:
    return sentence(
        "One point more on {label} goes with {one:signed2} points of satisfaction in {group} and {two:signed2} in "
        "{other}: a difference of {gap:signed2} ({low:signed2} to {high:signed2}).",
        label=row["label"],
        group=row["segment_group"],
        other=row["other_group"],
        one=slopes[row["segment_group"]],
        two=slopes[row["other_group"]],
        gap=row["slope_difference"],
        low=row["slope_difference_low"],
        high=row["slope_difference_high"],
    )


def _unseen(result: SegmentImportance) -> tuple[Sentence, ...]:
    """How large a difference would have been seen, where none is shown."""
    if result.differing or not np.isfinite(result.detectable):
        return ()
    return (
        sentence(
            "That does not prove that they are alike: to be shown here with a chance of 80%, a difference has to be "
            "some {size:number2} points of satisfaction for one point of a driver.",
            size=result.detectable,
        ),
    )


def _means(result: SegmentImportance) -> Sentence:
    rows = result.groups[result.groups["explained"].notna()].sort_values("mean_satisfaction")
    if not _means_differ(result):
        return sentence("That mean satisfaction differs between these groups is not shown.")
    lowest, highest = rows.iloc[0], rows.iloc[-1]
    return sentence(
        "Mean satisfaction differs: it is lowest in {group} ({low:number1}), highest in {other} ({high:number1}).",
        group=lowest["segment_group"],
        low=lowest["mean_satisfaction"],
        other=highest["segment_group"],
        high=highest["mean_satisfaction"],
    )


def _left_out(result: SegmentImportance) -> tuple[Sentence, ...]:
    rows = result.groups[result.groups["reason"].astype(bool)]
    reasons: dict[str, tuple[Sentence, list[str]]] = {}
    for _, row in rows.iterrows():
        reasons.setdefault(str(row["reason"]), (row["reason"], []))[1].append(row["segment_group"])
    return tuple(sentence("Left out: {names:list} ({reason}).", names=n, reason=r) for r, n in reasons.values())


@plot.register
def _(result: SegmentImportance, language: Language = ENGLISH) -> Figure:
    slopes = result.table.pivot(index="driver", columns="segment_group", values="slope")
    order = result.table.groupby("driver")["share"].mean().sort_values(ascending=False).index
    names = list(dict.fromkeys(result.table["segment_group"]))[:MOST_DRAWN]
    labels = _labels(result)
    with figure_style():
        figure = new_figure(1.3 + len(order) * (0.2 + 0.1 * len(names)))
        ax = figure.subplots()
        for k, name in enumerate(names):
            _group(ax, result, list(order), name, k, len(names))
        ax.axvline(0, color=INK, linewidth=0.8)
        marked = [f"{short_label(labels[d])}{' ≠' if d in result.differing else ''}" for d in order]
        ax.set_yticks(range(len(order)), marked)
        ax.set(ylim=(len(slopes) - 0.5, -0.5))
        ax.set_xlabel(language.say("Points of satisfaction that go with one point of the driver"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 2)))
        ax.grid(axis="y", visible=False)
        figure.legend(loc="outside upper center", ncols=min(len(names), 4), frameon=False, fontsize=9)
    return figure


def _group(ax: Axes, result: SegmentImportance, order: list[str], name: str, k: int, groups: int) -> None:
    rows = result.table[result.table["segment_group"] == name].set_index("driver").loc[order]
    places = np.arange(len(order)) + (k - (groups - 1) / 2) * 0.7 / groups
    reach = (rows["slope_high"] - rows["slope"]).to_numpy()
    ax.errorbar(
        rows["slope"].to_numpy(),
        places,
        xerr=np.nan_to_num(reach),
        fmt=_MARKS[k],
        color=_COLOURS[k],
        markersize=5,
        capsize=2,
        linewidth=1.1,
        label=short_label(name),
    )


@legend.register
def _(result: SegmentImportance) -> Sentence:
    return sentence(
        "Each mark: a group, with its interval. Drivers are in the order of their mean share. ≠: a difference between "
        "groups is shown."
    )


@table.register
def _(result: SegmentImportance, language: Language = ENGLISH) -> Printed:
    """Shares with the effect of one point in brackets, one column a group; base and mean satisfaction first."""
    names = list(dict.fromkeys(result.table["segment_group"]))
    groups, tests = result.groups.set_index("segment_group"), result.tests.set_index("test")["p_adjusted"]
    cells = result.table.set_index(["driver", "segment_group"])
    base = (
        headers([GLOSSARY["base"]], language)[0],
        *(number_cell(groups.loc[n, "base"], "count", language) for n in names),
    )
    means = [number_cell(groups.loc[n, "mean_satisfaction"], "number1", language) for n in names]
    mean = headers([GLOSSARY["mean_satisfaction"]], language)[0]
    rows = [(*base, ""), (mean, *means, p_cell(tests[MEAN], language))]
    for driver, label in _labels(result).items():
        own = [_cell(cells.loc[(driver, name)], language) for name in names]
        rows.append((label, *own, p_cell(tests[driver], language)))
    rows.append((language.say("All drivers together"), *[""] * len(names), p_cell(tests[ALL], language)))
    first, last = headers([GLOSSARY["label"], GLOSSARY["p_adjusted"]], language)
    return Printed((first, *names, last), tuple(rows), (False, *[True] * (len(names) + 1)))


def _cell(row: pd.Series, language: Language) -> str:
    if np.isnan(row["slope"]):
        return number_cell(row["share"], "percent", language)
    said = sentence("{share:percent} ({slope:signed2})", share=row["share"], slope=row["slope"])
    return said_cell(said, language, slope=headers([GLOSSARY["slope"]], language)[0])
