"""Thirds: low, middle and high ratings of each driver, and the regression on them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import LinearBasis
from drivers.analyses.recoding import given, pooled_over, recoded_answers
from drivers.core.contrasts import batched_slopes
from drivers.core.linear import dependent_columns
from drivers.core.moments import Moments
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

_EDGE = 1e-9  # of the scale: an answer this near a third's end lies on it
_FEW = ("few_low", "few_middle", "few_high")


@dataclass(frozen=True, slots=True, eq=False)
class Thirds:
    """Low, middle and high ratings of one driver.

    Attributes
    ----------
    low_to, high_from
        A rating below the one is low, above the other high.
    counts, means
        Respondents with low, middle and high ratings, unweighted, and their weighted mean ratings.
    low_highest, high_lowest
        Highest low and lowest high rating that was given.
    reason
        Why low and high cannot be compared; empty where they can.
    """

    low_to: float
    high_from: float
    counts: tuple[int, int, int]
    means: tuple[float, float, float]
    low_highest: float
    high_lowest: float
    reason: str

    def columns(self, x: np.ndarray) -> np.ndarray:
        """Columns (m, 3) of the regression: rated low, rated high, and how far from the mean of those alike."""
        low, high = x < self.low_to, x > self.high_from
        alike = np.where(low, self.means[0], np.where(high, self.means[2], self.means[1]))
        return np.column_stack([np.where(np.isnan(x), np.nan, low), np.where(np.isnan(x), np.nan, high), x - alike])


def rating_thirds(survey: Survey, basis: LinearBasis, driver: str, minimum_base: int) -> Thirds:
    """Who rated this driver low, in the middle and high, and are they enough?"""
    scale = survey.scales[driver]
    x, w = given(survey, basis, driver)
    third, edge = scale.span / 3, _EDGE * scale.span
    low_to, high_from = scale.low + third - edge, scale.high - third + edge
    low, high = x < low_to, x > high_from
    groups = (low, ~low & ~high, high)
    counts = tuple(int(g.sum()) for g in groups)
    means = [float(np.average(x[g], weights=w[g])) if g.any() else np.nan for g in groups]
    reason = next((why for why, n in zip(_FEW, counts, strict=True) if n < max(minimum_base, 1)), "")
    return Thirds(
        low_to,
        high_from,
        (counts[0], counts[1], counts[2]),
        (means[0], means[1], means[2]),
        float(x[low].max()) if low.any() else np.nan,
        float(x[high].min()) if high.any() else np.nan,
        "two_answers" if len(np.unique(x)) <= 2 else reason,
    )


class ThirdsRegression:
    """The regression on low and high ratings: its columns, and where each driver's stand."""

    def __init__(self, survey: Survey, basis: LinearBasis, thirds: dict[str, Thirds]) -> None:
        self.thirds, self.basis = tuple(thirds.values()), basis
        names, self.low = list(basis.names[: basis.controls]), []
        for driver, third in thirds.items():
            self.low.append(-1 if third.reason else len(names))
            names += [driver] if third.reason else [f"{driver}: {part}" for part in ("low", "high", "within")]
        if basis.answers.errors_base <= len(names) + 2:
            raise EstimationError(
                sentence(
                    "{base:count} complete answers cannot support low and high ratings of {drivers:count} drivers. "
                    "Drop drivers with many missing answers, or merge waves.",
                    base=basis.answers.errors_base,
                    drivers=len(basis.drivers),
                )
            )
        self.answers = recoded_answers(survey, basis, (*names, basis.names[-1]), self._recoded)
        dependent = dependent_columns(self.answers.sample().cross)
        self.reasons = [
            t.reason or ("collinear" if {at, at + 1, at + 2} & set(dependent) else "")
            for t, at in zip(self.thirds, self.low, strict=True)
        ]

    def _recoded(self, z: np.ndarray) -> np.ndarray:
        c = self.basis.controls
        drivers = [z[:, c + j, None] if t.reason else t.columns(z[:, c + j]) for j, t in enumerate(self.thirds)]
        return np.column_stack([z[:, :c], *drivers, z[:, -1]])

    def estimates(self, resample: Resample) -> tuple[np.ndarray, np.ndarray]:
        """Penalty and reward of the sample (2, p) and of every draw (B, 2, p); NaN where there is a reason."""
        return pooled_over(self.answers, self._sides), self._sides(self.answers.drawn(resample))

    def _sides(self, moments: Moments) -> np.ndarray:
        slopes = batched_slopes(moments.cross)
        sides = np.full((*slopes.shape[:-1], 2, len(self.low)), np.nan)
        for j, (at, reason) in enumerate(zip(self.low, self.reasons, strict=True)):
            if not reason:
                sides[..., 0, j], sides[..., 1, j] = -slopes[..., at], slopes[..., at + 1]
        return sides

    @property
    def gaps(self) -> np.ndarray:
        """Scale points (2, p) between the means of low and middle, and of middle and high ratings."""
        return np.diff([t.means for t in self.thirds], axis=1).T
