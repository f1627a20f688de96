"""What must a reader of a ranking know? Small bases, drivers that cannot be told apart, signs that turn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis
from drivers.analyses.missing import policy_notices
from drivers.analyses.notice import Notice
from drivers.analyses.twins import DriverUnits
from drivers.core.interval import percentile_interval
from drivers.core.linear import dependent_columns
from drivers.core.moments import Moments
from drivers.survey.survey import Survey
from drivers.wording import sentence

SMALL_BASE = 100
COLLINEAR_VIF = 10.0

_WEAK = 1 / 3  # of the standardised slope: a smaller correlation is hardly one

_SMALL = (
    "The base is small: {base:count} complete answers, which count as {effective:count}, for {drivers:count} drivers. "
    "Read the intervals before the ranks."
)
_TWINS = (
    "{names:list} cannot be told apart in these answers: who rates one high rates the other high too, or one can be "
    "computed from the others. They count as one driver with one share. Average them, or keep one of them in the "
    "questionnaire."
)
_DEPENDENT = (
    "{names:list} are (almost) exact combinations of one another: their regression coefficients are arbitrary. "
    "Keep one of them, or average them."
)
_COLLINEAR = (
    "{names:list} can nearly be computed from one another (variance inflation up to {vif:number0}). Read them "
    "together: their separate effects cannot be told apart, and their coefficients mean little."
)
_SIGN_FLIP = (
    "{names:list}: the sign in the regression is opposite to the plain correlation with satisfaction, because of "
    "overlap with other drivers. This is no reason to make it worse."
)
_SUPPRESSOR = (
    "{names:list}: hardly related to satisfaction by itself, and only seems to matter beside the other drivers (a "
    "suppressor). Do not act on it before other evidence confirms it."
)


def suppressors(frame: pd.DataFrame, units: DriverUnits, drawn: Moments, confidence: float) -> np.ndarray:
    """Which units have an effect beside the others, but hardly a relation of their own (Horst 1941)? Booleans (g,).

    The slope must be shown with the number of drivers allowed for, and the plain correlation with the outcome must
    either have an interval that holds 0 or be less than a third of the standardised slope. Groups are never named.
    """
    basis = units.basis
    place = [unit[0] for unit in units.members]
    alone = percentile_interval(drawn.correlation[:, basis.controls : -1, -1], confidence)
    unrelated = ((alone.low <= 0) & (alone.high >= 0))[place]
    weak = (frame["correlation"].abs() < frame["standardised"].abs() * _WEAK).to_numpy()
    shown = (frame["slope_p_adjusted"] < 1.0 - confidence).to_numpy()
    single = np.array([len(unit) == 1 for unit in units.members])
    return np.asarray(single & shown & (unrelated | weak))


def importance_notices(frame: pd.DataFrame, survey: Survey, units: DriverUnits) -> tuple[Notice, ...]:
    """What a reader must know; `frame` has one row a unit."""
    basis = units.basis
    effective = min(float(basis.moments.effective_base), basis.base)
    return (
        *policy_notices(survey, basis),
        *small_base_notices(basis.base, effective, len(basis.drivers)),
        *overlap_notices(frame, survey, basis, units.groups),
    )


def small_base_notices(base: int, effective: float, drivers: int) -> Iterator[Notice]:
    """Are there too few answers to trust the ranks?"""
    if effective < max(SMALL_BASE, 10 * drivers):
        yield Notice("small_base", sentence(_SMALL, base=base, effective=effective, drivers=drivers))


def overlap_notices(
    frame: pd.DataFrame, survey: Survey, basis: LinearBasis, groups: Sequence[Sequence[int]]
) -> Iterator[Notice]:
    """Which drivers cannot be told apart or follow from one another, turn their sign, or matter beside others only?

    Parameters
    ----------
    frame
        One row a unit: label, members, vif, correlation, slope and its interval, suppressor; slopes that are not known
        are NaN.
    survey, basis
        The wave, and who is in its regression.
    groups
        Places among the drivers of those that cannot be told apart, group by group.
    """
    labels = [survey.labels.get(c, c) for c in (*basis.names[: basis.controls], *basis.drivers)]
    grouped = {basis.controls + i for group in groups for i in group}
    for group in groups:
        yield Notice("twins", sentence(_TWINS, names=[labels[basis.controls + i] for i in group]))
    dependent = dependent_columns(basis.moments.cross)
    if set(dependent) - grouped:
        yield Notice("dependent", sentence(_DEPENDENT, names=[labels[i] for i in dependent]))
    yield from _overlaps(frame, {labels[i] for i in dependent})


def _overlaps(frame: pd.DataFrame, named: set[str]) -> Iterator[Notice]:
    """Drivers that overlap with others, that turn their sign beside them, or that matter beside them only."""
    collinear = frame[(frame["vif"] > COLLINEAR_VIF) & ~frame["label"].isin(named) & ~frame["members"].astype(bool)]
    if len(collinear):
        values = {"names": list(collinear["label"]), "vif": collinear["vif"].max()}
        yield Notice("collinear", sentence(_COLLINEAR, **values))
    turned = frame[(frame["slope"] * frame["correlation"] < 0) & (frame["slope_low"] * frame["slope_high"] > 0)]
    turned = turned[~turned["suppressor"].astype(bool)]
    if len(turned):
        yield Notice("sign_flip", sentence(_SIGN_FLIP, names=list(turned["label"])))
    if frame["suppressor"].any():
        names = list(frame.loc[frame["suppressor"], "label"])
        yield Notice("suppressor", sentence(_SUPPRESSOR, names=names))
