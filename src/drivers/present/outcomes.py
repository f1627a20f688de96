"""Importance for other outcomes, dominance and commonality: what is said about them, and how they are shown."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.commonality import DriverCommonality
from drivers.analyses.comparison import OutcomeComparison
from drivers.analyses.dominance import DriverDominance
from drivers.analyses.ranking import OutcomeImportance
from drivers.glossary import GLOSSARY
from drivers.present.drawing import arms, bars
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Cell, Number, Printed, headers, number_cell, printed
from drivers.present.ranking import LEADING
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

CHANCE = 0.05
"""Above this probability a fit is called one that chance could give."""


@explain.register
def _(result: OutcomeImportance) -> tuple[Sentence, ...]:
    explained = sentence(
        "Together the drivers explain {share:percent1} of what there is to explain of {outcome} ({low:percent1} to "
        "{high:percent1}).",
        share=result.explained,
        outcome=result.outcome,
        low=result.explained_low,
        high=result.explained_high,
    )
    if result.chance > CHANCE:
        return (sentence("No driver is shown to matter for {outcome}.", outcome=result.outcome), explained)
    first = result.table.iloc[0]
    sure = first["first_probability"] >= LEADING
    lead = sentence(
        _SURE if sure else _UNSURE,
        label=first["label"],
        outcome=result.outcome,
        share=first["share"],
        low=first["share_low"],
        high=first["share_high"],
        probability=first["first_probability"],
    )
    return (lead, explained)


_SURE = (
    "{label} has the largest share in what the drivers explain of {outcome}: {share:percent} ({low:percent} to "
    "{high:percent})."
)
_UNSURE = (
    "Which driver comes first for {outcome} is not settled: {label} has the largest share, {share:percent} "
    "({low:percent} "
    "to {high:percent}), but only a probability of {probability:chance} of rank 1."
)


@explain.register
def _(result: OutcomeComparison) -> tuple[Sentence, ...]:
    views = result.views.set_index("view")
    satisfied = [view for view in views.index if view in ("top_box", "ordered")]
    changed = {view: line for view in satisfied if (line := _changed_line(result, view)) is not None}
    held = [result.names[view] for view in satisfied if view not in changed]
    lines = [*([sentence(_HELD, views=held)] if held else []), *changed.values()]
    if "leaving" in views.index:
        lines.append(_leaving_line(result, views.loc["leaving"]))
    return (*lines, *result.unanswered) or (_ALONE,)


_ALONE = sentence("There is no other view of the outcome to hold the ranking against.")

WORTH_TELLING = 0.05
"""A share that changes by less makes no difference to what a board decides."""


def _changed_line(result: OutcomeComparison, view: str) -> Sentence | None:
    """Which drivers come first now, and the largest change worth telling; None where there is neither."""
    rows = result.table[result.table["view"] == view]
    same = bool(result.views.set_index("view").loc[view, "same_order"])
    large = rows[rows["moved"] & (rows["share_change"].abs() >= WORTH_TELLING)]
    values: dict[str, object] = {"view": result.names[view], "first": list(rows.nsmallest(3, "rank")["label"])}
    if large.empty:
        return None if same else sentence(_REORDERED, **values)
    most = large.loc[large["share_change"].abs().idxmax()]
    values |= {"label": most["label"], "before": most["share"] - most["share_change"], "after": most["share"]}
    return sentence(_HOLDS_MOVED if same else _REORDERED_MOVED, **values)


_HELD = (
    "The ranking also holds for {views:list}: the first three are the same, and no share is shown to change by 5 "
    "percentage points or more."
)
_REORDERED = (
    "For {view}, the first three are {first:list}, in this order; no share is shown to change by 5 percentage points "
    "or more."
)
_HOLDS_MOVED = (
    "For {view}, the first three are the same. The largest change of a share beyond chance: {label}, from "
    "{before:percent} to {after:percent}."
)
_REORDERED_MOVED = (
    "For {view}, the first three are {first:list}, in this order. The largest change of a share beyond chance: "
    "{label}, from {before:percent} to {after:percent}."
)


def _leaving_line(result: OutcomeComparison, row: pd.Series) -> Sentence:
    sure = row["first_probability"] >= LEADING
    rows = result.table[result.table["view"] == "leaving"]
    first = rows.loc[rows["rank"].idxmin()]
    return sentence(
        _LEAVING if sure else _LEAVING_UNSURE,
        outcome=result.names["leaving"],
        label=row["first_driver"],
        share=row["share"],
        low=first["share_low"],
        high=first["share_high"],
        explained=row["explained_share"],
        probability=row["first_probability"],
    )


_LEAVING = (
    "For {outcome}, {label} has the largest share: {share:percent} ({low:percent} to {high:percent}) of what the "
    "aspects explain of it, which is {explained:percent1} (McFadden's measure)."
)
_LEAVING_UNSURE = (
    "Which aspect matters most for {outcome} is not settled: {label} has the largest share, with a probability of "
    "{probability:chance} of rank 1; together the aspects explain {explained:percent1} of it (McFadden's measure)."
)


@explain.register
def _(result: DriverDominance) -> tuple[Sentence, ...]:
    rows = result.table
    complete = rows[rows["dominance"] == "complete"]
    first = rows[rows["driver"] == rows["driver"].iloc[0]]
    lead = sentence(
        "In {complete:count} of {pairs:count} pairs one driver adds more than the other whatever else is in the model.",
        complete=len(complete),
        pairs=len(rows),
    )
    weakest = first.loc[first["general_reproduced"].idxmin()]
    top = sentence(
        "{label} has the largest share; the pair least sure to come out again is that with {other}: larger in "
        "{again:chance} of the resamples.",
        label=weakest["label"],
        other=weakest["other_label"],
        again=weakest["general_reproduced"],
    )
    return (lead, top)


@explain.register
def _(result: DriverCommonality) -> tuple[Sentence, ...]:
    first = result.table.iloc[0]
    shared = sentence(
        "Of the {explained:percent1} of the differences in satisfaction that the drivers explain, "
        "{common:percent} cannot "
        "be ascribed to a single one of them.",
        explained=result.r_squared,
        common=result.common,
    )
    own = sentence(
        "{label} explains most that no other driver does: {unique:percent1} of all differences ({low:percent1} to "
        "{high:percent1}).",
        label=first["label"],
        unique=first["unique"],
        low=first["unique_low"],
        high=first["unique_high"],
    )
    hidden = result.parts["part"].min()
    return (shared, own, *([_SUPPRESSION] if hidden < -0.01 else []))


_SUPPRESSION = sentence(
    "Some parts are negative: a driver hides what another explains (suppression), and both explain more together."
)


@table.register
def _(result: OutcomeImportance, language: Language = ENGLISH) -> Printed:
    chosen = ["label", "share", "rank", "first_probability", "letters", "odds_ratio", "tjur_share"]
    known = [name for name in chosen if result.table[name].notna().any()]
    return printed(result.table, known, language)


@table.register
def _(result: OutcomeComparison, language: Language = ENGLISH) -> Printed:
    """Shares with their ranks, one column a view; a share that is shown to differ has a star."""
    views = list(result.views["view"])
    cells = result.table.set_index(["label", "view"])
    rows = tuple(
        (label, *(_share_cell(cells.loc[(label, view)], language) for view in views))
        for label in dict.fromkeys(result.table["label"])
    )
    names = (language.say(result.names[view]) for view in views)
    return Printed((*headers([GLOSSARY["label"]], language), *names), rows, (False, *[True] * len(views)))


def _share_cell(row: pd.Series, language: Language) -> str:
    star, (place,) = "*" if row["moved"] else "", headers([GLOSSARY["rank"]], language)
    share, rank = (number_cell(row[name], how, language) for name, how in (("share", "percent"), ("rank", "count")))
    moved = (Number(1.0, "count", language.say("difference shown")),) if star else ()
    return Cell(f"{share} ({rank}){star}", *share.numbers, Number(float(row["rank"]), "count", place), *moved)


@table.register
def _(result: DriverCommonality, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["label", "unique", "common", "alone"], language)


@plot.register
def _(result: OutcomeImportance, language: Language = ENGLISH) -> Figure:
    rows = result.table.assign(label=[short_label(label) for label in result.table["label"]])
    with figure_style():
        figure = new_figure(0.9 + 0.34 * len(rows))
        ax = figure.subplots()
        bars(ax, rows, "share", np.where(rows["letters"].str.contains("A", regex=False), ACCENT, MUTED))
        top = float(np.nanmax(rows["share_high"]))
        ax.set(xlim=(0, top * 1.08), ylabel="")
        ax.set_xlabel(language.say("Share of what the drivers explain of {outcome}", outcome=result.outcome))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 0)))
    return figure


@plot.register
def _(result: OutcomeComparison, language: Language = ENGLISH) -> Figure:
    views = list(result.views["view"])
    labels = [short_label(label) for label in dict.fromkeys(result.table["label"])]
    with figure_style():
        figure = new_figure(1.2 + 0.2 * len(labels) * max(2, len(views)))
        ax = figure.subplots()
        for k, view in enumerate(views):
            rows = result.table[result.table["view"] == view].reset_index(drop=True)
            place = np.arange(len(rows)) + (k - (len(views) - 1) / 2) * 0.18
            mark, colour = "osD^"[k], (ACCENT, WARM, INK, MUTED)[k]
            ax.errorbar(
                rows["share"], place, xerr=arms(rows, "share"), fmt=mark, color=colour, markersize=5, capsize=2,
                linewidth=1.1, label=language.say(result.names[view]),
            )  # fmt: skip
        ax.set_yticks(range(len(labels)), labels)
        ax.invert_yaxis()
        ax.set(xlim=(0, None), ylabel="")
        ax.set_xlabel(language.say("Share of what the drivers explain"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 0)))
        ax.legend(frameon=False, fontsize=8)
    return figure


@plot.register
def _(result: DriverCommonality, language: Language = ENGLISH) -> Figure:
    rows = result.table.assign(label=[short_label(label) for label in result.table["label"]])
    with figure_style():
        figure = new_figure(0.9 + 0.34 * len(rows))
        ax = figure.subplots()
        bars(ax, rows, "unique", np.full(len(rows), ACCENT))
        ax.set(xlim=(0, float(np.nanmax(rows["unique_high"])) * 1.08), ylabel="")
        ax.set_xlabel(language.say("Differences in satisfaction that this driver explains and no other"))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "percent", 1)))
    return figure


@legend.register
def _(result: OutcomeImportance) -> Sentence:
    return sentence("In colour: the driver with the largest share and those that cannot be told apart from it.")


@legend.register
def _(result: OutcomeComparison) -> Sentence:
    return sentence("One mark for each view of the outcome, in the order of the ranking.")


@legend.register
def _(result: DriverCommonality) -> Sentence:
    return sentence("What is left when all other drivers are in the model already.")
