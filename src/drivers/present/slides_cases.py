"""Slides on the cases that a client file declares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from drivers.client.choice import DECISIONS
from drivers.present.choice import decision_name
from drivers.present.deck_bars import role_of
from drivers.present.deck_charts import BarChart, Colour, Series, bar_labels, series_of
from drivers.present.deck_text import cleaned
from drivers.present.offshoring import case_paragraphs
from drivers.present.planeffect import GROUPS
from drivers.present.slides import Result, Slide, Teller, noted, told
from drivers.present.slides_drivers import MOST_BARS
from drivers.present.verbs import explain
from drivers.present.verdict import verdict_sentence
from drivers.wording import sentence

_NAN = float("nan")


def change_slide(tell: Teller) -> Slide | None:
    """What changed, and was it the plan?"""
    found: Result = tell.findings.cases
    if found.change is None:
        return None
    verdict = tell.say(verdict_sentence(found))
    effect = found.plan_effect
    chart = _moved(found.change, tell) if effect is None else _lines(effect, tell)
    made = told("change", found.change if effect is None else effect, tell, chart)
    parts = (found.change, found.decomposition, found.plan_effect, found.rate_changes, found.loyalty_change)
    said = tell.lines(*parts, found.plan_worth)
    first, *rest = tell.lines(found.change)
    lines = (first, *tell.lines(found.plan_worth)[:1], *tell.lines(found.rate_changes)[:1], *rest[:2])
    return replace(
        made, headlines=(verdict, *_reached(tell), tell.question("change")), lines=lines,
        notes=(verdict, *said, *made.notes[-4:]),
    )  # fmt: skip


def _reached(tell: Teller) -> tuple[str, ...]:
    """A shorter verdict where satisfaction rose more among those whom the plan reached."""
    found: Result = tell.findings.cases
    if found.change_verdict != "plan":
        return ()
    effect = found.plan_effect
    ends = {"value": effect.effect, "low": effect.effect_low, "high": effect.effect_high}
    return (
        tell.say(
            "This points to the plan: satisfaction of those whom it reached rose by {value:number2} points more "
            "({low:number2} to {high:number2}).",
            **ends,
        ),
    )


def _lines(effect: Result, tell: Teller) -> BarChart:
    waves = tuple(str(wave) for wave in dict.fromkeys(effect.lines["wave"]))
    looks: tuple[tuple[str, Colour], ...] = (("reached", "first"), ("others", "muted"))
    groups = [(name, role, effect.lines[effect.lines["reached_group"] == name]) for name, role in looks]
    series = tuple(series_of(rows, "group_mean", tell.say(GROUPS[name]), (role,)) for name, role, rows in groups)
    return BarChart(waves, series, "number1", tell.say("Mean satisfaction"), form="line")


def _moved(change: Result, tell: Teller) -> BarChart:
    """How the means of satisfaction and of the aspects changed."""
    rows = change.table[change.table["measure_kind"].isin(("satisfaction", "driver"))].head(MOST_BARS)
    shown = (rows["mean_change_low"] > 0) | (rows["mean_change_high"] < 0)
    title = tell.say("Points more than in wave {before}", before=change.before)
    series = series_of(rows, "mean_change", title, role_of(list(shown)))
    return BarChart(bar_labels(rows["label"]), (series,), "signed2", title)


def choice_slide(tell: Teller) -> Slide | None:
    """Who stays, who switches, who takes the work back?"""
    found, warning = tell.findings.cases.choice, tell.findings.cases.early_warning
    if found is None:
        return None
    scales = list(dict.fromkeys(found.profile["label"]))
    roles: tuple[Colour, ...] = ("muted", "second", "first")
    series = tuple(
        series_of(
            found.profile[found.profile["decision"] == decision].set_index("label").reindex(scales), "scale_mean",
            decision_name(decision, tell.language), (role,),
        )
        for decision, role in zip(DECISIONS, roles, strict=True)
    )  # fmt: skip
    chart = BarChart(bar_labels(scales), series, "number1", tell.say("Mean rating"), form="column")
    made = told("choice", found, tell, chart, short=_differ(tell))
    told_too = tell.lines(warning)
    return replace(made, lines=(*told_too[:1], *made.lines), notes=(*made.notes, *told_too))


def _differ(tell: Teller) -> tuple[str, ...]:
    """A shorter headline where those of both exits score lower on something."""
    found: Result = tell.findings.cases.choice
    lead = explain(found)[0]
    if not {"switch", "backsource"} <= set(lead.values):
        return ()
    switch, back = (len(lead.values[name]) for name in ("switch", "backsource"))  # type: ignore[arg-type]
    return (tell.say(_SCALES, switch=switch, back=back, all=len(found.scales)),)


_SCALES = (
    "Those who switch score lower than those who stay on {switch:count} of {all:count} scales, those who take the work "
    "back on {back:count}."
)


def contracts_slide(tell: Teller) -> Slide | None:
    """Does the kind of contract matter?"""
    found = tell.findings.cases.contracts
    if found is None:
        return None
    gaps = explain(found)[0].values.get("gaps")
    short = (tell.say(_EQUAL, gaps=gaps),) if gaps and found.held else ()
    return told("contracts", found, tell, _gaps(found, tell), short=short)


_EQUAL = "The kind of contract goes with satisfaction, other things equal: {gaps:list}."


def _gaps(found: Result, tell: Teller) -> BarChart:
    """How much more satisfied those with one kind of contract are: as they are, and other things equal."""
    views: list[tuple[str, str, Colour]] = [("contract_gap", "As they are", "muted")]
    views += [("equal_gap", "Other things equal (regression)", "first")] if found.held else []
    pairs = [
        tell.say("{kind} against {other}", kind=kind, other=other)
        for kind, other in zip(found.gaps["contract_kind"], found.gaps["other_kind"], strict=True)
    ]
    series = tuple(series_of(found.gaps, name, tell.say(said), (role,)) for name, said, role in views)
    return BarChart(tuple(map(cleaned, pairs)), series, "signed2", tell.say("Points of satisfaction more"))


_MONEY = ("unit_cost_saving", "repeat_cost", "lost_value", "moving_cost", "net_yearly")
_TAKEN = ("repeat_cost", "lost_value", "moving_cost")


def sourcing_slide(tell: Teller) -> Slide | None:
    """Onshore or offshore: with a business case what is left of the saving, else how satisfaction differs."""
    cases = tell.findings.cases
    gap, money = cases.site_gap, cases.sourcing
    if gap is None:
        return None
    gaps = tell.lines(gap)
    if money is None:
        return told("sourcing", gap, tell, _means(gap, tell))
    offshore, home, caveat = ([tell.say(line) for line in part] for part in case_paragraphs(money))
    made = told("sourcing", money, tell, _business(money, tell))
    notes = (*gaps, *tell.lines(cases.talk_time), *made.notes)
    lines = (offshore[0], gaps[0], *home[:1], *caveat, *offshore[1:])
    return replace(made, headlines=(offshore[0], gaps[0], tell.question("sourcing")), lines=lines, notes=notes)


def _means(gap: Result, tell: Teller) -> BarChart:
    row = gap.table.set_index("measure").loc["satisfaction"]
    values = (float(row["onshore_mean"]), float(row["offshore_mean"]))
    labels = (tell.say("Onshore"), tell.say("Offshore"))
    series = Series(tell.say("Mean satisfaction"), values, (_NAN, _NAN), (_NAN, _NAN), ("first", "second"))
    return BarChart(labels, (series,), "number1", series.name)


def _business(money: Result, tell: Teller) -> BarChart:
    """What going offshore saves and costs in a year, and what is left."""
    row = money.table.set_index("move").loc["offshoring"]
    names = [name for name in _MONEY if name != "moving_cost" or row["moving_cost"] > 0]
    signs = [-1.0 if name in _TAKEN else 1.0 for name in names]
    ends = [
        sorted(s * float(row.get(f"{n}_{end}", _NAN)) for end in ("low", "high"))
        for n, s in zip(names, signs, strict=True)
    ]
    values = tuple(s * float(row[n]) for n, s in zip(names, signs, strict=True))
    roles: tuple[Colour, ...] = tuple("second" if value < 0 else "first" for value in values)
    title = tell.say("Going offshore, a year")
    series = Series(title, values, tuple(e[0] for e in ends), tuple(e[1] for e in ends), roles)
    return BarChart(tuple(tell.say(_PARTS[name]) for name in names), (series,), "money", title)


_PARTS = {
    "unit_cost_saving": sentence("Lower cost of contacts"),
    "repeat_cost": sentence("Repeat contacts"),
    "lost_value": sentence("Customers who leave"),
    "moving_cost": sentence("Moving"),
    "net_yearly": sentence("What is left"),
}


def providers_slide(tell: Teller) -> Slide | None:
    """Who would recommend the provider?"""
    found = tell.findings.cases.providers
    if found is None:
        return None
    rows = found.providers[~found.providers["suppressed"].astype(bool)] if len(found.providers) else found.providers
    rows = rows.sort_values("recommend_share", ascending=False, kind="stable").head(MOST_BARS)
    title = tell.say("Share that would recommend the provider (9 or 10)")
    chart = _attributes(found, tell)
    if len(rows):
        series = series_of(rows, "recommend_share", title, ("first",))
        chart = BarChart(bar_labels(rows["provider"]), (series,), "percent", title)
    values = {"base": found.base, "confidence": found.confidence, "source": found.source, "wave": ""}
    source = tell.say(
        "Base: {base:count} respondents; lines show {confidence:percent} intervals. Source: {source}{wave}.", **values
    )
    lead, *rest = tell.lines(found)
    notes = noted(tell, (lead, *rest), found, source)
    return Slide("providers", (lead, tell.question("providers")), tuple(rest), chart, source=source, notes=notes)


def _attributes(found: Result, tell: Teller) -> BarChart:
    rows = found.table.head(MOST_BARS)
    series = series_of(rows, "attribute_mean", tell.say("Mean rating"), ("first",))
    return BarChart(bar_labels(rows["label"]), (series,), "number1", series.name)


def employees_slide(tell: Teller) -> Slide | None:
    """Do the floor and the board see the same?"""
    found, cases = tell.findings.cases.employees, tell.findings.cases
    if found is None:
        return None
    rows = found.table[found.table["layer_mean"].notna()]
    series = series_of(rows, "layer_mean", tell.say("Mean rating"), ("first",))
    chart = BarChart(bar_labels(rows["layer"]), (series,), "number1", f"{series.name}: {found.question}")
    source = tell.say(
        "Base: {base:count} employees; lines show {confidence:percent} intervals.",
        base=found.base,
        confidence=found.confidence,
    )
    lead, *rest = tell.lines(found)
    more = [line for part in (cases.perception, cases.team_link, cases.agreement) for line in tell.lines(part)[:1]]
    every = tell.lines(cases.perception, cases.agreement, cases.team_link)
    notes = noted(tell, (lead, *rest, *every), found, source)
    headlines = (lead, *_layers(tell), tell.question("employees"))
    return Slide("employees", headlines, (*more, *rest), chart, source=source, notes=notes)


def _layers(tell: Teller) -> tuple[str, ...]:
    """A shorter headline where layers differ."""
    values = explain(tell.findings.cases.employees)[0].values
    if "gap" not in values:
        return ()
    return (
        tell.say(
            "Layers differ: {upper} rate “{question}” {gap:number1} points higher than {lower} ({least:number1} to "
            "{most:number1}).",
            **values,
        ),
    )


CASE_SLIDES: dict[str, Callable[[Teller], Slide | None]] = {
    "change": change_slide,
    "choice": choice_slide,
    "contracts": contracts_slide,
    "sourcing": sourcing_slide,
    "providers": providers_slide,
    "employees": employees_slide,
}
