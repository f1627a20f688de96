"""What a report asks about the link to leaving beside the link itself; no answer where the data give none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.mediation import DriverMediation, mediation_of
from drivers.analyses.penalised import PenalisedLink, penalised_link
from drivers.analyses.prediction import LeavingPrediction, leaving_prediction
from drivers.analyses.questions import Questions
from drivers.analyses.zones import SatisfactionZones, satisfaction_zones
from drivers.client import Client
from drivers.errors import EstimationError
from drivers.survey.survey import Survey


@dataclass(frozen=True, slots=True, eq=False)
class Behaviour:
    """What customers do, beside the link of satisfaction to leaving.

    Attributes
    ----------
    zones, prediction
        What a point of satisfaction goes with along its scale, and how well leaving is foretold; None without the
        link to leaving.
    penalised
        The penalised fit, where satisfaction and the controls tell leavers and stayers apart; else None.
    mediation
        Which drivers go with loyalty through satisfaction, and which around it; None where no ranking is drawn, or
        neither leaving nor an intention is known.
    """

    zones: SatisfactionZones | None
    prediction: LeavingPrediction | None
    penalised: PenalisedLink | None
    mediation: DriverMediation | None


def client_behaviour(questions: Questions, link: RetentionLink | None) -> Behaviour:
    """Everything about what customers do that the client file asks and the answers give."""
    survey, client = questions.survey, questions.client
    return Behaviour(
        zones=None if link is None else satisfaction_zones(link, minimum_base=client.minimum_base),
        prediction=prediction_of(link, client),
        penalised=penalised_of(link, survey, client),
        mediation=mediation_of(questions, left=link is not None),
    )


def prediction_of(link: RetentionLink | None, client: Client) -> LeavingPrediction | None:
    """How well leaving is foretold, where there is a model of it; folds from the client file's seed."""
    if link is None:
        return None
    try:
        return leaving_prediction(link, np.random.default_rng(client.seed).spawn(2)[1])
    except EstimationError:
        return None


def penalised_of(link: RetentionLink | None, survey: Survey, client: Client) -> PenalisedLink | None:
    """The penalised fit, where there is no link because the answers tell leavers and stayers apart."""
    asked = client.loyalty
    if link is not None or asked is None or (asked.left is None and asked.stayed is None):
        return None
    try:
        return penalised_link(survey, minimum_base=client.minimum_base, confidence=client.confidence)
    except EstimationError:
        return None
