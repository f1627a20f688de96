"""Measures of loyalty: what is said of them, of groups and of changes, and their tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from drivers.analyses.measurechange import MeasureChange
from drivers.analyses.measuregroups import MeasureGroups
from drivers.analyses.measures import LoyaltyMeasures
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.names import rating
from drivers.present.printing import Printed, headers, number_cell, said_cell
from drivers.present.sentences import explain
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence

_FRACTIONS = ("top_box", "bottom_box", "converted")
_SCORE = "net_promoter"


@explain.register
def _(result: LoyaltyMeasures) -> tuple[Sentence, ...]:
    rows = {str(row["measure"]): row for _, row in result.table.iterrows()}
    told = _satisfaction(rows) if "satisfaction_index" in rows else []
    told += [_mean(rows[name]) for name in ("effort", "intention") if name in rows]
    if "converted" in rows and result.rule:
        told += [
            sentence(_CONVERTED, question=result.intention, level=_spread_of(rows["converted"])),
            sentence(_SOURCE, source=result.rule.rstrip(".")),
        ]
    elif result.intention is not None:
        told.append(sentence(_NO_RULE, question=result.intention))
    return tuple(told)


def _satisfaction(rows: dict[str, pd.Series]) -> list[Sentence]:
    index, top, bottom = (rows[name] for name in ("satisfaction_index", "top_box", "bottom_box"))
    told = {
        "index": spread("satisfaction_index", index),
        "top": spread("top_box", top),
        "bottom": spread("bottom_box", bottom),
        "satisfied": rating(top["counts_from"]),
        "dissatisfied": rating(bottom["counts_to"]),
    }
    if not top["suppressed"] and not bottom["suppressed"]:
        return [sentence(_INDEX, **told)]
    if top["suppressed"] and bottom["suppressed"]:
        return [sentence(_INDEX_ALONE, **told)]
    return [sentence(_WITHOUT_TOP if top["suppressed"] else _WITHOUT_BOTTOM, **told)]


_INDEX = (
    "On a scale from 0 to 100 satisfaction stands at {index}. Satisfied ({satisfied} or higher) are {top} of the "
    "customers, dissatisfied ({dissatisfied} or lower) {bottom}."
)
_WITHOUT_BOTTOM = (
    "On a scale from 0 to 100 satisfaction stands at {index}. Satisfied ({satisfied} or higher) are {top} of the "
    "customers. How many are dissatisfied is not told, because a small group could be worked out from it."
)
_WITHOUT_TOP = (
    "On a scale from 0 to 100 satisfaction stands at {index}. Dissatisfied ({dissatisfied} or lower) are {bottom} of "
    "the customers. How many are satisfied is not told, because a small group could be worked out from it."
)
_INDEX_ALONE = (
    "On a scale from 0 to 100 satisfaction stands at {index}. How many are satisfied and dissatisfied is not told, "
    "because a small group could be worked out from it."
)
_CONVERTED = (
    "By the rule in the client file, {level} of the customers carry this intention out ({question}). How sure the rule "
    "itself is, is not counted in."
)
_SOURCE = "The rule rests on: {source}."
_NO_RULE = (
    "The intention ({question}) is not converted into behaviour: the client file states no rule for that "
    "(loyalty.conversion)."
)


def _mean(row: pd.Series) -> Sentence:
    ends = {"low": rating(row["counts_from"]), "high": rating(row["counts_to"])}
    template = sentence(_EFFORT, **ends) if row["measure"] == "effort" else sentence(_INTENTION, **ends)
    return sentence("{question}: {level} {scale}.", question=row["asked"], scale=template, level=_spread_of(row))


_EFFORT = "on a scale from {low} to {high}, where higher is easier"
_INTENTION = "on a scale from {low} to {high}"


def _spread_of(row: pd.Series) -> Sentence:
    return spread(str(row["measure"]), row)


def spread(measure: str, row: pd.Series) -> Sentence:
    """A level with its interval, in the unit of the measure; without ends where it has none."""
    value, low, high = (level(measure, row[f"level{end}"]) for end in ("", "_low", "_high"))
    if not np.isfinite([row["level_low"], row["level_high"]]).all():
        return value
    return sentence("{value} ({low} to {high})", value=value, low=low, high=high)


def level(measure: str, x: float) -> Sentence:
    """A level in the unit of its measure."""
    if measure in _FRACTIONS:
        return sentence("{x:percent1}", x=x)
    return sentence("{x:pp1}", x=x) if measure == _SCORE else sentence("{x:number1}", x=x)


@table.register
def _(result: LoyaltyMeasures, language: Language = ENGLISH) -> Printed:
    rows = tuple(
        (
            language.say(_measure_named(row)),
            said_cell(_spread_of(row), language),
            number_cell(row["base"], "count", language),
        )
        for _, row in result.table.iterrows()
    )
    return Printed(headers([GLOSSARY[c] for c in ("measure", "level", "base")], language), rows, (False, True, True))


def _measure_named(row: pd.Series) -> Sentence:
    """The measure with what it counts, as it stands in a table."""
    ends = {"low": rating(row["counts_from"]), "high": rating(row["counts_to"])}
    name = row["measure"]
    if name in ("effort", "intention"):
        how = sentence("effort score, {low} to {high}", **ends) if name == "effort" else sentence(_FROM_TO, **ends)
        return sentence("{question} ({how})", question=row["asked"], how=how)
    if name == "top_box":
        return sentence("Satisfied ({low} to {high})", **ends)
    return sentence("Dissatisfied ({low} to {high})", **ends) if name == "bottom_box" else _NAMES[name]


_FROM_TO = "{low} to {high}"
_NAMES = {
    "satisfaction_index": sentence("Satisfaction index (0 to 100)"),
    "net_promoter": sentence("Net promoter score (-100 to 100)"),
    "converted": sentence("Converted intention, by the stated rule"),
}


def measure_called(row: pd.Series) -> Sentence:
    """The measure within a sentence."""
    if row["measure"] == "intention":
        return sentence("{question}", question=row["asked"])
    return _CALLED[row["measure"]]


_CALLED = {
    "satisfaction_index": sentence("the satisfaction index"),
    "top_box": sentence("the share of satisfied customers"),
    "bottom_box": sentence("the share of dissatisfied customers"),
    "net_promoter": sentence("the net promoter score"),
    "effort": sentence("the effort score"),
    "converted": sentence("the converted intention"),
}


@explain.register
def _(result: MeasureGroups) -> tuple[Sentence, ...]:
    return (*_group_differences(result), *_alike(result))


def _group_differences(result: MeasureGroups) -> Iterator[Sentence]:
    """For each measure that differs, the two groups furthest apart of those that are shown to be."""
    for _, test in result.tests[result.tests["shown"]].iterrows():
        about = {"division": test["division"], "what": measure_called(test)}
        pairs = _of(result.differences[result.differences["shown"]], test)
        if pairs.empty:
            yield sentence(_TOGETHER, **about)
            continue
        pair = pairs.loc[pairs["level_gap"].idxmax()]
        levels = _of(result.table, test).set_index("segment_group")
        most, least = (_spread_of(levels.loc[pair[column]]) for column in ("segment_group", "other_group"))
        names = {"one": pair["segment_group"], "other": pair["other_group"]}
        yield sentence(_DIFFERS, **about, **names, most=most, least=least, gap=_change(pair, "level_gap"))


def _of(frame: pd.DataFrame, test: pd.Series) -> pd.DataFrame:
    """The rows of the measure and division that a test is about."""
    return frame[(frame["measure"] == test["measure"]) & (frame["division"] == test["division"])]


_DIFFERS = (
    "By {division}, the groups are shown to differ in {what}: {most} in {one} against {least} in {other}, a difference "
    "of {gap}."
)
_TOGETHER = "By {division}, the groups taken together differ in {what}, but that is shown of no two of them alone."


def _alike(result: MeasureGroups) -> Iterator[Sentence]:
    unseen = result.tests[~result.tests["shown"]]
    for division in dict.fromkeys(unseen["division"]):
        rows = unseen[unseen["division"] == division]
        yield sentence(_ALIKE, division=division, what=[measure_called(row) for _, row in rows.iterrows()])


_ALIKE = "By {division}, no difference between the groups is shown in {what:list}."


@table.register
def _(result: MeasureGroups, language: Language = ENGLISH) -> Printed:
    names = [GLOSSARY[c] for c in ("division", "segment_group", "measure", "level", "base")]
    rows = tuple(
        (
            str(row["division"]),
            str(row["segment_group"]),
            language.say(measure_called(row)),
            said_cell(_spread_of(row), language),
            "–" if row["base"] is pd.NA else number_cell(row["base"], "count", language),
        )
        for _, row in result.table.iterrows()
    )
    return Printed(headers(names, language), rows, (False, False, False, True, True))


@explain.register
def _(result: MeasureChange) -> tuple[Sentence, ...]:
    waves = {"earlier": result.earlier, "later": result.later}
    moved = [row for _, row in result.table.iterrows() if row["shown"]]
    still = [measure_called(row) for _, row in result.table.iterrows() if not row["shown"]]
    lines = [sentence(_ROSE if row["level_change"] > 0 else _FELL, **waves, **_moved(row)) for row in moved]
    if still:
        lines.append(sentence(_STILL, **waves, what=still))
    return tuple(lines)


def _moved(row: pd.Series) -> dict[str, Sentence]:
    name = str(row["measure"])
    return {
        "what": measure_called(row),
        "before": level(name, row["level_before"]),
        "after": level(name, row["level"]),
        "change": _change(row, "level_change"),
    }


_ROSE = "From {earlier} to {later} a rise is shown in {what}: from {before} to {after}, a difference of {change}."
_FELL = "From {earlier} to {later} a fall is shown in {what}: from {before} to {after}, a difference of {change}."
_STILL = "From {earlier} to {later} no change is shown in {what:list}."


def _change(row: pd.Series, column: str) -> Sentence:
    """A difference with its interval: shares and the score in points of a hundred."""
    times = 100.0 if row["measure"] in (*_FRACTIONS, _SCORE) else 1.0
    value, low, high = (times * float(row[f"{column}{end}"]) for end in ("", "_low", "_high"))
    if not np.isfinite([low, high]).all():
        return sentence("{x:signed1}", x=value)
    return sentence("{value:signed1} ({low:signed1} to {high:signed1})", value=value, low=low, high=high)


@table.register
def _(result: MeasureChange, language: Language = ENGLISH) -> Printed:
    rows = tuple(
        (
            language.say(_measure_named(row)),
            said_cell(level(str(row["measure"]), row["level_before"]), language),
            said_cell(level(str(row["measure"]), row["level"]), language),
            said_cell(_change(row, "level_change"), language),
            number_cell(row["p_adjusted"], "chance", language),
        )
        for _, row in result.table.iterrows()
    )
    names = [GLOSSARY[c] for c in ("measure", "level_before", "level", "level_change", "p_adjusted")]
    return Printed(headers(names, language), rows, (False, True, True, True, True))
