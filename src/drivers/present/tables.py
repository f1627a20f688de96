"""A result as a printed table: headers, units and numbers in the language of the report."""

from __future__ import annotations

from dataclasses import dataclass
from functools import singledispatch

import pandas as pd

from drivers.analyses.chain import ValueChain
from drivers.analyses.importance import DriverImportance
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.missing import MissingSensitivity
from drivers.analyses.movement import Potential
from drivers.analyses.promoter import NetPromoter
from drivers.analyses.quality import AnswerQuality
from drivers.analyses.value import SatisfactionValue
from drivers.analyses.weighting import WeightReport
from drivers.glossary import GLOSSARY, Term
from drivers.present.language import Language
from drivers.present.names import group_name, measure_name, policy_name, promoter_name, role_name

ENGLISH = Language()

_FORMATS = {
    "count": "count",
    "share": "percent1",
    "points": "number1",
    "fine points": "number2",
    "probability": "chance",
    "rank": "count",
    "money": "money",
    "ratio": "number1",
    "coefficient": "number2",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """A table ready to print: headers, rows of text, and which columns hold numbers."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[bool, ...]


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
    return _printed(frame, chosen, language)


@table.register
def _(result: MissingSensitivity, language: Language = ENGLISH) -> Printed:
    """Shares with their ranks, one column a policy; where no ranking is drawn, what each item costs."""
    if result.table.empty:
        return _printed(result.losses, ["label", "missing_share", "kept_without"], language)
    bases = result.policies.set_index("policy")["base"]
    policies = list(dict.fromkeys(result.table["policy"]))
    cells = result.table.set_index(["label", "policy"])
    rows = tuple(
        (
            label,
            *(
                language.say("{share:percent1} ({rank:count})", **cells.loc[(label, p), ["share", "rank"]].to_dict())
                for p in policies
            ),
        )
        for label in dict.fromkeys(result.table["label"])
    )
    headers = (f"{policy_name(p, language)} (n = {language.figure(bases[p], 'count', 0)})" for p in policies)
    return Printed((*_headers([GLOSSARY["label"]], language), *headers), rows, (False, *[True] * len(policies)))


@table.register
def _(result: Potential, language: Language = ENGLISH) -> Printed:
    cells = tuple(
        (
            measure_name(row["measure"], language),
            *(language.format_field(row[c], "number2" if row["measure"] == "rise" else "percent1") for c in _SPREAD),
        )
        for _, row in result.table.iterrows()
    )
    terms = [GLOSSARY[c] for c in ("measure", "value", "value_low", "value_high")]
    return Printed(_headers(terms, language), cells, (False, True, True, True))


_SPREAD = ("value", "value_low", "value_high")


@table.register
def _(result: DriverImportance, language: Language = ENGLISH) -> Printed:
    chosen = [
        "label", "share", "share_low", "share_high", "rank", "rank_low", "rank_high", "first_probability",
        "letters", "mean", "slope", "slope_low", "slope_high", "vif",
    ]  # fmt: skip
    return _printed(result.table, chosen, language)


@table.register
def _(result: RetentionLink, language: Language = ENGLISH) -> Printed:
    frame = result.groups.assign(group=[group_name(g, language) for g in result.groups["group"]])
    chosen = [
        "group", "base", "customer_share", "mean_satisfaction", "retention", "retention_low", "retention_high",
        "adjusted_retention", "adjusted_retention_low", "adjusted_retention_high",
    ]  # fmt: skip
    return _printed(frame, chosen, language)


@table.register
def _(result: SatisfactionValue, language: Language = ENGLISH) -> Printed:
    frame = result.table.assign(group=[group_name(g, language) for g in result.table["group"]])
    chosen = [
        "group", "base", "customers", "margin", "retention", "retention_low", "retention_high", "lifetime_value",
        "lifetime_value_low", "lifetime_value_high",
    ]  # fmt: skip
    return _printed(frame, chosen, language)


@table.register
def _(result: ValueChain, language: Language = ENGLISH) -> Printed:
    chosen = [
        "label", "improvement", "satisfaction_gain", "retention_gain", "yearly_margin", "yearly_margin_low",
        "yearly_margin_high", "lifetime_value", "lifetime_value_low", "lifetime_value_high", "positive_probability",
        "cost", "pays_probability",
    ]  # fmt: skip
    costs = result.table["cost"].notna().any()
    return _printed(result.table, chosen if costs else chosen[:-2], language)


@table.register
def _(result: WeightReport, language: Language = ENGLISH) -> Printed:
    return _printed(result.margins, list(result.margins), language)


@table.register
def _(result: NetPromoter, language: Language = ENGLISH) -> Printed:
    groups = [promoter_name(g, language) for g in result.table["promoter_group"]]
    return _printed(result.table.assign(promoter_group=groups), list(result.table), language)


def _printed(frame: pd.DataFrame, columns: list[str], language: Language) -> Printed:
    terms = [GLOSSARY[c] for c in columns]
    rows = tuple(
        tuple(_cell(value, term, language) for value, term in zip(row, terms, strict=True))
        for row in frame[columns].itertuples(index=False)
    )
    return Printed(_headers(terms, language), rows, tuple(t.unit != "text" for t in terms))


def _headers(terms: list[Term], language: Language) -> tuple[str, ...]:
    return tuple(t.header_nl if language.code == "nl" else t.header_en for t in terms)


def _cell(value: object, term: Term, language: Language) -> str:
    if term.unit == "text":
        return str(value)
    number = float("nan") if value is None or value is pd.NA else float(str(value))
    if number in (float("inf"), float("-inf")):
        return "∞"
    return language.format_field(number, _FORMATS[term.unit])
