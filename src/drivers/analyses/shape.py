"""Which drivers must be right, which count both ways, and which delight?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis
from drivers.analyses.items import answer_ends
from drivers.analyses.method import method_values
from drivers.analyses.significance import SIGNIFICANT, effect_freedom
from drivers.analyses.thirds import Thirds, ThirdsRegression, rating_thirds
from drivers.analyses.twins import united_survey
from drivers.core.contrasts import factor_kinds, joint_p
from drivers.core.interval import percentile_interval
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

FEWEST = 30
"""Respondents that each of low, middle and high ratings needs; under it nothing is said of a driver."""

LEAST = 0.02
"""Penalty or reward, as a share of the outcome's scale, below which it is none."""

RATIO = 2.0
"""How many times as much the one side must weigh, per scale point, for a basic or an excitement factor."""

CALLED = 0.80
"""A driver is called by its kind from this share of the draws on."""

KINDS = ("basic", "performance", "excitement", "none")
_ENDS = ("top_share", "bottom_share", "ceiling", "floor")


@dataclass(frozen=True, slots=True, eq=False)
class DriverShapes:
    """What a low and a high rating of each driver go with, and what kind of factor that makes it.

    Attributes
    ----------
    table
        One row a driver, largest effect first: respondents with low, middle and high ratings, penalty and reward with
        their intervals, the joint test, the share of the draws in which it is of each kind, the kind called, and why
        none is. Last the shares who gave the highest and the lowest answer, and whether that leaves hardly room.
    base, draws, confidence
        Respondents in the regression, resamples, and level of the intervals.
    minimum_base
        Respondents that each group of ratings needs.
    method
        One sentence for the report's footnote.
    """

    table: pd.DataFrame
    base: int
    draws: int
    confidence: float
    minimum_base: int
    method: Sentence

    def __repr__(self) -> str:
        kinds = self.table["shape"].value_counts()
        counted = ", ".join(f"{kinds.get(kind, 0)} {kind}" for kind in (*KINDS, "unclear"))
        return f"DriverShapes: {counted}; base {self.base}"


def driver_shapes(
    survey: Survey,
    resample: Resample | None = None,
    *,
    draws: int = 1000,
    confidence: float = 0.95,
    minimum_base: int = FEWEST,
) -> DriverShapes:
    """Which drivers must be right, which count both ways, and which delight?

    A penalty of 0.9 means: customers who rate the driver in the lowest third of its scale are 0.9 points less
    satisfied than those who rate it in the middle third, all other drivers being equal; a reward of 0.1, that a rating
    in the highest third goes with 0.1 points more. Such a driver is a basic factor. It is an association, no cause.

    Parameters
    ----------
    survey, resample, draws, confidence
        As in ``driver_importance``.
    minimum_base
        Respondents that each third needs; a driver with fewer enters as a straight line and is called unclear.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the drivers.

    Notes
    -----
    Penalty-reward contrasts: Brandt 1987; Matzler and Sauerwein 2002 (doi:10.1108/09564230210445078); Mikulić and
    Prebežac 2011 (doi:10.1108/09604521111100243). Low and high are the outer thirds of the scale: 1-3 and 8-10 of ten
    points, 1-2 and 6-7 of seven, 1-2 and 4-5 of five. All drivers are in one regression, each with how far a rating
    lies from the mean of its third: without that, differences within the thirds of one driver are ascribed to the
    others, since ratings go together. The two sides are compared per scale point between the groups' means: ratings
    lie skew, so that the low group is often further from the middle than the high one, and a plain straight line would
    pass for a basic factor. In a draw a driver is basic (excitement) when the penalty (reward) is at least `RATIO`
    times the other per point, performance when neither is, none when both are below `LEAST` of the outcome's scale. It
    is called by a kind when the joint test of penalty and reward is significant after Holm's correction and at least
    `CALLED` of the draws agree.
    """
    resample = joint_resample(survey, draws=draws) if resample is None else resample
    survey = united_survey(survey, resample)
    basis = linear_basis(survey, resample=resample)
    thirds = {d: rating_thirds(survey, basis, d, minimum_base) for d in basis.drivers}
    contrasts = ThirdsRegression(survey, basis, thirds)
    estimate, drawn = contrasts.estimates(resample)
    ends = pd.DataFrame([answer_ends(survey, d) for d in basis.drivers])[list(_ENDS)]
    table = pd.DataFrame(
        {
            "driver": list(basis.drivers),
            "label": [survey.labels.get(d, d) for d in basis.drivers],
            **_groups(thirds),
            **_effects(estimate, drawn, confidence),
            **_kinds(survey, contrasts, estimate, drawn),
            **ends,
        }
    )
    size = -np.nan_to_num(np.abs(estimate).max(axis=0), nan=-1.0)
    return DriverShapes(
        table=table.iloc[np.argsort(size, kind="stable")].reset_index(drop=True),
        base=basis.base,
        draws=resample.draws,
        confidence=confidence,
        minimum_base=minimum_base,
        method=_method(survey, basis, resample, confidence),
    )


