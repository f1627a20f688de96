"""Do the answers meet what a driver analysis takes for granted? Thirteen checks, each with what to do."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from drivers.analyses import assumptions as assumed
from drivers.analyses.assumptions import NOTHING, Check, Status
from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.equality import ALL, MEAN, equality_tests, slopes_in_groups
from drivers.analyses.grouping import customer_groups
from drivers.analyses.residuals import (
    Residuals,
    curvature,
    extremes,
    likeness,
    regression_residuals,
    unevenness,
)
from drivers.analyses.slopes import slope_columns
from drivers.analyses.twins import unit_places
from drivers.core.batches import stacked
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

RARE = 0.01
"""p-value from which a test of residuals counts: thirteen checks together then give a false one in eight reports."""
LIKE_NEIGHBOURS, VERY_LIKE = 0.10, 0.50
"""Distance of Durbin-Watson from 2 that matters, and that spoils the errors."""
UNEVEN = 1.25
VERY_UNEVEN = 2.0
CURVED, VERY_CURVED = 0.005, 0.05
"""R² that powers of the prediction add: from half a percent it is worth a look, from 5% one slope is no summary."""
FAR, TOO_FAR = 0.5, 1.0
MANY_FAR = 0.02


@dataclass(frozen=True, slots=True, eq=False)
class DriverChecks:
    """Thirteen checks of a driver analysis.

    Attributes
    ----------
    table
        One row a check: pass, warn or fail, its number, the p-value behind it if there is one, what was found and
        what to do.
    passed, warned, failed
        How many.
    base
        Respondents in the regression, unweighted.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    passed: int
    warned: int
    failed: int
    base: int
    method: Sentence

    def __repr__(self) -> str:
        return f"DriverChecks: {self.passed} passed, {self.warned} to look at, {self.failed} failed; base {self.base}"


def driver_checks(survey: Survey, resample: Resample | None = None, *, minimum_base: int = 30) -> DriverChecks:
    """Do the answers meet what a driver analysis takes for granted?

    A warning does not make the analysis wrong: it says what to keep in mind, and what to do. A failed check means that
    the numbers it concerns should not be used before it has been looked into.

    Parameters
    ----------
    survey
        The wave to analyse.
    resample
        The joint resample, from which imputations start; default: 1,000 draws of a generator of seed 1.
    minimum_base
        Groups below it are not compared.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.
    """
    resample = joint_resample(survey) if resample is None else resample
    basis = linear_basis(survey, resample=resample)
    left = regression_residuals(basis)
    checks = (*_of_columns(survey, basis, left, resample, minimum_base), *_of_residuals(survey, basis, left))
    count = {status: sum(check.status == status for check in checks) for status in ("pass", "warn", "fail")}
    return DriverChecks(
        table=_table(checks),
        passed=count["pass"],
        warned=count["warn"],
        failed=count["fail"],
        base=basis.base,
        method=_METHOD if basis.design is None else _DESIGN_METHOD,
    )


_METHOD = sentence(
    "Tests of residuals by statsmodels: Durbin-Watson and Ljung-Box in the order of the file, Breusch-Pagan "
    "(studentised) and White, RESET with HC3 errors and rainbow. They count from p < 0.01 and only if what they find "
    "is large enough to matter; rainbow is shown for comparison."
)
_DESIGN_METHOD = sentence(
    "Slopes are weighted; tests of residuals by statsmodels count each respondent once: Durbin-Watson and Ljung-Box in "
    "the order of the file (units at their mean), Breusch-Pagan (studentised) and White, rainbow. RESET has the errors "
    "of the design. They count from p < 0.01 and only if what they find is large enough to matter; rainbow is shown "
    "for comparison."
)


def _table(checks: Sequence[Check]) -> pd.DataFrame:
    columns = ("name", "status", "number", "p", "found", "advice")
    frame = pd.DataFrame([{column: getattr(check, column) for column in columns} for check in checks])
    return frame.rename(columns={"name": "check", "p": "p_value"})


