"""What is said about the answers themselves: their base, the checks of them, and the batteries."""

from __future__ import annotations

import numpy as np

from drivers.analyses.quality import AnswerQuality
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.screening import ANY, AnswerScreening
from drivers.present.names import SCREENS
from drivers.wording import Sentence, sentence

WORTH_SAYING = 0.01
"""Change of a share from which it is told in words; less is not seen in whole percents."""


def quality_lines(result: AnswerQuality) -> tuple[Sentence, ...]:
    """What the base, the gaps and the likeness of the ratings say."""
    worst = result.table.sort_values("missing_share", ascending=False).iloc[0]
    counted = abs(result.effective_base - result.base) >= 1
    lines = [sentence(_COUNTED if counted else _ANSWERED, base=result.base, effective=result.effective_base)]
    if worst["missing_share"] > 0:
        lines.append(sentence(_MISSING, label=worst["label"], share=worst["missing_share"]))
    if np.isfinite(result.alpha):
        spread = {"alpha": result.alpha, "low": result.alpha_low, "high": result.alpha_high}
        lines.append(sentence(_ALIKE if result.alpha_low > 0 else _NOT_ALIKE, **spread, factor=result.first_factor))
    return tuple(lines)


_ANSWERED = "{base:count} customers answered."
_COUNTED = "{base:count} customers answered; by their weights they count as {effective:count}."
_MISSING = "Most answers are missing on {label}: {share:percent1}."
_ALIKE = (
    "Whoever rates one aspect high tends to rate the others high too: Cronbach's alpha is {alpha:number2} "
    "({low:number2} to {high:number2}), and {factor:percent} of their differences lie on one common factor."
)


_NOT_ALIKE = (
    "Ratings of the aspects hardly move together: Cronbach's alpha is {alpha:number2} ({low:number2} to "
    "{high:number2}), and {factor:percent} of their differences lie on one common factor."
)


def screening_lines(result: AnswerScreening) -> tuple[Sentence, ...]:
    """Who stands out, who was left out, and what that changes."""
    return (_flagged(result), _left_out(result), *_not_made(result), *_changes(result))


def _flagged(result: AnswerScreening) -> Sentence:
    row = result.table.set_index("screen").loc[ANY]
    if row["suppressed"]:
        return sentence(
            "The checks of the answers single out fewer than {least:count} of {base:count} respondents.",
            least=result.minimum_base,
            base=result.base,
        )
    if row["flagged"] == 0:
        return sentence("The checks of the answers single out none of {base:count} respondents.", base=result.base)
    return sentence(
        "The checks of the answers single out {n:count} of {base:count} respondents ({share:percent1} by weight). To "
        "stand out is no proof of carelessness.",
        n=row["flagged"],
        base=result.base,
        share=row["flagged_share"],
    )


def _not_made(result: AnswerScreening) -> tuple[Sentence, ...]:
    """Checks that these answers do not allow; an exclusion that was asked for must not be missed in silence."""
    if not result.not_checked:
        return ()
    names = [SCREENS[name] for name in result.not_checked]
    return (sentence("Not checked, for want of the columns or of enough alike items: {names:list}.", names=names),)


def _left_out(result: AnswerScreening) -> Sentence:
    if not result.excluded:
        return sentence("None of them were left out, as the client file does not ask for it.")
    return sentence(
        "Left out of all results, as the client file says: {names:list}, together {n:count} respondents.",
        names=[SCREENS[name] for name in result.excluded],
        n=result.excluded_rows,
    )


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
        "The largest change of a share: {label}, from {share:percent} to {without:percent} ({screen}).",
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
    named = result.table[(result.table["battery"] != "") & result.table["alpha"].notna()]
    alphas = [_alpha(row["battery"], row["alpha"]) for _, row in named.iterrows()]
    lines = [sentence("Cronbach's alpha of the batteries: {names:list}.", names=alphas)] if alphas else []
    highest, lowest = (_labels(result, column) for column in ("ceiling", "floor"))
    if highest:
        lines.append(sentence(_CEILING, names=highest))
    if lowest:
        lines.append(sentence(_FLOOR, names=lowest))
    return tuple(lines)


def _labels(result: BatteryReliability, column: str) -> list[str]:
    return list(dict.fromkeys(result.items.loc[result.items[column], "label"]))


def _alpha(battery: str, alpha: float) -> Sentence:
    return sentence("{battery} {alpha:number2}", battery=battery, alpha=alpha)


_CEILING = "So many gave the highest answer that a rise can hardly be seen: {names:list}."
_FLOOR = "So many gave the lowest answer that a fall can hardly be seen: {names:list}."
