"""Effects of drivers on loyalty through satisfaction and around it, in the sample and in every draw; stays inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from drivers.analyses.basis import LinearBasis, linear_basis
from drivers.analyses.leavers import check_events
from drivers.analyses.twins import united_survey
from drivers.core.estimate import SOUND
from drivers.core.linear import linear_fit
from drivers.core.logit import logit_coefficients, marginal_effects
from drivers.core.mediation import MediatedEffects, mediated_effects, mediator_slopes
from drivers.core.moments import Moments
from drivers.core.resample import Resample
from drivers.errors import EstimationError, SurveyError
from drivers.survey.survey import Survey
from drivers.wording import sentence

Loyalty = Literal["leaving", "intention"]

DETERMINED = 0.99
"""From this R² of satisfaction on the drivers on, what runs through it cannot be told from what runs around it."""

_CELLS = 4_000_000  # draws x respondents held at once: 32 MB an array


@dataclass(frozen=True, slots=True, eq=False)
class LoyaltyPaths:
    """The effects through satisfaction and around it.

    Attributes
    ----------
    survey
        The survey in which drivers that cannot be told apart are one.
    basis
        Controls, drivers with satisfaction as the last of them, and loyalty.
    sample
        Effects (p,) of the p drivers on staying, or on the intention.
    draws
        The same in every sound draw (B, p).
    unexplained
        Share of satisfaction's variance that controls and drivers leave unexplained.
    """

    survey: Survey
    basis: LinearBasis
    sample: MediatedEffects
    draws: MediatedEffects
    unexplained: float

    @property
    def drivers(self) -> tuple[str, ...]:
        """The p drivers, without satisfaction."""
        return self.basis.drivers[:-1]


def loyalty_paths(survey: Survey, resample: Resample, column: str, loyalty: Loyalty) -> LoyaltyPaths:
    """What runs through satisfaction, and what around it?

    Respondents without an answer on satisfaction or on `column` are left out; missing answers on drivers and controls
    are treated by the survey's policy. A model of leaving has no available answers: there complete ones are used.

    Raises
    ------
    SurveyError
        When the survey has no such column, or it is satisfaction itself.
    EstimationError
        When the answers cannot support the model, or satisfaction follows from the drivers.
    """
    if column == survey.outcome or column not in survey.answers.columns:
        there = ", ".join(map(str, survey.answers.columns))
        raise SurveyError(
            f"No column {column!r} for loyalty beside satisfaction; there are: {there}. Name another one."
        )
    united = united_survey(survey, resample)
    basis = _basis(united, resample, column, loyalty)
    unexplained = _own_part(united, basis)
    first = basis.controls
    a = basis.pooled(lambda m: _raised(m, first))
    drawn = basis.resampled(united, resample)
    if loyalty == "intention":
        effects = basis.pooled(lambda m: linear_fit(m.cross).slopes)
        moved = linear_fit(drawn.cross).slopes
    else:
        effects, moved = _staying(united, basis, resample)
    sound = np.isfinite(moved).all(axis=1)
    applies = basis.columns.applies  # a driver moves those to whom it applies
    return LoyaltyPaths(
        survey=united,
        basis=basis,
        sample=_effects(a, effects, first, applies),
        draws=_effects(_raised(drawn, first)[sound], moved[sound], first, applies),
        unexplained=unexplained,
    )


def _basis(survey: Survey, resample: Resample, column: str, loyalty: Loyalty) -> LinearBasis:
    known = survey.answers[column].where(survey.answers[survey.outcome].notna())
    asked = replace(survey, answers=survey.answers.assign(**{column: known}))
    columns = (*survey.drivers, survey.outcome)
    basis = linear_basis(asked, columns, column, resample=resample)
    if loyalty == "leaving" and basis.policy.name == "available":
        return linear_basis(asked, columns, column, resample=resample, policy="complete")
    return basis


def _raised(moments: Moments, controls: int) -> np.ndarray:
    return mediator_slopes(moments.cross[..., :-1, :-1], controls=controls)


def _effects(a: np.ndarray, effects: np.ndarray, controls: int, applies: np.ndarray) -> MediatedEffects:
    found = mediated_effects(a * applies[:-1, None], effects, controls=controls)
    return replace(found, direct=found.direct * applies[:-1])


def _own_part(survey: Survey, basis: LinearBasis) -> float:
    """Share of satisfaction's variance that controls and drivers leave; refused where that is (almost) nothing."""
    fit = linear_fit(basis.moments.cross[:-1, :-1])
    if fit.r_squared < DETERMINED and basis.moments.cross[-2, -2] > 0:
        return float(1.0 - fit.r_squared)
    raise EstimationError(
        sentence(
            "{outcome} never varies, or follows from the drivers almost exactly, so what runs through it cannot be "
            "told from what runs around it. Take out the drivers that it was computed from.",
            outcome=survey.labels.get(survey.outcome, survey.outcome),
        )
    )


def _staying(survey: Survey, basis: LinearBasis, resample: Resample) -> tuple[np.ndarray, np.ndarray]:
    """Average marginal effects of all columns on staying: (q - 1,), mean over completions, and (B, q - 1)."""
    sets = list(basis.completions())
    check_events(basis.z[basis.w > 0, -1], len(basis.names) - 1)
    moved = np.empty((resample.draws, len(basis.names) - 1))
    sample = np.empty((len(sets), moved.shape[1]))
    for k, one in enumerate(sets):
        x, left = np.column_stack([np.ones(one.base), one.z[:, :-1]]), one.z[:, -1]
        beta = logit_coefficients(x, left, one.w[None], np.zeros(x.shape[1]))
        _check_finite(beta)
        sample[k] = -marginal_effects(x, one.w[None], beta)[0]
        share = replace(resample, counts=resample.counts[k :: len(sets)])  # draw b uses completion b modulo m
        found = [-_fitted(x, left, w, beta[0]) for w in _weightings(survey, share, one.rows)]
        moved[k :: len(sets)] = np.concatenate(found) if found else moved[:0]
    _check_finite(moved)
    return sample.mean(axis=0), moved


def _fitted(x: np.ndarray, left: np.ndarray, w: np.ndarray, start: np.ndarray) -> np.ndarray:
    return marginal_effects(x, w, logit_coefficients(x, left, w, start))


def _weightings(survey: Survey, resample: Resample, rows: np.ndarray) -> Iterator[np.ndarray]:
    """Weights (b, m) of those who are in, a block of draws at a time."""
    block = max(1, _CELLS // max(survey.base, 1))
    for start in range(0, resample.draws, block):
        drawn = resample.weightings(survey.weights, start, start + block)
        yield drawn if rows.all() else drawn[:, rows]


def _check_finite(found: np.ndarray) -> None:
    """Refuse a model without a finite maximum, in the sample or in too many draws."""
    if np.isfinite(found).all(axis=1).mean() >= SOUND:
        return
    raise EstimationError(
        sentence(
            "Satisfaction, the drivers and the controls together (almost) separate those who left from those who "
            "stayed, so what runs through satisfaction cannot be told from what runs around it. Use a longer period, "
            "merge waves, or drop drivers."
        )
    )
