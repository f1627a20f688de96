"""Variants: the shares of the drivers in every other way of computing them; stays inside the analysis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis
from drivers.analyses.missing import MissingSensitivity
from drivers.analyses.screens import ScreeningRules, respondent_screens
from drivers.core.interval import ranks
from drivers.survey.survey import Survey

MOST_LEFT_OUT = 20
"""Drivers up to which each is left out in turn: every further one would more than double the time."""

SCREENED = {"outliers": "without_outliers", "straightliners": "without_straightliners"}
WITHOUT_FLAGGED = "without_flagged"
WITHOUT_DRIVER = "without_driver"
UNWEIGHTED = "unweighted"
RELATIVE_WEIGHTS = "relative_weights"


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """One other way of computing the shares.

    Attributes
    ----------
    name
        Which way.
    left_out
        Driver that is taken not to have been asked; empty for any other way.
    shares
        Array (p,), share of the explanation; NaN for the driver left out, or where too few respondents are left.
    base
        Respondents that it rests on.
    coarse
        Whether the shares are told in whole percents: finer ones without a small group could tell its answers.
    """

    name: str
    left_out: str
    shares: np.ndarray
    base: int
    coarse: bool = False

    @property
    def told(self) -> np.ndarray:
        """The shares (p,) as they may be told."""
        return np.round(self.shares, 2) if self.coarse else self.shares

    def ranks(self, reported: np.ndarray) -> np.ndarray:
        """Rank (p,) of each driver; a driver left out keeps the place that its `reported` share (p,) gives it."""
        there = np.isfinite(self.shares)
        found = np.full(len(there), np.nan)
        if there.any():
            found[there] = ranks(self.shares[there])
        if self.left_out:
            found[there] += (reported[~there].max() > reported)[there]
        return found


def other_variants(
    survey: Survey,
    basis: LinearBasis,
    importance: pd.DataFrame,
    missing: MissingSensitivity | None,
    rules: ScreeningRules,
    minimum_base: int,
) -> tuple[Variant, ...]:
    """The shares in every other way that this survey allows; `importance` has one row a driver, in the basis's order.

    Shares without a group under `minimum_base` are told in whole percents. A way that changes nothing, because nobody
    stands out, is left out.
    """
    return (
        *_without_drivers(basis),
        *_reweighted(survey, basis, rules, minimum_base),
        *_policies(basis, missing),
        Variant(RELATIVE_WEIGHTS, "", importance["relative_weight"].to_numpy(dtype=float), basis.base),
    )


def _without_drivers(basis: LinearBasis) -> Iterator[Variant]:
    """Each driver left out in turn; shares of what all drivers together explain, so that they can be compared."""
    p = len(basis.drivers)
    if not 2 <= p <= MOST_LEFT_OUT:
        return
    whole = float(basis.pooled(basis.dominance).sum())
    for place, driver in enumerate(basis.drivers):
        left = basis.pooled(lambda moments, place=place: basis.dominance_without(moments, place))  # type: ignore[misc]
        shares = np.insert(left / whole if whole > 0 else np.full(p - 1, np.nan), place, np.nan)
        yield Variant(WITHOUT_DRIVER, driver, shares, basis.base)


def _reweighted(survey: Survey, basis: LinearBasis, rules: ScreeningRules, minimum_base: int) -> Iterator[Variant]:
    """Without those who stand out, and without weights: the same answers under other weightings."""
    found = dict(_flagged(survey, basis, rules))
    keeps = [survey.weights * ~flags for flags in found.values()]
    names = list(found)
    if survey.weighted:
        keeps.append((survey.weights > 0).astype(float))
        names.append(UNWEIGHTED)
    if not keeps:
        return
    moments = basis.answers.reweighted(np.array(keeps))
    worth = basis.dominance(moments).mean(axis=0)
    total = worth.sum(axis=-1, keepdims=True)
    enough = (moments.base.min(axis=0) > len(basis.names))[:, None] & (total > 0)
    shares = np.divide(worth, total, out=np.full_like(worth, np.nan), where=enough)
    for name, row, keep in zip(names, shares, keeps, strict=True):
        gone = 0 if name == UNWEIGHTED else int(found[name][basis.rows].sum())
        yield Variant(name, "", row, int((keep[basis.rows] > 0).sum()), coarse=0 < gone < minimum_base)


def _flagged(survey: Survey, basis: LinearBasis, rules: ScreeningRules) -> Iterator[tuple[str, np.ndarray]]:
    """Whom the checks single out among those in the regression: outliers, straightliners, anybody at all."""
    screens = {screen.name: screen.flags & basis.rows for screen in respondent_screens(survey, rules)}
    told = []
    for name, variant in SCREENED.items():
        if name in screens and screens[name].any():
            told.append(screens[name])
            yield variant, screens[name]
    anybody = np.logical_or.reduce([*screens.values(), np.zeros(survey.base, dtype=bool)])
    if anybody.any() and not any(np.array_equal(anybody, flags) for flags in told):
        yield WITHOUT_FLAGGED, anybody


def _policies(basis: LinearBasis, missing: MissingSensitivity | None) -> Iterator[Variant]:
    """Every other treatment of the missing answers."""
    if missing is None:
        return
    bases = missing.policies.set_index("policy")["base"]
    for policy, rows in missing.table.groupby("policy", sort=False):
        if policy != basis.policy.name:
            shares = rows.set_index("driver").loc[list(basis.drivers), "share"].to_numpy(dtype=float)
            yield Variant(f"policy_{policy}", "", shares, int(bases[policy]))
