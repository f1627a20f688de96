"""The tables of a client file.

Each key carries a ``title`` (what it takes, in words) and a ``description`` (what it means, and why its default
is what it is). The error texts and the reference page are both made from these, so neither can drift.
"""

from __future__ import annotations

from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BeforeValidator, Field, model_validator
from pydantic.fields import FieldInfo

from drivers.client.conversion import Conversion
from drivers.client.fields import Codes, Names, ScalePair, Section, Text, lists_as_tuples

DurationUnit = Literal["day", "week", "month", "quarter", "year"]

NPS_SCALE = (0.0, 10.0)
"""The answers of the question on which a net promoter score rests (Reichheld 2003)."""


class Satisfaction(Section):
    """The outcome that the drivers are to explain."""

    column: Text | Annotated[Names, Field(min_length=1)] = Field(
        title="a column, or a list of columns",
        description="Overall satisfaction. Of several columns the mean is taken, where all are answered.",
    )
    scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer offered. Default: the value labels if they cover the scale, else "
        "the range observed, with a notice; then answers that look like codes beside a usual scale (0, 6, 11, 99) stop "
        "the run until this key or missing is set.",
    )
    label: Text | None = Field(
        None, title="text", description="Printed name. Default: the label in the survey file, else the column."
    )
    satisfied: float | None = Field(
        None,
        title="a number on the scale",
        description="Lowest answer that counts as satisfied. Default: the upper quarter of the scale, from 8 of "
        "1 to 10 or 4 of 1 to 5.",
    )
    dissatisfied: float | None = Field(
        None,
        title="a number on the scale",
        description="Highest answer that counts as dissatisfied. Default: below the middle of the scale, up to 5 "
        "of 1 to 10 or 2 of 1 to 5.",
    )

    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer here, also where they lie on the scale. Default: survey.missing alone.",
    )

    @property
    def columns(self) -> tuple[str, ...]:
        """The column or columns that satisfaction is made of."""
        return (self.column,) if isinstance(self.column, str) else self.column


class Item(Section):
    """One column of ``[drivers.items]``; a bare text is its label."""

    label: Text | None = Field(
        None, title="text", description="Printed name. Default: the label in the survey file, else the column."
    )
    scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer offered. Default: drivers.scale; of a control, none.",
    )
    role: Literal["driver", "control"] = Field(
        "driver",
        title='"driver" or "control"',
        description="A control is held constant in every model and never ranked. Default: a driver.",
    )
    reversed: bool = Field(
        False,
        title="true or false",
        description="Whether a high answer is a bad one; it is then turned round on its scale, so that more is "
        "better. Default: as it was answered, since nothing is recoded silently.",
    )

    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer here, also where they lie on the scale. Default: drivers.missing for a "
        "driver, and survey.missing.",
    )
    force: bool = Field(
        False,
        title="true or false",
        description="Use the column although it is part of the outcome, derived, known only after customers left, an "
        "identifier or equal to another. Default: such a column is refused with the reason.",
    )
    not_applicable: bool = Field(
        False,
        title="true or false",
        description="Whether an open item does not apply, under every survey.missing_policy. Default: it is not known.",
    )

    @model_validator(mode="before")
    @classmethod
    def _bare_label(cls, item: Any) -> Any:  # noqa: ANN401 - whatever the file holds
        return {"label": item} if isinstance(item, str) else item


class Drivers(Section):
    """The measured aspects."""

    scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer of every driver that has no scale of its own. Default: the value "
        "labels if they cover the scale, else the range observed, with a notice; then answers that look like codes "
        "stop the run, as under satisfaction.scale. A driver called a count is held against no scale.",
    )
    items: dict[Text, Item] = Field(
        title="a label or a table for each column",
        description="The aspects in the order of reports: column = label, or column = { label, scale, role, "
        "reversed }.",
    )
    batteries: Annotated[dict[Text, Names], BeforeValidator(lists_as_tuples)] = Field(
        default_factory=dict,
        title="a list of drivers for each battery",
        description="Drivers that together measure one thing, under its name; their reliability is computed. Default: "
        "all drivers are one battery.",
    )
    before_satisfaction: bool | None = Field(
        None,
        title="true or false",
        description="Whether customers met these aspects before they formed their satisfaction, so that the aspects "
        "may be causes and not consequences. Default: not declared, which the checks of the analysis say.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer of a driver, where they lie outside its scale. Default: survey.missing "
        "alone.",
    )
    stated: dict[Text, Text] = Field(
        default_factory=dict,
        title="a column for each driver",
        description="How important customers say that a driver is: driver = column with that rating. Default: not "
        "asked.",
    )
    stated_scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer of the columns in stated, the highest for most important. Default: the "
        "value labels if they cover the scale, else the range observed, with a notice.",
    )


