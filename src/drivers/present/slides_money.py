"""Slides on loyalty and money: whether satisfied customers stay, what they are worth, whether plans pay."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from drivers.analyses.plan import PlanReturn
from drivers.present.deck_bars import role_of
from drivers.present.deck_charts import BarChart, Series, bar_labels, series_of
from drivers.present.names import group_name
from drivers.present.slides import Result, Slide, Teller, told
from drivers.present.verbs import explain
from drivers.wording import sentence

_NAN = float("nan")


def loyalty_slide(tell: Teller) -> Slide | None:
    """Does satisfaction keep customers? Without leaving, what is known instead; None without either."""
    link, known = tell.findings.loyalty, tell.findings.behaviour
    if link is None:
        other = next(
            (r for r in (known.penalised, known.survival, tell.findings.intention) if r is not None and explain(r)),
            None,
        )
        return None if other is None else told("loyalty", other, tell, None)
    rows = link.groups[~link.groups["suppressed"].astype(bool)]
    chart = _by_group(rows, "retention", ("percent1", tell.say("Share of customers who stay")), tell)
    ends = (link.marginal_effect, link.marginal_effect_low, link.marginal_effect_high)
    short = tell.say(_POINT, **dict(zip(("effect", "low", "high"), ends, strict=True)))
    made = told("loyalty", link, tell, chart, short=(short,) if ends[1] > 0 else ())
    return replace(made, lines=(*made.lines, *tell.lines(tell.findings.net_promoter)[:1]))


_POINT = (
    "One point more satisfaction goes with {effect:pp1} percentage points more customers who stay ({low:pp1} to "
    "{high:pp1})."
)


def _by_group(rows: pd.DataFrame, column: str, how: tuple[str, str], tell: Teller) -> BarChart | None:
    """Columns of the groups of satisfied customers; None where none can be shown."""
    if rows.empty:
        return None
    labels = tuple(group_name(str(group), tell.language) for group in rows["group"])
    kind, title = how
    series = series_of(rows, column, title, role_of(list(rows["group"] == "satisfied")))
    return BarChart(labels, (series,), kind, title, form="column", top=1.0 if column == "retention" else None)


def value_slide(tell: Teller) -> Slide | None:
    """What is a satisfied customer worth?"""
    result = tell.findings.value
    if result is None:
        other = tell.findings.contract or tell.findings.purchases
        return None if other is None else _history(other, tell)
    rows = result.table[~result.table["suppressed"].astype(bool)]
    chart = _by_group(rows, "lifetime_value", ("money", tell.say("Lifetime value per customer")), tell)
    return told("value", result, tell, chart)


def _history(result: Result, tell: Teller) -> Slide:
    """What a customer is worth by the history of customers; its base is none of the survey."""
    lead, *rest = tell.lines(result)
    method = tell.say("Method: {method}", method=result.method)
    return Slide("value", (lead, tell.question("value")), tuple(rest), notes=(lead, *rest, method))


def plan_slide(tell: Teller) -> Slide | None:
    """What is an improvement worth?"""
    plan, chain = tell.findings.plan, tell.findings.chain
    if plan is None:
        return None if chain is None else _chain(tell)
    made = told("plan", plan, tell, _returns(plan, tell), short=_verdicts(plan, tell))
    every = list(explain(plan))
    each = [tell.say(line) for line in every if "roi" in line.values]
    lines = (*each, *_pointer(tell), tell.say(every[-1]))
    source = made.source
    return replace(made, lines=lines, notes=(*made.notes, *tell.lines(tell.findings.budget)), source=source)


def _pointer(tell: Teller) -> tuple[str, ...]:
    if tell.findings.what_if is None:
        return ()
    return (tell.say("Other rises and costs can be tried in the what-if part of report.html."),)


def _returns(plan: PlanReturn, tell: Teller) -> BarChart:
    """What all plans together cost, what goes with them, and what is left."""
    row = plan.together.iloc[0]
    columns = ("total_cost", "lifetime_value", "net_value")
    years = plan.terms.horizon_years
    labels = (
        tell.say("Cost"), tell.say("Lifetime value over {years:count} years", years=years), tell.say("Net value"),
    )  # fmt: skip
    series = Series(
        tell.say("All plans together"),
        tuple(float(row[c]) for c in columns),
        tuple(float(row.get(f"{c}_low", _NAN)) for c in columns),
        tuple(float(row.get(f"{c}_high", _NAN)) for c in columns),
        ("muted", "first", "first" if row["net_value_low"] > 0 else "second"),
    )
    return BarChart(labels, (series,), "money", series.name)


def _verdicts(plan: PlanReturn, tell: Teller) -> tuple[str, ...]:
    """The verdict without what it costs and brings, where the whole is too long for a headline."""
    row = plan.together.iloc[0]
    values = {"net": row["net_value"], "low": row["net_value_low"], "high": row["net_value_high"]}
    if row["net_value_low"] > 0:
        said = _PAYS
    elif row["net_value_high"] < 0:
        said = _LOSES
    else:
        said, values = _OPEN, {**values, "pays": row["pays_probability"]}
    return (tell.say(said[len(plan.table) > 1].template, **values),)


_PAYS: Sequence[Result] = (
    sentence(
        "The plan pays, if customers follow it as they differ now: net value {net:money} ({low:money} to {high:money})."
    ),
    sentence(
        "The plans together pay, if customers follow them as they differ now: net value {net:money} ({low:money} to "
        "{high:money})."
    ),
)
_LOSES: Sequence[Result] = (
    sentence("The plan does not pay: net value {net:money} ({low:money} to {high:money})."),
    sentence("The plans together do not pay: net value {net:money} ({low:money} to {high:money})."),
)
_OPEN: Sequence[Result] = (
    sentence(
        "Whether the plan pays is open: net value {net:money} ({low:money} to {high:money}), probability that it pays "
        "{pays:chance}."
    ),
    sentence(
        "Whether the plans together pay is open: net value {net:money} ({low:money} to {high:money}), probability that "
        "they pay {pays:chance}."
    ),
)


def _chain(tell: Teller) -> Slide:
    """What a rise of each driver is worth, where no plan has a cost."""
    chain: Result = tell.findings.chain
    rows = chain.table.head(10)
    steps = [
        f"{label} ({tell.language.figure(rise, 'signed', 1)})"
        for label, rise in zip(bar_labels(rows["label"]), rows["improvement"], strict=True)
    ]
    title = tell.say("Margin in the first year that goes with the improvement")
    shown = role_of(list(rows["yearly_margin_low"] > 0))
    chart = BarChart(tuple(steps), (series_of(rows, "yearly_margin", title, shown),), "money", title)
    made = told("plan", chain, tell, chart)
    return replace(made, lines=(*made.lines[:2], *_pointer(tell)))
