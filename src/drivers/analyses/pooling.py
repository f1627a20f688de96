"""Pooling: slopes and their errors under each policy for missing answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import LinearBasis
from drivers.core.design import DesignEstimate
from drivers.core.linear import linear_fit
from drivers.core.rubin import pooled_estimate


@dataclass(frozen=True, slots=True, eq=False)
class SlopeEstimate:
    """Intercept and slopes (k,), their standard errors (k,) and degrees of freedom (k,)."""

    value: np.ndarray
    error: np.ndarray
    degrees: np.ndarray


def policy_slopes(basis: LinearBasis, fit: Callable[[LinearBasis], DesignEstimate]) -> SlopeEstimate:
    """Slopes as the policy for missing answers has them; `fit` is that of answers without holes."""
    fits = [fit(completion) for completion in basis.completions()]
    estimates = [SlopeEstimate(f.value, f.error, np.full(len(f.value), float(f.degrees))) for f in fits]
    if not estimates:
        return jackknifed_slopes(basis)
    return estimates[0] if len(estimates) == 1 else pooled_slopes(estimates)


def pooled_slopes(estimates: Sequence[SlopeEstimate]) -> SlopeEstimate:
    """Slopes of several completions by Rubin's rules, with the degrees of freedom of Barnard and Rubin (1999)."""
    degrees = float(np.min(estimates[0].degrees))
    values, errors = (np.stack([getattr(e, name) for e in estimates]) for name in ("value", "error"))
    pooled = pooled_estimate(values, errors**2, degrees)
    return SlopeEstimate(pooled.estimate, pooled.error, pooled.freedom)


def jackknifed_slopes(basis: LinearBasis) -> SlopeEstimate:
    """Slopes from available answers, with errors from leaving groups of respondents out in turn (Wolter 2007)."""
    value = linear_fit(basis.moments.cross).slopes
    left = linear_fit(basis.jackknifed().cross).slopes
    groups = len(left)
    error = np.sqrt((groups - 1) / groups * ((left - left.mean(axis=0)) ** 2).sum(axis=0))
    nothing = np.zeros(1)  # available answers give no intercept of their own
    degrees = np.full(len(value) + 1, groups - 1.0)
    return SlopeEstimate(np.concatenate([nothing, value]), np.concatenate([nothing, error]), degrees)
