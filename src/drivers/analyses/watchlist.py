"""Which organisations are at risk of which exit, and why? An early warning, judged out of sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.choice import ExitChoice
from drivers.analyses.exits import ExitModel
from drivers.analyses.organisations import Organisations
from drivers.analyses.prediction import FOLDS
from drivers.analyses.questions import Questions
from drivers.client.choice import DECISIONS
from drivers.core.discrimination import concordance, weighted_brier
from drivers.core.estimate import SOUND, Estimate
from drivers.core.interval import percentile_interval
from drivers.core.logit import logit_coefficients
from drivers.core.moments import FloatArray
from drivers.core.polytomous import class_chances, multinomial_coefficients
from drivers.errors import EstimationError
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence

_CALIBRATION_DRAWS = 200  # of the resample: enough for the ends of an interval that is printed to one decimal
_COLUMNS = (
    "organisation", "respondents", "exit_chance", "exit_chance_low", "exit_chance_high", "switch_chance",
    "backsource_chance", "likely_exit", "pull", "warned",
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class EarlyWarning:
    """The organisations that have yet to decide, by their chance of leaving.

    Attributes
    ----------
    table
        One row an organisation with enough respondents, by its code in the survey, highest chance first: respondents,
        chance of leaving with its interval, of switching and of taking the work back, the likelier of the two, the
        scale that pulls most towards it (empty where none does), and whether it is warned of: the whole interval of the
        chance lies above the average. Empty where the chances foretell nothing.
    calibration
        One row a measure, of organisations that the model was not fitted on: "brier" and "brier_constant" (squared
        error of the chances, and of saying the average shares), "brier_gain" (the part by which it is smaller), and
        for each exit "auc" and "calibration_slope" (1: neither too bold nor too timid); with intervals.
    useful
        Whether it is shown that the chances foretell better than the average shares do.
    average
        Weighted share of the organisations that left.
    stayers
        Whether the list is of those who stayed, because nobody has yet to decide.
    few
        Organisations left out for too few respondents, or for a scale that nobody answered.
    minimum_respondents
        Fewest respondents of an organisation in the list.
    base, confidence, method
        As in every result; the base are the organisations that the model was fitted on.
    """

    table: pd.DataFrame
    calibration: pd.DataFrame
    useful: bool
    average: float
    stayers: bool
    few: int
    minimum_respondents: int
    base: int
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        return f"EarlyWarning: {int(self.table['warned'].sum())} of {len(self.table)} organisations at risk"


def early_warning(found: ExitChoice, survey: Survey, rng: np.random.Generator | None = None) -> EarlyWarning:
    """Which organisations are at risk of which exit, and why?

    A chance of 0.60 means: of ten organisations with these ratings, six leave and four stay.

    Parameters
    ----------
    found
        What ``exit_choice`` says; its model is fitted again without each tenth of the organisations, and judged on
        that tenth.
    survey
        The survey that it is of, for how many respondents an organisation in the list must have.
    rng
        Deals the organisations over the folds; default: a generator of seed 1.

    Raises
    ------
    EstimationError
        When the model has no finite estimate without one of the folds.

    Notes
    -----
    The pull of a scale is its coefficient times the organisation's distance from the mean organisation. Intervals of
    chances hold the model's uncertainty, with the organisation's ratings as they are.
    """
    rng = np.random.default_rng(1) if rng is None else rng
    model, confidence = found.model, found.confidence
    minimum = survey.choice.minimum_respondents if survey.choice else 1
    measures = _measures(model, _unseen_chances(model, rng))
    gain = measures[("brier_gain", "")].bounds(confidence)
    useful = bool(found.shown and gain.low > 0)
    average = float(model.firms.w[model.firms.y > 0].sum() / model.firms.w.sum())
    waiting = bool((model.everyone.y < 0).any())
    open_ = model.everyone.y < 0 if waiting else model.everyone.y == 0
    shown = open_ & model.everyone.complete & (model.everyone.respondents >= minimum)
    firms = model.everyone.chosen(shown if useful else np.zeros_like(shown))
    return EarlyWarning(
        table=_listed(found, firms, average),
        calibration=pd.DataFrame(
            [
                {"measure": name, "decision": decision, **value.bounds(confidence).named("value")}
                for (name, decision), value in measures.items()
            ]
        ),
        useful=useful,
        average=average,
        stayers=not waiting,
        few=int((open_ & ~shown).sum()),
        minimum_respondents=minimum,
        base=len(model.firms.y),
        confidence=confidence,
        method=_method(model, confidence),
    )


def client_warning(questions: Questions, found: ExitChoice | None) -> EarlyWarning | None:
    """The early warning, only where the client file asks for it by name."""
    asked = questions.client.choice
    if found is None or asked is None or not asked.early_warning:
        return None
    try:
        return early_warning(found, questions.survey, np.random.default_rng(questions.client.seed).spawn(3)[2])
    except EstimationError as error:
        questions.unanswered["early_warning"] = error.reason
        return None


def _listed(found: ExitChoice, firms: Organisations, average: float) -> pd.DataFrame:
    """The list of these organisations."""
    if not len(firms.y):
        return pd.DataFrame(columns=list(_COLUMNS))
    model = found.model
    x = np.column_stack([np.ones(len(firms.y)), firms.x])
    chance = class_chances(x, model.theta[None])[:, 0]
    drawn = 1 - class_chances(x, model.draws[np.isfinite(model.draws).all(axis=(1, 2))])[0]
    ends = percentile_interval(drawn, found.confidence)
    exit_ = np.where(chance[2] > chance[1], 2, 1)
    table = pd.DataFrame(
        {
            "organisation": firms.codes,
            "respondents": firms.respondents,
            "exit_chance": 1 - chance[0],
            "exit_chance_low": ends.low,
            "exit_chance_high": ends.high,
            "switch_chance": chance[1],
            "backsource_chance": chance[2],
            "likely_exit": np.array(DECISIONS)[exit_],
            "pull": _pulls(found, firms, exit_),
            "warned": ends.low > average,
        }
    )
    return table.sort_values("exit_chance", ascending=False, kind="stable", ignore_index=True)


def _pulls(found: ExitChoice, firms: Organisations, exit_: np.ndarray) -> list[str]:
    """The scale that pulls each organisation most towards this exit; "" where none does."""
    model, k = found.model, firms.scales
    mean = np.average(model.firms.x[:, :k], axis=0, weights=model.firms.w)
    pull = model.theta[exit_ - 1, 1 : 1 + k] * (firms.x[:, :k] - mean)
    names = [model.names[j] for j in pull.argmax(axis=1)]
    return [name if most > 0 else "" for name, most in zip(names, pull.max(axis=1), strict=True)]


def _unseen_chances(model: ExitModel, rng: np.random.Generator) -> FloatArray:
    """Chances (3, m) of each organisation by the model fitted without its fold."""
    m = len(model.firms.y)
    fold = rng.permutation(np.arange(m) % FOLDS)
    kept = (fold != np.arange(FOLDS)[:, None]) * model.firms.w
    theta = multinomial_coefficients(model.x, model.firms.y, kept, model.theta)
    if not np.isfinite(theta).all():
        raise EstimationError(
            sentence(
                "Without a tenth of the organisations the model of their decisions has no finite estimate, so nobody "
                "is warned of. Hold fewer characteristics constant, or merge waves."
            )
        )
    return np.asarray(class_chances(model.x, theta)[:, fold, np.arange(m)])


def _measures(model: ExitModel, chance: FloatArray) -> dict[tuple[str, str], Estimate]:
    """Measures by their name and the decision that they are of; in the sample and every draw."""
    y, w = model.firms.y, np.vstack([model.firms.w, model.drawn])
    happened = np.arange(3)[:, None] == y
    error = np.sum([weighted_brier(chance[c], happened[c], w) for c in range(3)], axis=0)
    share = np.stack([w @ happened[c] for c in range(3)]) / w.sum(axis=1)
    constant = 1 - (share**2).sum(axis=0)
    found = {("brier", ""): error, ("brier_constant", ""): constant, ("brier_gain", ""): 1 - error / constant}
    for c, decision in enumerate(DECISIONS[1:], start=1):
        odds = np.log(chance[c] / (1 - chance[c]))
        found["auc", decision] = concordance(odds, happened[c].astype(float), w)
        found["calibration_slope", decision] = _slope(odds, happened[c].astype(float), w[: _CALIBRATION_DRAWS + 1])
    return {key: Estimate(float(values[0]), values[1:]) for key, values in found.items()}


def _slope(odds: FloatArray, happened: FloatArray, w: FloatArray) -> FloatArray:
    """Slope (b,) of the logit of an exit on the log-odds foretold; NaN in the draws where too few have one."""
    z = np.column_stack([np.ones(len(odds)), odds])
    slope = logit_coefficients(z, happened, w, np.array([0.0, 1.0]))[:, 1]
    if np.isfinite(slope[1:]).mean() < SOUND:
        slope[1:] = np.nan
    return np.asarray(slope)


def _method(model: ExitModel, confidence: float) -> Sentence:
    return sentence(
        "Early warning: the model of the decisions, with the ratings of each organisation as they are; "
        "{confidence:percent} intervals over {draws:count} joint resamples. Judged by {folds:count}-fold "
        "cross-validation over organisations, predictions held in the resamples ({few:count} of them for calibration).",
        confidence=confidence,
        draws=len(model.draws),
        folds=FOLDS,
        few=min(_CALIBRATION_DRAWS, len(model.draws)),
    )
