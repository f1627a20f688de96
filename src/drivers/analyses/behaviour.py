"""What a report asks about the link to leaving beside the link itself; no answer where the data give none."""

from __future__ import annotations

import numpy as np

from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.penalised import PenalisedLink, penalised_link
from drivers.analyses.prediction import LeavingPrediction, leaving_prediction
from drivers.client import Client
from drivers.errors import EstimationError
from drivers.survey.survey import Survey


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
