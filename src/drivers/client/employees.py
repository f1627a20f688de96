"""The table [employees] of a client file: what employees answered, by layer and team."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from drivers.client.fields import Codes, Names, ScalePair, Section, Text, lists_as_tuples
from drivers.client.problems import Problem, nearest_name
from drivers.client.source import readable_file

if TYPE_CHECKING:
    from drivers.client.client import Client


class EmployeeItem(Section):
    """One question put to employees; a bare text is its label."""

    label: Text = Field(title="text", description="Printed name.")
    customers: Text | None = Field(
        None,
        title="a column of the survey",
        description="Satisfaction or a driver that asks customers the same on the same scale: what employees believe "
        "is held against what customers say. Default: customers were not asked.",
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_label(cls, item: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return {"label": item} if isinstance(item, str) else item


class TeamResults(Section):
    """What teams achieved, one row a team."""

    file: Annotated[Text, AfterValidator(readable_file)] = Field(
        title="a file name",
        description="Table with one row a team: csv, xlsx, parquet, sav, zsav or dta. A relative path starts at the "
        "client file.",
    )
    team: Text = Field(title="a column", description="Names the team, as employees.team does.")
    customers: Text | None = Field(
        None,
        title="a column",
        description="Mean satisfaction of the customers whom the team served. Default: not linked.",
    )
    absence: Text | None = Field(
        None,
        title="a column",
        description="Part of the working time that was lost to sickness, 0.05 for 5%. Default: not linked.",
    )
    turnover: Text | None = Field(
        None,
        title="a column",
        description="Part of the team that left within a year, 0.2 for 20%. Default: not linked.",
    )

    @property
    def columns(self) -> dict[str, str]:
        """Column of each outcome that is declared."""
        named = {"customers": self.customers, "absence": self.absence, "turnover": self.turnover}
        return {outcome: column for outcome, column in named.items() if column is not None}


class Employees(Section):
    """A survey of the client's own employees, or of those of its supplier."""

    file: Annotated[Text, AfterValidator(readable_file)] = Field(
        title="a file name",
        description="One row an employee: csv, xlsx, parquet, sav, zsav or dta. A relative path starts at the client "
        "file. Names and numbers of employees are not needed and never read.",
    )
    layer: Text = Field(title="a column", description="Layer of the employee, a name of [employees.layers].")
    layers: dict[Text, Text] = Field(
        title="a label for each layer",
        description="Layers from the floor up to the board, two or more: value in the file = printed name. The first "
        "is the floor, the last the board.",
    )
    satisfaction: Text = Field(title="a column", description="How satisfied employees are with their work.")
    label: Text | None = Field(
        None, title="text", description="Printed name of satisfaction. Default: the name of its column."
    )
    scale: ScalePair = Field(title="[lowest, highest]", description="Lowest and highest answer of every question.")
    items: dict[Text, EmployeeItem] = Field(
        default_factory=dict,
        title="a label or a table for each column",
        description="Other questions: column = label, or column = { label, customers }. One that a layer was not asked "
        "is empty there. Default: none.",
    )
    batteries: Annotated[dict[Text, Names], BeforeValidator(lists_as_tuples)] = Field(
        default_factory=dict,
        title="a list of items for each battery",
        description="Items that together measure one thing, under its name: reliability and agreement within teams are "
        "computed. Default: none.",
    )
    information_down: Text | None = Field(
        None,
        title="an item",
        description="How well information comes down, as those below the board feel it. Default: not compared.",
    )
    information_up: Text | None = Field(
        None,
        title="an item",
        description="How well information comes up, as the board feels it. Default: not compared.",
    )
    team: Text | None = Field(
        None,
        title="a column",
        description="Team of the employee; empty for who has none. Members of a team are not independent of each "
        "other, and errors allow for it. Default: no teams are known.",
    )
    teams: TeamResults | None = Field(
        None, title="a table [employees.teams]", description="What teams achieved. Default: teams are not linked."
    )
    minimum_base: int = Field(
        10,
        ge=5,
        title="a whole number of 5 or more",
        description="Fewest employees of whom a number is shown. A layer below it counts in no number at all, so that "
        "nothing can be worked out by subtraction. Default: with fewer than ten, colleagues can guess who "
        "answered what; below five it is never shown.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer in the two files. Default: none but empty cells.",
    )


def employee_problems(client: Client) -> Iterator[Problem]:
    """What in [employees] contradicts the rest of the client file?"""
    stated = client.employees
    if stated is None:
        return
    yield from _layer_problems(stated)
    for item in stated.items:
        if item in (stated.satisfaction, stated.layer, stated.team):
            yield Problem(("employees", "items", item), "has another use already; expected one use a column.")
    for item, asked in stated.items.items():
        if asked.customers is not None:
            yield from _asked_problems(client, stated, item, asked.customers)
    named: list[tuple[tuple[str, ...], str]]
    named = [(("batteries", name), column) for name, columns in stated.batteries.items() for column in columns]
    for key in ("information_down", "information_up"):
        if (column := getattr(stated, key)) is not None:
            named.append(((key,), column))
    for place, column in named:
        if column not in stated.items:
            text = (
                f'"{column}" is no item; expected a column of [employees.items]. {nearest_name(column, stated.items)}'
            )
            yield Problem(("employees", *place), text)
    yield from _team_problems(stated)


def _layer_problems(stated: Employees) -> Iterator[Problem]:
    if len(stated.layers) < 2:
        yield Problem(("employees", "layers"), "expected two layers or more, from the floor up to the board.")
    if len(set(stated.layers.values())) < len(stated.layers):
        yield Problem(("employees", "layers"), "two layers have one printed name. Give each its own.")
    if (stated.information_down is None) != (stated.information_up is None):
        key = "information_up" if stated.information_up is None else "information_down"
        yield Problem(("employees", key), "is missing; what comes down is held against what comes up. Name both.")


def _asked_problems(client: Client, stated: Employees, item: str, column: str) -> Iterator[Problem]:
    """Customers were asked the same only by a rating of the survey, on the same scale."""
    outcome = client.satisfaction.columns  # of several only the mean is kept
    key, known = ("employees", "items", item), (*(outcome if len(outcome) == 1 else ()), *client.driver_names)
    if column not in known:
        text = f'customers: "{column}" is neither satisfaction nor a driver. {nearest_name(column, known)}'
        yield Problem(key, text)
        return
    rated = client.drivers.items.get(column)
    scale = (rated.scale or client.drivers.scale) if rated else client.satisfaction.scale
    if scale is not None and scale != stated.scale:
        text = f'customers answered "{column}" from {scale[0]:g} to {scale[1]:g}, employees from {stated.scale[0]:g} to'
        yield Problem(key, f"{text} {stated.scale[1]:g}; expected one scale, as the two are held together.")
    if rated is not None and rated.reversed:
        yield Problem(key, f'customers: "{column}" is reversed; expected a question that both answer the same way.')


def _team_problems(stated: Employees) -> Iterator[Problem]:
    if stated.teams is None:
        return
    if stated.team is None:
        yield Problem(("employees", "teams"), "needs to know who is in which team. Add employees.team.")
    if not stated.teams.columns:
        yield Problem(("employees", "teams"), "names no outcome; expected customers, absence or turnover.")
