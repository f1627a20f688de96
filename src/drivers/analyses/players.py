"""Players: what shares are given to. Drivers, factors and interactions as blocks of columns, in blocks of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from drivers.analyses.basis import LinearBasis
from drivers.core.moments import FloatArray
from drivers.core.orders import SetPlan, all_sets, ordered_sets
from drivers.core.subsets import check_players
from drivers.core.worth import owen_weights
from drivers.errors import EstimationError
from drivers.survey.survey import Survey

MOST_LEVELS = 20
ROUNDS = 2
"""Rounds of balanced orders beyond the number of drivers of which all sets are fitted."""

_SEED = 1


@dataclass(frozen=True, slots=True)
class ModelTerms:
    """What a model has beside a straight effect of each driver.

    Attributes
    ----------
    factors
        Columns whose numbers are categories: each becomes indicators in one block, one player. One that is not among
        the survey's drivers is added to them.
    blocks
        Drivers that belong together, by the name of the block: shares are then Owen's, those of a block first.
    interactions
        Pairs of drivers whose product, of the centred answers, is a player of its own. It is averaged over all sets of
        players, also those without its two drivers; centred, it then says nothing that they would have said.
    """

    factors: tuple[str, ...] = ()
    blocks: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    interactions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Players:
    """The g players of a model, and the columns of each.

    Attributes
    ----------
    names, labels, blocks
        Of each player: name, printed name, name of its block ("" when it is in none).
    places
        Columns of each player in the design that `design` gives; columns of nobody come first.
    plan
        Which sets of players are fitted, and how their worth is divided over the players.
    straight
        Array (g,): the column of a player whose own effect is one number; -1 for the others.
    """

    names: tuple[str, ...]
    labels: tuple[str, ...]
    blocks: tuple[str, ...]
    places: tuple[tuple[int, ...], ...]
    plan: SetPlan
    straight: np.ndarray
    _basis: LinearBasis
    _terms: ModelTerms
    _order: np.ndarray
    _levels: tuple[FloatArray, ...]

    @property
    def free(self) -> int:
        """How many columns come first and belong to nobody."""
        return len(self._order) - len({c for place in self.places for c in place})

    @property
    def width(self) -> int:
        """How many columns the design has."""
        return len(self._order)

    def design(self, z: FloatArray) -> FloatArray:
        """The columns (m, k) of the answers `z` (m, q) of a basis, outcome last."""
        return _columns(self._basis, self._terms, self._levels, z)[:, self._order]


def model_players(survey: Survey, basis: LinearBasis, terms: ModelTerms, exact_to: int) -> Players:
    """Who are the players of a model with these terms, and are all sets of them looked at (up to `exact_to`)?

    Raises
    ------
    EstimationError
        When a term names a driver that there is not, a factor has too many levels, or a driver is in two blocks.
    """
    _check_terms(basis, terms)
    levels = tuple(_levels(basis, name) for name in terms.factors)
    places, column, straight = [], basis.names.index(basis.names[-1]), []
    for name, place in zip(basis.drivers, basis.columns.blocks, strict=True):
        own = list(place)
        if name in terms.factors:
            more = len(levels[terms.factors.index(name)]) - 2
            own += range(column, column + more)
            column += more
        places.append(own)
        straight.append(-1 if name in terms.factors else place[0])
    for _ in terms.interactions:
        places.append([column])
        straight.append(column)
        column += 1
    taken = {c for place in places for c in place}
    order = np.array([*(c for c in range(column) if c not in taken), *(c for c in range(column) if c in taken)])
    where = np.argsort(order)
    names = (*basis.drivers, *(f"{a}:{b}" for a, b in terms.interactions))
    owners = {name: block for block, members in terms.blocks.items() for name in members}
    return Players(
        names=names,
        labels=tuple(_label(survey, name) for name in names),
        blocks=tuple(owners.get(name, "") for name in names),
        places=tuple(tuple(int(where[c]) for c in place) for place in places),
        plan=_plan(_unions(names, owners), exact_to),
        straight=np.array([-1 if c < 0 else where[c] for c in straight]),
        _basis=basis,
        _terms=terms,
        _order=order,
        _levels=levels,
    )


def _plan(unions: list[list[int]], exact_to: int) -> SetPlan:
    players = sum(len(union) for union in unions)
    check_players(players)
    if players <= exact_to:
        return all_sets(owen_weights(players, unions))
    return ordered_sets(np.random.default_rng(_SEED), unions, ROUNDS)


def _label(survey: Survey, name: str) -> str:
    if name in survey.labels:
        return survey.labels[name]
    return " x ".join(survey.labels.get(part, part) for part in name.split(":"))


def _unions(names: tuple[str, ...], owners: Mapping[str, str]) -> list[list[int]]:
    """Players of each block; one that is in none is a block of its own."""
    unions: dict[tuple[str, str], list[int]] = {}
    for j, name in enumerate(names):
        unions.setdefault(("block", owners[name]) if name in owners else ("player", name), []).append(j)
    return list(unions.values()) if owners else [list(range(len(names)))]


def _columns(basis: LinearBasis, terms: ModelTerms, levels: tuple[FloatArray, ...], z: FloatArray) -> FloatArray:
    """Controls, indicators and drivers, then the further indicators of factors, then products."""
    found, more = z[:, :-1].copy(), []
    for name, values in zip(terms.factors, levels, strict=True):
        indicators = (z[:, basis.names.index(name), None] == values[1:]).astype(float)
        found[:, basis.names.index(name)] = indicators[:, 0]
        more += list(indicators[:, 1:].T)
    mean = basis.moments.mean
    for pair in terms.interactions:
        first, second = (basis.names.index(name) for name in pair)
        more.append((z[:, first] - mean[first]) * (z[:, second] - mean[second]))
    return np.column_stack([found, *more])


def _levels(basis: LinearBasis, name: str) -> FloatArray:
    column = basis.z[:, basis.names.index(name)]
    values = np.unique(column[~np.isnan(column)])
    if not 2 <= len(values) <= MOST_LEVELS:
        raise EstimationError(
            f"The factor {name} has {len(values)} categories; expected 2 to {MOST_LEVELS}. Merge categories, or treat "
            "it as a number."
        )
    return np.asarray(values)


def _check_terms(basis: LinearBasis, terms: ModelTerms) -> None:
    named = [
        *terms.factors,
        *(n for m in terms.blocks.values() for n in m),
        *(n for p in terms.interactions for n in p),
    ]
    absent = [name for name in named if name not in basis.drivers]
    if absent:
        raise EstimationError(
            f"{absent[0]!r} is no driver of this survey: {', '.join(basis.drivers)}. Correct the terms."
        )
    members = [name for block in terms.blocks.values() for name in block]
    twice = [name for name in members if members.count(name) > 1]
    if twice:
        raise EstimationError(f"{twice[0]!r} is in two blocks; expected one. Correct the blocks.")
    mixed = [name for pair in terms.interactions for name in pair if name in terms.factors]
    if mixed or any(a == b for a, b in terms.interactions):
        raise EstimationError(
            "An interaction needs two different drivers that are no factors. Correct the interactions."
        )
