"""Sets of players: all of them, or those along balanced orders in which the players enter one after another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from drivers.core.moments import FloatArray, IntArray
from drivers.core.worth import owen_weights


@dataclass(frozen=True, slots=True, eq=False)
class SetPlan:
    """Which sets are looked at, and how their worth is divided over g players.

    Attributes
    ----------
    sets
        Array (s,), ascending: bit j says whether player j is in. The empty set comes first, that of all last.
    divide
        Array (g, s), how much of the worth of each set goes to each player.
    whole
        Array (g, 2**g), the same over all sets.
    orders
        Array (R, g) of the orders taken; None when all sets are.
    """

    sets: IntArray
    divide: FloatArray
    whole: FloatArray
    orders: IntArray | None


def all_sets(whole: FloatArray) -> SetPlan:
    """Every set, divided by `whole` (g, 2**g)."""
    return SetPlan(np.arange(whole.shape[1]), whole, whole, None)


def ordered_sets(rng: np.random.Generator, unions: Sequence[Sequence[int]], rounds: int) -> SetPlan:
    """The sets along random orders in which members of a union stand together; their mean estimates Owen's values.

    Orders come in rounds: without unions, every player stands once in every place of a round and then once more in
    the reversed orders, so that what depends on the number of players alone is divided exactly (balanced and
    antithetic; Mitchell et al. 2022, arXiv:2104.12199). With unions the order of unions and of their members turns.

    Parameters
    ----------
    rng
        The analysis's generator.
    unions
        Players of each union, every one in exactly one; one union of all for Shapley values.
    rounds
        Number of rounds; each has twice as many orders as there are players.
    """
    g = sum(len(union) for union in unions)
    found: list[list[int]] = []
    for _ in range(rounds):
        inner = [rng.permutation(np.asarray(union)) for union in unions]
        outer = rng.permutation(len(unions))
        for turn in range(g):
            order = [int(j) for k in np.roll(outer, turn) for j in np.roll(inner[k], turn)]
            found += [order, order[::-1]]
    orders = np.array(found)
    before = np.cumsum(np.left_shift(1, orders), axis=1) - np.left_shift(1, orders)
    sets, place = np.unique(np.concatenate([before.ravel(), [2**g - 1]]), return_inverse=True)
    divide = np.zeros((g, len(sets)))
    after = np.searchsorted(sets, before + np.left_shift(1, orders)).ravel()
    np.add.at(divide, (orders.ravel(), after), 1.0 / len(orders))
    np.add.at(divide, (orders.ravel(), place[:-1]), -1.0 / len(orders))
    return SetPlan(sets, divide, owen_weights(g, unions), orders)


def sampling_error(plan: SetPlan, worth: FloatArray) -> FloatArray:
    """Standard error (g,) of values of the `worth` (s,) of sampled sets, from its spread over pairs of orders.

    Rounds are balanced, so the true error is smaller. 0 when all sets were taken.
    """
    if plan.orders is None:
        return np.zeros(len(plan.divide))
    steps = np.left_shift(1, plan.orders)
    after = np.cumsum(steps, axis=1)
    gain = worth[np.searchsorted(plan.sets, after)] - worth[np.searchsorted(plan.sets, after - steps)]
    by_player = np.take_along_axis(gain, np.argsort(plan.orders, axis=1), axis=1)
    pairs = by_player.reshape(-1, 2, by_player.shape[1]).mean(axis=1)
    return np.asarray(pairs.std(axis=0, ddof=1) / np.sqrt(len(pairs)))
