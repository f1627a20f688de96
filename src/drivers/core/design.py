"""The sampling design: what weights, strata and clusters do to the precision of means and regressions.

Variances are those of Taylor linearisation: each sampled unit's total influence on the estimate is compared with the
others of its stratum, as if units had been drawn with replacement (Binder 1983, doi:10.2307/1402588; Lumley 2010).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.linear import linear_fit
from drivers.core.moments import BoolArray, FloatArray, IntArray, Moments
from drivers.errors import EstimationError
from drivers.wording import sentence

_CERTAIN = 1e-10  # an answer whose leverage is this close to 1 decides its own prediction


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """How n rows were sampled.

    Attributes
    ----------
    w
        Array (n,), weights.
    units
        Array (n,), codes 0 … U-1 of the unit that each row belongs to.
    strata
        Array (U,), codes 0 … H-1 of the stratum that each unit was drawn in.
    sizes
        Array (H,), units drawn in each stratum.
    fractions
        Array (H,), part of the stratum's units that was drawn; 0 where drawn with replacement.
    """

    w: FloatArray
    units: IntArray
    strata: IntArray
    sizes: IntArray
    fractions: FloatArray

    @property
    def degrees(self) -> int:
        """Degrees of freedom of a variance: units less strata."""
        return len(self.strata) - len(self.sizes)

    def degrees_of(self, rows: BoolArray) -> int:
        """Degrees of freedom of a variance among these rows (n,): units less strata that have some; 1 at least."""
        used = np.unique(self.units[rows])
        return max(1, len(used) - len(np.unique(self.strata[used])))


@dataclass(frozen=True, slots=True, eq=False)
class DesignEstimate:
    """Estimates with the covariance that the design gives them.

    Attributes
    ----------
    value
        Array (k,).
    covariance
        Array (k, k).
    degrees
        Degrees of freedom of the covariance: units less strata; infinite for a normal interval.
    """

    value: FloatArray
    covariance: FloatArray
    degrees: float

    @property
    def error(self) -> FloatArray:
        """Standard errors (k,)."""
        return np.sqrt(np.diagonal(self.covariance))


def kish_base(w: FloatArray) -> float:
    """Effective base of weights (n,): the number of equally weighted answers of the same precision (Kish 1965)."""
    squares = float(w @ w)
    return float(w.sum()) ** 2 / squares if squares > 0 else 0.0


def kish_effect(w: FloatArray) -> float:
    """Design effect of weights (n,): how many times unequal weights multiply the variance of a mean (Kish 1992).

    Rows of weight zero count for nothing.
    """
    return float((w > 0).sum()) / kish_base(w) if (w > 0).any() else float("nan")


def sampling_design(
    w: FloatArray,
    strata: IntArray | None = None,
    clusters: IntArray | None = None,
    populations: FloatArray | None = None,
) -> Design:
    """The design of n rows.

    Parameters
    ----------
    w
        Array (n,), weights.
    strata
        Array (n,), codes of the strata; None for one.
    clusters
        Array (n,), codes of the units sampled, each within one stratum; None when every row is its own.
    populations
        Array (n,), units that there are in the row's stratum, for draws without replacement; None: with replacement.

    Raises
    ------
    EstimationError
        When a unit lies in two strata, or a stratum holds fewer than two units.
    """
    n = len(w)
    units = np.arange(n) if clusters is None else np.unique(clusters, return_inverse=True)[1]
    stratum = np.zeros(n, dtype=np.int64) if strata is None else np.unique(strata, return_inverse=True)[1]
    of_unit = np.zeros(int(units.max(initial=-1)) + 1, dtype=np.int64)
    of_unit[units] = stratum
    _check_nested(of_unit[units] != stratum)
    sizes = np.bincount(of_unit, minlength=1)
    _check_sizes(sizes)
    fractions = np.zeros(len(sizes))
    if populations is not None:
        fractions[stratum] = sizes[stratum] / populations
    return Design(np.asarray(w, dtype=float), units, of_unit, sizes, fractions)


def _check_nested(elsewhere: BoolArray) -> None:
    if elsewhere.any():
        raise EstimationError(
            sentence(
                "{n:count} rows lie in another stratum than the rest of their sampling unit; expected each unit in one "
                "stratum. Name another cluster or strata column.",
                n=int(elsewhere.sum()),
            )
        )


def _check_sizes(sizes: IntArray) -> None:
    if sizes.min() < 2:
        raise EstimationError(
            sentence(
                "{n:count} strata hold fewer than two sampling units, so their part of the error cannot be told. Merge "
                "each with a stratum like it.",
                n=int((sizes < 2).sum()),
            )
        )


def linearised_covariance(influence: FloatArray, design: Design) -> FloatArray:
    """Covariance (k, k) of an estimate from the influence (n, k) of each row, weights included, on it.

    The sum over strata of (1 - f) n / (n - 1) times the cross-products, about the stratum's mean, of the units'
    totals. Rows that are no part of the estimate have influence 0 but belong to the design (domain estimation), so
    that a stratum's units still count where few of them answered.
    """
    totals = np.stack([np.bincount(design.units, column, minlength=len(design.strata)) for column in influence.T], 1)
    means = np.stack([np.bincount(design.strata, column) for column in totals.T], 1) / design.sizes[:, None]
    centred = totals - means[design.strata]
    factors = (1 - design.fractions) * design.sizes / (design.sizes - 1)
    return np.asarray((centred * factors[design.strata, None]).T @ centred)


def weighted_means(z: FloatArray, design: Design, rows: BoolArray | None = None) -> DesignEstimate:
    """Weighted means (k,) of `z` (n, k) among `rows` (n,), with their design-based covariance (as R's svymean)."""
    rows = np.ones(len(z), dtype=bool) if rows is None else rows
    w = np.where(rows, design.w, 0.0)
    known = np.where(rows[:, None], z, 0.0)
    means = w @ known / w.sum()
    influence = w[:, None] * (known - means) / w.sum()
    return DesignEstimate(means, linearised_covariance(influence, design), design.degrees_of(rows))


def weighted_totals(z: FloatArray, design: Design) -> DesignEstimate:
    """Weighted totals (k,) of `z` (n, k), with their design-based covariance (as R's svytotal)."""
    influence = design.w[:, None] * z
    return DesignEstimate(influence.sum(axis=0), linearised_covariance(influence, design), design.degrees)


def design_effects(z: FloatArray, design: Design) -> FloatArray:
    """Design effects (k,) of the means of `z` (n, k): their variance over that of a simple random sample.

    The simple sample has as many rows with weight and is drawn without replacement from as many as the weights sum
    to, as in R's svymean, so weights must sum to the population here.
    """
    n, population = int((design.w > 0).sum()), float(design.w.sum())
    spread = design.w @ (z - design.w @ z / population) ** 2 / population * n / (n - 1)
    simple = spread * (population - n) / (population * n)
    return np.asarray(np.diagonal(weighted_means(z, design).covariance) / simple)


def weighted_slopes(z: FloatArray, design: Design, rows: BoolArray | None = None) -> DesignEstimate:
    """Weighted least squares of the last column on the others, with its design-based covariance (as R's svyglm).

    Parameters
    ----------
    z
        Array (n, p + 1), the outcome last; rows outside `rows` may hold anything.
    design
        The design of all n rows.
    rows
        Array (n,), True for the complete rows; None for all.

    Returns
    -------
    DesignEstimate
        The intercept, then p slopes; those of least norm where regressors determine one another, as in `linear_fit`.
    """
    rows = np.ones(len(z), dtype=bool) if rows is None else rows
    fit = _fitted(z[rows], design.w[rows])
    influence = np.zeros((len(z), z.shape[1]))
    influence[rows] = fit.influence
    return DesignEstimate(fit.value, linearised_covariance(influence, design), design.degrees_of(rows))


def robust_slopes(z: FloatArray) -> DesignEstimate:
    """Least squares of the last column of `z` (n, p + 1) on the others, with errors robust to unequal variance.

    Errors are HC3 (MacKinnon and White 1985, doi:10.1016/0304-4076(85)90158-7): each residual is divided by one less
    its leverage. An answer of leverage 1, which the fit meets whatever it is, adds nothing. Degrees of freedom: answers
    less coefficients.
    """
    fit = _fitted(z, np.ones(len(z)))
    influence = fit.robust_influence
    return DesignEstimate(fit.value, influence.T @ influence, len(z) - z.shape[1])


def group_slopes(z: FloatArray, groups: IntArray, design: Design | None = None) -> DesignEstimate:
    """Least squares of the last column of `z` on the others within each of G groups, with their joint covariance.

    Parameters
    ----------
    z
        Array (n, p + 1), the outcome last; rows in no group may hold anything.
    groups
        Array (n,), codes 0 … G-1, each with more rows than coefficients; -1 for rows in no group.
    design
        The design of all n rows: groups are domains of it, and a unit with rows in two groups ties their errors
        together. None for a simple sample.

    Returns
    -------
    DesignEstimate
        For each group in turn the intercept and p slopes: value (G (p + 1),). Under a design too, each residual is
        divided by one less its leverage, as in HC3: without that, tests of many slopes in small groups reject too
        often.
    """
    count, width = int(groups.max(initial=-1)) + 1, z.shape[1]
    value, influence = np.zeros(count * width), np.zeros((len(z), count * width))
    for g in range(count):
        rows, place = groups == g, slice(g * width, (g + 1) * width)
        fit = _fitted(z[rows], np.ones(rows.sum()) if design is None else design.w[rows])
        value[place] = fit.value
        influence[rows, place] = fit.robust_influence
    used = groups >= 0
    if design is None:
        return DesignEstimate(value, influence.T @ influence, max(1, int(used.sum()) - len(value)))
    return DesignEstimate(value, linearised_covariance(influence, design), design.degrees_of(used))


@dataclass(frozen=True, slots=True, eq=False)
class _Fitted:
    """Intercept and slopes (k,), each row's influence (n, k) on them and its leverage (n,)."""

    value: FloatArray
    influence: FloatArray
    leverage: FloatArray

    @property
    def robust_influence(self) -> FloatArray:
        """Influence (n, k) with each residual divided by one less its leverage, as in HC3."""
        left = 1 - self.leverage
        return self.influence * np.divide(1.0, left, out=np.zeros(len(left)), where=left > _CERTAIN)[:, None]


def _fitted(z: FloatArray, w: FloatArray) -> _Fitted:
    moments = Moments.from_rows(tuple(map(str, range(z.shape[1]))), z, w)
    fit = linear_fit(moments.cross)
    centred = z - moments.mean
    turned = w[:, None] * centred[:, :-1] @ fit.inverse
    residual = centred[:, -1] - centred[:, :-1] @ fit.slopes
    slopes = residual[:, None] * turned
    level = w * residual / w.sum() - slopes @ moments.mean[:-1]
    value = np.r_[moments.mean[-1] - fit.slopes @ moments.mean[:-1], fit.slopes]
    leverage = w / w.sum() + np.einsum("ij,ij->i", turned, centred[:, :-1])
    return _Fitted(value, np.column_stack([level, slopes]), leverage)
