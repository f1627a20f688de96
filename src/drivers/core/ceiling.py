"""The top of a scale: how far a mean can rise when nobody's answer can go beyond it."""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq


def needed_rise(room: np.ndarray, w: np.ndarray, rise: float) -> float:
    """By how much must everybody with room rise, to the top at most, so that the mean rises by `rise`?

    Parameters
    ----------
    room
        How far each answer (n,) lies below the top of the scale.
    w
        Weights (n,).
    rise
        Wanted rise of the mean; NaN is returned when it is more than the mean room.

    Notes
    -----
    The mean rise is the integral of the share of answers with more room: piecewise linear, so inverted exactly.
    """
    order = np.argsort(room)
    room, w = np.maximum(room[order], 0.0), w[order] / w.sum()
    above = 1.0 - np.concatenate([[0.0], np.cumsum(w)[:-1]])  # share whose room is this or more
    reached = np.cumsum(np.diff(room, prepend=0.0) * above)
    if rise > reached[-1] * (1 + 1e-12):
        return float("nan")
    return float(np.interp(rise, np.concatenate([[0.0], reached]), np.concatenate([[0.0], room])))


def spent_rise(amount: np.ndarray, room: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """The rise that money buys: room (1 - exp(-rate amount)), concave, never above the room; broadcasts."""
    return np.asarray(room * -np.expm1(-rate * amount))


def spending_rate(cost: np.ndarray, rise: np.ndarray, room: np.ndarray) -> np.ndarray:
    """The rate of the curve on which this cost buys this rise; a rise of the whole room counts as 99% of it."""
    return np.asarray(-np.log1p(-np.minimum(rise / room, 0.99)) / cost)


def best_split(budget: float, worth: np.ndarray, room: np.ndarray, rate: np.ndarray) -> np.ndarray:
    """Which amounts (p,) of this budget buy most?

    Maximises the sum of worth × rise over amounts of 0 or more that add up to the budget. The sum is concave, so at the
    best split the last euro brings the same everywhere that money is spent (Karush, Kuhn and Tucker); the value of that
    last euro is found by Brent's method.

    Parameters
    ----------
    budget
        What there is to spend, above 0.
    worth, room, rate
        Worth of a point of each driver, its room, the rate of its curve, each (p,). Nothing goes to a worth of 0 or
        less.
    """
    first = np.where((worth > 0) & (room > 0), worth * room * rate, 0.0)  # what the first euro brings
    if not (first > 0).any():
        return np.zeros_like(first)

    def amounts(log_last: float) -> np.ndarray:
        with np.errstate(divide="ignore"):
            return np.asarray(np.where(first > 0, np.maximum(np.log(first) - log_last, 0.0) / rate, 0.0))

    top = float(np.log(first.max()))
    low = top - float(rate.max()) * budget - 1.0
    spent = amounts(float(brentq(lambda x: float(amounts(x).sum()) - budget, low, top, xtol=1e-14)))
    return np.asarray(spent * (budget / spent.sum()))
