"""Shares of variance by the field's six measures, in one fast call from a data frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.dominance import general_dominance
from drivers.core.linear import regression_shares
from drivers.core.moments import Moments
from drivers.core.relative import relative_weights
from drivers.core.sampling import SampledShares, sampled_shares
from drivers.core.shapley import MOST_EXACT
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import check_weights
from drivers.wording import sentence

MEASURES = ("lmg", "first", "last", "squared_beta", "pratt", "relative_weight")
_COLUMNS = pd.Index(MEASURES)


@dataclass(frozen=True, slots=True, eq=False)
class VarianceShares:
    """Six measures of relative importance side by side, without intervals.

    Attributes
    ----------
    table
        One row a driver (its index), in the data frame's order, one column for each of ``MEASURES``: shares of the
        outcome's variance.
    r_squared
        What lmg, pratt and relative_weight each add up to.
    base
        Rows.
    orders, monte_carlo_error
        Orders that lmg was sampled from, and the largest standard error that this leaves; 0 and 0 up to 25 drivers,
        where it is exact.
    """

    table: pd.DataFrame
    r_squared: float
    base: int
    orders: int
    monte_carlo_error: float

    def __repr__(self) -> str:
        return f"VarianceShares of {len(self.table)} drivers: R² {self.r_squared:.3f}, base {self.base}"


def variance_shares(
    frame: pd.DataFrame, outcome: str, drivers: Sequence[str] | None = None, *, weight_column: str | None = None
) -> VarianceShares:
    """How much of the outcome's variance does each driver account for, by each of the field's six measures?

    The fast look, in one call from a data frame: no resampling, no coefficients. `frame` must hold numbers and no
    missing answers in the columns used; see ``driver_importance`` for shares with their certainty.

    Raises
    ------
    SurveyError
        When a column is missing, not numeric, or has missing answers.
    EstimationError
        When there are too few rows.
    """
    names = list(frame.columns)
    chosen = [c for c in names if c not in (outcome, weight_column)] if drivers is None else list(drivers)
    places = _places(names, [*chosen, outcome])
    z = _numbers(frame, places)
    w = np.ones(len(z))
    if weight_column is not None:
        w = _numbers(frame, _places(names, [weight_column]))[:, 0]
        check_weights(w, weight_column)
    if len(z) <= len(chosen) + 1:
        raise EstimationError(
            sentence(
                "{base:count} rows cannot support {drivers:count} drivers. Drop drivers or add rows.",
                base=len(z),
                drivers=len(chosen),
            )
        )
    cross = Moments.from_rows((*chosen, outcome), z, w).cross
    fit = regression_shares(cross)
    lmg = _lmg(cross)
    columns = (lmg.value, fit.first, fit.last, fit.squared_beta, fit.pratt, relative_weights(cross))
    table = pd.DataFrame(np.column_stack(columns), index=pd.Index(chosen, dtype=object), columns=_COLUMNS)
    return VarianceShares(table, float(lmg.value.sum()), len(z), lmg.orders, float(lmg.error.max()))


def _lmg(cross: np.ndarray) -> SampledShares:
    """LMG shares: exact up to 25 drivers, beyond from sampled orders, the same ones each time."""
    p = len(cross) - 1
    if p <= MOST_EXACT:
        return SampledShares(general_dominance(cross), np.zeros(p), 0)
    return sampled_shares(cross, [(j,) for j in range(p)], np.random.default_rng(1))


def _places(names: list[str], columns: list[str]) -> list[int]:
    """Where these columns stand in the data frame."""
    absent = [c for c in columns if c not in names]
    if absent:
        raise SurveyError(f"The data frame has no column {absent[0]!r}. It has: {', '.join(map(str, names))}.")
    twice = [c for c in columns if names.count(c) > 1]
    if twice:
        raise SurveyError(f"Column {twice[0]!r} stands twice in the data frame. Rename one of the two.")
    return [names.index(c) for c in columns]


def _numbers(frame: pd.DataFrame, places: list[int]) -> np.ndarray:
    whole = places == list(range(frame.shape[1]))  # as it is: selecting columns costs a tenth of a millisecond
    chosen = frame if whole else frame.iloc[:, places]
    try:
        numbers: np.ndarray = chosen.to_numpy(dtype=float)
    except (TypeError, ValueError) as error:
        raise SurveyError(f"A column is not numeric: {error}. Convert the answers to numbers first.") from error
    if not np.isfinite(numbers).all():
        holes = chosen.columns[~np.isfinite(numbers).all(axis=0)]
        raise SurveyError(
            f"Answers are missing in {', '.join(map(str, holes))}. Drop those rows first, or use driver_importance, "
            "which states its missing-data policy."
        )
    return numbers
