"""Who stays, who switches, who takes the work back: words, picture and tables."""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.choice import ExitChoice
from drivers.client.choice import DECISIONS
from drivers.present.drawing import arms
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import short_label
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, WARM, figure_style, new_figure
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

CLEAR = 0.05
"""Adjusted p-value below which a difference or an effect is told."""

_NAMES = {
    "stay": sentence("Stay"),
    "switch": sentence("Switch to another supplier"),
    "backsource": sentence("Take the work back"),
}
_LOOKS = {"stay": (INK, "o"), "switch": (WARM, "s"), "backsource": (ACCENT, "^")}
_LONGEST = 22  # characters of a scale's name beside the picture


def decision_name(decision: str, language: Language) -> str:
    """The printed name of a decision; nothing for none."""
    return language.say(_NAMES[decision]) if decision in _NAMES else ""


@explain.register
def _(result: ExitChoice) -> tuple[Sentence, ...]:
    rows = result.decisions.set_index("decision")
    counts = {f"{name}_n": rows.loc[name, "organisations"] for name in DECISIONS}
    told = sentence(_COUNTS, n=result.organisations, **counts)
    notices = tuple(notice.sentence for notice in result.notices)
    if not result.shown:
        return (sentence(_NOT_SHOWN, scales=list(result.scales["label"]), p=result.p), told, *notices)
    profile = _both(result) or [line for exit_ in DECISIONS[1:] for line in _profile(result, exit_)]
    effects = [line for decision in DECISIONS for line in _effects(result, decision)]
    apart = [line for exit_ in DECISIONS[1:] for line in _apart(result, exit_)]
    return (*profile, told, *effects, *_other_way(result), *apart, *_reliable(result), *notices)


_COUNTS = (
    "Of {n:count} organisations that decided, {stay_n:count} stayed, {switch_n:count} went to another supplier and "
    "{backsource_n:count} took the work back in house."
)
_NOT_SHOWN = (
    "It is not shown that {scales:list} tell who stays, who switches and who takes the work back: without any link, "
    "{p:chance} of surveys look like this one or more so."
)


def _with(template: Sentence, **values: object) -> Sentence:
    return Sentence(template.template, MappingProxyType(values))


def _both(result: ExitChoice) -> list[Sentence]:
    """The lead where those of both exits score lower on something and higher on nothing; else nothing."""
    rows = {exit_: _against_stay(result, exit_) for exit_ in DECISIONS[1:]}
    clear = {exit_: part[part["mean_gap_p"] < CLEAR] for exit_, part in rows.items()}
    if any(part.empty or (part["mean_gap"] > 0).any() for part in clear.values()):
        return []
    lead = sentence(_LEAD, **{exit_: list(part["label"]) for exit_, part in clear.items()})
    alike = {exit_: list(part.loc[part["mean_gap_p"] >= CLEAR, "label"]) for exit_, part in rows.items()}
    return [lead, *(_with(_ALIKE[exit_], scales=names) for exit_, names in alike.items() if names)]


_LEAD = (
    "On {switch:list}, those who switch to another supplier score lower than those who stay; those who take the work "
    "back score lower on {backsource:list}."
)


def _profile(result: ExitChoice, exit_: str) -> tuple[Sentence, ...]:
    """How those of one exit rate the scales, beside those that stay."""
    rows = _against_stay(result, exit_)
    clear = rows["mean_gap_p"] < CLEAR
    parts = {"lower": clear & (rows["mean_gap"] < 0), "higher": clear & (rows["mean_gap"] > 0)}
    lines = [
        _with(_SCORES[exit_, way], scales=[_gap(row) for _, row in rows[part].iterrows()])
        for way, part in parts.items()
        if part.any()
    ]
    alike = list(rows.loc[~clear, "label"])
    return (*lines, *((_with(_ALIKE[exit_], scales=alike),) if alike else ()))


_SCORES = {
    ("switch", "lower"): sentence(
        "Those who switch to another supplier score lower than those who stay: {scales:list}."
    ),
    ("switch", "higher"): sentence(
        "Those who switch to another supplier score higher than those who stay: {scales:list}."
    ),
    ("backsource", "lower"): sentence("Those who take the work back score lower than those who stay: {scales:list}."),
    ("backsource", "higher"): sentence("Those who take the work back score higher than those who stay: {scales:list}."),
}
_ALIKE = {
    "switch": sentence("Between those who switch and those who stay, no difference is shown in {scales:list}."),
    "backsource": sentence(
        "Between those who take the work back and those who stay, no difference is shown in {scales:list}."
    ),
}


