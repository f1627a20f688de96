"""Hazards: the chance of leaving at any moment, by satisfaction and controls; tests of groups."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from scipy.special import stdtr
from statsmodels.duration.survfunc import survdiff

from drivers.analyses.basis import survey_design
from drivers.analyses.followed import FollowedCustomers, TimeTerms
from drivers.analyses.leavers import MINIMUM_EVENTS
from drivers.core.cox import CoxFit, Followed, fit_cox, log_rank_scores
from drivers.core.design import DesignEstimate, linearised_covariance, sampling_design
from drivers.core.interval import student_reach
from drivers.core.logit import logit_coefficients
from drivers.core.survival import person_periods
from drivers.core.wald import wald_test
from drivers.survey.survey import Survey

_PERIODS = 300_000  # rows of persons and periods up to which the discrete hazard is fitted
_RATIO = ["hazard_ratio", "hazard_ratio_low", "hazard_ratio_high"]
_COLUMNS = ["term", "label", *_RATIO, "hazard_drift", "constant_p", "odds_ratio"]


def hazard_table(
    survey: Survey, terms: TimeTerms, customers: FollowedCustomers, *, confidence: float, fitted: bool = True
) -> pd.DataFrame:
    """What does one unit of each column go with in the chance of leaving at any moment?

    One row a column; none where `fitted` is False, where too few left for the columns, or without a finite estimate.
    """
    empty = pd.DataFrame(columns=_COLUMNS)
    if not fitted or int(customers.event.sum()) < MINIMUM_EVENTS * len(customers.names):
        return empty
    fit = fit_cox(customers.x, _followed(customers))
    if not np.isfinite(fit.beta).all():
        return empty
    found = designed(survey, customers.index, fit.beta, fit.influence)
    reach = student_reach(found.error, found.degrees, confidence)
    return pd.DataFrame(
        {
            "term": list(customers.names),
            "label": [survey.labels.get(n, n) for n in customers.names],
            "hazard_ratio": np.exp(fit.beta),
            "hazard_ratio_low": np.exp(fit.beta - reach),
            "hazard_ratio_high": np.exp(fit.beta + reach),
            "hazard_drift": fit.drift,
            "constant_p": _constancy(survey, customers, fit),
            "odds_ratio": _odds_ratios(terms, customers),
        }
    )


def _followed(customers: FollowedCustomers) -> Followed:
    entry = customers.entry if customers.entry.any() else np.full(len(customers.w), -1.0)
    time = customers.entry + customers.seen
    return Followed(time, entry, customers.event, customers.strata, customers.w)


def designed(survey: Survey, index: np.ndarray, value: np.ndarray, influence: np.ndarray) -> DesignEstimate:
    """Estimates (k,) with the covariance that the survey's design gives these influences (m, k).

    Respondents outside `index` (m,) still count as drawn; those of a simple sample are taken as one stratum.
    """
    counted = survey.weights > 0
    spread = np.zeros((survey.base, influence.shape[1]))
    spread[index] = influence
    inside = np.zeros(survey.base, dtype=bool)
    inside[index] = True
    design = survey_design(survey)
    used = design or sampling_design(np.ones(int(counted.sum())))
    degrees = np.inf if design is None else design.degrees_of(inside[counted])
    return DesignEstimate(value, linearised_covariance(spread[counted], used), degrees)


def _constancy(survey: Survey, customers: FollowedCustomers, fit: CoxFit) -> np.ndarray:
    """P-values (k,) of the test that each hazard ratio is the same through time."""
    found = designed(survey, customers.index, fit.drift, fit.drift_influence)
    return np.asarray(2 * stdtr(min(found.degrees, 1e9), -np.abs(found.value / found.error)))


def _odds_ratios(terms: TimeTerms, customers: FollowedCustomers) -> np.ndarray:
    """Odds ratios (k,) of the discrete-time hazard with log time; NaN where time is not in whole units.

    A logit on persons and periods (Singer and Willett 1993, doi:10.2307/1165085), as ``fit_hazard_lifetime`` has it.
    """
    first, last = customers.entry, customers.entry + customers.seen
    none = np.full(len(customers.names), np.nan)
    whole = (first % 1 == 0).all() and (last % 1 == 0).all()
    if not whole or terms.strata is not None or customers.seen.sum() > _PERIODS:
        return none
    person, period = person_periods(first.astype(int), last.astype(int))
    design = np.column_stack([np.ones(len(person)), np.log(period), customers.x[person]])
    leaves = customers.event[person] & (period == last[person])
    start = np.zeros(design.shape[1])
    found = logit_coefficients(design, leaves.astype(float), customers.w[person][None], start)[0]
    return np.asarray(np.exp(found[2:]))


def group_test(survey: Survey, customers: FollowedCustomers, codes: np.ndarray) -> float:
    """P-value of the log-rank test that groups (codes (m,), -1 for none) leave alike; NaN under two groups.

    That of statsmodels for a simple sample, with the errors of the design otherwise.
    """
    kept = codes >= 0
    groups = np.unique(codes[kept])
    if len(groups) < 2:
        return float("nan")
    if survey_design(survey) is None:
        strata = customers.strata[kept] if np.ptp(customers.strata[kept]) else None
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore", RuntimeWarning)
            return float(survdiff(customers.seen[kept], customers.event[kept], codes[kept], strata=strata)[1])
    member = (codes[kept, None] == groups[1:]).astype(float)
    rows = np.flatnonzero(kept)
    time, none = customers.seen[rows], np.full(len(rows), -1.0)
    followed = Followed(time, none, customers.event[rows], customers.strata[rows], customers.w[rows])
    scores, parts = log_rank_scores(member, followed)
    found = designed(survey, customers.index[rows], scores, parts)
    degrees = found.degrees if np.isfinite(found.degrees) else float(len(rows))
    return wald_test(np.eye(len(scores)), scores, found.covariance, degrees).p
