"""A result as a printed table: headers, units and numbers in the language of the report."""

from __future__ import annotations

from functools import singledispatch

import pandas as pd

from drivers.analyses.chain import ValueChain
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.missing import MissingSensitivity
from drivers.analyses.movement import Potential
from drivers.analyses.promoter import NetPromoter
from drivers.analyses.quality import AnswerQuality
from drivers.analyses.reliability import BatteryReliability
from drivers.analyses.screening import AnswerScreening
from drivers.analyses.value import SatisfactionValue
from drivers.analyses.weighting import WeightReport
from drivers.glossary import GLOSSARY
from drivers.present.language import Language
from drivers.present.names import SCREENS, group_name, measure_name, policy_name, promoter_name, role_name
from drivers.present.printing import Printed, headers, number_cell, printed, said_cell
from drivers.wording import sentence

ENGLISH = Language()


@singledispatch
def table(result: object, language: Language = ENGLISH) -> Printed:
    """The table of a result, as a report prints it.

    Raises
    ------
    TypeError
        When this kind of result has no table.
    """
    raise TypeError(f"There is no table of a {type(result).__name__}. Give it a result of an analysis.")


@table.register
def _(result: AnswerQuality, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(role=[role_name(r, language) for r in result.table["role"]])
    chosen = ["label", "role", "base", "missing_share", "mean", "top_two_share", "bottom_two_share"]
    return printed(frame, chosen, language)


@table.register
def _(result: MissingSensitivity, language: Language = ENGLISH) -> Printed:
    """Shares with their ranks, one column a policy; where no ranking is drawn, what each item costs."""
    if result.table.empty:
        return printed(result.losses, ["label", "missing_share", "kept_without"], language)
    bases = result.policies.set_index("policy")["base"]
    policies, (place,) = list(dict.fromkeys(result.table["policy"])), headers([GLOSSARY["rank"]], language)
    cells = result.table.set_index(["label", "policy"])
    rows = tuple(
        (
            label,
            *(
                said_cell(sentence(_SHARE_RANK, **cells.loc[(label, p), ["share", "rank"]]), language, rank=place)
                for p in policies
            ),
        )
        for label in dict.fromkeys(result.table["label"])
    )
    names = (f"{policy_name(p, language)} (n = {language.figure(bases[p], 'count', 0)})" for p in policies)
    return Printed((*headers([GLOSSARY["label"]], language), *names), rows, (False, *[True] * len(policies)))


_SHARE_RANK = "{share:percent1} ({rank:count})"


@table.register
def _(result: Potential, language: Language = ENGLISH) -> Printed:
    cells = tuple(
        (measure_name(row["measure"], language), _measure_cell(row, language)) for _, row in result.table.iterrows()
    )
    terms = [GLOSSARY[c] for c in ("measure", "value")]
    return Printed(headers(terms, language), cells, (False, True))


def _measure_cell(row: pd.Series, language: Language) -> str:
    how = "number2" if row["measure"] == "rise" else "percent1"
    return number_cell([row[c] for c in ("value", "value_low", "value_high")], how, language)


@table.register
def _(result: RetentionLink, language: Language = ENGLISH) -> Printed:
    frame = result.groups.assign(group=[group_name(g, language) for g in result.groups["group"]])
    chosen = [
        "group", "base", "customer_share", "mean_satisfaction", "retention", "adjusted_retention",
    ]  # fmt: skip
    return printed(frame, chosen, language)


@table.register
def _(result: SatisfactionValue, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(group=[group_name(g, language) for g in result.table["group"]])
    chosen = [
        "group", "base", "customers", "margin", "yearly_retention", "lifetime_value",
    ]  # fmt: skip
    return printed(frame, chosen, language)


@table.register
def _(result: ValueChain, language: Language = ENGLISH) -> Printed:
    chosen = [
        "label", "improvement", "satisfaction_gain", "retention_gain", "yearly_margin", "lifetime_value", "from_margin",
        "positive_probability", "cost", "pays_probability",
    ]  # fmt: skip
    hidden = set() if result.table["cost"].notna().any() else {"cost", "pays_probability"}
    hidden |= set() if result.terms.spent else {"from_margin"}
    hidden |= set() if result.terms.kept else {"retention_gain", "from_margin"}
    return printed(result.table, [name for name in chosen if name not in hidden], language)


@table.register
def _(result: WeightReport, language: Language = ENGLISH) -> Printed:
    return printed(result.margins, list(result.margins), language)


@table.register
def _(result: NetPromoter, language: Language = ENGLISH) -> Printed:
    groups = [promoter_name(g, language) for g in result.table["promoter_group"]]
    return printed(result.table.assign(promoter_group=groups), list(result.table), language)


@table.register
def _(result: AnswerScreening, language: Language = ENGLISH) -> Printed:
    columns = ["screen", "rule", "flagged", "flagged_share", "excluded", "order_changes"]
    frame = result.table.assign(screen=[language.say(SCREENS[s]) for s in result.table["screen"]])
    frame["rule"] = [language.say(rule) for rule in frame["rule"]]
    whole = printed(frame, columns, language)
    counts = [_told_count(row, result.minimum_base, language) for _, row in frame.iterrows()]
    rows = ((*cells[:2], n or cells[2], *cells[3:]) for cells, n in zip(whole.rows, counts, strict=True))
    return Printed(whole.headers, tuple(rows), whole.numeric)


def _told_count(row: pd.Series, least: int, language: Language) -> str:
    """How a count is printed that may not be told exactly; empty for others."""
    if row["suppressed"]:
        return language.say("fewer than {n:count}", n=least)
    return language.say("about {n:count}", n=row["flagged"]) if row["rounded"] else ""


@table.register
def _(result: BatteryReliability, language: Language = ENGLISH) -> Printed:
    everything = _ALL_DRIVERS if result.table["items"].max() == result.items["driver"].nunique() else _ALL_RATINGS
    frame = result.table.assign(battery=[b or language.say(everything) for b in result.table["battery"]])
    chosen = ["battery", "items", "base", "alpha", "alpha_low", "alpha_high", "omega", "first_factor"]
    return printed(frame, chosen, language)


_ALL_DRIVERS, _ALL_RATINGS = sentence("All drivers"), sentence("All ratings")
