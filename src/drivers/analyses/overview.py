"""Satisfaction of one wave beside that of the wave before, for a list of many clients."""

from __future__ import annotations

from dataclasses import dataclass

from scipy.special import ndtri


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """The satisfaction index of one wave.

    Attributes
    ----------
    level, low, high
        The index, 0 to 100, and the ends of its interval.
    error
        Its standard error.
    asked
        The questions that it is made of.
    confidence
        Level of the interval.
    """

    level: float
    low: float
    high: float
    error: float
    asked: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Change:
    """A change of the satisfaction index in points, with the ends of its interval."""

    value: float
    low: float
    high: float


def satisfaction_change(before: Satisfaction, after: Satisfaction) -> Change | None:
    """How much higher is the satisfaction index than in the wave before?

    A change of 3 points with an interval from 1 to 5 means: satisfaction rose. The waves count as independent samples,
    which makes the interval too wide where the same customers answered both.

    Returns
    -------
    Change or None
        Points of the index; None where the waves asked other questions, or one has no error.
    """
    error = (before.error**2 + after.error**2) ** 0.5
    if before.asked != after.asked or error != error:
        return None
    change = after.level - before.level
    reach = float(ndtri(0.5 + after.confidence / 2)) * error
    return Change(change, change - reach, change + reach)
