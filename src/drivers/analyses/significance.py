"""Significance: the level of the tests over the drivers, their correction and their degrees of freedom."""

from __future__ import annotations

import numpy as np
from statsmodels.stats.multitest import multipletests

from drivers.analyses.basis import LinearBasis

SIGNIFICANT = 0.05
"""Level of a test after Holm's correction over the drivers."""


def holm(p: np.ndarray) -> np.ndarray:
    """P-values (k,) after Holm's correction (1979); NaN stays and does not count."""
    adjusted = np.full(len(p), np.nan)
    tested = np.isfinite(p)
    if tested.any():
        adjusted[tested] = multipletests(p[tested], method="holm")[1]
    return adjusted


def effect_freedom(basis: LinearBasis) -> float:
    """Degrees of freedom of a test: units less strata of a design, else answers less coefficients."""
    if basis.design is not None:
        return float(basis.design.degrees_of(basis.counted))
    return float(max(basis.answers.errors_base - len(basis.names), 1))
