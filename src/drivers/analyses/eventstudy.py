"""Regressions of waves under one another: what those reached did from one wave to another that the others did not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import stdtr

from drivers.core.interval import student_reach
from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class EventFit:
    """Differences of the last wave, and then of each earlier one but the base wave, between those reached and others.

    Attributes
    ----------
    value, covariance
        Arrays (k,) and (k, k).
    degrees
        Degrees of freedom of the covariance.
    units
        Units of the roll-out; None where there are none.
    """

    value: np.ndarray
    covariance: np.ndarray
    degrees: float
    units: int | None

    def spread(self, k: int, confidence: float) -> tuple[float, float, float]:
        """The k-th difference with the ends of its interval."""
        value, reach = float(self.value[k]), float(student_reach(self.error(k), self.degrees, confidence))
        return value, value - reach, value + reach

    def error(self, k: int) -> np.ndarray:
        """Standard error of the k-th difference."""
        return np.asarray(np.sqrt(self.covariance[k, k]))

    def p(self, k: int) -> float:
        """P-value of no difference."""
        error = float(self.error(k))
        return float(2 * stdtr(self.degrees, -abs(self.value[k]) / error)) if error > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class EventStudy:
    """Respondents of all waves under one another.

    Attributes
    ----------
    waves
        Names of the waves, oldest first; the last but one is the base that the others are held against.
    frame
        One row a respondent whose group is known: place of the wave, reached, weight, unit, and the measures.
    mix
        Array (n, c), columns of the mix.
    units
        Whether units are those of a roll-out.
    """

    waves: tuple[str, ...]
    frame: pd.DataFrame
    mix: np.ndarray
    units: bool

    def fitted(self, column: str) -> EventFit:
        """The measure on waves, reached or not, their products (not with the base wave) and the mix."""
        rows = self._rows(column)
        place, reached = self.frame["place"].to_numpy()[rows], self.frame["reached"].to_numpy()[rows]
        last = len(self.waves) - 1
        moved = [last, *range(last - 1)]
        products = [(place == k) * reached for k in moved]
        levels = [(place == k).astype(float) for k in range(1, last + 1)]
        x = np.column_stack([*products, *levels, reached, np.ones(len(place)), self.mix[rows]])
        fit, units = self._robust(column, rows, x)
        degrees, k = _degrees(fit, units), len(moved)
        rolled = units if self.units else None
        return EventFit(np.asarray(fit.params)[:k], np.asarray(fit.cov_params())[:k, :k], degrees, rolled)

    def base(self, column: str) -> int:
        """Respondents whose measure, group and mix are known."""
        return len(self._rows(column))

    def changes(self, column: str) -> tuple[float, float]:
        """Change of the mean from the base wave to the last, of those reached and of the others, as it was."""
        rows = self._rows(column)
        cell = (2 * self.frame["place"] + self.frame["reached"]).to_numpy(dtype=int)[rows]
        y, w = (self.frame[name].to_numpy(dtype=float)[rows] for name in (column, "weight"))
        means = np.bincount(cell, w * y) / np.bincount(cell, w)
        others, reached = means[-2:] - means[-4:-2]
        return float(reached), float(others)

    def means(self, column: str, confidence: float) -> pd.DataFrame:
        """Mean of the measure of each group in each wave, with its interval."""
        rows = self._rows(column)
        frame = self.frame.iloc[rows]
        cells = [(place, group) for place in range(len(self.waves)) for group in (1.0, 0.0)]
        member = [((frame["place"] == place) & (frame["reached"] == group)).astype(float) for place, group in cells]
        fit, units = self._robust(column, rows, np.column_stack(member))
        reach = student_reach(np.asarray(fit.bse), _degrees(fit, units), confidence)
        return pd.DataFrame(
            {
                "wave": [self.waves[place] for place, _ in cells],
                "reached_group": ["reached" if group else "others" for _, group in cells],
                "base": [int(m.sum()) for m in member],
                "group_mean": fit.params,
                "group_mean_low": fit.params - reach,
                "group_mean_high": fit.params + reach,
            }
        )

    def _rows(self, column: str) -> np.ndarray:
        known = ~np.isnan(self.mix).any(axis=1) & self.frame[column].notna().to_numpy()
        return np.flatnonzero(known)

    def _robust(
        self, column: str, rows: np.ndarray, x: np.ndarray
    ) -> tuple[sm.regression.linear_model.RegressionResults, int | None]:
        """Weighted least squares with errors that allow for units, or for unequal spread (HC1) where there are none."""
        y, w = (self.frame[name].to_numpy(dtype=float)[rows] for name in (column, "weight"))
        model = sm.WLS(y, x, weights=w)
        how = "qr" if np.linalg.matrix_rank(x.T @ x) == x.shape[1] else "pinv"  # the first is much faster
        groups = np.unique(self.frame["unit"].to_numpy()[rows], return_inverse=True)[1]
        units = int(groups.max()) + 1
        if units == len(y):
            return model.fit(method=how, cov_type="HC1", use_t=True), None
        return model.fit(method=how, cov_type="cluster", cov_kwds={"groups": groups}, use_t=True), units


def event_study(waves: Sequence[Survey], columns: Sequence[str]) -> EventStudy:
    """Which respondents of these waves, alike in their columns, are known to be reached or not?"""
    parts = [_part(wave, place, columns, waves[-1].controls) for place, wave in enumerate(waves)]
    frame = pd.concat([part for part, _ in parts], ignore_index=True)
    mix = np.vstack([mix for _, mix in parts])
    kept = ((frame["weight"] > 0) & frame["reached"].notna() & (frame["unit"] != "")).to_numpy()
    codes = pd.factorize(frame["unit"])[0]
    rolled = waves[-1].change is not None and waves[-1].change.rollout is not None
    names = tuple(str(wave.wave) for wave in waves)
    return EventStudy(names, frame.assign(unit=codes)[kept].reset_index(drop=True), mix[kept], rolled)


def reached_rows(wave: Survey) -> pd.Series:
    """1 for respondents whom the plan reaches, 0 for others, NaN where it is not known."""
    column = wave.change.reached if wave.change is not None else None
    return wave.answers[column] if column in wave.answers else pd.Series(np.nan, index=wave.answers.index)


def _part(wave: Survey, place: int, columns: Sequence[str], controls: Sequence[str]) -> tuple[pd.DataFrame, np.ndarray]:
    weight = wave.weights / wave.weights.sum() * wave.base
    own = wave.answers[list(columns)].assign(place=place, reached=reached_rows(wave), weight=weight)
    return own.assign(unit=_units(wave, place)), wave.answers[list(controls)].to_numpy(dtype=float)


def _units(wave: Survey, place: int) -> np.ndarray:
    """Unit (n,) of each respondent: that of the roll-out, else who answered, the same in all waves, else the row."""
    change, own = wave.change, np.array([f"{place}/{k}" for k in range(wave.base)], dtype=object)
    if change is not None and change.rollout is not None:
        return np.asarray(np.array([*change.rollout.groups, ""], dtype=object)[change.rollout.codes])
    if change is not None and change.units is not None:
        return np.where(change.units == "", own, change.units)
    return own


def _degrees(fit: sm.regression.linear_model.RegressionResults, units: int | None) -> float:
    return float(fit.df_resid if units is None else units - 1)
