"""Separation: data in which a logit has no finite estimate, found before it is fitted."""

from __future__ import annotations

import numpy as np

from drivers.errors import EstimationError
from drivers.wording import sentence

_ROWS_MOST = 50_000  # different rows up to which the joint check is made, in half a second
_SEPARATED = 1e-7  # of the programme's optimum, which is 0 or clearly more


def check_separation(x: np.ndarray, y: np.ndarray, names: tuple[str, ...]) -> None:
    """Refuse data in which the columns tell the outcome apart, wholly or but for ties.

    Parameters
    ----------
    x
        Design (n, k), its column of ones first.
    y
        Outcome (n,), 0 or 1.
    names
        Printed names of the k columns.

    Raises
    ------
    EstimationError
        When the outcome never varies, or some combination of the columns has every 0 on one side of every 1, ties
        allowed (quasi-complete separation): the logit has no finite estimate and its pseudo-R-squared means nothing.

    Notes
    -----
    Albert and Anderson (1984, doi:10.1093/biomet/71.1.1): no finite maximum exists if and only if some b has
    (2y - 1) x'b >= 0 for all rows and > 0 for one; a linear programme decides it (Konis 2007).
    """
    if y.min() == y.max():
        raise EstimationError(
            sentence(
                "Everybody in these answers left, or everybody stayed, so nothing can be learnt about who leaves. Use "
                "a longer period or a sample that holds both."
            )
        )
    for column, name in zip(x.T, names, strict=True):
        _check_column(column, y, name)
    if x.shape[1] > 2 and separated(x, y):
        raise EstimationError(
            sentence(
                "Satisfaction and the controls together separate those who left from those who stayed, so no finite "
                "estimate exists. Check whether one of them was recorded after the customer had left; if so, take "
                "it out."
            )
        )


def separated(x: np.ndarray, y: np.ndarray) -> bool:
    """Does some combination of the columns of `x` (n, k) have every 0 of `y` (n,) on one side of every 1?

    Ties are allowed. False where there are too many different rows to decide it in reasonable time.
    """
    spread = np.ptp(x, axis=0)
    z = np.where(spread > 0, (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1.0), x)
    return separating(np.where(y[:, None] == 1, z, -z))


def separating(contrasts: np.ndarray) -> bool:
    """Does some b have `contrasts` (r, k) @ b >= 0 for all rows, and > 0 for one?

    False where there are too many different rows to decide it in reasonable time.
    """
    rows = np.unique(contrasts, axis=0)
    if len(rows) > _ROWS_MOST:
        return False
    from scipy.optimize import linprog  # takes as long to load as a check of a survey, and is seldom needed

    found = linprog(-rows.sum(axis=0), A_ub=-rows, b_ub=np.zeros(len(rows)), bounds=(-1, 1), method="highs")
    return bool(found.success and -found.fun > _SEPARATED * len(rows))


def _check_column(column: np.ndarray, y: np.ndarray, name: str) -> None:
    zeros, ones = column[y == 0], column[y == 1]
    if column.min() == column.max():
        return
    ties = {f"{b:g}" for a, b in ((zeros.max(), ones.min()), (ones.max(), zeros.min())) if a == b}
    if zeros.max() < ones.min() or ones.max() < zeros.min():
        raise EstimationError(
            sentence(
                "{name} separates those who left from those who stayed completely, so no finite estimate exists. "
                "Check whether it was asked after the customer had left; if so, take it out.",
                name=name,
            )
        )
    if ties:
        raise EstimationError(
            sentence(
                "{name} almost separates those who left from those who stayed: only at {tie} are both found, and "
                "anywhere else all of them left or none did, so no finite estimate exists. Check whether it was "
                "recorded after the decision to leave; if so, it shows no cause and no link can be computed.",
                name=name,
                tie=ties.pop(),
            )
        )
