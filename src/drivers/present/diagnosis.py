"""The thirteen checks of an analysis: what is said of them, and their table."""

from __future__ import annotations

from drivers.analyses.diagnosis import DriverChecks
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.printing import Printed, headers
from drivers.present.sentences import explain
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

CHECKS = {
    "enough_respondents": sentence("Enough respondents"),
    "outcome_scale": sentence("Satisfaction is a rising number"),
    "driver_scales": sentence("Drivers are numbers"),
    "segments_alike": sentence("Groups are alike"),
    "causal_order": sentence("Drivers come first"),
    "collinearity": sentence("Drivers can be told apart"),
    "unexpected_correlations": sentence("No unexpected correlations"),
    "signs": sentence("Signs agree"),
    "missing_predictors": sentence("No important driver is missing"),
    "outliers": sentence("No answer decides alone"),
    "independence": sentence("Answers are independent"),
    "constant_variance": sentence("Even spread"),
    "linearity": sentence("Straight lines"),
}
_STATUS = {"pass": sentence("✓ passed"), "warn": sentence("! look at it"), "fail": sentence("✗ failed")}


@explain.register
def _(result: DriverChecks) -> tuple[Sentence, ...]:
    values = {"passed": result.passed, "warned": result.warned, "failed": result.failed}
    lead = sentence(_ALL) if result.passed == len(CHECKS) else sentence(_COUNTS, **values)
    status = result.table["status"]
    open_ = [sentence("‘{check}’", check=CHECKS[name]) for name in result.table.loc[status == "warn", "check"]]
    look = (sentence("Not settled: {names:list}.", names=open_),) if open_ else ()
    rows = (row for _, row in result.table[status == "fail"].iterrows())
    return (lead, *look, *(sentence(_FAILED, check=CHECKS[row["check"]], **_texts(row)) for row in rows))


_ALL = "All thirteen checks of what this analysis takes for granted passed."
_COUNTS = (
    "Thirteen checks of what this analysis takes for granted: {passed:count} passed, {warned:count} to look at, "
    "{failed:count} failed."
)
_FAILED = "Not met: ‘{check}’. {found} {advice}"


def _texts(row: dict[str, Sentence]) -> dict[str, Sentence]:
    return {"found": row["found"], "advice": row["advice"]}


@table.register
def _(result: DriverChecks, language: Language = ENGLISH) -> Printed:
    columns = ("check", "status", "found", "advice")
    rows = tuple(
        (
            language.say(CHECKS[row["check"]]),
            language.say(_STATUS[row["status"]]),
            language.say(row["found"]),
            language.say(row["advice"]),
        )
        for _, row in result.table.iterrows()
    )
    return Printed(headers([GLOSSARY[c] for c in columns], language), rows, (False,) * 4)