class Loyalty(Section):
    """Whether customers stay."""

    left: Text | None = Field(
        None,
        title="a column",
        description="1, true, yes or ja where the customer left within the period; 0, false, no or nee where not. "
        "Default: leaving is not analysed.",
    )
    stayed: Text | None = Field(
        None,
        title="a column",
        description="The opposite of left, where the survey holds that; name one of the two. Default: see left.",
    )
    nps: Text | None = Field(
        None,
        title="a column",
        description="Whether the customer would recommend, from 0 to 10: gives the net promoter score. May be the "
        "column of intention too. Default: no score is computed.",
    )
    nps_label: Text | None = Field(
        None,
        title="text",
        description="Printed name of nps. Default: the label in the survey file, else the column.",
    )
    intention: Text | None = Field(
        None,
        title="a column",
        description="Rating of the intention to stay, to buy again or to recommend. Default: not analysed.",
    )
    intention_scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer of intention. Default: the value labels, else the range observed, as "
        "under satisfaction.scale.",
    )
    intention_label: Text | None = Field(
        None,
        title="text",
        description="Printed name of intention. Default: the label in the survey file, else the column.",
    )
    effort: Text | None = Field(
        None,
        title="a column",
        description="How easy it was for the customer to get something done: gives the customer effort score. Default: "
        "no score is computed.",
    )
    effort_scale: ScalePair | None = Field(
        None, title="[lowest, highest]", description="Lowest and highest answer of effort. Default: as of intention."
    )
    effort_label: Text | None = Field(None, title="text", description="Printed name of effort. Default: as of nps.")
    effort_reversed: bool = Field(
        False,
        title="true or false",
        description="Whether a high answer means much effort, as in the first version of the question; it is then "
        "turned round on its scale, so that more is easier. Default: a high answer means easy.",
    )
    conversion: Conversion | None = Field(
        None,
        title="a table [loyalty.conversion]",
        description="What an intention is taken to come to. Default: an intention is not converted into behaviour.",
    )
    period_months: float = Field(
        12,
        gt=0,
        le=120,
        title="a number above 0, at most 120",
        description="Months over which leaving was observed; retention is brought to a year by a constant monthly "
        "rate. Default: a year, as values are per year.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer in the columns of this table. Default: survey.missing alone.",
    )
    left_date: Text | None = Field(
        None,
        title="a column",
        description="The day on which the customer left, written as survey.date is: shows who was asked after leaving. "
        "Default: not known.",
    )
    duration: Text | None = Field(
        None,
        title="a column",
        description="How long the customer stayed, or has been followed where he is still there. Default: time until "
        "leaving is not analysed.",
    )
    event: Text | None = Field(
        None,
        title="a column",
        description="Whether the customer left at the end of duration, written as left is. Default: left or stayed.",
    )
    duration_unit: DurationUnit = Field(
        "month",
        title='"day", "week", "month", "quarter" or "year"',
        description="Unit of duration. Default: the usual.",
    )
    duration_from: Literal["relation", "interview"] = Field(
        "relation",
        title='"relation" or "interview"',
        description="From when duration counts: the start of the relation with the customer, or the day he answered. "
        "Default: the relation, as files of customers have it; satisfaction was then asked later than that.",
    )
    tenure_at_interview: Text | None = Field(
        None,
        title="a column",
        description="How long the customer had been one when he answered, in the unit of duration: he then counts from "
        "that moment on (left truncation). Default: not known.",
    )
    duration_strata: Text | None = Field(
        None,
        title="a column of survey.segments",
        description="Within which groups customers are compared in time, for instance kinds of contract. Default: all "
        "with all.",
    )
    spending: Text | None = Field(
        None,
        title="a column",
        description="What the customer spends in a year or another fixed period, in the client's currency. Default: "
        "not analysed.",
    )
    spending_label: Text | None = Field(
        None,
        title="text",
        description="Printed name of spending. Default: the label in the survey file, else the column.",
    )


def nested_section(field: FieldInfo) -> tuple[type[Section] | None, bool]:
    """Which table does this key hold, and are there many under names of their own? (table or None, many)."""
    annotation: Any = field.annotation
    many = get_origin(annotation) is dict
    if many:
        annotation = get_args(annotation)[1]
    choices = get_args(annotation) if get_origin(annotation) in (Union, UnionType) else (annotation,)
    tables = [c for c in choices if isinstance(c, type) and issubclass(c, Section)]
    return (tables[0] if tables else None), many
