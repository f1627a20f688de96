"""Rubin's rules: one estimate from several completed data sets, and how much the missing answers cost.

Rubin 1987, Multiple Imputation for Nonresponse in Surveys; Barnard & Rubin 1999, Biometrika 86:948
(doi:10.1093/biomet/86.4.948).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.core.moments import FloatArray
from drivers.errors import EstimationError


@dataclass(frozen=True, slots=True, eq=False)
class PooledEstimate:
    """One estimate from m completed data sets.

    Attributes
    ----------
    estimate
        Array (...,), mean over the data sets.
    within, between
        Arrays (...,), mean of the variances in each data set, and variance of the estimates between them.
    variance
        Array (...,), within + (1 + 1/m) between.
    increase
        Array (...,), relative increase of the variance due to the missing answers (Rubin's r).
    freedom
        Array (...,), degrees of freedom of Barnard and Rubin.
    missing_information
        Array (...,), fraction of the information that the missing answers took (Rubin's gamma).
    """

    estimate: FloatArray
    within: FloatArray
    between: FloatArray
    variance: FloatArray
    increase: FloatArray
    freedom: FloatArray
    missing_information: FloatArray

    @property
    def error(self) -> FloatArray:
        """Array (...,), standard error."""
        return np.sqrt(self.variance)


def pooled_estimate(estimates: FloatArray, variances: FloatArray, freedom: float = np.inf) -> PooledEstimate:
    """Pool the estimates of m completed data sets.

    Parameters
    ----------
    estimates, variances
        Arrays (m, ...), on a scale on which the estimate is about normal.
    freedom
        Degrees of freedom that complete data would have; infinite gives Rubin's of 1987.

    Raises
    ------
    EstimationError
        With fewer than two data sets.
    """
    m = len(estimates)
    if m < 2:
        raise EstimationError(f"{m} imputed data set says nothing about the missing answers. Impute at least 2.")
    within, between = variances.mean(axis=0), estimates.var(axis=0, ddof=1)
    extra = (1.0 + 1.0 / m) * between
    total = within + extra
    increase = np.divide(extra, within, out=np.zeros_like(total), where=within > 0)
    df = _freedom(_part(extra, total), m, freedom)
    information = np.where(extra > 0, (increase + 2.0 / (df + 3.0)) / (increase + 1.0), 0.0)
    return PooledEstimate(estimates.mean(axis=0), within, between, total, increase, df, information)


def _part(extra: FloatArray, total: FloatArray) -> FloatArray:
    return np.divide(extra, total, out=np.zeros_like(total), where=total > 0)


def _freedom(part: FloatArray, m: int, complete: float) -> FloatArray:
    """Degrees of freedom (...,) from the part of the variance that is due to the missing answers."""
    infinite = np.full(part.shape, np.inf)
    rubin = np.divide(m - 1.0, part**2, out=infinite, where=part > 0)
    if np.isinf(complete):
        return np.asarray(rubin)
    observed = (complete + 1.0) / (complete + 3.0) * complete * (1.0 - part)
    reciprocal = np.divide(1.0, observed, out=np.full(part.shape, np.inf), where=observed > 0)
    return np.asarray(1.0 / (1.0 / rubin + reciprocal))
