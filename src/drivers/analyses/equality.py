"""Equality: whether slopes and mean satisfaction are the same in several groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import stats

from drivers.analyses.basis import LinearBasis
from drivers.analyses.grouping import Group
from drivers.core.design import DesignEstimate, group_slopes
from drivers.core.linear import linear_fit, variance_inflation
from drivers.core.moments import Moments
from drivers.core.multiplicity import adjusted_p
from drivers.core.wald import equality_contrast, wald_test

ALPHA = 0.05
MEAN, ALL = "mean_satisfaction", "all_drivers"


@dataclass(frozen=True, slots=True, eq=False)
class GroupSlopes:
    """Slopes of the p drivers in each of G groups, and their joint covariance.

    Attributes
    ----------
    value
        Array (G, p); NaN where a driver never varies in a group, or others determine it there.
    estimate
        The same laid out in one row, with joint covariance and degrees of freedom; 0 in the place of NaN.
    means
        Mean satisfaction (G,) with its covariance.
    """

    value: np.ndarray
    estimate: DesignEstimate
    means: DesignEstimate

    @property
    def errors(self) -> np.ndarray:
        """Standard errors (G, p) of the slopes."""
        return self.estimate.error.reshape(self.value.shape)

    def quantile(self, confidence: float) -> float:
        """Quantile of t for an interval of this confidence."""
        return float(stats.t.ppf((1 + confidence) / 2, self.estimate.degrees))


def slopes_in_groups(basis: LinearBasis, groups: Sequence[Group], drawn: Moments | None = None) -> GroupSlopes:
    """Slopes and mean satisfaction of each group, with the errors of the design.

    Under imputation and with available answers the covariance is that of the joint draws `drawn` (G, B, q), which
    hold the uncertainty of the missing answers too; so are the means'.
    """
    inner, p = slice(basis.controls, -1), len(basis.drivers)
    parts = [group.part for group in groups]
    complete = basis.policy.name in ("complete", "not_applicable")
    if drawn is None or complete:
        estimate, means = _linearised(basis, groups)
        width = len(basis.names)
        keep = np.concatenate([g * width + 1 + basis.controls + np.arange(p) for g in range(len(groups))])
        estimate = replace(estimate, value=estimate.value[keep], covariance=estimate.covariance[np.ix_(keep, keep)])
    else:
        degrees = min(part.answers.errors_base - len(basis.names) for part in parts)
        slopes = linear_fit(drawn.cross).slopes[..., basis.controls :]
        value = np.concatenate([linear_fit(part.moments.cross).slopes[basis.controls :] for part in parts])
        estimate = DesignEstimate(value, np.cov(np.moveaxis(slopes, 0, 1).reshape(slopes.shape[1], -1).T), degrees)
        own = np.array([part.moments.mean[-1] for part in parts])
        means = DesignEstimate(own, np.cov(drawn.mean[..., -1]), degrees)
    known = np.stack([_told_apart(part)[inner] for part in parts])
    value = np.where(known, estimate.value.reshape(len(parts), p), np.nan)
    return GroupSlopes(value, estimate, means)


def _linearised(basis: LinearBasis, groups: Sequence[Group]) -> tuple[DesignEstimate, DesignEstimate]:
    """Intercepts and slopes (G q), and means (G,), with their linearised or HC3 covariance."""
    if basis.design is None:
        z, rows = basis.z, basis.rows
        codes = np.full(len(z), -1)
        for g, group in enumerate(groups):
            codes[group.chosen[rows]] = g
    else:
        z, codes = np.zeros((len(basis.counted), len(basis.names))), np.full(len(basis.counted), -1)
        z[basis.counted] = basis.z
        for g, group in enumerate(groups):
            inside = np.zeros(len(basis.counted), dtype=bool)
            inside[basis.counted] = group.chosen[basis.rows]
            codes[inside] = g
    return group_slopes(z, codes, basis.design), group_slopes(z[:, -1:], codes, basis.design)


def _told_apart(part: LinearBasis) -> np.ndarray:
    """Whether each regressor (q,) varies in the group and is not determined by the others; True for the outcome."""
    varies = np.diagonal(part.moments.cross)[:-1] > 0
    return np.append(varies & np.isfinite(variance_inflation(part.moments.cross)), True)


def equality_tests(slopes: GroupSlopes, drivers: Sequence[str], *, columns: int = 1) -> pd.DataFrame:
    """Are mean satisfaction, all slopes together and each driver's slopes the same in all groups?

    p-values are adjusted by Holm over all of these tests, and multiplied by `columns`, the number of segmentations
    that are compared side by side (Bonferroni), so that one of them is false in at most 5% of the reports on customers
    among whom nothing differs.
    """
    count, p = slopes.value.shape
    known = [j for j in range(p) if np.isfinite(slopes.value[:, j]).all()]
    estimate = slopes.estimate
    tests = [(MEAN, equality_contrast(count, 1, (0,)), slopes.means)]
    tests.append((ALL, equality_contrast(count, p, tuple(known)), estimate))
    for j, driver in enumerate(drivers):
        tests.append((driver, equality_contrast(count, p, (j,) if j in known else ()), estimate))
    found = [(name, wald_test(c, e.value, e.covariance, e.degrees)) for name, c, e in tests]
    frame = pd.DataFrame(
        {
            "test": [name for name, _ in found],
            "f_statistic": [test.f for _, test in found],
            "df_between": [test.between for _, test in found],
            "df_within": [test.within for _, test in found],
            "p_value": [test.p for _, test in found],
        }
    )
    frame["p_adjusted"] = np.minimum(adjusted_p(frame["p_value"].to_numpy(), "holm") * columns, 1.0)
    return frame.assign(shown=frame["p_adjusted"] < ALPHA)


def _gap_variance(slopes: GroupSlopes, j: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Variance (pairs,) of the difference of driver j's slopes in the groups `a` and `b`; NaN where there is none."""
    p = slopes.value.shape[1]
    place, other = a * p + j, b * p + j
    covariance = slopes.estimate.covariance
    variance = covariance[place, place] + covariance[other, other] - 2 * covariance[place, other]
    known = np.isfinite(slopes.value[a, j] - slopes.value[b, j]) & (variance > 0)
    return np.where(known, variance, np.nan)


def detectable_difference(slopes: GroupSlopes, *, columns: int = 1) -> float:
    """Difference of two slopes that would be shown with a chance of 80% if Holm put it first: median over all."""
    count, p = slopes.value.shape
    a, b = np.triu_indices(count, k=1)
    errors = np.sqrt(np.concatenate([_gap_variance(slopes, j, a, b) for j in range(p)]))
    if np.isnan(errors).all():
        return float("nan")
    level = stats.norm.isf(ALPHA / 2 / ((p + 2) * columns)) + stats.norm.ppf(0.80)
    return float(level * np.nanmedian(errors))


def slope_differences(
    slopes: GroupSlopes, j: int, a: np.ndarray, b: np.ndarray, confidence: float
) -> dict[str, np.ndarray]:
    """How far driver j's slopes of the groups `a` and `b` (pairs,) are apart, with p-values by Holm over the pairs."""
    gap = slopes.value[a, j] - slopes.value[b, j]
    error = np.sqrt(_gap_variance(slopes, j, a, b))
    reach = slopes.quantile(confidence) * error
    return {
        "slope_difference": gap,
        "slope_difference_low": gap - reach,
        "slope_difference_high": gap + reach,
        "p_adjusted": adjusted_p(2 * stats.t.sf(np.abs(gap) / error, slopes.estimate.degrees), "holm"),
    }
