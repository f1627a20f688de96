"""Standing: whether those who gave a number answer the other questions like its neighbours on a scale do."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from drivers.survey.survey import Scale

_NEIGHBOURS = 20  # respondents who show how the end of a scale is rated
_GIVEN = 5  # respondents who gave the number
_APART = 2.0  # standard errors between that end and everybody, without which nothing can be told


def other_ratings(ratings: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """How does each respondent rate the other questions than this one?

    Parameters
    ----------
    ratings
        Numbers (n,) of each column, NaN where unanswered.

    Returns
    -------
    dict
        Mean (n,) of the other columns in standard deviations of each, by column; NaN for who answered none. Columns
        that do not vary are left out, as is everything where only one varies.
    """
    varied = {name: numbers for name, numbers in ratings.items() if len(np.unique(numbers[~np.isnan(numbers)])) > 1}
    if len(varied) < 2:
        return {}
    with np.errstate(invalid="ignore", over="ignore"):  # a number too large to square tells nothing
        z = np.array([(numbers - np.nanmean(numbers)) / np.nanstd(numbers) for numbers in varied.values()])
        known = np.isfinite(z)
        z = np.where(known, z, 0.0)
        return {name: (z.sum(axis=0) - z[j]) / (known.sum(axis=0) - known[j]) for j, name in enumerate(varied)}


def code_standing(numbers: np.ndarray, code: float, scale: Scale, others: np.ndarray) -> float | None:
    """Do those who gave this code rate the rest (n,) like the nearest end of the scale, or like everybody?

    Standard errors from the middle between the two: above 0 like that end, as those do who mean an answer; below 0
    like everybody. None where too few gave it, or ratings hang together too little to tell.
    """
    known = ~np.isnan(others)
    core = known & (numbers >= scale.low) & (numbers <= scale.high)
    given = others[known & (numbers == code)]
    distance = np.sort(np.abs(numbers[core] - code))
    if len(given) < _GIVEN or len(distance) < 2 * _NEIGHBOURS:
        return None
    near = others[core & (np.abs(numbers - code) <= distance[_NEIGHBOURS - 1])]
    everybody, end, spread = others[core].mean(), near.mean(), others[core].std()
    if abs(end - everybody) <= _APART * spread / np.sqrt(len(near)):
        return None
    error = spread * np.sqrt(1 / len(given) + 1 / (4 * len(near)))
    return float(np.sign(end - everybody) * (given.mean() - (everybody + end) / 2) / error)
