"""Do satisfied customers intend to stay? The link from satisfaction to a stated intention."""

from __future__ import annotations

from dataclasses import dataclass

from drivers.analyses.basis import LinearBasis, joint_resample, linear_basis, units_phrase, weights_phrase
from drivers.analyses.notice import Notice
from drivers.core.interval import percentile_interval
from drivers.core.linear import linear_fit
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_NO_INTENTION = (
    "The link to {intention} was not computed: too few respondents answered it, or all of them gave the same answer."
)


@dataclass(frozen=True, slots=True, eq=False)
class IntentionLink:
    """The regression of an intention (to stay, to recommend) on satisfaction.

    Attributes
    ----------
    slope, slope_low, slope_high
        Scale points of intention that go with one scale point of satisfaction, controls held constant.
    r_squared
        Share of the differences in intention that satisfaction and the controls account for.
    intention
        Printed name of the intention.
    base, effective_base, confidence, method
        As in every result.
    """

    slope: float
    slope_low: float
    slope_high: float
    r_squared: float
    intention: str
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"IntentionLink: one point of satisfaction goes with {self.slope:+.2f} points of {self.intention}"


def intention_link(
    survey: Survey, column: str, resample: Resample | None = None, *, confidence: float = 0.95
) -> IntentionLink:
    """Do satisfied customers intend to stay?

    A slope of 0.7 means: customers who are one point more satisfied rate their intention 0.7 points higher. An
    intention is no behaviour: no euros follow from it without a stated rule.

    Raises
    ------
    EstimationError
        When the complete answers cannot support the regression.
    """
    resample = joint_resample(survey) if resample is None else resample
    basis = intention_basis(survey, column)
    fit = linear_fit(basis.moments.cross)
    draws = linear_fit(basis.resampled(survey, resample).cross).slopes[:, -1]
    interval = percentile_interval(draws, confidence)
    return IntentionLink(
        slope=float(fit.slopes[-1]),
        slope_low=float(interval.low),
        slope_high=float(interval.high),
        r_squared=float(fit.r_squared),
        intention=survey.labels.get(column, column),
        base=basis.base,
        effective_base=float(basis.moments.effective_base),
        confidence=confidence,
        method=sentence(
            "Linear regression of {intention} on {outcome}; {weights}; complete cases, base {base:count} of "
            "{all:count}; {confidence:percent} interval: percentiles of {draws:count} joint resamples of {units}.",
            intention=survey.labels.get(column, column),
            outcome=survey.labels.get(survey.outcome, survey.outcome),
            weights=weights_phrase(survey),
            base=basis.base,
            all=survey.base,
            confidence=confidence,
            draws=resample.draws,
            units=units_phrase(survey),
        ),
    )


def intention_basis(survey: Survey, column: str) -> LinearBasis:
    """Whose answers carry the link? Those complete on satisfaction, controls and intention.

    Raises
    ------
    EstimationError
        When they cannot support the regression.
    """
    return linear_basis(survey, (survey.outcome,), column, policy="complete")


def no_link_notice(survey: Survey, column: str) -> Notice:
    """What a reader is told where there is no link."""
    return Notice("intention", sentence(_NO_INTENTION, intention=survey.labels.get(column, column)))
