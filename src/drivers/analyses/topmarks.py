"""How many more give a top mark on an intention? An ordered logit beside the linear link."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.hazards import designed
from drivers.analyses.method import case_values
from drivers.analyses.outcomes import FEWEST_IN_CLASS
from drivers.core.design import kish_base
from drivers.core.estimate import Bounds
from drivers.core.interval import student_reach
from drivers.core.logit import inverse_logit
from drivers.core.ordered import OrderedFit, ordered_fit
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

MOST_POINTS = 11
"""Points of a scale up to which its answers are ordered ones; beyond them its mean serves."""

_FEWEST = 10  # for each column, of those in the top two and of the others


@dataclass(frozen=True, slots=True, eq=False)
class TopMarks:
    """The ordered logit of an intention on satisfaction.

    Attributes
    ----------
    table
        One row a whole point of satisfaction: share in the top two if everybody were there, with its interval.
    effect, effect_low, effect_high
        Average marginal effect of one point of satisfaction on the share in the top two, as a fraction.
    odds_ratio, odds_ratio_low, odds_ratio_high
        Odds of a higher answer that go with one point of satisfaction.
    top_share
        Weighted share in the top two.
    from_point
        Lowest answer of the top two.
    intention
        Printed name of the intention.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    effect: float
    effect_low: float
    effect_high: float
    odds_ratio: float
    odds_ratio_low: float
    odds_ratio_high: float
    top_share: float
    from_point: float
    intention: str
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return (
            f"TopMarks: one point of satisfaction goes with {100 * self.effect:+.1f} percentage points of "
            f"{self.from_point:g} or higher on {self.intention}; base {self.base}"
        )


def top_marks(survey: Survey, column: str, *, confidence: float = 0.95) -> TopMarks:
    """How many more customers give one of the two highest answers on an intention?

    An effect of 0.08 means: customers who are one point more satisfied give one of the two highest answers 8
    percentage points more often, at the same values of the controls.

    Parameters
    ----------
    survey
        The wave; complete cases on the intention, satisfaction and controls.
    column
        The intention, on a scale of at most eleven points.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the scale is longer, too few answers are in the top two or below, or satisfaction separates the answers.

    Notes
    -----
    Ordered logit (McCullagh 1980). Effects are averaged over the customers; their errors hold both the coefficients'
    and the customers' own uncertainty (linearised, under weights, strata and clusters).
    """
    names = (survey.outcome, *survey.controls)
    index = np.flatnonzero(survey.complete((*names, column)))
    x, y = survey.answers[list(names)].to_numpy()[index], survey.answers[column].to_numpy()[index]
    top = survey.scales[column].high - 1
    classes, border = _classes(survey, column, y, top, x.shape[1])
    average = _Average(survey, index, x, ordered_fit(x, classes, survey.weights[index]), border, confidence)
    effect, odds = average.effect(), average.log_odds()
    points = np.unique(np.round(x[:, 0]))
    table = pd.DataFrame([{"satisfaction": p, **average.share(p).named("top_two_given")} for p in points])
    return TopMarks(
        table=table,
        effect=effect.value,
        effect_low=effect.low,
        effect_high=effect.high,
        odds_ratio=float(np.exp(odds.value)),
        odds_ratio_low=float(np.exp(odds.low)),
        odds_ratio_high=float(np.exp(odds.high)),
        top_share=float(np.average(y >= top, weights=survey.weights[index])),
        from_point=float(top),
        intention=survey.labels.get(column, column),
        base=len(index),
        effective_base=kish_base(survey.weights[index]),
        confidence=confidence,
        method=_method(survey, column, len(index), confidence),
    )


