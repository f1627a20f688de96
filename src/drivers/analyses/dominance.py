"""Does one driver matter more than another whatever else is in the model, and would that come out again?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.method import method_values
from drivers.analyses.twins import united_survey
from drivers.core.batches import taken
from drivers.core.blocks import block_r_squared
from drivers.core.moments import FloatArray, Moments
from drivers.core.resample import Resample
from drivers.core.worth import (
    completely_dominant,
    conditional_gains,
    conditionally_dominant,
    dominance_proportions,
    generally_dominant,
    shapley_values,
)
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

LEVELS = ("complete", "conditional", "general", "none")
"""From the strongest sense of dominance to none; each holds where one before it does."""

_COMPARISONS = 100_000_000  # comparisons of models over all draws: a fraction of a second


@dataclass(frozen=True, slots=True, eq=False)
class DriverDominance:
    """How far each driver dominates each other, and in how many draws that comes out again.

    Attributes
    ----------
    table
        One row a pair, the driver with the larger share first; columns explained in ``drivers.glossary``.
    conditional
        One row a driver and number of others in the model: what the driver adds on average.
    base, draws, method
        As in every result.
    """

    table: pd.DataFrame
    conditional: pd.DataFrame
    base: int
    draws: int
    method: Sentence

    def __repr__(self) -> str:
        counts = self.table["dominance"].value_counts()
        return f"DriverDominance: {counts.get('complete', 0)} of {len(self.table)} pairs complete; base {self.base}"


def driver_dominance(survey: Survey, resample: Resample | None = None) -> DriverDominance:
    """Does one driver matter more than another, whatever else is in the model?

    Complete dominance of A over B means: to every set of the other drivers A adds more than B. Conditional: on average
    at every number of others. General: on average over all, which is what shares compare. A reproducibility of 0.90
    means that the same comes out in 90% of the resamples.

    Parameters
    ----------
    survey
        The wave to analyse.
    resample
        The joint resample of this survey's respondents; default: 1,000 draws of a generator of seed 1.

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers, or there are more than 20 of them.

    Notes
    -----
    Budescu 1993; Azen and Budescu 2003, Psychological Methods 8:129 (doi:10.1037/1082-989X.8.2.129), whose
    reproducibility this is.
    """
    resample = joint_resample(survey) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    worth = np.mean(np.concatenate(list(_worths(basis, basis.answers.sets()))), axis=0)
    again = _reproduced(basis, basis.resampled(survey, resample))
    return DriverDominance(
        table=_table(survey, basis, worth, again),
        conditional=_conditional(survey, basis, worth),
        base=basis.base,
        draws=resample.draws,
        method=_method(survey, basis, resample, again),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Reproduced:
    """Shares (p, p) of the draws in which the row's driver dominates the column's, and draws of complete dominance."""

    complete: FloatArray
    conditional: FloatArray
    general: FloatArray
    complete_draws: int


def _worths(basis: LinearBasis, moments: Moments) -> Iterator[FloatArray]:
    """R² beyond the controls (b, 2**p) of every set of drivers, some of the moments at a time."""
    return (worth for _, worth in block_r_squared(moments.cross, basis.columns.blocks, controls=basis.columns.held))


def _reproduced(basis: LinearBasis, drawn: Moments) -> _Reproduced:
    """Conditional and general dominance in every draw, complete dominance in as many as can be compared in time."""
    p, draws = len(basis.drivers), len(drawn.weight_sum)
    pairs = p * (p - 1) / 2 * 2 ** max(p - 2, 0)
    some = min(draws, int(_COMPARISONS / max(1.0, pairs)))
    if basis.controls == basis.columns.held:
        gains = basis.gains(drawn).conditional
    else:
        gains = np.concatenate([conditional_gains(worth) for worth in _worths(basis, drawn)])
    conditional = conditionally_dominant(gains)
    worths = (worth for part in _worths(basis, taken(drawn, slice(0, some))) for worth in part)
    complete = [completely_dominant(worth, among) for worth, among in zip(worths, conditional[:some], strict=True)]
    return _Reproduced(
        np.mean(complete, axis=0),
        conditional.mean(axis=0),
        generally_dominant(gains.mean(axis=-1)).mean(axis=0),
        some,
    )


def _table(survey: Survey, basis: LinearBasis, worth: FloatArray, again: _Reproduced) -> pd.DataFrame:
    values, proportions = shapley_values(worth), dominance_proportions(worth)
    conditional = conditionally_dominant(conditional_gains(worth))
    order = [int(i) for i in np.argsort(-values, kind="stable")]
    rows = []
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            proofs = (proportions[i, j] == 1.0, conditional[i, j], values[i] > values[j] + 1e-12, True)
            level = next(name for name, proof in zip(LEVELS, proofs, strict=True) if proof)
            names = (basis.drivers[i], basis.drivers[j])
            repeated = (again.complete[i, j], again.conditional[i, j], again.general[i, j])
            rows.append((*names, *(survey.labels.get(n, n) for n in names), level, proportions[i, j], *repeated))
    columns = [
        "driver", "other", "label", "other_label", "dominance", "complete_share", "complete_reproduced",
        "conditional_reproduced", "general_reproduced",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _conditional(survey: Survey, basis: LinearBasis, worth: FloatArray) -> pd.DataFrame:
    gains = conditional_gains(worth)
    p = len(basis.drivers)
    return pd.DataFrame(
        {
            "driver": np.repeat(np.array(basis.drivers, dtype=object), p),
            "label": np.repeat(np.array([survey.labels.get(d, d) for d in basis.drivers], dtype=object), p),
            "others": np.tile(np.arange(p), p),
            "mean_gain": gains.ravel(),
        }
    )


def _method(survey: Survey, basis: LinearBasis, resample: Resample, again: _Reproduced) -> Sentence:
    return sentence(
        "Dominance analysis (Budescu; Azen and Budescu) of R² of {outcome} over all sets of {drivers:count} drivers"
        "{controls}; {weights}; {answers}; reproducibility over {draws:count} joint resamples of {units}{some}.",
        **method_values(survey, basis, resample),
        some=_fewer(resample, again),
    )


def _fewer(resample: Resample, again: _Reproduced) -> Sentence:
    if again.complete_draws == resample.draws:
        return sentence("")
    return sentence(", of complete dominance over the first {draws:count}", draws=again.complete_draws)


def controls_phrase(survey: Survey, basis: LinearBasis) -> Sentence:
    """Which controls are held constant, for a method sentence."""
    names = [survey.labels.get(c, c) for c in basis.names[: basis.columns.held]]
    return sentence(", {names:list} held constant", names=names) if names else sentence("")
