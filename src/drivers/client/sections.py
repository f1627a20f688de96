"""The tables of a client file.

Each key carries a ``title`` (what it takes, in words) and a ``description`` (what it means, and why its default
is what it is). The error texts and the reference page are both made from these, so neither can drift.
"""

from __future__ import annotations

from pathlib import PurePath
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import AfterValidator, Field, StringConstraints, model_validator
from pydantic.fields import FieldInfo

from drivers.client.fields import Names, ScalePair, Section, Text, known_encoding

FORMATS = (".csv", ".xlsx", ".parquet", ".sav", ".zsav", ".dta")


def _readable(file: str) -> str:
    if PurePath(file).suffix.lower() not in FORMATS:
        raise ValueError(f"{file} is of no known kind; save the survey as {', '.join(FORMATS)}")
    return file


class SurveyFile(Section):
    """Where the answers are, and what its columns are for."""

    file: Annotated[Text, AfterValidator(_readable)] = Field(
        title="a file name",
        description="The survey: csv, xlsx, parquet, sav, zsav or dta. A relative path starts at the client file.",
    )
    sheet: Text | None = Field(
        None, title="the name of a sheet", description="Sheet of an xlsx file. Default: the first sheet."
    )
    respondent: Text | None = Field(
        None,
        title="a column",
        description="Who answered. A respondent who answers more than once is resampled as one. Default: every "
        "row is a respondent of its own.",
    )
    anonymous: Literal["refuse", "single"] = Field(
        "refuse",
        title='"refuse" or "single"',
        description="Rows without a respondent (or cluster): refused, or each a unit of its own. Default: refused, "
        "as errors are too small where one respondent passes for several.",
    )
    cluster: Text | None = Field(
        None,
        title="a column",
        description="The unit that was sampled, where one holds several rows: a household, a branch. Its rows are "
        "resampled together. Default: the respondent.",
    )
    strata: Text | None = Field(
        None,
        title="a column",
        description="The stratum within which each unit was sampled; at least two units each. Units are resampled "
        "within strata. Default: one stratum.",
    )
    weight: Text | None = Field(
        None,
        title="a column",
        description="Survey weight, 0 or more; only ratios matter. Raking, if any, starts from it. Default: "
        "everyone counts once.",
    )
    wave: Text | None = Field(
        None,
        title="a column",
        description="Names the wave of each row. Waves are put in natural order (2 before 10; labelled codes by "
        "code); each gets a report of its own, and the notebook takes the last unless another is asked for. "
        "Default: one wave.",
    )
    missing: tuple[float | Text, ...] = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer, in every column but weight, respondent and wave; 99 also stands "
        'for the text "99". Empty cells, NA, N/A, NaN, NULL, #N/A and a lone dot never need naming, nor do codes '
        "that an SPSS or Stata file declares missing. Default: no codes, since any number may be an answer.",
    )
    missing_policy: Literal["complete", "available", "not_applicable", "imputed"] | None = Field(
        None,
        title='"complete", "available", "not_applicable" or "imputed"',
        description="Treatment of drivers and controls left open. complete: only who answered everything counts. "
        "available: each correlation rests on all who answered both. not_applicable: an open item enters at its mean "
        "with an indicator. imputed: completed 20 times by chained equations and pooled. Default: complete while it "
        "keeps 60% of those with an answer on satisfaction; else imputed while no column misses half; else available.",
    )
    segments: Names = Field(
        (), title="a list of columns", description="Groups of customers to compare. Default: no groups."
    )
    decimal: Literal[".", ","] = Field(
        ".",
        title='"." or ","',
        description="Decimal sign of numbers that are stored as text. Default: as in English.",
    )
    separator: Annotated[str, StringConstraints(min_length=1, max_length=1)] = Field(
        ",",
        title="one character",
        description='Between the columns of a csv file, for instance ";" or "\\t". Default: the comma.',
    )
    encoding: Annotated[Text, AfterValidator(known_encoding)] | None = Field(
        None,
        title="the name of an encoding",
        description="Of a csv, sav or dta file, for instance cp1252. Default: UTF-8 for csv, for the others what "
        "the file itself declares.",
    )


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
        "the range observed, with a notice.",
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
        "labels if they cover the scale, else the range observed, with a notice.",
    )
    items: dict[Text, Item] = Field(
        title="a label or a table for each column",
        description="The aspects in the order of reports: column = label, or column = { label, scale, role }.",
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
    intention: Text | None = Field(
        None,
        title="a column",
        description="Rating of the intention to stay, to buy again or to recommend. Default: not analysed.",
    )
    intention_scale: ScalePair | None = Field(
        None,
        title="[lowest, highest]",
        description="Lowest and highest answer of intention. Default: the value labels, else the range observed.",
    )
    intention_label: Text | None = Field(
        None,
        title="text",
        description="Printed name of intention. Default: the label in the survey file, else the column.",
    )
    period_months: float = Field(
        12,
        gt=0,
        le=120,
        title="a number above 0, at most 120",
        description="Months over which leaving was observed; retention is brought to a year by a constant monthly "
        "rate. Default: a year, as values are per year.",
    )


class Value(Section):
    """What a customer is worth."""

    margin_per_year: float | Text = Field(
        title="an amount, or a column",
        description="Yearly margin of a customer, in the currency of the client: one amount for all, or a column.",
    )
    discount_rate: float = Field(
        ge=0,
        le=1,
        title="a number from 0 to 1",
        description="Interest per year by which later margins count less.",
    )
    horizon_years: int = Field(
        ge=1, le=50, title="a whole number from 1 to 50", description="Years of margin that lifetime value counts."
    )
    customers: int = Field(
        ge=1, title="a whole number of 1 or more", description="Customers that the sample stands for."
    )
    timing: Literal["advance", "arrears", "renewal"] = Field(
        "advance",
        title='"advance", "arrears" or "renewal"',
        description="advance: the first margin comes now, the next after each renewal; arrears: each margin comes "
        "at the end of the year it is earned in; renewal: only margins after a renewal count, the first a year from "
        "now. Default: most contracts are paid in advance.",
    )


class Weighting(Section):
    """How weights are made to fit the population, and what becomes of rows without one."""

    margins: dict[Text, dict[Text, float]] = Field(
        default_factory=dict,
        title="a table [weighting.margins.<column>] for each column, with a share for each value",
        description='Shares of the population by value or value label, "female" = 0.52; each column adds to 1. '
        "Weights are raked to them. Default: weights stay as they are.",
    )
    trim: ScalePair = Field(
        (0.3, 3.0),
        title="[lowest, highest]",
        description="Bounds of raked weights, times their mean. Default: a respondent counts for no less than a "
        "tenth of what another does.",
    )
    unweighted: Literal["refuse", "exclude"] = Field(
        "refuse",
        title='"refuse" or "exclude"',
        description="Rows whose survey weight is empty: refused, or kept with weight 0, so that they count for "
        "nothing. Default: refused, since leaving them out may distort every number.",
    )


class Plan(Section):
    """An improvement of one driver, under the driver's own name: ``[plan.first_time_fix]``."""

    improve: float = Field(
        gt=0,
        title="a number above 0",
        description="Rise of the driver's mean that the plan achieves, in scale points.",
    )
    cost: float = Field(
        ge=0, title="an amount of 0 or more", description="Cost of the plan, once, in the currency of the client."
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
