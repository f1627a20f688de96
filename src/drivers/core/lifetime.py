"""Lifetime value of a customer who renews: with a constant probability, or along a curve of survival."""

from __future__ import annotations

from typing import Literal

import numpy as np

from drivers.errors import EstimationError

_SHORT = 16  # years up to which Horner's scheme is faster than a power

Timing = Literal["advance", "arrears", "renewal"]


def value_multiple(
    retention: np.ndarray, *, discount_rate: float, horizon_years: int | None = None, timing: Timing = "advance"
) -> np.ndarray:
    """How many of today's yearly margins is a customer worth?

    Parameters
    ----------
    retention
        Probability of staying a year, any shape, 0 to 1.
    discount_rate
        Yearly rate, as a fraction (0.10).
    horizon_years
        Payments counted; None counts for ever (then ``retention < 1 + discount_rate`` is needed).
    timing
        ``"advance"``: the first margin comes now, the next after each renewal: 1 + q + q² + …, q = r / (1 + d).
        ``"arrears"``: each margin comes a year later, at the end of the year it was earned in.
        ``"renewal"``: only margins after a renewal count, the first a year from now: q + q² + ….

    Returns
    -------
    np.ndarray
        Multiple of the yearly margin, same shape as `retention`.

    Raises
    ------
    EstimationError
        When retention is outside 0 to 1, or the sum over an endless horizon does not converge.

    Notes
    -----
    Without a horizon the three are (1+d)/(1+d-r), 1/(1+d-r) and r/(1+d-r): Fader and Hardie (2012), "Reconciling and
    clarifying CLV formulas". "A multiple of 3.7 means: keeping this customer is worth 3.7 of its yearly margins."
    """
    r = np.asarray(retention, dtype=float)
    if np.fmin.reduce(r, axis=None, initial=0.0) < 0 or np.fmax.reduce(r, axis=None, initial=1.0) > 1:
        raise EstimationError("Retention must be a probability from 0 to 1. Check how leaving is coded.")
    q = r / (1.0 + discount_rate)
    if horizon_years is None and np.any(q >= 1):
        raise EstimationError(
            "Customers who never leave at a discount rate of 0 are worth infinitely much. "
            "Set horizon_years, or a discount rate above 0."
        )
    multiple = annuity(q, horizon_years)
    return np.asarray(multiple * {"advance": 1.0, "arrears": 1.0 / (1.0 + discount_rate), "renewal": q}[timing])


def annuity(q: np.ndarray, years: int | None) -> np.ndarray:
    """What is 1 + q + … + q^(years - 1)? `years` None: the endless sum; same shape as `q`."""
    q = np.asarray(q, dtype=float)
    if years is None:
        return 1.0 / (1.0 - q)
    if years <= _SHORT:
        total = np.ones_like(q)
        for _ in range(years - 1):
            np.multiply(q, total, out=total)
            total += 1.0
        return total
    one = q >= 1.0
    safe = np.where(one, 0.0, q)
    return np.where(one, float(years), (1.0 - safe**years) / (1.0 - safe))


def curve_multiple(survival: np.ndarray, *, discount_rate: float, timing: Timing = "advance") -> np.ndarray:
    """How many of today's margins a period is a customer worth, along a curve of survival?

    Parameters
    ----------
    survival
        Array (..., H + 1): share of a cohort left after 0, 1, … H renewals; H margins count.
    discount_rate
        Per period, as a fraction.
    timing
        As in `value_multiple`, which this equals where each renewal has the same chance: "advance" counts S(0) …
        S(H - 1), at once and after each renewal; "arrears" the same a period later; "renewal" counts S(1) … S(H).

    Returns
    -------
    np.ndarray
        Multiple (...,) of the margin of a period.
    """
    s = np.asarray(survival, dtype=float)
    z = (1.0 + discount_rate) ** -np.arange(s.shape[-1])
    if timing == "renewal":
        return np.asarray(s[..., 1:] @ z[1:])
    return np.asarray(s[..., :-1] @ (z[:-1] if timing == "advance" else z[1:]))
