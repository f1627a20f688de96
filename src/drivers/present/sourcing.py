"""Onshore and offshore: what is said of the gap and of what it runs through, its picture and its table."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.routes import DIRECT, FIX, OTHERS, REPEATS
from drivers.analyses.sourcing import SATISFACTION, SiteGap
from drivers.present.drawing import bars
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

_NAMES = {
    FIX: sentence("Solved the first time"),
    REPEATS: sentence("Repeat contacts"),
    OTHERS: sentence("The other aspects"),
    DIRECT: sentence("None of these aspects"),
}


@explain.register
def _(result: SiteGap) -> tuple[Sentence, ...]:
    return tuple(line for lines in gap_paragraphs(result) for line in lines)


def gap_paragraphs(result: SiteGap) -> tuple[tuple[Sentence, ...], ...]:
    """What is said of the gap, in paragraphs: the lead, what differs, what it goes along, what it rests on."""
    rows = result.table.set_index("measure")
    others = [line for name in (FIX, REPEATS) if name in rows.index for line in _operational(name, rows.loc[name])]
    return (
        (_lead(rows.loc[SATISFACTION]),),
        (*others, _points(result, rows.loc[SATISFACTION])),
        _routes(result),
        (_centres(result), sentence(_NO_LOT)),
    )


_NO_LOT = (
    "Which centre a contact went to was not decided by lot. So this is what goes with the site; centres may differ in "
    "more than that."
)


def _ends(row: pd.Series, name: str) -> tuple[float, float]:
    return float(row[f"{name}_low"]), float(row[f"{name}_high"])


def _relative(row: pd.Series) -> dict[str, float]:
    """Size of a relative gap and its ends, without sign, smallest first."""
    low, high = sorted(map(abs, _ends(row, "relative_gap")))
    return {"size": abs(row["relative_gap"]), "low": low, "high": high}


def _lead(row: pd.Series) -> Sentence:
    low, high = _ends(row, "relative_gap")
    means = {"home": row["onshore_mean"], "away": row["offshore_mean"]}
    if not low <= high:
        return sentence("How far satisfaction differs offshore cannot be said from these contacts.")
    if low <= 0 <= high:
        return sentence(_ALIKE, least=-low, most=high, **means)
    return sentence(_LOWER if high < 0 else _HIGHER, **_relative(row), **means)


_LOWER = (
    "Offshore, satisfaction is {size:percent} lower than onshore ({low:percent} to {high:percent}): on average "
    "{away:number1} against {home:number1}."
)
_HIGHER = (
    "Offshore, satisfaction is {size:percent} higher than onshore ({low:percent} to {high:percent}): on average "
    "{away:number1} against {home:number1}."
)
_ALIKE = (
    "That satisfaction differs between onshore and offshore is not shown: on average {home:number1} onshore and "
    "{away:number1} offshore. It may be up to {least:percent} lower offshore, or {most:percent} higher."
)


def _operational(name: str, row: pd.Series) -> tuple[Sentence, ...]:
    """First-time fix or repeats: what is shown of them, or that nothing is."""
    low, high = _ends(row, "relative_gap" if name == FIX else "site_gap")
    values = {"home": row["onshore_mean"], "away": row["offshore_mean"]}
    if not low <= high:
        return ()
    if name == FIX:
        if low <= 0 <= high:
            return (sentence(_FIXED_ALIKE, least=-low, most=high, **values),)
        return (sentence(_FIXED_LESS if high < 0 else _FIXED_MORE, **values, **_relative(row)),)
    gap = {"gap": row["site_gap"], "low": low, "high": high}
    return (sentence(_BACK_ALIKE if low <= 0 <= high else _BACK, **values, **gap),)


_FIXED_LESS = (
    "Of the questions, {away:percent} are solved the first time offshore and {home:percent} onshore: {size:percent} "
    "less often ({low:percent} to {high:percent})."
)
_FIXED_MORE = (
    "Of the questions, {away:percent} are solved the first time offshore and {home:percent} onshore: {size:percent} "
    "more often ({low:percent} to {high:percent})."
)
_FIXED_ALIKE = (
    "That questions are solved the first time more or less often offshore is not shown: {away:percent} offshore, "
    "{home:percent} onshore; it may be up to {least:percent} less often, or {most:percent} more often."
)
_BACK = (
    "On one question a customer comes back {away:number2} times offshore and {home:number2} times onshore, a "
    "difference of {gap:signed2} ({low:signed2} to {high:signed2})."
)
_BACK_ALIKE = (
    "That customers come back more or less often offshore is not shown: {away:number2} times on one question "
    "offshore, {home:number2} times onshore, a difference of {gap:signed2} ({low:signed2} to {high:signed2})."
)


def _points(result: SiteGap, row: pd.Series) -> Sentence:
    low, high = _ends(row, "site_gap")
    values = {"gap": row["site_gap"], "low": low, "high": high, "names": list(result.mix)}
    values |= {"held": result.gap, "least": result.gap_low, "most": result.gap_high}
    return sentence(_IN_POINTS_MIXED if result.mix else _IN_POINTS, **values)


_IN_POINTS = "In points of satisfaction the difference is {gap:signed2} ({low:signed2} to {high:signed2})."
_IN_POINTS_MIXED = (
    "In points of satisfaction the difference is {gap:signed2} ({low:signed2} to {high:signed2}); between customers "
    "who are alike in {names:list} it is {held:signed2} ({least:signed2} to {most:signed2})."
)


def _routes(result: SiteGap) -> tuple[Sentence, ...]:
    """How the gap divides; nothing where there is no gap to divide."""
    if not result.shown or result.paths.empty:
        return ()
    if not np.isfinite(result.through):
        return (sentence(_NO_SHARES),)
    rows = result.paths.set_index("gap_route")
    named = rows.drop(index=[OTHERS, DIRECT], errors="ignore")
    direct = rows.loc[DIRECT]
    labels = [_label(str(name), label) for name, label in zip(named.index, named["label"], strict=True)]
    shares = [_part(row) for _, row in named.iterrows()]
    parts = [sentence(_PART, label=label, **share) for label, share in zip(labels, shares, strict=True)]
    whole = {"through": result.through, "low": result.through_low, "high": result.through_high}
    through = sentence(_THROUGH if len(parts) > 1 else _THROUGH_ONE, parts=parts, label=labels[0], **whole)
    return (through, sentence(_BESIDE, **_part(direct)))


def _part(row: pd.Series) -> dict[str, float]:
    return {"share": row["gap_share"], "low": row["gap_share_low"], "high": row["gap_share_high"]}


_PART = "‘{label}’ {share:percent} ({low:percent} to {high:percent})"
_THROUGH = (
    "Of this gap {through:percent} ({low:percent} to {high:percent}) goes with the aspects that the client file names "
    "for it: {parts:list}."
)
_THROUGH_ONE = "Of this gap {through:percent} ({low:percent} to {high:percent}) goes with ‘{label}’."
_BESIDE = (
    "With none of the measured aspects goes {share:percent} ({low:percent} to {high:percent}): what else is different "
    "offshore, this survey did not ask."
)
_NO_SHARES = (
    "What the gap goes with is not given in shares, because some aspects work the other way; the points are in the "
    "figures behind the picture."
)


def _centres(result: SiteGap) -> Sentence:
    return sentence(
        "These margins rest on {onshore:count} centres onshore and {offshore:count} offshore, not on {base:count} "
        "contacts: contacts of one centre are alike.",
        onshore=result.onshore_centres,
        offshore=result.offshore_centres,
        base=result.base,
    )


@plot.register
def _(result: SiteGap, language: Language = ENGLISH) -> Figure:
    drawn = _drawn(result, language)
    colours = np.array([INK, *[MUTED if r in (OTHERS, DIRECT) else ACCENT for r in drawn["gap_route"][1:]]])
    with figure_style():
        figure = new_figure(1.0 + 0.42 * len(drawn))
        ax = figure.subplots()
        bars(ax, drawn, "gap_points", colours)
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.set_xlabel(language.say("Points of satisfaction, offshore less onshore"))
        ax.xaxis.set_major_locator(MaxNLocator(6))
        ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 1)))
    return figure


def _drawn(result: SiteGap, language: Language) -> pd.DataFrame:
    """The whole gap at an equal mix, then what it goes along."""
    ends = {"gap_points": result.gap, "gap_points_low": result.gap_low, "gap_points_high": result.gap_high}
    whole = pd.DataFrame([{"gap_route": "", "label": language.say("The whole gap"), **ends}])
    named = _labelled(result.paths, "gap_route", language) if len(result.paths) else result.paths
    both = pd.concat([whole, named], ignore_index=True) if len(named) else whole
    return both.assign(label=[short_label(text) for text in both["label"]])


def _labelled(frame: pd.DataFrame, column: str, language: Language) -> pd.DataFrame:
    """The frame with the suite's own names where a column has no printed name of its own."""
    named = zip(frame[column], frame["label"], strict=True)
    return frame.assign(label=[language.format_field(_label(key, label), "") for key, label in named])


def _label(key: str, label: str) -> str | Sentence:
    return _NAMES[key] if key in _NAMES and label == key else label


@legend.register
def _(result: SiteGap) -> Sentence:
    return sentence(
        "Top bar: the gap between customers who are alike in what is held equal. Below it: the points that go along "
        "each aspect; they add up to the gap among those who answered all of them."
    )


@table.register
def _(result: SiteGap, language: Language = ENGLISH) -> Printed:
    columns = ["label", "onshore_mean", "offshore_mean", "relative_gap", "relative_gap_low", "relative_gap_high"]
    columns += ["site_gap", "site_gap_low", "site_gap_high", "adjusted_gap", "adjusted_gap_low", "adjusted_gap_high"]
    return printed(_labelled(result.table, "measure", language), [*columns, "base"], language)


def route_table(result: SiteGap, language: Language = ENGLISH) -> Printed:
    """What the gap goes along, as a printed table."""
    ends = [f"{name}{end}" for name in ("gap_points", "gap_share") for end in ("", "_low", "_high")]
    return printed(_labelled(result.paths, "gap_route", language), ["label", *ends], language)
