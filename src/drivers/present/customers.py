"""What customers spend, intend and had decided when asked: sentences and tables; completes the verbs."""

from __future__ import annotations

import numpy as np

from drivers.analyses.lateness import SOON, AskedLate
from drivers.analyses.spending import HARDLY, SpendingLink
from drivers.analyses.topmarks import TopMarks
from drivers.present.language import Language
from drivers.present.names import group_name
from drivers.present.printing import Printed, printed
from drivers.present.sentences import explain
from drivers.present.tables import ENGLISH, table
from drivers.wording import Sentence, sentence


@explain.register
def _(result: SpendingLink) -> tuple[Sentence, ...]:
    low, high = result.effect_low, result.effect_high
    values: dict[str, object] = {"name": result.spending, "share": result.added_share, "mean": result.mean}
    if not low <= high:
        return (sentence("How {name} goes with satisfaction cannot be said from these data.", name=result.spending),)
    if high < 0:
        values |= {"effect": -result.effect, "low": -high, "high": -low, "part": -result.relative}
        return (sentence(_LESS, **values), sentence(_ACCOUNTS, **values), *_observed(result))
    values |= {"effect": result.effect, "low": low, "high": high, "part": result.relative}
    if not low > 0:
        return (sentence(_NOT_SHOWN, **values), *_observed(result))
    if result.added_share < HARDLY:
        return (sentence(_HARDLY, **values), sentence(_ACCOUNTS_LITTLE, **values), *_observed(result))
    return (sentence(_MORE, **values), sentence(_ACCOUNTS, **values), *_observed(result))


def _observed(result: SpendingLink) -> tuple[Sentence, ...]:
    """What a reader must know of the means by group, where controls were held constant."""
    return (sentence(_AS_OBSERVED),) if len(result.table) > 1 else ()


_AS_OBSERVED = "That is at equal other characteristics; the means of the groups in the table are as observed."

_MORE = (
    "More satisfied customers spend more: one point goes with {effect:money} more {name} ({low:money} to "
    "{high:money}), {part:percent1} of it."
)
_LESS = (
    "In these data more satisfied customers spend less: one point goes with {effect:money} less {name} ({low:money} to "
    "{high:money}), {part:percent1} of it. That need not mean that satisfaction costs turnover: customers who spend "
    "much may be harder to please."
)
_NOT_SHOWN = (
    "In these data it is not shown that satisfied customers spend more or less: one point goes with {effect:money} of "
    "{name} ({low:money} to {high:money})."
)
_HARDLY = (
    "More satisfied customers hardly spend more: one point goes with {effect:money} more {name} ({low:money} to "
    "{high:money}), {part:percent1} of it."
)
_ACCOUNTS = (
    "Satisfaction accounts for {share:percent1} of the differences in {name} (mean {mean:money}) between customers."
)
_ACCOUNTS_LITTLE = (
    "Satisfaction accounts for only {share:percent1} of the differences in {name} (mean {mean:money}) between "
    "customers: it does not decide what they spend."
)


@table.register
def _(result: SpendingLink, language: Language = ENGLISH) -> Printed:
    shown = result.groups[~result.groups["suppressed"]]
    names = [group_name(g, language) for g in shown["group"]]
    return printed(shown.assign(group=names), ["group", "base", "mean_spending"], language)


@explain.register
def _(result: TopMarks) -> tuple[Sentence, ...]:
    values = {"effect": result.effect, "low": result.effect_low, "high": result.effect_high, "name": result.intention}
    values |= {"top": result.from_point, "share": result.top_share}
    if not np.isfinite([result.effect_low, result.effect_high]).all():
        return ()
    shown = result.effect_low > 0 or result.effect_high < 0
    return (sentence(_TOP if shown else _NO_TOP, **values),)


_TOP = (
    "{share:percent} give {top:number} or higher on {name}; one point of satisfaction goes with {effect:pp1} "
    "percentage points more of them ({low:pp1} to {high:pp1})."
)
_NO_TOP = (
    "{share:percent} give {top:number} or higher on {name}; that satisfaction makes a difference to that is not shown: "
    "{effect:pp1} percentage points a point ({low:pp1} to {high:pp1})."
)


@table.register
def _(result: TopMarks, language: Language = ENGLISH) -> Printed:
    return printed(result.table, ["satisfaction", "top_two_given"], language)


@explain.register
def _(result: AskedLate) -> tuple[Sentence, ...]:
    counts = result.table.set_index("moment")["leavers"]
    known = result.base - int(counts["unknown"])
    soon = int(counts["soon"])
    near = (sentence(_SOON, n=soon, all=known, days=SOON),) if known and soon * 2 > known else ()
    if not result.late:
        return (sentence(_IN_TIME, all=known), *near) if known else (sentence(_NO_DAYS),)
    lead = sentence(_LATE, n=result.late, all=result.base)
    if not np.isfinite([result.effect_low, result.effect_high]).all():
        return (lead, sentence(_WITHOUT_NONE), *near)
    return (lead, sentence(_WITHOUT, effect=result.effect, low=result.effect_low, high=result.effect_high), *near)


_LATE = (
    "Of the {all:count} customers who left {n:count} were asked on the day they left or later: their marks are those "
    "of somebody who has gone, and foretell nothing."
)
_WITHOUT = (
    "Without them one point of satisfaction goes with {effect:pp1} percentage points more customers who stay "
    "({low:pp1} to {high:pp1}); rely on that figure, not on the one with them."
)
_WITHOUT_NONE = "Without them no link to leaving can be computed, so do not rely on the one with them."
_SOON = (
    "Of the {all:count} whose days are known {n:count} left within {days:count} days of being asked: most of those "
    "will have decided before."
)
_IN_TIME = "All {all:count} customers who left, as far as the days are known, were asked before that day."
_NO_DAYS = "Of nobody who left is it known whether he was asked before."


@table.register
def _(result: AskedLate, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(moment=[language.say(_MOMENTS[m]) for m in result.table["moment"]])
    return printed(frame, ["moment", "leavers", "leaver_share"], language)


_MOMENTS = {
    "after": sentence("After leaving"),
    "same_day": sentence("On the day of leaving"),
    "soon": sentence("At most a month before"),
    "later": sentence("Earlier"),
    "unknown": sentence("Unknown"),
}
