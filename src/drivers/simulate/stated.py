"""Surveys of a population whose drivers are stated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from drivers.core.population import Population, drawn_answers, stated_population
from drivers.errors import EstimationError
from drivers.survey.survey import Survey

MEAN, SPREAD = 7.0, 1.5


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedSurvey:
    """A survey with what is true of the population it was drawn from.

    Attributes
    ----------
    survey
        The answers, whole and unrounded, around 7 with a standard deviation of 1.5 for each driver.
    truth
        One row a driver, largest first: its true share of the explanation, slope and rank.
    population
        The population, for ``respondents_needed``.
    """

    survey: Survey
    truth: pd.DataFrame
    population: Population


def simulate_survey(
    n: int,
    *,
    shares: Mapping[str, float] | None = None,
    slopes: Mapping[str, float] | None = None,
    noise: float = 0.5,
    overlap: float = 0.3,
    rng: np.random.Generator | None = None,
) -> SimulatedSurvey:
    """Which survey of `n` respondents would these true drivers give?

    Parameters
    ----------
    n
        Respondents.
    shares, slopes
        True LMG share of the explanation by driver, or true slope; one of the two.
    noise
        Share of the differences in satisfaction that the drivers do not explain.
    overlap
        Correlation of any two drivers.
    rng
        Source of randomness; default: a generator of seed 1.

    Raises
    ------
    EstimationError
        When the statement contradicts itself, cannot be met, or there are fewer than two respondents.
    """
    if n < 2:
        raise EstimationError(f"A survey of {n} respondents shows no differences; expected two or more. Raise n.")
    population = stated_population(shares=shares, slopes=slopes, noise=noise, overlap=overlap)
    answers = MEAN + SPREAD * drawn_answers(np.random.default_rng(1) if rng is None else rng, population, n)
    frame = pd.DataFrame(answers, columns=list(population.names))
    true = pd.DataFrame(
        {"driver": population.drivers, "share": population.shares, "slope": population.slopes}
    ).sort_values("share", ascending=False, kind="stable", ignore_index=True)
    true["rank"] = true["share"].rank(ascending=False, method="min").astype(int)
    return SimulatedSurvey(Survey.from_frame(frame, population.names[-1]), true, population)
