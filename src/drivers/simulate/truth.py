"""What a correct analysis of Noordzee Telecom must find: computed over its whole population, not estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd

from drivers.core.dominance import general_dominance
from drivers.simulate.noordzee import (
    CUSTOMERS,
    DISSATISFIED,
    ITEMS,
    LEAVING,
    QUESTIONNAIRES,
    SATISFIED,
    Item,
    leaving_probability,
    noordzee_population,
)

DISCOUNT_RATE = 0.10
HORIZON_YEARS = 5


@dataclass(frozen=True, slots=True)
class Truth:
    """The numbers that the simulation was built to have; rates and shares are fractions.

    Attributes
    ----------
    slopes
        By item: points of satisfaction that one point causes, before the rating is rounded to 1 … 10.
    recorded_slopes
        By wave, by item asked: slope of the recorded rating in the population regression on the wave's items and
        tenure. The ceiling of the scale makes it some 3% smaller; items not asked lend theirs to those asked.
    shares
        By item of wave 2025: LMG share of the explained variance, tenure held constant; they add up to 1.
    r_squared
        By wave: share of the variance of satisfaction that its items add to tenure.
    reach
        By wave: points by which mean satisfaction rises when every item goes from its mean to its 90th percentile.
    leaving
        Logit coefficients of leaving within twelve months: intercept, csat (a point), tenure (a year).
    marginal_effect
        Average change of the probability of leaving for one point of satisfaction more.
    left, left_satisfied, left_dissatisfied
        Share who leave: of all customers, of those who rate 8 or more, of those who rate 5 or less.
    satisfied, dissatisfied
        Share of customers who rate 8 or more, 5 or less.
    dissatisfied_mean
        Mean rating of the dissatisfied.
    extra_value
        Extra lifetime value of all satisfied customers together, euros: what they are worth more than if each
        rated `dissatisfied_mean`, own margin and tenure unchanged.
    extra_value_a_year
        The same spread evenly over the horizon, euros a year.
    """

    slopes: Mapping[str, float]
    recorded_slopes: Mapping[int, Mapping[str, float]]
    shares: Mapping[str, float]
    r_squared: Mapping[int, float]
    reach: Mapping[int, float]
    leaving: Mapping[str, float]
    marginal_effect: float
    left: float
    left_satisfied: float
    left_dissatisfied: float
    satisfied: float
    dissatisfied: float
    dissatisfied_mean: float
    extra_value: float
    extra_value_a_year: float


@dataclass(frozen=True, slots=True)
class _Explained:
    """One questionnaire's regression: cross-products given tenure (p+1, p+1), slopes (p,), R² added, reach."""

    cross: np.ndarray
    slopes: np.ndarray
    r_squared: float
    reach: float


def noordzee_truth(rng: np.random.Generator, population: int = 1_000_000) -> Truth:
    """What is true of Noordzee Telecom's customers?

    Parameters
    ----------
    rng
        Source of all randomness.
    population
        Customers to compute over. With a million of them the yearly extra value is known to about 0.2%.
    """
    frame = noordzee_population(rng, population)
    waves = {wave: _explained(frame, items) for wave, items in QUESTIONNAIRES.items()}
    csat, tenure = frame["csat"].to_numpy(), frame["tenure"].to_numpy()
    leaving = leaving_probability(csat, tenure)
    satisfied, dissatisfied = csat >= SATISFIED, csat <= DISSATISFIED
    low = float(csat[dissatisfied].mean())
    extra = extra_value_of(frame[satisfied], low) / population * CUSTOMERS
    return Truth(
        slopes=MappingProxyType({item.column: item.slope for item in ITEMS}),
        recorded_slopes=MappingProxyType({w: _by_item(QUESTIONNAIRES[w], e.slopes) for w, e in waves.items()}),
        shares=_by_item(QUESTIONNAIRES[2025], _lmg_shares(waves[2025].cross)),
        r_squared=MappingProxyType({wave: e.r_squared for wave, e in waves.items()}),
        reach=MappingProxyType({wave: e.reach for wave, e in waves.items()}),
        leaving=LEAVING,
        marginal_effect=float((leaving * (1 - leaving)).mean() * LEAVING["csat"]),
        left=float(leaving.mean()),
        left_satisfied=float(leaving[satisfied].mean()),
        left_dissatisfied=float(leaving[dissatisfied].mean()),
        satisfied=float(satisfied.mean()),
        dissatisfied=float(dissatisfied.mean()),
        dissatisfied_mean=low,
        extra_value=extra,
        extra_value_a_year=extra / float(yearly_factors(np.ones(1)).sum()),
    )


def _explained(frame: pd.DataFrame, items: tuple[Item, ...]) -> _Explained:
    columns = [item.column for item in items]
    answers = frame[columns].to_numpy()
    whole = np.cov(frame[["tenure", *columns, "csat"]].to_numpy(), rowvar=False)
    cross = whole[1:, 1:] - np.outer(whole[1:, 0], whole[0, 1:]) / whole[0, 0]
    slopes = np.linalg.solve(cross[:-1, :-1], cross[:-1, -1])
    room = np.quantile(answers, 0.9, axis=0) - answers.mean(axis=0)
    return _Explained(cross, slopes, float(slopes @ cross[:-1, -1] / whole[-1, -1]), float(slopes @ room))


def _lmg_shares(cross: np.ndarray) -> np.ndarray:
    shares = general_dominance(cross)
    return np.asarray(shares / shares.sum())


def _by_item(items: tuple[Item, ...], values: np.ndarray) -> Mapping[str, float]:
    return MappingProxyType({item.column: float(value) for item, value in zip(items, values, strict=True)})


def extra_value_of(satisfied: pd.DataFrame, low: float | np.ndarray, *, part: float = 1.0) -> float:
    """Euros by which these customers are worth more than if each rated `low`, a rating or one (n,) of each.

    `part` multiplies every probability of leaving.
    """
    csat, tenure = satisfied["csat"].to_numpy(), satisfied["tenure"].to_numpy()
    own = yearly_factors(1 - part * leaving_probability(csat, tenure)).sum(axis=0)
    other = yearly_factors(1 - part * leaving_probability(np.broadcast_to(low, csat.shape), tenure)).sum(axis=0)
    return float((satisfied["margin"].to_numpy() * (own - other)).sum())


def yearly_factors(retention: np.ndarray) -> np.ndarray:
    """Worth today of one euro a year, (years, n): the first now, each next one if the customer has renewed."""
    return np.stack([(retention / (1 + DISCOUNT_RATE)) ** year for year in range(HORIZON_YEARS)])
