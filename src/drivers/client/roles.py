"""Roles: which column of the survey a client file uses, for what, and under which key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drivers.client.choice import choice_scales
from drivers.client.lines import Key

if TYPE_CHECKING:
    from drivers.client.client import Client


@dataclass(frozen=True, slots=True)
class Role:
    """A column, what it is used for, and the key that says so."""

    column: str
    name: str
    key: Key


def column_roles(client: Client) -> tuple[Role, ...]:
    """Which columns must the survey have? One role a use, in the order of the client file."""
    answered = (*_survey_roles(client), *_answer_roles(client), *_choice_roles(client), *_loyalty_roles(client))
    return (
        *answered,
        *_interview_roles(client),
        *_change_roles(client),
        *_contract_roles(client),
        *_sourcing_roles(client),
    )


def _survey_roles(client: Client) -> Iterator[Role]:
    for name in ("respondent", "cluster", "strata", "weight", "wave"):
        if column := getattr(client.survey, name):
            yield Role(column, name, ("survey", name))
    for column in client.weighting.margins:
        yield Role(column, "population margin", ("weighting", "margins", column))
    for column in client.survey.segments:
        labelled = column in client.survey.segment_labels
        yield Role(column, "segment", ("survey", "segments", *([column] if labelled else [])))


def _answer_roles(client: Client) -> Iterator[Role]:
    for column in client.satisfaction.columns:
        yield Role(column, "satisfaction", ("satisfaction", "column"))
    for column, item in client.drivers.items.items():
        yield Role(column, item.role, ("drivers", "items", column))
    for driver, column in client.drivers.stated.items():
        yield Role(column, "stated importance", ("drivers", "stated", driver))
    known = {*client.satisfaction.columns, *client.drivers.items, client.loyalty and client.loyalty.intention}
    for name, columns in (client.paths.blocks if client.paths else {}).items():
        for column in columns:
            if column not in known:
                yield Role(column, "path block", ("paths", "blocks", name))


def _loyalty_roles(client: Client) -> Iterator[Role]:
    for name in ("left", "stayed", "intention", "nps", "effort", "event", "spending"):
        if client.loyalty and (column := getattr(client.loyalty, name)):
            yield Role(column, name, ("loyalty", name))
    for name, use in (("duration", "time"), ("tenure_at_interview", "tenure"), ("left_date", "left date")):
        if client.loyalty and (column := getattr(client.loyalty, name)):
            yield Role(column, use, ("loyalty", name))
    if client.value and isinstance(client.value.margin_per_year, str):
        yield Role(client.value.margin_per_year, "margin", ("value", "margin_per_year"))


def _choice_roles(client: Client) -> Iterator[Role]:
    if client.choice is None:
        return
    yield Role(client.choice.column, "decision", ("choice", "column"))
    known = {*client.satisfaction.columns, *client.drivers.items}
    for name in client.choice.batteries:
        for column in choice_scales(client).get(name, ()):
            if column not in known:
                yield Role(column, "choice item", ("choice", "batteries", name))
    for column in client.choice.controls:
        if column not in known:
            labelled = column in client.choice.control_labels
            yield Role(column, "choice control", ("choice", "controls", *([column] if labelled else [])))


def _contract_roles(client: Client) -> Iterator[Role]:
    asked = client.contracts
    if asked is None:
        return
    yield Role(asked.column, "contract", ("contracts", "column"))
    for name in ("adjust", "operations"):
        for column in getattr(asked, name):
            if column not in client.drivers.items:
                labelled = isinstance(getattr(asked, name), dict)
                yield Role(column, "contract column", ("contracts", name, *([column] if labelled else [])))


def _interview_roles(client: Client) -> Iterator[Role]:
    for name in ("duration", "date"):
        if column := getattr(client.survey, name):
            yield Role(column, name, ("survey", name))


def _change_roles(client: Client) -> Iterator[Role]:
    if client.change is None:
        return
    for name in ("reached", "rollout"):
        if column := getattr(client.change, name):
            yield Role(column, name, ("change", name))
    for name, columns in (("mix", client.change.mix), ("rate", client.change.rates)):
        key = "mix" if name == "mix" else "rates"
        for column in columns:
            yield Role(column, name, ("change", key, *([column] if isinstance(columns, dict) else [])))


def _sourcing_roles(client: Client) -> Iterator[Role]:
    """The columns of [sourcing], without those that are drivers or segments too."""
    asked = client.sourcing
    if asked is None:
        return
    yield Role(asked.column, "site", ("sourcing", "column"))
    yield Role(asked.centre, "contact centre", ("sourcing", "centre"))
    for name in ("first_time_fix", "repeats", "talk_time"):
        column = getattr(asked, name)
        if column and column not in client.drivers.items:
            yield Role(column, name.replace("_", " "), ("sourcing", name))
