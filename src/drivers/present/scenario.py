"""What a simulated change of the drivers brings and costs: in words and as a table."""

from __future__ import annotations

import pandas as pd

from drivers.analyses.scenario import SimulatedPlan
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.printing import Printed, headers, number_cell
from drivers.present.sentences import explain
from drivers.present.tables import table
from drivers.wording import Sentence, sentence

ENGLISH = Language()

MEASURES: dict[str, tuple[Sentence, str]] = {
    "satisfaction": (sentence("Mean satisfaction"), "signed2"),
    "retention": (sentence("Retention a year, percentage points"), "pp1"),
    "yearly_margin": (sentence("Margin in the first year"), "money"),
    "lifetime_value": (sentence("Lifetime value"), "money"),
}
"""What changes with satisfaction: its name, and how its change is printed."""

GOES = sentence("With this change goes {value:money} of margin in the first year ({low:money} to {high:money}).")
NOT_SHOWN = sentence("No change of margin is shown: {value:money} in the first year ({low:money} to {high:money}).")
EARNS = sentence(
    "This change pays, if customers follow it as they differ now: it costs {cost:money}, and {worth:money} of lifetime "
    "value over {years:count} years goes with it; net value {net:money} ({low:money} to {high:money})."
)
LOSES = sentence(
    "This change does not pay: it costs {cost:money}, and {worth:money} of lifetime value over {years:count} years "
    "goes with it; net value {net:money} ({low:money} to {high:money})."
)
UNSURE = sentence(
    "Whether this change pays is open: it costs {cost:money}, and {worth:money} of lifetime value over {years:count} "
    "years goes with it; net value {net:money} ({low:money} to {high:money}), probability that it pays {pays:chance}."
)
PARTLY = sentence(
    "Whether this change pays cannot be said before the cost of {names:list} is known; without it, it costs "
    "{cost:money}, and {worth:money} of lifetime value over {years:count} years goes with it; net value {net:money} "
    "({low:money} to {high:money})."
)


@explain.register
def _(result: SimulatedPlan) -> tuple[Sentence, ...]:
    row = result.table.set_index("measure").loc["yearly_margin"]
    values = {"value": row["value"], "low": row["value_low"], "high": row["value_high"]}
    shown = row["value_low"] > 0 or row["value_high"] < 0
    short = result.changes[(result.changes["asked_change"] - result.changes["change"]).abs() > 1e-9]
    lines = [sentence((GOES if shown else NOT_SHOWN).template, **values), *_returned(result)]
    if len(short):
        lines.append(sentence("The scale ends before the change asked of {names:list}.", names=list(short["label"])))
    return (*lines, sentence("Association between customers of today; it becomes proof only by testing the plan."))


def _returned(result: SimulatedPlan) -> tuple[Sentence, ...]:
    """Whether the change pays, where a cost is known."""
    row, worth = result.returns.iloc[0], result.table.set_index("measure").loc["lifetime_value", "value"]
    if not row["total_cost"] > 0:
        return ()
    unknown = result.changes[(result.changes["change"] > 0) & result.changes["cost"].isna()]
    sure = PARTLY if len(unknown) else EARNS if row["net_value_low"] > 0 else UNSURE
    values = {"cost": row["total_cost"], "worth": worth, "years": result.horizon_years, "net": row["net_value"]}
    values |= {"low": row["net_value_low"], "high": row["net_value_high"], "pays": row["pays_probability"]}
    verdict = LOSES if row["net_value_high"] < 0 else sure
    return (sentence(verdict.template, **values, names=list(unknown["label"])),)


@table.register
def _(result: SimulatedPlan, language: Language = ENGLISH) -> Printed:
    cells = tuple(_measured(row, language) for _, row in result.table.iterrows())
    terms = [GLOSSARY[name] for name in ("measure", "value", "positive_probability")]
    return Printed(headers(terms, language), cells, (False, True, True))


def _measured(row: pd.Series, language: Language) -> tuple[str, ...]:
    name, how = MEASURES[row["measure"]]
    amount = number_cell([row[c] for c in ("value", "value_low", "value_high")], how, language)
    return language.say(name), amount, number_cell(row["positive_probability"], "chance", language)
