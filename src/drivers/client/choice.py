"""The table [choice] of a client file: who stays, who switches, who takes the work back, and what may tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator, Field

from drivers.client.fields import Codes, Names, ScalePair, Section, Text, lists_as_tuples
from drivers.client.problems import Problem, nearest_name

if TYPE_CHECKING:
    from drivers.client.client import Client

DECISIONS = ("stay", "switch", "backsource")
"""What a client organisation can decide; the first is what the others are held against."""


class Choice(Section):
    """Whether client organisations stay, go to another supplier, or take the work back in house.

    The organisation is the unit that was sampled: ``survey.cluster``, or the respondent without one.
    """

    column: Text = Field(
        title="a column",
        description="What the organisation decided, one value in all rows of it; empty where it has yet to decide.",
    )
    stay: float | Text = Field(title="a number or a text", description="What the column holds for those who stayed.")
    switch: float | Text = Field(
        title="a number or a text", description="What it holds for those who went to another supplier."
    )
    backsource: float | Text = Field(
        title="a number or a text", description="What it holds for those who took the work back in house."
    )
    scales: Annotated[Names, Field(min_length=1)] = Field(
        title="a list of batteries",
        description="The batteries that may tell, of drivers.batteries or of choice.batteries. The score of a "
        "respondent is the mean of a battery's answers, where at least half are given; that of an organisation the "
        "weighted mean of its respondents.",
    )
    batteries: Annotated[dict[Text, Annotated[Names, Field(min_length=1)]], BeforeValidator(lists_as_tuples)] = Field(
        default_factory=dict,
        title="a list of columns for each battery",
        description="Batteries beside those of the drivers, such as switching costs. Default: none.",
    )
    scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer of the columns in batteries. Default: the value labels if they cover "
        "the scale, else the range observed, with a notice.",
    )
    controls: Names | dict[Text, Text] = Field(
        (),
        title="a list of columns, or a label for each column",
        description="Characteristics of the organisation that are held constant, as numbers: how often it outsourced "
        "before, the age of the contract. Default: none.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no decision, and no answer in the columns of batteries and controls. Default: "
        "survey.missing alone.",
    )
    early_warning: bool = Field(
        False,
        title="true or false",
        description="Whether the report lists the organisations most at risk, by their code in the survey. Default: "
        "no organisation is named.",
    )
    minimum_respondents: int = Field(
        3,
        ge=3,
        title="a whole number of 3 or more",
        description="Fewest respondents of an organisation in that list. Default: with two, each would know what the "
        "other answered.",
    )

    @property
    def control_labels(self) -> dict[str, str]:
        """Printed name of each column of controls, where controls is a table; empty where it is a list."""
        return self.controls if isinstance(self.controls, dict) else {}

    @property
    def values(self) -> tuple[float | str, ...]:
        """What the column holds for each of ``DECISIONS``."""
        return (self.stay, self.switch, self.backsource)


def choice_scales(client: Client) -> dict[str, tuple[str, ...]]:
    """The columns of each scale of [choice] by its name; unknown ones are left out."""
    if client.choice is None:
        return {}
    known = {**client.drivers.batteries, **client.choice.batteries}
    return {name: known[name] for name in client.choice.scales if name in known}


def choice_problems(client: Client) -> Iterator[Problem]:
    """What is wrong with the decisions and scales of [choice]?"""
    asked = client.choice
    if asked is None:
        return
    texts = [str(value).strip().casefold() for value in asked.values]
    for key, text in zip(DECISIONS[1:], texts[1:], strict=True):
        if texts.index(text) < DECISIONS.index(key):
            yield Problem(("choice", key), f"is {text}, as {DECISIONS[texts.index(text)]} is; expected another value.")
    yield from _scale_problems(client, asked)
    if "minimum_respondents" in asked.model_fields_set and not asked.early_warning:
        yield Problem(("choice", "minimum_respondents"), "means nothing without early_warning = true. Leave it out.")
    if asked.early_warning and client.survey.cluster is None:
        text = "is of organisations with several respondents each; expected survey.cluster. Add it, or leave this out."
        yield Problem(("choice", "early_warning"), text)
    yield from _column_problems(client)


def _scale_problems(client: Client, asked: Choice) -> Iterator[Problem]:
    """Scales that are no battery, and batteries that are no scale."""
    known = [*client.drivers.batteries, *asked.batteries]
    for name in asked.scales:
        if name not in known:
            text = f'"{name}" is no battery; expected one of drivers.batteries or choice.batteries.'
            yield Problem(("choice", "scales"), f"{text} {nearest_name(name, known)}")
    for name in asked.batteries:
        if name in client.drivers.batteries:
            text = f'"{name}" is a battery of drivers.batteries too. Give this one a name of its own.'
            yield Problem(("choice", "batteries", name), text)
        elif name not in asked.scales:
            yield Problem(("choice", "batteries", name), "is not in choice.scales. Add it there, or remove it.")
    if asked.scale is not None and not asked.batteries:
        yield Problem(("choice", "scale"), "is a scale without columns. Add [choice.batteries], or leave it out.")


def _column_problems(client: Client) -> Iterator[Problem]:
    """A column in two scales, or both in a scale and held constant."""
    first: dict[str, str] = {}
    for name, columns in choice_scales(client).items():
        for column in columns:
            if first.setdefault(column, name) != name:
                text = f'column "{column}" is in {first[column]} and in {name}; expected one scale a column.'
                yield Problem(("choice", "scales"), f"{text} Remove one of the two.")
    for column in client.choice.controls if client.choice else ():
        if column in first:
            text = f'column "{column}" is in the scale {first[column]} too. Remove one of the two.'
            yield Problem(("choice", "controls"), text)
