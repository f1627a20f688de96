"""Slopes: what one point of a driver goes with, and how sure that is under the survey's design."""

from __future__ import annotations

import numpy as np
from scipy.special import stdtr

from drivers.analyses.basis import LinearBasis
from drivers.analyses.pooling import policy_slopes
from drivers.core.design import DesignEstimate, robust_slopes, weighted_slopes
from drivers.core.interval import student_reach
from drivers.core.linear import linear_fit, variance_inflation
from drivers.wording import Sentence, sentence


def slope_columns(basis: LinearBasis, confidence: float) -> dict[str, np.ndarray]:
    """Slopes in scale points with robust intervals; the sign comes from here, never from a share."""
    fitted = policy_slopes(basis, robust_fit)
    inner = slice(1 + basis.controls, None)
    reach = student_reach(fitted.error, fitted.degrees, confidence)
    ratio = np.divide(np.abs(fitted.value), fitted.error, out=np.zeros_like(reach), where=fitted.error > 0)
    correlation = basis.moments.correlation[basis.controls : -1, -1]
    return {
        "slope": fitted.value[inner],
        "slope_low": (fitted.value - reach)[inner],
        "slope_high": (fitted.value + reach)[inner],
        "slope_p": 2 * stdtr(fitted.degrees, -ratio)[inner],
        "standardised": linear_fit(basis.moments.cross).standardised[basis.controls :],
        "correlation": correlation,
        "vif": variance_inflation(basis.moments.cross)[basis.controls :],
    }


def robust_fit(basis: LinearBasis) -> DesignEstimate:
    """Intercept and slopes with robust errors: those of the design if there is one, else HC3.

    A simple sample (no weights, strata or clusters) has errors robust to unequal variance (HC3; MacKinnon and White
    1985) with as many degrees of freedom as answers less coefficients; any other the linearised ones of its design,
    with units less strata.
    """
    if basis.design is not None:
        z = np.zeros((len(basis.counted), len(basis.names)))
        z[basis.counted] = basis.z
        return weighted_slopes(z, basis.design, basis.counted)
    return robust_slopes(basis.z)


def errors_phrase(basis: LinearBasis) -> Sentence:
    """Which errors the slopes have, for a method sentence."""
    if basis.policy.name == "available":
        return sentence("jackknife")
    return sentence("HC3") if basis.design is None else sentence("design-based (linearised)")
