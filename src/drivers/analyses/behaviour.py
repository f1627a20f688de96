"""What a report asks about the link to leaving beside the link itself; no answer where the data give none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from drivers.analyses.declared import client_measures
from drivers.analyses.followed import TimeTerms
from drivers.analyses.lateness import AskedLate, asked_late
from drivers.analyses.loyalty import RetentionLink
from drivers.analyses.measuregroups import MeasureGroups
from drivers.analyses.measures import LoyaltyMeasures
from drivers.analyses.mediation import DriverMediation, mediation_of
from drivers.analyses.notice import Notice
from drivers.analyses.penalised import PenalisedLink, penalised_link
from drivers.analyses.prediction import LeavingPrediction, leaving_prediction
from drivers.analyses.questions import Questions
from drivers.analyses.spending import SpendingLink, spending_link
from drivers.analyses.survival import SatisfactionSurvival, satisfaction_survival
from drivers.analyses.topmarks import TopMarks, top_marks
from drivers.analyses.zones import SatisfactionZones, satisfaction_zones
from drivers.client import Client
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import sentence

T = TypeVar("T")


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
    measures, measure_groups
        What customers say: satisfaction index, boxes, recommendation, effort, intention; and the last three in groups
        of customers. None where the client file has no [loyalty] table, or no such question or groups.
    survival, spending, top_marks, asked_late
        How long satisfied customers stay, what they spend, how many more give top marks on the intention, and who was
        asked after leaving; None where the client file does not ask, or the answers give none.
    mediation
        Which drivers go with loyalty through satisfaction, and which around it; None where no ranking is drawn, or
        neither leaving nor an intention is known.
    """

    zones: SatisfactionZones | None
    prediction: LeavingPrediction | None
    penalised: PenalisedLink | None
    measures: LoyaltyMeasures | None
    measure_groups: MeasureGroups | None
    survival: SatisfactionSurvival | None
    spending: SpendingLink | None
    top_marks: TopMarks | None
    asked_late: AskedLate | None
    mediation: DriverMediation | None


def client_behaviour(questions: Questions, link: RetentionLink | None) -> Behaviour:
    """Everything about what customers do that the client file asks and the answers give."""
    survey, client = questions.survey, questions.client
    said, groups = client_measures(questions)
    return Behaviour(
        zones=None if link is None else satisfaction_zones(link, minimum_base=client.minimum_base),
        prediction=prediction_of(link, client),
        penalised=penalised_of(link, survey, client),
        measures=said,
        measure_groups=groups,
        survival=survival_of(questions),
        spending=spending_of(questions),
        top_marks=top_marks_of(questions),
        asked_late=asked_late_of(questions),
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


def survival_of(questions: Questions) -> SatisfactionSurvival | None:
    """How long satisfied customers stay, where the client file names how long each did."""
    client = questions.client
    if (terms := time_terms(client)) is None:
        return None
    return _answer(
        questions,
        "survival",
        lambda: satisfaction_survival(
            questions.survey,
            terms,
            questions.resample,
            limits=questions.limits,
            minimum_base=client.minimum_base,
            confidence=client.confidence,
        ),
    )


def time_terms(client: Client) -> TimeTerms | None:
    """Which columns tell how long customers stay; None where the client file names none."""
    asked = client.loyalty
    if asked is None or asked.duration is None:
        return None
    return TimeTerms(
        duration=asked.duration,
        event="event" if asked.event else "left",
        tenure=asked.tenure_at_interview,
        strata=asked.duration_strata,
        unit=asked.duration_unit,
        start=asked.duration_from,
    )


def spending_of(questions: Questions) -> SpendingLink | None:
    """What satisfied customers spend, where the client file names it."""
    client = questions.client
    if client.loyalty is None or (column := client.loyalty.spending) is None:
        return None
    return _answer(
        questions,
        "spending",
        lambda: spending_link(
            questions.survey,
            column,
            questions.resample,
            limits=questions.limits,
            minimum_base=client.minimum_base,
            confidence=client.confidence,
        ),
    )


def top_marks_of(questions: Questions) -> TopMarks | None:
    """How many more give top marks on the intention, where its scale is short; else its mean serves."""
    asked = questions.client.loyalty
    if asked is None or asked.intention is None:
        return None
    try:
        return top_marks(questions.survey, asked.intention, confidence=questions.client.confidence)
    except EstimationError:
        return None


def asked_late_of(questions: Questions) -> AskedLate | None:
    """Who was asked after leaving, where the days are known."""
    survey, client = questions.survey, questions.client
    if survey.interviews.lags is None:
        return None
    base, confidence = client.minimum_base, client.confidence
    try:
        found = asked_late(survey, questions.resample, minimum_base=base, confidence=confidence)
    except EstimationError:  # nobody left, as is said of the link
        return None
    if found.late:
        questions.notices += (Notice("leakage", sentence(_LEAKAGE, n=found.late, all=found.base)),)
    return found


_LEAKAGE = (
    "Of the {all:count} customers who left {n:count} were asked on the day they left or later, so the link of "
    "satisfaction to leaving, and every amount computed from it, may be too strong. Leave them out, or ask before."
)


def _answer(questions: Questions, name: str, ask: Callable[[], T]) -> T | None:
    """The answer, or nothing with its reason kept."""
    try:
        return ask()
    except EstimationError as error:
        questions.unanswered[name] = error.reason
        return None
