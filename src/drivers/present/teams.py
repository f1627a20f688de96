"""Agreement within teams, and what goes with their satisfaction: words and tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from drivers.analyses.agreement import AGREED, TeamAgreement
from drivers.analyses.team_link import FEW_TEAMS, POWER, TeamLink
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.printing import Printed, headers, printed, said_cell
from drivers.present.sentences import explain
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()
RESULTS = {
    "customers": sentence("satisfaction of customers"),
    "absence": sentence("absence"),
    "turnover": sentence("turnover"),
}


@explain.register
def _(result: TeamAgreement) -> tuple[Sentence, ...]:
    row = result.table.iloc[0]
    agreed = sentence(
        "Members of a team: rwg is {rwg:number2} in the middle one of {teams:count} teams (1: all answer alike, 0: at "
        "random), and in {share:percent} of the teams it is {limit:number2} or more.",
        rwg=row["rwg"],
        teams=row["teams"],
        share=row["agreeing"],
        limit=AGREED,
    )
    if not row["p_value"] < 1 - result.confidence:
        return (sentence("That teams of {layer} differ in satisfaction is not shown.", layer=result.layer), agreed)
    return (_apart(result, row), agreed)


def _apart(result: TeamAgreement, row: pd.Series) -> Sentence:
    return sentence(
        "Teams of {layer} differ: {icc:percent} of the differences in satisfaction lie between teams ({low:percent} to "
        "{high:percent}). Of the differences between the means of teams, {real:percent} is real; the rest is who "
        "happens to be in them.",
        layer=result.layer,
        icc=row["icc1"],
        low=max(row["icc1_low"], 0.0),
        high=row["icc1_high"],
        real=row["icc2"],
    )


@explain.register
def _(result: TeamLink) -> tuple[Sentence, ...]:
    level = () if result.differ else (sentence(_LEVEL, layer=result.layer),)
    return (*_links(result), *_none(result), *level, *_power(result))


_LEVEL = (
    "The teams of {layer} are not shown to differ in satisfaction, so there is little that could go with their "
    "differences."
)


def _links(result: TeamLink) -> Iterator[Sentence]:
    sized = []
    for _, row in result.table[result.table["shown"]].iterrows():
        ends = np.sign(row["team_slope"]) * row[["team_slope_low", "team_slope_high"]].to_numpy(dtype=float)
        if ends.min() > 0:  # not where it is NaN
            size = {"size": abs(row["team_slope"]), "low": float(ends.min()), "high": float(ends.max())}
            sized.append(_sized(row["team_result"], row["team_slope"] > 0, size))
        else:
            yield sentence(_UNSIZED, name=RESULTS[row["team_result"]], r=row["team_correlation"])
    if sized:
        yield sentence("Teams whose members are a point more satisfied have {sized:list}.", sized=sized)
    if result.table["shown"].any():
        yield sentence(
            "What comes first does not follow: satisfied teams may do better, and teams that do well may be satisfied "
            "because of it."
        )


_UNSIZED = (
    "A link of employee satisfaction with the team's {name} is shown (correlation {r:number2}); how large it is cannot "
    "be told."
)
_HAPPIER = "customers who are {size:number2} points more satisfied ({low:number2} to {high:number2})"
_UNHAPPIER = "customers who are {size:number2} points less satisfied ({low:number2} to {high:number2})"
_LESS_ABSENT = "an absence that is {size:pp1} percentage points lower ({low:pp1} to {high:pp1})"
_MORE_ABSENT = "an absence that is {size:pp1} percentage points higher ({low:pp1} to {high:pp1})"
_LESS_LEFT = "a turnover that is {size:pp1} percentage points lower ({low:pp1} to {high:pp1})"
_MORE_LEFT = "a turnover that is {size:pp1} percentage points higher ({low:pp1} to {high:pp1})"


def _sized(outcome: str, rises: bool, size: dict[str, float]) -> Sentence:
    if outcome == "customers":
        return sentence(_HAPPIER if rises else _UNHAPPIER, **size)
    if outcome == "absence":
        return sentence(_MORE_ABSENT if rises else _LESS_ABSENT, **size)
    return sentence(_MORE_LEFT if rises else _LESS_LEFT, **size)


def _none(result: TeamLink) -> Iterator[Sentence]:
    names = [RESULTS[name] for name in result.table.loc[~result.table["shown"], "team_result"]]
    if names:
        yield sentence("No link of employee satisfaction with the team's {names:list} is shown.", names=names)


def _power(result: TeamLink) -> Iterator[Sentence]:
    values = {"teams": int(result.table["teams"].max()), "n": result.base, "power": POWER}
    values["r"] = result.table["least_correlation"].min()
    yield sentence(_FEW if values["teams"] < FEW_TEAMS else _MANY, **values)


_MANY = (
    "Here {teams:count} teams count, not {n:count} employees: with a chance of {power:percent} they show a correlation "
    "of {r:number2} or more, and a smaller one less often."
)
_FEW = (
    "{teams:count} teams are {teams:count} observations, however many employees are in them: with a chance of "
    "{power:percent} they show a correlation of {r:number2} or more; a smaller one mostly goes unseen."
)


@table.register
def _(result: TeamAgreement, language: Language = ENGLISH) -> Printed:
    return printed(result.table, [name for name in result.table if name not in ("team_f", "p_value")], language)


@table.register
def _(result: TeamLink, language: Language = ENGLISH) -> Printed:
    """Changes in points of customers' satisfaction, in percentage points of absence and turnover."""
    names = ["team_result", "teams", "base", "team_slope", "team_correlation", "p_adjusted", "shown"]
    frame = result.table.assign(team_result=[language.say(RESULTS[name]) for name in result.table["team_result"]])
    plain = printed(frame, names, language)
    rows = [
        (*cells[:3], _change(row, language), *cells[4:])
        for cells, (_, row) in zip(plain.rows, result.table.iterrows(), strict=True)
    ]
    return Printed(headers([GLOSSARY[name] for name in names], language), tuple(rows), plain.numeric)


def _change(row: pd.Series, language: Language) -> str:
    if np.isnan(row["team_slope"]):
        return "–"
    ends = {"slope": row["team_slope"], "low": row["team_slope_low"], "high": row["team_slope_high"]}
    points = row["team_result"] == "customers"
    return said_cell(sentence(_POINTS if points else _SHARES, **ends), language)


_POINTS = "{slope:signed2} points ({low:signed2} to {high:signed2})"
_SHARES = "{slope:pp1} percentage points ({low:pp1} to {high:pp1})"