def _of_columns(
    survey: Survey, basis: LinearBasis, left: Residuals | None, resample: Resample, minimum_base: int
) -> tuple[Check, ...]:
    labels = [survey.labels.get(d, d) for d in basis.drivers]
    slopes = slope_columns(basis, 0.95)
    correlation = slopes["correlation"]
    together = [i for unit in unit_places(basis) if len(unit) > 1 for i in unit]
    slope = slopes["slope"].copy()
    slope[together] = 0.0  # how twins divide their slope is chance, its sign too
    return (
        assumed.enough_respondents(basis),
        assumed.outcome_scale(left, basis),
        assumed.driver_scales(left, basis, labels),
        _segments_alike(survey, basis, resample, minimum_base),
        assumed.causal_order(survey),
        assumed.collinearity(slopes["vif"], labels),
        assumed.unexpected_correlations(correlation, _correlation_p(basis, correlation), labels),
        assumed.signs(slope, slopes["slope_p"], correlation, labels),
        assumed.missing_predictors(basis),
    )


def _correlation_p(basis: LinearBasis, correlation: np.ndarray) -> np.ndarray:
    """Two-sided p-values (p,) of correlations, by Kish's effective base."""
    effective = min(float(basis.moments.effective_base), float(basis.answers.errors_base))
    freedom = max(effective - 2, 1.0)
    ratio = np.abs(correlation) * np.sqrt(freedom / np.maximum(1 - correlation**2, 1e-12))
    return np.asarray(2 * stats.t.sf(ratio, freedom))


def _segments_alike(survey: Survey, basis: LinearBasis, resample: Resample, minimum_base: int) -> Check:
    if not survey.segments:
        return Check("segments_alike", "warn", np.nan, np.nan, _NO_SEGMENTS, _NAME_SEGMENTS)
    tests = {column: _slope_tests(survey, column, basis, resample, minimum_base) for column in survey.segments}
    done = {survey.segments[c].label: t for c, t in tests.items() if t is not None}
    if not done:
        return Check("segments_alike", "warn", np.nan, np.nan, _NOT_COMPARED, _LARGER_GROUPS)
    smallest = float(np.nanmin([t["p_adjusted"].min() for t in done.values()]))
    found = {label: t for label, t in done.items() if t["shown"].any()}
    if not found:
        text = sentence("No difference of slopes is shown between groups by {names:list}.", names=list(done))
        return Check("segments_alike", "pass", smallest, smallest, text, _NO_PROOF)
    text = sentence("What drives satisfaction differs between groups by {names:list}.", names=list(found))
    most = max(t.loc[t["test"] != ALL, "shown"].mean() for t in found.values())
    return Check("segments_alike", "fail" if most >= 0.5 else "warn", smallest, smallest, text, _BY_GROUP)


_NO_SEGMENTS = sentence("The client file names no groups of customers, so it is not known whether they are alike.")
_NAME_SEGMENTS = sentence("Name columns in survey.segments of the client file.")
_NOT_COMPARED = sentence("The groups of customers are too small to be compared.")
_LARGER_GROUPS = sentence("Put groups together, or merge waves.")
_NO_PROOF = sentence("Nothing to do. That no difference is shown does not prove that there is none.")
_BY_GROUP = sentence("Read the drivers of each group: one ranking for all hides the difference.")


def _slope_tests(
    survey: Survey, column: str, basis: LinearBasis, resample: Resample, minimum_base: int
) -> pd.DataFrame | None:
    """The tests of equal slopes between these groups; None where they cannot be compared."""
    try:
        groups = customer_groups(basis, survey.segments[column], minimum_base)
    except EstimationError:
        return None
    compared = [group for group in groups if group.reason is None]
    holes = basis.policy.name in ("available", "imputed")
    drawn = stacked([group.part.answers.drawn(resample) for group in compared]) if holes else None
    tests = equality_tests(slopes_in_groups(basis, compared, drawn), basis.drivers, columns=len(survey.segments))
    return tests[tests["test"] != MEAN]


def _of_residuals(survey: Survey, basis: LinearBasis, left: Residuals | None) -> tuple[Check, ...]:
    names = ("outliers", "independence", "constant_variance", "linearity")
    if left is None:
        return tuple(assumed.unknown(name) for name in names)
    deviation = float(np.sqrt(np.average(left.left**2, weights=left.w)))
    if deviation <= 1e-10 * float(left.z[:, -1].std()):
        return tuple(Check(name, "warn", np.nan, np.nan, _PERFECT, _DERIVED) for name in names)
    return (_outliers(left), _independence(survey, basis, left), _variance(left), _linearity(left, basis))


