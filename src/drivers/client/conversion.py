"""The table [loyalty.conversion] of a client file: what an intention is taken to come to."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from drivers.client.fields import Section, Text

Chance = Annotated[float, Field(ge=0, le=1)]


class Conversion(Section):
    """A stated rule that turns an intention into behaviour; without it nothing is converted."""

    source: Text = Field(
        title="text",
        description="Where the rule comes from, printed in the report beside what it gives: who was followed, how "
        "long, and what counted as behaviour.",
    )
    chances: dict[Text, Chance] = Field(
        title="a number from 0 to 1 for each answer",
        description="Chance that a customer who gave this answer does what it says, for every answer on the scale of "
        "intention: 1 = 0.05, 2 = 0.10 and so on.",
    )

    @property
    def points(self) -> dict[float, float]:
        """The chance by answer."""
        return {float(answer): chance for answer, chance in self.chances.items()}
