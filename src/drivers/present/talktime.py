"""Talk time: what is said of it, its picture and its table."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from drivers.analyses.talktime import TalkTime
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, WARM, figure_style, new_figure
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

_OUTCOMES = {"satisfaction": sentence("Satisfaction"), "first_time_fix": sentence("Solved the first time")}
_LEVELS = {"between": sentence("Between contact centres"), "within": sentence("Within a contact centre")}
_SITES = {"onshore": sentence("Onshore"), "offshore": sentence("Offshore")}


@explain.register
def _(result: TalkTime) -> tuple[Sentence, ...]:
    rows = [row for _, row in result.table.iterrows()]
    between = [_between(row, len(result.centres)) for row in rows if row["talk_level"] == "between"]
    inner = [row for row in rows if row["talk_level"] == "within"]
    within = [_within(row) for row in inner if row["shown"]] or [_within(inner[0])]
    turned = _turned(result.table)
    return (*between, *within, *((sentence(_OPPOSITE),) if turned else ()), sentence(_TRIAL))


_TRIAL = (
    "Centres that steer on talk time may differ in more than that. What it does is known for certain only when some "
    "centres stop doing it and others do not."
)
_OPPOSITE = (
    "Between centres and within a centre it is not the same: a long contact may be a hard one, so a single contact "
    "says nothing about steering on talk time."
)


def _shorter(row: pd.Series) -> dict[str, float]:
    """What a minute shorter goes with: the size and its ends, smallest first."""
    low, high = sorted((abs(row["minute_effect_low"]), abs(row["minute_effect_high"])))
    return {"size": abs(row["minute_effect"]), "low": low, "high": high}


def _ends(row: pd.Series) -> dict[str, float]:
    return {"effect": row["minute_effect"], "low": row["minute_effect_low"], "high": row["minute_effect_high"]}


def _between(row: pd.Series, centres: int) -> Sentence:
    fixed = row["talk_outcome"] == "first_time_fix"
    if not row["shown"]:
        return sentence(_FIX_BETWEEN_ALIKE if fixed else _BETWEEN_ALIKE, centres=centres, **_ends(row))
    less = row["minute_effect"] > 0
    if fixed:
        return sentence(_FIX_LESS if less else _FIX_MORE, **_shorter(row))
    return sentence(_LESS if less else _MORE, **_shorter(row))


_LESS = (
    "Centres with shorter contacts have less satisfied customers: where contacts are a minute shorter on average, "
    "satisfaction is {size:number2} points lower ({low:number2} to {high:number2}), at the same site."
)
_MORE = (
    "Centres with shorter contacts have more satisfied customers: where contacts are a minute shorter on average, "
    "satisfaction is {size:number2} points higher ({low:number2} to {high:number2}), at the same site."
)
_BETWEEN_ALIKE = (
    "That centres with shorter contacts have more or less satisfied customers is not shown: a minute longer on "
    "average goes with {effect:signed2} points ({low:signed2} to {high:signed2}) between {centres:count} centres."
)
_FIX_LESS = (
    "Centres with shorter contacts solve fewer questions the first time: {size:pp1} percentage points fewer "
    "({low:pp1} to {high:pp1}) where contacts are a minute shorter."
)
_FIX_MORE = (
    "Centres with shorter contacts solve more questions the first time: {size:pp1} percentage points more ({low:pp1} "
    "to {high:pp1}) where contacts are a minute shorter."
)
_FIX_BETWEEN_ALIKE = (
    "That centres with shorter contacts solve more or fewer questions the first time is not shown: a minute longer "
    "goes with {effect:pp1} percentage points ({low:pp1} to {high:pp1}) between {centres:count} centres."
)


def _within(row: pd.Series) -> Sentence:
    if not row["shown"]:
        return sentence(_WITHIN_ALIKE, **_ends(row))
    less = row["minute_effect"] < 0
    if row["talk_outcome"] == "first_time_fix":
        return sentence(_LONG_FIX_LESS if less else _LONG_FIX_MORE, **_shorter(row))
    return sentence(_LONG_LESS if less else _LONG_MORE, **_shorter(row))


_LONG_LESS = (
    "Within a centre, a contact that lasts a minute longer goes with {size:number2} points less satisfaction "
    "({low:number2} to {high:number2})."
)
_LONG_MORE = (
    "Within a centre, a contact that lasts a minute longer goes with {size:number2} points more satisfaction "
    "({low:number2} to {high:number2})."
)
_WITHIN_ALIKE = (
    "Within a centre it is not shown that longer contacts go with more or less satisfaction: {effect:signed2} points "
    "a minute ({low:signed2} to {high:signed2})."
)
_LONG_FIX_LESS = (
    "Within a centre, longer contacts are solved the first time less often: {size:pp1} percentage points a minute "
    "({low:pp1} to {high:pp1})."
)
_LONG_FIX_MORE = (
    "Within a centre, longer contacts are solved the first time more often: {size:pp1} percentage points a minute "
    "({low:pp1} to {high:pp1})."
)


def _turned(rows: pd.DataFrame) -> bool:
    """Does something shown between centres have the other sign within them, shown too?"""
    shown = rows[rows["shown"]].pivot(index="talk_outcome", columns="talk_level", values="minute_effect")
    return {"between", "within"} <= set(shown.columns) and bool((shown["between"] * shown["within"] < 0).any())


@plot.register
def _(result: TalkTime, language: Language = ENGLISH) -> Figure:
    """A contact centre is a dot; none has a name."""
    with figure_style():
        figure = new_figure(3.6)
        ax = figure.subplots()
        for site, marker, colour in (("onshore", "o", ACCENT), ("offshore", "s", WARM)):
            rows = result.centres[result.centres["site"] == site]
            label = language.say(_SITES[site])
            ax.plot(rows["talk_minutes"], rows["mean_satisfaction"], marker, color=colour, markersize=8, label=label)
        ax.set_xlabel(language.say("Mean talk time of a contact centre, minutes"))
        ax.set_ylabel(language.say("Mean satisfaction"))
        for axis in (ax.xaxis, ax.yaxis):
            axis.set_major_locator(MaxNLocator(6))
            axis.set_major_formatter(FuncFormatter(lambda x, _: language.figure(x, "number", 1)))
        figure.legend(loc="outside upper center", ncols=2, frameon=False, fontsize=9)
    return figure


@legend.register
def _(result: TalkTime) -> Sentence:
    return sentence("Each dot is a contact centre; compare those of one site. The axes do not start at zero.")


@table.register
def _(result: TalkTime, language: Language = ENGLISH) -> Printed:
    rows = result.table.assign(
        talk_outcome=[language.say(_OUTCOMES[name]) for name in result.table["talk_outcome"]],
        talk_level=[language.say(_LEVELS[name]) for name in result.table["talk_level"]],
    )
    columns = ["talk_outcome", "talk_level", "minute_effect", "minute_effect_low", "minute_effect_high"]
    return printed(rows, [*columns, "shown"], language)
