"""Dominance: how much of the outcome's variance each driver accounts for, over all orders and subsets.

Budescu 1993, Psychological Bulletin 114:542 (doi:10.1037/0033-2909.114.3.542); Azen & Budescu 2003,
Psychological Methods 8:129 (doi:10.1037/1082-989X.8.2.129). General dominance is the same number as LMG (Lindeman,
Merenda & Gold 1980; Grömping 2006, doi:10.18637/jss.v017.i01) and as the Shapley value of R².
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import comb

from drivers.core.lattice import SubsetSums, subset_r_squared, subset_sums
from drivers.core.linear import partial_out
from drivers.core.moments import FloatArray
from drivers.core.worth import dominance_proportions
from drivers.errors import EstimationError
from drivers.wording import sentence

MOST_COMPLETE = 22  # a quarter of a million comparisons for each of 231 pairs: about a second


@dataclass(frozen=True, slots=True, eq=False)
class Dominance:
    """What each of p drivers adds to R², on average and by the number of drivers already in the model.

    Attributes
    ----------
    general
        Array (..., p), the mean over all orders: shares of variance that sum to `r_squared`.
    conditional
        Array (..., p, p): [i, k] is what driver i adds on average to models of k other drivers.
    r_squared
        Array (...,), share of the outcome's variance that the drivers explain (beyond the controls, if any).
    """

    general: FloatArray
    conditional: FloatArray
    r_squared: FloatArray


def general_dominance(cross: FloatArray, *, controls: int = 0) -> FloatArray:
    """Share of the outcome's variance that belongs to each driver (LMG, Shapley shares of R²).

    Parameters
    ----------
    cross
        Array (..., c + p + 1, c + p + 1), cross-products about the mean: controls, then drivers, outcome last.
    controls
        Number c of leading variables that every model holds constant; they get no share.

    Returns
    -------
    Array (..., p), fractions of the outcome's whole variance; they sum to the R² that the drivers add.

    Raises
    ------
    EstimationError
        When there are more than 30 drivers.
    """
    return dominance_statistics(cross, controls=controls).general


def dominance_statistics(cross: FloatArray, *, controls: int = 0) -> Dominance:
    """General and conditional dominance of each driver; parameters and errors as in `general_dominance`."""
    residual = partial_out(cross, controls) if controls else cross
    sums = subset_sums(residual)
    conditional = _conditional(sums)
    r_squared = sums.r_squared
    if controls:
        left = _outcome_left(residual, cross)
        conditional, r_squared = conditional * left[..., None, None], r_squared * left
    return Dominance(conditional.mean(axis=-1), conditional, r_squared)


def complete_dominance(cross: FloatArray) -> FloatArray:
    """Proportion of models to which the row's driver adds more than the column's.

    Parameters
    ----------
    cross
        Array (p + 1, p + 1), cross-products about the mean, drivers first and the outcome last.

    Returns
    -------
    Array (p, p), proportions over the 2**(p - 2) models without either; 1 is complete dominance. The diagonal
    is NaN. A difference below 1e-12 is a tie and counts for neither.

    Raises
    ------
    EstimationError
        When there are more than 22 drivers.
    """
    p = cross.shape[-1] - 1
    if p > MOST_COMPLETE:
        raise EstimationError(
            sentence(
                "Complete dominance of {p:count} drivers needs too many comparisons: at most {most:count} are "
                "possible. Drop or combine drivers, or use general dominance.",
                p=p,
                most=MOST_COMPLETE,
            )
        )
    return dominance_proportions(subset_r_squared(cross))


def _conditional(sums: SubsetSums) -> FloatArray:
    """Mean gain (..., p, p) of each driver over the models of k others: with it, less without it."""
    p = sums.containing.shape[-2]
    models = comb(p - 1, np.arange(p))
    without = sums.total[..., None, :] - sums.containing
    gain: FloatArray = (sums.containing[..., 1:] - without[..., :-1]) / models
    return gain


def _outcome_left(residual: FloatArray, cross: FloatArray) -> FloatArray:
    """Part (...,) of the outcome's variance that the controls leave unexplained."""
    whole = cross[..., -1, -1]
    return np.divide(residual[..., -1, -1], whole, out=np.zeros_like(whole), where=whole > 0)
