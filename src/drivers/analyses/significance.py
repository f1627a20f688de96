"""Significance: the level of the tests over the drivers, their correction and their degrees of freedom."""

from __future__ import annotations

import numpy as np

from drivers.analyses.basis import LinearBasis

SIGNIFICANT = 0.05
"""Level of a test after Holm's correction over the drivers."""


def holm(p: np.ndarray) -> np.ndarray:
    """P-values (k,) after Holm's correction (1979); NaN stays and does not count.

    Own code: statsmodels' ``multipletests`` runs the garbage collector at each call, which takes longer than the rest.
    """
    adjusted = np.full(len(p), np.nan)
    order = np.argsort(p, kind="stable")[: int(np.isfinite(p).sum())]  # NaN is sorted last
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(np.maximum.accumulate(steps), 1.0)
    return adjusted


def effect_freedom(basis: LinearBasis) -> float:
    """Degrees of freedom of a test: units less strata of a design, else answers less coefficients."""
    if basis.design is not None:
        return float(basis.design.degrees_of(basis.counted))
    return float(max(basis.answers.errors_base - len(basis.names), 1))
