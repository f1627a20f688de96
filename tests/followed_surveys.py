"""Surveys of customers who were followed in time, or whose spending is known, with a known effect of satisfaction."""

from dataclasses import replace
from types import MappingProxyType

import numpy as np

from drivers.survey.segments import Segmentation
from made_surveys import made_survey, with_answers


def followed_survey(n=800, *, log_ratio=-0.3, seed=0, censored=24.0, whole=True):
    """Months until leaving from the interview: a constant hazard, `log_ratio` a point; `gone` within `censored`."""
    survey = made_survey(n, seed=seed)
    rng = np.random.default_rng(seed + 1000)
    csat, years = survey.answers["csat"].to_numpy(), survey.answers["tenure"].to_numpy()
    rate = 0.03 * np.exp(log_ratio * (csat - 6) - 0.02 * (years - 6))
    time = rng.exponential(1 / rate)
    time = np.ceil(time) if whole else time
    return with_answers(survey, months=np.minimum(time, censored), gone=(time <= censored).astype(float))


def spending_survey(n=600, *, per_point=0.08, seed=0):
    """Spending whose logarithm of the mean rises `per_point`; a tenth of the customers spend nothing."""
    survey = made_survey(n, seed=seed)
    rng = np.random.default_rng(seed + 2000)
    csat, years = survey.answers["csat"].to_numpy(), survey.answers["tenure"].to_numpy()
    mean = 400 * np.exp(per_point * (csat - 6) + 0.03 * (years - 6))
    spent = np.where(rng.random(n) < 0.1, 0.0, rng.gamma(2.0, mean / 1.8))
    return with_answers(survey, spent=spent)


def with_segment(survey, column, codes, groups):
    """The same survey with a division into groups."""
    parts = {**survey.segments, column: Segmentation(column, tuple(groups), np.asarray(codes))}
    return replace(survey, segments=MappingProxyType(parts))
