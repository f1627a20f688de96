"""Terms: what turns retention into money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.client import Client
from drivers.core.lifetime import Timing, value_multiple
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

Through = Literal["retention", "spending", "both"]

TENURE_STEPS = {"year": 1.0, "quarter": 4.0, "month": 12.0}
"""What a year adds to a tenure that counts these."""


@dataclass(frozen=True, slots=True)
class ValueTerms:
    """What turns retention into money.

    Attributes
    ----------
    margin
        Margin per customer and year in whole currency units: a column of the survey, or one amount for all.
    discount_rate
        Yearly, as a fraction.
    horizon_years
        Yearly payments that count.
    customers
        Customers that the sample stands for.
    timing
        When margins come; see ``drivers.core.lifetime.value_multiple``.
    period_months
        Months over which leaving was observed; retention is brought to a year by a constant monthly rate.
    through
        What follows satisfaction: ``"retention"``, the margin a customer brings (``"spending"``; who stays is as
        today), or ``"both"``.
    tenure
        The control that counts how long customers are there: retention of later years is then that of a longer tenure;
        None for the same retention in every year. See ``drivers.analyses.renewals``.
    tenure_step
        What a year adds to it: 1 where it counts years, 12 where months.
    """

    margin: str | float
    discount_rate: float
    horizon_years: int
    customers: int
    timing: Timing = "advance"
    period_months: float = 12.0
    through: Through = "retention"
    tenure: str | None = None
    tenure_step: float = 1.0

    @property
    def kept(self) -> bool:
        """Whether retention follows satisfaction."""
        return self.through != "spending"

    @property
    def spent(self) -> bool:
        """Whether the margin of a customer follows satisfaction."""
        return self.through != "retention"


def known_margins(survey: Survey, index: np.ndarray, margin: str | float) -> np.ndarray:
    """Yearly margin (m,) of the respondents at these positions (m,); NaN where it is not known.

    Raises
    ------
    EstimationError
        When nobody's margin is known.
    """
    if not isinstance(margin, str):
        return np.full(len(index), float(margin))
    known = survey.answers[margin].to_numpy()[index]
    if not np.isfinite(known).any():
        raise EstimationError(
            sentence("No respondent has a value in {column}. Give margin_per_year as one amount.", column=margin)
        )
    return np.asarray(known)


def worth_of(retention: np.ndarray, terms: ValueTerms) -> np.ndarray:
    """Multiple of the yearly margin that belongs to this yearly retention, on these terms."""
    return value_multiple(
        retention, discount_rate=terms.discount_rate, horizon_years=terms.horizon_years, timing=terms.timing
    )


def yearly_retention(retention: np.ndarray, terms: ValueTerms) -> np.ndarray:
    """Retention over the observed period, brought to a year."""
    return retention if terms.period_months == 12.0 else retention ** (12.0 / terms.period_months)


def value_terms(client: Client) -> ValueTerms:
    """The client file's [value] table as the terms of a computation.

    Raises
    ------
    EstimationError
        When the client file has no such table, or none on loyalty.
    """
    stated, loyalty = client.value, client.loyalty
    if stated is None or loyalty is None:
        raise EstimationError(
            sentence("The client file has no [value] or no [loyalty] table. Add both to compute a value.")
        )
    return ValueTerms(
        margin=stated.margin_per_year,
        discount_rate=stated.discount_rate,
        horizon_years=stated.horizon_years,
        customers=stated.customers,
        timing=stated.timing,
        period_months=loyalty.period_months,
        through=stated.through,
        tenure=stated.tenure,
        tenure_step=TENURE_STEPS[stated.tenure_unit],
    )
