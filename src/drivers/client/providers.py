"""The table [providers] of a client file: what client organisations say of their providers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field

from drivers.client.fields import Codes, ScalePair, Section, Text
from drivers.client.problems import Problem
from drivers.client.source import readable_file

if TYPE_CHECKING:
    from drivers.client.client import Client


class Providers(Section):
    """A survey of client organisations on the providers that work for them."""

    file: Annotated[Text, AfterValidator(readable_file)] = Field(
        title="a file name",
        description="One row a questionnaire: csv, xlsx, parquet, sav, zsav or dta. A relative path starts at the "
        "client file.",
    )
    nps: Text = Field(
        title="a column", description="Whether the respondent would recommend the provider, from 0 to 10."
    )
    attributes: Annotated[dict[Text, Text], Field(min_length=2)] = Field(
        title="a label for each column",
        description="What the provider is rated on: column = label. Two at least, as the lowest is looked for.",
    )
    scale: ScalePair = Field(
        title="[lowest, highest]", description="Lowest and highest answer of every attribute, the highest for best."
    )
    organisation: Text | None = Field(
        None,
        title="a column",
        description="The client organisation, where several of its people answer; they are resampled together. "
        "Default: every row is one of its own.",
    )
    provider: Text | None = Field(
        None, title="a column", description="The provider that is rated. Default: providers are not told apart."
    )
    weight: Text | None = Field(
        None, title="a column", description="Weight of the row, 0 or more. Default: everyone counts once."
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer in the columns of this table. Default: none.",
    )
    minimum_base: int | None = Field(
        None,
        ge=10,
        title="a whole number of 10 or more",
        description="Fewest answers on recommending for which anything is shown, of all and of one provider. Default: "
        "the minimum_base of the client file.",
    )

    @property
    def columns(self) -> dict[str, str]:
        """The columns that the file must have: key of the client file by column."""
        named = {key: getattr(self, key) for key in ("nps", "organisation", "provider", "weight")}
        single = {column: key for key, column in named.items() if column is not None}
        return {**single, **{column: f"attributes.{column}" for column in self.attributes}}


def provider_problems(client: Client) -> Iterator[Problem]:
    """Which column of the table [providers] has two uses?"""
    asked = client.providers
    if asked is None:
        return
    first: dict[str, str] = {}
    for key in ("nps", "organisation", "provider", "weight"):
        column = getattr(asked, key)
        if column is not None and column in first:
            text = f'column "{column}" is already used as {first[column]}; expected one use a column.'
            yield Problem(("providers", key), f"{text} Remove one of the two.")
        first |= {column: key} if column is not None else {}
    for column in asked.attributes:
        if column in first:
            text = f'column "{column}" is already used as {first[column]}; expected one use a column.'
            yield Problem(("providers", "attributes", column), f"{text} Remove one of the two.")