def _groups(thirds: dict[str, Thirds]) -> dict[str, object]:
    each = thirds.values()
    return {
        "low_highest": [t.low_highest for t in each],
        "high_lowest": [t.high_lowest for t in each],
        "low_base": [t.counts[0] for t in each],
        "middle_base": [t.counts[1] for t in each],
        "high_base": [t.counts[2] for t in each],
    }


def _effects(estimate: np.ndarray, drawn: np.ndarray, confidence: float) -> dict[str, np.ndarray]:
    interval = percentile_interval(drawn, confidence)
    return {
        f"{name}{end}": values[side]
        for side, name in enumerate(("penalty", "reward"))
        for end, values in (("", estimate), ("_low", interval.low), ("_high", interval.high))
    }


def _kinds(survey: Survey, contrasts: ThirdsRegression, estimate: np.ndarray, drawn: np.ndarray) -> dict[str, object]:
    least = LEAST * survey.scales[survey.outcome].span
    found = factor_kinds(drawn[:, 0], drawn[:, 1], contrasts.gaps, least=least, ratio=RATIO)
    known = np.array([not reason for reason in contrasts.reasons])
    chances = {kind: np.where(known, getattr(found, kind).mean(axis=0), np.nan) for kind in KINDS}
    p = _adjusted_p(contrasts.basis, estimate, drawn, known)
    called = [_called({k: chances[k][j] for k in KINDS}, p[j], why) for j, why in enumerate(contrasts.reasons)]
    return {
        "effect_p": p,
        **{f"{kind}_probability": chance for kind, chance in chances.items()},
        "shape": [shape for shape, _ in called],
        "shape_reason": [reason for _, reason in called],
    }


def _adjusted_p(basis: LinearBasis, estimate: np.ndarray, drawn: np.ndarray, known: np.ndarray) -> np.ndarray:
    freedom = effect_freedom(basis)
    p = np.array([joint_p(estimate[:, j], drawn[:, :, j], freedom) if known[j] else np.nan for j in range(len(known))])
    return adjusted_p(p, "holm")


def _called(chances: dict[str, float], p: float, reason: str) -> tuple[str, str]:
    """The kind that a driver is called, or "unclear" with the reason."""
    if reason:
        return "unclear", reason
    kind = max(KINDS, key=lambda k: chances[k])
    if chances["none"] >= CALLED:
        return "none", ""
    if not p < SIGNIFICANT:
        return "unclear", "not_shown"
    if sum(chances.values()) < 0.5:
        return "unclear", "turned"
    return (kind, "") if kind != "none" and chances[kind] >= CALLED else ("unclear", "between")


def _method(survey: Survey, basis: LinearBasis, resample: Resample, confidence: float) -> Sentence:
    return sentence(
        "Penalty-reward contrasts: one linear regression of {outcome} on low and high ratings (the outer thirds of "
        "each scale, against the middle third) of {drivers:count} drivers; {weights}; {answers}; sides compared per "
        "scale point, a kind called from {called:percent} of the draws on, at twice the weight, and a significant "
        "effect (Holm); {confidence:percent} intervals over {draws:count} joint resamples of {units}.",
        **method_values(survey, basis, resample),
        called=CALLED,
        confidence=confidence,
    )
