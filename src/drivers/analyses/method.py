"""What every method sentence of a regression states: outcome, controls, weights, missing answers, resamples."""

from __future__ import annotations

from drivers.analyses.basis import LinearBasis, answers_phrase, controls_phrase, units_phrase, weights_phrase
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Value


def method_values(survey: Survey, basis: LinearBasis, resample: Resample) -> dict[str, Value]:
    """The values that templates of method sentences share; a template takes those that it names."""
    return {
        "outcome": survey.labels.get(basis.names[-1], basis.names[-1]),
        "drivers": len(basis.drivers),
        "controls": controls_phrase(survey, basis),
        "weights": weights_phrase(survey),
        "answers": answers_phrase(survey, basis),
        "draws": resample.draws,
        "units": units_phrase(survey),
    }
