"""Checks that span several keys of a client file; each yields the problems it finds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from drivers.client.behaviour import behaviour_problems
from drivers.client.change import change_problems
from drivers.client.choice import choice_problems
from drivers.client.contracts import contract_problems
from drivers.client.employees import employee_problems
from drivers.client.paths import path_problems
from drivers.client.plans import plan_problems
from drivers.client.problems import Problem, nearest_name
from drivers.client.providers import provider_problems
from drivers.client.report import report_problems
from drivers.client.roles import Role, column_roles
from drivers.client.sections import NPS_SCALE
from drivers.client.sourcing import sourcing_problems
from drivers.client.spending import spending_problems

if TYPE_CHECKING:
    from drivers.client.client import Client
    from drivers.client.conversion import Conversion
    from drivers.client.sections import Loyalty
    from drivers.client.value import Value

_TOGETHER = (  # what one column may be at once; a segment may be anything
    {"control", "margin"},
    {"control", "time"},
    {"control", "tenure"},
    {"margin", "spending"},
    {"left", "event"},
    {"control", "strata"},
    {"control", "population margin"},
    {"strata", "population margin"},
    {"wave", "date"},
    {"intention", "nps"},
    {"path block", "nps"},
    {"mix", "population margin"},
    {"mix", "strata"},
    {"rollout", "cluster"},
    {"rollout", "strata"},
    {"rollout", "mix"},
    {"cluster", "contact centre"},
    {"strata", "site"},
    {"path block", "choice item"},
    {"choice control", "population margin"},
    {"choice control", "strata"},
    {"contract", "strata"},
    {"contract", "population margin"},
    {"contract column", "strata"},
    {"contract column", "population margin"},
    {"contract column", "choice control"},
)


_ROUNDED = 0.005  # shares are printed rounded; they are made to add to 1


def client_problems(client: Client) -> list[Problem]:
    """What is wrong with this client file, key by key, although each key alone is right?"""
    checks = (
        _format_problems,
        _renamed_problems,
        _weighting_problems,
        _satisfaction_problems,
        _driver_problems,
        _role_problems,
    )
    answers = (_battery_problems, _stated_problems, path_problems, _quality_problems)
    money = (_loyalty_problems, behaviour_problems, _value_problems, spending_problems, plan_problems)
    cases = (change_problems, choice_problems, contract_problems, employee_problems)
    others = (provider_problems, sourcing_problems, report_problems)
    return [problem for check in (*checks, *answers, *money, *cases, *others) for problem in check(client)]


def _format_problems(client: Client) -> Iterator[Problem]:
    survey = client.survey
    suffix = PurePath(survey.file).suffix.lower()
    kinds = {"sheet": (".xlsx",), "separator": (".csv",), "encoding": (".csv", ".sav", ".zsav", ".dta")}
    for key, suffixes in kinds.items():
        if key in survey.model_fields_set and suffix not in suffixes:
            yield Problem(("survey", key), f"means nothing for a {suffix} file. Leave it out.")
    if survey.separator == survey.decimal and suffix == ".csv":
        yield Problem(("survey", "decimal"), 'is the separator too; expected two signs, e.g. separator = ";".')


def _renamed_problems(client: Client) -> Iterator[Problem]:
    renamed = client.survey.renamed
    if renamed and client.survey.wave is None:
        yield Problem(
            ("survey", "renamed"), "names waves, but there is no survey.wave. Add it, or use the names as they are."
        )
    used = {role.column for role in column_roles(client)}
    for wave, names in renamed.items():
        for name, column in names.items():
            key = ("survey", "renamed", wave, name)
            if name not in used:
                yield Problem(key, f'"{name}" is used nowhere in this client file. {nearest_name(name, used)}')
            elif name == client.survey.wave:
                yield Problem(key, "is the column that names the waves; expected one name of it in all waves.")
            elif column in used:
                yield Problem(
                    key, f'is "{column}", which this client file uses for something else. Remove one of the two.'
                )


def _weighting_problems(client: Client) -> Iterator[Problem]:
    weighting, survey, low, high = client.weighting, client.survey, *client.weighting.trim
    if "trim" in weighting.model_fields_set and not weighting.margins:
        yield Problem(("weighting", "trim"), "bounds raked weights only. Add weighting.margins, or leave it out.")
    if "unweighted" in weighting.model_fields_set and survey.weight is None:
        yield Problem(("weighting", "unweighted"), "means nothing without survey.weight. Leave it out.")
    if "anonymous" in survey.model_fields_set and survey.respondent is None and survey.cluster is None:
        yield Problem(("survey", "anonymous"), "means nothing without survey.respondent or cluster. Leave it out.")
    if not 0 <= low < 1 < high:
        text = f"is [{low:g}, {high:g}]; expected a lowest bound from 0 to below 1 and a highest above 1."
        yield Problem(("weighting", "trim"), text)
    for column, shares in client.weighting.margins.items():
        key, total = ("weighting", "margins", column), sum(shares.values())
        if len(shares) < 2 or min(shares.values(), default=0.0) <= 0:
            yield Problem(key, "expected a share above 0 for each of two values or more. Merge or leave out values.")
        elif abs(total - 1) > _ROUNDED:
            yield Problem(key, f"the shares add to {total:g}; expected 1, for instance 0.52 for 52%.")


def _satisfaction_problems(client: Client) -> Iterator[Problem]:
    satisfaction = client.satisfaction
    bounds = {"satisfied": satisfaction.satisfied, "dissatisfied": satisfaction.dissatisfied}
    for key, bound in bounds.items():
        if bound is not None and satisfaction.scale and not satisfaction.scale[0] <= bound <= satisfaction.scale[1]:
            low, high = satisfaction.scale
            yield Problem(("satisfaction", key), f"is {bound:g}; expected a number on the scale {low:g} to {high:g}.")
    if None not in bounds.values() and not bounds["dissatisfied"] < bounds["satisfied"]:  # type: ignore[operator]
        yield Problem(("satisfaction", "dissatisfied"), "reaches satisfied; expected a lower number than satisfied.")


def _driver_problems(client: Client) -> Iterator[Problem]:
    items = client.drivers.items
    if not client.driver_names:
        yield Problem(("drivers", "items"), "holds no driver; expected at least one column with role driver.")
    reserved = {"left": client.loyalty is not None and client.leaving_column is not None}
    reserved["event"] = client.loyalty is not None and client.loyalty.event is not None
    reserved["satisfaction"] = len(client.satisfaction.columns) > 1
    for name in items:
        if reserved.get(name):
            text = f'"{name}" is the name that the suite gives to a column it makes. Rename the column in the survey.'
            yield Problem(("drivers", "items", name), text)


def _role_problems(client: Client) -> Iterator[Problem]:
    first: dict[str, Role] = {}
    for role in column_roles(client):
        if role.name == "segment":
            continue
        other = first.setdefault(role.column, role)
        if other is not role and {other.name, role.name} not in _TOGETHER:
            text = f'column "{role.column}" is already used as {other.name}; expected one use a column.'
            yield Problem(role.key, f"{text} Remove it here or at {'.'.join(other.key)}.")


def _battery_problems(client: Client) -> Iterator[Problem]:
    for battery, columns in client.drivers.batteries.items():
        for column in columns:
            if column not in client.driver_names:
                near = nearest_name(column, client.driver_names)
                text = f'"{column}" is no driver; expected drivers of [drivers.items]. {near}'
                yield Problem(("drivers", "batteries", battery), text)
    for name, item in client.drivers.items.items():
        if item.reversed and item.role == "control":
            text = "means nothing for a control, which is only held constant. Leave it out."
            yield Problem(("drivers", "items", name, "reversed"), text)


def _stated_problems(client: Client) -> Iterator[Problem]:
    drivers = client.drivers
    if drivers.stated_scale and not drivers.stated:
        yield Problem(("drivers", "stated_scale"), "is a scale without columns. Add [drivers.stated].")
    for name in drivers.stated:
        if name not in client.driver_names:
            near = nearest_name(name, client.driver_names)
            text = f"is no driver; expected a driver of [drivers.items]. {near}"
            yield Problem(("drivers", "stated", name), text)


def _quality_problems(client: Client) -> Iterator[Problem]:
    survey, quality = client.survey, client.quality
    needed = {
        "too_fast": ("survey.duration", survey.duration),
        "impossible_dates": ("survey.date", survey.date),
        "duplicate_respondents": ("survey.respondent", survey.respondent),
        "contradictory": ("a driver with reversed = true", any(i.reversed for i in client.drivers.items.values())),
        "inconsistent": ("drivers.batteries", client.drivers.batteries),
    }
    for screen in quality.exclude:
        key, there = needed.get(screen, ("", True))
        if not there:
            yield Problem(
                ("quality", "exclude"), f"{screen} cannot be found without {key}. Add it, or remove {screen}."
            )
    if quality.too_fast_below is not None and survey.duration is None:
        yield Problem(("quality", "too_fast_below"), "needs survey.duration. Add the column, or remove this key.")
    for key in ("fieldwork", "date_format"):
        if getattr(survey, key) is not None and survey.date is None:
            yield Problem(("survey", key), "says nothing without survey.date. Add the column, or remove this key.")


def _loyalty_problems(client: Client) -> Iterator[Problem]:
    loyalty = client.loyalty
    if loyalty is None:
        return
    if loyalty.left and loyalty.stayed:
        yield Problem(("loyalty", "stayed"), "says the same as left; expected one of the two. Remove one.")
    asked = (loyalty.intention, loyalty.nps, loyalty.effort, loyalty.duration, loyalty.spending)
    if not any((loyalty.left, loyalty.stayed, *asked)):
        text = "names no column; expected left, stayed, nps, intention, effort, duration or spending. Add one or "
        text += "remove it."
        yield Problem(("loyalty",), text)
    if loyalty.intention_scale and not loyalty.intention:
        yield Problem(("loyalty", "intention_scale"), "is a scale without a column. Add loyalty.intention.")
    if loyalty.nps_label and not loyalty.nps:
        yield Problem(("loyalty", "nps_label"), "is a label without a column. Add loyalty.nps.")
    for key in ("effort_scale", "effort_label", "effort_reversed"):
        if key in loyalty.model_fields_set and not loyalty.effort:
            yield Problem(("loyalty", key), "means nothing without a column. Add loyalty.effort, or leave it out.")
    yield from _conversion_problems(loyalty)
    if loyalty.nps and loyalty.nps == loyalty.intention and loyalty.intention_scale not in (None, NPS_SCALE):
        low, high = loyalty.intention_scale
        text = f"is {low:g} to {high:g}, but the column is loyalty.nps too, which runs from 0 to 10. Leave it out."
        yield Problem(("loyalty", "intention_scale"), text)


def _conversion_problems(loyalty: Loyalty) -> Iterator[Problem]:
    rule = loyalty.conversion
    if rule is None:
        return
    if not loyalty.intention:
        yield Problem(("loyalty", "conversion"), "converts an intention. Add loyalty.intention, or remove the table.")
    strange = [answer for answer in rule.chances if not answer.removeprefix("-").isdecimal()]
    if strange:
        yield Problem((*_CHANCES, strange[0]), f'"{strange[0]}" is no whole answer; expected for instance 4 = 0.6.')
    elif loyalty.intention_scale:
        yield from _uncovered(rule, loyalty.intention_scale)


def _uncovered(rule: Conversion, scale: tuple[float, float]) -> Iterator[Problem]:
    low, high = round(scale[0]), round(scale[1])
    without = [f"{point}" for point in range(low, high + 1) if float(point) not in rule.points]
    beyond = [answer for answer in rule.chances if not scale[0] <= float(answer) <= scale[1]]
    if without:
        text = f"has no chance for {', '.join(without)}; expected one for each answer from {low} to {high}."
        yield Problem(_CHANCES, f"{text} Add them.")
    if beyond:
        yield Problem(
            (*_CHANCES, beyond[0]), f"is no answer from {low} to {high} (loyalty.intention_scale). Remove it."
        )


_CHANCES = ("loyalty", "conversion", "chances")


def _value_problems(client: Client) -> Iterator[Problem]:
    value = client.value
    if value is None:
        return
    if not client.leaving_column and value.history is None:
        text = "needs to know who leaves; expected loyalty.left or loyalty.stayed. Add one, or remove [value]."
        yield Problem(("value",), text)
    yield from _history_problems(value)


def _history_problems(value: Value) -> Iterator[Problem]:
    purchases = value.model == "purchases"
    if value.model != "constant" and value.history is None:
        yield Problem(("value", "history"), f'is needed by model = "{value.model}". Add the file, or remove the model.')
    if value.history is None and "history_unit" in value.model_fields_set:
        yield Problem(("value", "history_unit"), "means nothing without value.history. Add the file, or leave it out.")
    if purchases != (value.margin_share is not None):
        text = "is needed by" if purchases else "means nothing without"
        remedy = "Add the share" if purchases else "Leave it out"
        yield Problem(("value", "margin_share"), f'{text} model = "purchases". {remedy}.')
    if value.history and not purchases and value.history_unit in ("day", "week"):
        text = f'is "{value.history_unit}"; expected the time between two renewals: month, quarter or year.'
        yield Problem(("value", "history_unit"), text)