def _gap(row: pd.Series) -> Sentence:
    low, high = sorted((abs(row["mean_gap_low"]), abs(row["mean_gap_high"])))
    return sentence(
        "{scale} by {gap:number1} points ({low:number1} to {high:number1})",
        scale=row["label"],
        gap=abs(row["mean_gap"]),
        low=low,
        high=high,
    )


def _against_stay(result: ExitChoice, exit_: str) -> pd.DataFrame:
    rows = result.contrasts
    return rows[(rows["decision"] == exit_) & (rows["other_decision"] == "stay")]


def _effects(result: ExitChoice, decision: str) -> tuple[Sentence, ...]:
    """Of which scales a point more goes with more or fewer of this decision."""
    rows = result.effects
    rows = rows[(rows["decision"] == decision) & (rows["decision_effect_p"] < CLEAR)]
    ways = {"more": rows["decision_effect"] > 0, "fewer": rows["decision_effect"] < 0}
    return tuple(
        _with(_POINT[decision, way], scales=[_effect(row) for _, row in rows[part].iterrows()])
        for way, part in ways.items()
        if part.any()
    )


_POINT = {
    ("stay", "more"): sentence("With one point more, the others equal, more organisations stay: {scales:list}."),
    ("stay", "fewer"): sentence("With one point more, the others equal, fewer organisations stay: {scales:list}."),
    ("switch", "more"): sentence("With one point more, the others equal, more switch: {scales:list}."),
    ("switch", "fewer"): sentence("With one point more, the others equal, fewer switch: {scales:list}."),
    ("backsource", "more"): sentence("With one point more, the others equal, more take the work back: {scales:list}."),
    ("backsource", "fewer"): sentence(
        "With one point more, the others equal, fewer take the work back: {scales:list}."
    ),
}


def _effect(row: pd.Series) -> Sentence:
    ends = sorted((abs(row["decision_effect_low"]), abs(row["decision_effect_high"])))
    if row["decision_effect_low"] * row["decision_effect_high"] <= 0:
        ends = [0.0, max(ends)]
    return sentence(
        "{scale} {effect:pp1} percentage points ({low:pp1} to {high:pp1})",
        scale=row["label"],
        effect=abs(row["decision_effect"]),
        low=ends[0],
        high=ends[1],
    )


def _other_way(result: ExitChoice) -> tuple[Sentence, ...]:
    rows = result.effects[(result.effects["decision"] != "stay") & (result.effects["decision_effect"] > 0)]
    return (sentence(_NO_CONTRADICTION),) if (rows["decision_effect_p"] < CLEAR).any() else ()


_NO_CONTRADICTION = (
    "That a better score can go with more of one exit is no contradiction: who does not leave in one way may leave in "
    "the other."
)


def _apart(result: ExitChoice, exit_: str) -> tuple[Sentence, ...]:
    """Which scale sets those of one exit most apart from those that stay."""
    rows = _against_stay(result, exit_)
    clear = rows[rows["decision_odds_p"] < CLEAR]
    if clear.empty or len(rows) < 2:
        return ()
    top = clear.loc[clear["decision_share"].idxmax()]
    ends = {"low": top["decision_share_low"], "high": top["decision_share_high"]}
    return (_with(_SETS_APART[exit_], scale=top["label"], share=top["decision_share"], **ends),)


_SETS_APART = {
    "switch": sentence(
        "Of what sets those who switch apart from those who stay, {scale} makes up {share:percent} ({low:percent} to "
        "{high:percent})."
    ),
    "backsource": sentence(
        "Of what sets those who take the work back apart from those who stay, {scale} makes up {share:percent} "
        "({low:percent} to {high:percent})."
    ),
}


def _reliable(result: ExitChoice) -> tuple[Sentence, ...]:
    rows = result.scales
    alpha = rows["alpha"].dropna()
    said = (_range(_ALPHA, alpha.min(), alpha.max()),) if len(alpha) else ()
    known = rows.dropna(subset=["mean_reliability"])
    if known.empty:
        return said
    alike = _range(_SHARES, known["agreement"].min(), known["agreement"].max())
    mean = _range(_RELIABILITIES, known["mean_reliability"].min(), known["mean_reliability"].max())
    return (*said, sentence(_AGREE, alike=alike, mean=mean))


