"""What is said about the answers themselves: their base, the checks of them, and the batteries."""

from __future__ import annotations

import pandas as pd

from drivers.analyses.quality import AnswerQuality
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.screening import ANY, AnswerScreening
from drivers.present.names import SCREENS
from drivers.wording import Sentence, sentence

WORTH_SAYING = 0.01
"""Change of a share from which it is told in words; less is not seen in whole percents."""


def quality_lines(result: AnswerQuality) -> tuple[Sentence, ...]:
    """How many customers say so, and what they left open."""
    worst = result.table.sort_values("missing_share", ascending=False).iloc[0]
    weighted = abs(result.effective_base - result.counted) >= 1
    values = {"people": result.respondents, "rows": result.counted, "effective": result.effective_base}
    if result.repeated:
        lines = [sentence(_SEVERAL_WEIGHTED if weighted else _SEVERAL, **values)]
    else:
        lines = [sentence(_WEIGHTED if weighted else _ANSWERED, base=result.counted, effective=result.effective_base)]
    if worst["missing_share"] > 0:
        lines.append(sentence(_OPEN, label=worst["label"], share=worst["missing_share"]))
    return tuple(lines)


_ANSWERED = "{base:count} customers answered."
_WEIGHTED = (
    "{base:count} customers answered; weighted as they are, they tell as much as {effective:count} who count equally."
)
_SEVERAL = "{people:count} customers filled in {rows:count} questionnaires."
_SEVERAL_WEIGHTED = (
    "{people:count} customers filled in {rows:count} questionnaires; weighted as they are, these tell as much as "
    "{effective:count} that count equally."
)
_OPEN = "{label} was left open most: {share:percent1}."


def screening_lines(result: AnswerScreening) -> tuple[Sentence, ...]:
    """Who stands out, who was left out, and what that changes."""
    return (_flagged(result), *_left_out(result), *_not_made(result), *_changes(result))


def _flagged(result: AnswerScreening) -> Sentence:
    row = result.table.set_index("screen").loc[ANY]
    if row["flagged"] == 0:
        return sentence("The checks of the answers single out none of {base:count} questionnaires.", base=result.base)
    if row["suppressed"] or row["rounded"]:
        many = _few(result) if row["suppressed"] else sentence("about {n:count}", n=row["flagged"])
        return sentence(
            "The checks of the answers single out {many} of {base:count} questionnaires. To stand out is no proof of "
            "carelessness.",
            many=many,
            base=result.base,
        )
    return sentence(
        "The checks of the answers single out {n:count} of {base:count} questionnaires ({share:percent1} by weight). "
        "To stand out is no proof of carelessness.",
        n=row["flagged"],
        base=result.base,
        share=row["flagged_share"],
    )


def _few(result: AnswerScreening) -> Sentence:
    return sentence("fewer than {n:count}", n=result.minimum_base)


def _not_made(result: AnswerScreening) -> tuple[Sentence, ...]:
    """Checks that these answers do not allow; an exclusion that was asked for must not be missed in silence."""
    if not result.not_checked:
        return ()
    names = [SCREENS[name] for name in result.not_checked]
    return (sentence("Not checked, for want of the columns or of enough alike items: {names:list}.", names=names),)


def _left_out(result: AnswerScreening) -> tuple[Sentence, ...]:
    if not result.excluded:
        nobody = (result.table["flagged"] == 0).all()
        return () if nobody else (sentence("None was left out for that, as the client file does not ask for it."),)
    hidden = (result.table["suppressed"] & result.table["excluded"]).any()
    gone = sentence("about {n:count}" if hidden else "{n:count}", n=result.excluded_rows)
    names = [SCREENS[name] for name in result.excluded]
    return (sentence(_LEFT_OUT, names=names, many=_few(result) if result.excluded_rows is None else gone),)


_LEFT_OUT = "Left out of all results, as the client file says: {names:list}, together {many} questionnaires."


def _changes(result: AnswerScreening) -> tuple[Sentence, ...]:
    if result.robustness.empty:
        return ()
    rows = result.table[result.table["screen"] != ANY]
    turning = list(rows.loc[rows["order_changes"].eq(True), "screen"])
    change = (result.robustness["share_without"] - result.robustness["share"]).abs()
    if change.isna().all():
        return ()
    row = result.robustness.loc[change.idxmax()]
    largest = sentence(
        "The share of {label} changes most: from {share:percent} to {without:percent} without the group {screen}.",
        label=row["label"],
        share=row["share"],
        without=row["share_without"],
        screen=SCREENS[row["screen"]],
    )
    order = sentence(_OTHER_ORDER, names=[SCREENS[s] for s in turning]) if turning else _SAME_ORDER
    return (order, *([largest] if change.max() >= WORTH_SAYING else []))


_OTHER_ORDER = "The first three drivers are others, or in another order, without these groups: {names:list}."
_SAME_ORDER = sentence("Without any one of these groups the first three drivers stay the same, in the same order.")


def reliability_lines(result: BatteryReliability) -> tuple[Sentence, ...]:
    """How reliable the batteries are, and which items sit at an end of their scale."""
    known = result.table[result.table["alpha"].notna()]
    alphas = [_alpha(row["battery"], row["alpha"]) for _, row in known[known["battery"] != ""].iterrows()]
    lines = [sentence("Cronbach's alpha of the batteries: {names:list}.", names=alphas)] if alphas else []
    if result.rated:
        lines += [_together(row) for _, row in known[known["battery"] == ""].iterrows()]
    if result.items["ceiling"].any():
        lines.append(sentence(_CEILING, names=_labels(result, "ceiling")))
    if result.items["floor"].any():
        lines.append(sentence(_FLOOR, names=_labels(result, "floor")))
    return tuple(lines)


def _labels(result: BatteryReliability, column: str) -> list[str]:
    return list(dict.fromkeys(result.items.loc[result.items[column], "label"]))


def _together(row: pd.Series) -> Sentence:
    spread = {"alpha": row["alpha"], "low": row["alpha_low"], "high": row["alpha_high"]}
    return sentence(_ALIKE if row["alpha_low"] > 0 else _NOT_ALIKE, **spread, factor=row["first_factor"])


_ALIKE = (
    "Whoever rates one aspect high tends to rate the others high too: Cronbach's alpha is {alpha:number2} "
    "({low:number2} to {high:number2}), and {factor:percent} of their differences lie on one common factor."
)
_NOT_ALIKE = (
    "Ratings of the aspects hardly move together: Cronbach's alpha is {alpha:number2} ({low:number2} to "
    "{high:number2}), and {factor:percent} of their differences lie on one common factor."
)


def _alpha(battery: str, alpha: float) -> Sentence:
    return sentence("{battery} {alpha:number2}", battery=battery, alpha=alpha)


_CEILING = "So many gave the highest answer that a rise can hardly be seen: {names:list}."
_FLOOR = "So many gave the lowest answer that a fall can hardly be seen: {names:list}."
