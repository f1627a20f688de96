"""What does a driver explain that no other driver can explain, and what do drivers explain together?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.method import method_values
from drivers.analyses.twins import united_survey
from drivers.core.blocks import block_r_squared
from drivers.core.interval import Interval, percentile_interval
from drivers.core.moments import FloatArray, Moments
from drivers.core.resample import Resample
from drivers.core.worth import common_parts, part_weights
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

MOST_PARTS = 30
"""Parts that the table of parts shows, the largest ones; there are 2**p - 1."""


@dataclass(frozen=True, slots=True, eq=False)
class DriverCommonality:
    """How the explained part of satisfaction divides into what is unique to a driver and what drivers share.

    Attributes
    ----------
    table
        One row a driver, largest unique part first; columns explained in ``drivers.glossary``.
    parts
        One row a set of drivers, largest part first (30 at most): what exactly these explain together. Negative where
        one driver hides what another explains (suppression).
    r_squared
        What all drivers explain beyond the controls; the parts of all sets add up to it.
    common
        How much of `r_squared` no single driver has for itself, as a fraction of it; above 1 with suppression.
    base, draws, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    parts: pd.DataFrame
    r_squared: float
    common: float
    base: int
    draws: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"DriverCommonality: {self.common:.0%} of R² {self.r_squared:.2f} is shared by drivers; base {self.base}"


def driver_commonality(
    survey: Survey, resample: Resample | None = None, *, confidence: float = 0.95
) -> DriverCommonality:
    """What does each driver explain alone, and what only together with others?

    A unique part of 0.02 means: 2% of the differences in satisfaction are explained by this driver and by no other.
    The common part is explained by it too, but could as well be due to drivers that go together with it.

    Parameters
    ----------
    survey
        The wave to analyse.
    resample
        The joint resample of this survey's respondents; default: 1,000 draws of a generator of seed 1.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When the answers cannot support the drivers, or there are more than 20 of them.

    Notes
    -----
    Commonality analysis: Newton and Spurrell 1967; Nimon and Reio 2011 (doi:10.1177/1534484311411077). Unique and
    common part add up to what the driver explains when it is alone in the model.
    """
    resample = joint_resample(survey) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    worth = np.mean(np.concatenate([w for _, w in _worths(basis, basis.answers.sets())]), axis=0)
    parts = common_parts(worth)
    shown = np.argsort(-np.abs(parts), kind="stable")[: min(MOST_PARTS, len(parts) - 1)]
    shown = shown[np.argsort(-parts[shown], kind="stable")]
    weights = part_weights(len(basis.drivers), shown).T
    drawn = [(_own(w), w @ weights) for _, w in _worths(basis, basis.resampled(survey, resample))]
    own, sets = (np.concatenate([part[k] for part in drawn]) for k in (0, 1))
    unique = _own(worth)[0]
    return DriverCommonality(
        table=_table(survey, basis, worth, percentile_interval(own, confidence)),
        parts=_parts(survey, basis, shown, parts[shown], percentile_interval(sets, confidence)),
        r_squared=float(worth[-1]),
        common=float(1 - unique.sum() / worth[-1]) if worth[-1] > 0 else float("nan"),
        base=basis.base,
        draws=resample.draws,
        confidence=confidence,
        method=_method(survey, basis, resample, confidence),
    )


def _worths(basis: LinearBasis, moments: Moments) -> Iterator[tuple[slice, FloatArray]]:
    return block_r_squared(moments.cross, basis.columns.blocks, controls=basis.columns.held)


def _own(worth: FloatArray) -> FloatArray:
    """Unique part, common part, and both (..., 3, p) of each driver."""
    p = int(worth.shape[-1]).bit_length() - 1
    alone = worth[..., 1 << np.arange(p)]
    unique = worth[..., -1:] - worth[..., (2**p - 1) ^ (1 << np.arange(p))]
    return np.stack([unique, alone - unique, alone], axis=-2)


def _table(survey: Survey, basis: LinearBasis, worth: FloatArray, ends: Interval) -> pd.DataFrame:
    unique, common, alone = _own(worth)
    columns = {"driver": list(basis.drivers), "label": [survey.labels.get(d, d) for d in basis.drivers]}
    for k, (name, value) in enumerate((("unique", unique), ("common", common), ("alone", alone))):
        columns |= {name: value, f"{name}_low": ends.low[k], f"{name}_high": ends.high[k]}
    return pd.DataFrame(columns).sort_values("unique", ascending=False, kind="stable", ignore_index=True)


def _parts(survey: Survey, basis: LinearBasis, shown: np.ndarray, part: FloatArray, ends: Interval) -> pd.DataFrame:
    labels = [survey.labels.get(d, d) for d in basis.drivers]
    members = [[label for j, label in enumerate(labels) if code >> j & 1] for code in shown]
    return pd.DataFrame(
        {
            "members": [", ".join(m) for m in members],
            "part": part,
            "part_low": ends.low,
            "part_high": ends.high,
        }
    )


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "Commonality analysis of R² of {outcome} over all sets of {drivers:count} drivers{controls}; {weights}; "
        "{answers}; {confidence:percent} intervals: percentiles of {draws:count} joint resamples of {units}.",
        **method_values(survey, basis, resample),
        confidence=confidence,
    )
