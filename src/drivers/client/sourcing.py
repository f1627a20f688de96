"""The table [sourcing] of a client file: contacts handled onshore and offshore, and whether that can be compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pydantic import Field

from drivers.client.fields import Codes, Names, Section, Text
from drivers.client.problems import Problem, nearest_name

if TYPE_CHECKING:
    from drivers.client.client import Client


class SiteCosts(Section):
    """What one contact costs at each site."""

    onshore: float = Field(ge=0, title="an amount of 0 or more", description="Cost of one contact handled onshore.")
    offshore: float = Field(ge=0, title="an amount of 0 or more", description="Cost of one contact handled offshore.")


class Sourcing(Section):
    """Onshore or offshore: what the contacts of each site come to. One row of the survey is one contact."""

    column: Text = Field(title="a column", description="Which site handled the contact.")
    onshore: float | Text = Field(
        "onshore", title="a number or text", description="What `column` holds for onshore. Default: that word."
    )
    offshore: float | Text = Field(
        "offshore",
        title="a number or text",
        description="What `column` holds for offshore; other contacts are left out. Default: that word.",
    )
    centre: Text = Field(
        title="a column",
        description="Which contact centre handled the contact. The intervals rest on the number of centres: contacts "
        "of one centre are alike.",
    )
    first_time_fix: Text | None = Field(
        None,
        title="a column",
        description="1, true, yes or ja where the question was solved the first time; 0, false, no or nee where not. "
        "Default: not compared.",
    )
    repeats: Text | None = Field(
        None,
        title="a column",
        description="How often the customer came back on the same question. Default: not compared.",
    )
    mediators: Names = Field(
        (),
        title="a list of columns",
        description="Drivers, first_time_fix or repeats through which the gap in satisfaction may run. Default: "
        "first_time_fix and repeats.",
    )
    talk_time: Text | None = Field(
        None, title="a column", description="Length of the contact in seconds. Default: not compared."
    )
    mix: Names = Field(
        (),
        title="a list of columns",
        description="Columns of survey.segments in which the customers of both sites may differ; the gap is also given "
        "at equal values of these and of the controls. Default: the controls alone.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer in first_time_fix, repeats and talk_time. Default: survey.missing.",
    )
    cost_per_contact: SiteCosts | None = Field(
        None,
        title="{ onshore = amount, offshore = amount }",
        description="Cost of one contact at each site. Default: nothing is expressed in money.",
    )
    contacts_per_year: float | None = Field(
        None,
        gt=0,
        title="a number above 0",
        description="New questions a year that the decision is about; repeats come on top of them. Default: none.",
    )
    customers: int | None = Field(
        None,
        ge=1,
        title="a whole number of 1 or more",
        description="Customers whom these contacts come from. Default: value.customers.",
    )
    switch_cost: float = Field(
        0.0, ge=0, title="an amount of 0 or more", description="Cost of going offshore, once. Default: none."
    )
    return_cost: float = Field(
        0.0, ge=0, title="an amount of 0 or more", description="Cost of coming home, once. Default: none."
    )

    @property
    def through(self) -> tuple[str, ...]:
        """Columns through which the gap may run."""
        return self.mediators or tuple(c for c in (self.first_time_fix, self.repeats) if c)


def sourcing_problems(client: Client) -> Iterator[Problem]:
    """What is wrong with the table [sourcing]?"""
    asked = client.sourcing
    if asked is None:
        return
    if asked.onshore == asked.offshore:
        yield Problem(("sourcing", "offshore"), "is the value of onshore too; expected another. Correct one of them.")
    yield from _column_problems(client, asked)
    yield from _money_problems(client, asked)


def _column_problems(client: Client, asked: Sourcing) -> Iterator[Problem]:
    able = [*(c for c in (asked.first_time_fix, asked.repeats) if c), *client.driver_names]
    for column in asked.mediators:
        if column not in able:
            text = f'"{column}" is no driver, first_time_fix or repeats. {nearest_name(column, able)}'
            yield Problem(("sourcing", "mediators"), text)
    for column in asked.mix:
        if column not in client.survey.segments:
            near = nearest_name(column, client.survey.segments)
            yield Problem(("sourcing", "mix"), f'"{column}" is no column of survey.segments. {near} Add it there.')
        elif column in (asked.column, asked.centre):
            yield Problem(("sourcing", "mix"), f'"{column}" tells the site, so it cannot be held equal. Remove it.')
    item = client.drivers.items.get(asked.first_time_fix or "")
    scale = item and (item.scale or client.drivers.scale)
    if scale and scale != (0, 1):
        text = f"is a driver on a scale from {scale[0]:g} to {scale[1]:g}; expected 0 and 1. Give it scale = [0, 1], "
        yield Problem(("sourcing", "first_time_fix"), f"{text}or name the column that says whether it was solved.")


def _money_problems(client: Client, asked: Sourcing) -> Iterator[Problem]:
    if (asked.cost_per_contact is None) != (asked.contacts_per_year is None):
        missing = "contacts_per_year" if asked.contacts_per_year is None else "cost_per_contact"
        other = "cost_per_contact" if asked.contacts_per_year is None else "contacts_per_year"
        yield Problem(("sourcing", other), f"says nothing without {missing}. Add it, or remove this key.")
    if asked.cost_per_contact is None:
        for key in ("switch_cost", "return_cost", "customers"):
            if key in asked.model_fields_set:
                yield Problem(("sourcing", key), "says nothing without cost_per_contact. Add it, or remove this key.")
        return
    if asked.repeats is None:
        yield Problem(("sourcing", "cost_per_contact"), "needs sourcing.repeats: repeat contacts cost money. Add it.")
    if client.value is None or client.leaving_column is None:
        text = "needs to know what customers who leave are worth. Add [value] and loyalty.left, or remove this key."
        yield Problem(("sourcing", "cost_per_contact"), text)
