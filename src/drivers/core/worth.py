"""Worth: what every set of drivers explains, divided over the drivers.

A worth is an array (..., 2**g), one number for every set of g players (drivers, or blocks of columns); bit j of the
position says whether player j is in. It may be R² or any measure of fit, so whatever is divided here serves every kind
of outcome.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import comb

import numpy as np

from drivers.core.moments import BoolArray, FloatArray, IntArray
from drivers.errors import EstimationError

_TIE = 1e-12  # differences of worth below this are rounding


def players(worth: FloatArray) -> int:
    """How many players g the worth (..., 2**g) is of."""
    return int(worth.shape[-1]).bit_length() - 1


def shapley_values(worth: FloatArray) -> FloatArray:
    """What each player adds, averaged over all orders: array (..., g) (Shapley 1953).

    With R² this is LMG; with another fit it is general dominance (Azen and Traxel 2009, doi:10.3102/1076998609332754).
    """
    g = players(worth)
    size = np.bitwise_count(np.arange(2**g)).astype(int)
    weight = np.array([1.0 / (g * comb(g - 1, s)) if s < g else 0.0 for s in range(g + 1)])
    values = np.empty((*worth.shape[:-1], g))
    for j in range(g):
        sets = np.flatnonzero(~_holding(g, j))
        values[..., j] = (worth[..., sets | 1 << j] - worth[..., sets]) @ weight[size[sets]]
    return values


def shapley_weights(g: int) -> FloatArray:
    """Array (g, 2**g): ``worth @ shapley_weights(g).T`` are the Shapley values."""
    return owen_weights(g, [range(g)])


def owen_weights(g: int, unions: Sequence[Sequence[int]]) -> FloatArray:
    """Array (g, 2**g): ``worth @ owen_weights(g, unions).T`` are the values of players who belong to unions.

    The orders averaged over are those in which the members of a union stand together, so the players of a union
    share what the union would get as one player (Owen 1977, doi:10.1007/978-3-642-45494-3_7). One union of all, or
    one for each player, gives Shapley values.

    Parameters
    ----------
    g
        Players.
    unions
        Players of each union, every one of the g in exactly one.

    Raises
    ------
    EstimationError
        When a player is in no union or in two.
    """
    if sorted(j for union in unions for j in union) != list(range(g)):
        raise EstimationError(f"Each of the {g} drivers must be in exactly one block. Correct the blocks.")
    sets, m = np.arange(2**g), len(unions)
    held = np.array([[sum(1 << j for j in union)] for union in unions])
    whole, none = (sets & held) == held, (sets & held) == 0
    weights = np.zeros((g, 2**g))
    for k, union in enumerate(unions):
        others = [i for i in range(m) if i != k]
        possible = np.flatnonzero((whole | none)[others].all(axis=0))
        many = whole[others][:, possible].sum(axis=0)
        first = np.array([1.0 / (m * comb(m - 1, s)) for s in range(m)])[many]
        then = np.array([1.0 / (len(union) * comb(len(union) - 1, s)) for s in range(len(union))])
        for j in union:
            few = np.bitwise_count(possible & held[k] & ~(1 << j)).astype(int)
            inside = possible >> j & 1
            weights[j, possible] = np.where(inside, 1.0, -1.0) * first * then[few]
    return weights


def conditional_gains(worth: FloatArray) -> FloatArray:
    """What player i adds on average to the sets of k others: array (..., g, g), [i, k]."""
    g = players(worth)
    size = np.bitwise_count(np.arange(2**g)).astype(int)
    gains = np.empty((*worth.shape[:-1], g, g))
    for j in range(g):
        without = np.flatnonzero(~_holding(g, j))
        gain = worth[..., without | 1 << j] - worth[..., without]
        for k in range(g):
            gains[..., j, k] = gain[..., size[without] == k].mean(axis=-1)
    return gains


def dominance_proportions(worth: FloatArray) -> FloatArray:
    """Proportion (..., g, g) of the sets without either to which the row's player adds more than the column's.

    1 is complete dominance (Azen and Budescu 2003); the diagonal is NaN. A difference below 1e-12 is a tie and counts
    for neither.
    """
    g, batch = players(worth), worth.shape[:-1]
    proportion = np.full((*batch, g, g), np.nan)
    for j in range(g):
        for i in range(j):
            cells = worth.reshape(*batch, 2 ** (g - 1 - j), 2, 2 ** (j - 1 - i), 2, 2**i)
            ahead = cells[..., 0, :, 1, :] - cells[..., 1, :, 0, :]
            proportion[..., i, j] = (ahead > _TIE).mean(axis=(-3, -2, -1))
            proportion[..., j, i] = (ahead < -_TIE).mean(axis=(-3, -2, -1))
    return proportion


def common_parts(worth: FloatArray) -> FloatArray:
    """Part (..., 2**g) of the whole worth that each set of players holds in common, and no other player (commonality).

    A set of one holds its unique part: what is lost without it. The parts of all sets that hold a player add up to
    its worth alone, those of all sets to the worth of all. A part may be negative: suppression (Mood 1971; Nimon and
    Reio 2011, doi:10.1177/1534484311411077). The place of the empty set holds 0.
    """
    parts = np.flip(worth, axis=-1).copy()  # what is left without the set
    for j in range(players(worth)):
        cells = parts.reshape(*worth.shape[:-1], -1, 2, 2**j)
        cells[..., 1, :] -= cells[..., 0, :]
    parts *= -1.0
    parts[..., 0] = 0.0
    return parts


def part_weights(g: int, sets: IntArray) -> FloatArray:
    """Array (s, 2**g): ``worth @ part_weights(g, sets).T`` are the common parts of these sets alone."""
    every = np.arange(2**g)
    others = (2**g - 1) ^ sets[:, None]
    sign = np.where(np.bitwise_count(every & sets[:, None]) % 2, 1.0, -1.0)
    return np.where((every & others) == others, sign, 0.0)


def _holding(g: int, player: int) -> BoolArray:
    """Which of the 2**g sets hold the player."""
    return (np.arange(2**g) >> player & 1).astype(bool)


def completely_dominant(worth: FloatArray, among: BoolArray | None = None) -> BoolArray:
    """Whether the row's player adds more than the column's to every set without either: array (g, g).

    Parameters
    ----------
    worth
        Array (2**g,).
    among
        Array (g, g), the pairs to look at, such as those of conditional dominance, which complete dominance implies.
    """
    g = players(worth)
    found = np.zeros((g, g), dtype=bool)
    for i, j in np.argwhere(~np.eye(g, dtype=bool) if among is None else among):
        low, high = min(i, j), max(i, j)
        cells = worth.reshape(2 ** (g - 1 - high), 2, 2 ** (high - 1 - low), 2, 2**low)
        ahead = cells[:, 0, :, 1, :] - cells[:, 1, :, 0, :]
        found[i, j] = ahead.min() > _TIE if i == low else ahead.max() < -_TIE
    return found


def conditionally_dominant(gains: FloatArray) -> BoolArray:
    """Whether the row's player adds more at every number of others: (..., g, g) of gains (..., g, k)."""
    return np.asarray((gains[..., :, None, :] > gains[..., None, :, :] + _TIE).all(axis=-1))


def generally_dominant(values: FloatArray) -> BoolArray:
    """Whether the row's player has the larger value: (..., g, g) of values (..., g)."""
    return np.asarray(values[..., :, None] > values[..., None, :] + _TIE)
