"""Followed customers: how long each was followed, whether he then left, and what is known of him."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from drivers.analyses.leavers import MINIMUM_EVENTS
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

Unit = Literal["day", "week", "month", "quarter", "year"]

YEARS: dict[str, float] = {"day": 365.0, "week": 52.0, "month": 12.0, "quarter": 4.0, "year": 1.0}
"""How many of each unit make a year."""

_SAME = 0.99  # a control that goes with time like this is time


@dataclass(frozen=True, slots=True)
class TimeTerms:
    """Which columns tell how long customers stay.

    Attributes
    ----------
    duration
        Column with the time followed.
    event
        Column that is 1 for who left at its end, and 0 for who was still there.
    tenure
        Column with the time as a customer at the interview; who was asked then counts from there. None: not known.
    strata
        Column of the survey's segments within which customers are compared; None: all with all.
    unit
        Of duration and tenure.
    start
        From when duration counts: the start of the relation, or the interview.
    """

    duration: str
    event: str = "left"
    tenure: str | None = None
    strata: str | None = None
    unit: Unit = "month"
    start: Literal["relation", "interview"] = "relation"

    @property
    def asked_first(self) -> bool:
        """Whether satisfaction was asked before the time that counts, so that it can foretell it."""
        return self.start == "interview" or self.tenure is not None


@dataclass(frozen=True, slots=True, eq=False)
class FollowedCustomers:
    """Complete answers on time, leaving, satisfaction and controls, of those with weight.

    Attributes
    ----------
    index
        Positions (m,) in the survey.
    seen
        Array (m,), time from the moment that counts as the first until he left or was last seen.
    entry
        Array (m,), tenure at that moment; 0 where it is not known.
    event
        Boolean array (m,), whether he then left.
    x, names
        Satisfaction and controls (m, k), and their columns; a control that is time itself is left out.
    strata
        Integer codes (m,).
    w
        Weights (m,).
    late
        Customers left out because they had left when they were asked.
    """

    index: np.ndarray
    seen: np.ndarray
    entry: np.ndarray
    event: np.ndarray
    x: np.ndarray
    names: tuple[str, ...]
    strata: np.ndarray
    w: np.ndarray
    late: int


def followed_customers(survey: Survey, terms: TimeTerms) -> FollowedCustomers:
    """Who was followed, and for how long?

    Raises
    ------
    EstimationError
        When times are negative, or too few left.
    """
    columns = (terms.duration, terms.event, *((terms.tenure,) if terms.tenure else ()))
    controls = _controls(survey, terms)
    names = (survey.outcome, *controls)
    known = survey.complete((*columns, *names))
    codes = survey.segments[terms.strata].codes if terms.strata else np.zeros(survey.base, dtype=int)
    answers = survey.answers
    time = answers[terms.duration].to_numpy()
    entry = answers[terms.tenure].to_numpy() if terms.tenure else np.zeros(survey.base)
    _check_times(terms, time[known], entry[known])
    risk = known & (codes >= 0) & (time > entry if terms.tenure else time >= 0)
    gone = answers[terms.event].to_numpy() == 1
    index = np.flatnonzero(risk)
    _check_events(int(gone[index].sum()))
    return FollowedCustomers(
        index, (time - entry)[index], entry[index], gone[index], answers[list(names)].to_numpy()[index], names,
        codes[index], survey.weights[index], int((known & ~risk & gone).sum()),
    )  # fmt: skip


def _controls(survey: Survey, terms: TimeTerms) -> tuple[str, ...]:
    """The controls but those that are time: what is to be explained explains nothing."""
    axes = {terms.duration, *((terms.tenure,) if terms.tenure else ())}
    if terms.start == "interview":
        return tuple(c for c in survey.controls if c != terms.duration)
    ranks = survey.answers[[*axes, *(c for c in survey.controls if c not in axes)]].rank()
    return tuple(
        c for c in survey.controls if c not in axes and not any(abs(ranks[c].corr(ranks[a])) > _SAME for a in axes)
    )


def _check_times(terms: TimeTerms, time: np.ndarray, entry: np.ndarray) -> None:
    wrong = int(((time < 0) | (entry < 0)).sum())
    if wrong:
        raise EstimationError(
            sentence(
                "Of {n:count} customers the time in {column} is below 0; expected how long each stayed or was "
                "followed. Repair these, or empty them.",
                n=wrong,
                column=terms.duration,
            )
        )


def _check_events(left: int) -> None:
    if left < MINIMUM_EVENTS:
        raise EstimationError(
            sentence(
                "Of those followed in time {left:count} left; at least {needed:count} are needed to say how long "
                "customers stay. Follow them longer, or merge waves.",
                left=left,
                needed=MINIMUM_EVENTS,
            )
        )