def _classes(survey: Survey, column: str, y: np.ndarray, top: float, columns: int) -> tuple[np.ndarray, int]:
    """Classes (m,) of the answers, few-chosen points joined on their side of the border, and the first of the top."""
    label, points = survey.labels.get(column, column), np.unique(y)
    if len(points) > MOST_POINTS:
        raise EstimationError(sentence(_TOO_LONG, name=label, points=len(points), most=MOST_POINTS))
    rarer, needed = int(min((y >= top).sum(), (y < top).sum())), _FEWEST * columns
    if rarer < needed:
        raise EstimationError(sentence(_TOO_FEW, name=label, top=top, rarer=rarer, needed=needed))
    below = _joined(points[points < top], y)
    above = _joined(points[points >= top][::-1], y)[::-1]
    starts = [*(group[0] for group in below), *(min(group) for group in above)]
    return np.searchsorted(np.array(starts), y, side="right") - 1, len(below)


def _joined(points: np.ndarray, y: np.ndarray) -> list[list[float]]:
    """Points, from the end of the scale inwards, in groups that enough chose."""
    groups: list[list[float]] = [[]]
    for point in points:
        groups[-1].append(float(point))
        if np.isin(y, groups[-1]).sum() >= FEWEST_IN_CLASS:
            groups.append([])
    rest = groups.pop()
    groups[-1].extend(rest)
    return groups


_TOO_LONG = (
    "{name} has {points:count} different answers; ordered answers have {most:count} at most. The link of its mean "
    "serves."
)
_TOO_FEW = (
    "Of the answers on {name}, {rarer:count} are {top:number} or higher, or lower; {needed:count} of each are needed. "
    "Merge waves."
)


@dataclass(frozen=True, slots=True, eq=False)
class _Average:
    """Averages over the customers of what the ordered logit says of the top two."""

    survey: Survey
    index: np.ndarray
    x: np.ndarray
    fit: OrderedFit
    border: int
    confidence: float

    @property
    def _w(self) -> np.ndarray:
        w = self.survey.weights[self.index]
        return np.asarray(w / w.sum())

    def log_odds(self) -> Bounds:
        return self._bounded(float(self.fit.slopes[0]), self.fit.influence[:, 0])

    def share(self, satisfaction: float) -> Bounds:
        """Share in the top two if everybody were this satisfied, within 0 and 1."""
        x = self.x.copy()
        x[:, 0] = satisfaction
        p = self._chance(x)
        found = self._averaged(p, self._by_eta(x, p * (1 - p)))
        return Bounds(found.value, max(found.low, 0.0), min(found.high, 1.0))

    def effect(self) -> Bounds:
        """Average derivative of the share in the top two with respect to satisfaction."""
        p, slope = self._chance(self.x), self.fit.slopes[0]
        gradient = self._by_eta(self.x, slope * p * (1 - p) * (1 - 2 * p))
        gradient[0] += self._w @ (p * (1 - p))
        return self._averaged(slope * p * (1 - p), gradient)

    def _chance(self, x: np.ndarray) -> np.ndarray:
        return inverse_logit(x @ self.fit.slopes - self.fit.cuts[self.border - 1])

    def _by_eta(self, x: np.ndarray, rate: np.ndarray) -> np.ndarray:
        """Gradient (k + C - 1,) of an average whose derivative by the predictor is `rate` (m,)."""
        gradient = np.zeros(self.fit.influence.shape[1])
        gradient[: x.shape[1]] = (self._w * rate) @ x
        gradient[x.shape[1] + self.border - 1] = -(self._w @ rate)
        return gradient

    def _averaged(self, values: np.ndarray, gradient: np.ndarray) -> Bounds:
        mean = float(self._w @ values)
        return self._bounded(mean, self._w * (values - mean) + self.fit.influence @ gradient)

    def _bounded(self, value: float, influence: np.ndarray) -> Bounds:
        found = designed(self.survey, self.index, np.array([value]), influence[:, None])
        reach = float(student_reach(found.error, found.degrees, self.confidence)[0])
        return Bounds(value, value - reach, value + reach)


def _method(survey: Survey, column: str, base: int, confidence: float) -> Sentence:
    return sentence(
        "Ordered logit of {intention} on {outcome}{controls}; {weights}; complete cases, base {base:count} of "
        "{all:count}; average marginal effect on the two highest answers; {confidence:percent} intervals from "
        "linearised errors.",
        intention=survey.labels.get(column, column),
        **case_values(survey, base, confidence),
    )
