"""Which drivers cannot be told apart, and so count as one? Units of importance: a driver, or a group of twins."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.analyses.slopes import slope_columns
from drivers.core.collinear import Condensed, alike_groups, condensed_columns, twins_alike
from drivers.core.moments import Moments
from drivers.core.relative import relative_weights
from drivers.core.resample import Resample
from drivers.core.shapley import SharePlan, share_plan
from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class DriverUnits:
    """What gets a share each: drivers by themselves, and groups of drivers that cannot be told apart.

    Attributes
    ----------
    members
        For each of the g units the places of its drivers among the p of the basis.
    basis
        The drivers, controls and outcome.
    own
        Columns of each unit without indicators, other columns held constant, for relative weights.
    shared
        Columns of each unit with its indicators, for shares; None where every unit is one driver.
    plan
        How the shares are computed.
    """

    members: tuple[tuple[int, ...], ...]
    basis: LinearBasis
    own: Condensed | None
    shared: Condensed | None
    plan: SharePlan

    @property
    def groups(self) -> tuple[tuple[int, ...], ...]:
        """Units of several drivers."""
        return tuple(unit for unit in self.members if len(unit) > 1)

    @property
    def columns(self) -> np.ndarray:
        """Array (g,), independent columns that each unit brings into the regression."""
        return np.array([len(block) for block in self.plan.blocks])

    def cross(self, moments: Moments) -> np.ndarray:
        """Cross-products (..., k, k) of the columns that the plan speaks of."""
        return moments.cross if self.shared is None else self.shared.cross(moments.cross)

    def shares(self, moments: Moments) -> np.ndarray:
        """Shares (..., g) of the outcome's variance."""
        if self.shared is not None and moments is self.basis.moments:
            return self.plan.value
        return self.basis.dominance(moments) if self.shared is None else self.plan.shares(self.cross(moments))

    def relative(self, moments: Moments) -> np.ndarray:
        """Relative weights (..., g), shares of the outcome's variance; of a group, those of its components together."""
        if self.own is None:
            return relative_weights(self.basis.cross(moments))
        weights = relative_weights(self.basis.cross(replace(moments, cross=self.own.cross(moments.cross))))
        starts = [block[0] - self.basis.controls for block in self.own.blocks]
        return np.asarray(np.add.reduceat(weights, starts, axis=-1))

    def names(self) -> list[str]:
        """Column of each unit; of a group, those of its members joined."""
        return [" + ".join(self.basis.drivers[i] for i in unit) for unit in self.members]

    def labels(self, survey: Survey) -> list[list[str]]:
        """Printed names of the members of each unit."""
        return [[survey.labels.get(d, d) for d in (self.basis.drivers[i] for i in unit)] for unit in self.members]


def driver_units(basis: LinearBasis) -> DriverUnits:
    """Which drivers get a share of their own, and which only one together?

    Drivers are grouped when, with the controls held constant, they correlate 0.95 or more, in either direction, or
    when they (nearly) determine one another: a condition index of 30 or more with at least half of the variance of
    their coefficients (Belsley, Kuh & Welsch 1980). A group stands where its first member stood. Its share is that of
    all its members entering together (Owen 1977; Shapley value with the group as one player).
    """
    groups = alike_groups(basis.cross(basis.moments))
    if not groups:
        single = tuple((i,) for i in range(len(basis.drivers)))
        return DriverUnits(single, basis, None, None, basis.plan())
    grouped = {i for group in groups for i in group}
    members = tuple(sorted([*groups, *((i,) for i in range(len(basis.drivers)) if i not in grouped)]))
    cross, first = basis.moments.cross, basis.controls
    own = condensed_columns(cross, [[first + i for i in unit] for unit in members], first)
    blocks = [list(dict.fromkeys(c for i in unit for c in basis.columns.blocks[i])) for unit in members]
    shared = condensed_columns(cross, blocks, basis.columns.held)
    plan = share_plan(shared.cross(cross), shared.blocks, controls=basis.columns.held)
    return DriverUnits(members, basis, own, shared, plan)


def unit_slopes(units: DriverUnits, survey: Survey, resample: Resample, confidence: float) -> dict[str, np.ndarray]:
    """Means, slopes and inflation of each unit; of a group of twins on one scale, those of the mean of its members.

    Where the members of a group are no twins (one is the sum of others, or reversed), or lie on different scales,
    there is no slope of all together: NaN.
    """
    basis = units.basis
    columns = {"mean": basis.moments.mean[basis.controls : -1], **slope_columns(basis, confidence)}
    found = {name: np.array([values[unit[0]] for unit in units.members]) for name, values in columns.items()}
    averaged = [unit for unit in units.groups if _averages(units, survey, unit)]
    merged = _merged_columns(units, survey, averaged, resample, confidence) if averaged else {}
    for place, unit in enumerate(units.members):
        if len(unit) > 1:
            for name, values in found.items():
                values[place] = merged[name][basis.drivers[unit[0]]] if unit in averaged else np.nan
    return found


def _averages(units: DriverUnits, survey: Survey, unit: tuple[int, ...]) -> bool:
    """Whether the mean of a group's members means something."""
    scales = {survey.scales.get(units.basis.drivers[i]) for i in unit}
    return len(scales) == 1 and twins_alike(units.basis.cross(units.basis.moments), unit)


def _merged_columns(
    units: DriverUnits, survey: Survey, groups: list[tuple[int, ...]], resample: Resample, confidence: float
) -> dict[str, dict[str, float]]:
    """Columns by the first member's name, of a regression in which each of these groups is the mean of its members."""
    names = units.basis.drivers
    means = {names[unit[0]]: survey.answers[[names[i] for i in unit]].mean(axis=1, skipna=False) for unit in groups}
    gone = {names[i] for unit in groups for i in unit[1:]}
    drivers = tuple(d for d in names if d not in gone)
    merged = linear_basis(replace(survey, answers=survey.answers.assign(**means), drivers=drivers), resample=resample)
    columns = {"mean": merged.moments.mean[merged.controls : -1], **slope_columns(merged, confidence)}
    return {name: dict(zip(merged.drivers, values, strict=True)) for name, values in columns.items()}
