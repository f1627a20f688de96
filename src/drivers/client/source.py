"""The tables [survey] and [weighting] of a client file: where the answers are, and whom they stand for."""

from __future__ import annotations

import datetime
from pathlib import PurePath
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from drivers.client.fields import Codes, Names, ScalePair, Section, Text, known_encoding

FORMATS = (".csv", ".xlsx", ".parquet", ".sav", ".zsav", ".dta")


def readable_file(file: str) -> str:
    """The name of this file, refused if it is of no kind that can be read."""
    if PurePath(file).suffix.lower() not in FORMATS:
        raise ValueError(f"{file} is of no known kind; save it as {', '.join(FORMATS)}")
    return file


def _ordered(days: tuple[datetime.date, datetime.date]) -> tuple[datetime.date, datetime.date]:
    if days[0] > days[1]:
        raise ValueError(f"the first day {days[0]} is after the last {days[1]}")
    return days


class SurveyFile(Section):
    """Where the answers are, and what its columns are for."""

    file: Annotated[Text, AfterValidator(readable_file)] = Field(
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
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no answer to a question: satisfaction, drivers, loyalty, and controls with a "
        "scale. A number that lies on the scale of a column is an answer there and stays, with a notice; give that "
        "column a missing of its own to take it. A rating without a scale loses the codes beyond its other answers; "
        "one among them stops the run. Amounts and controls without a scale keep every number. 99 also "
        'stands for the text "99"; where labels number the answers differently, codes are those stored. Empty cells, '
        "NA, N/A, NaN, NULL, #N/A and a lone dot never need naming, nor do codes that an SPSS or Stata file declares "
        "missing or that its labels call no answer. Default: no codes, since any number may be an answer.",
    )
    missing_policy: Literal["complete", "available", "not_applicable", "imputed"] | None = Field(
        None,
        title='"complete", "available", "not_applicable" or "imputed"',
        description="Treatment of drivers and controls left open. complete: only who answered everything counts. "
        "available: each correlation rests on all who answered both. not_applicable: an open item enters at its mean "
        "with an indicator. imputed: completed 20 times by chained equations and pooled. Default: complete while it "
        "keeps 60% of those with an answer on satisfaction; else imputed while no column misses half; else available.",
    )
    segments: Names | dict[Text, Text] = Field(
        (),
        title="a list of columns, or a label for each column",
        description="Columns that divide the customers into groups; the report says whether drivers weigh differently "
        'between them. As a table, { region = "Regio" }, each with its printed name. Groups below minimum_base are not '
        "shown. Default: groups are not compared, and in a list the label in the survey file, else the column, is "
        "printed.",
    )
    duration: Text | None = Field(
        None,
        title="a column",
        description="How long the respondent took, in any one unit. Default: nobody is said to be too fast.",
    )
    date: Text | None = Field(None, title="a column", description="Day of the interview. Default: no date is checked.")
    date_format: Text | None = Field(
        None,
        title="a pattern",
        description='How dates that are stored as text are written, for instance "%d-%m-%Y". Default: 2025-03-31.',
    )
    fieldwork: Annotated[tuple[datetime.date, datetime.date], AfterValidator(_ordered)] | None = Field(
        None,
        title="[first day, last day]",
        description="Days between which the interviews were held, as TOML dates without quotes; a date outside is "
        "impossible. Default: only a date that cannot be read is.",
    )
    decimal: Literal[".", ","] = Field(
        ".",
        title='"." or ","',
        description="Decimal sign of numbers that are stored as text. Default: as in English, or the comma "
        "with a notice where a csv file of another separator has decimal commas and no decimal points.",
    )
    separator: Annotated[str, StringConstraints(min_length=1, max_length=1)] = Field(
        ",",
        title="one character",
        description='Between the columns of a csv file, for instance ";" or "\\t". Default: the comma, or with '
        "a notice the one other sign that gives every row the same number of columns.",
    )
    encoding: Annotated[Text, AfterValidator(known_encoding)] | None = Field(
        None,
        title="the name of an encoding",
        description="Of a csv, sav or dta file, for instance cp1252. Default: UTF-8 for csv, or Windows-1252 with a "
        "notice where it is not UTF-8; for the others what the file itself declares.",
    )
    renamed: dict[Text, dict[Text, Text]] = Field(
        default_factory=dict,
        title='a table [survey.renamed."<wave>"] of columns',
        description="Columns that are called otherwise in a wave: name in this client file = name in that wave. A wave "
        "without answers under either name is refused. Default: each column has one name in all waves.",
    )

    @property
    def segment_labels(self) -> dict[str, str]:
        """Printed name of each column of segments, where segments is a table; empty where it is a list."""
        return self.segments if isinstance(self.segments, dict) else {}


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
