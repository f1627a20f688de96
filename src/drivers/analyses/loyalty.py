"""Does satisfaction keep customers? The link from satisfaction to leaving."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from drivers.analyses.basis import joint_resample, survey_design, units_phrase
from drivers.analyses.disclosure import hidden_groups
from drivers.analyses.groups import SATISFACTION_GROUPS, Thresholds, satisfaction_groups, thresholds
from drivers.analyses.leaving import LeavingModel, fit_leaving
from drivers.analyses.method import case_values
from drivers.core.design import kish_base
from drivers.core.estimate import Bounds, Estimate
from drivers.core.interval import student_reach
from drivers.core.logit import inverse_logit
from drivers.core.resample import Resample
from drivers.survey.survey import Survey
from drivers.wording import Sentence, sentence


@dataclass(frozen=True, slots=True, eq=False)
class RetentionLink:
    """The logit of leaving on satisfaction.

    Attributes
    ----------
    table
        One row a coefficient: log-odds, robust interval, odds ratio.
    groups
        One row a satisfaction group (dissatisfied, in between, satisfied): base, share of customers, observed and
        adjusted retention with intervals; NaN where the group is under the minimum base, or would tell such a group by
        subtraction.
    marginal_effect, marginal_effect_low, marginal_effect_high
        Average marginal effect of one scale point of satisfaction on the probability of staying, as a fraction
        (0.02 is 2 percentage points).
    curve
        Predicted retention at each scale point, others as they are, with its interval.
    retention
        Weighted share of customers who stayed.
    period_months
        Months over which leaving was observed.
    thresholds
        From where a customer counts as satisfied, to where as dissatisfied.
    model
        The fitted model with its draws, for what follows in the chain; never printed or written.
    base, effective_base, confidence, method
        As in every result.
    """

    table: pd.DataFrame
    groups: pd.DataFrame
    curve: pd.DataFrame
    marginal_effect: float
    marginal_effect_low: float
    marginal_effect_high: float
    retention: float
    period_months: float
    thresholds: Thresholds
    base: int
    effective_base: float
    confidence: float
    method: Sentence
    model: LeavingModel = field(metadata={"internal": True})

    def __repr__(self) -> str:
        return (
            f"RetentionLink: one point of satisfaction goes with {100 * self.marginal_effect:+.1f} percentage points "
            f"of retention; base {self.base}"
        )


def retention_link(
    survey: Survey,
    resample: Resample | None = None,
    *,
    left_column: str = "left",
    minimum_base: int = 30,
    limits: Thresholds | None = None,
    confidence: float = 0.95,
) -> RetentionLink:
    """Do satisfied customers stay?

    A marginal effect of 0.02 means: customers who are one point more satisfied stay 2 percentage points more often,
    at the same values of the controls. It is an association; a customer who has decided to leave may also rate lower.

    Parameters
    ----------
    survey
        The wave; complete cases on leaving, satisfaction and controls are used.
    resample
        The joint resample; default: 1,000 draws of a generator of seed 1.
    left_column
        Column that is 1 for customers who left within the period and 0 for those who stayed.
    minimum_base
        Groups with fewer respondents are suppressed, and others whose numbers would tell them (``hidden_groups``).
    limits
        From where a customer is satisfied, to where dissatisfied; default: see ``thresholds``.
    confidence
        Level of every interval.

    Raises
    ------
    EstimationError
        When too few left or stayed, or satisfaction separates the two completely.
    """
    resample = joint_resample(survey) if resample is None else resample
    limits = thresholds(survey) if limits is None else limits
    model = fit_leaving(survey, resample, left_column)
    effect = _marginal_effect(model).bounds(confidence)
    return RetentionLink(
        table=_table(model, confidence),
        groups=_groups(model, limits, minimum_base, confidence),
        curve=_curve(model, confidence),
        marginal_effect=effect.value,
        marginal_effect_low=effect.low,
        marginal_effect_high=effect.high,
        retention=float(1 - np.average(model.left, weights=model.w)),
        period_months=survey.period_months,
        thresholds=limits,
        base=len(model.w),
        effective_base=kish_base(model.w),
        confidence=confidence,
        method=_method(model, confidence),
        model=model,
    )


def _table(model: LeavingModel, confidence: float) -> pd.DataFrame:
    reach = student_reach(model.fitted.error, model.fitted.degrees, confidence)
    return pd.DataFrame(
        {
            "term": list(model.names),
            "label": [model.survey.labels.get(n, n) for n in model.names],
            "log_odds": model.beta,
            "log_odds_low": model.beta - reach,
            "log_odds_high": model.beta + reach,
            "odds_ratio": np.exp(model.beta),
        }
    )


def _marginal_effect(model: LeavingModel) -> Estimate:
    """Average derivative of the probability of staying with respect to satisfaction."""

    def slope(beta: np.ndarray) -> np.ndarray:
        p = inverse_logit(beta @ model.patterns.T)
        return np.asarray(-p * (1 - p) * beta[:, 1:2])

    return model.mean(slope)


def _observed(model: LeavingModel, members: list[np.ndarray]) -> list[Estimate]:
    """Share that stayed among each of these groups of respondents (m,)."""
    ones = np.ones(len(model.first))
    weightings = [model.weighting(m, 1 - model.left) for m in members]
    return model.means(lambda beta, _: [ones] * len(members), weightings)[0]


def _curve(model: LeavingModel, confidence: float) -> pd.DataFrame:
    """Adjusted retention at every whole scale point that somebody gave."""
    points = np.unique(np.round(model.satisfaction))
    bounds = [kept.bounds(confidence) for kept in model.retention_at(points.tolist())]
    return pd.DataFrame({"satisfaction": points, **_columns("retention", bounds)})


def _columns(name: str, bounds: list[Bounds]) -> dict[str, list[float]]:
    return {
        name: [b.value for b in bounds],
        f"{name}_low": [b.low for b in bounds],
        f"{name}_high": [b.high for b in bounds],
    }


def _groups(model: LeavingModel, limits: Thresholds, minimum_base: int, confidence: float) -> pd.DataFrame:
    codes = satisfaction_groups(model.satisfaction, limits)
    members = [codes == code for code in range(len(SATISFACTION_GROUPS))]
    bases = np.array([int(m.sum()) for m in members])
    shown = (bases > 0) & ~hidden_groups(bases, minimum_base)
    means = [_mean(model, m) if s else float("nan") for m, s in zip(members, shown, strict=True)]
    adjusted = model.retention_at([m if s else 0.0 for m, s in zip(means, shown, strict=True)])
    frame = pd.DataFrame(
        {
            "group": list(SATISFACTION_GROUPS),
            "suppressed": ~shown,
            "base": bases,
            "customer_share": [float(model.w[m].sum() / model.w.sum()) for m in members],
            "mean_satisfaction": means,
            **_columns("retention", [kept.bounds(confidence) for kept in _observed(model, members)]),
            **_columns("adjusted_retention", [kept.bounds(confidence) for kept in adjusted]),
        }
    )
    frame.iloc[~shown, 2:] = np.nan
    return frame.astype({"base": "Int64"})


def _mean(model: LeavingModel, members: np.ndarray) -> float:
    return float(np.average(model.satisfaction[members], weights=model.w[members]))


def _method(model: LeavingModel, confidence: float) -> Sentence:
    survey = model.survey
    return sentence(
        "Logit of leaving on {outcome}{controls}; {weights}; complete cases, base {base:count} of {all:count}; average "
        "marginal effect on staying; {confidence:percent} intervals: percentiles of {draws:count} joint resamples of "
        "{units}, coefficients with {errors} errors. An association, not proof of a cause.",
        **case_values(survey, len(model.w), confidence),
        draws=model.resample.draws,
        units=units_phrase(survey),
        errors=sentence("robust (HC1)") if survey_design(survey) is None else sentence("design-based (linearised)"),
    )
