"""Payments over the years: what reaches full size in time, what counts less when it comes later, when it has paid."""

from __future__ import annotations

import numpy as np

from drivers.core.lifetime import Timing


def ramp_fractions(months: float, years: int) -> np.ndarray:
    """How much of an improvement is there in each year (years,), on average, if it grows evenly over these months?

    An improvement that grows over a year is there by half in the first year: 0.5, 1, 1, ….
    """
    if months <= 0:
        return np.ones(years)
    ends = np.arange(years + 1) * 12.0 / months
    grown = np.where(ends < 1, ends**2 / 2, ends - 0.5)  # the integral of min(t, 1)
    return np.asarray(np.diff(grown) * months / 12.0)


def payment_years(years: int, timing: Timing) -> np.ndarray:
    """When each yearly margin comes (years,), counted from now; see ``drivers.core.lifetime.value_multiple``."""
    return np.arange(years) + (0.0 if timing == "advance" else 1.0)


def yearly_payments(survival: np.ndarray, timing: Timing) -> np.ndarray:
    """The part of each yearly margin that is paid (..., T), from who is still there after 0 … T years (..., T + 1)."""
    return np.asarray(survival[..., 1:] if timing == "renewal" else survival[..., :-1])


def present_value(payments: np.ndarray, discount_rate: float, timing: Timing) -> np.ndarray:
    """What yearly payments (..., T) are worth now, shape (...,)."""
    factors = (1.0 + discount_rate) ** -payment_years(payments.shape[-1], timing)
    return np.asarray(payments @ factors)


def payback_years(
    payments: np.ndarray, once: float, yearly: float, *, discount_rate: float, timing: Timing = "advance"
) -> float:
    """After how many years have these payments (T,) paid their cost, all discounted?

    Yearly costs fall at the start of each year. Between two payments the sum is taken to grow evenly. NaN when the cost
    is not paid within the T years, so that a plan has a payback exactly when its net present value is not below zero.
    """
    years = len(payments)
    when = payment_years(years, timing)
    shrunk = payments * (1.0 + discount_rate) ** -when
    costs = np.full(years, yearly) * (1.0 + discount_rate) ** -np.arange(years)
    if shrunk.sum() < once + costs.sum():
        return float("nan")
    at = np.arange(int(when[-1]) + 1)
    paid = np.array([shrunk[when <= t].sum() - costs[: t + 1].sum() for t in at]) - once
    first = int(np.flatnonzero(paid < 0)[-1]) + 1 if (paid < 0).any() else 0
    if first == 0:
        return 0.0
    return float(first - paid[first] / (paid[first] - paid[first - 1]))