def _range(templates: tuple[Sentence, Sentence], low: float, high: float) -> Sentence:
    """From the least to the most, or one number where they are printed alike."""
    one, two = templates
    return _with(one, x=low) if round(low, 2) == round(high, 2) else _with(two, low=low, high=high)


_ALPHA = (
    sentence("The reliability of the scales (Cronbach's alpha) is {x:number2}."),
    sentence("The reliability of the scales (Cronbach's alpha) runs from {low:number2} to {high:number2}."),
)
_SHARES = sentence("{x:percent}"), sentence("{low:percent} to {high:percent}")
_RELIABILITIES = sentence("{x:number2}"), sentence("{low:number2} to {high:number2}")
_AGREE = (
    "Of the differences in their scores, {alike} lies between organisations; an organisation's mean has a reliability "
    "of {mean}. What these means measure with error mostly makes links look weaker than they are."
)


@plot.register
def _(result: ExitChoice, language: Language = ENGLISH) -> Figure:
    scales = list(result.scales["label"])
    with figure_style():
        figure = new_figure(1.5 + 0.62 * len(scales), 8.4)
        left, right = figure.subplots(1, 2, sharey=True)
        for place, decision in enumerate(DECISIONS):
            offset = 0.22 * (place - 1)
            _points(left, result.profile, "scale_mean", (decision, offset), language)
            effects = result.effects[~result.effects["held"].astype(bool)]
            _points(right, effects, "decision_effect", (decision, offset), language)
        left.set_yticks(range(len(scales)), [short_label(scale, _LONGEST) for scale in scales])
        left.set_ylim(len(scales) - 0.5, -0.5)
        left.set_xlabel(language.say("Mean rating"))
        left.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 1)))
        right.axvline(0, color=INK, linewidth=0.8)
        right.set_xlabel(language.say("One point more: percentage points"))
        right.xaxis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "pp", 0)))
        for ax in (left, right):
            ax.grid(axis="y", visible=False)
        handles, names = left.get_legend_handles_labels()
        figure.legend(handles, names, loc="outside upper center", ncols=3, frameon=False)
    return figure


def _points(ax: Axes, rows: pd.DataFrame, column: str, look: tuple[str, float], language: Language) -> None:
    """One decision's values with their intervals, a little above or below its scale."""
    decision, offset = look
    colour, mark = _LOOKS[decision]
    rows = rows[rows["decision"] == decision]
    ax.errorbar(
        rows[column], np.arange(len(rows)) + offset, xerr=arms(rows, column), fmt=mark, color=colour, markersize=5,
        capsize=2, linewidth=1.2, label=decision_name(decision, language),
    )  # fmt: skip


@legend.register
def _(result: ExitChoice) -> Sentence:
    return sentence(
        "Left: mean rating of each scale, by what organisations decided. Right: how many more or fewer of them decide "
        "so with one point more, the other scales being equal; over the three decisions this adds up to 0."
    )


@table.register
def _(result: ExitChoice, language: Language = ENGLISH) -> Printed:
    means = result.profile.set_index(["label", "decision"])
    frame = result.effects.join(means, on=["label", "decision"])
    columns = ["label", "decision", "scale_mean", "decision_effect", "decision_effect_p"]
    return printed(_named(frame, language), columns, language)


def contrast_table(result: ExitChoice, language: Language) -> Printed:
    """What sets each two decisions apart, scale by scale."""
    frame = _named(result.contrasts, language)
    pairs = zip(frame["decision"], frame["other_decision"], strict=True)
    frame["decision"] = [language.say("{upper} against {lower}", upper=one, lower=other) for one, other in pairs]
    return printed(frame, ["decision", "label", "mean_gap", "mean_gap_p", "decision_share"], language)


def _named(frame: pd.DataFrame, language: Language) -> pd.DataFrame:
    columns = [column for column in ("decision", "other_decision", "likely_exit") if column in frame]
    return frame.assign(**{c: [decision_name(name, language) for name in frame[c]] for c in columns})
