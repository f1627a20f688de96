"""The cases that a client file may declare, each with a page of its own in the report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.basis import joint_resample
from drivers.analyses.providers import ProviderProfile, provider_profile
from drivers.analyses.questions import Questions
from drivers.errors import EstimationError


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """Answers on the cases that the client file declares.

    Attributes
    ----------
    providers
        What client organisations say of their providers; None where the client file does not declare it.
    """

    providers: ProviderProfile | None


def client_cases(questions: Questions) -> Cases:
    """Every declared case, on the joint resample; the reason of one without an answer is in `questions.unanswered`."""
    return Cases(providers=client_providers(questions))


def client_providers(questions: Questions) -> ProviderProfile | None:
    """What client organisations say of their providers, on draws of their own survey."""
    asked, survey, client = questions.client.providers, questions.survey.providers, questions.client
    if asked is None or survey is None:
        return None
    resample = joint_resample(survey, np.random.default_rng(client.seed), client.draws)
    try:
        return provider_profile(
            survey, resample, minimum_base=asked.minimum_base or client.minimum_base, confidence=client.confidence
        )
    except EstimationError as error:
        questions.unanswered["providers"] = error.reason
        return None
