"""From satisfaction to behaviour: zones, how well leaving is foretold, and the penalised fit; completes the verbs."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from drivers.analyses.penalised import PenalisedLink
from drivers.analyses.prediction import LeavingPrediction
from drivers.analyses.zones import SatisfactionZones
from drivers.glossary import GLOSSARY
from drivers.present.drawing import NumberTicks, arms
from drivers.present.figures import plot
from drivers.present.language import Language
from drivers.present.legends import legend
from drivers.present.printing import Printed, headers, number_cell, printed
from drivers.present.sentences import explain
from drivers.present.style import ACCENT, INK, WARM, figure_style, new_figure
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence


@explain.register
def _(result: SatisfactionZones) -> tuple[Sentence, ...]:
    if not result.points:
        known = result.p == result.p
        return (sentence(_STRAIGHT, p=result.p) if known else sentence(_UNTESTED),)
    lead = sentence(_BENDS, points=[f"{point:g}" for point in result.points], p=result.p)
    return (lead, *(_zone(row) for _, row in result.table.iterrows()))


_STRAIGHT = (
    "No zones of indifference or affection are shown: nowhere on the scale does the link to leaving change beyond "
    "chance (of surveys in which it is straight, {p:chance} show a bend as large)."
)
_UNTESTED = "There are too few customers who left along the scale to tell whether the link to leaving bends."
_BENDS = (
    "One point of satisfaction does not count for the same everywhere: the link to leaving bends at {points:list} (of "
    "surveys in which it is straight, {p:chance} show a bend as large)."
)


def _zone(row: pd.Series) -> Sentence:
    values = {"a": row["zone_from"], "b": row["zone_to"], "effect": row["zone_effect"]}
    values |= {"low": row["zone_effect_low"], "high": row["zone_effect_high"]}
    if not np.isfinite([row["zone_effect_low"], row["zone_effect_high"]]).all():
        return sentence(_UNKNOWN, a=row["zone_from"], b=row["zone_to"])
    return replace(_ZONES[row["zone_kind"]], values=MappingProxyType(values))


_UNKNOWN = "From {a:number} to {b:number} there are too few answers for an effect."
_ZONES = {
    "defection": sentence(
        "From {a:number} to {b:number}, the zone of defection, one point more goes with {effect:pp1} "
        "percentage points more customers who stay ({low:pp1} to {high:pp1})."
    ),
    "indifference": sentence(
        "From {a:number} to {b:number}, a zone of indifference, no effect of a point is shown: "
        "{effect:pp1} percentage points ({low:pp1} to {high:pp1})."
    ),
    "affection": sentence(
        "From {a:number} to {b:number}, the zone of affection, one point more goes with {effect:pp1} "
        "percentage points more customers who stay ({low:pp1} to {high:pp1})."
    ),
    "open": sentence(
        "From {a:number} to {b:number} no effect of a point is shown: {effect:pp1} percentage points ({low:pp1} to "
        "{high:pp1})."
    ),
    "even": sentence(
        "From {a:number} to {b:number} one point more goes with {effect:pp1} percentage points of retention "
        "({low:pp1} to {high:pp1})."
    ),
}


@table.register
def _(result: SatisfactionZones, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(zone_kind=[language.say(_KINDS[k]) for k in result.table["zone_kind"]])
    return printed(frame, ["zone_from", "zone_to", "zone_kind", "base", "customer_share", "zone_effect"], language)


_KINDS = {
    "defection": sentence("Defection"),
    "indifference": sentence("Indifference"),
    "affection": sentence("Affection"),
    "open": sentence("No effect shown"),
    "even": sentence("In between"),
    "whole": sentence("Whole scale"),
}


@explain.register
def _(result: LeavingPrediction) -> tuple[Sentence, ...]:
    rows = result.table.set_index("measure")
    if not np.isfinite(rows.loc["auc", ["value_low", "value_high"]].to_numpy(dtype=float)).all():
        return (sentence(_NO_FORECAST),)
    lead = sentence(_TELLS if rows.loc["auc", "value_low"] > 0.5 else _COIN, **_ends(rows.loc["auc"]))
    return (lead, *_calibration(rows.loc["calibration_slope"]), *((sentence(_SUSPECT),) if result.suspicious else ()))


def _ends(row: pd.Series) -> dict[str, float]:
    return {"value": row["value"], "low": row["value_low"], "high": row["value_high"]}


_NO_FORECAST = "How well leaving can be foretold cannot be said from these data."
_TELLS = (
    "Of a customer who left and one who stayed, the model gives the one who left the higher chance of leaving in "
    "{value:percent} of the pairs ({low:percent} to {high:percent}), for customers it was not fitted on; a coin does "
    "so in 50%."
)
_COIN = (
    "It is not shown that the model foretells who leaves better than a coin: the one who left gets the higher chance "
    "in {value:percent} of the pairs ({low:percent} to {high:percent}), for customers it was not fitted on."
)
_SUSPECT = (
    "So good a forecast is suspect: check whether satisfaction or one of the characteristics was recorded when or "
    "after customers left."
)


def _calibration(row: pd.Series) -> tuple[Sentence, ...]:
    if not np.isfinite([row["value_low"], row["value_high"]]).all():
        return ()
    bold, timid = row["value_high"] < 1, row["value_low"] > 1
    return (sentence(_TOO_BOLD if bold else _TOO_TIMID if timid else _CALIBRATED, **_ends(row)),)


_CALIBRATED = (
    "The chances it foretells are not shown to be too bold or too timid (calibration slope {value:number2}, "
    "{low:number2} to {high:number2}; 1 is right)."
)
_TOO_BOLD = (
    "The chances it foretells are too bold, low ones too low and high ones too high (calibration slope "
    "{value:number2}, {low:number2} to {high:number2}; 1 is right)."
)
_TOO_TIMID = (
    "The chances it foretells are too timid, low ones too high and high ones too low (calibration slope "
    "{value:number2}, {low:number2} to {high:number2}; 1 is right)."
)


@table.register
def _(result: LeavingPrediction, language: Language = ENGLISH) -> Printed:
    cells = tuple((language.say(_MEASURES[row["measure"]]), _cell(row, language)) for _, row in result.table.iterrows())
    return Printed(headers([GLOSSARY[c] for c in ("measure", "value")], language), cells, (False, True))


def _cell(row: pd.Series, language: Language) -> str:
    return number_cell([row[c] for c in ("value", "value_low", "value_high")], "number2", language)


_MEASURES = {
    "auc": sentence("Pairs told apart (AUC)"),
    "brier": sentence("Squared error of the chances (Brier)"),
    "brier_constant": sentence("The same of the average for everyone"),
    "calibration_slope": sentence("Calibration slope"),
    "calibration_intercept": sentence("Calibration intercept, log-odds"),
}


@explain.register
def _(result: PenalisedLink) -> tuple[Sentence, ...]:
    row = result.table.iloc[0]
    where = {"points": [f"{point:g}" for point in result.overlap]}
    told = (sentence(_OVERLAP, **where),) if result.overlap else ()
    fit = {"value": row["log_odds"], "low": row["log_odds_low"], "high": row["log_odds_high"]}
    closed = np.isfinite([fit["low"], fit["high"]]).all()
    fitted = sentence(_PENALISED, **fit) if closed else sentence(_OPEN, value=fit["value"])
    return (sentence(_SEPARATED), *told, fitted, sentence(_LEAKAGE))


_SEPARATED = (
    "Whether satisfaction keeps customers cannot be judged from these data: the answers tell who left from who stayed "
    "(almost) without error."
)
_OVERLAP = (
    "Only at {points:list} did some customers leave and others stay; at every other mark all of them left, or none."
)
_PENALISED = (
    "An ordinary logit has no finite estimate here. A penalised logit (Firth) is shown instead: one point of "
    "satisfaction goes with {value:signed1} in the log-odds of leaving ({low:signed1} to {high:signed1})."
)
_OPEN = (
    "An ordinary logit has no finite estimate here. A penalised logit (Firth) is shown instead: one point of "
    "satisfaction goes with {value:signed1} in the log-odds of leaving; its interval has no end."
)
_LEAKAGE = (
    "So sharp a division mostly means that satisfaction was asked when or after customers left. Ask it before, and put "
    "no money on this link."
)


@plot.register
def _(result: PenalisedLink, language: Language = ENGLISH) -> Figure:
    shown = result.levels[result.levels["base"].notna()]
    with figure_style():
        figure = new_figure(3.0)
        ax = figure.subplots()
        ax.bar(shown["satisfaction"], shown["retention"], width=0.6, color=ACCENT, alpha=0.35)
        ax.errorbar(
            shown["satisfaction"], shown["retention"], arms(shown, "retention"), fmt="none", color=INK, capsize=3
        )
        ax.plot(shown["satisfaction"], shown["penalised_retention"], "o", color=WARM, markersize=6)
        ax.set(ylim=(0, 1.05), xticks=list(shown["satisfaction"]))
        ax.xaxis.set_major_formatter(NumberTicks(language))
        ax.set_xlabel(language.say("Satisfaction"))
        ax.set_ylabel(language.say("Share of customers who stay"))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda y, _: language.figure(y, "percent", 0)))
        ax.grid(axis="x", visible=False)
    return figure


@legend.register
def _(result: PenalisedLink) -> Sentence:
    return sentence("Bars: what was observed at each mark; points: the penalised logit.")


@table.register
def _(result: PenalisedLink, language: Language = ENGLISH) -> Printed:
    return printed(result.levels, ["satisfaction", "base", "retention", "penalised_retention"], language)
