"""Which drivers cannot be told apart, and so count as one? Units of importance: a driver, or a group of twins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

import numpy as np

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.analyses.slopes import slope_columns
from drivers.core.collinear import Condensed, alike_groups, condensed_columns, twins_alike
from drivers.core.moments import Moments
from drivers.core.relative import relative_weights
from drivers.core.resample import Resample
from drivers.core.shapley import SharePlan, share_plan
from drivers.errors import EstimationError
from drivers.survey.survey import MissingPolicy, Survey
from drivers.wording import sentence


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
        return [_name(self.basis, unit) for unit in self.members]

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
    members = unit_places(basis)
    if len(members) == len(basis.drivers):
        return DriverUnits(members, basis, None, None, basis.plan())
    cross, first = basis.moments.cross, basis.controls
    own = condensed_columns(cross, [[first + i for i in unit] for unit in members], first)
    blocks = [list(dict.fromkeys(c for i in unit for c in basis.columns.blocks[i])) for unit in members]
    shared = condensed_columns(cross, blocks, basis.columns.held)
    plan = share_plan(shared.cross(cross), shared.blocks, controls=basis.columns.held)
    return DriverUnits(members, basis, own, shared, plan)


def unit_places(basis: LinearBasis) -> tuple[tuple[int, ...], ...]:
    """Places of the drivers of each unit."""
    groups = alike_groups(basis.cross(basis.moments))
    grouped = {i for group in groups for i in group}
    return tuple(sorted([*groups, *((i,) for i in range(len(basis.drivers)) if i not in grouped)]))


def _name(basis: LinearBasis, unit: Sequence[int]) -> str:
    return " + ".join(basis.drivers[i] for i in unit)


def unit_slopes(units: DriverUnits, survey: Survey, resample: Resample, confidence: float) -> dict[str, np.ndarray]:
    """Means, slopes and inflation of each unit; of a group of twins on one scale, those of the mean of its members.

    Where the members of a group are no twins (one is the sum of others, or reversed), or lie on different scales,
    there is no slope of all together: NaN.
    """
    basis = units.basis
    columns = {"mean": basis.moments.mean[basis.controls : -1], **slope_columns(basis, confidence)}
    found = {name: np.array([values[unit[0]] for unit in units.members]) for name, values in columns.items()}
    averaged = [unit for unit in units.groups if _averages(basis, survey, unit)]
    merged = _merged_columns(basis, survey, averaged, resample, confidence) if averaged else {}
    for place, unit in enumerate(units.members):
        if len(unit) > 1:
            for name, values in found.items():
                values[place] = merged[name][_name(basis, unit)] if unit in averaged else np.nan
    return found


@lru_cache(maxsize=8)  # one object for all analyses of this survey on these draws
def united_survey(survey: Survey, resample: Resample | None = None, policy: MissingPolicy | None = None) -> Survey:
    """The survey in which drivers that cannot be told apart are one: the mean of their answers; itself without such.

    Whatever gives each driver a number of its own is computed from it, since slopes of twins halve arbitrarily, and
    which of them comes first is chance. Twins are named as in the ranking.

    Raises
    ------
    EstimationError
        When drivers that cannot be told apart are no twins on one scale, so that their mean says nothing; or the
        answers cannot support the drivers.
    """
    basis = linear_basis(survey, resample=resample, policy=policy)
    groups = [unit for unit in unit_places(basis) if len(unit) > 1]
    for unit in groups:
        if not _averages(basis, survey, unit):
            names = [survey.labels.get(d, d) for d in (basis.drivers[i] for i in unit)]
            raise EstimationError(sentence(_NO_MEAN, names=names))
    chosen = policy or basis.policy.name
    return replace(_united(survey, basis, groups), missing_policy=chosen) if groups else survey


_NO_MEAN = (
    "Not computed, because {names:list} cannot be told apart, and their mean says nothing: one of them nearly follows "
    "from the others, one runs the other way, or their scales differ. Leave one of them out of the client file."
)


def _united(survey: Survey, basis: LinearBasis, groups: Sequence[tuple[int, ...]]) -> Survey:
    """The survey with the mean of the members in place of each of these groups, where its first member stood."""
    for unit in groups:
        survey = _with_mean(survey, _name(basis, unit), tuple(basis.drivers[i] for i in unit))
    return survey


def _with_mean(survey: Survey, name: str, members: tuple[str, ...]) -> Survey:
    """The survey with one driver, the mean of these members, in their place."""
    answers = survey.answers.assign(**{name: survey.answers[list(members)].mean(axis=1, skipna=False)})
    new = {name: survey.scales[members[0]]} if members[0] in survey.scales else {}
    asked = [survey.stated[d] for d in members if d in survey.stated]
    stated = {d: column for d, column in survey.stated.items() if d not in members}
    if asked:
        stated[name] = f"{name} (stated)"
        answers = answers.assign(**{stated[name]: answers[asked].mean(axis=1)})
        new[stated[name]] = survey.scales[asked[0]]
    label = " + ".join(survey.labels.get(d, d) for d in members)
    applies = (name,) if set(members) & set(survey.not_applicable) else ()
    return replace(
        survey,
        answers=answers,
        drivers=tuple(name if d == members[0] else d for d in survey.drivers if d not in members[1:]),
        labels=MappingProxyType({**survey.labels, name: label}),
        scales=MappingProxyType({**survey.scales, **new}),
        stated=MappingProxyType(stated),
        not_applicable=(*survey.not_applicable, *applies),
        members=MappingProxyType({**survey.members, name: members}),
    )


def _averages(basis: LinearBasis, survey: Survey, unit: tuple[int, ...]) -> bool:
    """Whether the mean of a group's members means something."""
    scales = {survey.scales.get(basis.drivers[i]) for i in unit}
    return len(scales) == 1 and twins_alike(basis.cross(basis.moments), unit)


def _merged_columns(
    basis: LinearBasis, survey: Survey, groups: list[tuple[int, ...]], resample: Resample, confidence: float
) -> dict[str, dict[str, float]]:
    """Columns by driver, of a regression in which each of these groups is the mean of its members."""
    merged = linear_basis(_united(survey, basis, groups), resample=resample)
    columns = {"mean": merged.moments.mean[merged.controls : -1], **slope_columns(merged, confidence)}
    return {name: dict(zip(merged.drivers, values, strict=True)) for name, values in columns.items()}
