"""The model of exits: a multinomial logit of what organisations decide, with its coefficients in every draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from drivers.analyses.basis import survey_design
from drivers.analyses.organisations import Organisations, survey_organisations
from drivers.core.design import Design, DesignEstimate, linearised_covariance, sampling_design
from drivers.core.estimate import SOUND
from drivers.core.likelihood import whole_maximum
from drivers.core.moments import FloatArray
from drivers.core.multinomial import MultinomialLogit
from drivers.core.polytomous import multinomial_coefficients, multinomial_influence
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

EVENTS_PER_COLUMN = 5
"""Fewer organisations of the rarest decision for each column give no model: tests then claim too much. With five they
claim something in 7% of simulated data without any link instead of 5%."""

FEW_EVENTS = 10
"""Fewer than this for each column is said: estimates are then a little too large (de Jong et al. 2019,
doi:10.1002/sim.8063)."""


_ROUNDING = 1e-12  # of the largest value: weighted means of equal answers differ by no more


@dataclass(frozen=True, slots=True, eq=False)
class ExitModel:
    """Multinomial logit of the decision on scales and controls, staying as reference.

    Attributes
    ----------
    everyone, firms
        All organisations, and those with a decision and a value in every column (m).
    x
        Design (m, q): ones, scales, controls.
    theta
        Coefficients (2, q): switching and taking back against staying.
    fitted
        The same in one row (2 q,), with the covariance that the design gives them.
    draws
        The coefficients in every draw (B, 2, q); NaN where a draw has none.
    drawn
        Weights (B, m) of the organisations in every draw.
    design, counted
        How the respondents with weight were sampled, and which of the survey's (n,) those are.
    """

    everyone: Organisations
    firms: Organisations
    x: FloatArray
    theta: FloatArray
    fitted: DesignEstimate
    draws: FloatArray
    drawn: FloatArray
    design: Design
    counted: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The q - 1 columns."""
        return self.firms.names

    @property
    def scales(self) -> tuple[str, ...]:
        """The columns that are scales."""
        return self.firms.names[: self.firms.scales]

    def spread(self, influence: FloatArray) -> FloatArray:
        """Covariance (k, k) of estimates from the influence (m, k) of each organisation, under the design."""
        rows = np.zeros((len(self.counted), influence.shape[1]))
        rows[self.firms.first] = influence
        return linearised_covariance(rows[self.counted], self.design)

    @property
    def degrees(self) -> float:
        """Degrees of freedom: organisations (sampled units) in the model less strata."""
        return self.fitted.degrees


def fit_exits(survey: Survey, resample: Resample) -> ExitModel:
    """What goes with staying, switching and taking the work back?

    Raises
    ------
    EstimationError
        When the survey says nothing of decisions, too few decided one way, nothing varies, or the columns (almost)
        tell the decisions apart.
    """
    everyone = survey_organisations(survey)
    firms = everyone.chosen(everyone.complete & (everyone.y >= 0))
    _check_varies(firms)
    _check_events(firms)
    x = np.column_stack([np.ones(len(firms.y)), firms.x])
    theta = whole_maximum(MultinomialLogit(firms.x, firms.y, firms.w / firms.w.mean())).reshape(2, -1)
    counted = survey.weights > 0
    design = survey_design(survey) or sampling_design(survey.weights[counted])
    inside = np.zeros(survey.base, dtype=bool)
    inside[firms.first] = True
    drawn = firms.drawn(resample, survey.base)
    draws = multinomial_coefficients(x, firms.y, drawn, theta)
    _check_draws(draws)
    degrees = float(design.degrees_of(inside[counted]))
    bare = DesignEstimate(theta.ravel(), np.zeros((theta.size, theta.size)), degrees)
    model = ExitModel(everyone, firms, x, theta, bare, draws, drawn, design, counted)
    covariance = model.spread(multinomial_influence(x, firms.y, firms.w, theta))
    return replace(model, fitted=replace(bare, covariance=covariance))


def _check_varies(firms: Organisations) -> None:
    spread = np.ptp(firms.x, axis=0) if len(firms.y) else np.ones(len(firms.names))
    alike = spread <= _ROUNDING * np.abs(firms.x).max(axis=0, initial=0.0)
    constant = [name for name, same in zip(firms.names, alike, strict=True) if same]
    if constant:
        raise EstimationError(
            sentence(
                "All organisations with a decision have one value on {names:list}, so it cannot tell anything. Leave "
                "it out of the scales or controls.",
                names=constant,
            )
        )


def _check_events(firms: Organisations) -> None:
    rarest = int(np.bincount(firms.y, minlength=3).min())
    needed = EVENTS_PER_COLUMN * len(firms.names)
    if rarest < needed:
        raise EstimationError(
            sentence(
                "The rarest of staying, switching and taking back was decided by {rarest:count} organisations with "
                "answers on every scale; a model on {columns:count} scales and characteristics needs {needed:count}. "
                "Hold fewer characteristics constant, join scales, or merge waves.",
                rarest=rarest,
                columns=len(firms.names),
                needed=needed,
            )
        )


def _check_draws(draws: FloatArray) -> None:
    without = 1 - float(np.isfinite(draws).all(axis=(1, 2)).mean())
    if without > 1 - SOUND:
        raise EstimationError(
            sentence(
                "In {share:percent} of the resamples the decisions have no finite estimate: the scales together "
                "(almost) tell those who stay, switch and take back apart. Check whether they were rated after the "
                "decision.",
                share=without,
            )
        )
