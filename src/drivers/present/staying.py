"""How long satisfied customers stay: sentences, picture and table; completes the verbs."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.followed import YEARS
from drivers.analyses.survival import SatisfactionSurvival
from drivers.present.drawing import NumberTicks
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.names import group_name
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, MUTED, WARM, figure_style, new_figure
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

_LEVEL = 0.05  # below it a test is said to show something


@explain.register
def _(result: SatisfactionSurvival) -> tuple[Sentence, ...]:
    kept = _kept(result)
    late = (sentence(_LATE, n=result.late),) if result.late else ()
    if result.separated:
        return (sentence(_SEPARATED), kept, *late)
    asked = () if result.terms.asked_first else (sentence(_ASKED_AFTER),)
    return (_lead(result), kept, *_gap(result), *_drift(result), *asked, *late)


_SEPARATED = (
    "Whether satisfied customers stay longer cannot be judged from these data: the answers tell who left from who was "
    "still there (almost) without error, as they do when satisfaction is asked when or after customers leave."
)
_LATE = "Not counted here, because they had gone before they were asked: {n:count} customers."
_ASKED_AFTER = (
    "The time counts from the start of the relation, but satisfaction was asked later. This describes who has stayed "
    "long; it does not foretell who will. To foretell, follow customers from the interview on."
)


def _lead(result: SatisfactionSurvival) -> Sentence:
    if not len(result.model):
        return sentence(_NO_MODEL)
    ratio, low, high = result.model.iloc[0][["hazard_ratio", "hazard_ratio_low", "hazard_ratio_high"]].astype(float)
    if high < 1:
        return sentence(_LONGER, change=1 - ratio, low=1 - high, high=1 - low)
    return sentence(_SHORTER if low > 1 else _NOT_SHOWN, change=ratio - 1, low=low - 1, high=high - 1)


_LONGER = (
    "Satisfied customers stayed longer: with one point more the chance of leaving at any moment was {change:percent} "
    "lower ({low:percent} to {high:percent})."
)
_SHORTER = (
    "In these data more satisfied customers left sooner: with one point more the chance of leaving at any moment was "
    "{change:percent} higher ({low:percent} to {high:percent}). Find out why before acting on satisfaction."
)
_NOT_SHOWN = (
    "In these data it is not shown that satisfied customers stay longer: with one point more the chance of leaving at "
    "any moment differed by {change:percent} ({low:percent} to {high:percent})."
)
_NO_MODEL = "Too few customers left in the time followed to say how the chance of leaving goes with satisfaction."


def _kept(result: SatisfactionSurvival) -> Sentence:
    """What was left of all customers after a year, and after the longest time."""
    curve = result.curve[result.curve["group"] == "all"].set_index("time")
    year, end = YEARS[result.terms.unit], float(curve.index.max())
    last = {"end": _span(end, result), "there": curve.loc[end, "still_there"]}
    if not year < end:
        return sentence("Of all customers followed {there:percent1} were still there after {end}.", **last)
    first = {"year": _span(year, result), "kept": curve.loc[year, "still_there"]}
    if not 2 * year < end:
        return sentence(_KEPT, **first, **last)
    second = {"twice": _span(2 * year, result), "after": curve.loc[2 * year, "still_there"]}
    return sentence(_KEPT_LONG, **first, **second, **last)


_KEPT = "Of all customers followed {kept:percent1} were still there after {year}, and {there:percent1} after {end}."
_KEPT_LONG = (
    "Of all customers followed {kept:percent1} were still there after {year}, {after:percent1} after {twice} and "
    "{there:percent1} after {end}."
)


def _span(time: float, result: SatisfactionSurvival) -> Sentence:
    one, many = _UNITS[result.terms.unit]
    found = one if time == 1 else many if time == int(time) else _PARTS[result.terms.unit]
    return replace(found, values=MappingProxyType({"n": time}))


_UNITS = {
    "day": (sentence("{n:number} day"), sentence("{n:number} days")),
    "week": (sentence("{n:number} week"), sentence("{n:number} weeks")),
    "month": (sentence("{n:number} month"), sentence("{n:number} months")),
    "quarter": (sentence("{n:number} quarter"), sentence("{n:number} quarters")),
    "year": (sentence("{n:number} year"), sentence("{n:number} years")),
}
_PARTS = {
    "day": sentence("{n:number1} days"),
    "week": sentence("{n:number1} weeks"),
    "month": sentence("{n:number1} months"),
    "quarter": sentence("{n:number1} quarters"),
    "year": sentence("{n:number1} years"),
}


def _gap(result: SatisfactionSurvival) -> tuple[Sentence, ...]:
    low, high = result.gap_low, result.gap_high
    if not np.isfinite([result.gap, low, high]).all():
        return ()
    horizon, unit = _span(result.horizon, result), _PARTS[result.terms.unit]
    turned = high < 0
    values = [abs(v) for v in ((result.gap, high, low) if turned else (result.gap, low, high))]
    if not (low > 0 or turned):
        values = [result.gap, low, high]
    shown = {
        name: replace(unit, values=MappingProxyType({"n": v}))
        for name, v in zip(("gap", "low", "high"), values, strict=True)
    }
    known = result.group_p == result.group_p
    test = (sentence(_TEST, p=result.group_p),) if known else ()
    return (sentence(_LESS if turned else _MORE if low > 0 else _ALIKE, horizon=horizon, **shown), *test)


_MORE = (
    "Of the first {horizon}, satisfied customers were there {gap} more on average than dissatisfied ones ({low} to "
    "{high}), other characteristics as they happened to be."
)
_LESS = (
    "Of the first {horizon}, satisfied customers were there {gap} less on average than dissatisfied ones ({low} to "
    "{high}), other characteristics as they happened to be."
)
_ALIKE = (
    "Of the first {horizon}, no difference between satisfied and dissatisfied customers is shown in how long they were "
    "there: {gap} ({low} to {high})."
)
_TEST = "If all groups left alike, curves as far apart would come up in {p:chance} of surveys (log-rank test)."


def _drift(result: SatisfactionSurvival) -> tuple[Sentence, ...]:
    """Whether the hazard ratio of satisfaction changes through time, where it is shown to be other than 1."""
    if not len(result.model):
        return ()
    row = result.model.iloc[0]
    shown = row["hazard_ratio_high"] < 1 or row["hazard_ratio_low"] > 1
    if not shown or not row["constant_p"] < _LEVEL:
        return ()
    fading = (row["hazard_ratio"] < 1) == (row["hazard_drift"] > 0)
    return (sentence(_FADES if fading else _GROWS, p=row["constant_p"]),)


_FADES = (
    "The difference becomes smaller the longer customers are there; the figure is an average over time (if it were "
    "constant, as large a change would come up in {p:chance} of surveys)."
)
_GROWS = (
    "The difference becomes larger the longer customers are there; the figure is an average over time (if it were "
    "constant, as large a change would come up in {p:chance} of surveys)."
)


@plot.register
def _(result: SatisfactionSurvival, language: Language = ENGLISH) -> Figure:
    with figure_style():
        figure = new_figure(3.6)
        ax = figure.subplots()
        for name, rows in result.curve.groupby("group", sort=False):
            _step(ax, rows, str(name), language)
        ax.set(ylim=(0, 1.02), xlim=(0, None))
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say(_AXES[result.terms.unit]))
        ax.set_ylabel(language.say("Share of customers still there"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))
        ax.legend(loc="lower left", frameon=False, fontsize=9)
    return figure


_LOOKS = {"dissatisfied": (WARM, "-"), "in_between": (MUTED, "-"), "satisfied": (ACCENT, "-"), "all": (INK, ":")}
_ALL = sentence("All customers")
_AXES = {
    "day": sentence("Days"),
    "week": sentence("Weeks"),
    "month": sentence("Months"),
    "quarter": sentence("Quarters"),
    "year": sentence("Years"),
}


def _step(ax: Axes, rows: pd.DataFrame, name: str, language: Language) -> None:
    colour, line = _LOOKS[name]
    label = language.say(_ALL) if name == "all" else group_name(name, language)
    ax.step(rows["time"], rows["still_there"], line, where="post", color=colour, linewidth=2, label=label)
    if name != "all":
        ends = (rows["still_there_low"], rows["still_there_high"])
        ax.fill_between(rows["time"], *ends, step="post", color=colour, alpha=0.15, linewidth=0)


@legend.register
def _(result: SatisfactionSurvival) -> Sentence:
    if not np.isfinite(result.horizon):
        return sentence(_LINES)
    return sentence(_LINES_AND_TABLE, lines=sentence(_LINES), horizon=_span(result.horizon, result))


_LINES = "Lines: share of each group still there; bands: its interval. A line ends where few were followed."
_LINES_AND_TABLE = (
    "{lines} Table: share still there after {horizon}, and mean time there within them; times in the same unit."
)


@table.register
def _(result: SatisfactionSurvival, language: Language = ENGLISH) -> Printed:
    shown = result.groups[~result.groups["suppressed"]]
    names = [language.say(_ALL) if g == "all" else group_name(g, language) for g in shown["group"]]
    columns = ["group", "base", "leavers", "still_there", "median_time", "mean_time"]
    return printed(shown.assign(group=names), columns, language)
