"""The tables [plan] and [budget] of a client file: what an improvement costs, and what there is to spend."""

from __future__ import annotations

from pydantic import Field

from drivers.client.fields import Section


class Plan(Section):
    """An improvement of one driver, under the driver's own name: ``[plan.first_time_fix]``."""

    improve: float = Field(
        gt=0,
        title="a number above 0",
        description="Rise of the driver's mean that the plan most likely achieves among the customers it reaches, in "
        "scale points.",
    )
    improve_low: float | None = Field(
        None,
        ge=0,
        title="a number of 0 or more",
        description="Least that the rise can be, at most improve. Default: improve: the rise counts as certain.",
    )
    improve_high: float | None = Field(
        None,
        gt=0,
        title="a number above 0",
        description="Most that the rise can be, at least improve. Default: improve: the rise counts as certain.",
    )
    cost: float = Field(
        ge=0, title="an amount of 0 or more", description="Cost of the plan, once, in the currency of the client."
    )
    yearly_cost: float = Field(
        0.0,
        ge=0,
        title="an amount of 0 or more",
        description="Cost of the plan at the start of every year of value.horizon_years. Default: none.",
    )
    reach: float = Field(
        1.0,
        gt=0,
        le=1,
        title="a share above 0, at most 1",
        description="Share of the customers whom the plan reaches. Default: all.",
    )
    ramp_up_months: float = Field(
        0.0,
        ge=0,
        le=120,
        title="a number from 0 to 120",
        description="Months in which the rise grows evenly to its full size. Default: it is there at once.",
    )


class Budget(Section):
    """What there is to spend on the drivers that have a plan."""

    amount: float = Field(
        gt=0,
        title="an amount above 0",
        description="Budget to divide over the planned drivers, in the currency of the client.",
    )
