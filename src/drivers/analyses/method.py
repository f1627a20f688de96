"""What every method sentence of a regression states: outcome, controls, weights, missing answers, resamples."""

from __future__ import annotations

from collections.abc import Sequence

from drivers.analyses.basis import LinearBasis, answers_phrase, controls_phrase, units_phrase, weights_phrase
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, Value, sentence


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


def case_values(survey: Survey, base: int, confidence: float) -> dict[str, Value]:
    """The values of a sentence on a model of complete cases: of anything on satisfaction and the controls."""
    return {
        "outcome": survey.labels.get(survey.outcome, survey.outcome),
        "controls": and_phrase(survey, survey.controls),
        "weights": weights_phrase(survey),
        "base": base,
        "all": survey.base,
        "confidence": confidence,
    }


def and_phrase(survey: Survey, columns: Sequence[str]) -> Sentence:
    """The columns that stand in a model beside satisfaction; nothing without any."""
    names = [survey.labels.get(column, column) for column in columns]
    return sentence(" and {names:list}", names=names) if names else sentence("")
