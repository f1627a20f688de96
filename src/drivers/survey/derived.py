"""Derived columns: those that follow exactly from others, so that no analysis can part them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from drivers.client import Client
from drivers.survey.labels import LEFT
from drivers.survey.readings import Rating
from drivers.wording import Sentence, sentence

_FEWEST_ROWS = 10
_FEWEST_RECODED = 30  # rows with both, among which a recoded outcome is looked for
_COLUMNS_MOST = 300  # among which sums are looked for
_EXACT = 1e-9  # of the spread of a column: rounding, and nothing else

ONLY_LEAVERS = sentence(
    "Only customers who left have an answer, so it is known only afterwards and cannot explain why."
)


def derived_refusals(client: Client, ratings: Mapping[str, Rating], labels: Mapping[str, str]) -> dict[str, Sentence]:
    """Which drivers and controls follow exactly from the outcome or from each other? Reason by column."""
    items = [column for column in client.drivers.items if np.isfinite(ratings[column].numbers).any()]
    outcome = next(iter(ratings.values()))
    parts = {rating.role.column: rating.numbers for rating in (outcome, *outcome.parts)}
    others = {c: ratings[c].numbers for c in ratings if c not in client.drivers.items and c != outcome.column}
    found: dict[str, Sentence] = {}
    for place, column in enumerate(items):
        numbers = ratings[column].numbers
        earlier = {c: ratings[c].numbers for c in items[:place] if c not in found}
        same = next((c for c, n in {**parts, **others, **earlier}.items() if follows(numbers, n)), None)
        same = same or next((c for c, n in parts.items() if recodes(numbers, n)), None)
        if same is not None:
            found[column] = _same(labels.get(same, same), part=same in parts)
        elif LEFT in ratings and _only_leavers(numbers, ratings[LEFT].numbers):
            found[column] = ONLY_LEAVERS
    rest = [column for column in items if column not in found]
    return found | _sums(rest, ratings, outcome, labels)


def follows(a: np.ndarray, b: np.ndarray) -> bool:
    """Is `a` (n,) an exact linear function of `b` (n,), where both are answered and either varies?"""
    both = ~np.isnan(a) & ~np.isnan(b)
    if both.sum() < _FEWEST_ROWS:
        return False
    x, y = b[both], a[both]
    spread = np.ptp(x), np.ptp(y)
    if not (spread[0] > 0 and spread[1] > 0):
        return False
    low, high = int(x.argmin()), int(x.argmax())
    slope = (y[high] - y[low]) / (x[high] - x[low])
    return bool(slope != 0 and np.abs(y - y[low] - slope * (x - x[low])).max() <= _EXACT * spread[1])


def recodes(a: np.ndarray, y: np.ndarray) -> bool:
    """Is `a` (n,) a recoded `y` (n,): one value of `a` for each of three or more values of `y`?

    Values of `y` that occur once show nothing, nor do those at the commonest value of `a`: else every column would be
    a recoded outcome where all outcomes differ, and so would a complaint that one respondent made. At least ten rows
    must repeat what another row showed; each would do so by chance at most half of the time.
    """
    both = ~np.isnan(a) & ~np.isnan(y)
    if both.sum() < _FEWEST_RECODED:
        return False
    values, which = np.unique(y[both], return_inverse=True)
    given = np.empty(len(values))
    given[which] = a[both]
    if len(values) < 3 or (given[which] != a[both]).any():
        return False
    kind = np.unique(given, return_inverse=True)[1]
    rows = np.bincount(kind[which])
    repeated = rows - np.bincount(kind)
    return bool(repeated.sum() - repeated[rows.argmax()] >= _FEWEST_ROWS)


def _same(name: str, *, part: bool) -> Sentence:
    if part:
        return sentence(
            "It is the same as {name}, or follows exactly from it: a part of the outcome, no cause of it.", name=name
        )
    return sentence("It is the same as {name}, or follows exactly from it, so the two cannot be told apart.", name=name)


def _only_leavers(numbers: np.ndarray, left: np.ndarray) -> bool:
    answered = ~np.isnan(numbers)
    stayers, leavers = left == 0, left == 1
    return bool(stayers.sum() >= _FEWEST_ROWS and not answered[stayers].any() and answered[leavers].any())


def _sums(
    items: Sequence[str], ratings: Mapping[str, Rating], outcome: Rating, labels: Mapping[str, str]
) -> dict[str, Sentence]:
    """Columns that are exact sums of those before them, and those of which the outcome is one."""
    if not 2 <= len(items) <= _COLUMNS_MOST:
        return {}
    table = np.column_stack([ratings[column].numbers for column in items] + [outcome.numbers])
    table = table[~np.isnan(table).any(axis=1)]
    spread = np.ptp(table, axis=0) if len(table) else np.zeros(table.shape[1])
    if len(table) < max(3 * len(items), _FEWEST_ROWS) or not (spread > 0).all():
        return {}
    z = (table - table.mean(axis=0)) / spread
    found = {}
    for place in range(2, len(items) + 1):
        weights = _exact_weights(z[:, :place], z[:, place])
        named = [items[int(i)] for i in np.flatnonzero(np.abs(weights) > 1e-6)]
        if place < len(items) and named:
            names = [labels.get(column, column) for column in named]
            found[items[place]] = sentence("It follows exactly from {names:list} together.", names=names)
        for column in named if place == len(items) else ():
            found[column] = sentence(
                "Satisfaction follows exactly from it and the other drivers: a part of the outcome."
            )
    return found


def _exact_weights(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Weights (p,) with which `x` gives `y` exactly; zeros where it does not."""
    weights = np.linalg.lstsq(x, y, rcond=None)[0]
    return weights if np.abs(x @ weights - y).max() <= _EXACT else np.zeros_like(weights)
