"""Significance: the level of the tests over the drivers and their degrees of freedom."""

from __future__ import annotations

from drivers.analyses.basis import LinearBasis

SIGNIFICANT = 0.05
"""Level of a test after Holm's correction over the drivers."""


def effect_freedom(basis: LinearBasis) -> float:
    """Degrees of freedom of a test: units less strata of a design, else answers less coefficients."""
    if basis.design is not None:
        return float(basis.design.degrees_of(basis.counted))
    return float(max(basis.answers.errors_base - len(basis.names), 1))