_PERFECT = sentence("Not checked: the drivers determine satisfaction, so nothing is left unexplained.")
_DERIVED = sentence("See whether satisfaction was computed from these columns.")


def _outliers(left: Residuals) -> Check:
    found = extremes(left)
    status: Status = (
        "fail" if found.cook >= TOO_FAR else "warn" if found.cook >= FAR or found.share > MANY_FAR else "pass"
    )
    text = sentence(
        "The most influential answer has a Cook's distance of {cook:number2}; {share:percent1} of the customers lie "
        "more than three standard deviations from their prediction.",
        cook=found.cook,
        share=found.share,
    )
    return Check("outliers", status, found.cook, np.nan, text, NOTHING if status == "pass" else _LOOK)


_LOOK = sentence("Look at these answers, and at what changes without them (answer_screening).")


def _independence(survey: Survey, basis: LinearBasis, left: Residuals) -> Check:
    repeated = None
    if basis.clusters is None and survey.respondents is not None:
        own = survey.respondents[basis.rows][left.rows]
        repeated = own if len(np.unique(own)) < len(own) else None
    found = likeness(left, repeated)
    off = abs(found.durbin_watson - 2)
    status: Status = "pass"
    if found.p < RARE and off > LIKE_NEIGHBOURS:
        status = "fail" if off > VERY_LIKE else "warn"
    values = {"dw": found.durbin_watson, "p": assumed.printed_p(found.p), "icc": found.within_units}
    if repeated is not None:
        worse: Status = "fail" if status == "fail" or found.within_units > 0.2 else "warn"
        return Check("independence", worse, found.durbin_watson, found.p, sentence(_REPEATED, **values), _DECLARE_UNITS)
    text = sentence(_WITHIN if np.isfinite(found.within_units) else _NEIGHBOURS, **values)
    return Check("independence", status, found.durbin_watson, found.p, text, NOTHING if status == "pass" else _UNITS)


_NEIGHBOURS = "Neighbours in the file: Durbin-Watson {dw:number2} (2 is no likeness), Ljung-Box {p}."
_WITHIN = (
    "Neighbours in the file: Durbin-Watson {dw:number2} (2 is no likeness), Ljung-Box {p}. Answers of one "
    "unit: intraclass correlation {icc:number2}, which all errors allow for."
)
_REPEATED = (
    "Some respondents answered more than once: intraclass correlation {icc:number2}, which the errors do not allow for "
    "(Durbin-Watson {dw:number2}, Ljung-Box {p})."
)
_UNITS = sentence(
    "See whether the file is in the order of a branch, an interviewer or a day, and name it in survey.cluster."
)
_DECLARE_UNITS = sentence(
    "Name the respondent or the unit sampled in survey.cluster: the intervals are too narrow now."
)


def _variance(left: Residuals) -> Check:
    found = unevenness(left)
    ratio = max(found.ratio, 1 / found.ratio) if found.ratio > 0 else np.inf
    uneven = min(found.p, found.white_p if np.isfinite(found.white_p) else 1.0) < RARE and ratio > UNEVEN
    status: Status = ("fail" if ratio > VERY_UNEVEN else "warn") if uneven else "pass"
    text = sentence(
        "Among customers with high predictions the answers spread {ratio:number2} times as much as among the others "
        "(Breusch-Pagan {p}).",
        ratio=found.ratio,
        p=assumed.printed_p(found.p),
    )
    return Check("constant_variance", status, found.ratio, found.p, text, _ROBUST if uneven else NOTHING)


_ROBUST = sentence("Keep to the intervals of this report: they allow for unequal spread. Plain standard errors do not.")


def _linearity(left: Residuals, basis: LinearBasis) -> Check:
    found = curvature(left, basis)
    curved = found.p < RARE and found.gain >= CURVED
    status: Status = ("fail" if found.gain >= VERY_CURVED else "warn") if curved else "pass"
    text = sentence(
        "A curve would explain {gain:pp1} percentage points more than straight lines (RESET {p}, rainbow {rainbow}).",
        gain=found.gain,
        p=assumed.printed_p(found.p),
        rainbow=assumed.printed_p(found.rainbow_p),
    )
    return Check("linearity", status, found.gain, found.p, text, _SHAPES if curved else NOTHING)


_SHAPES = sentence("Look at the shape of each driver before one slope is used over the whole scale.")
