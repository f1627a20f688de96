"""The table [contracts] of a client file: which kind of contract each customer has, and what it is compared on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from drivers.client.fields import Codes, Names, Section, Text
from drivers.client.problems import Problem

if TYPE_CHECKING:
    from drivers.client.client import Client


class Contracts(Section):
    """Whether satisfaction differs between kinds of contract, and whether that is the contract.

    The organisation is the unit, as the contract is: ``survey.cluster``, or the respondent without one.
    """

    column: Text = Field(
        title="a column", description="The kind of contract, one value in all rows of an organisation."
    )
    kinds: Annotated[dict[Text, Text], Field(min_length=2)] = Field(
        title="a label for each value of the column",
        description="The kinds that are compared, in their order: the first is what the others are held against.",
    )
    adjust: Names | dict[Text, Text] = Field(
        (),
        title="a list of columns, or a label for each column",
        description="What decides which contract an organisation has and may decide its satisfaction too, as numbers: "
        "size, age of the contract. Only what was there before the contract. Default: none.",
    )
    operations: Names | dict[Text, Text] = Field(
        (),
        title="a list of columns, or a label for each column",
        description="Shares of promises kept, from 0 to 1 or from 0 to 100: agreed service level, repair in time. "
        "Default: none.",
    )
    equivalence_margin: float | None = Field(
        None,
        gt=0,
        title="a number above 0",
        description="Gap in points of satisfaction below which two kinds count as equal, settled beforehand. Default: "
        "equality is not tested.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean that the kind of contract, or a value of adjust or operations, is not known. "
        "Default: survey.missing alone.",
    )

    @property
    def column_labels(self) -> dict[str, str]:
        """Printed name of each column of adjust and operations, where the client file gives one."""
        tables = (table for table in (self.adjust, self.operations) if isinstance(table, dict))
        return {column: label for table in tables for column, label in table.items()}


def contract_problems(client: Client) -> Iterator[Problem]:
    """What is wrong with the kinds and columns of [contracts]?"""
    asked = client.contracts
    if asked is None:
        return
    for names, what in ((list(asked.kinds), "value"), (list(asked.kinds.values()), "label")):
        said = [name.strip().casefold() for name in names]
        twice = sorted({name for name, text in zip(names, said, strict=True) if said.count(text) > 1})
        if twice:
            text = f'has the {what} "{twice[0]}" twice; expected one kind of contract a line. Join or rename them.'
            yield Problem(("contracts", "kinds"), text)
    for column in asked.operations:
        if column in asked.adjust:
            text = f'column "{column}" is in contracts.adjust too. Remove one of the two.'
            yield Problem(("contracts", "operations"), text)
        if column in client.drivers.items:
            text = f'column "{column}" is one of drivers.items; expected what is kept, beside the ratings. Remove one.'
            yield Problem(("contracts", "operations"), text)
