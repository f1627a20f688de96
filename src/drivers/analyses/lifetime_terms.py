"""Terms: what turns a lifetime into money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from drivers.core.lifetime import Timing

Unit = Literal["day", "week", "month", "quarter", "year"]
PERIODS: dict[Unit, float] = {"day": 365.25, "week": 365.25 / 7, "month": 12.0, "quarter": 4.0, "year": 1.0}
"""How many of each unit make a year."""


@dataclass(frozen=True, slots=True)
class LifetimeTerms:
    """What turns a lifetime into money.

    Attributes
    ----------
    margin
        Under contract: margin of a customer in a year, whole currency units. Without contract: the part of a purchase's
        amount that is margin, as a fraction.
    discount_rate
        Yearly, as a fraction.
    horizon_years
        Years that count.
    timing
        When margins come under contract; see ``drivers.core.lifetime.value_multiple``.
    unit
        Time between two renewals, or in which the purchase histories are given.
    """

    margin: float
    discount_rate: float
    horizon_years: int
    timing: Timing = "advance"
    unit: Unit = "year"

    @property
    def periods(self) -> float:
        """Units in a year."""
        return PERIODS[self.unit]

    @property
    def period_rate(self) -> float:
        """Discount rate of one unit that makes the yearly one."""
        return float((1.0 + self.discount_rate) ** (1.0 / self.periods) - 1.0)
