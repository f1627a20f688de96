"""Who stays, who switches, who takes the work back in house?"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, units_phrase, weights_phrase
from drivers.analyses.exit_tables import (
    ExitLabels,
    contrast_table,
    decision_means,
    decision_table,
    effect_table,
    link_p,
    profile_table,
)
from drivers.analyses.exits import EVENTS_PER_COLUMN, FEW_EVENTS, ExitModel, fit_exits
from drivers.analyses.notice import Notice
from drivers.analyses.organisations import respondent_scores
from drivers.analyses.questions import Questions
from drivers.analyses.reliability import UNRELIABLE, reliability_table
from drivers.analyses.significance import SIGNIFICANT
from drivers.core.design import kish_base
from drivers.core.intraclass import intraclass_correlation
from drivers.core.multiplicity import adjusted_p
from drivers.core.resample import Resample
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class ExitChoice:
    """What goes with staying, switching and taking the work back.

    Attributes
    ----------
    decisions
        One row a decision: organisations, and their weighted share with its interval.
    scales
        One row a scale: items, base and reliability as of a battery; how alike respondents of one organisation rate it
        (intraclass correlation) and how reliable an organisation's mean is; p-value, adjusted for the number of scales
        (Holm), of the joint test that it says nothing of either exit.
    profile
        One row a scale and decision: mean rating over organisations, with its interval.
    effects
        One row a scale (or column held constant) and decision: average marginal effect of one point on the chance of
        that decision, with interval and adjusted p-value.
    contrasts
        One row a pair of decisions and scale: gap of the mean ratings, log-odds of a point, and share of the
        differences in log-odds (LMG), each with its interval, the first two with an adjusted p-value.
    p
        P-value of the joint test that no scale says anything of either exit.
    shown
        Whether it is shown that the scales together tell who stays, switches and takes back.
    organisations
        Organisations with a decision and a value on every scale and characteristic.
    undecided
        Organisations that have yet to decide.
    model
        The fitted model with its draws, for the early warning; never printed or written.
    notices
        What a reader must know.
    base, effective_base, confidence, method
        As in every result; the base are the respondents of those organisations.
    """

    decisions: pd.DataFrame
    scales: pd.DataFrame
    profile: pd.DataFrame
    effects: pd.DataFrame
    contrasts: pd.DataFrame
    p: float
    shown: bool
    organisations: int
    undecided: int
    base: int
    effective_base: float
    confidence: float
    notices: tuple[Notice, ...]
    method: Sentence
    model: ExitModel = field(metadata={"internal": True})

    def __repr__(self) -> str:
        counts = ", ".join(f"{row['organisations']} {row['decision']}" for _, row in self.decisions.iterrows())
        return f"ExitChoice of {self.organisations} organisations ({counts}): p {self.p:.3f}"


def exit_choice(survey: Survey, resample: Resample | None = None, *, confidence: float = 0.95) -> ExitChoice:
    """Who stays, who switches to another supplier, who takes the work back in house?

    An effect of -0.10 of service quality on taking back means: of organisations that rate service one point higher, 10
    percentage points fewer take the work back, the other scales being equal. Association, not proof of a cause.

    Parameters
    ----------
    survey
        With `choice`: decisions, scales, characteristics held constant.
    resample
        The joint resample; default: one of 1,000 draws.
    confidence
        Level of the intervals.

    Raises
    ------
    EstimationError
        When the survey says nothing of decisions, too few decided one way, or the scales (almost) tell decisions apart.

    Notes
    -----
    Multinomial logit (McFadden 1974) of the organisation's decision on its means, with errors linearised under the
    design (clusters, strata, weights) and effects on the joint resample of organisations. Shares are LMG shares of the
    variance of the fitted log-odds between two decisions. A mean of few respondents measures what the organisation
    thinks with error, which makes effects smaller than they are.
    """
    resample = joint_resample(survey) if resample is None else resample
    model = fit_exits(survey, resample)
    labels = ExitLabels(tuple(survey.labels.get(name, name) for name in model.names), model.firms.scales)
    means = decision_means(model)
    scales = _scales(survey, model, labels)
    base = _respondents(survey, model)
    p = link_p(model, tuple(range(labels.scales)))
    return ExitChoice(
        decisions=decision_table(model, confidence),
        scales=scales,
        profile=profile_table(model, means, labels, confidence),
        effects=effect_table(model, labels, confidence),
        contrasts=contrast_table(model, means, labels, confidence),
        p=p,
        shown=p < SIGNIFICANT,
        organisations=len(model.firms.y),
        undecided=int((model.everyone.y < 0).sum()),
        base=len(base),
        effective_base=kish_base(survey.weights[base]),
        confidence=confidence,
        notices=tuple(_notices(model, scales)),
        method=_method(survey, model, labels, confidence),
        model=model,
    )


def client_choice(questions: Questions) -> ExitChoice | None:
    """The exits, where the client file asks for them and the data carry them."""
    if questions.survey.choice is None:
        return None
    try:
        return exit_choice(questions.survey, questions.resample, confidence=questions.client.confidence)
    except EstimationError as error:
        questions.unanswered["choice"] = error.reason
        return None


def _respondents(survey: Survey, model: ExitModel) -> np.ndarray:
    """Positions of the respondents with weight and a score on some scale, of the organisations in the model."""
    unit = np.arange(survey.base) if survey.clusters is None else survey.clusters
    inside = np.isin(unit, unit[model.firms.first]) & (survey.weights > 0)
    return np.flatnonzero(inside & ~np.isnan(respondent_scores(survey)).all(axis=1))


def _scales(survey: Survey, model: ExitModel, labels: ExitLabels) -> pd.DataFrame:
    """Reliability of each scale, agreement within organisations, and whether it tells of the exits at all."""
    plan = survey.choice.scales if survey.choice else {}
    table = reliability_table(survey, plan).rename(columns={"battery": "label"}).drop(columns="first_factor")
    alike = [_agreement(survey, scores) for scores in respondent_scores(survey).T]
    table["agreement"], table["mean_reliability"] = (np.array(part) for part in zip(*alike, strict=True))
    raw = np.array([link_p(model, (j,)) for j in range(labels.scales)])
    return table.assign(scale_p=adjusted_p(raw, "holm"))


def _agreement(survey: Survey, scores: np.ndarray) -> tuple[float, float]:
    """Intraclass correlation of respondents within organisations, and reliability of a mean of typically many."""
    known = ~np.isnan(scores) & (survey.weights > 0)
    if survey.clusters is None or known.sum() < 3:
        return float("nan"), float("nan")
    unit = survey.clusters[known]
    alike = intraclass_correlation(scores[known], unit)
    typical = known.sum() / len(np.unique(unit))
    return alike, typical * alike / (1 + (typical - 1) * alike) if alike > 0 else float("nan")


def _notices(model: ExitModel, scales: pd.DataFrame) -> list[Notice]:
    found = []
    rarest, needed = int(np.bincount(model.firms.y).min()), FEW_EVENTS * len(model.names)
    if rarest < needed:
        found.append(Notice("small_base", sentence(_FEW, rarest=rarest, needed=needed)))
    weak = scales[scales["alpha"] < UNRELIABLE]
    said = (sentence(_UNRELIABLE, scale=row["label"], alpha=row["alpha"]) for _, row in weak.iterrows())
    return [*found, *(Notice("unreliable", line) for line in said)]


_FEW = (
    "The rarest decision was taken by {rarest:count} organisations, where {needed:count} or more would be better: "
    "effects may be told somewhat too large."
)
_UNRELIABLE = "The questions of {scale} have little in common (alpha {alpha:number2}): as one scale they say little."


def _method(survey: Survey, model: ExitModel, labels: ExitLabels, confidence: float) -> Sentence:
    held = labels.labels[labels.scales :]
    return sentence(
        "Multinomial logit of the decision of {organisations:count} organisations on their mean ratings{controls}; "
        "{weights}; errors linearised under the sampling design; p-values by Holm, each over the scales and decisions "
        "it stands among; {confidence:percent} intervals of effects and shares over {draws:count} joint resamples of "
        "{units}. A respondent's score is the mean of a scale's answers where half are given; organisations with a "
        "decision and every score count. Shares: LMG, of the variance of the fitted log-odds. At least {events:count} "
        "organisations of the rarest decision for each column. An association, not proof of a cause.",
        organisations=len(model.firms.y),
        controls=sentence(", {names:list} held constant", names=held) if held else sentence(""),
        weights=weights_phrase(survey),
        confidence=confidence,
        draws=len(model.draws),
        units=units_phrase(survey),
        events=EVENTS_PER_COLUMN,
    )
