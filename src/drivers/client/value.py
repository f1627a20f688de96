"""The table [value] of a client file: what a customer is worth."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from drivers.client.fields import Codes, Section, Text
from drivers.client.source import readable_file


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
    through: Literal["retention", "spending", "both"] = Field(
        "retention",
        title='"retention", "spending" or "both"',
        description="What satisfaction is taken to bring: retention, customers who stay; spending, a yearly margin "
        "that goes with satisfaction, by the column of margin_per_year, and who stays as today; or both, the margin "
        "then judged among customers who stayed, so that what is missed by leaving counts once. Default: retention, "
        "for which the margin of a customer need not be known one by one.",
    )
    tenure: Text | None = Field(
        None,
        title="a column",
        description="Control of [drivers.items] that counts how long customers are there. Retention of later years is "
        "then that of customers who are there so much longer today, as in a life table. Default: the same retention in "
        "every year, with a warning where it rises with tenure.",
    )
    tenure_unit: Literal["month", "quarter", "year"] = Field(
        "year",
        title='"month", "quarter" or "year"',
        description="What the column of tenure counts. Default: years.",
    )
    model: Literal["constant", "curve", "contract", "purchases"] = Field(
        "constant",
        title='"constant", "curve", "contract" or "purchases"',
        description="How long customers last, from the file in history. constant: one retention rate; curve: the "
        "observed curve, no further than it was seen; contract: a curve that goes on beyond it (shifted "
        "beta-geometric); purchases: customers without contract (BG/NBD with gamma-gamma). Default: the simplest.",
    )
    history: Annotated[Text, AfterValidator(readable_file)] | None = Field(
        None,
        title="a file name",
        description="Table of what customers did. Under contract: columns renewal (0, 1, 2 and so on), customers still "
        "there and, with several, cohort. Without: repeats, last, observed and amount, one row a customer. A relative "
        "path starts at the client file. Default: lifetimes are not modelled.",
    )
    history_unit: Literal["day", "week", "month", "quarter", "year"] = Field(
        "year",
        title='"day", "week", "month", "quarter" or "year"',
        description="Time between two renewals (month, quarter or year), or in which last and observed are counted. "
        "Default: most contracts run for a year.",
    )
    margin_share: float | None = Field(
        None,
        gt=0,
        le=1,
        title="a number above 0, at most 1",
        description="Part of the amount of a purchase that is margin; only for purchases. Default: not needed under "
        "contract.",
    )
    missing: Codes = Field(
        (),
        title="a list of numbers and texts",
        description="Codes that mean no amount in the column of margin_per_year; [] says that every number is one. "
        "Default: every number is, but a code such as -99 that is given three times or more stops the run until this "
        "key is set.",
    )
