"""The early warning: words and table."""

from __future__ import annotations

import pandas as pd

from drivers.analyses.watchlist import EarlyWarning
from drivers.present.language import Language
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

MOST_LISTED = 25
"""Organisations that a report lists; findings.json has them all."""


@explain.register
def _(result: EarlyWarning) -> tuple[Sentence, ...]:
    gain = _row(result, "brier_gain")
    ends = {"gain": gain["value"], "low": gain["value_low"], "high": gain["value_high"]}
    if not result.useful:
        return (sentence(_NO_LIST, **ends),)
    counts = {"n": len(result.table), "risk": int(result.table["warned"].sum()), "average": result.average}
    lead = sentence(_STAYERS if result.stayers else _AT_RISK, **counts)
    slopes = {
        "switch": _row(result, "calibration_slope", "switch"),
        "back": _row(result, "calibration_slope", "backsource"),
    }
    few = (sentence(_FEW, few=result.few, least=result.minimum_respondents),) if result.few else ()
    return (lead, sentence(_CHANCE), sentence(_JUDGED, **ends), *_calibration(slopes), *few)


def _row(result: EarlyWarning, measure: str, decision: str = "") -> pd.Series:
    rows = result.calibration
    return rows[(rows["measure"] == measure) & (rows["decision"] == decision)].iloc[0]


_NO_LIST = (
    "Nobody is warned of: it is not shown that the chances of single organisations are foretold better than by the "
    "average shares (gain in squared error out of sample: {gain:percent}, {low:percent} to {high:percent})."
)
_AT_RISK = (
    "Of {n:count} organisations that have yet to decide, {risk:count} have a chance of leaving that is shown to be "
    "above the average of {average:percent}."
)
_STAYERS = (
    "Of {n:count} organisations that stayed, {risk:count} have a chance of leaving that is shown to be above the "
    "average of {average:percent}; none has yet to decide."
)
_CHANCE = "A chance is no verdict: of ten organisations with a chance of 60%, four stay."
_JUDGED = (
    "Judged on organisations that it was not fitted on, the squared error of these chances is {gain:percent} smaller "
    "than that of the average shares ({low:percent} to {high:percent})."
)
_FEW = (
    "Left out are {few:count} organisations with fewer than {least:count} respondents who scored every scale, so that "
    "no answer of a single person follows from the list."
)


def _calibration(slopes: dict[str, pd.Series]) -> tuple[Sentence, ...]:
    values = {f"{name}{end}": row[f"value{end}"] for name, row in slopes.items() for end in ("", "_low", "_high")}
    bold = [row["value_high"] < 1 for row in slopes.values()]
    return (sentence(_TOO_BOLD if any(bold) else _SLOPES, **values),)


_SLOPES = (
    "They are not shown to be too bold (calibration slope {switch:number2}, {switch_low:number2} to "
    "{switch_high:number2}, for switching and {back:number2}, {back_low:number2} to {back_high:number2}, for taking "
    "back; 1 is right)."
)
_TOO_BOLD = (
    "They are too bold, high chances too high and low ones too low (calibration slope {switch:number2}, "
    "{switch_low:number2} to {switch_high:number2}, for switching and {back:number2}, {back_low:number2} to "
    "{back_high:number2}, for taking back; 1 is right)."
)


@table.register
def _(result: EarlyWarning, language: Language = ENGLISH) -> Printed:
    rows = result.table[result.table["warned"].astype(bool)].head(MOST_LISTED)
    columns = ["organisation", "respondents", "exit_chance", "switch_chance", "backsource_chance", "pull"]
    return printed(rows, columns, language)
