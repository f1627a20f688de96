"""How well does the model of leaving tell, out of sample, who leaves?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.analyses.leaving import LeavingModel
from drivers.analyses.loyalty import RetentionLink
from drivers.core.discrimination import concordance, weighted_brier
from drivers.core.estimate import SOUND, Estimate
from drivers.core.logit import inverse_logit, logit_coefficients
from drivers.errors import EstimationError
from drivers.wording import Sentence, sentence

TOO_GOOD = 0.95
"""An AUC of this or more is a warning: surveys do not foretell leaving that well, answers after the fact do."""

FOLDS = 10
"""Parts that are left out in turn, the usual number (Hastie, Tibshirani and Friedman 2009, section 7.10)."""

_CALIBRATION_DRAWS = 200  # of the resample: enough for the ends of an interval that is printed to one decimal
_CELLS = 200_000  # draws x respondents held at once


@dataclass(frozen=True, slots=True, eq=False)
class LeavingPrediction:
    """Discrimination and calibration of the model of leaving, on customers it was not fitted on.

    Attributes
    ----------
    table
        One row a measure with its interval: "auc", "brier", "brier_constant" (of saying the average for everyone),
        "calibration_slope" (1: chances neither too bold nor too timid) and "calibration_intercept" (0: right on
        average).
    suspicious
        Whether the model foretells leaving so well (AUC of ``TOO_GOOD`` or more) that satisfaction or a control may
        have been recorded when or after the customer left.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    suspicious: bool
    base: int
    effective_base: float
    confidence: float
    method: Sentence

    def __repr__(self) -> str:
        auc = self.table.set_index("measure").loc["auc"]
        return f"LeavingPrediction: AUC {auc['value']:.2f} ({auc['value_low']:.2f} to {auc['value_high']:.2f})"


def leaving_prediction(link: RetentionLink, rng: np.random.Generator | None = None) -> LeavingPrediction:
    """How well do satisfaction and the controls tell who leaves?

    An AUC of 0.70 means: of a customer who left and one who stayed, the model gives the one who left the higher chance
    in 70% of the pairs; 50% is a coin.

    Parameters
    ----------
    link
        What ``retention_link`` says; its model is fitted again without each tenth of the customers (clusters stay
        together), and judged on that tenth.
    rng
        Deals the customers over the folds; default: a generator of seed 1.

    Raises
    ------
    EstimationError
        When the model has no finite estimate without one of the folds.

    Notes
    -----
    Calibration by a logit of leaving on the log-odds foretold (Cox 1958, doi:10.1093/biomet/45.3-4.562). Intervals are
    percentiles of the joint resample with the predictions as they are, so they do not hold the fits' own uncertainty.
    """
    rng = np.random.default_rng(1) if rng is None else rng
    model = link.model
    odds = _unseen_odds(model, rng)
    measures = _measures(model, odds)
    auc = measures["auc"].bounds(link.confidence)
    return LeavingPrediction(
        table=pd.DataFrame(
            [{"measure": name, **found.bounds(link.confidence).named("value")} for name, found in measures.items()]
        ),
        suspicious=auc.value >= TOO_GOOD,
        base=link.base,
        effective_base=link.effective_base,
        confidence=link.confidence,
        method=_method(model, link.confidence),
    )


def _unseen_odds(model: LeavingModel, rng: np.random.Generator) -> np.ndarray:
    """Log-odds of leaving (m,) of each customer by the model fitted without that customer's fold."""
    units = np.arange(model.survey.base) if model.survey.clusters is None else model.survey.clusters
    _, unit = np.unique(units[model.index], return_inverse=True)
    fold = rng.permutation(np.arange(unit.max() + 1) % FOLDS)[unit]
    kept = fold != np.arange(FOLDS)[:, None]
    beta = logit_coefficients(model.x, model.left, kept * model.w, model.beta)
    if not np.isfinite(beta).all():
        raise EstimationError(
            sentence(
                "Without a tenth of the customers the model of leaving has no finite estimate. Use a longer period, "
                "merge waves, or take a control out."
            )
        )
    return np.asarray(np.einsum("mk,mk->m", model.x, beta[fold]))


def _measures(model: LeavingModel, odds: np.ndarray) -> dict[str, Estimate]:
    left, p = model.left, inverse_logit(odds)
    sample = _judged(left, odds, p, model.w[None])
    block = max(1, _CELLS // max(model.survey.base, 1))
    draws = []
    for start in range(0, len(model.draws), block):
        w = model.resample.weightings(model.survey.weights, start, start + block)[:, model.index]
        draws.append(_judged(left, odds, p, w))
    joined = np.concatenate(draws)
    found = {name: Estimate(float(sample[0, j]), joined[:, j]) for j, name in enumerate(_JUDGED)}
    return found | _calibration(model, odds)


_JUDGED = ("auc", "brier", "brier_constant")


def _judged(left: np.ndarray, odds: np.ndarray, p: np.ndarray, w: np.ndarray) -> np.ndarray:
    """AUC, Brier score and that of the average (b, 3) under each weighting (b, m)."""
    share = (w @ left) / w.sum(axis=1)
    return np.column_stack([concordance(odds, left, w), weighted_brier(p, left, w), share * (1 - share)])


def _calibration(model: LeavingModel, odds: np.ndarray) -> dict[str, Estimate]:
    """Slope of the logit on the log-odds foretold, and intercept with that slope at 1."""
    z, draws = np.column_stack([np.ones(len(odds)), odds]), min(_CALIBRATION_DRAWS, len(model.draws))
    w = np.vstack([model.w, model.resample.weightings(model.survey.weights, 0, draws)[:, model.index]])
    slope = logit_coefficients(z, model.left, w, np.array([0.0, 1.0]))[:, 1]
    if np.isfinite(slope[1:]).mean() < SOUND:
        slope[1:] = np.nan
    shift = _shift(odds, model.left, w)
    return {
        "calibration_slope": Estimate(float(slope[0]), slope[1:]),
        "calibration_intercept": Estimate(float(shift[0]), shift[1:]),
    }


def _shift(odds: np.ndarray, left: np.ndarray, w: np.ndarray) -> np.ndarray:
    """What must be added to the log-odds (b,) for the average chance to be right: Newton's steps, one column."""
    shift = np.zeros(len(w))
    share = w @ left
    for _ in range(25):
        p = inverse_logit(odds + shift[:, None])
        step = (share - np.einsum("bm,bm->b", w, p)) / np.einsum("bm,bm->b", w, p * (1 - p))
        shift += step
        if np.abs(step).max() < 1e-10:
            break
    return shift


def _method(model: LeavingModel, confidence: float) -> Sentence:
    return sentence(
        "Foretold by {folds:count}-fold cross-validation of the model of leaving{clusters}; {confidence:percent} "
        "intervals over the joint resamples ({draws:count} of them for calibration), predictions held as they are.",
        folds=FOLDS,
        clusters=sentence("") if model.survey.clusters is None else sentence(" (clusters stay together)"),
        confidence=confidence,
        draws=min(_CALIBRATION_DRAWS, len(model.draws)),
    )
