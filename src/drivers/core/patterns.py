"""Patterns in the rows of an answer matrix that no content explains: strings, copies, halves that differ.

Throughout, `x` is an array (n, k) of one row a respondent in the order of the questionnaire, NaN where unanswered.
Curran 2016 (doi:10.1016/j.jesp.2015.07.006) reviews these indices.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray


def answered(x: FloatArray) -> IntArray:
    """Number of answers (n,) in each row."""
    return np.asarray((~np.isnan(x)).sum(axis=1))


def one_answer(x: FloatArray, fewest: int) -> BoolArray:
    """Rows (n,) with at least `fewest` answers that are all the same: no variance within the respondent."""
    low = np.where(np.isnan(x), np.inf, x).min(axis=1, initial=np.inf)
    high = np.where(np.isnan(x), -np.inf, x).max(axis=1, initial=-np.inf)
    return np.asarray((low == high) & (answered(x) >= fewest))


def longest_run(x: FloatArray) -> IntArray:
    """Longest string (n,) of the same answer in a row of items (Johnson 2005, doi:10.1016/j.jrp.2004.09.009).

    A missing answer ends a string.
    """
    longest = np.zeros(len(x), dtype=np.int64)
    run = np.zeros(len(x), dtype=np.int64)
    for k in range(x.shape[1]):
        same = x[:, k] == x[:, k - 1] if k else np.zeros(len(x), dtype=bool)
        run = np.where(np.isnan(x[:, k]), 0, np.where(same, run + 1, 1))
        longest = np.maximum(longest, run)
    return longest


def repeated_rows(x: FloatArray) -> BoolArray:
    """Complete rows (n,) that are equal to an earlier one; the first of each is none."""
    repeated = np.zeros(len(x), dtype=bool)
    complete = np.flatnonzero(~np.isnan(x).any(axis=1))
    _, first = np.unique(x[complete], axis=0, return_index=True)
    repeated[complete] = True
    repeated[complete[first]] = False
    return repeated


def half_differences(x: FloatArray, batteries: Sequence[Sequence[int]]) -> FloatArray:
    """Difference (n, b) in each battery between a respondent's means on its odd and on its even items.

    `batteries` holds the columns of each. NaN where one half has no answer. Who answers with care differs little
    between the halves of one battery, whatever the level (the even-odd idea; Johnson 2005).
    """
    halves = [(row_means(x[:, list(c)[::2]]), row_means(x[:, list(c)[1::2]])) for c in batteries]
    return np.column_stack([odd - even for odd, even in halves])


def row_means(x: FloatArray) -> FloatArray:
    """Means (n,) of the answers there are; NaN where there are none."""
    count = answered(x)
    return np.asarray(np.divide(np.nansum(x, axis=1), count, out=np.full(len(x), np.nan), where=count > 0))
